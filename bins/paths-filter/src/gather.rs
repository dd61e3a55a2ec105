//! What changed: from git where there is a checkout, from GitHub's API where there is none.
mod api;
mod fetch;
mod hash;
mod range;
mod situation;
mod source;

use std::fmt::Display;
use std::path::{Path, PathBuf};

use action::{Failure, Workflow};
use git::{Id, Repository, Scope};

use crate::filters::{Change, Filter, Filters, Quantifier, Rule, Status};
use crate::inputs::{Settings, SourceSettings, UseApi};
use fetch::Fetcher;
pub(crate) use fetch::Fetching;
use range::{Asked, Base, Head, Range};
use situation::{Kind, Situation};
pub(crate) use source::{Read, USUAL, filters, location};

/// Everything that is known before anything is decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// What changed in reach of the filters, sorted by name.
    pub(crate) changes: Vec<Change>,
    /// A hash a filter over its tracked files at the head; `None` where there is no checkout or nobody asked.
    pub(crate) hashes: Option<Vec<String>>,
    /// Commit id of the older side; `None` when everything counts as added.
    pub(crate) base: Option<String>,
    /// Commit id of the newer side; `None` for the work tree.
    pub(crate) head: Option<String>,
    /// What the base is, for people.
    pub(crate) why: String,
    /// Why more may have changed than `changes` tells.
    pub(crate) doubt: Option<String>,
    /// Why git itself was asked instead of our own reader.
    pub(crate) fell_back: Option<String>,
    /// Whether the filters reach every name, so that `changes` is all that changed.
    pub(crate) whole: bool,
}

/// An opened place: where it is, the repository there if any, and what set this run off.
pub(crate) struct Place {
    /// The folder of `working-directory`.
    pub(crate) folder: PathBuf,
    /// The repository that the folder is in.
    pub(crate) repository: Option<Repository>,
    situation: Situation,
}

impl Place {
    /// Opens what is there; the payload of the event is read here.
    pub(crate) fn open(settings: &SourceSettings, workflow: &Workflow) -> Result<Place, Failure> {
        let folder = settings.folder.clone();
        if !folder.is_dir() {
            let cause = format!("{} is no folder", folder.display());
            return Err(Failure::inputs("use working-directory", cause));
        }
        let repository = Repository::discover(&folder).map_err(failed)?;
        let situation = Situation::new(workflow, repository.as_ref())?;
        Ok(Place { folder, repository, situation })
    }

    /// The root of the checkout, or the folder itself where there is none.
    pub(crate) fn root(&self) -> &Path {
        self.repository.as_ref().and_then(Repository::work_tree).unwrap_or(&self.folder)
    }
}

/// Finds out what changed. `filters` bounds what is looked at; without it everything is.
pub(crate) fn facts(place: &Place, settings: &Settings, filters: Option<&Filters>) -> Result<Facts, Failure> {
    match (&place.repository, &place.situation.kind) {
        (Some(repository), _) => from_git(repository, place, settings, filters),
        (None, Kind::PullRequest(pull)) if settings.use_api == UseApi::Auto => api::facts(pull, settings),
        (None, _) => Err(no_repository(&place.folder)),
    }
}

fn no_repository(folder: &Path) -> Failure {
    Failure::inputs("find out what changed", format!("{} is in no git repository", folder.display()))
        .hint("check the repository out first (actions/checkout), or run this inside one")
}

fn from_git(
    repo: &Repository,
    place: &Place,
    settings: &Settings,
    filters: Option<&Filters>,
) -> Result<Facts, Failure> {
    let asked = Asked {
        base: settings.base.as_deref(),
        head: settings.head.as_deref(),
        tag_base: settings.tag_base.as_deref(),
    };
    let mut fetcher = Fetcher::new(&settings.fetching);
    let mut range = range::choose(repo, &place.situation, asked, &mut fetcher)?;
    if let (Some(doubt), Some(said)) = (&mut range.doubt, &fetcher.failure) {
        *doubt = format!("{doubt} (git fetch said: {said})");
    }
    let prefixes = filters.map_or_else(|| vec![Vec::new()], |filters| reach(filters, settings.source.quantifier));
    let scope = Scope::prefixes(prefixes.iter().cloned());
    let changes = changes(repo, &range, &scope)?;
    let hashes = match filters.filter(|_| settings.hashes) {
        Some(filters) => Some(hash::hashes(
            repo,
            range.head,
            &hash::Wanted { filters, quantifier: settings.source.quantifier, scope: &scope },
        )?),
        None => None,
    };
    let whole = prefixes.iter().any(Vec::is_empty);
    let fell_back = repo.fell_back().map(ToString::to_string);
    Ok(Facts {
        changes,
        hashes,
        base: base_id(&range),
        head: head_id(&range),
        why: range.why,
        doubt: range.doubt,
        fell_back,
        whole,
    })
}

fn base_id(range: &Range) -> Option<String> {
    match range.base {
        Base::Commit(id) => Some(id.to_string()),
        Base::Nothing => None,
    }
}

fn head_id(range: &Range) -> Option<String> {
    match range.head {
        Head::Commit(id) => Some(id.to_string()),
        Head::WorkTree(_) => None,
    }
}

fn changes(repo: &Repository, range: &Range, scope: &Scope) -> Result<Vec<Change>, Failure> {
    let found = match (range.base, range.head) {
        (_, Head::WorkTree(_)) => repo.local_changes(),
        (Base::Commit(base), Head::Commit(head)) => repo.diff(Some(base), head, scope),
        (Base::Nothing, Head::Commit(head)) => repo.diff(None, head, scope),
    };
    let found = found.map_err(failed)?;
    let mut changes: Vec<Change> =
        found.into_iter().map(|change| Change { path: change.path, status: status(change.status) }).collect();
    changes.sort_unstable();
    Ok(changes)
}

fn status(status: git::Status) -> Status {
    match status {
        git::Status::Added => Status::Added,
        git::Status::Modified => Status::Modified,
        git::Status::Deleted => Status::Deleted,
        git::Status::TypeChanged => Status::TypeChanged,
        git::Status::Unmerged => Status::Unmerged,
    }
}

/// The prefixes that matching names can start with: nothing else has to be read.
fn reach(filters: &Filters, quantifier: Quantifier) -> Vec<Vec<u8>> {
    let mut prefixes: Vec<Vec<u8>> = filters.list.iter().flat_map(|filter| filter_reach(filter, quantifier)).collect();
    prefixes.sort_unstable();
    prefixes.dedup();
    prefixes
}

fn filter_reach(filter: &Filter, quantifier: Quantifier) -> Vec<Vec<u8>> {
    let of =
        |rule: &Rule| rule.patterns.iter().map(|pattern| pattern.glob.literal_prefix().to_vec()).collect::<Vec<_>>();
    match quantifier {
        Quantifier::Some => filter.rules.iter().flat_map(of).collect(),
        // All rules must be met, so the reach of any one of them is enough.
        Quantifier::Every => filter
            .rules
            .iter()
            .map(of)
            .find(|prefixes| prefixes.iter().all(|p| !p.is_empty()))
            .unwrap_or_else(|| vec![Vec::new()]),
        Quantifier::SomeWithExcludes | Quantifier::Last => {
            let including = filter.patterns().filter(|pattern| !pattern.glob.is_negated());
            including.map(|pattern| pattern.glob.literal_prefix().to_vec()).collect()
        }
    }
}

/// What an adapter could not do. Its error says "could not …" already, as a failure does.
fn failed(error: impl Display) -> Failure {
    Failure::told(action::Kind::Outside, error)
}

/// Every name that git tracks at the head of the checkout, sorted: what the linter looks at.
pub(crate) fn tracked(place: &Place) -> Result<Vec<Vec<u8>>, Failure> {
    let repo = place.repository.as_ref().ok_or_else(|| no_repository(&place.folder))?;
    let mut names = Vec::new();
    repo.index(&Scope::everything(), |_, _: &Id, name| names.push(name.to_vec())).map_err(failed)?;
    names.sort_unstable();
    Ok(names)
}
