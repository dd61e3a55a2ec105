//! Listing the names of a commit or of the index.

use crate::diff::{broken_tree, too_many_trees};
use crate::entries::Entry;
use crate::scope::Reach;
use crate::{Error, Id, Mode, Repository, Scope};

/// One folder of the listing.
struct Level {
    tree: Vec<u8>,
    at: usize,
    path_len: usize,
    reach: Reach,
}

/// The walk down a tree; its stack lies on the heap, because trees can be nested as deep as one likes.
struct Walk<'a> {
    repository: &'a Repository,
    scope: &'a Scope,
    path: Vec<u8>,
    levels: Vec<Level>,
    /// Buffers to use again.
    spare: Vec<Vec<u8>>,
    /// How many more trees may be read.
    trees_left: usize,
}

impl Repository {
    /// Visits every file, link and submodule of a commit in the scope, in the order of `git ls-tree -r --full-tree`.
    pub fn tracked(&self, commit: Id, scope: &Scope, visit: impl FnMut(Mode, &Id, &[u8])) -> Result<(), Error> {
        let root = self.commit(commit)?.tree;
        self.tracked_below(&root, scope, visit)
    }

    /// The same of a tree.
    pub(crate) fn tracked_below(
        &self,
        root: &Id,
        scope: &Scope,
        mut visit: impl FnMut(Mode, &Id, &[u8]),
    ) -> Result<(), Error> {
        let mut walk = Walk {
            repository: self,
            scope,
            path: Vec::new(),
            levels: Vec::new(),
            spare: Vec::new(),
            trees_left: self.folder_limit(),
        };
        walk.enter(root)?;
        let id_len = self.format().id_len();
        while let Some(level) = walk.levels.last_mut() {
            walk.path.truncate(level.path_len);
            if level.at == level.tree.len() {
                walk.spare.extend(walk.levels.pop().map(|level| level.tree));
                continue;
            }
            let entry = Entry::first(&level.tree[level.at..], id_len).ok_or_else(|| broken_tree(&walk.path))?;
            let (mode, id) = (entry.mode, Id::from_bytes_or_panic(entry.id));
            walk.path.extend_from_slice(entry.name);
            level.at += entry.len;
            if mode.is_tree() {
                walk.path.push(b'/');
                walk.enter(&id)?;
            } else if level.reach == Reach::Everything || scope.contains(&walk.path) {
                visit(mode, &id, &walk.path);
            }
        }
        Ok(())
    }

    /// Visits every entry of the index in the scope, in its order; of a name in conflict each recorded version.
    pub fn index(&self, scope: &Scope, mut visit: impl FnMut(Mode, &Id, &[u8])) -> Result<(), Error> {
        let Some(gix) = &self.gix else { return self.index_by_git(scope, visit) };
        let index = gix.index_or_empty().map_err(|error| Error::gix("read the index", &error))?;
        if index.is_sparse() {
            self.note(|| "the index is sparse".to_owned());
            return self.index_by_git(scope, visit);
        }
        for entry in index.entries() {
            let path: &[u8] = entry.path(&index);
            if scope.contains(path) {
                visit(Mode(entry.mode.bits()), &entry.id, path);
            }
        }
        Ok(())
    }

    fn index_by_git(&self, scope: &Scope, mut visit: impl FnMut(Mode, &Id, &[u8])) -> Result<(), Error> {
        let listed = self.git().args(["ls-files", "-z", "--stage", "--full-name"]).output()?;
        for line in listed.split(|&byte| byte == 0).filter(|line| !line.is_empty()) {
            let (mode, id, path) =
                staged(line).ok_or_else(|| Error::new("read the index", "git's list makes no sense"))?;
            if scope.contains(path) {
                visit(mode, &id, path);
            }
        }
        Ok(())
    }
}

/// Reads `mode SP id SP stage TAB path`.
fn staged(line: &[u8]) -> Option<(Mode, Id, &[u8])> {
    let tab = line.iter().position(|&byte| byte == b'\t')?;
    let mut words = line[..tab].split(|&byte| byte == b' ');
    let mode = u32::from_str_radix(std::str::from_utf8(words.next()?).ok()?, 8).ok()?;
    Some((Mode(mode), Id::from_hex(words.next()?).ok()?, &line[tab + 1..]))
}

impl Walk<'_> {
    fn enter(&mut self, tree: &Id) -> Result<(), Error> {
        let reach = match self.levels.last() {
            Some(Level { reach: Reach::Everything, .. }) => Reach::Everything,
            _ => self.scope.reach(&self.path),
        };
        if reach != Reach::Nothing {
            self.trees_left = self.trees_left.checked_sub(1).ok_or_else(too_many_trees)?;
            let mut buffer = self.spare.pop().unwrap_or_default();
            self.repository.read_tree(tree, &mut buffer)?;
            self.levels.push(Level { tree: buffer, at: 0, path_len: self.path.len(), reach });
        }
        Ok(())
    }
}
