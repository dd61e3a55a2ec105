//! The list of checksums can be used: it is there, and every line of it is one.
use super::{Seen, counted};
use crate::gather::{Asset, Facts, Sums};
use crate::record::Finding;
use crate::settings::{Expected, Link};

pub(crate) fn seen(facts: &Facts, expected: &Expected) -> Seen {
    let (name, files, problems) = match &facts.sums {
        Sums::Missing => {
            let hint = "give it (input sums), or allow it by name (without: sums)";
            let finding = Finding::unknown("no-sums", "there is no list of checksums").hint(hint);
            return Seen::without(expected, Link::Sums, finding);
        }
        Sums::Several(names) => {
            let message = format!("there are several lists of checksums: {}", names.join(", "));
            return Seen::of("", vec![Finding::unknown("several-sums", message).hint("say which one (input sums)")]);
        }
        Sums::Read { name, files, problems, .. } => (name, files, problems),
    };
    let problem = |problem: &formats::sums::Problem| {
        let message = format!("line {}, column {}: {problem}", problem.line, problem.column);
        Finding::unknown("bad-line", message).file(name).hint(problem.hint())
    };
    let mut findings: Vec<Finding> = problems.iter().map(problem).collect();
    if findings.is_empty() && files.is_empty() {
        findings.push(Finding::unknown("empty-sums", "it lists no file").file(name).hint("make the list again"));
    }
    Seen::of(format!("{name} lists {}", counted(files.len(), "file")), findings)
}

/// Whether the list has the file, with its digest.
pub(crate) fn lists(sums: &Sums, asset: &Asset) -> bool {
    matches!(sums, Sums::Read { files, .. } if files.get(&asset.name).is_some_and(|digest| *digest == asset.sha256))
}
