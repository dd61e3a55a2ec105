//! Which two states are compared: on a pull request the merge commit's first parent and the merge, else from the merge base.
use action::{Failure, Kind, Payload, Workflow};
use git::{Id, MergeBase, Repository};

/// The two sides, or why there are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Range {
    /// From this commit to HEAD, or to the work tree in a terminal.
    From {
        /// The older side.
        base: Id,
        /// What it is, for people.
        why: String,
    },
    /// This event changes nothing that could be compared.
    Nothing(String),
    /// There is an older side, and this clone does not have it.
    Missing {
        /// What is missing.
        what: String,
        /// What to do.
        hint: String,
    },
}

/// Names that default branches have, the commonest first.
const DEFAULT_BRANCHES: [&str; 4] = ["main", "master", "trunk", "develop"];
/// The remedy for most of what is missing.
const MORE_HISTORY: &str = "give actions/checkout `fetch-depth: 2` on a pull request, else `fetch-depth: 0`";

/// Chooses by the name that was asked for, else by the event, else by the default branch; nothing is fetched.
///
/// # Errors
/// A repository or an event that cannot be read.
pub fn choose(repo: &Repository, workflow: &Workflow, (head, asked): (Id, Option<&str>)) -> Result<Range, Failure> {
    let chooser = Chooser { repo, workflow, head };
    match asked {
        Some(name) => chooser.named(name),
        None if is_workflow(workflow) => chooser.by_event(),
        None => chooser.local(),
    }
}

struct Chooser<'a> {
    repo: &'a Repository,
    workflow: &'a Workflow,
    head: Id,
}

impl Chooser<'_> {
    fn named(&self, name: &str) -> Result<Range, Failure> {
        let mut candidates = vec![name.to_owned(), format!("refs/remotes/origin/{name}"), format!("refs/tags/{name}")];
        if is_workflow(self.workflow) {
            // A clone's own branch of that name may be old.
            candidates.swap(0, 1);
        }
        for candidate in candidates {
            if let Some(id) = self.repo.resolve(&candidate).map_err(failed)? {
                return self.merge_base(id, name);
            }
        }
        Ok(Range::Missing {
            what: format!("the base {} is no branch, tag or commit of this clone", action::neutral(name)),
            hint: MORE_HISTORY.to_owned(),
        })
    }

    fn by_event(&self) -> Result<Range, Failure> {
        let event = if self.workflow.event_path.is_some() { Some(self.workflow.event()?) } else { None };
        match event.as_ref().map(|event| &event.payload) {
            Some(Payload::PullRequest(pull)) => {
                let head_sha = pull.head.sha.as_deref().unwrap_or_default();
                let base_sha = pull.base.sha.as_deref().unwrap_or_default();
                self.pull_request(head_sha, base_sha)
            }
            Some(Payload::MergeGroup(group)) => {
                self.commit(group.base_sha.as_deref().unwrap_or_default(), "the commit that the merge group builds on")
            }
            Some(Payload::Push(push)) => match &push.before {
                Some(before) => self.commit(before, "the commit before this push"),
                None => Ok(Range::Nothing("a first push has nothing before it".to_owned())),
            },
            _ => {
                let event = self.workflow.event_name.as_deref().unwrap_or("nameless");
                Ok(Range::Nothing(format!("the event {} compares nothing", action::neutral(event))))
            }
        }
    }

    /// The tree that was measured is the merge's, so what the pull request changes is what the merge adds to its base.
    fn pull_request(&self, head_sha: &str, base_sha: &str) -> Result<Range, Failure> {
        let commit = self.repo.commit(self.head).map_err(failed)?;
        let pull_head = Id::from_hex(head_sha.as_bytes()).ok();
        let of_pull = |second: &Id| pull_head == Some(*second) || self.is_checked_out_merge();
        match commit.parents.as_slice() {
            [first, second] if pull_head != Some(self.head) && of_pull(second) => {
                if self.repo.has(*first) {
                    return Ok(self.from(*first, "the first parent of the pull request's merge commit"));
                }
                Ok(Range::Missing {
                    what: format!("the merge commit's first parent {} is not in this clone", short(first)),
                    hint: "give actions/checkout `fetch-depth: 2`".to_owned(),
                })
            }
            _ => match self.id(base_sha)? {
                Some(base) => self.merge_base(base, "the pull request's base"),
                None => Ok(self.missing("the pull request's base", base_sha)),
            },
        }
    }

    fn is_checked_out_merge(&self) -> bool {
        let merge = |name: &str| name.starts_with("refs/pull/") && name.ends_with("/merge");
        self.workflow.ref_full.as_deref().is_some_and(merge)
            && self.workflow.sha.as_deref() == Some(self.head.to_string().as_str())
    }

    /// A commit that is compared with directly.
    fn commit(&self, sha: &str, why: &str) -> Result<Range, Failure> {
        Ok(match self.id(sha)? {
            Some(id) => self.from(id, why),
            None => self.missing(why, sha),
        })
    }

    fn local(&self) -> Result<Range, Failure> {
        for name in DEFAULT_BRANCHES {
            for full in [format!("refs/remotes/origin/{name}"), format!("refs/heads/{name}")] {
                if let Some(id) = self.repo.resolve(&full).map_err(failed)? {
                    return self
                        .merge_base(id, full.trim_start_matches("refs/remotes/").trim_start_matches("refs/heads/"));
                }
            }
        }
        Ok(Range::Missing {
            what: "no default branch was found, and no base was given".to_owned(),
            hint: "name one: `--base REVISION`".to_owned(),
        })
    }

    fn merge_base(&self, other: Id, shown: &str) -> Result<Range, Failure> {
        let shown = action::neutral(shown);
        Ok(match self.repo.merge_base(other, self.head).map_err(failed)? {
            MergeBase::Found(id) if id == self.head => self.from(id, "HEAD, for local changes"),
            MergeBase::Found(id) => self.from(id, &format!("the merge base with {shown}")),
            MergeBase::None => Range::Missing {
                what: format!("HEAD and {shown} share no history"),
                hint: "name another base".to_owned(),
            },
            MergeBase::Unknown => Range::Missing {
                what: format!("the history is cut off before HEAD and {shown} meet"),
                hint: MORE_HISTORY.to_owned(),
            },
        })
    }

    fn from(&self, base: Id, why: &str) -> Range {
        Range::From { base, why: why.to_owned() }
    }

    fn missing(&self, what: &str, sha: &str) -> Range {
        let what = format!("{what}, {}, is not in this clone", action::neutral(sha));
        Range::Missing { what, hint: MORE_HISTORY.to_owned() }
    }

    /// A commit that is present, by its full id.
    fn id(&self, sha: &str) -> Result<Option<Id>, Failure> {
        let full = matches!(sha.len(), 40 | 64) && sha.bytes().all(|byte| byte.is_ascii_hexdigit());
        if full { self.repo.resolve(sha).map_err(failed) } else { Ok(None) }
    }
}

/// The first ten digits of an id.
fn short(id: &Id) -> String {
    id.to_string().chars().take(10).collect()
}

/// Whether a workflow runs this; an event's name alone is enough, for runners that set little else.
pub fn is_workflow(workflow: &Workflow) -> bool {
    workflow.in_actions || workflow.event_name.is_some()
}

/// What the repository could not do. Its error says "could not …" already, as a failure does.
fn failed(error: git::Error) -> Failure {
    Failure::told(Kind::Outside, error)
}
