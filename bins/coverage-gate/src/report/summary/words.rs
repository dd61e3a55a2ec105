//! The record in plain words, as every rendering for people says it; nothing here is escaped yet.
use crate::record::{File, Group, Metric, Rate, Reason, Record, Span, Status, Verdict};

/// Letters of a message, a hint, a title that are shown at most.
pub(crate) const LONGEST_SENTENCE: usize = 300;
/// Letters of a file's name that are shown at most.
pub(crate) const LONGEST_NAME: usize = 200;

/// A rate of the whole, or of a group, and what it is of.
pub(crate) struct Named<'a> {
    /// `changed lines`.
    pub(crate) name: &'static str,
    /// `of the changed lines`.
    pub(crate) of: &'static str,
    /// The rate; `None` when it could not be counted.
    pub(crate) rate: Option<&'a Rate>,
}

/// The four rates of the record, what changed first.
pub(crate) fn rates(record: &Record) -> [Named<'_>; 4] {
    let [patch, all, new, modified] = [&record.patch, &record.all, &record.new, &record.modified];
    named([patch.as_ref(), all.as_ref(), new.as_ref(), modified.as_ref()])
}

/// The four rates of a group.
pub(crate) fn rates_of(group: &Group) -> [Named<'_>; 4] {
    named([&group.patch, &group.all, &group.new, &group.modified].map(Some))
}

fn named(rates: [Option<&Rate>; 4]) -> [Named<'_>; 4] {
    let [patch, all, new, modified] = rates;
    [
        Named { name: "changed lines", of: "of the changed lines", rate: patch },
        Named { name: "all lines", of: "of all lines", rate: all },
        Named { name: "new files", of: "of the new files' lines", rate: new },
        Named { name: "modified files", of: "of the modified files' lines", rate: modified },
    ]
}

/// What is judged.
pub(crate) fn title(record: &Record) -> String {
    let title = record.title.trim();
    if title.is_empty() { "Coverage".to_owned() } else { cut(title, 120) }
}

/// The answer and why, in one sentence without a full stop.
pub(crate) fn headline(record: &Record) -> String {
    let told = told(record).map(|reason| sentence(&reason.message));
    let (start, why) = match record.verdict {
        Verdict::Pass => ("Coverage is high enough", told.or_else(|| reached(record))),
        Verdict::Fail => ("Coverage falls short", told.or_else(|| missed(record))),
        Verdict::Unknown => ("Could not tell whether coverage is high enough", told),
    };
    match why {
        Some(why) => format!("{start}: {why}"),
        None if record.verdict == Verdict::Pass => "Nothing was judged: no threshold is set".to_owned(),
        None => start.to_owned(),
    }
}

/// The reason that the headline tells: the one that made the verdict. A pass is told by its numbers where it has some.
fn told(record: &Record) -> Option<&Reason> {
    let deciding = record.reasons.iter().find(|reason| reason.verdict == record.verdict);
    deciding.filter(|_| record.verdict != Verdict::Pass || reached(record).is_none())
}

/// How many reasons the headline does not tell.
pub(crate) fn further_reasons(record: &Record) -> usize {
    record.reasons.len() - usize::from(told(record).is_some())
}

/// The reasons that say more than the headline does, and what they are called.
pub(crate) fn reasons(record: &Record) -> (&'static str, Vec<&Reason>) {
    let plain = |reason: &&Reason| reason.file.is_none() && reason.hint.is_none() && reason.group.is_none();
    match told(record).filter(plain) {
        None => ("Why", record.reasons.iter().collect()),
        Some(told) => ("Also", record.reasons.iter().filter(|reason| !std::ptr::eq(*reason, told)).collect()),
    }
}

/// The first judged rates that were measured.
fn reached(record: &Record) -> Option<String> {
    let told = |named: Named<'_>| {
        let rate = named.rate?;
        let (percent, threshold) = (rate.percent.as_ref()?, rate.threshold.as_ref()?);
        Some(format!("{percent} % {} ({threshold} % needed)", named.of))
    };
    let told: Vec<String> = rates(record).into_iter().filter_map(told).take(2).collect();
    (!told.is_empty()).then(|| told.join(", "))
}

fn missed(record: &Record) -> Option<String> {
    let named = rates(record).into_iter().find(|named| named.rate.is_some_and(|rate| rate.reached == Some(false)))?;
    let (percent, threshold) = (named.rate?.percent.as_ref()?, named.rate?.threshold.as_ref()?);
    Some(format!("{percent} % {} are covered, {threshold} % are needed", named.of))
}

/// `72.22 %`, or why there is no number.
pub(crate) fn percent(rate: Option<&Rate>) -> String {
    match rate {
        None => "could not be counted".to_owned(),
        Some(rate) => percent_of(rate.percent.as_deref()),
    }
}

/// `72.22 %`, or `nothing measured`.
pub(crate) fn percent_of(percent: Option<&str>) -> String {
    percent.map_or("nothing measured".to_owned(), |percent| format!("{} %", cut(percent, 12)))
}

/// What one counts, in the plural: `lines`, `statements`, `lines and branches`.
pub(crate) fn units(record: &Record) -> &'static str {
    match (record.metric, record.unit.as_str()) {
        (Metric::Combined, "statement") => "statements and branches",
        (Metric::Combined, _) => "lines and branches",
        (_, "statement") => "statements",
        (_, "mixed") => "lines and statements",
        _ => "lines",
    }
}

/// Which numbers decided, after the name of the metric.
pub(crate) fn metric(record: &Record) -> String {
    let units = units(record);
    match record.metric {
        Metric::Line => format!("executed {units} of measured {units}"),
        Metric::Combined => format!("executed {units} of all {units}"),
        Metric::Strict => format!("fully executed {units} of measured {units}; partly executed ones count as missed"),
    }
}

/// `1c68206` of a commit id; anything else is only cut.
pub(crate) fn short(commit: &str) -> String {
    let hex = commit.len() >= 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
    commit.chars().take(if hex { 7 } else { 40 }).collect()
}

/// The files, changed ones first, each with the worst first.
pub(crate) fn worst_first(record: &Record) -> (Vec<&File>, Vec<&File>) {
    let (mut changed, mut rest): (Vec<_>, Vec<_>) = record
        .files
        .iter()
        .partition(|file| !matches!(file.status, Status::Unchanged | Status::Unknown) || file.patch.is_some());
    changed.sort_by_cached_key(|file| {
        let (covered, measured) = file.patch.as_ref().map_or((0, 0), |patch| (patch.covered, patch.measured));
        let partial = file.patch.as_ref().map_or(0, |patch| lines(&patch.partial));
        (file.reported, std::cmp::Reverse((measured.saturating_sub(covered), partial)), measured, &file.file)
    });
    rest.sort_by_cached_key(|file| {
        (std::cmp::Reverse(file.measured.saturating_sub(file.covered)), file.measured, &file.file)
    });
    (changed, rest)
}

/// How many lines the spans have.
pub(crate) fn lines(spans: &[Span]) -> u64 {
    spans.iter().map(|span| u64::from(span.1.saturating_sub(span.0)) + 1).sum()
}

/// `3, 7-9, +4 more`: the first `most` spans.
pub(crate) fn spans(spans: &[Span], most: usize) -> String {
    let mut told: Vec<String> = spans.iter().take(most).map(Span::to_string).collect();
    if spans.len() > most {
        told.push(format!("+{} more", spans.len() - most));
    }
    told.join(", ")
}

/// The text without its full stop, cut where it is too long.
pub(crate) fn sentence(text: &str) -> String {
    cut(text.trim().trim_end_matches('.'), LONGEST_SENTENCE)
}

/// The parts of a sentence, and whether each is code: what stands between two backticks.
pub(crate) fn prose(text: &str) -> Vec<(String, bool)> {
    let text = sentence(text);
    let paired = text.matches('`').count().is_multiple_of(2);
    let parts = text.split('`').enumerate().map(|(at, part)| (part.to_owned(), at % 2 == 1));
    if paired { parts.filter(|(part, _)| !part.is_empty()).collect() } else { vec![(text.clone(), false)] }
}

/// The first `most` letters.
pub(crate) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// A name without its middle where it is too long: its start and its end say most.
pub(crate) fn name(name: &str) -> String {
    let length = name.chars().count();
    if length <= LONGEST_NAME {
        return name.to_owned();
    }
    let head: String = name.chars().take(LONGEST_NAME / 3).collect();
    let tail: String = name.chars().skip(length - (LONGEST_NAME - LONGEST_NAME / 3)).collect();
    format!("{head}…{tail}")
}

#[cfg(test)]
mod tests {
    use super::super::examples;
    use super::*;

    fn check(record: &Record, expected: &str) {
        assert_eq!(headline(record), expected);
    }

    #[test]
    fn the_headline_says_why() {
        check(
            &examples::pass(),
            "Coverage is high enough: 91.66 % of the changed lines (80 % needed), 84.21 % of all lines (70 % needed)",
        );
        check(&examples::fail(), "Coverage falls short: 72.22 % of the changed lines are covered, 80 % are needed");
        check(
            &examples::unknown(),
            "Could not tell whether coverage is high enough: 1 changed source file is in no report",
        );
    }

    #[test]
    fn a_pass_without_numbers_says_so() {
        let mut record = examples::pass();
        for rate in [&mut record.patch, &mut record.all, &mut record.new, &mut record.modified] {
            *rate = Some(Rate::default());
        }
        check(&record, "Nothing was judged: no threshold is set");
        record.reasons = vec![examples::reason("no-source-changed", Verdict::Pass, "no source file changed.")];
        check(&record, "Coverage is high enough: no source file changed");
    }

    #[test]
    fn reasons_are_told_once() {
        let codes = |record: &Record| {
            let (title, reasons) = reasons(record);
            (title, reasons.into_iter().map(|reason| reason.code.clone()).collect::<Vec<_>>())
        };
        assert_eq!(codes(&examples::fail()), ("Also", vec!["missed".to_owned()]));
        assert_eq!(codes(&examples::unknown()), ("Why", vec!["unmeasured-source".to_owned()]));
        assert_eq!((further_reasons(&examples::fail()), further_reasons(&examples::pass())), (1, 0));
    }

    #[test]
    fn a_failure_without_reasons_names_the_rate() {
        let mut record = examples::fail();
        record.reasons.clear();
        check(&record, "Coverage falls short: 72.22 % of the changed lines are covered, 80 % are needed");
    }

    #[test]
    fn the_worst_comes_first() {
        let record = examples::fail();
        let (changed, rest) = worst_first(&record);
        let names = |files: &[&File]| files.iter().map(|file| file.file.clone()).collect::<Vec<_>>();
        assert_eq!(names(&changed), ["app/mail.py", "app/auth/session.py", "app/tokens.py"]);
        assert_eq!(names(&rest), ["app/main.py", "app/config.py"]);
    }

    #[test]
    fn what_is_long_is_cut() {
        assert_eq!(spans(&[Span(3, 3), Span(7, 9), Span(11, 11)], 2), "3, 7-9, +1 more");
        assert_eq!(lines(&[Span(3, 3), Span(7, 9), Span(9, 7)]), 5);
        assert_eq!(cut("äöü", 2), "äö…");
        assert_eq!(cut("äöü", 3), "äöü");
        let long = name(&format!("start/{}end.rs", "ä".repeat(300)));
        assert_eq!(long.chars().count(), LONGEST_NAME + 1);
        assert!(long.starts_with("start/") && long.ends_with("end.rs"), "{long}");
        assert_eq!(short("1c682060000000000000000000000000000000ab"), "1c68206");
        assert_eq!(short("HEAD^1"), "HEAD^1");
    }

    #[test]
    fn code_stands_between_backticks() {
        let check = |text: &str, parts: &[(&str, bool)]| {
            let own: Vec<(String, bool)> = parts.iter().map(|(part, is_code)| ((*part).to_owned(), *is_code)).collect();
            assert_eq!(prose(text), own);
        };
        check("add `--cov` to it.", &[("add ", false), ("--cov", true), (" to it", false)]);
        check("an odd ` sign", &[("an odd ` sign", false)]);
        check("``", &[]);
    }

    #[test]
    fn nothing_measured_is_no_number() {
        assert_eq!(percent(Some(&Rate::default())), "nothing measured");
        assert_eq!(percent(None), "could not be counted");
    }
}
