//! From the name of a revision to a commit.

use gix::objs::Kind;
use gix::refs::Target;
use gix::revision::spec::parse::Error as ParseError;

use crate::{Error, Format, Id, Repository};

/// More tags of tags than anyone makes.
const MOST_TAGS: usize = 64;

impl Repository {
    /// The commit that a revision names; `None` when nothing has that name.
    ///
    /// Any expression of `git rev-parse` is understood (`main~2`, `v1^{}`, `HEAD@{1}`), and an unambiguous short id.
    /// Forty (or 64) lower-case hex digits are an id when such a commit is present, and otherwise a name like others.
    pub fn resolve(&self, revision: &str) -> Result<Option<Id>, Error> {
        if revision.is_empty() || revision.contains('\0') {
            return Ok(None);
        }
        if let Some(id) = self.full_id(revision).filter(|id| self.has(*id)) {
            return self.peel(id).map(Some);
        }
        let Some(gix) = &self.gix else { return self.resolve_by_git(revision) };
        // Messages are searched by regular expressions, which gix takes for plain text without a whole engine for them.
        if revision.contains(":/") || revision.contains("{/") {
            self.note(|| format!("'{revision}' searches commit messages"));
            return self.resolve_by_git(revision);
        }
        if let Some(id) = reference(gix, revision)? {
            return self.peel(id).map(Some);
        }
        match gix.rev_parse_single(revision) {
            // A full id resolves without being present.
            Ok(id) if self.full_id(revision) == Some(id.detach()) => Ok(None),
            Ok(id) => self.peel(id.detach()).map(Some),
            Err(error) => match error.downcast_any_ref::<ParseError>() {
                Some(ParseError::AmbiguousPrefix { .. }) => {
                    Err(Error::new(format!("resolve '{revision}'"), "more than one object's id starts so"))
                }
                _ if is_plain(revision) && !self.is_overlooked(revision) => Ok(None),
                _ => {
                    let found = self.resolve_by_git(revision)?;
                    if found.is_some() {
                        self.note(|| Error::gix(format!("resolve '{revision}'"), &error).to_string());
                    }
                    Ok(found)
                }
            },
        }
    }

    /// The checked-out commit; `None` before the first commit.
    pub fn head(&self) -> Result<Option<Id>, Error> {
        let Some(gix) = &self.gix else { return self.resolve_by_git("HEAD") };
        reference(gix, "HEAD")?.map(|id| self.peel(id)).transpose()
    }

    /// The full name of the checked-out branch (`refs/heads/main`), born or not; `None` when HEAD is detached.
    pub fn head_name(&self) -> Result<Option<String>, Error> {
        let name = match &self.gix {
            Some(gix) => {
                let head = gix.head_name().map_err(|error| Error::gix("read HEAD", &error))?;
                head.map(|name| name.as_bstr().to_string())
            }
            // It exits 1 and says nothing for a detached HEAD.
            None => match self.git().args(["symbolic-ref", "--quiet", "HEAD"]).output() {
                Ok(name) => Some(String::from_utf8_lossy(&name).trim_end().to_owned()),
                Err(error) if error.cause().starts_with("exit status: 1") => None,
                Err(error) => return Err(error),
            },
        };
        Ok(name)
    }

    /// `name` as a full id of this repository's format.
    fn full_id(&self, name: &str) -> Option<Id> {
        let digits = name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        (digits && name.len() == 2 * self.format().id_len()).then(|| Id::from_hex(name.as_bytes()).ok()).flatten()
    }

    /// Whether gix may overlook it: 0.89 finds no loose object of a SHA-256 repository by a short id.
    fn is_overlooked(&self, name: &str) -> bool {
        self.format() == Format::Sha256 && name.len() >= 4 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
    }

    /// The object that a reference names by its full name, be it a tag's; `None` when there is none.
    pub(crate) fn unpeeled(&self, name: &str) -> Result<Option<Id>, Error> {
        if let Some(gix) = &self.gix {
            return reference(gix, name);
        }
        let printed = self.git().offline().args(["for-each-ref", "--format=%(objectname)", name]).output()?;
        let id = printed.trim_ascii();
        if id.is_empty() {
            return Ok(None);
        }
        Id::from_hex(id).map(Some).map_err(|error| Error::new(format!("read reference '{name}'"), error))
    }

    fn resolve_by_git(&self, revision: &str) -> Result<Option<Id>, Error> {
        let asked = self.git().offline().args(["rev-parse", "--verify", "--quiet", "--end-of-options", revision]);
        match asked.output() {
            Ok(answer) => {
                let id = Id::from_hex(answer.trim_ascii_end());
                self.peel(id.map_err(|error| Error::new(format!("resolve '{revision}'"), error))?).map(Some)
            }
            Err(error) if error.cause().starts_with("exit status: 1") => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Follows annotated tags to the commit.
    pub(crate) fn peel(&self, id: Id) -> Result<Id, Error> {
        let mut buffer = Vec::new();
        let mut at = id;
        for _ in 0..MOST_TAGS {
            match self.read(&at, &mut buffer)? {
                Some(Kind::Commit) => return Ok(at),
                Some(Kind::Tag) => {
                    let target = gix::objs::TagRefIter::from_bytes(&buffer, self.format().kind()).target_id();
                    at = target.map_err(|error| Error::gix(format!("read tag {at}"), &error))?;
                }
                Some(kind) => return Err(Error::new(format!("read commit {id}"), format!("it is a {kind}"))),
                None => return Err(Error::new(format!("read commit {at}"), "it is not in this clone")),
            }
        }
        Err(Error::new(format!("read commit {id}"), "it is a tag of a tag of a tag, and so on"))
    }
}

/// The object that a reference names, by its full name or as git completes a short one.
fn reference(gix: &gix::Repository, name: &str) -> Result<Option<Id>, Error> {
    /// More symbolic references in a row than git follows.
    const LONGEST: usize = 8;
    let Ok(found) = gix.refs.try_find(name) else { return Ok(None) };
    let mut found = found;
    for _ in 0..LONGEST {
        match found.map(|reference| reference.target) {
            None => return Ok(None),
            Some(Target::Object(id)) => return Ok(Some(id)),
            Some(Target::Symbolic(next)) => {
                let read = gix.refs.try_find(next.as_ref());
                found = read.map_err(|error| Error::gix(format!("read reference '{name}'"), &error))?;
            }
        }
    }
    Err(Error::new(format!("read reference '{name}'"), "it leads from reference to reference"))
}

/// A mere name: no operator, and no file such as `FETCH_HEAD`, that gix may not know.
fn is_plain(revision: &str) -> bool {
    let operator = revision.contains(['^', '~', ':', '@', '{']) || revision.contains("..");
    !operator && !revision.ends_with("_HEAD")
}
