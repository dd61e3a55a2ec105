//! Reading commits, one or many.

use std::collections::{HashMap, HashSet};

use gix::objs::{CommitRefIter, Kind};

use crate::{Error, Id, Repository};

/// The facts of one commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its own id, which is not the asked one where that was a tag's.
    pub id: Id,
    /// Its root tree.
    pub tree: Id,
    /// Its parents as recorded, whether present or cut off by a shallow clone.
    pub parents: Vec<Id>,
    /// Committer time in seconds since 1970 (UTC); 0 where the commit has none that can be read.
    pub time: i64,
    /// The message, unchanged bytes.
    pub message: Vec<u8>,
}

impl Commit {
    /// The first parent, if there is one.
    #[must_use]
    pub fn first_parent(&self) -> Option<Id> {
        self.parents.first().copied()
    }

    /// Whether it has two or more parents.
    #[must_use]
    pub fn is_merge(&self) -> bool {
        self.parents.len() > 1
    }
}

impl Repository {
    /// Reads a commit; the id of an annotated tag stands for the commit that it names.
    pub fn commit(&self, id: Id) -> Result<Commit, Error> {
        let id = self.peel(id)?;
        let mut buffer = Vec::new();
        self.read(&id, &mut buffer)?;
        let what = |error: gix::Error| Error::gix(format!("read commit {id}"), &error);
        let mut iter = CommitRefIter::from_bytes(&buffer, self.format().kind());
        Ok(Commit {
            id,
            tree: iter.tree_id().map_err(what)?,
            parents: iter.parent_ids().collect(),
            time: iter.committer().map_or(0, |committer| committer.seconds()),
            message: iter.message().map(|message| message.to_vec()).unwrap_or_default(),
        })
    }
}

/// What a walk needs of a commit.
#[derive(Clone)]
pub(crate) struct Node {
    pub(crate) time: i64,
    /// Without those that a shallow clone has left behind.
    pub(crate) parents: Vec<Id>,
    /// Whether it has lost its parents to a shallow clone.
    pub(crate) cut: bool,
}

/// The commits of a walk, each read once.
pub(crate) struct History<'a> {
    repository: &'a Repository,
    shallow: HashSet<Id>,
    nodes: HashMap<Id, Node>,
    buffer: Vec<u8>,
}

impl<'a> History<'a> {
    pub(crate) fn new(repository: &'a Repository) -> Result<Self, Error> {
        let shallow = repository.shallow_commits()?.into_iter().collect();
        Ok(Self { repository, shallow, nodes: HashMap::new(), buffer: Vec::new() })
    }

    pub(crate) fn node(&mut self, id: Id) -> Result<Node, Error> {
        if let Some(node) = self.nodes.get(&id) {
            return Ok(node.clone());
        }
        let what = || format!("read commit {id}");
        match self.repository.read(&id, &mut self.buffer)? {
            Some(Kind::Commit) => {}
            Some(kind) => return Err(Error::new(what(), format!("it is a {kind}"))),
            None => return Err(Error::new(what(), "it is not in this clone")),
        }
        let iter = CommitRefIter::from_bytes(&self.buffer, self.repository.format().kind());
        let time = iter.committer().map_or(0, |committer| committer.seconds());
        let cut = self.shallow.contains(&id);
        let parents = if cut { Vec::new() } else { iter.parent_ids().collect() };
        let node = Node { time, parents, cut };
        self.nodes.insert(id, node.clone());
        Ok(node)
    }
}
