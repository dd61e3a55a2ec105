//! What a release goes from and to: by the inputs, the event, and the tags in the history.
use action::{Failure, OrFail};
use git::{Id, Repository};
use semver::Version;

use super::history::{Descent, History};
use super::{Incomplete, Wanted, deepen, time_of};
use crate::decide::version::{Past, core};
use crate::settings::Source;
use crate::tag::{Class, Tag, prefix};

/// The two ends of the notes.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) to: Id,
    /// How `to` is called: the tag, or the full id.
    pub(crate) to_name: String,
    /// The tag that is released; `None` for what is not released yet.
    pub(crate) tag: Option<Tag>,
    /// What stands in front of versions in tags, with the `v` that they are written with.
    pub(crate) prefix: String,
    /// What the notes begin after; `None` at the beginning of history.
    pub(crate) from: Option<From>,
    /// When the tag was made, or else its commit, in seconds since 1970 (UTC).
    pub(crate) time: i64,
}

/// Where notes begin.
#[derive(Clone, Debug)]
pub(crate) struct From {
    pub(crate) name: String,
    pub(crate) id: Id,
}

/// A target with what else is known from its tags.
pub(crate) struct Found {
    pub(crate) target: Target,
    /// The last final version before it.
    pub(crate) base: Option<Tag>,
    pub(crate) past: Past,
    /// All version tags, by version.
    pub(crate) tags: Vec<Tag>,
}

/// Finds both ends.
pub(crate) fn find(
    repo: &Repository,
    history: &mut History<'_>,
    (source, wanted): (&Source, Wanted),
) -> Result<Found, Incomplete> {
    let names = repo.tags().or_fail(|| "list the tags")?;
    let (to, named) = end(repo, &names, (source, wanted))?;
    let own = source.tag_prefix.clone().or_else(|| named.as_deref().and_then(prefix).map(str::to_owned));
    let bare = own.unwrap_or_default();
    let mut tags: Vec<Tag> = names.iter().map(|(name, id)| Tag::new(name, *id, &bare)).collect();
    let tag = match named {
        Some(name) => tags.iter().find(|tag| tag.name == name).cloned(),
        None => tags.iter().filter(|tag| is_on(tag, to, (source, wanted))).max_by(|a, b| a.cmp_version(b)).cloned(),
    };
    tags.retain(|tag| tag.version.is_some());
    tags.sort_by(Tag::cmp_version);
    if source.from.is_none() && wanted != Wanted::Everything {
        deepen::refuse_shallow(repo)?;
    }
    if tags.is_empty() && source.from.is_none() && source.first_version.is_none() {
        return Err(deepen::tagless(&bare));
    }
    let mut ends = Ends { history, tags: &tags, tag: tag.as_ref(), to };
    let from = match (&source.from, wanted) {
        (_, Wanted::Everything) => None,
        (Some(from), _) => Some(named_start(repo, from)?),
        (None, _) => ends.previous(wanted)?.map(|tag| From { name: tag.name.clone(), id: tag.commit }),
    };
    let base = ends.base(source.from.is_some().then_some(from.as_ref()).flatten())?;
    let past = ends.past(base.as_ref(), source.first_version.clone())?;
    let place = history.place(to);
    let time = match &tag {
        Some(tag) => time_of(repo, &tag.name)?,
        None => None,
    };
    let time = time.map_or_else(|| history.read(place).map(|commit| commit.time), Ok)?;
    let prefix = format!("{bare}{}", letter(&bare, tag.as_ref().or(base.as_ref()).or(tags.last())));
    let to_name = tag.as_ref().map_or_else(|| to.to_string(), |tag| tag.name.clone());
    Ok(Found { target: Target { to, to_name, tag, prefix, from, time }, base, past, tags })
}

/// The `v` that this repository writes between prefix and version; new repositories write one.
fn letter(bare: &str, like: Option<&Tag>) -> &'static str {
    match like.and_then(|tag| tag.name.strip_prefix(bare)) {
        Some(rest) if !rest.starts_with('v') => "",
        None if bare.ends_with('v') => "",
        _ => "v",
    }
}

/// Whether a tag is the one to release, where none is named: it names a version of the commit that is looked at.
fn is_on(tag: &Tag, to: Id, (source, wanted): (&Source, Wanted)) -> bool {
    let asked = source.to.is_none() && wanted == Wanted::Release;
    asked && tag.commit == to && tag.version.is_some()
}

/// The commit at the end, and the tag that it was named by.
fn end(
    repo: &Repository,
    names: &[(String, Id)],
    (source, wanted): (&Source, Wanted),
) -> Result<(Id, Option<String>), Incomplete> {
    let event = source.event_ref.as_deref().filter(|full| full.starts_with("refs/tags/"));
    let asked = source.to.as_deref().or(event.filter(|_| !matches!(wanted, Wanted::Next { .. })));
    let Some(asked) = asked else {
        let head = repo.head().or_fail(|| "read HEAD")?;
        let head = head.ok_or_else(|| Failure::inputs("read the history", "there is no commit yet"))?;
        return Ok((head, None));
    };
    let short = asked.strip_prefix("refs/tags/").unwrap_or(asked);
    if let Some((name, id)) = names.iter().find(|(name, _)| name == short) {
        return Ok((*id, Some(name.clone())));
    }
    let resolved = repo.resolve(asked).or_bad_input(|| format!("find {}", action::neutral(asked)))?;
    resolved.map(|id| (id, None)).ok_or_else(|| missing(repo, "to", asked))
}

fn named_start(repo: &Repository, from: &str) -> Result<From, Incomplete> {
    let resolved = repo.resolve(from).or_bad_input(|| format!("find {}", action::neutral(from)))?;
    let id = resolved.ok_or_else(|| missing(repo, "from", from))?;
    Ok(From { name: from.strip_prefix("refs/tags/").unwrap_or(from).to_owned(), id })
}

fn missing(repo: &Repository, input: &str, revision: &str) -> Incomplete {
    let cause = "this clone has no tag, branch or commit of that name";
    let failure = Failure::inputs(format!("find `{}` ({input})", action::neutral(revision)), cause);
    Incomplete { failure: failure.hint(deepen::remedy(repo)), fetch: true }
}

/// The tags as seen from the end.
struct Ends<'a, 'h, 'r> {
    history: &'h mut History<'r>,
    /// By version.
    tags: &'a [Tag],
    tag: Option<&'a Tag>,
    to: Id,
}

impl<'a> Ends<'a, '_, '_> {
    /// The tag before the end: the last of any kind for a pre-release, the last final one for all else.
    fn previous(&mut self, wanted: Wanted) -> Result<Option<&'a Tag>, Failure> {
        let pre = match self.tag.map(Tag::class) {
            Some(Class::Rc) => true,
            Some(Class::Final | Class::Other) => false,
            None => wanted == (Wanted::Next { pre: true }),
        };
        let fits = |tag: &&Tag| pre || tag.class() == Class::Final;
        if let Some(found) = self.highest(fits)? {
            return Ok(Some(found));
        }
        self.nearest(fits)
    }

    /// The fitting tag that no other one has in its history: for versions that fell, as after a change of the way of
    /// counting. Of several such the highest.
    fn nearest(&mut self, fits: impl Fn(&&Tag) -> bool) -> Result<Option<&'a Tag>, Failure> {
        let (start, tags, end) = (self.history.place(self.to), self.tags, self.to);
        let mut descent = Descent::from(self.history, start)?;
        let mut best: Option<&Tag> = None;
        for tag in tags.iter().rev().filter(fits).filter(|tag| tag.commit != end) {
            let place = self.history.place(tag.commit);
            if self.history.read(place).is_err() || !descent.reaches(self.history, place)? {
                continue;
            }
            let nearer = match best {
                Some(known) if known.commit == tag.commit => false,
                Some(known) => {
                    let known = self.history.place(known.commit);
                    Descent::from(self.history, place)?.reaches(self.history, known)?
                }
                None => true,
            };
            if nearer {
                best = Some(tag);
            }
        }
        Ok(best)
    }

    /// The highest fitting version below the tag at the end, or of all where that is none, in the history of the end.
    fn highest(&mut self, fits: impl Fn(&&Tag) -> bool) -> Result<Option<&'a Tag>, Failure> {
        let limit = self.tag.and_then(|tag| tag.version.clone());
        let tags = self.tags;
        let below = move |tag: &&'a Tag| match (&limit, &tag.version) {
            (Some(limit), Some(version)) => version.cmp_precedence(limit).is_lt(),
            _ => true,
        };
        self.first_reached(self.to, tags.iter().rev().filter(fits).filter(below))
    }

    fn first_reached(&mut self, end: Id, tags: impl Iterator<Item = &'a Tag>) -> Result<Option<&'a Tag>, Failure> {
        let start = self.history.place(end);
        let mut descent = Descent::from(self.history, start)?;
        for tag in tags {
            let place = self.history.place(tag.commit);
            // A tag of a file, or of a commit that is not here, is in nobody's history.
            if self.history.read(place).is_ok() && descent.reaches(self.history, place)? {
                return Ok(Some(tag));
            }
        }
        Ok(None)
    }

    /// The last final version: what the notes begin after if that is one, and otherwise the highest in the history.
    fn base(&mut self, named: Option<&From>) -> Result<Option<Tag>, Failure> {
        let is_final = |tag: &&Tag| tag.class() == Class::Final;
        let Some(named) = named else { return Ok(self.highest(is_final)?.cloned()) };
        let exact = self.tags.iter().rev().filter(is_final).find(|tag| tag.commit == named.id);
        let found = match exact {
            Some(tag) => Some(tag),
            None => self.first_reached(named.id, self.tags.iter().rev().filter(is_final))?,
        };
        Ok(found.cloned())
    }

    fn past(&mut self, base: Option<&Tag>, first: Option<Version>) -> Result<Past, Failure> {
        let base = base.and_then(|tag| tag.version.clone());
        let above = |tag: &&'a Tag| {
            let version = tag.version.as_ref().filter(|_| tag.class() == Class::Rc).map(core);
            version.is_some_and(|version| base.as_ref().is_none_or(|base| version > *base))
        };
        let start = self.history.place(self.to);
        let mut descent = Descent::from(self.history, start)?;
        let mut pending = Vec::new();
        for tag in self.tags.iter().rev().filter(above) {
            let place = self.history.place(tag.commit);
            if self.history.read(place).is_ok() && descent.reaches(self.history, place)? {
                pending.extend(tag.version.clone());
            }
        }
        let taken = self.tags.iter().filter_map(|tag| tag.version.clone()).collect();
        Ok(Past { base, pending, taken, first })
    }
}
