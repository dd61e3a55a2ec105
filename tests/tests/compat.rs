//! The JavaScript action for one-line migration: what it sets, as GitHub's runner reads it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
use std::fs;
use std::path::Path;
use std::process::Command;

use action::oracle;
use serde_json::{Value, json};
use tempfile::TempDir;

/// What a run left: exit code, outputs, what it printed.
struct Left {
    code: Option<i32>,
    outputs: Result<Vec<(String, String)>, oracle::Refused>,
    said: String,
    _folder: TempDir,
}

impl Left {
    fn output(&self, name: &str) -> Option<&str> {
        let outputs = self.outputs.as_ref().unwrap();
        outputs.iter().rfind(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Runs the action with a launcher that writes these outputs; none when this machine has no node.
fn check(result: &Value, code: i32) -> Option<Left> {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let compat = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("dist").join("paths-filter/compat");
    fs::create_dir_all(at("tree/compat")).unwrap();
    fs::copy(compat.join("index.js"), at("tree/compat/index.js")).unwrap();
    fs::write(at("result"), result.to_string()).unwrap();
    let launcher = format!(
        "echo \"$INPUT_LIST_FILES\"\nprintf 'changes<<E\\n[\"a\"]\\nE\\nany=true\\nresult<<D\\n' >> \"$GITHUB_OUTPUT\"\n\
         cat '{}' >> \"$GITHUB_OUTPUT\"\nprintf '\\nD\\n' >> \"$GITHUB_OUTPUT\"\nexit {code}\n",
        at("result").display()
    );
    fs::write(at("tree/run"), launcher).unwrap();
    fs::write(at("output"), "earlier=step\n").unwrap();
    let mut command = Command::new("node");
    command
        .arg(at("tree/compat/index.js"))
        .env("INPUT_LIST-FILES", "shell\n::error::x")
        .env("GITHUB_OUTPUT", at("output"));
    let output = command.env("RUNNER_TEMP", folder.path()).env("GITHUB_ACTIONS", "true").output();
    let Ok(output) = output else {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "node is not installed");
        let _ = std::io::Write::write_all(&mut std::io::stderr(), b"\nnot run: node is not installed\n");
        return None;
    };
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let outputs = oracle::output(&fs::read(at("output")).unwrap());
    Some(Left { code: output.status.code(), outputs, said, _folder: folder })
}

#[test]
fn each_filter_becomes_an_output() {
    let Some(left) = check(&json!({"api": true, "api_count": 2, "api_files": "a 'b c'", "web": false}), 0) else {
        return;
    };
    assert_eq!((left.code, left.output("api"), left.output("web")), (Some(0), Some("true"), Some("false")));
    assert_eq!((left.output("api_count"), left.output("api_files")), (Some("2"), Some("a 'b c'")));
    assert_eq!(
        (left.output("changes"), left.output("any"), left.output("earlier")),
        (Some("[\"a\"]"), Some("true"), Some("step"))
    );
    assert!(left.said.starts_with("shell\n"), "the input arrives: {}", left.said);
}

#[test]
fn hostile_values_arrive_as_they_were() {
    for value in [
        "\n",
        "a\nE\nb=c\n",
        "x<<y\nD\nowned=1\n",
        "::set-output name=a::b",
        "ghadelimiter\r\n\u{0}\u{feff}",
        "$(touch x)`id`",
        "{\"a\": 1}",
    ] {
        let Some(left) = check(&json!({"f": true, "f_files": value}), 0) else { return };
        assert_eq!(left.output("f_files"), Some(value), "{value:?}");
        assert_eq!(left.output("owned"), None);
        assert_eq!(left.outputs.unwrap().len(), 1 + 3 + 2);
    }
}

#[test]
fn a_name_that_would_become_another_output_is_refused() {
    for name in ["a=b", "a<<b", "a\nb", "a\rb"] {
        let Some(left) = check(&json!({name: true}), 0) else { return };
        assert_eq!(left.outputs.as_deref(), Ok([("earlier".to_owned(), "step".to_owned())].as_slice()), "{name:?}");
        assert!(left.code != Some(0) && left.said.contains("cannot be the name of an output"), "{}", left.said);
    }
}

#[test]
fn the_exit_code_is_the_tools() {
    let Some(left) = check(&json!({}), 2) else { return };
    assert_eq!(left.code, Some(2));
}
