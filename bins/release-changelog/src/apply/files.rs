//! The files of a release on this side: found, named, hashed and held against the checksum list.
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use action::{Failure, OrFail as _};
use formats::sums::names::{is_beside, is_list};
use formats::sums::{self, Dialect};
use sha2::{Digest as _, Sha256};

use super::find;
use super::plan::WantedFile;

/// The name under which the whole notes are attached, where the body of a release has to be shorter.
pub(crate) const WHOLE_NOTES: &str = "RELEASE_NOTES.md";

/// GitHub takes so many files with a release, each smaller than so many bytes.
/// <https://docs.github.com/repositories/releasing-projects-on-github/about-releases#storage-and-bandwidth-quotas>
const MOST_FILES: usize = 1_000;
const TOO_LARGE: u64 = 2 << 30;

/// A file of the release, on this side.
#[derive(Clone)]
pub(crate) struct LocalFile {
    /// What is wanted of it on the server.
    pub(crate) wanted: WantedFile,
    from: From,
}

#[derive(Clone)]
enum From {
    Path(PathBuf),
    Text(String),
}

/// The files, or the reasons why they are no release.
pub(crate) type Collected = Result<Vec<LocalFile>, Vec<String>>;

/// Finds and hashes the files; the checksum list has to name each of them, and nothing else.
///
/// # Errors
/// What names no file, or a file that GitHub would not take under its name.
pub(crate) fn collect(patterns: &[String], folder: &Path, notes: Option<&str>) -> Result<Collected, Failure> {
    let mut by_name: BTreeMap<String, PathBuf> = BTreeMap::new();
    for pattern in patterns {
        for path in find::files(pattern, folder)? {
            let name = name(&path)?;
            match by_name.get(&name) {
                Some(other) if *other != path => return Err(two_of_a_name(&name, other, &path)),
                _ => drop(by_name.insert(name, path)),
            }
        }
    }
    let mut files = Vec::new();
    for (name, path) in by_name {
        files.push(LocalFile { wanted: hashed(name, &path)?, from: From::Path(path) });
    }
    let reasons = if files.is_empty() { Vec::new() } else { compare(&files)? };
    if let Some(text) = notes {
        if files.iter().any(|file| file.wanted.name == WHOLE_NOTES) {
            let cause = format!("{WHOLE_NOTES} is the name of the whole notes, which are longer than a release's body");
            return Err(Failure::inputs("attach the assets", cause).hint("give the file another name"));
        }
        let digest = format!("sha256:{}", sums::hex(&Sha256::digest(text).into()));
        let wanted = WantedFile { name: WHOLE_NOTES.to_owned(), size: text.len() as u64, digest };
        files.push(LocalFile { wanted, from: From::Text(text.to_owned()) });
    }
    if files.len() > MOST_FILES {
        let cause = format!("there are {}, and GitHub takes {MOST_FILES} with a release", files.len());
        return Err(Failure::inputs("attach the assets", cause).hint("pack some of them into archives"));
    }
    // What proves the others is sent last.
    files.sort_by_key(|file| (is_list(file.wanted.name.as_bytes()), file.wanted.name.clone()));
    Ok(if reasons.is_empty() { Ok(files) } else { Err(reasons) })
}

/// The name that a file gets; one that GitHub would change is refused, since nobody would find the file by its own.
fn name(path: &Path) -> Result<String, Failure> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-+".contains(c);
    let kept = name.chars().all(plain) && !name.starts_with('.') && !name.ends_with('.') && !name.contains("..");
    if kept && name.len() <= 255 {
        return Ok(name);
    }
    let hint = "rename it: letters, digits, and `.`, `_`, `-`, `+` between them are kept as they are";
    Err(Failure::inputs(format!("attach the asset {}", path.display()), "GitHub would change its name").hint(hint))
}

fn two_of_a_name(name: &str, one: &Path, other: &Path) -> Failure {
    let cause = format!("{} and {} would both be {name}", one.display(), other.display());
    Failure::inputs("attach the assets", cause).hint("rename one of them")
}

fn hashed(name: String, path: &Path) -> Result<WantedFile, Failure> {
    let doing = || format!("read the asset {}", path.display());
    let hash = Arc::default();
    let file = File::open(path).or_fail(doing)?;
    let size = io::copy(&mut Hashing::new(Box::new(file), Arc::clone(&hash)), &mut io::sink()).or_fail(doing)?;
    let refuse = |cause: &str, hint: &str| Err(Failure::inputs(format!("attach {}", path.display()), cause).hint(hint));
    match size {
        0 => refuse("it is empty, and GitHub takes no empty file", "leave it out, or put something into it"),
        TOO_LARGE.. => refuse("it is not smaller than 2 GiB", "split it, or offer it elsewhere"),
        _ => Ok(WantedFile { name, size, digest: Hashing::digest(&hash) }),
    }
}

/// Holds the files against their checksum list, in both directions.
fn compare(files: &[LocalFile]) -> Result<Vec<String>, Failure> {
    let lists: Vec<&LocalFile> = files.iter().filter(|file| is_list(file.wanted.name.as_bytes())).collect();
    let [list] = lists.as_slice() else {
        let cause = format!("{} of them are checksum lists, and there has to be one", lists.len());
        let hint = "make SHA256SUMS of the other files, for instance with `sha256sums create`, and list it in `assets`";
        return Err(Failure::inputs("hold the assets against SHA256SUMS", cause).hint(hint));
    };
    let listed = listed(list)?;
    let list = &list.wanted.name;
    let mut reasons = Vec::new();
    for LocalFile { wanted, .. } in files {
        match listed.get(wanted.name.as_bytes()) {
            Some(digest) if *digest == wanted.digest => {}
            Some(digest) => reasons.push(format!("{} is {}, and {list} says {digest}", wanted.name, wanted.digest)),
            None if is_beside(wanted.name.as_bytes()) => {}
            None => reasons.push(format!("{} is not in {list}", wanted.name)),
        }
    }
    let attached = |name: &[u8]| files.iter().any(|file| file.wanted.name.as_bytes() == name);
    let missing = listed.keys().filter(|name| !attached(name));
    reasons.extend(missing.map(|name| format!("{list} lists {}, which is none of the assets", name.escape_ascii())));
    Ok(reasons)
}

/// The digests of a list by file name.
fn listed(list: &LocalFile) -> Result<BTreeMap<Vec<u8>, String>, Failure> {
    let From::Path(path) = &list.from else { return Ok(BTreeMap::new()) };
    let doing = || format!("read the checksum list {}", path.display());
    let mut bytes = Vec::new();
    list.open().and_then(|mut file| file.read_to_end(&mut bytes)).or_fail(doing)?;
    let read = sums::read(&bytes, Dialect::Strict);
    if let Some(problem) = read.problems.first() {
        let cause = format!("line {}, column {}: {problem}", problem.line, problem.column);
        return Err(Failure::inputs(doing(), cause).hint(problem.hint()));
    }
    let named = |entry: sums::Entry| (sums::path(&entry.name), format!("sha256:{}", sums::hex(&entry.digest)));
    Ok(read.entries.into_iter().map(named).collect())
}

impl LocalFile {
    /// Opens it from its start.
    pub(crate) fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(match &self.from {
            From::Path(path) => Box::new(File::open(path)?),
            From::Text(text) => Box::new(io::Cursor::new(text.clone().into_bytes())),
        })
    }

    /// The media type that it is sent with.
    pub(crate) fn content_type(&self) -> &'static str {
        let name = &self.wanted.name;
        let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
        match name.as_str() {
            _ if ends(&[".gz", ".tgz"]) => "application/gzip",
            _ if ends(&[".zip"]) => "application/zip",
            _ if ends(&[".json"]) => "application/json",
            _ if ends(&[".md"]) => "text/markdown",
            _ if ends(&[".txt"]) || is_list(name.as_bytes()) => "text/plain",
            _ => "application/octet-stream",
        }
    }
}

/// A reader that hashes what passes through it.
pub(crate) struct Hashing {
    inner: Box<dyn Read + Send>,
    hash: Arc<Mutex<Sha256>>,
}

impl Hashing {
    /// Hashes into `hash`, from the start.
    pub(crate) fn new(inner: Box<dyn Read + Send>, hash: Arc<Mutex<Sha256>>) -> Self {
        *hash.lock().unwrap_or_else(PoisonError::into_inner) = Sha256::new();
        Hashing { inner, hash }
    }

    /// The digest of what passed, as GitHub writes it.
    pub(crate) fn digest(hash: &Mutex<Sha256>) -> String {
        let hash = hash.lock().unwrap_or_else(PoisonError::into_inner).clone();
        format!("sha256:{}", sums::hex(&hash.finalize().into()))
    }
}

impl Read for Hashing {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.hash.lock().unwrap_or_else(PoisonError::into_inner).update(&into[..read]);
        Ok(read)
    }
}
