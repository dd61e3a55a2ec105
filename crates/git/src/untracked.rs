//! Files that nobody has added yet.

use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use gix::index::State;
use gix::index::entry::Mode;

use crate::{Error, Repository};

impl Repository {
    /// The files of the work tree that are neither in the index nor ignored, by name.
    ///
    /// Runs `git ls-files --others --exclude-standard`.
    pub fn untracked(&self) -> Result<Vec<Vec<u8>>, Error> {
        let listed =
            self.git().args(["ls-files", "-z", "--others", "--exclude-standard", "--full-name", "--"]).output()?;
        let mut names: Vec<Vec<u8>> =
            listed.split(|&byte| byte == 0).filter(|name| !name.is_empty()).map(<[u8]>::to_vec).collect();
        names.sort_unstable();
        Ok(names)
    }

    /// Those of the files of [`Repository::untracked`] whose names are `wanted`.
    ///
    /// No git runs where no folder has anything but names of the index and unwanted files. Where there is more, only git
    /// knows what is ignored.
    pub fn untracked_like(&self, wanted: impl Fn(&[u8]) -> bool) -> Result<Vec<Vec<u8>>, Error> {
        if self.has_only_tracked(&wanted) == Some(true) {
            return Ok(Vec::new());
        }
        let mut names = self.untracked()?;
        names.retain(|name| wanted(name));
        Ok(names)
    }

    /// Whether each name of the work tree is in the index or is no wanted file; `None` where it cannot be told.
    fn has_only_tracked(&self, wanted: &impl Fn(&[u8]) -> bool) -> Option<bool> {
        let root = self.work_tree()?;
        let index = self.gix.as_ref()?.try_index().ok()??;
        if index.is_sparse() {
            return None;
        }
        let mut folders = vec![Vec::new()];
        while let Some(folder) = folders.pop() {
            for found in std::fs::read_dir(root.join(path_of(&folder))).ok()? {
                let found = found.ok()?;
                let mut name = [&folder, found.file_name().as_bytes()].concat();
                match (found.file_type().ok()?.is_dir(), place(&index, &name)) {
                    (true, _) if name == b".git" => {}
                    (true, Place::Folder) if found.file_name() != ".git" => {
                        name.push(b'/');
                        folders.push(name);
                    }
                    (true, Place::Submodule) | (false, Place::File) => {}
                    (false, _) if !wanted(&name) => {}
                    _ => return Some(false),
                }
            }
        }
        Some(true)
    }
}

/// What a name is in the index.
enum Place {
    File,
    Submodule,
    Folder,
    Nothing,
}

fn place(index: &State, name: &[u8]) -> Place {
    let after = |name: &[u8]| index.entries().partition_point(|entry| &**entry.path(index) < name);
    let entry = |at: usize| index.entries().get(at).map(|entry| (entry.mode, &**entry.path(index)));
    match entry(after(name)) {
        Some((Mode::COMMIT, path)) if path == name => Place::Submodule,
        Some((_, path)) if path == name => Place::File,
        _ => {
            let folder = [name, b"/"].concat();
            let is_below = entry(after(&folder)).is_some_and(|(_, path)| path.starts_with(&folder));
            if is_below { Place::Folder } else { Place::Nothing }
        }
    }
}

fn path_of(name: &[u8]) -> &Path {
    Path::new(std::ffi::OsStr::from_bytes(name))
}
