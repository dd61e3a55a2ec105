//! What a list and a folder say together.
#![deny(clippy::disallowed_methods)]
mod record;

use formats::sums::{Digest, List, Problem, path};

use crate::release::Asset;

/// All that was gathered.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// The list.
    pub(crate) list: List,
    /// The list's own name and digest; none for standard input.
    pub(crate) itself: Option<(Vec<u8>, Digest)>,
    /// What became of each entry of the list, in its order.
    pub(crate) states: Vec<State>,
    /// Files of the folder that no entry names.
    pub(crate) unlisted: Vec<Vec<u8>>,
    /// Names that have to be listed; when there are some, nothing else has to be there.
    pub(crate) required: Vec<Vec<u8>>,
    /// The release record.
    pub(crate) release: Option<Vec<Asset>>,
}

/// What became of a file that is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum State {
    /// As listed.
    Good,
    /// It has this digest.
    Differs(Digest),
    /// There is none.
    Missing,
    /// There was one, until it was to be read.
    Vanished,
    /// It is outside of the folder, by way of a link.
    Outside,
    /// Several files in folders have that name.
    Ambiguous,
    /// It could not be read.
    Unread(String),
    /// It was not asked for.
    Skipped,
}

/// How it ends; the greater outweighs the smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// Exit code 0.
    Good,
    /// Something could not be read: exit code 3.
    Unread,
    /// The files are not those of the list: exit code 1.
    No,
    /// The list makes no sense, so it proves nothing: exit code 2.
    Nonsense,
}

/// One reason against the release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) outcome: Outcome,
    /// Line and column of the list, counted from 1, where it is about one.
    pub(crate) at: Option<(u64, u32)>,
    /// The file that it is about.
    pub(crate) name: Option<Vec<u8>>,
    pub(crate) message: String,
    /// What to do about it; empty when that is plain.
    pub(crate) hint: &'static str,
}

/// The answer and its reasons.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) outcome: Outcome,
    /// Entries whose file is as listed.
    pub(crate) good: usize,
    /// In the order of the list, then what is about no line.
    pub(crate) findings: Vec<Finding>,
}

/// Judges.
pub(crate) fn verdict(facts: &Facts) -> Verdict {
    let mut findings: Vec<Finding> = facts.list.problems.iter().map(of_problem).collect();
    findings.extend(facts.list.entries.iter().zip(&facts.states).filter_map(|(entry, state)| {
        let (outcome, message, hint) = of_state(state)?;
        Some(Finding { outcome, at: Some((entry.line, 1)), name: Some(entry.name.clone()), message, hint })
    }));
    findings.sort_by_key(|finding| finding.at);
    findings.extend(facts.unlisted.iter().map(|name| {
        let hint = "list it with `sha256sums create`, or remove it";
        of_file(Outcome::No, name, "it is not in the list", hint)
    }));
    let listed = |name: &[u8]| facts.list.entries.iter().any(|entry| path(&entry.name) == path(name));
    findings.extend(facts.required.iter().filter(|name| !listed(name)).map(|name| {
        of_file(Outcome::No, name, "it is required, and not in the list", "check the spelling, and whose list it is")
    }));
    if let Some(assets) = &facts.release {
        findings.extend(record::findings(facts, assets));
    }
    let good = facts.states.iter().filter(|state| **state == State::Good).count();
    if good == 0 && findings.is_empty() {
        findings.push(no_evidence(facts));
    }
    let outcome = findings.iter().map(|finding| finding.outcome).max().unwrap_or(Outcome::Good);
    Verdict { outcome, good, findings }
}

/// Nothing was wrong because nothing was looked at.
fn no_evidence(facts: &Facts) -> Finding {
    let (message, hint) = match facts.list.entries.is_empty() {
        true => ("the list is empty", "make it with `sha256sums create`"),
        false => ("no listed file is there", "run it in the folder of the files"),
    };
    Finding { outcome: Outcome::Nonsense, at: None, name: None, message: message.to_owned(), hint }
}

fn of_problem(problem: &Problem) -> Finding {
    Finding {
        outcome: Outcome::Nonsense,
        at: Some((problem.line, problem.column)),
        name: None,
        message: problem.to_string(),
        hint: problem.hint(),
    }
}

fn of_file(outcome: Outcome, name: &[u8], message: &str, hint: &'static str) -> Finding {
    Finding { outcome, at: None, name: Some(name.to_vec()), message: message.to_owned(), hint }
}

fn of_state(state: &State) -> Option<(Outcome, String, &'static str)> {
    let (outcome, message, hint) = match state {
        State::Good | State::Skipped => return None,
        State::Differs(_) => (Outcome::No, "its digest is not the listed one", "get the file again, and trust neither"),
        State::Missing => (Outcome::No, "it is listed, and not there", ""),
        State::Vanished => (Outcome::No, "it vanished before it could be read", "let nothing else change the folder"),
        State::Outside => {
            (Outcome::Nonsense, "a link leads out of the folder", "put the file itself in the place of the link")
        }
        State::Ambiguous => {
            (Outcome::Nonsense, "several files in folders have that name", "give each file a name of its own")
        }
        State::Unread(why) => return Some((Outcome::Unread, format!("it could not be read: {why}"), "")),
    };
    Some((outcome, message.to_owned(), hint))
}

#[cfg(test)]
mod tests {
    use formats::sums::{Dialect, read};

    use super::*;

    /// The outcome and the messages for a list of `a` and `b`.
    fn check(states: [State; 2], change: impl FnOnce(&mut Facts), expected: (Outcome, &[&str])) {
        let list = format!("{0}  a\n{0}  b\n", "00".repeat(32));
        let mut facts =
            Facts { list: read(list.as_bytes(), Dialect::Strict), states: states.to_vec(), ..Facts::default() };
        change(&mut facts);
        let verdict = verdict(&facts);
        let messages: Vec<&str> = verdict.findings.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!((verdict.outcome, messages.as_slice()), expected);
    }

    #[test]
    fn one_reason_is_enough() {
        use State::{Differs, Good, Missing, Outside, Skipped, Unread, Vanished};
        let as_it_is = |_: &mut Facts| {};
        check([Good, Good], as_it_is, (Outcome::Good, &[]));
        check([Good, Differs([1; 32])], as_it_is, (Outcome::No, &["its digest is not the listed one"]));
        check([Missing, Good], as_it_is, (Outcome::No, &["it is listed, and not there"]));
        check([Vanished, Good], as_it_is, (Outcome::No, &["it vanished before it could be read"]));
        check([Outside, Good], as_it_is, (Outcome::Nonsense, &["a link leads out of the folder"]));
        check([State::Ambiguous, Good], as_it_is, (Outcome::Nonsense, &["several files in folders have that name"]));
        let unread = Unread("why".to_owned());
        check([unread.clone(), Good], as_it_is, (Outcome::Unread, &["it could not be read: why"]));
        let both = ["it could not be read: why", "it is listed, and not there"];
        check([unread, Missing], as_it_is, (Outcome::No, &both));
        check([Skipped, Skipped], as_it_is, (Outcome::Nonsense, &["no listed file is there"]));
    }

    #[test]
    fn both_directions_count() {
        use State::{Good, Skipped};
        let unlisted = |facts: &mut Facts| facts.unlisted = vec![b"c".to_vec()];
        check([Good, Good], unlisted, (Outcome::No, &["it is not in the list"]));
        let required = |facts: &mut Facts| facts.required = vec![b"./a".to_vec(), b"c".to_vec()];
        check([Good, Skipped], required, (Outcome::No, &["it is required, and not in the list"]));
        let problem = |facts: &mut Facts| facts.list.problems = read(b"x\n", Dialect::Strict).problems;
        check([Good, Good], problem, (Outcome::Nonsense, &["this is no line of a checksum list"]));
        let empty = |facts: &mut Facts| (facts.list.entries, facts.states) = (Vec::new(), Vec::new());
        check([Good, Good], empty, (Outcome::Nonsense, &["the list is empty"]));
    }

    #[test]
    fn a_release_record_counts_too() {
        use State::Good;
        let asset = |name: &str, byte| Asset { name: name.to_owned(), digest: byte, uploaded: true };
        let zero = Some([0; 32]);
        let record = |assets: Vec<Asset>| |facts: &mut Facts| facts.release = Some(assets);
        let all = vec![asset("a", zero), asset("b", zero), asset("SHA256SUMS", zero), asset("a.sig", zero)];
        check([Good, Good], record(all.clone()), (Outcome::Good, &[]));
        check([Good, Good], record(all[..1].to_vec()), (Outcome::No, &["the release has no such asset"]));
        let more = [all.clone(), vec![asset("c", zero)]].concat();
        check([Good, Good], record(more), (Outcome::No, &["the release has it, and the list does not"]));
        let other = vec![asset("a", Some([1; 32])), asset("b", zero)];
        check([Good, Good], record(other), (Outcome::No, &["the release has another digest for it"]));
        let none = vec![asset("a", None), asset("b", zero)];
        check([Good, Good], record(none), (Outcome::Nonsense, &["the release record has no SHA-256 digest of it"]));
        let twice = vec![asset("a", zero), asset("b", zero), asset("b", zero)];
        check([Good, Good], record(twice), (Outcome::Nonsense, &["the release record has it twice"]));
        let half = vec![Asset { uploaded: false, ..asset("a", zero) }, asset("b", zero)];
        check([Good, Good], record(half), (Outcome::Nonsense, &["its upload to the release was not finished"]));
        let itself = |facts: &mut Facts| {
            facts.itself = Some((b"SHA256SUMS".to_vec(), [1; 32]));
            facts.release = Some(all);
        };
        check([Good, Good], itself, (Outcome::No, &["the release has another digest for it"]));
    }
}
