//! What there is: the repository, its tags, the part of history that a release is made of.
pub(crate) mod deepen;
pub(crate) mod history;
pub(crate) mod overrides;
pub(crate) mod paths;
pub(crate) mod target;

use std::path::Path;

use action::{Failure, OrFail};
use git::Repository;

use crate::decide::Facts;
use crate::decide::version::Past;
use crate::settings::Source;
use crate::tag::Tag;
use history::{History, Place};
use target::Target;

/// Everything that a ledger is made from.
pub(crate) struct Gathered {
    pub(crate) facts: Facts,
    pub(crate) authors: Vec<Box<str>>,
    /// Places of what the notes are about.
    pub(crate) members: Vec<u32>,
    /// Places of all since the last final version, which the next version depends on.
    pub(crate) since_final: Vec<u32>,
    pub(crate) target: Target,
    /// Version tags in the facts, by version.
    pub(crate) tags: Vec<Placed>,
    pub(crate) past: Past,
    /// The address of the remote, where the website is not known otherwise.
    pub(crate) remote: Option<String>,
}

/// A tag among the facts.
pub(crate) struct Placed {
    pub(crate) tag: Tag,
    pub(crate) place: u32,
    /// When it was made, or else its commit, in seconds since 1970 (UTC).
    pub(crate) time: i64,
}

/// How much is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// One release: that of the tag that is checked out or named, or what is not released yet.
    Release,
    /// What is not released yet, whatever tag is on it; for a pre-release or for a final version.
    Next { pre: bool },
    /// Every release.
    Everything,
}

/// Why there is too little.
pub(crate) struct Incomplete {
    pub(crate) failure: Failure,
    /// Whether fetching may help.
    pub(crate) fetch: bool,
}

impl From<Failure> for Incomplete {
    fn from(failure: Failure) -> Self {
        Self { failure, fetch: false }
    }
}

/// Opens the repository that the current folder is in.
pub(crate) fn open() -> Result<Repository, Failure> {
    let found = Repository::discover(Path::new(".")).or_fail(|| "look for a repository")?;
    found.ok_or_else(|| {
        Failure::inputs("read the history", "there is no git repository here").hint("run actions/checkout before")
    })
}

/// Gathers what is wanted; fetches once where that is allowed and something is missing.
pub(crate) fn gather(source: &Source, wanted: Wanted) -> Result<Gathered, Failure> {
    let repo = open()?;
    match read(&repo, source, wanted) {
        Ok(gathered) => Ok(gathered),
        Err(incomplete) if incomplete.fetch && source.deepen => {
            deepen::deepen(&repo, source)?;
            // Its packs and references are others now.
            read(&open()?, source, wanted).map_err(|incomplete| incomplete.failure)
        }
        Err(incomplete) => Err(incomplete.failure),
    }
}

fn read(repo: &Repository, source: &Source, wanted: Wanted) -> Result<Gathered, Incomplete> {
    let mut history = History::new(repo)?;
    let found = target::find(repo, &mut history, (source, wanted))?;
    let to = history.place(found.target.to);
    let from: Vec<Place> = found.target.from.iter().map(|from| history.place(from.id)).collect();
    let base: Vec<Place> = found.base.iter().map(|tag| history.place(tag.commit)).collect();
    let listed = history.range(to, &from)?;
    let since = if from == base || wanted == Wanted::Everything { listed.clone() } else { history.range(to, &base)? };
    deepen::refuse_cut(&mut history, &listed)?;
    if wanted != Wanted::Everything {
        check_count(repo, &found.target, listed.len())?;
    }

    let mut both = listed.clone();
    both.extend(&since);
    both.sort_unstable();
    both.dedup();
    let order = history.ordered(&both);
    let moved = |places: &[Place]| {
        let mut wanted: Vec<bool> = Vec::new();
        for &place in places {
            wanted.resize(wanted.len().max(place as usize + 1), false);
            wanted[place as usize] = true;
        }
        let is_wanted = |place: &Place| wanted.get(*place as usize).copied().unwrap_or(false);
        order.iter().zip(0..).filter(|(place, _)| is_wanted(place)).map(|(_, at)| at).collect::<Vec<u32>>()
    };
    let (members, since_final) = (moved(&listed), moved(&since));
    let (mut commits, authors) = history.take(&order);
    overrides::apply(repo, source.overrides.as_deref(), &mut commits)?;
    let outside_paths = paths::outside(repo, &source.paths, &commits)?;
    let facts = Facts::new(commits, outside_paths);
    let tags = placed(repo, found.tags, (&facts, wanted))?;
    let remote = repo.remote_url("origin");
    Ok(Gathered { facts, authors, members, since_final, target: found.target, tags, past: found.past, remote })
}

/// No range without its proof: git counts it by itself. A whole history has no other end than its first commits, so there is
/// nothing to get wrong; its proof are the tests, since counting it takes as long as reading it.
fn check_count(repo: &Repository, target: &Target, found: usize) -> Result<(), Failure> {
    let not: Vec<_> = target.from.iter().map(|from| from.id).collect();
    let counted = repo.count_by_git(target.to, &not).or_fail(|| "count the commits by git")?;
    if counted == found as u64 {
        return Ok(());
    }
    let cause = format!("git rev-list counts {counted}, and {found} were read");
    Err(Failure::outside("read the history in full", cause).hint("please report it, with the version of git"))
}

/// The tags that are among the facts; when they were made is only asked where it is shown.
fn placed(repo: &Repository, tags: Vec<Tag>, (facts, wanted): (&Facts, Wanted)) -> Result<Vec<Placed>, Failure> {
    let mut placed = Vec::new();
    for tag in tags {
        let Ok(at) = facts.by_id.binary_search_by(|(id, _)| id.cmp(&tag.commit)) else { continue };
        let place = facts.by_id[at].1;
        let own = if wanted == Wanted::Everything { time_of(repo, &tag.name)? } else { None };
        let time = own.unwrap_or(facts.commits[place as usize].time);
        placed.push(Placed { tag, place, time });
    }
    // Versions are in order already; of equal ones the older tag comes first.
    placed.sort_by(|a, b| match (&a.tag.version, &b.tag.version) {
        (Some(x), Some(y)) => x.cmp_precedence(y).then(a.time.cmp(&b.time)).then_with(|| a.tag.name.cmp(&b.tag.name)),
        (x, y) => x.is_some().cmp(&y.is_some()).then_with(|| a.tag.name.cmp(&b.tag.name)),
    });
    Ok(placed)
}

pub(crate) fn time_of(repo: &Repository, tag: &str) -> Result<Option<i64>, Failure> {
    repo.tag_time(tag).or_fail(|| format!("read the tag {}", action::neutral(tag)))
}
