//! Cuts GitHub's published OpenAPI description to the calls that the simulator answers, and takes out one example.
//!
//! `npm install @octokit/openapi`, then
//! `cargo run -p github-sim --example cut -- node_modules/@octokit/openapi/generated/api.github.com.json fixtures/github`
use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;

use serde_json::{Map, Value, json};

/// Every call that the simulator answers; a new one is a line here and another run.
const CALLS: &[(&str, &str)] = &[
    ("/repos/{owner}/{repo}/git/ref/{ref}", "get"),
    ("/repos/{owner}/{repo}/git/tags/{tag_sha}", "get"),
    ("/repos/{owner}/{repo}/issues/comments/{comment_id}", "patch"),
    ("/repos/{owner}/{repo}/issues/{issue_number}/comments", "get"),
    ("/repos/{owner}/{repo}/issues/{issue_number}/comments", "post"),
    ("/repos/{owner}/{repo}/pulls", "get"),
    ("/repos/{owner}/{repo}/pulls/{pull_number}", "get"),
    ("/repos/{owner}/{repo}/pulls/{pull_number}/files", "get"),
    ("/repos/{owner}/{repo}/releases", "get"),
    ("/repos/{owner}/{repo}/releases", "post"),
    ("/repos/{owner}/{repo}/releases/assets/{asset_id}", "delete"),
    ("/repos/{owner}/{repo}/releases/latest", "get"),
    ("/repos/{owner}/{repo}/releases/tags/{tag}", "get"),
    ("/repos/{owner}/{repo}/releases/{release_id}", "delete"),
    ("/repos/{owner}/{repo}/releases/{release_id}", "get"),
    ("/repos/{owner}/{repo}/releases/{release_id}", "patch"),
    ("/repos/{owner}/{repo}/releases/{release_id}/assets", "get"),
    ("/repos/{owner}/{repo}/releases/{release_id}/assets", "post"),
    ("/user", "get"),
];
/// The kinds of component that an answer can refer to.
const KINDS: [&str; 3] = ["schemas", "responses", "headers"];
/// Words for people, which no validation needs; a property may have such a name and stays.
const PROSE: [&str; 6] = ["description", "example", "examples", "externalDocs", "summary", "title"];

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [from, folder] = args.as_slice() else { return Err("usage: cut api.github.com.json FOLDER".into()) };
    let whole: Value = serde_json::from_str(&std::fs::read_to_string(from)?)?;
    let example = &whole["components"]["examples"]["pull-request"]["value"];
    write(&Path::new(folder).join("pull-request.json"), example)?;
    write(&Path::new(folder).join("openapi.json"), &cut(&whole)?)
}

fn write(path: &Path, value: &Value) -> Result<(), Box<dyn Error>> {
    Ok(std::fs::write(path, format!("{}\n", sorted(value)))?)
}

/// The description with the wanted answers and with what they refer to, however deep.
fn cut(whole: &Value) -> Result<Value, Box<dyn Error>> {
    let mut paths = Map::new();
    let mut wanted = BTreeSet::new();
    for (path, method) in CALLS {
        let answers =
            whole["paths"][path][method].get("responses").ok_or(format!("{method} {path} is not described"))?;
        let answers = plain(answers, false);
        refer(&answers, whole, &mut wanted);
        let calls = paths.entry(*path).or_insert_with(|| json!({}));
        calls[*method] = json!({ "responses": answers });
    }
    let mut components = Map::new();
    for kind in KINDS {
        let of_kind = |name: &&String| name.starts_with(&format!("#/components/{kind}/"));
        let found = wanted.iter().filter(of_kind).map(|name| {
            let value = whole.pointer(&name[1..]).map(|v| plain(v, false)).unwrap_or_default();
            (name.rsplit('/').next().unwrap_or_default().to_owned(), value)
        });
        components.insert(kind.to_owned(), Value::Object(found.collect()));
    }
    let info = json!({ "title": whole["info"]["title"], "version": whole["info"]["version"], "license": whole["info"]["license"] });
    Ok(json!({ "openapi": whole["openapi"], "info": info, "paths": paths, "components": components }))
}

fn refer(value: &Value, whole: &Value, wanted: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| refer(item, whole, wanted)),
        Value::Object(fields) => {
            if let Some(Value::String(name)) = fields.get("$ref")
                && wanted.insert(name.clone())
                && let Some(target) = whole.pointer(&name[1..])
            {
                refer(&plain(target, false), whole, wanted);
            }
            fields.values().for_each(|field| refer(field, whole, wanted));
        }
        _ => {}
    }
}

/// The value without prose and without extensions; `names` says that the keys are names and not keywords.
fn plain(value: &Value, names: bool) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| plain(item, false)).collect(),
        Value::Object(fields) => {
            let keep = |key: &str| names || !(PROSE.contains(&key) || key.starts_with("x-"));
            let fields = fields.iter().filter(|(key, _)| keep(key));
            let inner = |key: &str| !names && ["properties", "responses", "headers"].contains(&key);
            fields.map(|(key, field)| (key.clone(), plain(field, inner(key)))).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

/// The same value with its keys in order, so that a new version's difference can be read.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Object(fields) => {
            let fields: std::collections::BTreeMap<_, _> = fields.iter().collect();
            fields.into_iter().map(|(key, field)| (key.clone(), sorted(field))).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}
