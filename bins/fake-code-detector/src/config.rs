//! `fake-code-detector.toml`: what a project says once for all runs.
use std::collections::BTreeMap;

use serde::Deserialize;

/// The name that is looked for at the root.
pub(crate) const NAME: &str = "fake-code-detector.toml";

/// The file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Config {
    /// Globs of files that are not looked into.
    #[serde(default)]
    pub(crate) ignore: Vec<String>,
    /// Globs of files that are production code, tests or support, whatever their names say.
    #[serde(default)]
    pub(crate) production: Vec<String>,
    #[serde(default)]
    pub(crate) tests: Vec<String>,
    #[serde(default)]
    pub(crate) support: Vec<String>,
    /// `FK104 = "warning"`, or `"off"`.
    #[serde(default)]
    pub(crate) rules: BTreeMap<String, String>,
    /// Days that a suppression may last.
    pub(crate) max_suppression_days: Option<u32>,
}

impl Config {
    /// Reads one.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string().trim_end().replace('\n', "; "))
    }
}

#[cfg(test)]
mod tests {
    use super::Config;

    /// The published schema and the reader say the same of a file.
    #[track_caller]
    fn check(text: &str, good: bool) {
        let schema = include_str!("../../../dist/fake-code-detector/config.schema.json");
        let schema = jsonschema::validator_for(&serde_json::from_str(schema).expect("the schema is JSON"));
        let value: toml::Value = toml::from_str(text).expect("the text is TOML");
        let value = serde_json::to_value(value).expect("TOML without dates is JSON");
        assert_eq!(Config::read(text).is_ok(), good, "the reader, {text}");
        assert_eq!(schema.expect("the schema is one").is_valid(&value), good, "the schema, {text}");
    }

    #[test]
    fn the_schema_is_what_is_read() {
        check("", true);
        let all = "ignore = ['a/**']\nproduction = ['fixtures/**']\ntests = []\nsupport = ['tools/**']\nmax-suppression-days = 30\n";
        check(&format!("{all}[rules]\nFK104 = 'warning'\nFK503 = 'off'\n"), true);
        for wrong in ["ignored = []", "ignore = 'a'", "ignore = [1]", "max-suppression-days = -1", "rules = 'FK104'"] {
            check(wrong, false);
        }
        check("max_suppression_days = 30", false);
    }

    #[test]
    fn the_schema_has_each_field() {
        let expected = Config::read("x = 1").expect_err("there is no x");
        let schema: serde_json::Value =
            serde_json::from_str(include_str!("../../../dist/fake-code-detector/config.schema.json"))
                .expect("the schema is JSON");
        let fields = schema["properties"].as_object().expect("an object");
        assert!(fields.keys().all(|name| expected.contains(&format!("`{name}`"))), "{expected}");
        assert_eq!(expected.matches('`').count() / 2 - 1, fields.len(), "{expected}");
    }
}
