//! The monorepo of fixtures/monorepo in the local runner: its callers, our workflows, our actions, and a stand-in for every
//! action of others.
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use action::oracle;
use serde_json::Value;
use tests::identity::Cloud;
use tests::monorepo::{root, tracked};
use tests::{parts, yaml};

use crate::identity::{self, Started};
use crate::runner::{Run, Runner, Running, on_path};
use crate::trees::{copy_all, tree};

/// Lets the jobs of a matrix run one after the other: like other jobs beside each other (see `runner.rs`), they now and then break the
/// runner.
fn one_at_a_time(workflow: &Path) {
    let text = fs::read_to_string(workflow).unwrap();
    assert!(!text.contains("max-parallel"), "{}: the matrices of the copy get one", workflow.display());
    fs::write(workflow, text.replace("    strategy:\n", "    strategy:\n      max-parallel: 1\n")).unwrap();
}

/// The monorepo, the runner, and what the steps of our actions wrote.
pub(crate) struct Monorepo {
    pub(crate) runner: Runner,
    notes: PathBuf,
    /// Where its jobs sign in.
    pub(crate) cloud: Cloud,
}

impl Monorepo {
    /// The monorepo with one commit `base` on `main`; none when the runner is not installed.
    pub(crate) fn new() -> Option<Self> {
        let runner = Runner::open()?;
        let mut all = Self { notes: runner.folder("notes"), cloud: identity::cloud(), runner };
        fs::create_dir_all(&all.notes).unwrap();
        for (name, file) in [
            ("ARTIFACTS", "artifacts"),
            ("MESSAGES", "messages"),
            ("PAGES", "pages"),
            ("BACKUPS", "backups"),
            ("MIGRATIONS", "migrations"),
        ] {
            let path = all.runner.folder(file);
            all.runner.env(&format!("STAND_IN_{name}"), path.to_str().unwrap());
        }
        tests::monorepo::copy(&all.work());
        all.git(&["init", "--quiet", "--initial-branch", "main"]);
        all.git(&["remote", "add", "origin", "https://github.com/dataflow/monorepo"]);
        all.commit("base", "feat: begin");
        all.actions();
        all.programs();
        Some(all)
    }

    /// The work tree.
    pub(crate) fn work(&self) -> PathBuf {
        self.runner.folder("work")
    }

    pub(crate) fn git(&self, words: &[&str]) -> String {
        let identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"];
        let output = Command::new("git").args(identity).args(words).current_dir(self.work()).output().unwrap();
        assert!(output.status.success(), "git {words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn commit(&mut self, label: &str, subject: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", subject]);
        self.runner.remember(label, self.git(&["rev-parse", "HEAD"]));
    }

    /// A commit on the branch `topic`: a text of a file is replaced, or a new file written where there is none to replace.
    pub(crate) fn change(&mut self, subject: &str, files: &[(&str, &str, &str)]) {
        self.git(&["checkout", "--quiet", "-B", "topic"]);
        for (name, old, new) in files {
            let path = self.work().join(name);
            let text = if old.is_empty() {
                (*new).to_owned()
            } else {
                let text = fs::read_to_string(&path).unwrap();
                assert!(text.contains(old), "{name} has no {old:?}");
                text.replacen(old, new, 1)
            };
            fs::write(path, text).unwrap();
        }
        self.commit("topic", subject);
    }

    /// Our actions from the trees that users get, with an oracle behind each step; the workflows; the stand-ins.
    fn actions(&mut self) {
        let standing = root().join("tests/tests/e2e/stand-ins");
        for uses in uses() {
            let (name, _) = uses.split_once('@').unwrap();
            let parts: Vec<&str> = name.split('/').collect();
            let folder = match parts[..] {
                ["dataflow", "tools", ..] => self.tools(),
                ["dataflow", tool] => self.spied(tool),
                // Checkout is what the runner does itself.
                ["actions", "checkout"] => continue,
                [owner, name, ..] => standing.join(format!("{owner}-{name}")),
                _ => panic!("{uses}"),
            };
            assert!(folder.is_dir(), "there is no stand-in for {uses}: {}", folder.display());
            let (repository, reference) = (format!("{}/{}", parts[0], parts[1]), uses.split_once('@').unwrap().1);
            self.runner.action(&format!("{repository}@{reference}"), &folder);
        }
    }

    /// What of this repository others call: the runner copies all of it for every job.
    fn tools(&self) -> PathBuf {
        let copy = self.runner.folder("tools");
        if !copy.exists() {
            copy_all(&root().join(".github"), &copy.join(".github"));
            copy_all(&root().join(".github/workflows"), &self.called());
            for file in fs::read_dir(self.called()).unwrap() {
                one_at_a_time(&file.unwrap().path());
            }
        }
        copy
    }

    /// The workflows that are called, as they stand in the repository; before a run they are told where jobs sign in.
    pub(crate) fn called(&self) -> PathBuf {
        self.runner.folder("called")
    }

    /// A copy of a tool's tree that keeps what each step wrote.
    fn spied(&self, tool: &str) -> PathBuf {
        let copy = self.runner.folder(&format!("action-{tool}"));
        if copy.exists() {
            return copy;
        }
        copy_all(&tree(tool), &copy);
        fs::rename(copy.join("run"), copy.join("run.launcher")).unwrap();
        let spy = format!(
            "#!/bin/sh\nstatus=0\nsh \"${{0%/*}}/run.launcher\" \"$@\" || status=$?\nnote=$(mktemp '{notes}/{tool}.XXXXXX')\n\
             cp \"$GITHUB_OUTPUT\" \"$note.output\"\ncp \"$GITHUB_STEP_SUMMARY\" \"$note.summary\"\ncp \"$GITHUB_ENV\" \"$note.env\"\n\
             echo $status > \"$note\"\nexit $status\n",
            notes = self.notes.display()
        );
        fs::write(copy.join("run"), spy).unwrap();
        fs::set_permissions(copy.join("run"), fs::Permissions::from_mode(0o755)).unwrap();
        copy
    }

    /// Programs that stand in front of the machine's: those that parts installed, and stand-ins. One that is missing is missed by the
    /// step that wants it.
    fn programs(&mut self) {
        for (part, name) in [
            ("checkov", "checkov"),
            ("compose", "docker-compose"),
            ("crane", "crane"),
            ("golangci-lint", "golangci-lint"),
            ("hadolint", "hadolint"),
            ("kustomize", "kustomize"),
            ("poetry", "poetry"),
            ("python-3.12", "python3.12"),
            ("terraform", "terraform"),
            ("tflint", "tflint"),
            ("trivy", "trivy"),
        ] {
            if let Some(program) = parts::path(part) {
                self.runner.link(name, &program);
            }
        }
        if let Some(poetry) = parts::path("poetry") {
            self.runner.env("POETRY_PYPI_MIRROR_URL", &parts::pip_index(&poetry));
        }
        if let Some(database) = parts::path("trivy-db") {
            self.runner.env("TRIVY_CACHE_DIR", database.to_str().unwrap());
        }
        for (name, value) in [("CLOUD", self.cloud.url()), ("CURL", on_path("curl").to_str().unwrap().to_owned())] {
            self.runner.env(&format!("STAND_IN_{name}"), &value);
        }
        // What outlives a run, so that it is made once.
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("workflows");
        for (name, folder) in [("GOCACHE", "go-build"), ("POETRY_VIRTUALENVS_PATH", "python")] {
            self.runner.env(name, kept.join(folder).to_str().unwrap());
        }
        let programs = root().join("tests/tests/e2e/stand-ins/programs");
        for name in tests::files(&programs) {
            let target = self.runner.folder("bin").join(&name);
            fs::copy(programs.join(&name), &target).unwrap();
            fs::set_permissions(&target, fs::Permissions::from_mode(0o755)).unwrap();
        }
    }

    /// Runs a caller, and reads every file that a step of ours wrote as GitHub's runner would.
    pub(crate) fn run(&self, event: &str, payload: &str, caller: &str) -> Run {
        let run = self.runner.run(event, payload, &self.identified(event, payload, caller));
        for note in tests::files(&self.notes) {
            let bytes = fs::read(self.notes.join(&note)).unwrap();
            let read = match note.rsplit_once('.') {
                Some((_, "output")) => oracle::output(&bytes).map(drop),
                Some((_, "env")) => oracle::output(&bytes).map(drop),
                Some((_, "summary")) => oracle::summary(&bytes).map(drop),
                _ => Ok(()),
            };
            assert!(read.is_ok(), "{note}: {read:?}\n{}", String::from_utf8_lossy(&bytes));
        }
        run
    }

    /// As [`Self::run`], but somebody will end it.
    pub(crate) fn start(&self, event: &str, payload: &str, caller: &str) -> Running {
        self.runner.start(event, payload, &self.identified(event, payload, caller))
    }

    /// The text of a caller, whose jobs can sign in now.
    fn identified(&self, event: &str, payload: &str, caller: &str) -> String {
        let text = fs::read_to_string(self.work().join(".github/workflows").join(caller)).unwrap();
        let to = self.tools().join(".github/workflows");
        identity::identify(&self.cloud, (&self.called(), &to), &Started { event, payload, caller, text: &text });
        text
    }

    /// How the steps of one of our tools ended, sorted.
    pub(crate) fn ended(&self, tool: &str) -> Vec<String> {
        let of_tool = |name: &String| name.starts_with(&format!("{tool}.")) && name.matches('.').count() == 1;
        let mut ended: Vec<String> = tests::files(&self.notes)
            .into_iter()
            .filter(of_tool)
            .map(|name| fs::read_to_string(self.notes.join(name)).unwrap().trim().to_owned())
            .collect();
        ended.sort();
        ended
    }

    /// All summaries of a tool's steps, one after the other.
    pub(crate) fn summaries(&self, tool: &str) -> String {
        let of_tool = |name: &String| name.starts_with(&format!("{tool}.")) && name.ends_with(".summary");
        let names = tests::files(&self.notes).into_iter().filter(of_tool);
        names.map(|name| fs::read_to_string(self.notes.join(name)).unwrap()).collect()
    }
}

/// The payload of a pull request from `topic` to `main`.
pub(crate) fn pull_request() -> String {
    r#"{"action": "opened", "number": 7, "pull_request": {"number": 7, "base": {"ref": "main", "sha": "@base"}, "head": {"ref": "topic", "sha": "@topic"}},
        "repository": {"full_name": "dataflow/monorepo", "default_branch": "main"}}"#
        .to_owned()
}

/// Every `uses` of our workflows, their action and the callers.
fn uses() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let folders = [".github/workflows", ".github/actions", "fixtures/monorepo/.github/workflows"];
    for file in folders.iter().flat_map(|folder| tracked(folder)).filter(|file| !file.ends_with("self.yml")) {
        let text = fs::read_to_string(root().join(&file)).unwrap();
        collect(&yaml::parse(&text).unwrap(), &mut found);
    }
    found
}

fn collect(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("uses").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|value| collect(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {}
    }
}
