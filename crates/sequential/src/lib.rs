//! Is the canary worse than stable?
mod contrast;
mod dispersion;
mod grid;
mod judge;
mod latency;
mod policy;
mod random;
mod service;
pub mod simulate;
mod special;
mod spread;
mod tick;

pub use judge::{Answer, Judge, Verdict};
pub use policy::{Policy, Preset};
pub use random::Random;
pub use tick::{PodTick, ServiceTick, Tick};
