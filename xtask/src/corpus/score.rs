//! The arithmetic: what of a pair was found, and what that comes to.
use std::fmt;

use super::pairs::Pair;
use crate::findings::Finding;

/// So many of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) part: usize,
    pub(crate) all: usize,
}

impl Share {
    /// How many of those fit.
    pub(crate) fn of<T>(items: impl IntoIterator<Item = T>, fits: impl Fn(&T) -> bool) -> Self {
        items.into_iter().fold(Self::default(), |share, item| Self {
            part: share.part + usize::from(fits(&item)),
            all: share.all + 1,
        })
    }

    /// In percent; a share of nothing is none.
    pub(crate) fn percent(self) -> Option<f64> {
        (self.all > 0).then(|| self.part as f64 * 100.0 / self.all as f64)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.percent() {
            Some(percent) => write!(f, "{percent:.1} % ({}/{})", self.part, self.all),
            None => write!(f, "–"),
        }
    }
}

/// A pair and what was found in it; notes count nowhere.
pub(crate) struct Judged<'p> {
    pub(crate) pair: &'p Pair,
    /// Findings that overlap the labelled lines.
    pub(crate) hits: Vec<Finding>,
    /// Findings elsewhere in the fake file.
    pub(crate) stray: Vec<Finding>,
    /// Findings in the honest file.
    pub(crate) alarms: Vec<Finding>,
}

/// How a fake was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// By a rule that it is labelled with.
    AsLabelled,
    /// By other rules only.
    Otherwise,
    Missed,
}

impl<'p> Judged<'p> {
    /// Sorts the findings of both sides.
    pub(crate) fn new(pair: &'p Pair, fake: Vec<Finding>, honest: Vec<Finding>) -> Self {
        let labelled = |finding: &Finding| {
            pair.labels.fake.lines.iter().any(|[first, last]| finding.line <= *last && *first <= finding.end_line)
        };
        let (hits, stray) = fake.into_iter().filter(Finding::counts).partition(labelled);
        Self { pair, hits, stray, alarms: honest.into_iter().filter(Finding::counts).collect() }
    }

    /// Whether the fake was found.
    pub(crate) fn is_found(&self) -> bool {
        !self.hits.is_empty()
    }

    /// Whether the honest twin was flagged.
    pub(crate) fn is_flagged(&self) -> bool {
        !self.alarms.is_empty()
    }

    /// How it was found.
    pub(crate) fn answer(&self) -> Answer {
        match () {
            () if self.hits.iter().any(|hit| self.pair.labels.rules.contains(&hit.rule)) => Answer::AsLabelled,
            () if self.is_found() => Answer::Otherwise,
            () => Answer::Missed,
        }
    }
}

/// What pairs come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Score {
    /// Fakes that were found.
    pub(crate) recall: Share,
    /// Of those without a tell-tale word.
    pub(crate) without_words: Share,
    /// Of those that need a careful look.
    pub(crate) subtle: Share,
    /// Honest files with an error or a warning.
    pub(crate) honest_flagged: Share,
    /// Findings in fake files beside the labels.
    pub(crate) stray: usize,
}

impl Score {
    /// Counts.
    pub(crate) fn of<'j, 'p: 'j>(judged: impl IntoIterator<Item = &'j Judged<'p>>) -> Self {
        let judged: Vec<&Judged<'_>> = judged.into_iter().collect();
        let found =
            |chosen: fn(&Judged<'_>) -> bool| Share::of(judged.iter().filter(|one| chosen(one)), |one| one.is_found());
        Self {
            recall: found(|_| true),
            without_words: found(|one| !one.pair.labels.words),
            subtle: found(|one| one.pair.labels.subtle),
            honest_flagged: Share::of(&judged, |one| one.is_flagged()),
            stray: judged.iter().map(|one| one.stray.len()).sum(),
        }
    }

    /// Fakes among all files that were rightly or wrongly reported.
    pub(crate) fn precision(&self) -> Share {
        Share { part: self.recall.part, all: self.recall.part + self.honest_flagged.part }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::Severity;

    fn pair(words: bool, subtle: bool) -> Pair {
        let labels = format!(
            r#"{{"about": "", "rules": ["FK103", "FK304"], "evidence": [], "words": {words}, "subtle": {subtle},
                "fake": {{"file": "a.ts", "lines": [[5, 9], [20, 21]]}}, "honest": {{"file": "a.ts"}}}}"#
        );
        Pair::made_up(serde_json::from_str(&labels).unwrap())
    }

    fn finding(rule: &str, severity: Severity, (line, end_line): (u32, u32)) -> Finding {
        let (rule, file) = (rule.to_owned(), "a.ts".to_owned());
        Finding { file, line, end_line, rule, severity, message: String::new(), function: None }
    }

    #[test]
    fn a_fake_is_found_where_an_error_or_a_warning_overlaps_its_lines() {
        let pair = pair(false, false);
        let check = |rule, severity, lines, expected, stray| {
            let judged = Judged::new(&pair, vec![finding(rule, severity, lines)], Vec::new());
            assert_eq!((judged.answer(), judged.stray.len()), (expected, stray), "{rule} {severity:?} {lines:?}");
        };
        check("FK103", Severity::Error, (1, 5), Answer::AsLabelled, 0);
        check("FK304", Severity::Warning, (9, 30), Answer::AsLabelled, 0);
        check("FK201", Severity::Warning, (21, 21), Answer::Otherwise, 0);
        check("FK103", Severity::Note, (5, 9), Answer::Missed, 0);
        check("FK103", Severity::Error, (10, 19), Answer::Missed, 1);
        check("FK103", Severity::Error, (1, 4), Answer::Missed, 1);
    }

    #[test]
    fn shares_are_of_what_they_say() {
        let (plain, wordy, subtle) = (pair(false, false), pair(true, false), pair(false, true));
        let hit = || vec![finding("FK103", Severity::Error, (5, 9))];
        let note = || vec![finding("FK503", Severity::Note, (1, 1))];
        let judged = [
            Judged::new(&plain, hit(), hit()),
            Judged::new(&wordy, hit(), note()),
            Judged::new(&subtle, vec![finding("FK103", Severity::Warning, (1, 1))], Vec::new()),
        ];
        let share = |part, all| Share { part, all };
        let expected = Score {
            recall: share(2, 3),
            without_words: share(1, 2),
            subtle: share(0, 1),
            honest_flagged: share(1, 3),
            stray: 1,
        };
        let score = Score::of(&judged);
        assert_eq!(score, expected);
        assert_eq!(score.precision(), share(2, 3));
        assert_eq!(score.recall.to_string(), "66.7 % (2/3)");
        assert_eq!(share(0, 0).to_string(), "–");
    }
}
