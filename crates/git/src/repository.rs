//! Finding and opening a repository, and its plain facts.

use std::cell::{Cell, OnceCell, RefCell};
use std::path::{Path, PathBuf};

use gix::discover::upwards;

use crate::batch::Batch;
use crate::command::Git;
use crate::packs::{LARGEST_TREE, Packs};
use crate::{Error, Id};

/// The hash function that names objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// 40 hex digits.
    Sha1,
    /// 64 hex digits.
    Sha256,
}

impl Format {
    pub(crate) fn kind(self) -> gix::hash::Kind {
        match self {
            Self::Sha1 => gix::hash::Kind::Sha1,
            Self::Sha256 => gix::hash::Kind::Sha256,
        }
    }

    /// How many bytes an id has.
    pub(crate) fn id_len(self) -> usize {
        self.kind().len_in_bytes()
    }
}

/// A few small trees that hold each other many times over can claim any number of folders; real repositories have
/// fewer than this.
const MOST_FOLDERS: usize = 1 << 22;

/// An opened repository.
///
/// It is read by gix. What gix cannot read (another storage of references, an extension that it does not know, objects
/// that a partial clone left behind) is asked of the `git` command, where there is one; [`Repository::fell_back`] says
/// so.
pub struct Repository {
    git_dir: PathBuf,
    common_dir: PathBuf,
    work_tree: Option<PathBuf>,
    format: Format,
    partial: Cell<bool>,
    folder_limit: usize,
    /// Nothing where gix cannot open the repository.
    pub(crate) gix: Option<gix::Repository>,
    pub(crate) batch: RefCell<Option<Batch>>,
    pub(crate) packs: RefCell<Option<Packs>>,
    fell_back: OnceCell<String>,
}

impl Repository {
    /// Finds the repository that `dir` is in, looking upwards within one file system; `None` when it is in none.
    ///
    /// Whoever owns the repository, it is read: naming the folder is taken for trust in it, as container jobs need it.
    pub fn discover(dir: &Path) -> Result<Option<Self>, Error> {
        let what = || format!("look for a repository in '{}'", dir.display());
        let dir = dir.canonicalize().map_err(|error| Error::new(what(), error))?;
        let options = upwards::Options {
            trust: upwards::TrustPolicy::Assume(gix::sec::Trust::Full),
            current_dir: Some(&dir),
            ..upwards::Options::default()
        };
        match gix::discover::upwards_opts(&dir, options) {
            Ok((path, _)) => {
                let (git_dir, work_tree) = path.into_repository_and_work_tree_directories();
                Self::open(&git_dir, work_tree).map(Some)
            }
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(Error::gix(what(), &error)),
        }
    }

    fn open(git_dir: &Path, work_tree: Option<PathBuf>) -> Result<Self, Error> {
        let what = || format!("open the repository '{}'", git_dir.display());
        let options = gix::open::Options::isolated()
            .with(gix::sec::Trust::Full)
            .filter_config_section(|_| true)
            .config_overrides([format!("gitoxide.objects.allocLimit={LARGEST_TREE}")]);
        let opened = match gix::open_opts(git_dir, options.open_path_as_is(true)) {
            Ok(gix) => unknown_storage(&gix).map_or(Ok(gix), Err),
            Err(error) => Err(Error::gix(what(), &error).to_string()),
        };
        let git_dir = git_dir.canonicalize().map_err(|error| Error::new(what(), error))?;
        let mut repository = Self {
            common_dir: common_dir(&git_dir),
            git_dir,
            work_tree,
            format: Format::Sha1,
            partial: Cell::new(false),
            folder_limit: MOST_FOLDERS,
            gix: None,
            batch: RefCell::new(None),
            packs: RefCell::new(None),
            fell_back: OnceCell::new(),
        };
        match opened {
            Ok(gix) => repository.read_by(gix),
            Err(reason) => repository.read_by_git(reason)?,
        }
        repository.work_tree = match repository.work_tree {
            Some(folder) => Some(folder.canonicalize().map_err(|error| Error::new(what(), error))?),
            None => None,
        };
        Ok(repository)
    }

    fn read_by(&mut self, gix: gix::Repository) {
        // A linked work tree is where it was found, as for git. Moved, or mounted elsewhere, its repository still names the old place.
        if self.common_dir == self.git_dir || self.work_tree.is_none() {
            self.work_tree = gix.workdir().map(Path::to_owned);
        }
        self.partial.set(is_partial(&gix));
        if gix.object_hash() == gix::hash::Kind::Sha256 {
            self.format = Format::Sha256;
        }
        self.gix = Some(gix);
    }

    fn read_by_git(&mut self, reason: String) -> Result<(), Error> {
        let asked = self.git().args(["rev-parse", "--show-object-format", "--is-bare-repository"]).output();
        let answer = asked.map_err(|error| Error::new(&reason, error))?;
        if answer.starts_with(b"sha256\n") {
            self.format = Format::Sha256;
        }
        if answer.ends_with(b"\ntrue\n") {
            self.work_tree = None;
        }
        self.note(|| reason);
        Ok(())
    }

    /// The root of the work tree, absolute; `None` for a bare repository.
    #[must_use]
    pub fn work_tree(&self) -> Option<&Path> {
        self.work_tree.as_deref()
    }

    /// The `.git` folder, absolute (of this work tree, where there are several).
    #[must_use]
    pub fn git_dir(&self) -> &Path {
        &self.git_dir
    }

    /// The folder of what all work trees share.
    pub(crate) fn common_dir(&self) -> &Path {
        &self.common_dir
    }

    /// The hash function of its objects.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// Why something was read by the `git` command instead of by this library; `None` when nothing was.
    #[must_use]
    pub fn fell_back(&self) -> Option<&str> {
        self.fell_back.get().map(String::as_str)
    }

    /// Whether history is cut off somewhere.
    pub fn is_shallow(&self) -> Result<bool, Error> {
        Ok(!self.shallow_commits()?.is_empty())
    }

    /// The commits whose parents were left behind.
    pub(crate) fn shallow_commits(&self) -> Result<Vec<Id>, Error> {
        let path = self.common_dir.join("shallow");
        let what = || format!("read '{}'", path.display());
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Error::new(what(), error)),
        };
        let lines = text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
        lines.map(|line| Id::from_hex(line).map_err(|error| Error::new(what(), error))).collect()
    }

    /// Sets how many folders a comparison or listing may look into before it fails; 4,194,304 unless set.
    pub fn set_folder_limit(&mut self, folders: usize) {
        self.folder_limit = folders;
    }

    pub(crate) fn folder_limit(&self) -> usize {
        self.folder_limit
    }

    /// Whether objects may be missing that a remote has promised to keep.
    pub(crate) fn is_partial(&self) -> bool {
        self.partial.get()
    }

    /// After a fetch: there are other packs, and objects have been left behind.
    pub(crate) fn has_fetched(&self) {
        self.partial.set(true);
        self.packs.take();
        self.batch.take();
    }

    /// Keeps the first reason for falling back.
    pub(crate) fn note(&self, reason: impl FnOnce() -> String) {
        self.fell_back.get_or_init(reason);
    }

    /// A call of git that reads this repository.
    pub(crate) fn git(&self) -> Git {
        Git::reading(&self.git_dir, self.work_tree.as_deref())
    }
}

/// Where the parts are that all work trees share.
fn common_dir(git_dir: &Path) -> PathBuf {
    let named = std::fs::read_to_string(git_dir.join("commondir")).ok();
    named.map_or_else(|| git_dir.to_owned(), |name| git_dir.join(name.trim_end_matches('\n')))
}

/// Why this repository must not be read by gix, although it has opened it.
fn unknown_storage(gix: &gix::Repository) -> Option<String> {
    // The ones of git 2.50 that do not change how objects and references are stored; git itself refuses unknown ones.
    const KNOWN: [&str; 7] = [
        "noop",
        "objectformat",
        "partialclone",
        "preciousobjects",
        "refstorage",
        "relativeworktrees",
        "worktreeconfig",
    ];
    let config = gix.config_snapshot();
    if config.integer("core.repositoryFormatVersion").is_some_and(|version| version > 0) {
        let names = config.plumbing().sections_by_name("extensions").into_iter().flatten();
        for name in names.flat_map(|section| section.value_names().collect::<Vec<_>>()) {
            if !KNOWN.contains(&name.to_ascii_lowercase().as_str()) {
                return Some(format!("the repository has the extension '{name}'"));
            }
        }
        let storage = config.string("extensions.refStorage").filter(|storage| !storage.eq_ignore_ascii_case(b"files"));
        if let Some(storage) = storage {
            return Some(format!("the repository stores its references as '{storage}'"));
        }
    }
    let grafts = gix.common_dir().join("info/grafts");
    if std::fs::metadata(grafts).is_ok_and(|file| file.len() > 0) {
        return Some("the repository has grafts".to_owned());
    }
    // gix 0.89 takes the switch for these the wrong way round, and packs are read past it.
    let references = gix.references().ok()?;
    let replaced = references.prefixed("refs/replace/").ok()?.next().is_some();
    replaced.then(|| "the repository replaces objects".to_owned())
}

fn is_partial(gix: &gix::Repository) -> bool {
    let config = gix.config_snapshot();
    let remotes = config.plumbing().sections_by_name("remote").into_iter().flatten();
    config.string("extensions.partialClone").is_some()
        || remotes.into_iter().any(|remote| remote.value("promisor").is_some())
}
