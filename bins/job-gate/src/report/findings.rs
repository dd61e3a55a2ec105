//! What `check` found: a line a finding, and what was proved of each gate.
use action::{Annotation, Line, Report};
use serde_json::{Value, json};

use crate::check::{Finding, Proof};
use crate::commands::check::location;
use crate::inputs::Format;

/// A gate and the file that it is in.
pub(crate) struct Checked {
    pub(crate) file: String,
    pub(crate) proof: Proof,
}

/// Says all of it.
pub(crate) fn write(report: &mut Report, checked: &[Checked], format: Format) {
    match format {
        Format::Text => checked.iter().for_each(|checked| print(report, checked)),
        Format::Json => report.machine(format!("{}\n", as_json(checked))),
    }
    if !report.workflow().in_actions {
        return;
    }
    for Checked { file, proof } in checked {
        for finding in &proof.findings {
            let message = format!("{}\nhint: {}", finding.message, finding.hint);
            let title = format!("job-gate: {}", finding.rule);
            report.annotate(Annotation::error(message).title(title).at(location(file, finding.at)));
        }
    }
}

fn print(report: &mut Report, Checked { file, proof }: &Checked) {
    for finding in &proof.findings {
        let place = format!("{file}:{}:{}", finding.at.line, finding.at.column);
        report.line(Line::new().bold(place).plain(": ").bad(finding.rule).plain(format!(": {}", finding.message)));
        report.line(Line::new().plain("  ").dim("hint: ").dim(&finding.hint));
    }
    report.line(total(file, proof));
}

fn total(file: &str, proof: &Proof) -> Line {
    let name = format!("{file}: {}", proof.gate);
    if !proof.findings.is_empty() {
        let count = proof.findings.len();
        return Line::new()
            .bad("✗ ")
            .bold(name)
            .plain(format!(", {count} finding{}", if count == 1 { "" } else { "s" }));
    }
    let jobs = |count: usize| format!("{count} job{}", if count == 1 { "" } else { "s" });
    let runs = if proof.always { "always runs" } else { "runs unless the run is cancelled" };
    let mut text = format!(" {runs} and waits for {}", jobs(proof.direct + proof.through));
    if proof.through > 0 {
        text += &format!(", {} of them through others", proof.through);
    }
    if proof.after > 0 {
        text += &format!("; {} after it", jobs(proof.after));
    }
    if proof.except > 0 {
        text += &format!("; {} left out", jobs(proof.except));
    }
    Line::new().good("✓ ").bold(name).plain(text)
}

fn as_json(checked: &[Checked]) -> Value {
    let finding = |finding: &Finding| json!({ "rule": finding.rule, "line": finding.at.line, "column": finding.at.column, "message": finding.message, "hint": finding.hint });
    let gate = |Checked { file, proof }: &Checked| {
        let findings: Vec<Value> = proof.findings.iter().map(finding).collect();
        json!({ "file": file, "gate": proof.gate, "direct": proof.direct, "through": proof.through, "after": proof.after, "except": proof.except, "always": proof.always, "findings": findings })
    };
    json!({ "gates": checked.iter().map(gate).collect::<Vec<_>>() })
}
