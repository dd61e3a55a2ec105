//! The processor's own SHA-256 instructions are used where it has them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod world;

use std::hint::black_box;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256, Sha512};

/// The quickest of some rounds: others may be at work on this machine.
fn quickest<D: Digest>(bytes: &[u8]) -> Duration {
    let round = |_| {
        let start = Instant::now();
        black_box(D::digest(black_box(bytes)));
        start.elapsed()
    };
    (0..20).map(round).min().unwrap()
}

/// Without the instructions SHA-256 is slower than SHA-512, which works on words twice as wide; with them it is faster.
#[test]
#[cfg(target_arch = "x86_64")]
fn the_instructions_are_used() {
    if !(std::is_x86_feature_detected!("sha") && std::is_x86_feature_detected!("sse4.1")) {
        return world::not_run("this processor has no instructions for SHA-256");
    }
    let bytes = vec![7; 1 << 20];
    let (own, other) = (quickest::<Sha256>(&bytes), quickest::<Sha512>(&bytes));
    assert!(own < other, "SHA-256 takes {own:?} for 1 MiB, SHA-512 {other:?}: the portable code is in use");
}
