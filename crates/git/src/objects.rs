//! Reading objects, from gix or, where that cannot, from the `git` command.

use gix::objs::{Exists as _, Kind};
use gix::prelude::Find as _;

use crate::batch::Batch;
use crate::packs::Packs;
use crate::{Error, Id, Repository};

impl Repository {
    /// Whether the object is present, without fetching it.
    #[must_use]
    pub fn has(&self, id: Id) -> bool {
        if self.with_packs(|packs| packs.has(&id)) {
            return true;
        }
        match &self.gix {
            Some(gix) => gix.objects.exists(&id),
            None => self.git().offline().args(["cat-file", "-e", &id.to_string()]).succeeds(),
        }
    }

    /// Reads the bytes of an object into `buffer`; `None` when there is no such object.
    pub(crate) fn read(&self, id: &Id, buffer: &mut Vec<u8>) -> Result<Option<Kind>, Error> {
        if let Some(kind) = self.with_packs(|packs| packs.read(id, buffer)) {
            return Ok(Some(kind));
        }
        if let Some(gix) = &self.gix {
            match gix.objects.try_find(id, buffer) {
                Ok(Some(object)) => return Ok(Some(object.kind)),
                Ok(None) if !self.is_partial() => return Ok(None),
                Ok(None) => self.note(|| format!("object {id} is not in this partial clone")),
                Err(error) => self.note(|| Error::gix(format!("read object {id}"), &error).to_string()),
            }
        }
        let mut batch = self.batch.borrow_mut();
        let mut running = match batch.take() {
            Some(running) => running,
            None => Batch::start(self.git())?,
        };
        match running.read(id, buffer) {
            Ok(kind) => {
                *batch = Some(running);
                Ok(kind)
            }
            // What git says about it is heard by asking for this one alone.
            Err(cause) => match self.git().args(["cat-file", "-t", &id.to_string()]).output() {
                Ok(_) => Err(Error::new(format!("read object {id} by git cat-file"), cause)),
                Err(error) => Err(error),
            },
        }
    }

    /// Reads a tree; there is no going on without it.
    pub(crate) fn read_tree(&self, id: &Id, buffer: &mut Vec<u8>) -> Result<(), Error> {
        match self.read(id, buffer)? {
            Some(Kind::Tree) => Ok(()),
            Some(kind) => Err(Error::new(format!("read tree {id}"), format!("it is a {kind}"))),
            None => Err(Error::new(format!("read tree {id}"), "it is not in this clone")),
        }
    }

    /// Reads two versions of a tree.
    pub(crate) fn read_trees(&self, ids: [&Id; 2], buffers: [&mut Vec<u8>; 2]) -> Result<(), Error> {
        let [first, second] = buffers;
        if self.with_packs(|packs| packs.read_pair(ids, [&mut *first, &mut *second])).is_none() {
            self.read_tree(ids[0], first)?;
            self.read_tree(ids[1], second)?;
        }
        Ok(())
    }

    /// Reads one version of a file, of which others are read too.
    pub(crate) fn read_version(&self, id: &Id, buffer: &mut Vec<u8>) -> Result<Option<Kind>, Error> {
        match self.with_packs(|packs| packs.read_version(id, buffer)) {
            Some(kind) => Ok(Some(kind)),
            None => self.read(id, buffer),
        }
    }

    pub(crate) fn with_packs<T>(&self, read: impl FnOnce(&mut Packs) -> T) -> T {
        read(self.packs.borrow_mut().get_or_insert_with(|| self.open_packs()))
    }

    fn open_packs(&self) -> Packs {
        let mut folders = Vec::new();
        if let Some(gix) = &self.gix {
            folders.push(gix.objects.store_ref().path().to_owned());
            folders.extend(gix.objects.store_ref().alternate_db_paths().unwrap_or_default());
        }
        Packs::open(&folders, self.format().kind())
    }
}
