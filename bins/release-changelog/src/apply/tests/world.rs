//! A server, files, a virtual clock, and what a run came to as one text.
use std::fs;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use github::{Client, Clock, Limits, Network, Repo, Settings, Token};
use github_sim::{PlannedFault, Release, Repository, Sim, State, Tag};
use tempfile::TempDir;

use super::super::server::Server;
use super::super::{Notes, Released, files, make, wanted};
use action::Failure;

pub(super) const TAG: &str = "v1.2.0";
pub(super) const HEAD: &str = "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";

/// The commit that is released.
pub(super) fn commit() -> String {
    "c".repeat(40)
}

/// Time that only passes in waits; an attempt ends when the server has left a call hanging.
struct VirtualClock {
    waited: Mutex<Duration>,
    /// How many calls hang by now, and how many attempts have ended for it.
    hangs: Arc<dyn Fn() -> u64 + Send + Sync>,
    ended: Arc<AtomicU64>,
}

impl VirtualClock {
    fn new(sim: &Sim) -> Self {
        let hangs = sim.hangs();
        let ended = Arc::new(AtomicU64::new(hangs()));
        VirtualClock { waited: Mutex::default(), hangs: Arc::new(hangs), ended }
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Duration {
        Duration::from_secs(1_800_000_000) + *self.waited.lock().unwrap()
    }

    fn wait(&self, time: Duration) {
        *self.waited.lock().unwrap() += time;
    }

    fn expiry(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let (hangs, ended) = (Arc::clone(&self.hangs), Arc::clone(&self.ended));
        Box::pin(async move {
            while hangs() <= ended.load(Ordering::SeqCst) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            ended.fetch_add(1, Ordering::SeqCst);
        })
    }
}

/// Two files and their list.
pub(super) fn assets() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.tgz"), "archive").unwrap();
    fs::write(folder.path().join("b+1.zip"), "zip").unwrap();
    list(&folder, &["a.tgz", "b+1.zip"]);
    folder
}

/// Writes SHA256SUMS of these files.
pub(super) fn list(folder: &TempDir, names: &[&str]) {
    let mut lines = Vec::new();
    for name in names {
        use sha2::Digest as _;
        let digest = sha2::Sha256::digest(fs::read(folder.path().join(name)).unwrap()).into();
        let of = (name.as_bytes(), &digest);
        formats::sums::write(&mut lines, of, formats::sums::Form::Text, formats::sums::End::Line);
    }
    fs::write(folder.path().join("SHA256SUMS"), lines).unwrap();
}

/// A repository with the tag, on a server with these faults to come.
pub(super) fn state(faults: Vec<PlannedFault>) -> State {
    let tag = Tag { name: TAG.to_owned(), commit: commit(), object: Some("d".repeat(40)) };
    let repository = Repository {
        id: 42,
        owner: "octo".to_owned(),
        name: "demo".to_owned(),
        private: true,
        tags: vec![tag],
        head_sha: HEAD.to_owned(),
        ..Repository::default()
    };
    let token = github_sim::Token {
        secret: "ghs_secret".to_owned(),
        repositories: vec!["octo/demo".to_owned()],
        permissions: [("contents".to_owned(), "write".to_owned())].into(),
        ..github_sim::Token::default()
    };
    State { repositories: vec![repository], tokens: vec![token], faults, ..State::default() }
}

pub(super) fn notes() -> Notes {
    Notes {
        tag: TAG.to_owned(),
        commit: commit(),
        title: "1.2.0".to_owned(),
        body: "### Features\n\n- one".to_owned(),
        full: None,
        prerelease: false,
    }
}

/// One run.
pub(super) fn run(sim: &Sim, (folder, notes): (&TempDir, &Notes), public: bool) -> Result<Released, Failure> {
    run_telling(sim, (folder, notes), public, &mut |_| {})
}

/// One run that says what it does.
pub(super) fn run_telling(
    sim: &Sim,
    (folder, notes): (&TempDir, &Notes),
    public: bool,
    tell: &mut dyn FnMut(String),
) -> Result<Released, Failure> {
    let limits = Limits { attempts: 3, ..Limits::default() };
    let settings = Settings {
        api_url: sim.url(),
        token: Some(Token::new("ghs_secret")),
        user_agent: "tests".to_owned(),
        network: Network::default(),
        limits,
    };
    let client = Client::with_clock(&settings, Arc::new(VirtualClock::new(sim))).unwrap();
    let files = match files::collect(&["*".to_owned()], folder.path(), notes.full.as_deref())? {
        Ok(files) => files,
        Err(reasons) => return Ok(Released::Refused(reasons)),
    };
    let wanted = wanted(notes, &files, public)?;
    make(&mut Server::new(&client, Repo::parse("octo/demo").unwrap()), (&wanted, &files), tell)
}

/// A result in one line.
pub(super) fn told(result: &Result<Released, Failure>) -> String {
    match result {
        Ok(Released::Not) => "not".to_owned(),
        Ok(Released::There { before: true, .. }) => "there before".to_owned(),
        Ok(Released::There { before: false, .. }) => "there".to_owned(),
        Ok(Released::Refused(reasons)) => format!("no: {}", reasons.join(" | ")),
        Err(failure) => format!("{failure} [{}]", failure.get_hint().unwrap_or("no hint")),
    }
}

/// The releases of the server, one by one: what they are and what they hold.
pub(super) fn shown(sim: &Sim) -> String {
    let mut shown = Vec::new();
    sim.change(|state| {
        let repository = &state.repositories[0];
        for release in &repository.releases {
            let kind = if release.draft { "draft" } else { "public" };
            let latest = if repository.latest == Some(release.id) { " latest" } else { "" };
            let pre = if release.prerelease { " pre" } else { "" };
            let assets: Vec<_> = release.assets.iter().map(|asset| format!("{} {}", asset.name, asset.state)).collect();
            shown.push(format!("{kind}{latest}{pre} {}: {}", release.tag_name, assets.join(", ")));
        }
    });
    shown.join(" | ")
}

/// What must hold at every moment: a public release is whole, the tag is what it was, and no file is there twice.
pub(super) fn must_hold(sim: &Sim, told: &str) {
    sim.change(|state| {
        let repository = &state.repositories[0];
        let public: Vec<&Release> = repository.releases.iter().filter(|release| !release.draft).collect();
        assert!(public.len() <= 1, "{told}: {} public releases", public.len());
        for release in public {
            let names: Vec<_> = release.assets.iter().map(|asset| asset.name.as_str()).collect();
            assert_eq!(names, ["a.tgz", "b+1.zip", "SHA256SUMS"], "{told}");
            assert!(release.assets.iter().all(|asset| asset.state == "uploaded" && asset.digest.is_some()), "{told}");
        }
    });
}
