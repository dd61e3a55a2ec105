//! A client of the real cluster that dies before or after one of its calls.
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use http::{Method, Request, Response};
use kube::Client;
use kube::client::Body;
use tokio::sync::Notify;
use tower_service::Service;

/// Whether a call that strikes has its effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// It is never sent.
    Before,
    /// It is sent and answered, and the answer is never read.
    After,
}

/// All calls of one driver, and the one that it dies of.
#[derive(Clone)]
pub(crate) struct Struck {
    real: Client,
    life: Arc<Mutex<Life>>,
    died: Arc<Notify>,
}

#[derive(Default)]
struct Life {
    calls: Vec<Method>,
    last: Option<(usize, When)>,
    dead: bool,
}

impl Struck {
    /// A client that dies of the call with this number, counted from 1, or of none.
    pub(crate) fn new(real: Client, last: Option<(usize, When)>) -> Self {
        let life = Arc::new(Mutex::new(Life { last, ..Life::default() }));
        Self { real, life, died: Arc::new(Notify::new()) }
    }

    /// As what the driver talks to.
    pub(crate) fn client(&self) -> Client {
        Client::new(self.clone(), self.real.default_namespace().to_owned())
    }

    /// The methods of the calls so far.
    pub(crate) fn calls(&self) -> Vec<Method> {
        self.life.lock().unwrap().calls.clone()
    }

    /// Resolves when it has died.
    pub(crate) async fn died(&self) {
        self.died.notified().await;
    }

    /// What is to become of a call that comes now.
    fn fate(&self, method: &Method) -> Fate {
        let mut life = self.life.lock().unwrap();
        if life.dead {
            return Fate::Silence;
        }
        life.calls.push(method.clone());
        match life.last {
            Some((number, when)) if number == life.calls.len() => {
                life.dead = true;
                if when == When::Before { Fate::Silence } else { Fate::Lost }
            }
            _ => Fate::Answer,
        }
    }
}

enum Fate {
    Answer,
    /// It has its effect, and nobody hears of it.
    Lost,
    Silence,
}

type Answer = Pin<Box<dyn Future<Output = Result<Response<Body>, kube::Error>> + Send>>;

impl Service<Request<Body>> for Struck {
    type Response = Response<Body>;
    type Error = kube::Error;
    type Future = Answer;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), kube::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Answer {
        let struck = self.clone();
        Box::pin(async move {
            match struck.fate(request.method()) {
                Fate::Answer => return struck.real.send(request).await,
                Fate::Lost => drop(struck.real.send(request).await),
                Fate::Silence => {}
            }
            struck.died.notify_one();
            std::future::pending().await
        })
    }
}
