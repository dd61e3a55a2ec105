//! Virtual server time: tokio's clock, counted from a fixed date, so that a paused runtime makes it jump.

use jiff::Timestamp;
use tokio::time::{Duration, Instant};

/// Milliseconds since 1970, in server time.
pub(crate) type Millis = i64;

/// Server time, and where it started.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    origin: Instant,
    start: Millis,
}

impl Clock {
    /// A clock that shows `start` now.
    pub(crate) fn new(start: Millis) -> Self {
        Self { origin: Instant::now(), start }
    }

    /// Server time.
    pub(crate) fn now(&self) -> Millis {
        self.start + i64::try_from(self.origin.elapsed().as_millis()).unwrap_or(i64::MAX)
    }

    /// The instant of the runtime's clock at which the server's shows `at`.
    pub(crate) fn instant(&self, at: Millis) -> Instant {
        self.origin + Duration::from_millis(u64::try_from(at - self.start).unwrap_or(0))
    }
}

/// As the API writes times: RFC 3339, whole seconds, UTC.
pub(crate) fn stamp(at: Millis) -> String {
    format("%Y-%m-%dT%H:%M:%SZ", at)
}

/// As the `Date` header has it.
pub(crate) fn http_date(at: Millis) -> String {
    format("%a, %d %b %Y %H:%M:%S GMT", at)
}

/// The moment of a time that [`stamp`] wrote, or of any RFC 3339 text.
pub(crate) fn parse(text: &str) -> Option<Millis> {
    text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond)
}

fn format(pattern: &str, at: Millis) -> String {
    Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH).strftime(pattern).to_string()
}
