//! The findings as SARIF 2.1.0, as GitHub's code scanning reads it.
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>
use std::collections::BTreeSet;

use action::{Failure, OrFail as _};
use serde_json::{Value, json};

use crate::finding::Severity;
use crate::record::{Listed, Record};
use crate::rules;

/// The text of the file.
pub(crate) fn text(record: &Record) -> Result<String, Failure> {
    serde_json::to_string_pretty(&log(record)).map(|text| format!("{text}\n")).or_fail(|| "write the findings as SARIF")
}

fn log(record: &Record) -> Value {
    let used: BTreeSet<&str> = record.findings.iter().map(|it| it.rule.as_str()).collect();
    let described: Vec<Value> = rules::ALL.iter().filter(|rule| used.contains(rule.id)).map(|rule| {
        json!({
            "id": rule.id, "name": rule.name,
            "shortDescription": { "text": rule.about },
            "fullDescription": { "text": rule.details.split_whitespace().collect::<Vec<_>>().join(" ") },
            "help": { "text": format!("Repair: {}", rule.repair), "markdown": crate::commands::explain::page(rule) },
            "defaultConfiguration": { "level": level(rule.severity) },
        })
    }).collect();
    let order: Vec<&str> = used.into_iter().collect();
    let results: Vec<Value> = record.findings.iter().map(|it| result(it, &order)).collect();
    let notifications: Vec<Value> = record
        .unparsable
        .iter()
        .map(|it| {
            json!({
                "level": "error", "message": { "text": it.message },
                "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri(&it.file) } } }],
            })
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "fake-code-detector", "version": env!("CARGO_PKG_VERSION"),
                "informationUri": "https://github.com/dataflow/fake-code-detector", "rules": described,
            } },
            "invocations": [{ "executionSuccessful": record.unparsable.is_empty(), "toolExecutionNotifications": notifications }],
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn result(it: &Listed, order: &[&str]) -> Value {
    let region = |line: u32, end: u32| json!({ "startLine": line, "endLine": end });
    let place = |region: Value| json!({ "artifactLocation": { "uri": uri(&it.file) }, "region": region });
    let related: Vec<Value> = it.evidence.iter().map(|proof| {
        json!({ "physicalLocation": place(region(proof.line, proof.line)), "message": { "text": proof.text } })
    }).collect();
    json!({
        "ruleId": it.rule,
        "ruleIndex": order.iter().position(|rule| *rule == it.rule),
        "level": level(it.severity),
        "message": { "text": format!("{}. Repair: {}", it.message, it.repair) },
        "locations": [{ "physicalLocation": place(json!({ "startLine": it.line, "startColumn": it.column, "endLine": it.end_line })) }],
        "relatedLocations": related,
        "partialFingerprints": { "fakeCode/v1": it.fingerprint },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// A relative reference: every byte but those that need no escape.
fn uri(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_' | b'~');
    name.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
