//! The content of one file of a commit.

use gix::objs::Kind;

use crate::diff::broken_tree;
use crate::entries::Entry;
use crate::{Error, Id, Repository};

/// Larger files are no sources.
const LARGEST_FILE: u64 = 64 << 20;

impl Repository {
    /// The bytes of a file at a commit, as they are stored; `None` when there is no file of that name, be it that a
    /// folder, a link or a submodule has it. A file of more than 64 MiB is an error.
    pub fn blob(&self, commit: Id, path: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        let mut id = self.commit(commit)?.tree;
        let mut buffer = Vec::new();
        let mut names = path.split(|&byte| byte == b'/').peekable();
        while let Some(name) = names.next() {
            self.read_tree(&id, &mut buffer)?;
            let Some(entry) = self.entry(&buffer, name).ok_or_else(|| broken_tree(path))? else { return Ok(None) };
            id = Id::from_bytes_or_panic(entry.id);
            match names.peek() {
                Some(_) if entry.mode.is_tree() => {}
                None if entry.mode.is_file() => return self.read_file(&id, path).map(Some),
                _ => return Ok(None),
            }
        }
        Ok(None)
    }

    /// Looks for a name in a tree, which need not be sorted; `None` when it is no tree.
    fn entry<'a>(&self, mut tree: &'a [u8], name: &[u8]) -> Option<Option<Entry<'a>>> {
        while !tree.is_empty() {
            let entry = Entry::first(tree, self.format().id_len())?;
            if entry.name == name {
                return Some(Some(entry));
            }
            tree = &tree[entry.len..];
        }
        Some(None)
    }

    fn read_file(&self, id: &Id, path: &[u8]) -> Result<Vec<u8>, Error> {
        let failed = |cause: String| Error::new(format!("read '{}' ({id})", path.escape_ascii()), cause);
        let Some(size) = self.size(id)? else { return Err(failed("it is not in this clone".to_owned())) };
        if size > LARGEST_FILE {
            return Err(failed(format!("it has {size} bytes, and {LARGEST_FILE} are read at most")));
        }
        let mut buffer = Vec::new();
        match self.read(id, &mut buffer)? {
            Some(Kind::Blob) => Ok(buffer),
            Some(kind) => Err(failed(format!("it is a {kind}"))),
            None => Err(failed("it is not in this clone".to_owned())),
        }
    }

    /// How large an object is, without reading it; `None` when there is no such object.
    pub(crate) fn size(&self, id: &Id) -> Result<Option<u64>, Error> {
        if let Some(size) = self.with_packs(|packs| packs.size(id)) {
            return Ok(Some(size));
        }
        if let Some(gix) = &self.gix {
            match gix.try_find_header(*id) {
                Ok(Some(header)) => return Ok(Some(header.size())),
                Ok(None) if !self.is_partial() => return Ok(None),
                Ok(None) | Err(_) => {}
            }
        }
        let printed = self.git().args(["cat-file", "-s", &id.to_string()]).output()?;
        let size = std::str::from_utf8(&printed).ok().and_then(|size| size.trim_end().parse().ok());
        size.map(Some).ok_or_else(|| Error::new(format!("read the size of object {id}"), "git's answer makes no sense"))
    }
}
