//! Is the canary worse than stable?
mod contrast;
mod dispersion;
mod grid;
mod judge;
mod latency;
mod plan;
mod policy;
mod random;
mod rules;
mod service;
pub mod simulate;
mod special;
mod spread;
mod tick;

pub use judge::{Answer, Judge, ServiceVerdict, Verdict};
pub use plan::{Traffic, detectable, time_to_detect};
pub use policy::{Policy, Preset};
pub use random::Random;
pub use rules::Rules;
pub use service::Doubt;
pub use tick::{PodTick, ServiceTick, Tick};
