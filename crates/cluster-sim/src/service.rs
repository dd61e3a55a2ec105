//! The way in: a service of HTTP requests, where calls are counted and faults strike.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Response, StatusCode};
use kube::client::Body;
use serde_json::Value;
use tokio::task::JoinHandle;
use tower_service::Service;

use crate::Inner;
use crate::api::{self, Answer, Request};
use crate::calls::{Call, Fault, When};
use crate::clock::http_date;
use crate::failure::Failure;
use crate::state::State;
use crate::watch::WatchBody;

/// A connection of one client; a driver's calls are counted, an onlooker's are not.
#[derive(Clone)]
pub(crate) struct Connection {
    pub(crate) inner: Arc<Inner>,
    pub(crate) client: u64,
    pub(crate) counted: bool,
}

type Reply = Response<WatchBody>;

impl Service<http::Request<Body>> for Connection {
    type Response = Reply;
    type Error = kube::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Reply, kube::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), kube::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let connection = self.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let header = parts.headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
            let request = Request {
                client: connection.client,
                method: parts.method.as_str().to_owned(),
                path: parts.uri.path().to_owned(),
                query: parts.uri.query().unwrap_or("").to_owned(),
                content: header.unwrap_or("application/json").to_owned(),
                body: body.collect_bytes().await?,
            };
            Ok(connection.serve(request).await)
        })
    }
}

impl Connection {
    async fn serve(&self, request: Request) -> Reply {
        tokio::time::sleep(self.inner.latency).await;
        if self.is_dead() {
            return never().await;
        }
        if !self.counted {
            return self.reply(self.inner.with(|state| api::answer(state, &request)));
        }
        let number = self.inner.with(|state| note(state, &request));
        for fault in self.inner.with(|state| state.calls.strike(number, When::Before)) {
            match fault {
                Fault::Status(code) => return self.answered(number, Err(Failure::injected(code))),
                Fault::Kill => return self.die().await,
                Fault::Timeout => return never().await,
                Fault::DelayWrite(by) => {
                    let Ok(answer) = self.late(&request, by).await else { return never().await };
                    return self.answered(number, answer);
                }
                Fault::LateWrite(by) => {
                    drop(self.late(&request, by));
                    return self.die().await;
                }
                other => self.around(&other),
            }
        }
        let answer = self.inner.with(|state| api::answer(state, &request));
        for fault in self.inner.with(|state| state.calls.strike(number, When::After)) {
            match fault {
                Fault::Status(code) => return self.answered(number, Err(Failure::injected(code))),
                Fault::Kill | Fault::LateWrite(_) => return self.die().await,
                Fault::Timeout => return never().await,
                Fault::DelayWrite(by) => tokio::time::sleep(by).await,
                other => self.around(&other),
            }
        }
        self.answered(number, answer)
    }

    fn is_dead(&self) -> bool {
        self.inner.with(|state| state.calls.dead.contains(&self.client))
    }

    /// The client is gone: what it asked for and will ask for is never answered.
    async fn die(&self) -> Reply {
        self.inner.with(|state| {
            state.calls.dead.push(self.client);
            state.store.watchers.retain(|watcher| watcher.client != self.client);
        });
        self.inner.killed.notify_one();
        never().await
    }

    /// The request takes effect later, even when its client has stopped waiting by then.
    fn late(&self, request: &Request, by: Duration) -> JoinHandle<Result<Answer, Failure>> {
        let (inner, request) = (self.inner.clone(), request.clone());
        tokio::spawn(async move {
            tokio::time::sleep(by).await;
            inner.with(|state| api::answer(state, &request))
        })
    }

    /// What happens beside the call.
    fn around(&self, fault: &Fault) {
        self.inner.with(|state| match fault {
            Fault::CloseWatch => state.store.watchers.clear(),
            Fault::Meanwhile { method, path, body } => {
                let request = Request {
                    client: 0,
                    method: (*method).to_owned(),
                    path: path.clone(),
                    query: String::new(),
                    content: if *method == "PATCH" { "application/merge-patch+json" } else { "application/json" }
                        .to_owned(),
                    body: if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) },
                };
                drop(api::answer(state, &request));
            }
            _ => {}
        });
    }

    fn answered(&self, number: u64, answer: Result<Answer, Failure>) -> Reply {
        let reply = self.reply(answer);
        self.inner.with(|state| state.calls.answered(number, reply.status().as_u16()));
        reply
    }

    fn reply(&self, answer: Result<Answer, Failure>) -> Reply {
        let json = |value: &Value| WatchBody::whole(Bytes::from(value.to_string()));
        let (code, body) = match answer {
            Ok(Answer::Object(code, object)) => (code, json(&object)),
            Ok(Answer::Json(text) | Answer::Text(text)) => (200, WatchBody::whole(Bytes::from(text))),
            Ok(Answer::Watch(body)) => (200, body),
            Err(failure) => (failure.code, json(&failure.status())),
        };
        let mut reply = Response::new(body);
        *reply.status_mut() = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let date = http_date(self.inner.with(|state| state.clock.now()));
        if let Ok(date) = date.parse() {
            reply.headers_mut().insert(http::header::DATE, date);
        }
        if code == 429 {
            reply.headers_mut().insert(http::header::RETRY_AFTER, http::HeaderValue::from_static("1"));
        }
        reply
    }
}

fn note(state: &mut State, request: &Request) -> u64 {
    let watch = request.method == "GET" && crate::route::Query::parse(&request.query).is_true("watch");
    let method = match request.method.as_str() {
        "GET" if watch => "WATCH",
        "GET" => "GET",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        _ => "OTHER",
    };
    let at = state.clock.now();
    state.calls.note(Call {
        number: 0,
        client: request.client,
        method,
        path: request.path.clone(),
        query: request.query.clone(),
        body: request.json().unwrap_or(Value::Null),
        status: 0,
        at,
    })
}

async fn never() -> Reply {
    std::future::pending().await
}
