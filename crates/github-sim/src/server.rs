//! The server: threads on a loopback port, ended when it is dropped.
use std::io::{self, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use serde::Serialize;

use crate::access::refusal;
use crate::faults::Fault;
use crate::http::{Answer, Request, read_request};
use crate::routes;
use crate::state::State;

/// One call that the server received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Call {
    /// `GET`, …
    pub method: String,
    /// Path and query as sent.
    pub target: String,
    /// Names in lower case, in the order sent, without `authorization`.
    pub headers: Vec<(String, String)>,
    /// The `authorization` header; not part of the JSON.
    #[serde(skip)]
    pub authorization: Option<String>,
    /// What was sent with it; of a file only how long it was.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// The status sent; none when the fault was that nothing was sent.
    pub status: Option<u16>,
}

struct Inner {
    state: State,
    calls: Vec<Call>,
    hung: u64,
    open: Vec<TcpStream>,
    ended: bool,
}

struct Shared {
    inner: Mutex<Inner>,
    changed: Condvar,
}

/// A running server; dropping it closes its port and every connection.
pub struct Sim {
    address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

impl Sim {
    /// Starts on a free loopback port.
    pub fn start(state: State) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let inner = Inner { state, calls: Vec::new(), hung: 0, open: Vec::new(), ended: false };
        let shared = Arc::new(Shared { inner: Mutex::new(inner), changed: Condvar::new() });
        let acceptor = std::thread::spawn({
            let shared = Arc::clone(&shared);
            move || accept(&listener, &shared)
        });
        Ok(Sim { address, shared, acceptor: Some(acceptor) })
    }

    /// `http://127.0.0.1:port`, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The calls so far, in the order in which they came.
    pub fn calls(&self) -> Vec<Call> {
        self.shared.lock().calls.clone()
    }

    /// Changes what it knows, between two calls.
    pub fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.shared.lock().state);
    }

    /// Blocks until so many calls have met [`Fault::Hang`] since the start.
    pub fn wait_for_hang(&self, count: u64) {
        let mut inner = self.shared.lock();
        while inner.hung < count {
            inner = self.shared.changed.wait(inner).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Tells how many calls have met [`Fault::Hang`] since the start, for as long as anyone asks.
    pub fn hangs(&self) -> impl Fn() -> u64 + Send + Sync + Clone + 'static {
        let shared = Arc::clone(&self.shared);
        move || shared.lock().hung
    }

    /// Serves one connection that someone else accepted, such as a TLS front, until its end.
    pub fn serve(&self, connection: impl Read + Write) {
        self.shared.serve(connection);
    }

    /// Waits for the end of the process: the server of `main`.
    pub fn join(mut self) {
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        let open = {
            let mut inner = self.shared.lock();
            inner.ended = true;
            std::mem::take(&mut inner.open)
        };
        for stream in open {
            let _ = stream.shutdown(Shutdown::Both);
        }
        // Wakes the acceptor, which then sees the end.
        let _ = TcpStream::connect(self.address);
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        let Ok(stream) = stream else { continue };
        let mut inner = shared.lock();
        if inner.ended {
            return;
        }
        let _ = stream.set_nodelay(true);
        inner.open.extend(stream.try_clone());
        drop(inner);
        let shared = Arc::clone(shared);
        std::thread::spawn(move || {
            shared.serve(&stream);
            let _ = stream.shutdown(Shutdown::Both);
        });
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(&self, connection: impl Read + Write) {
        let mut connection = BufReader::new(connection);
        while let Ok(Some(request)) = read_request(&mut connection) {
            if request.target == "/_sim/calls" {
                let calls = serde_json::to_value(&self.lock().calls).unwrap_or_default();
                if Answer::json(200, &calls).write(connection.get_mut()).is_err() {
                    return;
                }
                continue;
            }
            let (answer, fault) = self.answer(&request);
            if !self.send(&mut connection, answer, fault) {
                return;
            }
        }
    }

    /// The true answer, and what is to go wrong with it.
    fn answer(&self, request: &Request) -> (Answer, Option<Fault>) {
        let mut inner = self.lock();
        let call = inner.calls.len() as u64 + 1;
        let planned = inner.state.faults.iter().find(|f| f.strikes(call)).map(|f| f.fault.clone());
        let cut_off = planned.as_ref().is_some_and(Fault::cuts_off) && request.is_upload();
        let planned = planned.map(Fault::split);
        let carried_out = planned.as_ref().is_none_or(|(_, carried_out)| *carried_out);
        let fault = planned.map(|(fault, _)| fault);
        if let Some(fault) = &fault {
            fault.happen_before(&mut inner.state);
        }
        let before = (!carried_out && request.method != "GET").then(|| inner.state.repositories.clone());
        let answer = routes::answer(&mut inner.state, request, cut_off);
        if let Some(before) = before {
            inner.state.repositories = before;
        }
        let answer = fault.as_ref().map_or(answer.clone(), |fault| twisted(answer, fault, request));
        let silent = matches!(fault, Some(Fault::Hang | Fault::Cut | Fault::Garbage));
        let of = |name: &str| request.header(name).map(str::to_owned);
        inner.calls.push(Call {
            method: request.method.clone(),
            target: request.target.clone(),
            headers: request.headers.iter().filter(|(n, _)| n != "authorization").cloned().collect(),
            body: match request.is_upload() {
                true => format!("{} bytes", request.body.len()),
                false => String::from_utf8_lossy(&request.body).into_owned(),
            },
            authorization: of("authorization"),
            status: (!silent).then_some(answer.status),
        });
        (answer, fault)
    }

    /// Sends the answer as the fault has it; false when the connection is over.
    fn send(&self, connection: &mut BufReader<impl Read + Write>, answer: Answer, fault: Option<Fault>) -> bool {
        let out = connection.get_mut();
        match fault {
            Some(Fault::Hang) => {
                self.lock().hung += 1;
                self.changed.notify_all();
                let _ = io::copy(connection, &mut io::sink());
                false
            }
            Some(Fault::Cut) => false,
            Some(Fault::Truncate) => {
                let half = [answer.head().as_bytes(), &answer.body[..answer.body.len() / 2]].concat();
                let _ = out.write_all(&half).and_then(|()| out.flush());
                false
            }
            Some(Fault::Garbage) => {
                let _ = out.write_all(b"SSH-2.0-OpenSSH_9.9\r\n").and_then(|()| out.flush());
                false
            }
            Some(Fault::Dribble) => {
                let bytes = [answer.head().as_bytes(), &answer.body].concat();
                bytes.iter().all(|byte| out.write_all(&[*byte]).and_then(|()| out.flush()).is_ok())
            }
            Some(Fault::Endless) => {
                let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
                let chunk = format!("1000\r\n{}\r\n", " ".repeat(0x1000));
                let mut sent = out.write_all(head.as_bytes());
                while sent.is_ok() {
                    sent = out.write_all(chunk.as_bytes());
                }
                false
            }
            _ => answer.write(out).is_ok(),
        }
    }
}

/// The answer with the fault's own status, headers or body.
fn twisted(answer: Answer, fault: &Fault, request: &Request) -> Answer {
    let page = "rest/overview/rate-limits-for-the-rest-api";
    let html = || vec![("content-type", "text/html; charset=utf-8".to_owned())];
    let after = |answer: Answer, seconds: &Option<u64>| match seconds {
        Some(seconds) => answer.with("retry-after", seconds),
        None => answer,
    };
    match fault {
        Fault::Status { status, retry_after } => after(refusal(*status, "Server Error", "rest"), retry_after),
        Fault::SecondaryRateLimit { retry_after } => {
            let text = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
            after(refusal(403, text, page), retry_after)
        }
        Fault::HalfJson => Answer { body: answer.body[..answer.body.len() / 2].to_vec(), ..answer },
        Fault::Html => {
            let body = b"<!DOCTYPE html><html><title>Sign in</title></html>".to_vec();
            Answer { status: 200, headers: html(), body }
        }
        Fault::WrongType => Answer { headers: vec![("content-type", "text/plain".to_owned())], ..answer },
        Fault::Empty => Answer { body: Vec::new(), ..answer },
        Fault::Redirect { status, to } => refusal(*status, "Moved", "rest").with("location", to),
        Fault::NoLink => without_link(answer),
        Fault::Unlisted => match serde_json::from_slice(&answer.body) {
            Ok(serde_json::Value::Array(entries)) if !entries.is_empty() => {
                Answer { body: serde_json::Value::from(&entries[1..]).to_string().into_bytes(), ..answer }
            }
            _ => answer,
        },
        Fault::LinkLoop => {
            let here = format!("<http://{}{}>; rel=\"next\"", request.header("host").unwrap_or(""), request.target);
            without_link(answer).with("link", here)
        }
        _ => answer,
    }
}

fn without_link(mut answer: Answer) -> Answer {
    answer.headers.retain(|(name, _)| *name != "link");
    answer
}
