//! One request, and its answer held against the description.
use std::io::{Read, Write};
use std::net::TcpStream;

use github_sim::Sim;
use jsonschema::Validator;
use serde_json::{Value, json};

const DESCRIPTION: &str = include_str!("../../../../fixtures/github/openapi.json");
pub(crate) const PULLS: &str = "/repos/{owner}/{repo}/pulls";
pub(crate) const PULL: &str = "/repos/{owner}/{repo}/pulls/{pull_number}";
pub(crate) const FILES: &str = "/repos/{owner}/{repo}/pulls/{pull_number}/files";
pub(crate) const COMMENTS: &str = "/repos/{owner}/{repo}/issues/{issue_number}/comments";
pub(crate) const COMMENT: &str = "/repos/{owner}/{repo}/issues/comments/{comment_id}";
pub(crate) const RELEASES: &str = "/repos/{owner}/{repo}/releases";
pub(crate) const RELEASE: &str = "/repos/{owner}/{repo}/releases/{release_id}";
pub(crate) const BY_TAG: &str = "/repos/{owner}/{repo}/releases/tags/{tag}";
pub(crate) const LATEST: &str = "/repos/{owner}/{repo}/releases/latest";
pub(crate) const ASSETS: &str = "/repos/{owner}/{repo}/releases/{release_id}/assets";
pub(crate) const ASSET: &str = "/repos/{owner}/{repo}/releases/assets/{asset_id}";
pub(crate) const REF: &str = "/repos/{owner}/{repo}/git/ref/{ref}";
pub(crate) const TAG: &str = "/repos/{owner}/{repo}/git/tags/{tag_sha}";
pub(crate) const USER: &str = "/user";

/// Sends one request, `[METHOD ]path[ token][\nbody]`, and checks status and body: as described for that call and status.
pub(crate) fn check(sim: &Sim, (request, described): (&str, &str), expected: u16) -> (String, Value) {
    let (line, sent) = request.split_once('\n').unwrap_or((request, ""));
    let (method, line) = match line.split_once(' ') {
        Some((method @ ("POST" | "PATCH" | "DELETE"), rest)) => (method, rest),
        _ => ("GET", line),
    };
    let (path, token) = line.split_once(' ').unwrap_or((line, ""));
    let authorization = if token.is_empty() { String::new() } else { format!("authorization: Bearer {token}\r\n") };
    let length = if sent.is_empty() { String::new() } else { format!("content-length: {}\r\n", sent.len()) };
    let host = sim.address();
    let headers = format!("host: {host}\r\nuser-agent: test\r\n{authorization}{length}");
    let (head, body) = exchange(sim, &format!("{method} {path} HTTP/1.1\r\n{headers}\r\n{sent}"));
    assert!(head.starts_with(&format!("HTTP/1.1 {expected} ")), "{line}: {head}{body}");
    if expected == 204 {
        assert!(body.is_empty() && !head.contains("content-"), "{head}{body}");
        assert!(answers((&method.to_ascii_lowercase(), described)).get("204").is_some(), "{line} is not described");
        return (head, Value::Null);
    }
    assert!(head.contains("\r\ncontent-type: application/json; charset=utf-8\r\n"), "{head}");
    let body: Value = serde_json::from_str(&body).unwrap();
    let validator = validator((&method.to_ascii_lowercase(), described), expected);
    let errors: Vec<_> = validator.iter_errors(&body).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{line}: {errors:#?}");
    assert!(described_fields(&body, expected), "{line}: a refusal has fields of its own: {body}");
    (head, body)
}

/// The text of one exchange: head, and as much body as the head announces.
pub(crate) fn exchange(sim: &Sim, request: &str) -> (String, String) {
    let mut stream = TcpStream::connect(sim.address()).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let length = head.rsplit_once("content-length: ").map(|(_, rest)| rest.lines().next().unwrap());
    let length: usize = length.map_or(0, |length| length.parse().unwrap());
    assert_eq!(body.len(), length);
    (format!("{head}\r\n"), body.to_owned())
}

/// The answers of a call, by status.
fn answers((method, path): (&str, &str)) -> Value {
    let root = json_schema(&serde_json::from_str(DESCRIPTION).unwrap());
    let answers = root["paths"][path][method]["responses"].clone();
    assert!(answers.is_object(), "{method} {path} is not described");
    answers
}

/// The schema of an answer; what the description does not list, such as 401, has the shape of every refusal.
pub(crate) fn validator((method, path): (&str, &str), status: u16) -> Validator {
    let mut root = json_schema(&serde_json::from_str(DESCRIPTION).unwrap());
    let answer = &answers((method, path))[status.to_string()];
    let answer = match answer["$ref"].as_str() {
        Some(name) => root.pointer(&name[1..]).unwrap(),
        None => answer,
    };
    let schema = match answer {
        Value::Null => json!({ "$ref": "#/components/schemas/basic-error" }),
        // Listed without a shape: that of every such refusal.
        Value::Object(fields) if fields.is_empty() => json!({ "$ref": "#/components/schemas/validation-error" }),
        answer => answer["content"]["application/json"]["schema"].clone(),
    };
    assert!(schema.is_object(), "{method} {path} {status}");
    root["allOf"] = json!([schema]);
    jsonschema::options().should_validate_formats(true).build(&root).unwrap()
}

/// OpenAPI 3.0's `nullable` in the words of JSON Schema.
fn json_schema(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(json_schema).collect(),
        Value::Object(fields) => {
            let mut fields: serde_json::Map<_, _> = fields.iter().map(|(k, v)| (k.clone(), json_schema(v))).collect();
            if fields.remove("nullable") == Some(json!(true)) {
                return json!({ "anyOf": [{ "type": "null" }, fields] });
            }
            Value::Object(fields)
        }
        other => other.clone(),
    }
}

fn described_fields(body: &Value, status: u16) -> bool {
    let names = ["message", "documentation_url", "status", "errors"];
    status < 300 || body.as_object().is_some_and(|fields| fields.keys().all(|name| names.contains(&name.as_str())))
}
