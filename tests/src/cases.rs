//! The case runner: a folder of `fixtures/<bin>/` is a test of the binary, and this is what it looks like.
//!
//! | file | what it is |
//! |---|---|
//! | `with.yml` | the `with:` block of a workflow; the binary runs as the step of an action |
//! | `args` | instead: one argument a line; the binary runs as on a terminal |
//! | `stdin` | what it reads on standard input |
//! | `env` | `NAME=VALUE` lines that are added to the environment |
//! | `event.json` | the payload of the event; its name is `GITHUB_EVENT_NAME` in `env` |
//! | `files/` | the work tree, when the binary reads one |
//! | `history` | commits, branches and clones, as [`history`] reads them; the binary then finds `git` on its `PATH` |
//! | `replies` | answers to commands and to HTTP requests, as [`replies`] reads them |
//! | `expect` | what it came to; `UPDATE=1` rewrites it |
//!
//! In all but `expect`, `@{work}` is the work tree, `@{api}` the address of the API, and `@{label}` the id of a commit of
//! `history`; `expect` shows them by these names. The environment is empty otherwise, and `PATH` holds only what the case
//! has answers for.
mod drift;
mod expect;
mod folder;
pub mod history;
mod names;
pub mod replies;
mod server;
mod world;

use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};

use folder::Case;
use world::World;

/// Runs every case of `fixtures/<name>/` with the binary `exe`, each as a test, and ends the process.
///
/// Two more tests compare what `exe` generates with `dist/<name>/`: its action.yml and the tables of its README.
/// It is the whole `main` of a test target without harness.
pub fn run(exe: &str, name: &str) {
    if let Some(code) = replies::answer_for_command() {
        leave(code);
    }
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("fixtures").join(name);
    let exe = PathBuf::from(exe);
    let trial = |folder: PathBuf| {
        let name = folder.strip_prefix(&fixtures).unwrap_or(&folder).display().to_string();
        let exe = exe.clone();
        Trial::test(name, move || check(&exe, &folder).map_err(Failed::from))
    };
    let mut trials: Vec<Trial> = folder::find(&fixtures).into_iter().map(trial).collect();
    trials.extend(drift::trials(&exe, name));
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// Plays one case and compares; with `UPDATE=1` it rewrites what is expected.
///
/// # Errors
/// What differs, or why the case could not be played.
pub fn check(exe: &Path, folder: &Path) -> Result<(), String> {
    let case = Case::read(folder)?;
    let world = World::build(&case)?;
    let observed = world.play(exe, &case)?;
    let found = expect::text(&observed, world.names())?;
    let file = folder.join("expect");
    if std::env::var_os("UPDATE").is_some_and(|update| update == "1") {
        return std::fs::write(&file, found).map_err(|e| format!("could not write {}: {e}", file.display()));
    }
    let expected = std::fs::read_to_string(&file).unwrap_or_default();
    if found == expected {
        return Ok(());
    }
    let hint = "UPDATE=1 cargo test rewrites it; read the difference as you would code";
    Err(format!("{} differs ({hint}):\n{}", file.display(), expect::difference(&expected, &found)))
}

#[allow(clippy::exit, reason = "a process that answers for a command ends with that command's exit code")]
fn leave(code: i32) {
    std::process::exit(code);
}
