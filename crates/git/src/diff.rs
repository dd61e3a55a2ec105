//! Comparing two trees without reading what is equal.

use std::cmp::Ordering;

use crate::entries::Entry;
use crate::scope::Reach;
use crate::{Change, Error, Id, Mode, Repository, Scope, Status};

/// The names of all changes together may take this many bytes, the most that this can take of memory.
const MOST_BYTES: usize = 1 << 30;

impl Repository {
    /// What differs between two commits in the scope, in the order of names; `None` as base is the empty tree.
    ///
    /// The same as `git diff --no-renames --name-status --ignore-submodules=none`. Folders with the same id on both
    /// sides are not read.
    pub fn diff(&self, base: Option<Id>, head: Id, scope: &Scope) -> Result<Vec<Change>, Error> {
        let base = base.map(|id| self.commit(id)).transpose()?.map(|commit| commit.tree);
        let head = self.commit(head)?.tree;
        let mut changes = Vec::new();
        let mut bytes_left = MOST_BYTES;
        self.differing((base, head), scope, |path, sides| {
            let size = path.len() + size_of::<Change>();
            bytes_left = bytes_left.checked_sub(size).ok_or_else(too_many_names)?;
            changes.push(Change { path: path.to_vec(), status: status(&sides) });
            Ok(())
        })?;
        Ok(changes)
    }

    /// Visits what differs between two trees in the scope, in the order of names; `None` is the empty tree.
    pub(crate) fn differing(
        &self,
        (base, head): (Option<Id>, Id),
        scope: &Scope,
        visit: impl FnMut(&[u8], Sides) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut walk = Walk {
            repository: self,
            scope,
            path: Vec::new(),
            levels: Vec::new(),
            spare: Vec::new(),
            trees_left: self.folder_limit(),
        };
        if base != Some(head) {
            walk.enter(base, Some(head))?;
        }
        walk.run(visit)
    }
}

/// What a name is on the older and on the newer side.
pub(crate) type Sides = [Option<(Mode, Id)>; 2];

/// What became of a name that is not the same on both sides.
pub(crate) fn status(sides: &Sides) -> Status {
    match sides {
        [Some((old, _)), Some((new, _))] if old.same_kind(*new) => Status::Modified,
        [Some(_), Some(_)] => Status::TypeChanged,
        [Some(_), None] => Status::Deleted,
        [None, _] => Status::Added,
    }
}

/// The walk over both trees at once; its stack lies on the heap, because trees can be nested as deep as one likes.
struct Walk<'a> {
    repository: &'a Repository,
    scope: &'a Scope,
    /// The name of the folder on top of the stack, with its slash, then what is being looked at in it.
    path: Vec<u8>,
    levels: Vec<Level>,
    /// Buffers to use again.
    spare: Vec<Vec<u8>>,
    /// How many more folders may be looked into.
    trees_left: usize,
}

/// One folder, as it is on both sides.
struct Level {
    old: Side,
    new: Side,
    path_len: usize,
    reach: Reach,
}

/// What is left of one tree object.
struct Side {
    tree: Vec<u8>,
    at: usize,
}

/// What the next names of a folder come to.
enum Step {
    Enter(Option<Id>, Option<Id>),
    Changed(Sides),
    Unchanged,
    Leave,
}

impl Walk<'_> {
    fn run(mut self, mut visit: impl FnMut(&[u8], Sides) -> Result<(), Error>) -> Result<(), Error> {
        let id_len = self.repository.format().id_len();
        while let Some(level) = self.levels.last_mut() {
            match level.step(id_len, &mut self.path).ok_or_else(|| broken_tree(&self.path))? {
                Step::Unchanged => {}
                Step::Changed(_) if level.reach == Reach::Part && !self.scope.contains(&self.path) => {}
                Step::Changed(sides) => visit(&self.path, sides)?,
                Step::Enter(old, new) => {
                    self.path.push(b'/');
                    self.enter(old, new)?;
                }
                Step::Leave => self.leave(),
            }
        }
        Ok(())
    }

    fn enter(&mut self, old: Option<Id>, new: Option<Id>) -> Result<(), Error> {
        let reach = match self.levels.last() {
            Some(Level { reach: Reach::Everything, .. }) => Reach::Everything,
            _ => self.scope.reach(&self.path),
        };
        if reach != Reach::Nothing {
            self.trees_left = self.trees_left.checked_sub(1).ok_or_else(too_many_trees)?;
            let mut sides = [self.spare.pop().unwrap_or_default(), self.spare.pop().unwrap_or_default()];
            let [old_tree, new_tree] = &mut sides;
            old_tree.clear();
            new_tree.clear();
            match (old, new) {
                (Some(old), Some(new)) => self.repository.read_trees([&old, &new], [old_tree, new_tree])?,
                (Some(old), None) => self.repository.read_tree(&old, old_tree)?,
                (None, Some(new)) => self.repository.read_tree(&new, new_tree)?,
                (None, None) => {}
            }
            let [old, new] = sides.map(|tree| Side { tree, at: 0 });
            self.levels.push(Level { old, new, path_len: self.path.len(), reach });
        }
        Ok(())
    }

    fn leave(&mut self) {
        if let Some(level) = self.levels.pop() {
            self.spare.extend([level.old.tree, level.new.tree]);
        }
    }
}

impl Level {
    /// Goes past the next name, or the same name on both sides, which is then at the end of `path`.
    fn step(&mut self, id_len: usize, path: &mut Vec<u8>) -> Option<Step> {
        self.skip_equal(id_len);
        let old = self.old.entry(id_len)?;
        let new = self.new.entry(id_len)?;
        let order = match (&old, &new) {
            (Some(old), Some(new)) => old.cmp_name(new),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return Some(Step::Leave),
        };
        let old = old.filter(|_| order.is_le());
        let new = new.filter(|_| order.is_ge());
        path.truncate(self.path_len);
        path.extend_from_slice(old.or(new)?.name);
        let step = compare(old, new);
        self.old.at += old.map_or(0, |entry| entry.len);
        self.new.at += new.map_or(0, |entry| entry.len);
        Some(step)
    }

    /// Goes past the entries that are the same on both sides, byte for byte.
    fn skip_equal(&mut self, id_len: usize) {
        let (old, new) = (&self.old.tree[self.old.at..], &self.new.tree[self.new.at..]);
        let equal = equal_len(old, new);
        let mut skipped = 0;
        while let Some(len) = gix::bstr::ByteSlice::find_byte(&new[skipped..equal], 0).map(|nul| nul + 1 + id_len) {
            if skipped + len > equal {
                break;
            }
            skipped += len;
        }
        self.old.at += skipped;
        self.new.at += skipped;
    }
}

impl Side {
    /// The next entry: nothing at the end of the tree, no answer where the bytes are no tree.
    fn entry(&self, id_len: usize) -> Option<Option<Entry<'_>>> {
        match &self.tree[self.at..] {
            [] => Some(None),
            rest => Entry::first(rest, id_len).map(Some),
        }
    }
}

/// How many bytes are equal from the start.
fn equal_len(a: &[u8], b: &[u8]) -> usize {
    const CHUNK: usize = 32;
    let chunks = a.chunks_exact(CHUNK).zip(b.chunks_exact(CHUNK)).take_while(|(a, b)| a == b).count() * CHUNK;
    chunks + a[chunks..].iter().zip(&b[chunks..]).take_while(|(a, b)| a == b).count()
}

/// Two entries of one name and either both folders or both not, or one entry alone.
fn compare(old: Option<Entry<'_>>, new: Option<Entry<'_>>) -> Step {
    let tree = |entry: Entry<'_>| entry.mode.is_tree().then(|| Id::from_bytes_or_panic(entry.id));
    let trees = (old.and_then(tree), new.and_then(tree));
    match (old, new) {
        (Some(old), Some(new)) if old.id == new.id && old.mode == new.mode => Step::Unchanged,
        _ if trees != (None, None) => Step::Enter(trees.0, trees.1),
        _ => {
            let side = |entry: Entry<'_>| (entry.mode, Id::from_bytes_or_panic(entry.id));
            Step::Changed([old.map(side), new.map(side)])
        }
    }
}

/// Says which tree cannot be read.
pub(crate) fn broken_tree(path: &[u8]) -> Error {
    Error::new(format!("read the tree at '{}'", path.escape_ascii()), "its bytes are no tree")
}

/// Says that trees hold each other so often that reading them would not end.
pub(crate) fn too_many_trees() -> Error {
    Error::new("read the trees of a commit", "it has more folders than the limit")
}

fn too_many_names() -> Error {
    Error::new("compare two commits", format!("the changed names take more than {MOST_BYTES} bytes"))
}
