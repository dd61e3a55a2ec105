//! Tables of `fixtures/canary-step/<name>.json`: rows with what is expected of each.
use serde_json::Value;

/// Compares each row's `expect` with what `answer` makes of the row; `UPDATE=1` rewrites them.
pub(crate) fn check(name: &str, answer: impl Fn(&Value) -> Value) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../fixtures/canary-step/{name}.json"));
    let mut table: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let rows = table["rows"].as_array_mut().unwrap();
    assert!(rows.len() > 5, "a table of {} rows", rows.len());
    let mut wrong = Vec::new();
    for row in rows {
        let found = answer(row);
        if found != row["expect"] {
            wrong.push(format!("{}\nexpected {:#}\nfound {found:#}", row["case"], row["expect"]));
            row["expect"] = found;
        }
    }
    if std::env::var_os("UPDATE").is_some_and(|update| update == "1") {
        let mut text = Vec::new();
        let mut writer =
            serde_json::Serializer::with_formatter(&mut text, serde_json::ser::PrettyFormatter::with_indent(b" "));
        serde::Serialize::serialize(&table, &mut writer).unwrap();
        text.push(b'\n');
        std::fs::write(&path, text).unwrap();
        return;
    }
    assert!(wrong.is_empty(), "{} rows differ (UPDATE=1 rewrites them):\n{}", wrong.len(), wrong.join("\n\n"));
}
