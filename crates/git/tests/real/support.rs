//! Repositories for the tests, made by the real `git` with nobody's configuration.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use git::{Change, Id, Repository, Status};

/// A temporary folder with a repository in it.
pub(crate) struct Sandbox {
    folder: tempfile::TempDir,
}

impl Sandbox {
    /// An empty repository; `format` is `sha1` or `sha256`.
    pub(crate) fn new(format: &str) -> Self {
        let sandbox = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        sandbox.git(["init", "-q", "-b", "main", "--object-format", format, "."]);
        sandbox
    }

    /// A clone of `other` with these options of `git clone`, through the protocol, as from a server.
    pub(crate) fn clone_of(other: &Path, options: &[&str]) -> Self {
        let sandbox = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        let url = format!("file://{}", other.display());
        sandbox.git([&["clone", "-q"], options, &[&url, "."]].concat());
        sandbox
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().canonicalize().expect("the folder is there")
    }

    pub(crate) fn open(&self) -> Repository {
        Repository::discover(&self.path()).expect("it opens").expect("it is a repository")
    }

    pub(crate) fn write(&self, name: &str, content: &str) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        std::fs::write(path, content).expect("writes");
    }

    /// What git prints; it has to succeed.
    pub(crate) fn git<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
        let args: Vec<&str> = args.into_iter().collect();
        let output = git_in(&self.path(), &args, &[]);
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    /// What git prints, as trimmed text.
    pub(crate) fn text<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> String {
        String::from_utf8(self.git(args)).expect("text").trim_end().to_owned()
    }

    pub(crate) fn id(&self, revision: &str) -> Id {
        id(&self.text(["rev-parse", "--verify", revision]))
    }

    /// Whether git succeeds.
    pub(crate) fn succeeds(&self, args: &[&str]) -> bool {
        git_in(&self.path(), args, &[]).status.success()
    }

    /// What git prints, given `input`.
    pub(crate) fn feed(&self, args: &[&str], input: &[u8]) -> Vec<u8> {
        let output = git_in(&self.path(), args, input);
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    /// Adds and commits everything in the work tree.
    pub(crate) fn commit_all(&self, message: &str) -> Id {
        self.git(["add", "-A"]);
        self.git(["commit", "-q", "--allow-empty", "-m", message]);
        self.id("HEAD")
    }
}

pub(crate) fn id(hex: &str) -> Id {
    Id::from_hex(hex.as_bytes()).expect("an id")
}

/// Makes a command free of the configuration of whoever runs the tests.
pub(crate) fn isolate(command: &mut Command) -> &mut Command {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GIT_") {
            command.env_remove(name);
        }
    }
    let isolated = [
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("HOME", "/nonexistent"),
        ("GIT_AUTHOR_NAME", "A"),
        ("GIT_AUTHOR_EMAIL", "a@example.org"),
        ("GIT_AUTHOR_DATE", "1700000000 +0000"),
        ("GIT_COMMITTER_NAME", "C"),
        ("GIT_COMMITTER_EMAIL", "c@example.org"),
        ("GIT_COMMITTER_DATE", "1700000000 +0000"),
        ("LC_ALL", "C"),
    ];
    command.envs(isolated)
}

fn git_in(folder: &Path, args: &[&str], input: &[u8]) -> Output {
    let mut command = Command::new("git");
    isolate(&mut command).current_dir(folder).args(["-c", "protocol.file.allow=always"]).args(args);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("git is installed");
    let mut stdin = child.stdin.take().expect("piped");
    let input = input.to_vec();
    let feeder = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("git ends");
    feeder.join().expect("input is fed");
    output
}

/// Reads what `--name-status -z` prints.
pub(crate) fn name_status(printed: &[u8]) -> Vec<Change> {
    let fields: Vec<&[u8]> = printed.split(|&byte| byte == 0).collect();
    let status = |letter: &[u8]| match letter {
        b"A" => Status::Added,
        b"M" => Status::Modified,
        b"D" => Status::Deleted,
        b"T" => Status::TypeChanged,
        b"U" => Status::Unmerged,
        _ => panic!("status {:?}", String::from_utf8_lossy(letter)),
    };
    fields.chunks_exact(2).map(|pair| Change { status: status(pair[0]), path: pair[1].to_vec() }).collect()
}

/// A stream of numbers that is the same in every run.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % end
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// Input for `git fast-import`.
#[derive(Default)]
pub(crate) struct Import(pub(crate) Vec<u8>);

impl Import {
    pub(crate) fn line(&mut self, line: &str) {
        self.0.extend_from_slice(line.as_bytes());
        self.0.push(b'\n');
    }

    pub(crate) fn data(&mut self, data: &[u8]) {
        self.line(&format!("data {}", data.len()));
        self.0.extend_from_slice(data);
        self.0.push(b'\n');
    }

    /// Starts commit number `mark` on a branch.
    pub(crate) fn commit(&mut self, branch: &str, mark: usize, time: i64) {
        self.line(&format!("commit refs/heads/{branch}"));
        self.line(&format!("mark :{mark}"));
        self.line(&format!("committer C <c@example.org> {time} +0000"));
        self.data(format!("commit {mark}").as_bytes());
    }

    pub(crate) fn parents(&mut self, marks: &[usize]) {
        for (at, mark) in marks.iter().enumerate() {
            self.line(&format!("{} :{mark}", if at == 0 { "from" } else { "merge" }));
        }
    }

    pub(crate) fn delete(&mut self, path: &[u8]) {
        let path = quoted(path);
        self.line(&format!("D {path}"));
    }

    /// Writes a file or a link.
    pub(crate) fn file(&mut self, mode: &str, path: &[u8], content: &[u8]) {
        self.line(&format!("M {mode} inline {}", quoted(path)));
        self.data(content);
    }

    pub(crate) fn submodule(&mut self, path: &[u8], commit: &str) {
        self.line(&format!("M 160000 {commit} {}", quoted(path)));
    }

    /// Runs the import; the ids of the commits by their marks.
    pub(crate) fn run(mut self, sandbox: &Sandbox) -> std::collections::HashMap<usize, Id> {
        self.line("done");
        let marks = sandbox.path().join(".git/marks");
        let option = format!("--export-marks={}", marks.display());
        sandbox.feed(&["fast-import", "--quiet", "--done", "--force", &option], &self.0);
        let marks = std::fs::read_to_string(marks).expect("marks");
        let mark = |line: &str| {
            let (mark, hex) = line.strip_prefix(':').and_then(|line| line.split_once(' ')).expect("a mark");
            (mark.parse().expect("a number"), id(hex))
        };
        marks.lines().map(mark).collect()
    }
}

fn quoted(path: &[u8]) -> String {
    let escaped: String = path.iter().map(|byte| format!("\\{byte:03o}")).collect();
    format!("\"{escaped}\"")
}
