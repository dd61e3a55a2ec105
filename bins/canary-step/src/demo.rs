//! Scenarios on the embedded cluster: a shop of eight services, a release of all of them, and something that happens.
//!
//! Everything runs in this process on virtual time: the driver, the judge and the reports are the ones that a real cluster sees.
mod play;
mod scenario;
mod shop;

pub use play::{News, Release, news, play};
pub use scenario::Scenario;
pub use shop::{NAMESPACE, expect, open, policy};
