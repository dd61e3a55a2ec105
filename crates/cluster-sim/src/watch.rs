//! Watches: each change as one line of JSON, to whoever asked for it.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Frame;
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::kinds::{Key, Kind};
use crate::selector::Selector;
use crate::store::{Change, Store};

/// Which objects of a kind somebody wants to see.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    pub(crate) kind: Kind,
    pub(crate) namespace: String,
    pub(crate) labels: Selector,
    pub(crate) fields: Selector,
}

impl Scope {
    /// Whether an object that stands at `key` is among them.
    pub(crate) fn covers(&self, key: &Key, object: &Value) -> bool {
        key.kind == self.kind
            && key.namespace == self.namespace
            && self.labels.selects(object)
            && self.fields.matches(|field| Some(self.field(object, field)))
    }

    fn field<'a>(&self, object: &'a Value, field: &str) -> &'a str {
        crate::json::text(object, &format!("/{}", field.replace('.', "/")))
    }
}

/// Somebody who watches.
#[derive(Clone, Debug)]
pub(crate) struct Watcher {
    pub(crate) id: u64,
    /// Whose it is; it ends with them.
    pub(crate) client: u64,
    scope: Scope,
    pub(crate) bookmarks: bool,
    lines: UnboundedSender<Bytes>,
}

impl Watcher {
    /// Opens a watch on what changes after `since`; without it, everything that is there comes first as added.
    pub(crate) fn open(store: &mut Store, since: Option<u64>, watcher: Watcher, body: WatchBody) -> WatchBody {
        match since {
            Some(version) => store.log.iter().filter(|change| change.version > version).for_each(|change| {
                watcher.tell(change);
            }),
            None => store
                .list(watcher.scope.kind, &watcher.scope.namespace)
                .filter(|(key, object)| watcher.scope.covers(key, object))
                .for_each(|(_, object)| {
                    watcher.send("ADDED", object);
                }),
        }
        store.watchers.push(watcher);
        body
    }

    /// A watcher and the body that its lines come out of.
    pub(crate) fn new(id: u64, client: u64, scope: Scope, bookmarks: bool) -> (Self, WatchBody) {
        let (lines, receiver) = unbounded_channel();
        (Self { id, client, scope, bookmarks, lines }, WatchBody { lines: receiver, whole: None })
    }

    /// Passes a change on if it concerns the scope; false when nobody listens any more.
    pub(crate) fn tell(&self, change: &Change) -> bool {
        if change.key.kind != self.scope.kind || self.lines.is_closed() {
            return !self.lines.is_closed();
        }
        let was = change.before.as_ref().is_some_and(|before| self.scope.covers(&change.key, before));
        let is = !change.gone && self.scope.covers(&change.key, &change.after);
        match (was, is) {
            (false, true) => self.send("ADDED", &change.after),
            (true, true) => self.send("MODIFIED", &change.after),
            (true, false) => self.send("DELETED", &change.after),
            (false, false) => true,
        }
    }

    /// Tells how far the stream has come.
    pub(crate) fn bookmark(&self, version: u64) {
        let kind = self.scope.kind;
        self.send(
            "BOOKMARK",
            &json!({ "kind": kind.facts().name, "apiVersion": kind.api_version(), "metadata": { "resourceVersion": version.to_string() } }),
        );
    }

    fn send(&self, event: &str, object: &Value) -> bool {
        let line = format!("{{\"type\":\"{event}\",\"object\":{object}}}\n");
        self.lines.send(Bytes::from(line)).is_ok()
    }
}

/// An answer's body: one piece, or lines that come when something changes.
#[derive(Debug)]
pub(crate) struct WatchBody {
    lines: UnboundedReceiver<Bytes>,
    whole: Option<Bytes>,
}

impl WatchBody {
    /// A body in one piece.
    pub(crate) fn whole(bytes: Bytes) -> Self {
        Self { lines: unbounded_channel().1, whole: Some(bytes) }
    }
}

impl http_body::Body for WatchBody {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Some(whole) = self.whole.take() {
            return Poll::Ready(Some(Ok(Frame::data(whole))));
        }
        self.lines.poll_recv(context).map(|line| line.map(|line| Ok(Frame::data(line))))
    }
}
