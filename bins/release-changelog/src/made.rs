//! From what was gathered to ledgers and records: versions, ranges, names.
use action::{Annotation, Failure};
use semver::Version;
use serde::Serialize;

use crate::decide::paint::{self, NONE};
use crate::decide::version::{Bump, core, demanded};
use crate::decide::{Entry, Ledger};
use crate::gather::{Gathered, Placed};
use crate::record::{Buckets, Ends, Known, Record, record};
use crate::report::links::Links;
use crate::settings::Settings;
use crate::tag::Class;

/// One release with its ledger.
pub(crate) struct Made<'g> {
    gathered: &'g Gathered,
    settings: &'g Settings,
    ledger: Ledger,
    ends: Ends,
    since: Vec<Option<&'g str>>,
    /// What the ledger since the last final version asks for.
    demanded: Bump,
}

pub(crate) fn links(settings: &Settings, gathered: &Gathered) -> Links {
    Links::new(settings.website.as_deref(), gathered.remote.as_deref())
}

impl<'g> Made<'g> {
    pub(crate) fn of(gathered: &'g Gathered, settings: &'g Settings, links: &Links) -> Result<Self, Failure> {
        let Gathered { facts, members, since_final, target, past, .. } = gathered;
        let ledger = Ledger::of(facts, members, &settings.sections);
        let demanded = if members == since_final {
            demanded(facts, &ledger)
        } else {
            demanded(facts, &Ledger::of(facts, since_final, &settings.sections))
        };
        let version = match (&target.tag, &settings.pre) {
            (Some(tag), _) => tag.version.clone(),
            (None, None) => past.next(demanded, settings.zero),
            // Nothing since the last pre-release makes no further one.
            (None, Some(_)) if members.is_empty() => None,
            (None, Some(pre)) => past.next(demanded, settings.zero).and_then(|next| past.pre(&next, pre)),
        };
        let from = target.from.as_ref().map(|from| from.name.clone());
        let ends = Ends {
            bump: past.base.as_ref().map_or(demanded, |base| demanded.at(base, settings.zero)),
            next_tag: version
                .as_ref()
                .filter(|_| target.tag.is_none())
                .map(|version| format!("{}{version}", target.prefix)),
            version,
            tag: target.tag.clone(),
            base: past.base.clone(),
            compare: links.compare(from.as_deref(), &target.to_name),
            from,
            to: target.to_name.clone(),
            commit: target.to,
            time: target.time,
        };
        let folds = ends.version.as_ref().is_none_or(|version| version.pre.is_empty());
        let since = if folds { since(gathered) } else { Vec::new() };
        Ok(Self { gathered, settings, ledger, ends, since, demanded })
    }

    pub(crate) fn record(&self) -> Record<'_> {
        record(self.known(), &self.ledger, (self.ends.clone(), true))
    }

    fn known(&self) -> Known<'_> {
        let Gathered { facts, authors, .. } = self.gathered;
        Known { facts, authors, sections: &self.settings.sections, since: &self.since }
    }

    /// What it is called.
    pub(crate) fn name(&self) -> String {
        self.ends
            .tag
            .as_ref()
            .map(|tag| tag.name.clone())
            .or(self.ends.next_tag.clone())
            .unwrap_or_else(|| "unreleased".to_owned())
    }

    pub(crate) fn entry(&self, place: u32) -> Option<Entry> {
        self.ledger.entries.iter().find(|entry| entry.place == place).copied()
    }

    /// Why the tag is below what the ledger demands, where that is asked; a tag without a version cannot be compared.
    pub(crate) fn refusal(&self) -> Result<Option<String>, Failure> {
        let Some(tag) = self.ends.tag.as_ref().filter(|_| self.settings.require_bump) else { return Ok(None) };
        let Some(version) = &tag.version else {
            let cause = format!("the tag {} names no version", action::neutral(&tag.name));
            return Err(Failure::inputs("compare the tag with the ledger", cause));
        };
        let Some(base) = &self.ends.base else { return Ok(None) };
        let least = self.ends.bump.after(base);
        if core(version) >= least {
            return Ok(None);
        }
        let breaking = self.ledger.breaking(&self.gathered.facts).next().map(|entry| entry.place);
        let because = breaking
            .or_else(|| self.ledger.entries.iter().map(|entry| entry.place).find(|&place| self.is_feature(place)));
        let because = because.map_or(String::new(), |place| {
            let commit = &self.gathered.facts.commits[place as usize];
            format!("; it has {} ({})", action::neutral(&*commit.told.subject), &commit.id.to_string()[..10])
        });
        let bump = self.ends.bump.word();
        Ok(Some(format!("{} is below {least}: since {base} the ledger demands a {bump} release{because}", tag.name)))
    }

    fn is_feature(&self, place: u32) -> bool {
        self.gathered.facts.commits[place as usize].told.kind.as_deref() == Some("feat") && self.demanded == Bump::Minor
    }

    /// Why the next version cannot be the one that the ledger makes: another history has it.
    pub(crate) fn collision(&self) -> Option<String> {
        let version = self.ends.version.as_ref().filter(|_| self.ends.tag.is_none())?;
        let taken = self.gathered.past.taken.iter().any(|known| known.cmp_precedence(version).is_eq());
        taken.then(|| format!("{version} is a tag already, outside of the history of {}", self.ends.to))
    }

    /// What should be known about this release.
    pub(crate) fn notices(&self) -> Vec<Annotation> {
        let mut notices = Vec::new();
        if self.ledger.total() == 0 {
            notices.push(Annotation::notice("the range is empty: there is nothing in this release"));
        }
        if self.ends.from.is_none() {
            notices
                .push(Annotation::notice("there is no version before this one: the notes begin with the first commit"));
        }
        notices
    }
}

/// For each commit the pre-release that it first came with, among those between the last final version and this one.
fn since(gathered: &Gathered) -> Vec<Option<&str>> {
    let Gathered { facts, members, target, tags, .. } = gathered;
    let own = target.tag.as_ref().and_then(|tag| tag.version.as_ref());
    let below = |version: &Version| own.is_none_or(|own| version.cmp_precedence(own).is_lt());
    let mut inside = vec![false; facts.commits.len()];
    members.iter().for_each(|&place| inside[place as usize] = true);
    let rcs: Vec<&Placed> = tags
        .iter()
        .filter(|placed| placed.tag.class() == Class::Rc && inside[placed.place as usize])
        .filter(|placed| placed.tag.version.as_ref().is_some_and(below))
        .collect();
    if rcs.is_empty() {
        return Vec::new();
    }
    let places: Vec<u32> = rcs.iter().map(|placed| placed.place).collect();
    let painted = paint::paint(facts, &places);
    let name = |colour: &u32| (*colour != NONE).then(|| rcs[painted.order[*colour as usize]].tag.name.as_str());
    painted.colours.iter().map(name).collect()
}

/// Every release of a history.
pub(crate) struct Everything<'g> {
    gathered: &'g Gathered,
    settings: &'g Settings,
    /// The oldest first.
    releases: Vec<(Ends, Ledger)>,
    since: Vec<Option<&'g str>>,
}

impl<'g> Everything<'g> {
    pub(crate) fn of(gathered: &'g Gathered, settings: &'g Settings, links: &Links) -> Self {
        let Gathered { facts, tags, target, .. } = gathered;
        let places: Vec<u32> = tags.iter().map(|placed| placed.place).collect();
        let painted = paint::paint(facts, &places);
        let mut parts: Vec<Vec<u32>> = vec![Vec::new(); tags.len() + 1];
        for (colour, place) in painted.colours.iter().zip(0..) {
            parts[(*colour as usize).min(tags.len())].push(place);
        }
        let last_final = painted.order.iter().rposition(|&at| tags[at].tag.class() == Class::Final);
        let mut everything = Self { gathered, settings, releases: Vec::new(), since: vec![None; facts.commits.len()] };
        let mut folded: Vec<u32> = Vec::new();
        let mut before: (Option<&Placed>, Option<Version>) = (None, None);
        for (colour, &at) in painted.order.iter().enumerate() {
            let placed = &tags[at];
            let is_final = placed.tag.class() == Class::Final;
            let mut members = std::mem::take(&mut parts[colour]);
            if !is_final && last_final.is_some_and(|last| colour < last) {
                for &place in &members {
                    everything.since[place as usize] = Some(&placed.tag.name);
                }
                folded.append(&mut members);
                continue;
            }
            members.append(&mut folded);
            members.sort_unstable();
            everything.add(&members, (Some(placed), &before), links);
            before = (Some(placed), if is_final { placed.tag.version.clone() } else { before.1 });
        }
        let unreleased = std::mem::take(&mut parts[tags.len()]);
        if !unreleased.is_empty() || tags.is_empty() {
            everything.add(&unreleased, (None, &before), links);
        }
        debug_assert!(target.from.is_none(), "every release goes back to the beginning");
        everything
    }

    fn add(
        &mut self,
        members: &[u32],
        (placed, before): (Option<&Placed>, &(Option<&Placed>, Option<Version>)),
        links: &Links,
    ) {
        let (facts, target) = (&self.gathered.facts, &self.gathered.target);
        let ledger = Ledger::of(facts, members, &self.settings.sections);
        let demanded = demanded(facts, &ledger);
        let (from, base) = (before.0.map(|placed| placed.tag.name.clone()), before.1.clone());
        let next = placed.is_none().then(|| self.gathered.past.next(demanded, self.settings.zero)).flatten();
        let to = placed.map_or_else(|| target.to.to_string(), |placed| placed.tag.name.clone());
        let ends = Ends {
            bump: base.as_ref().map_or(demanded, |base| demanded.at(base, self.settings.zero)),
            next_tag: next.as_ref().map(|version| format!("{}{version}", target.prefix)),
            version: placed.and_then(|placed| placed.tag.version.clone()).or(next),
            tag: placed.map(|placed| placed.tag.clone()),
            base,
            compare: links.compare(from.as_deref(), &to),
            from,
            to,
            commit: placed.map_or(target.to, |placed| placed.tag.commit),
            time: placed.map_or(target.time, |placed| placed.time),
        };
        self.releases.push((ends, ledger));
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.releases.len()
    }

    /// One of them, counted from the newest.
    pub(crate) fn record(&self, at: usize, full: bool) -> Record<'_> {
        let (ends, ledger) = &self.releases[self.releases.len() - 1 - at];
        record(self.known(), ledger, (ends.clone(), full))
    }

    fn known(&self) -> Known<'_> {
        let Gathered { facts, authors, .. } = self.gathered;
        Known { facts, authors, sections: &self.settings.sections, since: &self.since }
    }

    /// What the newest release is, with the ledger of all of them.
    pub(crate) fn overall(&self, full: bool) -> Record<'_> {
        let mut overall = self.record(0, false);
        (overall.from, overall.compare) = (None, None);
        for at in 1..self.count() {
            let ledger = &self.releases[self.releases.len() - 1 - at].1;
            overall.ledger.total += ledger.total();
            overall.ledger.buckets.add(&Buckets::of(ledger.counts));
        }
        if full {
            overall.ledger.commits =
                (0..self.count()).rev().flat_map(|at| self.record(at, true).ledger.commits).collect();
        }
        overall
    }

    /// The release of a commit, and its entry there.
    pub(crate) fn entry(&self, place: u32) -> (String, Option<Entry>) {
        let found = self.releases.iter().find_map(|(ends, ledger)| {
            let entry = ledger.entries.iter().find(|entry| entry.place == place)?;
            let name = ends.tag.as_ref().map(|tag| tag.name.clone()).or(ends.next_tag.clone());
            Some((name.unwrap_or_else(|| "unreleased".to_owned()), Some(*entry)))
        });
        found.unwrap_or_default()
    }
}

/// The record as one line of JSON.
pub(crate) fn json(record: &Record<'_>) -> String {
    // Every key is a text and every number is finite, so this cannot fail.
    serde_json::to_string(record).unwrap_or_default()
}

/// The newest release as a record with the ledger of all, and all releases beside it.
pub(crate) fn json_of_all(overall: &Record<'_>, everything: &Everything<'_>) -> String {
    #[derive(Serialize)]
    struct All<'r> {
        #[serde(flatten)]
        overall: &'r Record<'r>,
        releases: Vec<Record<'r>>,
    }
    let releases = (0..everything.count()).map(|at| everything.record(at, true)).collect();
    serde_json::to_string(&All { overall, releases }).unwrap_or_default()
}
