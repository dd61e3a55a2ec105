//! Reading the folder of a case.
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::yaml;

/// How the binary is started.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// As the step of an action, with these inputs.
    With(Vec<(String, String)>),
    /// As on a terminal, with these arguments.
    Args(Vec<String>),
}

/// What a case consists of; texts are as in the files, before names are filled in.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) start: Start,
    pub(crate) stdin: String,
    pub(crate) env: Vec<(String, String)>,
    pub(crate) event: Option<String>,
    pub(crate) history: Option<String>,
    pub(crate) replies: String,
    pub(crate) files: Option<PathBuf>,
}

/// The folders of all cases under a folder, in any depth, sorted.
pub(crate) fn find(folder: &Path) -> Vec<PathBuf> {
    if folder.join("with.yml").is_file() || folder.join("args").is_file() {
        return vec![folder.to_path_buf()];
    }
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders.iter().flat_map(|folder| find(folder)).collect()
}

impl Case {
    /// Reads a case.
    pub(crate) fn read(folder: &Path) -> Result<Self, String> {
        let text = |name: &str| fs::read_to_string(folder.join(name)).ok();
        let start = match (text("with.yml"), text("args")) {
            (Some(with), None) => Start::With(inputs(&with).map_err(|e| format!("with.yml: {e}"))?),
            (None, Some(args)) => Start::Args(args.lines().map(str::to_owned).collect()),
            _ => return Err("a case has either with.yml or args".to_owned()),
        };
        Ok(Self {
            start,
            stdin: text("stdin").unwrap_or_default(),
            env: text("env").map(|env| variables(&env)).transpose()?.unwrap_or_default(),
            event: text("event.json"),
            history: text("history"),
            replies: text("replies").unwrap_or_default(),
            files: Some(folder.join("files")).filter(|files| files.is_dir()),
        })
    }
}

/// The `with:` block, with or without the line that says `with:`.
fn inputs(yaml: &str) -> Result<Vec<(String, String)>, String> {
    let document = yaml::parse(yaml)?;
    let block = document.get("with").unwrap_or(&document);
    let entries = match block {
        Value::Object(entries) => entries.clone(),
        Value::Null => serde_json::Map::new(),
        _ => return Err("not a mapping".to_owned()),
    };
    let input = |(name, value): (String, Value)| match value {
        Value::String(text) => Ok((name, text)),
        Value::Null => Ok((name, String::new())),
        _ => Err(format!("the input {name} is not a scalar")),
    };
    entries.into_iter().map(input).collect()
}

fn variables(text: &str) -> Result<Vec<(String, String)>, String> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, value) = line.split_once('=').ok_or_else(|| format!("env: no `=` in {line:?}"))?;
            Ok((name.to_owned(), value.to_owned()))
        })
        .collect()
}
