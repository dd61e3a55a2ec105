//! A virtual clock, a state with one pull request, and the story of a call as one text.
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use github::{Client, Clock, Error, Limits, Network, PullFiles, Repo, Settings, Token};
use github_sim::{File, PlannedFault, Pull, Repository, Sim, State};

pub(crate) const SECRET: &str = "ghs_secretsecret";

/// Time that stands still, but for the waits between attempts; attempts in flight expire when a test says so.
#[derive(Default)]
pub(crate) struct VirtualClock {
    pub(crate) waited: Mutex<Vec<Duration>>,
    expiry: Arc<Mutex<Expiry>>,
}

#[derive(Default)]
struct Expiry {
    budget: u32,
    waker: Option<Waker>,
}

impl VirtualClock {
    /// Ends one attempt in flight, now or as soon as there is one.
    pub(crate) fn expire_one(&self) {
        let mut expiry = self.expiry.lock().unwrap();
        expiry.budget += 1;
        if let Some(waker) = expiry.waker.take() {
            waker.wake();
        }
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Duration {
        Duration::from_secs(1_800_000_000) + self.waited.lock().unwrap().iter().sum::<Duration>()
    }

    fn wait(&self, time: Duration) {
        self.waited.lock().unwrap().push(time);
    }

    fn expiry(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(Expires(Arc::clone(&self.expiry)))
    }
}

struct Expires(Arc<Mutex<Expiry>>);

impl Future for Expires {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut expiry = self.0.lock().unwrap();
        if expiry.budget > 0 {
            expiry.budget -= 1;
            return Poll::Ready(());
        }
        expiry.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

pub(crate) fn repo() -> Repo {
    Repo::parse("octo/demo").unwrap()
}

/// A file with a status, for lists.
pub(crate) fn file(filename: &str, status: &str, previous: Option<&str>) -> File {
    File { filename: filename.to_owned(), status: status.to_owned(), previous_filename: previous.map(str::to_owned) }
}

/// One private repository, one pull request, one token that may read it.
pub(crate) fn state(pull: Pull, faults: Vec<PlannedFault>) -> State {
    let pull = Pull {
        number: 5,
        base_ref: "main".to_owned(),
        base_sha: "b".repeat(40),
        head_ref: "topic".to_owned(),
        head_sha: "a".repeat(40),
        ..pull
    };
    let repository = Repository {
        id: 42,
        owner: "octo".to_owned(),
        name: "demo".to_owned(),
        private: true,
        pulls: vec![pull],
        ..Repository::default()
    };
    let token = github_sim::Token {
        secret: SECRET.to_owned(),
        repositories: vec!["octo/demo".to_owned()],
        permissions: BTreeMap::from([("pull_requests".to_owned(), "read".to_owned())]),
        ..github_sim::Token::default()
    };
    State { repositories: vec![repository], tokens: vec![token], faults, ..State::default() }
}

pub(crate) fn settings(api_url: &str) -> Settings {
    Settings {
        api_url: api_url.to_owned(),
        token: Some(Token::new(SECRET)),
        user_agent: "dataflow-tests/1".to_owned(),
        network: Network::default(),
        limits: Limits::default(),
    }
}

/// The client with virtual time.
pub(crate) fn client(settings: &Settings) -> (Client, Arc<VirtualClock>) {
    let clock = Arc::new(VirtualClock::default());
    (Client::with_clock(settings, clock.clone()).unwrap(), clock)
}

/// An error with its kind and its hint, as one line; the token is in none of it.
pub(crate) fn told(error: &Error) -> String {
    let told = format!("{:?}: {error} [{}]", error.kind(), error.hint().unwrap_or("no hint"));
    assert!(!format!("{told} {error:?}").contains(SECRET), "{told}");
    told
}

/// What a list call said, how long it waited, and what the server sent, without the parts that differ from run to run.
pub(crate) fn story(sim: &Sim, settings: &Settings, changed_files: u64) -> String {
    let (client, clock) = client(settings);
    let result = client.pull_request_files(&repo(), 5);
    told_list(sim, (&result, &clock), changed_files)
}

pub(crate) fn told_list(
    sim: &Sim,
    (result, clock): (&Result<PullFiles, Error>, &VirtualClock),
    changed_files: u64,
) -> String {
    let list = result.clone().map(|list| match list.doubt(changed_files) {
        Some(doubt) => format!("{} files, uncertain: {doubt}", list.files.len()),
        None => format!("{} files", list.files.len()),
    });
    told_call(sim, &list, clock)
}

/// The same for any call that went well as the text says.
pub(crate) fn told_call(sim: &Sim, result: &Result<String, Error>, clock: &VirtualClock) -> String {
    let result = match result {
        Ok(text) => text.clone(),
        Err(error) => told(error).replace(&sim.address().to_string(), "SIM"),
    };
    let waited: Vec<_> = clock.waited.lock().unwrap().iter().map(|w| format!("{}s", w.as_secs())).collect();
    let sent = sim.calls().iter().map(|c| c.status.map_or("-".to_owned(), |s| s.to_string())).collect::<Vec<_>>();
    let waited = if waited.is_empty() { String::new() } else { format!(" | waited {}", waited.join(" ")) };
    format!("{result}{waited} | sent {}", sent.join(" "))
}
