//! The client: one method per call, blocking, nothing started before the first call.
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::{Either, Full};
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT};
use hyper::{Method, Request, Uri};
use tokio::runtime::Runtime;

use crate::address::Address;
use crate::call::Call;
use crate::clock::{Clock, SystemClock};
use crate::connect::{Http, Route, http};
use crate::error::{Error, ErrorKind};
use crate::exchange::{Bounds, Lost, Reply, exchange};
use crate::judge::{Here, Next, judge};
use crate::outgoing::Outgoing;
use crate::settings::{Limits, Network, Settings};

/// Redirects followed within one call; GitHub answers one when a repository was renamed.
const HOPS: u32 = 3;

/// Calls GitHub's REST API; blocking; the runtime, the roots and the connection wait for the first call.
pub struct Client {
    address: Address,
    route: Route,
    network: Network,
    headers: HeaderMap,
    limits: Limits,
    clock: Arc<dyn Clock>,
    engine: Mutex<Option<Engine>>,
    /// The one that sends files, to another host than the API's.
    uploads: Mutex<Option<Arc<Client>>>,
}

/// Makes the body of one attempt, with its content type.
type Bodies<'a> = &'a dyn Fn() -> Result<(&'a str, Outgoing), Error>;

/// What exists from the first call on.
struct Engine {
    runtime: Option<Runtime>,
    http: Http,
    unread_roots: Vec<String>,
}

impl Drop for Engine {
    fn drop(&mut self) {
        // A name that is still being looked up must not hold up the end.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Client {
    /// Checks the settings; opens nothing, reads no file, starts no thread.
    pub fn new(settings: &Settings) -> Result<Self, Error> {
        Client::with_clock(settings, Arc::new(SystemClock::new()))
    }

    /// The same with another time, for tests.
    pub fn with_clock(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        let address = Address::parse(&settings.api_url)?;
        let route = Route::choose(&address, &settings.network)?;
        let (network, limits) = (settings.network.clone(), settings.limits.clone());
        let headers = headers(settings)?;
        Ok(Client {
            address,
            route,
            network,
            headers,
            limits,
            clock,
            engine: Mutex::new(None),
            uploads: Mutex::new(None),
        })
    }

    /// When a method that starts now must have ended.
    pub(crate) fn deadline(&self) -> Duration {
        self.clock.now() + self.limits.total_time
    }

    /// Bounds on time, repetition and memory.
    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Waits by the clock.
    pub(crate) fn wait(&self, time: Duration) {
        self.clock.wait(time);
    }

    /// The client for where files are sent, with a connection and a proxy of its own, and the path there.
    pub(crate) fn uploads(&self, upload_url: &str) -> Result<(Arc<Client>, String), String> {
        let (address, path) = self.address.uploads(upload_url)?;
        let mut kept = self.uploads.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = kept.as_ref().filter(|client| client.address == address) {
            return Ok((Arc::clone(client), path));
        }
        let client = Arc::new(Client {
            route: Route::choose(&address, &self.network).map_err(|error| error.to_string())?,
            address,
            network: self.network.clone(),
            headers: self.headers.clone(),
            limits: self.limits.clone(),
            clock: Arc::clone(&self.clock),
            engine: Mutex::new(None),
            uploads: Mutex::new(None),
        });
        Ok((Arc::clone(kept.insert(client)), path))
    }

    /// Makes a call until its answer is good or nothing more can be done.
    pub(crate) fn send(&self, call: &Call, deadline: Duration) -> Result<Reply, Error> {
        self.send_body(call, deadline, &|| Ok(("application/json", Either::Left(Full::new(call.body.clone())))))
    }

    /// The same with a body that is made anew for each attempt.
    pub(crate) fn send_body(&self, call: &Call, deadline: Duration, body: Bodies<'_>) -> Result<Reply, Error> {
        let mut to = self.address.of(&call.path)?;
        let (mut attempt, mut hops) = (1, 0);
        let proxy = self.route.proxy();
        loop {
            let (outcome, roots) = self.attempt((call, body), &to, deadline)?;
            let now = self.clock.now();
            let here = Here {
                attempt,
                now,
                left: deadline.saturating_sub(now),
                limits: &self.limits,
                with_token: self.headers.contains_key(AUTHORIZATION),
                roots: &roots,
                proxy: proxy.as_deref(),
            };
            match judge(call, outcome, &here) {
                Next::Take(reply) => return Ok(reply),
                Next::Fail(error) => return Err(error),
                Next::Wait(time) => {
                    self.clock.wait(time);
                    attempt += 1;
                }
                Next::Follow(location) => {
                    hops += 1;
                    to = self.follow(call, (&to, &location), hops)?;
                }
            }
        }
    }

    fn follow(&self, call: &Call, (from, location): (&Uri, &str), hops: u32) -> Result<Uri, Error> {
        if hops > HOPS {
            return Err(call.bad_answer(&format!("redirects more than {HOPS} times")));
        }
        let hint = "check GITHUB_API_URL: it must be the address that answers, not one that redirects to it";
        self.address.follow(from, location).map_err(|why| call.bad_answer(&why).with_hint(hint))
    }

    /// One attempt, and what to do if its certificate is not trusted.
    fn attempt(
        &self,
        (call, body): (&Call, Bodies<'_>),
        to: &Uri,
        deadline: Duration,
    ) -> Result<(Result<Reply, Lost>, String), Error> {
        let mut engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
        let engine = match &mut *engine {
            Some(engine) => engine,
            empty => empty.insert(self.start()?),
        };
        let request = self.request(call, to, body()?);
        let time = (self.limits.attempt_time + call.allowance).min(deadline.saturating_sub(self.clock.now()));
        let outcome = match &engine.runtime {
            _ if time.is_zero() => Err(Lost::TimedOut),
            Some(runtime) => runtime.block_on(async {
                let bounds = Bounds { expiry: self.clock.expiry(time), answer_bytes: self.limits.answer_bytes };
                exchange(&engine.http, request, bounds).await
            }),
            None => Err(Lost::TimedOut),
        };
        let unread = match engine.unread_roots.is_empty() {
            true => String::new(),
            false => format!("; not read: {}", engine.unread_roots.join("; ")),
        };
        let roots =
            "name the PEM file of the authority that signed it in NODE_EXTRA_CA_CERTS, or all roots in SSL_CERT_FILE";
        Ok((outcome, format!("{roots}{unread}")))
    }

    fn request(&self, call: &Call, to: &Uri, (kind, body): (&str, Outgoing)) -> Request<Outgoing> {
        let sends = !matches!(call.method, Method::GET | Method::DELETE);
        let mut request = Request::new(body);
        *request.method_mut() = call.method.clone();
        *request.uri_mut() = to.clone();
        *request.headers_mut() = self.headers.clone();
        if let Ok(kind) = HeaderValue::from_str(kind)
            && sends
        {
            request.headers_mut().insert(CONTENT_TYPE, kind);
        }
        request
    }

    fn start(&self) -> Result<Engine, Error> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime =
            runtime.map_err(|e| Error::new(ErrorKind::Unreachable, format!("could not start the network: {e}")))?;
        let (http, unread_roots) = http(&self.address, &self.network, &self.route)?;
        Ok(Engine { runtime: Some(runtime), http, unread_roots })
    }
}

fn headers(settings: &Settings) -> Result<HeaderMap, Error> {
    let refuse = |what: &str| Error::new(ErrorKind::Settings, format!("could not use the {what}"));
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/vnd.github+json"));
    headers.insert("x-github-api-version", HeaderValue::from_static("2022-11-28"));
    let agent = HeaderValue::from_str(settings.user_agent.trim()).ok().filter(|v| !v.is_empty());
    headers.insert(USER_AGENT, agent.ok_or_else(|| refuse("user agent: it is empty or no header's text"))?);
    if let Some(token) = &settings.token {
        let secret = token.reveal();
        let plain = !secret.is_empty() && secret.bytes().all(|b| b.is_ascii_graphic());
        let value = HeaderValue::from_str(&format!("Bearer {secret}")).ok().filter(|_| plain);
        let mut value = value.ok_or_else(|| refuse("token: it is empty, or holds spaces or other odd characters"))?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    Ok(headers)
}
