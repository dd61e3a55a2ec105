//! What each tool says of the changed lines, so that speed is compared for the same answer only.
use std::fmt;

/// Changed lines that are measured, and those of them that were executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    covered: u64,
    measured: u64,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.covered, self.measured)
    }
}

/// coverage-gate's record; anything but a pass is a failure.
pub(crate) fn of_coverage_gate(said: &str) -> Result<Answer, String> {
    let record: serde_json::Value = serde_json::from_str(said).map_err(|e| format!("no record: {e}"))?;
    let patch = &record["patch"];
    match (record["verdict"].as_str(), patch["covered"].as_u64(), patch["measured"].as_u64()) {
        (Some("pass"), Some(covered), Some(measured)) => Ok(Answer { covered, measured }),
        _ => Err(format!("the verdict is {} and the patch {patch}", record["verdict"])),
    }
}

/// `Total:   450 lines` and `Missing: 90 lines`.
pub(crate) fn of_diff_cover(said: &str) -> Result<Answer, String> {
    let number = |name: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse::<u64>().ok()
    };
    match (number("Total:"), number("Missing:")) {
        (Some(measured), Some(missed)) if missed <= measured => Ok(Answer { covered: measured - missed, measured }),
        _ => Err(format!("no totals: {}", end(said))),
    }
}

/// `Summary: 80.00% (360/450) changed lines covered`.
pub(crate) fn of_diff_coverage(said: &str) -> Result<Answer, String> {
    let pair =
        said.rsplit_once(") changed lines covered").and_then(|(before, _)| before.rsplit_once('(')?.1.split_once('/'));
    match pair.map(|(covered, measured)| (covered.parse(), measured.parse())) {
        Some((Ok(covered), Ok(measured))) => Ok(Answer { covered, measured }),
        _ => Err(format!("no summary: {}", end(said))),
    }
}

fn end(said: &str) -> &str {
    said.lines().last().unwrap_or("nothing")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tool_is_understood() {
        let answer = Ok(Answer { covered: 3, measured: 4 });
        assert_eq!(of_coverage_gate(r#"{"verdict": "pass", "patch": {"covered": 3, "measured": 4}}"#), answer);
        assert_eq!(of_diff_cover("a.py (75%)\n---\nTotal:   4 lines\nMissing: 1 line\nCoverage: 75%\n"), answer);
        assert_eq!(of_diff_coverage("x\nSummary: 75.00% (3/4) changed lines covered\n"), answer);
        assert!(of_coverage_gate(r#"{"verdict": "unknown", "patch": null}"#).is_err());
        assert!(of_diff_cover("No lines with coverage information in this diff.\n").is_err());
        assert!(of_diff_coverage("").is_err());
    }
}
