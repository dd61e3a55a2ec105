//! What has not been committed yet.

use std::path::Path;

use crate::{Change, Error, Id, Mode, Repository, Scope, Status};

/// Submodules within submodules.
const DEEPEST_SUBMODULE: usize = 16;

impl Repository {
    /// What differs between HEAD and the work tree with its index, by name: staged, unstaged and in conflict.
    ///
    /// Runs `git diff --no-renames --name-status HEAD`, because only git knows all its rules of when a file counts as
    /// changed. Filters such as the one of LFS are not run: a file that one of them cleans counts as changed when its
    /// time stamp gives no proof that it is not. A submodule counts as changed when it is at another commit or has
    /// such changes itself. A name in conflict comes once, with the status that its file in the work tree gives it.
    pub fn local_changes(&self) -> Result<Vec<Change>, Error> {
        self.local_changes_within(0)
    }

    fn local_changes_within(&self, depth: usize) -> Result<Vec<Change>, Error> {
        let head = match self.head()? {
            Some(head) => head.to_string(),
            None => Id::empty_tree(self.format().kind()).to_string(),
        };
        let mut git = self.git();
        for (key, value) in self.no_filters()? {
            git = git.hide(key, value);
        }
        let options = ["--no-renames", "--name-status", "-z", "--no-ext-diff", "--no-textconv", "--no-color"];
        let git = git.args(["diff"]).args(options).args(["--no-relative", "--ignore-submodules=dirty"]);
        let listed = git.args([head.as_str(), "--"]).output()?;
        let mut changes = changes(&listed)?;
        changes.extend(self.dirty_submodules(depth)?);
        changes.sort_unstable_by(|a, b| a.path.cmp(&b.path).then(rank(a.status).cmp(&rank(b.status))));
        changes.dedup_by(|later, kept| later.path == kept.path);
        Ok(changes)
    }

    /// Settings that switch off every filter that is configured anywhere.
    pub(crate) fn no_filters(&self) -> Result<Vec<(String, &'static str)>, Error> {
        let pattern = r"^filter\..*\.(clean|process|required)$";
        let asked = self.git().args(["config", "-z", "--name-only", "--get-regexp", pattern]).output();
        let listed = match asked {
            Ok(listed) => listed,
            // It exits 1 and says nothing when there is none.
            Err(error) if error.cause().starts_with("exit status: 1") => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let keys = String::from_utf8(listed).map_err(|error| Error::new("read the configuration", error))?;
        let keys = keys.split('\0').filter(|key| !key.is_empty());
        Ok(keys.map(|key| (key.to_owned(), if key.ends_with(".required") { "false" } else { "" })).collect())
    }

    /// Git would run itself in each submodule, with whatever is configured there; so we look ourselves.
    fn dirty_submodules(&self, depth: usize) -> Result<Vec<Change>, Error> {
        let mut paths = Vec::new();
        self.index(&Scope::everything(), |mode, _, path| {
            if mode == Mode::SUBMODULE {
                paths.push(path.to_vec());
            }
        })?;
        let mut changes = Vec::new();
        for path in paths {
            let Some(submodule) = self.submodule(&path)? else { continue };
            if depth < DEEPEST_SUBMODULE && !submodule.local_changes_within(depth + 1)?.is_empty() {
                changes.push(Change { path, status: Status::Modified });
            }
        }
        Ok(changes)
    }

    /// The repository checked out at a name of the work tree.
    fn submodule(&self, path: &[u8]) -> Result<Option<Self>, Error> {
        use std::os::unix::ffi::OsStrExt as _;
        let Some(root) = self.work_tree() else { return Ok(None) };
        let folder = root.join(Path::new(std::ffi::OsStr::from_bytes(path)));
        if !folder.join(".git").exists() || folder.canonicalize().ok().as_deref() != Some(folder.as_path()) {
            return Ok(None);
        }
        let found = Self::discover(&folder)?;
        Ok(found.filter(|found| found.work_tree() == Some(folder.as_path())))
    }
}

/// A conflict says more than a change.
fn rank(status: Status) -> (bool, Status) {
    (status != Status::Unmerged, status)
}

/// Reads pairs of a letter and a name, each ended by NUL.
fn changes(listed: &[u8]) -> Result<Vec<Change>, Error> {
    let mut fields = listed.split(|&byte| byte == 0);
    let mut changes = Vec::new();
    while let (Some(letter), Some(path)) = (fields.next(), fields.next()) {
        let status = match letter {
            b"A" => Status::Added,
            b"D" => Status::Deleted,
            b"M" => Status::Modified,
            b"T" => Status::TypeChanged,
            b"U" => Status::Unmerged,
            _ => {
                let cause = format!("git says '{}' of a name", letter.escape_ascii());
                return Err(Error::new("compare HEAD with the work tree", cause));
            }
        };
        changes.push(Change { path: path.to_vec(), status });
    }
    Ok(changes)
}
