//! The launcher of an action, under every shell of this machine that may be its `sh`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

const BINARY: &str = "#!/bin/sh\nif [ \"${1:-}\" = --version ]; then exit 0; fi\necho \"$0 $$ ${BASH_ENV-none} ${CDPATH-none}\"\nfor arg; do echo \"<$arg>\"; done\nexit 7\n";

/// A tree with the launcher, run by one of the shells.
struct Tree {
    folder: TempDir,
    shell: PathBuf,
    env: Vec<(&'static str, String)>,
    pid: u32,
}

impl Tree {
    fn new(shell: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let launcher = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("dist").join("paths-filter/run");
        fs::copy(launcher, folder.path().join("run")).unwrap();
        fs::create_dir_all(folder.path().join("temp")).unwrap();
        // Whatever the shell's file is called, it has to take itself for `sh`.
        symlink(shell, folder.path().join("sh")).unwrap();
        let shell = folder.path().join("sh");
        Self { folder, shell, env: Vec::new(), pid: 0 }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn binary(self, path: &str, mode: u32) -> Self {
        let file = self.at(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, BINARY).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        self
    }

    fn env(mut self, name: &'static str, value: &str) -> Self {
        let value = value.replace("@tree", &self.folder.path().display().to_string());
        self.env.push((name, value));
        self
    }

    fn run(&mut self) -> Output {
        let mut command = Command::new(&self.shell);
        command.arg(self.at("run")).args(["a b", "*"]).env_clear().env("PATH", "/usr/bin:/bin");
        command.env("RUNNER_TEMP", self.at("temp")).envs(self.env.iter().map(|(name, value)| (*name, value)));
        let child = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
        self.pid = child.id();
        child.wait_with_output().unwrap()
    }
}

/// Runs under each shell; `expected` is the exit code and what is printed, after the name of the tree was taken out.
fn check(tree: impl Fn(Tree) -> Tree, expected: (i32, &str)) {
    let shells = ["/bin/dash", "/bin/bash", "/bin/busybox"].map(Path::new).into_iter().filter(|shell| shell.exists());
    for shell in shells {
        let mut tree = tree(Tree::new(shell));
        let output = tree.run();
        assert!(!tree.at("owned").exists(), "{} ran what came with the environment", shell.display());
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let said = said
            .replace(&tree.folder.path().display().to_string(), "@tree")
            .replace(&format!(" {} ", tree.pid), " PID ");
        let said: Vec<&str> = said.split("dataflow-").collect();
        let said =
            said.iter().enumerate().map(|(at, part)| if at == 0 { *part } else { &part[6..] }).collect::<String>();
        assert_eq!((output.status.code(), said.as_str()), (Some(expected.0), expected.1), "{}", shell.display());
    }
}

const PLACE: &str =
    if cfg!(target_arch = "aarch64") { "bin/linux-aarch64/paths-filter" } else { "bin/linux-x86_64/paths-filter" };

#[test]
fn becomes_the_binary_with_its_arguments_and_exit_code() {
    check(|tree| tree.binary(PLACE, 0o755), (7, &format!("@tree/{PLACE} PID none none\n<a b>\n<*>\n")));
}

#[test]
fn what_a_shell_would_read_is_cleared() {
    let tree = |tree: Tree| tree.binary(PLACE, 0o755).env("BASH_ENV", "/x").env("CDPATH", "/y");
    check(tree, (7, &format!("@tree/{PLACE} PID none none\n<a b>\n<*>\n")));
}

#[test]
fn a_binary_that_cannot_be_executed_is_copied() {
    check(|tree| tree.binary(PLACE, 0o644), (7, "@tree/temp//paths-filter PID none none\n<a b>\n<*>\n"));
}

#[test]
fn a_folder_of_binaries_can_be_given() {
    let tree = |tree: Tree| tree.binary("own/paths-filter", 0o755).env("DATAFLOW_BIN", "@tree/own");
    check(tree, (7, "@tree/own/paths-filter PID none none\n<a b>\n<*>\n"));
}

#[test]
fn without_a_binary_it_says_what_to_do() {
    let arch = if cfg!(target_arch = "aarch64") { "aarch64" } else { "x86_64" };
    let why = format!(
        "no binary runs on Linux {arch}; use a Linux runner on x86_64 or aarch64, or set DATAFLOW_BIN to a folder that holds paths-filter"
    );
    check(|tree| tree, (3, &format!("error: could not start paths-filter: {why}\n")));
    let expected = format!("::error title=paths-filter::could not start paths-filter: {why}\n");
    check(|tree| tree.env("GITHUB_ACTIONS", "true"), (3, &expected));
}

#[test]
fn functions_from_the_environment_are_refused() {
    let why = "error: could not start paths-filter: the environment defines shell functions (BASH_FUNC_*); remove them from the job\n";
    for function in ["uname", "env", "tr", "anything"] {
        let name: &'static str = format!("BASH_FUNC_{function}%%").leak();
        check(|tree| tree.binary(PLACE, 0o755).env(name, "() { touch @tree/owned; }"), (3, why));
    }
}
