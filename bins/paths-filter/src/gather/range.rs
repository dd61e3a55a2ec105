//! Which two states of the repository are compared, and why: one answer for every event.
//!
//! The rules are those of dorny/paths-filter 4 with its wrong answers mended; ARCHITECTURE and the README list the differences.
use action::Failure;
use git::{Id, MergeBase, PreviousTag, Repository};

use super::failed;
use super::fetch::{FETCHED, Fetcher};
use super::situation::{Kind, PullRequest, Situation};

/// The older side of the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    /// A commit.
    Commit(Id),
    /// Nothing: every tracked file counts as added.
    Nothing,
}

/// The newer side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Head {
    /// A commit.
    Commit(Id),
    /// The work tree with its index, on top of this commit.
    WorkTree(Option<Id>),
}

/// The two sides, why they were chosen, and what stays unsure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) base: Base,
    pub(crate) head: Head,
    /// What the base is, for people: "the merge base with origin/main".
    pub(crate) why: String,
    /// Why more may have changed than this comparison shows.
    pub(crate) doubt: Option<String>,
}

/// What the user asked for, beside the event.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Asked<'a> {
    pub(crate) base: Option<&'a str>,
    pub(crate) head: Option<&'a str>,
    pub(crate) tag_base: Option<&'a str>,
}

/// Chooses. Fetches at most once, and only in a workflow.
pub(crate) fn choose(
    repo: &Repository,
    situation: &Situation,
    asked: Asked<'_>,
    fetcher: &mut Fetcher<'_>,
) -> Result<Range, Failure> {
    if asked.base == Some("HEAD") {
        let head = repo.head().map_err(failed)?;
        let base = head.map_or(Base::Nothing, Base::Commit);
        return Ok(Range { base, head: Head::WorkTree(head), why: "HEAD, for local changes".into(), doubt: None });
    }
    let head = repo.head().map_err(failed)?.ok_or_else(no_commit)?;
    let mut chooser = Chooser { repo, situation, asked, fetcher, head };
    if let Some(name) = asked.head {
        chooser.head = chooser.lookup(name)?.ok_or_else(|| unknown_revision("ref", name))?;
    }
    chooser.by_event()
}

struct Chooser<'a, 'f> {
    repo: &'a Repository,
    situation: &'a Situation,
    asked: Asked<'a>,
    fetcher: &'a mut Fetcher<'f>,
    head: Id,
}

impl Chooser<'_, '_> {
    fn range(&self, base: Base, why: impl Into<String>) -> Range {
        Range { base, head: Head::Commit(self.head), why: why.into(), doubt: None }
    }

    fn by_event(&mut self) -> Result<Range, Failure> {
        let situation = self.situation;
        match &situation.kind {
            Kind::PullRequest(pull) if self.asked.base.is_none() => self.pull_request(pull),
            Kind::MergeGroup { base } if self.asked.base.is_none() => {
                self.two_dot(base, "the commit that the merge group builds on")
            }
            _ => self.by_ref(),
        }
    }

    fn pull_request(&mut self, pull: &PullRequest) -> Result<Range, Failure> {
        let head = self.repo.commit(self.head).map_err(failed)?;
        let pull_head = Id::from_hex(pull.head_sha.as_bytes()).ok();
        let is_pull_head = pull_head == Some(self.head);
        let of_this_pull = |second: &Id| pull_head == Some(*second) || self.is_checked_out_merge();
        if let ([first, second], false) = (head.parents.as_slice(), is_pull_head)
            && of_this_pull(second)
        {
            return self.two_dot(&first.to_string(), "the first parent of the pull request's merge commit");
        }
        if !is_pull_head
            && !pull.head_sha.is_empty()
            && self.asked.head.is_none()
            && !self.has_inside(&pull.head_sha)?
        {
            // Something else is checked out, as pull_request_target does: the head's trees are enough, no checkout.
            let wants = [format!("refs/pull/{}/head", pull.number), pull.base_sha.clone()];
            self.fetcher.history(self.repo, &wants)?;
            match self.id(&pull.head_sha)? {
                Some(id) => self.head = id,
                None => return Ok(self.all(format!("the pull request's head {} is not to be had", pull.head_sha))),
            }
        }
        self.three_dot(&pull.base_sha, "the pull request's base")
    }

    /// Whether HEAD is the commit of this run, and this run's ref is a pull request's merge ref.
    fn is_checked_out_merge(&self) -> bool {
        let is_merge_ref =
            self.situation.git_ref.as_deref().is_some_and(|r| r.starts_with("refs/pull/") && r.ends_with("/merge"));
        is_merge_ref && self.situation.sha == Some(self.head.to_string())
    }

    /// Whether the pull request's head is HEAD or below it, so that HEAD is a checkout of the user's own choice.
    fn has_inside(&self, sha: &str) -> Result<bool, Failure> {
        let Some(id) = self.id(sha)? else { return Ok(false) };
        let base = self.repo.merge_base(id, self.head).map_err(failed)?;
        Ok(base == MergeBase::Found(id))
    }

    fn by_ref(&mut self) -> Result<Range, Failure> {
        let situation = self.situation;
        let current = situation.branch_or_tag();
        let base = self.asked.base.map(short).filter(|base| Some(*base) != current.map(short));
        let same_asked = self.asked.base.is_some() && base.is_none();
        if let Some(base) = base {
            return self.compare(base);
        }
        if let Some(tag) = situation.git_ref.as_deref().and_then(|name| name.strip_prefix("refs/tags/")) {
            return self.tag(tag);
        }
        let default = situation.default_branch.as_deref().filter(|default| Some(*default) != current.map(short));
        match (&situation.kind, default) {
            (Kind::Push { before: Some(before) }, None) => self.before(before),
            (Kind::Push { before: Some(before) }, Some(_)) if same_asked => self.before(before),
            (_, Some(default)) if !same_asked || situation.is_push() => {
                let name = format!("{default}, the default branch");
                self.three_dot_named(default, &name)
            }
            (Kind::Push { before: None }, _) if situation.default_branch.is_some() => {
                Ok(self.range(Base::Nothing, "nothing, because this is the first push"))
            }
            (Kind::Push { before: None }, _) => Ok(self.all("the default branch is not known".to_owned())),
            _ => self.last_commit(),
        }
    }

    /// What a push replaced; when a force push has lost it, the next best thing and a doubt.
    fn before(&mut self, before: &str) -> Result<Range, Failure> {
        let range = self.two_dot(before, "the commit before this push")?;
        if range.doubt.is_none() {
            return Ok(range);
        }
        let lost = format!("the commit before this push, {before}, is not to be had");
        let current = self.situation.branch_or_tag().map(short);
        let default = self.situation.default_branch.as_deref().filter(|default| Some(*default) != current);
        if let Some(default) = default
            && let Some(id) = self.lookup_local(default)?
            && let MergeBase::Found(base) = self.repo.merge_base(id, self.head).map_err(failed)?
        {
            let mut range =
                self.range(Base::Commit(base), format!("the merge base with {default}, for want of a better"));
            range.doubt = Some(lost);
            return Ok(range);
        }
        Ok(self.all(lost))
    }

    fn last_commit(&mut self) -> Result<Range, Failure> {
        let head = self.repo.commit(self.head).map_err(failed)?;
        let mut range = match head.first_parent() {
            Some(parent) => self.two_dot(&parent.to_string(), "the first parent of HEAD")?,
            None => self.range(Base::Nothing, "nothing, because HEAD is the first commit"),
        };
        if self.situation.is_workflow() && range.doubt.is_none() {
            let event = &self.situation.event;
            range.doubt =
                Some(format!("a {event} event has no earlier state to compare with, so only the last commit is known"));
        }
        Ok(range)
    }

    fn tag(&mut self, tag: &str) -> Result<Range, Failure> {
        if let Some(base) = self.asked.tag_base {
            return self.compare(base);
        }
        let found = |repo: &Repository, head| repo.previous_tag(head, Some(tag)).map_err(failed);
        let mut previous = found(self.repo, self.head)?;
        // A clone may be complete and still lack the tags, so "none" is asked again as well.
        if !matches!(previous, PreviousTag::Found { .. }) {
            self.fetcher.tags(self.repo, self.head)?;
            previous = found(self.repo, self.head)?;
        }
        Ok(match previous {
            PreviousTag::Found { name, id } => self.range(Base::Commit(id), format!("{name}, the tag before {tag}")),
            PreviousTag::None => self.range(Base::Nothing, format!("nothing, because no tag comes before {tag}")),
            PreviousTag::Unknown => self.all("the history is cut off before any earlier tag".to_owned()),
        })
    }

    /// A base that the user named: a full id is compared directly, everything else from the merge base.
    fn compare(&mut self, base: &str) -> Result<Range, Failure> {
        if is_full_id(base) {
            return self.two_dot(base, "the given commit");
        }
        self.three_dot_named(base, base)
    }

    fn three_dot_named(&mut self, name: &str, shown: &str) -> Result<Range, Failure> {
        match self.lookup(name)? {
            Some(id) => self.three_dot(&id.to_string(), shown),
            None if self.situation.is_workflow() => {
                Ok(self.all(format!("`{name}` is no revision here, and the remote has no branch or tag of that name")))
            }
            None => Err(unknown_revision("base", name)),
        }
    }

    /// From `base` itself.
    fn two_dot(&mut self, base: &str, why: &str) -> Result<Range, Failure> {
        if self.id(base)?.is_none() {
            self.fetcher.commit(self.repo, base)?;
        }
        match self.id(base)? {
            Some(id) => Ok(self.range(Base::Commit(id), why)),
            None if self.situation.is_workflow() => Ok(self.all(format!("{why}, {base}, is not to be had"))),
            None => Err(unknown_revision("base", base)),
        }
    }

    /// From where `base` and HEAD parted.
    fn three_dot(&mut self, base: &str, shown: &str) -> Result<Range, Failure> {
        let mut known = self.common(base)?;
        if matches!(known, None | Some((_, MergeBase::Unknown))) {
            let head = self.head.to_string();
            self.fetcher.history(self.repo, &[base.to_owned(), head])?;
            known = self.common(base)?;
        }
        match known {
            Some((_, MergeBase::Found(id))) => Ok(self.range(Base::Commit(id), format!("the merge base with {shown}"))),
            Some((id, MergeBase::None)) => {
                let mut range =
                    self.range(Base::Commit(id), format!("{shown} itself, because it shares no history with HEAD"));
                range.doubt = Some(format!("HEAD and {shown} share no history"));
                Ok(range)
            }
            Some((_, MergeBase::Unknown)) => {
                Ok(self.all(format!("the history is cut off before HEAD and {shown} meet")))
            }
            None => Ok(self.all(format!("{shown}, {base}, is not to be had"))),
        }
    }

    fn common(&self, base: &str) -> Result<Option<(Id, MergeBase)>, Failure> {
        let Some(id) = self.id(base)? else { return Ok(None) };
        let base = self.repo.merge_base(id, self.head).map_err(failed)?;
        Ok(Some((id, base)))
    }

    /// Every tracked file, in doubt.
    fn all(&self, doubt: String) -> Range {
        let mut range = self.range(Base::Nothing, "nothing, because the true base is not known");
        range.doubt = Some(doubt);
        range
    }

    /// A commit that is present, by its full id.
    fn id(&self, sha: &str) -> Result<Option<Id>, Failure> {
        if !is_full_id(sha) {
            return Ok(None);
        }
        self.repo.resolve(sha).map_err(failed)
    }

    /// A branch of the remote, a tag or any other revision; fetched when it is not here.
    fn lookup(&mut self, name: &str) -> Result<Option<Id>, Failure> {
        if let Some(id) = self.lookup_local(name)? {
            return Ok(Some(id));
        }
        if !self.fetcher.named(self.repo, name, self.head)? {
            return Ok(None);
        }
        self.repo.resolve(FETCHED).map_err(failed)
    }

    /// In a workflow the remote's branch comes first: a clone's own branch of that name may be old. In a terminal git's order holds.
    fn lookup_local(&self, name: &str) -> Result<Option<Id>, Failure> {
        let remote = format!("refs/remotes/{}/{}", self.fetcher.remote(), short(name));
        let (tag, plain) = (format!("refs/tags/{name}"), name.to_owned());
        let order = if self.situation.is_workflow() { [remote, tag, plain] } else { [plain, remote, tag] };
        for candidate in order {
            if let Some(id) = self.repo.resolve(&candidate).map_err(failed)? {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }
}

/// A branch's or tag's name without its namespace.
fn short(name: &str) -> &str {
    name.strip_prefix("refs/heads/").or_else(|| name.strip_prefix("refs/tags/")).unwrap_or(name)
}

/// Only 40 or 64 hexadecimal digits are an id; a branch may well be called by 40 other characters.
pub(crate) fn is_full_id(name: &str) -> bool {
    matches!(name.len(), 40 | 64) && name.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

fn no_commit() -> Failure {
    Failure::inputs("read HEAD", "the repository has no commit yet").hint("commit something first")
}

fn unknown_revision(input: &str, name: &str) -> Failure {
    Failure::inputs(format!("find {input} `{name}`"), "it is no revision of this repository")
        .hint("give a branch, a tag or a commit; `git branch --all` lists branches")
}
