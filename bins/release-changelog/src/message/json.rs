//! A message as JSON: one line of `parse`.
use serde::Serialize;
use serde_json::{Map, Value};

use super::{Message, Salvage};

/// What `parse` prints; every key is there.
#[derive(Debug, Serialize)]
pub struct Printed<'a> {
    ok: bool,
    #[serde(rename = "type")]
    kind: Option<String>,
    scope: Option<&'a str>,
    breaking: bool,
    description: Option<&'a str>,
    body: Option<&'a str>,
    footers: Vec<PrintedFooter<'a>>,
    breaking_notes: Vec<&'a str>,
    salvage: Option<Map<String, Value>>,
    lint: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
struct PrintedFooter<'a> {
    token: &'a str,
    sep: &'static str,
    value: &'a str,
}

impl<'a> From<&'a Message<'a>> for Printed<'a> {
    fn from(message: &'a Message<'a>) -> Self {
        let header = message.header;
        let ok = header.is_some();
        let footer = |footer: &'a super::Footer<'a>| PrintedFooter {
            token: footer.token,
            sep: footer.separator.text(),
            value: &footer.value,
        };
        Printed {
            ok,
            // Compared without case, so it is printed in one.
            kind: header.map(|header| header.kind.to_lowercase()),
            scope: header.and_then(|header| header.scope),
            breaking: message.breaking(),
            description: header.map(|header| header.description),
            body: message.body.as_deref().filter(|_| ok),
            footers: if ok { message.footers.iter().map(footer).collect() } else { Vec::new() },
            breaking_notes: if ok { message.breaking_notes() } else { Vec::new() },
            salvage: salvage(message),
            lint: message.lint.iter().map(|lint| lint.code()).collect(),
        }
    }
}

/// Only what there is; `None` where there is nothing.
fn salvage(message: &Message<'_>) -> Option<Map<String, Value>> {
    let Salvage { pr, kind, scope, breaking, description, reverts, reverts_pr } = &message.salvage;
    let mut map = Map::new();
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            map.insert(key.to_owned(), value);
        }
    };
    put("pr", pr.map(Value::from));
    put("type", kind.map(|kind| Value::from(kind.to_lowercase())));
    put("scope", scope.map(Value::from));
    put("breaking", breaking.then(|| Value::from(true)));
    put("description", description.map(Value::from));
    put(
        "reverts",
        match reverts.as_slice() {
            [] => None,
            [one] => Some(Value::from(*one)),
            several => Some(Value::from(several)),
        },
    );
    put("reverts_pr", reverts_pr.map(Value::from));
    let notes: Vec<&str> = message.footers.iter().filter(|f| f.breaks()).map(|f| f.value.as_ref()).collect();
    put("breaking_notes", (message.header.is_none() && !notes.is_empty()).then(|| Value::from(notes)));
    (!map.is_empty()).then_some(map)
}
