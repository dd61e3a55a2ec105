//! A cloud that knows runs of workflows by their identity tokens: GitHub's OIDC endpoint, Google's Security Token Service and the
//! endpoint that lends an account's access, as one server on loopback. Tokens are signed and checked for real.
//!
//! Shapes: <https://docs.github.com/actions/reference/security/oidc>, <https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token>,
//! <https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken>.
mod answers;
mod http;
mod jwt;

use std::collections::BTreeMap;
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::SystemTime;

use answers::State;

/// What the cloud trusts: whose tokens, and what their bearers may become.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// Resource name of the provider, `projects/…/providers/…`.
    pub provider: String,
    /// The attribute condition: tokens of runs of this repository, `owner/name`, and of no other.
    pub repository: String,
    /// Service accounts and the subjects (`repo:owner/name:environment:production`) that may become each.
    pub accounts: BTreeMap<String, Vec<String>>,
}

/// A job that has `id-token: write`: what GitHub's token would say of it.
#[derive(Clone, Debug, Default)]
pub struct Job {
    /// `owner/name` of the repository that the run is of.
    pub repository: String,
    /// The full ref that started it.
    pub reference: String,
    /// The environment of the job; empty where it has none.
    pub environment: String,
    /// The workflow that was started, `owner/name/.github/workflows/file.yml@ref`.
    pub workflow: String,
    /// The workflow that the job stands in, in the same form.
    pub job_workflow: String,
    /// The event.
    pub event: String,
    /// Id of the run.
    pub run: String,
}

impl Job {
    /// What the token is about: the environment where there is one, else the ref.
    #[must_use]
    pub fn subject(&self) -> String {
        match self.environment.as_str() {
            "" => format!("repo:{}:ref:{}", self.repository, self.reference),
            environment => format!("repo:{}:environment:{environment}", self.repository),
        }
    }
}

/// The server; it ends with the value.
pub struct Cloud {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    ended: Arc<AtomicBool>,
    acceptor: Option<JoinHandle<()>>,
}

impl Cloud {
    /// Starts it on a free loopback port.
    ///
    /// # Errors
    /// There is no port, or no key can be made.
    pub fn start(trust: Trust) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let key = jwt::Key::new().ok_or_else(|| io::Error::other("could not make a key"))?;
        let state = Arc::new(Mutex::new(State::new(format!("http://{address}"), trust, key)));
        let ended = Arc::new(AtomicBool::new(false));
        let (known, over) = (Arc::clone(&state), Arc::clone(&ended));
        let acceptor = thread::spawn(move || {
            for stream in listener.incoming().take_while(|_| !over.load(Ordering::SeqCst)).flatten() {
                let known = Arc::clone(&known);
                // A connection that breaks is the client's affair.
                thread::spawn(move || {
                    http::serve(stream, |request| {
                        known.lock().unwrap_or_else(PoisonError::into_inner).answer(request, now())
                    })
                });
            }
        });
        Ok(Self { address, state, ended, acceptor: Some(acceptor) })
    }

    /// `http://127.0.0.1:port`, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What GitHub's runner gives a job that may ask for a token: `ACTIONS_ID_TOKEN_REQUEST_URL` and `ACTIONS_ID_TOKEN_REQUEST_TOKEN`.
    #[must_use]
    pub fn grants(&self, job: Job) -> (String, String) {
        let token = self.state.lock().unwrap_or_else(PoisonError::into_inner).register(job);
        (format!("{}/github/token?api-version=2.0", self.url()), token)
    }

    /// What was asked for and given or refused, in words, in order.
    #[must_use]
    pub fn log(&self) -> Vec<String> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).log.clone()
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        // Wakes the thread up, which waits for a connection.
        drop(TcpStream::connect(self.address));
        drop(self.acceptor.take().map(JoinHandle::join));
    }
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
