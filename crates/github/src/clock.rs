//! Time as an input: the system's for real, a virtual one in tests.
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// What the client asks of time.
pub trait Clock: Send + Sync {
    /// Time since 1970; must not go back.
    fn now(&self) -> Duration;
    /// Blocks between two attempts.
    fn wait(&self, time: Duration);
    /// Ends when an attempt that began now has lasted so long; asked inside the runtime.
    fn expiry(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// The system's time: the wall clock at the start, and from there on the monotonic one.
pub struct SystemClock {
    wall: Duration,
    start: Instant,
}

impl SystemClock {
    /// Starts at the wall clock's now.
    pub fn new() -> Self {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        SystemClock { wall, start: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        SystemClock::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        self.wall + self.start.elapsed()
    }

    fn wait(&self, time: Duration) {
        std::thread::sleep(time);
    }

    fn expiry(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(time))
    }
}
