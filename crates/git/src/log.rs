//! Reading many commits for a log: each once, borrowed from one buffer.

use std::collections::HashSet;

use gix::objs::{Kind, TagRefIter};

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
        read(&self.buffer, cut).ok_or_else(|| Error::new(what(), "its parents cannot be read"))
    }
}

/// Reads the bytes of a commit; `None` where a parent is no id. Authors and dates that are not as they should be, as old
/// tools wrote them, are empty and 0.
fn read(mut rest: &[u8], cut: bool) -> Option<LogCommit<'_>> {
    let mut commit =
        LogCommit { parents: Vec::new(), cut, time: 0, author: b"", email: b"", encoding: None, message: b"" };
    loop {
        let end = gix::bstr::ByteSlice::find_byte(rest, b'\n').unwrap_or(rest.len());
        let (line, after) = (&rest[..end], rest.get(end + 1..).unwrap_or_default());
        if line.is_empty() {
            commit.message = after;
            return Some(commit);
        }
        rest = after;
        if let Some(parent) = line.strip_prefix(b"parent ") {
            let parent = Id::from_hex(parent).ok()?;
            if !cut {
                commit.parents.push(parent);
            }
        } else if let Some(author) = line.strip_prefix(b"author ") {
            (commit.author, commit.email, _) = person(author);
        } else if let Some(committer) = line.strip_prefix(b"committer ") {
            commit.time = person(committer).2;
        } else if let Some(name) = line.strip_prefix(b"encoding ") {
            commit.encoding = Some(name);
        }
    }
}

/// Name, address and time of `A B <a@b.example> 1700000000 +0100`.
fn person(line: &[u8]) -> (&[u8], &[u8], i64) {
    let open = line.iter().position(|&byte| byte == b'<').unwrap_or(line.len());
    let close = line.iter().rposition(|&byte| byte == b'>').filter(|&close| close > open).unwrap_or(line.len());
    let email = line.get(open + 1..close).unwrap_or_default();
    let words = line.get(close + 1..).unwrap_or_default().split(|&byte| byte == b' ');
    let time = words.filter_map(|word| std::str::from_utf8(word).ok()?.parse().ok()).next();
    (line[..open].trim_ascii(), email, time.unwrap_or(0))
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: Option<(usize, &str, &str, i64, &str)>) {
        let text = text.replace("ID", &"1".repeat(40));
        let found = read(text.as_bytes(), false);
        let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let found = found.map(|c| (c.parents.len(), shown(c.author), shown(c.email), c.time, shown(c.message)));
        let expected =
            expected.map(|(parents, a, e, time, m)| (parents, a.to_owned(), e.to_owned(), time, m.to_owned()));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn commits_are_read_as_they_are() {
        let person = "author A B <a@b> 1 +0000\ncommitter C <c@d> 1700000000 -0130\n";
        check(&format!("tree ID\n{person}\nfix: a\n\nb\n"), Some((0, "A B", "a@b", 1_700_000_000, "fix: a\n\nb\n")));
        check(
            &format!("tree ID\nparent ID\nparent ID\n{person}gpgsig -----\n author x\n -----\n\nm"),
            Some((2, "A B", "a@b", 1_700_000_000, "m")),
        );
        check("tree ID\nauthor x\ncommitter <y> later\n\nm", Some((0, "x", "", 0, "m")));
        check("tree ID\ncommitter C <c@d> -5 +0000\n", Some((0, "", "", -5, "")));
        check("tree ID\nparent main\n\nm", None);
        check("", Some((0, "", "", 0, "")));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_commit_or_not(bytes in prop::collection::vec(prop::sample::select(&b"author <>\n 1tprecmit-x"[..]), 0..80)) {
            let _ = read(&bytes, true);
        }
    }
}
