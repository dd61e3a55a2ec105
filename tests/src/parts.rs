//! Where the parts are that `cargo xtask parts` installed.
use std::io::Write;
use std::path::{Path, PathBuf};

/// The program or folder of a part, if it is installed.
///
/// It is looked for in `$PARTS_CACHE` or `target/parts`, where a file `<name>.at` holds what was installed and, in the
/// second line, where it is.
pub fn path(name: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
    let cache = std::env::var_os("PARTS_CACHE").map_or_else(|| root.join("target/parts"), PathBuf::from);
    let at = std::fs::read_to_string(cache.join(format!("{name}.at"))).ok()?;
    at.lines().nth(1).map(PathBuf::from).filter(|path| path.exists())
}

/// As [`path`], for a test that cannot run without: says `not run: …`, which `cargo xtask test` counts as skipped.
///
/// # Panics
/// Under `CI=true`, where everything has to be there.
pub fn needed(name: &str) -> Option<PathBuf> {
    let found = path(name);
    if found.is_none() {
        missing(&format!("{name} is not installed; `cargo xtask parts {name}` installs it"));
    }
    found
}

/// As [`needed`], for what no package client has: where the machine does not have it, that is told in CI too.
pub fn present(name: &str) -> Option<PathBuf> {
    let found = path(name);
    if found.is_none() {
        not_run(&format!("this machine has no {name}, and no package client does"));
    }
    found
}

/// What a variable of `cargo xtask test cluster` says; none says `not run: …`, as [`needed`] does.
///
/// # Panics
/// Under `CI=true`, where everything has to be there.
pub fn told(name: &str) -> Option<PathBuf> {
    let value = std::env::var_os(name).map(PathBuf::from);
    if value.is_none() {
        missing(&format!("{name} is not set; `cargo xtask test cluster` sets it"));
    }
    value
}

fn missing(why: &str) {
    assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "{why}");
    not_run(why);
}

/// Says that a test did not run, which `cargo xtask test` counts as skipped.
pub fn not_run(why: &str) {
    // Not by a macro: those are captured, and nobody would see that a test did not run.
    let _ = writeln!(std::io::stderr(), "\nnot run: {why}");
}

/// The index that pip is set up to use, as the Python beside a program says. Poetry asks for descriptions of single versions, which not
/// every mirror has, and takes this one by a plugin.
///
/// # Panics
/// Where that Python has no pip.
pub fn pip_index(program: &Path) -> String {
    let code =
        "from pip._internal.commands import create_command as c; print(c('install').parse_args([])[0].index_url)";
    let output = std::process::Command::new(program.with_file_name("python3")).args(["-c", code]).output();
    let index = output.ok().filter(|output| output.status.success()).map(|output| output.stdout);
    let said = String::from_utf8_lossy(&index.expect("a virtual environment has pip")).into_owned();
    // pip may go on to speak of a newer one of itself.
    said.lines().next().unwrap_or_default().to_owned()
}
