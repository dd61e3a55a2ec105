//! A remote with the history of the event situations, clones of it, and runs of the binary as a step of a workflow.
#![allow(dead_code, reason = "each test file uses a part")]
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value};
use tempfile::TempDir;

pub(crate) fn fixture(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/paths-filter").join(name);
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// The remote, and where clones go.
pub(crate) struct World {
    pub(crate) folder: TempDir,
    ids: HashMap<String, String>,
}

/// A commit of the history; its name is the one that the fixtures use.
type Commit = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);

/// Name, parents, files.
const HISTORY: &[Commit] = &[
    ("m1", &[], &[("a.txt", "a"), ("src/x.ts", "x"), ("docs/r.md", "r")]),
    ("m2", &["m1"], &[("src/x.ts", "x2")]),
    ("m3", &["m2"], &[("docs/m3.md", "m3")]),
    ("m4", &["m3"], &[("docs/m4.md", "m4")]),
    ("f1", &["m2"], &[("src/f1.ts", "f1")]),
    ("f2", &["f1"], &[("src/f2.ts", "f2")]),
    ("merge", &["m4", "f2"], &[("src/f1.ts", "f1"), ("src/f2.ts", "f2")]),
    ("orphan", &[], &[("z.txt", "z")]),
    ("old", &["m4"], &[("src/old.ts", "old")]),
    ("new", &["m4"], &[("src/old.ts", "other"), ("src/new.ts", "new")]),
];

impl World {
    pub(crate) fn new() -> World {
        let folder = tempfile::tempdir().unwrap();
        let mut world = World { folder, ids: HashMap::new() };
        for main in ["m4", "t"] {
            let remote = world.remote(main);
            fs::create_dir_all(&remote).unwrap();
            world.git(&remote, &["init", "-q", "--bare", "-b", "main"]);
            let ids = world.import(&remote, main);
            world.ids.extend(ids);
        }
        world
    }

    fn remote(&self, main: &str) -> PathBuf {
        self.folder.path().join(format!("remote-{main}.git"))
    }

    /// The id of a commit of the history.
    pub(crate) fn id(&self, name: &str) -> &str {
        &self.ids[name]
    }

    fn import(&self, remote: &Path, main: &str) -> HashMap<String, String> {
        let mut stream = String::new();
        let mut names = Vec::new();
        let mut commit = |stream: &mut String, name: &str, parents: &[&str], body: &str| {
            names.push(name.to_owned());
            let mark = names.len();
            let of = |parent: &str| names.iter().position(|known| known == parent).unwrap() + 1;
            *stream += &format!(
                "commit refs/scratch/{name}\nmark :{mark}\ncommitter t <t@t> {} +0000\ndata 1\n.\n",
                1_700_000_000 + mark
            );
            for (index, parent) in parents.iter().enumerate() {
                *stream += &format!("{} :{}\n", if index == 0 { "from" } else { "merge" }, of(parent));
            }
            *stream += body;
        };
        for (name, parents, files) in HISTORY {
            let body: String = files
                .iter()
                .map(|(path, data)| format!("M 100644 inline {path}\ndata {}\n{data}\n", data.len()))
                .collect();
            commit(&mut stream, name, parents, &body);
        }
        let type_change = "M 120000 inline a.txt\ndata 9\ndocs/r.md\nR docs/m3.md docs/moved.md\nM 100755 inline src/x.ts\ndata 2\nx2\nM 160000 1111111111111111111111111111111111111111 sub\n";
        commit(&mut stream, "t", &["m4"], type_change);
        let refs = [
            ("refs/heads/main", main),
            ("refs/heads/feature", "f2"),
            ("refs/heads/merged", "merge"),
            ("refs/heads/orphan", "orphan"),
            ("refs/heads/forced", "new"),
            ("refs/heads/zzzzzzzzzzzzzzzzzzzz01234567890123456789", "m2"),
            ("refs/tags/v1", "m2"),
            ("refs/tags/v2", "m4"),
            ("refs/pull/7/head", "f2"),
            ("refs/pull/7/merge", "merge"),
            ("refs/hidden/old", "old"),
        ];
        for (name, at) in refs {
            let mark = names.iter().position(|known| known == at).unwrap() + 1;
            stream += &format!("reset {name}\nfrom :{mark}\n\n");
        }
        let marks = remote.join("marks");
        let input = self.folder.path().join("stream");
        fs::write(&input, stream).unwrap();
        let status = command(self.folder.path(), "git")
            .args(["-C", remote.to_str().unwrap(), "fast-import", "--quiet", "--force"])
            .arg(format!("--export-marks={}", marks.display()))
            .stdin(fs::File::open(&input).unwrap())
            .status();
        assert!(status.unwrap().success());
        for name in &names {
            self.git(remote, &["update-ref", "-d", &format!("refs/scratch/{name}")]);
        }
        let text = fs::read_to_string(marks).unwrap();
        let line = |line: &str| {
            let (mark, id) = line.split_once(' ').unwrap();
            (names[mark[1..].parse::<usize>().unwrap() - 1].clone(), id.to_owned())
        };
        text.lines().map(line).collect()
    }

    /// A clone as actions/checkout leaves it: whole, or with one ref at a depth.
    pub(crate) fn clone_for(&self, main: &str, (checkout, git_ref): (&str, &str), depth: u64) -> PathBuf {
        let target = tempfile::tempdir_in(self.folder.path()).unwrap().keep();
        let url = format!("file://{}", self.remote(main).display());
        self.git(&target, &["init", "-q", "-b", "scratch"]);
        self.git(&target, &["remote", "add", "origin", &url]);
        let id = self.ids.get(checkout.trim_start_matches("tags/")).cloned();
        if depth == 0 {
            self.git(
                &target,
                &[
                    "fetch",
                    "-q",
                    "--tags",
                    "origin",
                    "+refs/heads/*:refs/remotes/origin/*",
                    "+refs/pull/*:refs/remotes/pull/*",
                ],
            );
        } else {
            let want = match git_ref {
                name if name.starts_with("refs/heads/gh-readonly-queue") => id.clone().unwrap(),
                name if name.starts_with("refs/heads/") => format!("+{name}:refs/remotes/origin/{}", &name[11..]),
                name => format!("+{name}:{}", name.replace("refs/pull/", "refs/remotes/pull/")),
            };
            self.git(&target, &["fetch", "-q", "--no-tags", &format!("--depth={depth}"), "origin", &want]);
        }
        match git_ref.strip_prefix("refs/heads/") {
            Some(branch) if id.is_none() => {
                self.git(&target, &["checkout", "-q", "-B", branch, &format!("refs/remotes/origin/{branch}")])
            }
            _ => self.git(
                &target,
                &[
                    "checkout",
                    "-q",
                    &id.unwrap_or_else(|| format!("refs/tags/{}", checkout.trim_start_matches("tags/"))),
                ],
            ),
        };
        target
    }

    /// What else a row wants done to its clone.
    pub(crate) fn prepare(&self, clone: &Path, what: &str) {
        match what {
            "" => {}
            "local-changes" => {
                fs::write(clone.join("a.txt"), "changed").unwrap();
                fs::write(clone.join("staged.txt"), "new").unwrap();
                fs::write(clone.join("untracked.txt"), "new").unwrap();
                self.git(clone, &["add", "staged.txt"]);
            }
            "local-commit" => {
                fs::write(clone.join("local.txt"), "new").unwrap();
                self.git(clone, &["add", "local.txt"]);
                self.git(clone, &["commit", "-q", "-m", "local"]);
            }
            "no-remote" => {
                self.git(clone, &["remote", "set-url", "origin", "file:///nowhere.git"]);
            }
            other => panic!("unknown preparation {other}"),
        }
    }

    pub(crate) fn git(&self, folder: &Path, args: &[&str]) -> String {
        let out = command(self.folder.path(), "git").arg("-C").arg(folder).args(args).output().unwrap();
        assert!(out.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    }

    /// `@name` and `@name:digits` anywhere in a text become ids.
    fn with_ids(&self, text: &str) -> String {
        let Some(name) = text.strip_prefix('@') else { return text.to_owned() };
        match name.split_once(':') {
            Some((name, digits)) => self.ids[name][..digits.parse().unwrap()].to_owned(),
            None => self.ids.get(name).cloned().unwrap_or_default(),
        }
    }

    fn fill(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.with_ids(text).into(),
            Value::Array(items) => items.iter().map(|item| self.fill(item)).collect(),
            Value::Object(fields) => {
                Value::Object(fields.iter().map(|(key, value)| (key.clone(), self.fill(value))).collect())
            }
            other => other.clone(),
        }
    }
}

/// A command with nothing of this machine's configuration.
pub(crate) fn command(home: &Path, program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", home);
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "t").env(format!("GIT_{who}_EMAIL"), "t@t");
        command.env(format!("GIT_{who}_DATE"), "1700000000 +0000");
    }
    command
}

/// One run of the binary as a step.
pub(crate) struct Run<'a> {
    world: &'a World,
    command: Command,
    scratch: TempDir,
}

/// What came of it.
pub(crate) struct Ran {
    pub(crate) exit: i32,
    pub(crate) outputs: HashMap<String, String>,
    pub(crate) log: String,
    pub(crate) stdout: Vec<u8>,
    pub(crate) summary: String,
}

impl<'a> Run<'a> {
    pub(crate) fn new(world: &'a World, folder: &Path) -> Run<'a> {
        let scratch = tempfile::tempdir_in(world.folder.path()).unwrap();
        let mut command = command(world.folder.path(), env!("CARGO_BIN_EXE_paths-filter"));
        command.current_dir(folder).env("GITHUB_ACTIONS", "true").env("GITHUB_REPOSITORY", "dataflow/monorepo");
        for name in ["OUTPUT", "STEP_SUMMARY", "ENV", "PATH", "STATE"] {
            let file = scratch.path().join(name);
            fs::write(&file, "").unwrap();
            command.env(format!("GITHUB_{name}"), file);
        }
        command.env("RUNNER_TEMP", scratch.path()).env("GITHUB_WORKSPACE", folder);
        let head = self::command(world.folder.path(), "git")
            .arg("-C")
            .arg(folder)
            .args(["rev-parse", "HEAD"])
            .output()
            .unwrap();
        command.env("GITHUB_SHA", String::from_utf8(head.stdout).unwrap().trim());
        Run { world, command, scratch }
    }

    pub(crate) fn event(mut self, name: &str, git_ref: &str, payload: &Value) -> Self {
        let file = self.scratch.path().join("event.json");
        fs::write(&file, self.world.fill(payload).to_string()).unwrap();
        self.command.env("GITHUB_EVENT_NAME", name).env("GITHUB_REF", git_ref).env("GITHUB_EVENT_PATH", file);
        self
    }

    pub(crate) fn with(mut self, inputs: &Map<String, Value>) -> Self {
        for (name, value) in inputs {
            let name = format!("INPUT_{}", name.to_uppercase().replace('-', "_"));
            self.command.env(name, self.world.with_ids(value.as_str().unwrap()));
        }
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn run(mut self) -> Ran {
        let out = self.command.output().unwrap();
        let file = |name: &str| fs::read(self.scratch.path().join(name)).unwrap();
        let read = action::oracle::output(&file("OUTPUT")).expect("GITHUB_OUTPUT must be well-formed");
        Ran {
            exit: out.status.code().unwrap_or(-1),
            outputs: read.into_iter().collect(),
            log: format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr)),
            stdout: out.stdout,
            summary: String::from_utf8(file("STEP_SUMMARY")).unwrap(),
        }
    }
}
