//! Changed lines without a git process, where the answer is git's for sure.

use gix::objs::Kind;

use crate::diff::{Sides, status};
use crate::hunks::hunks;
use crate::{Error, FileChange, Id, Mode, Newer, Repository, Scope, Status};

/// A comparison of more files is git's.
const MOST_FILES: usize = 2_000;

/// A larger file is compared by git, which reads it in pieces.
const LARGEST: u64 = 1 << 20;

/// All files together take at most this many bytes on both sides.
const MOST_BYTES: usize = 64 << 20;

/// A name that is not the same on both sides.
struct Differing {
    path: Vec<u8>,
    sides: Sides,
}

impl Repository {
    /// What [`Repository::line_changes`] says; `None` where only git knows, and where something is missing or broken, which
    /// git tells better.
    ///
    /// Only git finds renames, which there are where one name has gone and another has come; only git compares what a work
    /// tree holds beside its index, and what became of another kind. Public for tests.
    #[doc(hidden)]
    pub fn own_line_changes(&self, base: Option<Id>, newer: Newer) -> Option<Vec<FileChange>> {
        if self.gix.is_none() || self.is_partial() {
            return None;
        }
        let base = match base {
            Some(base) => Some(self.commit(base).ok()?.tree),
            None => None,
        };
        let differing = match newer {
            Newer::Commit(id) => self.differing_trees(base, self.commit(id).ok()?.tree)?,
            Newer::WorkTree => self.differing_checkout(base)?,
        };
        let has = |wanted: Status| differing.iter().any(|it| status(&it.sides) == wanted);
        if has(Status::TypeChanged) || (has(Status::Added) && has(Status::Deleted)) {
            return None;
        }
        let mut reader = Reader { repository: self, bytes_left: MOST_BYTES, old: Vec::new(), new: Vec::new() };
        let changes = differing.into_iter().map(|it| reader.change(it));
        let mut changes = changes.collect::<Option<Vec<FileChange>>>()?;
        changes.sort_by(|a, b| a.path.cmp(&b.path));
        Some(changes)
    }

    fn differing_trees(&self, base: Option<Id>, head: Id) -> Option<Vec<Differing>> {
        let mut all = Vec::new();
        let compared = self.differing((base, head), &Scope::everything(), |path, sides| {
            all.push(Differing { path: path.to_vec(), sides });
            if all.len() > MOST_FILES { Err(too_many()) } else { Ok(()) }
        });
        compared.is_ok().then_some(all)
    }

    fn differing_checkout(&self, base: Option<Id>) -> Option<Vec<Differing>> {
        let checkout = self.checkout()?;
        let mut entries = checkout.entries().peekable();
        let mut all = Vec::new();
        let added = |(path, new): (&[u8], (Mode, Id))| Differing { path: path.to_vec(), sides: [None, Some(new)] };
        if let Some(base) = base {
            let compared = self.tracked_below(&base, &Scope::everything(), |mode, id, path| {
                while let Some(entry) = entries.next_if(|(name, _)| *name < path) {
                    all.push(added(entry));
                }
                let old = Some((mode, *id));
                let new = entries.next_if(|(name, _)| *name == path).map(|(_, new)| new);
                if old != new {
                    all.push(Differing { path: path.to_vec(), sides: [old, new] });
                }
            });
            compared.ok()?;
        }
        all.extend(entries.map(added));
        (all.len() <= MOST_FILES).then_some(all)
    }
}

/// Never heard: whoever is told so asks git.
fn too_many() -> Error {
    Error::new("compare two states", format!("more than {MOST_FILES} files differ"))
}

struct Reader<'a> {
    repository: &'a Repository,
    bytes_left: usize,
    old: Vec<u8>,
    new: Vec<u8>,
}

impl Reader<'_> {
    fn change(&mut self, Differing { path, sides }: Differing) -> Option<FileChange> {
        let status = status(&sides);
        let [old, new] = sides;
        let (old_mode, new_mode) = (old.map(|(mode, _)| mode), new.map(|(mode, _)| mode));
        let mut change =
            FileChange { path, renamed: None, status, old_mode, new_mode, hunks: Vec::new(), binary: false };
        let same = old.map(|(_, id)| id) == new.map(|(_, id)| id);
        if !same && [old_mode, new_mode].into_iter().flatten().all(Mode::is_file) {
            self.read(old.map(|(_, id)| id), new.map(|(_, id)| id))?;
            (change.hunks, change.binary) = hunks(&self.old, &self.new);
        }
        Some(change)
    }

    /// Reads both sides of a file; the side where there is none becomes empty.
    fn read(&mut self, old: Option<Id>, new: Option<Id>) -> Option<()> {
        for (id, text) in [(old, &mut self.old), (new, &mut self.new)] {
            text.clear();
            let Some(id) = id else { continue };
            let is_small = self.repository.size(&id).ok()?? <= LARGEST;
            if !is_small || self.repository.read_version(&id, text).ok()? != Some(Kind::Blob) {
                return None;
            }
            self.bytes_left = self.bytes_left.checked_sub(text.len())?;
        }
        Some(())
    }
}
