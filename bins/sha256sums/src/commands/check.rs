//! `check`: is every file of the folder as listed, and every listed file there?
use std::path::Path;

use action::{Answer, Failure, Line, OrFail as _, Report, neutral};
use formats::sums::{Entry, path};

use crate::decide::{Facts, Outcome, State, Verdict, verdict};
use crate::gather::tree::{self, Item};
use crate::gather::{self, Found, resolve, shown};
use crate::inputs::{CheckInputs, Format};
use crate::release::{self, Asset};
use crate::report::checked::{self, Lines};
use crate::report::record::record;
use crate::report::{self as say, files};
use formats::sums::names::is_beside;

pub(crate) fn run(inputs: CheckInputs, report: &mut Report) -> Result<Answer, Failure> {
    let CheckInputs { path, require, release_json, quiet, format } = inputs;
    let found = gather::list(path.as_deref())?;
    let release = release_json.as_deref().map(assets).transpose()?;
    let required: Vec<Vec<u8>> = require.into_iter().map(String::into_bytes).collect();
    let mut facts = Facts { required, release, itself: Some(itself(&found)), ..Facts::default() };
    let mut beside = Vec::new();
    if facts.required.is_empty() {
        let items = tree::items(&found.folder)?;
        let (meant, free) = resolve::in_tree(&found.list.entries, &items, &found.folder);
        let entries: Vec<&Entry> = found.list.entries.iter().collect();
        facts.states = resolve::states(&entries, meant, report)?;
        let own = Own { found: &found, release: release_json.as_deref() };
        (beside, facts.unlisted) = own.sorted(free.into_iter().map(|at| &items[at]));
    } else {
        facts.states = of_required(&found, &facts.required, report)?;
    }
    let list = found.path.clone();
    facts.list = found.list;
    let verdict = verdict(&facts);
    match format {
        Format::Json => say::json(report, &record(&facts, &verdict, &list))?,
        Format::Text => {
            let lines = if quiet { Lines::Bad } else { Lines::All };
            checked::write(report, (&facts, &verdict), &list, lines);
            report.line(summary(&facts, &verdict, &beside, &list));
        }
    }
    report.output("sums-file", shown(&list));
    report.output("count", verdict.good.to_string());
    checked::table(report, &facts, &verdict);
    checked::answer(&verdict, &list)
}

fn assets(path: &Path) -> Result<Vec<Asset>, Failure> {
    let bytes = gather::bytes(path, "the release record")?;
    release::assets(&bytes).or_bad_input(|| format!("read the release record {}", shown(path)))
}

/// The name and the digest of the list itself.
fn itself(found: &Found) -> (Vec<u8>, formats::sums::Digest) {
    let name = found.path.file_name().unwrap_or_default();
    (name.as_encoded_bytes().to_vec(), found.digest)
}

/// What became of the required files; the others are passed over.
fn of_required(found: &Found, required: &[Vec<u8>], report: &mut Report) -> Result<Vec<State>, Failure> {
    let wanted: Vec<Vec<u8>> = required.iter().map(|name| path(name)).collect();
    let asked = |entry: &Entry| wanted.contains(&path(&entry.name));
    let entries: Vec<&Entry> = found.list.entries.iter().filter(|entry| asked(entry)).collect();
    let root = tree::root(&found.folder)?;
    let meant = resolve::by_path(&entries, &found.folder, &root);
    let mut states = resolve::states(&entries, meant, report)?.into_iter();
    let all = found.list.entries.iter();
    Ok(all.map(|entry| if asked(entry) { states.next().unwrap_or(State::Missing) } else { State::Skipped }).collect())
}

/// The files that this check is about itself.
struct Own<'a> {
    found: &'a Found,
    release: Option<&'a Path>,
}

impl Own<'_> {
    /// Names of files that no list names, and of those that one should.
    fn sorted<'i>(&self, free: impl Iterator<Item = &'i Item>) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
        let list = itself(self.found).0;
        let release = self.release.and_then(|path| path.canonicalize().ok());
        let is_release = |item: &Item| {
            release.is_some() && gather::below(&self.found.folder, &item.name).canonicalize().ok() == release
        };
        let others = free.filter(|item| item.name != list && !is_release(item));
        let (beside, unlisted): (Vec<&Item>, Vec<&Item>) =
            others.partition(|item| is_beside(item.base()) && item.refused.is_none());
        let names = |items: Vec<&Item>| items.into_iter().map(|item| item.name.clone()).collect();
        (names(beside), names(unlisted))
    }
}

fn summary(facts: &Facts, verdict: &Verdict, beside: &[Vec<u8>], list: &Path) -> Line {
    let line = match (verdict.outcome, verdict.findings.len()) {
        (Outcome::Good, _) => Line::new().good("ok"),
        (_, 1) => Line::new().bad("not ok").plain(", 1 problem"),
        (_, count) => Line::new().bad("not ok").plain(format!(", {count} problems")),
    };
    let asked = facts.states.iter().filter(|state| **state != State::Skipped).count();
    let line = match verdict.good == asked {
        true => line.plain(format!(", {} as listed in {}", files(asked), shown(list))),
        false => line.plain(format!(", {} of {} as listed in {}", verdict.good, files(asked), shown(list))),
    };
    let names: Vec<String> = beside.iter().map(neutral).collect();
    if names.is_empty() { line } else { line.dim(format!("; beside the list: {}", names.join(", "))) }
}
