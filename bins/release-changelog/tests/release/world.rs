//! A repository with files to release, a GitHub on loopback, and the binary as a process between them.
use std::fs;
use std::process::{Child, Command, Output, Stdio};

use github_sim::{Fault, PlannedFault, Release, Repository, Sim, State, Tag, Token};
use tempfile::TempDir;

pub(crate) const TAG: &str = "v1.2.0";
pub(crate) const TOKEN: &str = "ghs_secret";
/// The one state in which every story ends.
pub(crate) const WHOLE: &str = "public latest v1.2.0: a.tgz uploaded, b+1.zip uploaded, SHA256SUMS uploaded";

/// A work tree with the tag checked out, and `dist/` with two archives and their list.
pub(crate) struct World {
    folder: TempDir,
    commit: String,
}

impl World {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let history = "commit one on main\n  write a.txt \"1\\n\"\ntag v1.1.0 at one\n\
                       commit two on main\n  write a.txt \"2\\n\"\ntag v1.2.0 at two\ncheckout two\n";
        let built = tests::cases::history::build(history, folder.path()).unwrap();
        let commit = built.ids.iter().find(|(label, _)| label == "two").unwrap().1.clone();
        let world = World { folder, commit };
        let dist = world.folder.path().join("work/dist");
        fs::create_dir_all(&dist).unwrap();
        fs::create_dir_all(world.folder.path().join("home")).unwrap();
        fs::write(dist.join("a.tgz"), "archive").unwrap();
        fs::write(dist.join("b+1.zip"), "zip").unwrap();
        // sha256sum a.tgz b+1.zip
        let list = Command::new("sha256sum").args(["a.tgz", "b+1.zip"]).current_dir(&dist).output().unwrap();
        assert!(list.status.success());
        fs::write(dist.join("SHA256SUMS"), list.stdout).unwrap();
        world
    }

    /// The server that knows this repository, with these faults to come.
    pub(crate) fn github(&self, faults: Vec<PlannedFault>) -> Sim {
        let repository = Repository {
            id: 42,
            owner: "octo".to_owned(),
            name: "demo".to_owned(),
            private: true,
            tags: vec![Tag { name: TAG.to_owned(), commit: self.commit.clone(), object: None }],
            head_sha: "e".repeat(40),
            immutable_releases: true,
            ..Repository::default()
        };
        let token = Token {
            secret: TOKEN.to_owned(),
            repositories: vec!["octo/demo".to_owned()],
            permissions: [("contents".to_owned(), "write".to_owned())].into(),
            ..Token::default()
        };
        Sim::start(State { repositories: vec![repository], tokens: vec![token], faults, ..State::default() }).unwrap()
    }

    /// The binary, making the release.
    pub(crate) fn command(&self, sim: &Sim, mode: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_release-changelog"));
        command.current_dir(self.folder.path().join("work")).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.folder.path().join("home"));
        command.env("GITHUB_API_URL", sim.url()).env("GITHUB_REPOSITORY", "octo/demo");
        command.args(["--to", TAG, "--release", mode, "--assets", "dist/*", "--token", TOKEN]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs it to its end.
    pub(crate) fn run(&self, sim: &Sim) -> Output {
        self.command(sim, "publish").output().unwrap()
    }

    /// Starts it.
    pub(crate) fn start(&self, sim: &Sim) -> Child {
        self.command(sim, "publish").spawn().unwrap()
    }
}

/// How it ended, and what it said.
pub(crate) fn told(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{:?}: {}{}", output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// The releases of the server; at no moment is one public that is not whole.
pub(crate) fn shown(sim: &Sim, why: &str) -> String {
    let mut shown = Vec::new();
    sim.change(|state| {
        let repository = &state.repositories[0];
        for release in &repository.releases {
            let Release { draft, tag_name, assets, .. } = release;
            let kind = if *draft { "draft" } else { "public" };
            let latest = if repository.latest == Some(release.id) { " latest" } else { "" };
            let assets: Vec<_> = assets.iter().map(|asset| format!("{} {}", asset.name, asset.state)).collect();
            let line = format!("{kind}{latest} {tag_name}: {}", assets.join(", "));
            assert!(*draft || line == WHOLE, "{why}: {line}");
            shown.push(line);
        }
        assert_eq!(repository.tags.len(), 1, "{why}");
    });
    shown.join(" | ")
}

/// Stops at a call: before it is carried out, after it, or for a file half-way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    Before,
    After,
    HalfWay,
}

impl Moment {
    /// The plan that leaves the process waiting at that call, so that it can be killed there.
    pub(crate) fn at(self, call: u64) -> PlannedFault {
        let fault = match self {
            Moment::Before => Fault::Hang,
            Moment::After => Fault::CarriedOut(Box::new(Fault::Hang)),
            Moment::HalfWay => Fault::HalfUpload(Box::new(Fault::Hang)),
        };
        PlannedFault { call, times: 1, fault }
    }
}
