//! Reading many commits for a log: each once, borrowed from one buffer.

use std::collections::HashSet;

use gix::objs::commit::ref_iter::Token;
use gix::objs::{CommitRefIter, Kind, TagRefIter};

use crate::{Error, Id, Repository};

/// What a log tells of a commit, borrowed until the next one is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogCommit<'a> {
    /// Its parents that are present; none where a shallow clone cut them off.
    pub parents: Vec<Id>,
    /// Whether it has lost its parents to a shallow clone.
    pub cut: bool,
    /// Committer time in seconds since 1970 (UTC); 0 where the commit has none that can be read.
    pub time: i64,
    /// The author's name, unchanged bytes.
    pub author: &'a [u8],
    /// The author's address, unchanged bytes.
    pub email: &'a [u8],
    /// The name of the message's encoding where it is not UTF-8.
    pub encoding: Option<&'a [u8]>,
    /// The message, unchanged bytes.
    pub message: &'a [u8],
}

/// Reads commits one after the other.
pub struct Log<'r> {
    repository: &'r Repository,
    shallow: HashSet<Id>,
    buffer: Vec<u8>,
}

impl<'r> Log<'r> {
    /// Opens a log of a repository.
    ///
    /// # Errors
    /// The list of a shallow clone's ends cannot be read.
    pub fn new(repository: &'r Repository) -> Result<Self, Error> {
        let shallow = repository.shallow_commits()?.into_iter().collect();
        Ok(Self { repository, shallow, buffer: Vec::new() })
    }

    /// Reads a commit by its id, which must be a commit's and not a tag's.
    ///
    /// # Errors
    /// It is not in this clone, is no commit, or is broken.
    pub fn read(&mut self, id: Id) -> Result<LogCommit<'_>, Error> {
        let what = || format!("read commit {id}");
        match self.repository.read(&id, &mut self.buffer)? {
            Some(Kind::Commit) => {}
            Some(kind) => return Err(Error::new(what(), format!("it is a {kind}"))),
            None => return Err(Error::new(what(), "it is not in this clone")),
        }
        let cut = self.shallow.contains(&id);
        let mut commit =
            LogCommit { parents: Vec::new(), cut, time: 0, author: b"", email: b"", encoding: None, message: b"" };
        for token in CommitRefIter::from_bytes(&self.buffer, self.repository.format().kind()) {
            match token.map_err(|error| Error::gix(what(), &error))? {
                Token::Parent { id } if !cut => commit.parents.push(id),
                Token::Author { signature } => (commit.author, commit.email) = (signature.name, signature.email),
                Token::Committer { signature } => commit.time = signature.seconds(),
                Token::Encoding(name) => commit.encoding = Some(name),
                Token::Message(message) => commit.message = message,
                Token::Tree { .. } | Token::Parent { .. } | Token::ExtraHeader(_) => {}
            }
        }
        Ok(commit)
    }
}

impl Repository {
    /// When an annotated tag was made, in seconds since 1970 (UTC); `None` for a tag that is a mere name of a commit, for
    /// one without a tagger, and for a name without a tag.
    ///
    /// # Errors
    /// The tag cannot be read.
    pub fn tag_time(&self, name: &str) -> Result<Option<i64>, Error> {
        let full = format!("refs/tags/{name}");
        let Some(id) = self.unpeeled(&full)? else { return Ok(None) };
        let mut buffer = Vec::new();
        if self.read(&id, &mut buffer)? != Some(Kind::Tag) {
            return Ok(None);
        }
        let tagger = TagRefIter::from_bytes(&buffer, self.format().kind()).tagger();
        let tagger = tagger.map_err(|error| Error::gix(format!("read tag {name}"), &error))?;
        Ok(tagger.map(|tagger| tagger.seconds()))
    }

    /// How many commits `to` has in its history that `not` has not in its own, as `git rev-list --count` counts them.
    ///
    /// # Errors
    /// There is no git command, or it fails.
    pub fn count_by_git(&self, to: Id, not: &[Id]) -> Result<u64, Error> {
        let mut args = vec!["rev-list".to_owned(), "--count".to_owned(), to.to_string()];
        args.extend(not.iter().map(|id| format!("^{id}")));
        let printed = self.git().offline().args(args).output()?;
        let count = std::str::from_utf8(&printed).ok().and_then(|count| count.trim_end().parse().ok());
        count.ok_or_else(|| Error::new("count the commits", "git's answer makes no sense"))
    }

    /// The address of a remote as it is configured; `None` where there is none, or where gix cannot open the repository.
    #[must_use]
    pub fn remote_url(&self, name: &str) -> Option<String> {
        let config = self.gix.as_ref()?.config_snapshot();
        config.string(&format!("remote.{name}.url")).map(|url| url.to_string())
    }
}
