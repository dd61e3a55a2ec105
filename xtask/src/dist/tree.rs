//! Laying out a tree: what stands in dist/<name>/, the binary, the licences, and the checksums.
use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use super::Target;
use super::build::Build;
use crate::place;
use crate::program::Program;

/// The size limit of an action that talks to no network, in bytes, compressed.
const LOGIC: usize = 2 << 20;
/// The size limit of an action with TLS.
const TLS: usize = 8 << 20;
/// The size limit of an action that reads programs: the parser of TypeScript, its tree and its scopes.
const PARSER: usize = 5 << 20;

/// Tools with a limit of the bytes that are started, and what a static glibc and the unwind tables of the standard library that comes
/// with the toolchain add to it.
const RAW: [(&str, usize, usize); 2] = [("canary-step", 7_000_000, 1_000_000), ("sha256sums", 700_000, 1_550_000)];

/// Begins a new tree with what the repository has for the tool.
pub(crate) fn start(name: &str, tree: &Path) -> Result<(), String> {
    place::clear(tree)?;
    copy_all(&place::root().join("dist").join(name), tree)?;
    for licence in place::names(&place::root()).iter().filter(|file| file.starts_with("LICENSE")) {
        place::copy(&place::root().join(licence), &tree.join(licence))?;
    }
    Ok(())
}

/// Adds a binary; gives where it went.
pub(crate) fn add(name: &str, tree: &Path, (target, binary): (Target, &Path)) -> Result<PathBuf, String> {
    let folder = tree.join("bin").join(target.folder());
    place::make(&folder)?;
    let placed = folder.join(name);
    place::copy(binary, &placed)?;
    Ok(placed)
}

/// Writes the checksums of everything in the tree, sorted by name.
pub(crate) fn finish(tree: &Path) -> Result<(), String> {
    let mut files = Vec::new();
    list(tree, "", &mut files);
    files.retain(|file| file != "SHA256SUMS");
    let sums = Program::new("sha256sum", ["--".to_owned()].into_iter().chain(files)).at(tree).output()?;
    place::write(&tree.join("SHA256SUMS"), sums)
}

/// The size limit of a tool: whether TLS or a parser of programs is linked in decides.
pub(crate) fn limit(name: &str) -> Result<usize, String> {
    let linked = Program::cargo(["tree", "--package", name, "--edges", "normal", "--prefix", "none"]).output()?;
    let links = |name: &str| linked.lines().any(|line| line.starts_with(name));
    Ok(match () {
        () if links("rustls ") => TLS,
        () if links("oxc_parser ") => PARSER,
        () => LOGIC,
    })
}

/// The limit of the bytes that are started, where a tool has one.
pub(crate) fn raw_limit(name: &str, build: Build) -> Option<usize> {
    let (_, limit, libc) = RAW.into_iter().find(|(known, _, _)| *known == name)?;
    Some(if matches!(build, Build::Host { .. }) { limit + libc } else { limit })
}

/// What a binary weighs and how fast it starts.
pub(crate) struct Facts {
    pub(crate) raw: usize,
    pub(crate) compressed: usize,
    /// Milliseconds of wall time of the quickest of some starts; none where it cannot run.
    start: Option<f64>,
}

impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} KiB, {} KiB compressed (gzip -9)", self.raw / 1024, self.compressed / 1024)?;
        self.start.map_or(Ok(()), |ms| write!(f, ", starts in {ms:.1} ms"))
    }
}

/// Weighs a binary and, where it can run, starts it a few times.
pub(crate) fn measure(binary: &Path, runs_here: bool) -> Result<Facts, String> {
    let bytes = std::fs::read(binary).map_err(|e| format!("could not read {}: {e}", binary.display()))?;
    let compressed = gzip(&bytes).map_err(|e| format!("could not run `gzip -9`: {e}"))?;
    let mut quickest: Option<f64> = None;
    for _ in 0..if runs_here { 20 } else { 0 } {
        let start = Instant::now();
        Program::new(binary, ["--version"]).output()?;
        let ms = start.elapsed().as_secs_f64() * 1e3;
        quickest = Some(quickest.map_or(ms, |best| best.min(ms)));
    }
    Ok(Facts { raw: bytes.len(), compressed, start: quickest })
}

fn gzip(bytes: &[u8]) -> std::io::Result<usize> {
    let mut child = Command::new("gzip").arg("-9").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let stdin = child.stdin.take();
    std::thread::scope(|scope| {
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(bytes)));
        child.wait_with_output()
    })
    .map(|output| output.stdout.len())
}

fn copy_all(from: &Path, to: &Path) -> Result<(), String> {
    place::make(to)?;
    for name in place::names(from) {
        let (from, to) = (from.join(&name), to.join(&name));
        if from.is_dir() { copy_all(&from, &to)? } else { place::copy(&from, &to)? }
    }
    Ok(())
}

fn list(folder: &Path, prefix: &str, files: &mut Vec<String>) {
    for name in place::names(folder) {
        let path = folder.join(&name);
        if path.is_dir() {
            list(&path, &format!("{prefix}{name}/"), files);
        } else {
            files.push(format!("{prefix}{name}"));
        }
    }
}
