//! The theorems, by enumeration, and laws that hold for any series.
use super::*;

/// The likelihood ratio of each point of the grid for one block, of which `new` events are the canary's.
fn ratios(old: Count, new: Count) -> Vec<f64> {
    let mut contrast = Contrast::new(1.25, 2.0, 5.0);
    contrast.compare(old, new, 1.0);
    contrast.evidence.iter().map(|evidence| evidence.exp()).collect()
}

fn choose(n: u32, k: u32) -> f64 {
    (0..k).map(|at| f64::from(n - at) / f64::from(at + 1)).product()
}

/// The mean of each point's ratio when the canary's count has these probabilities.
fn means(events: u32, exposures: (u32, u32), chance: impl Fn(u32) -> f64) -> Vec<f64> {
    let mut means = vec![0.0; POINTS];
    let all: f64 = (0..=events).map(&chance).sum();
    for new in 0..=events {
        let count = |events: u32, exposure: u32| Count { events: events.into(), exposure: exposure.into() };
        let ratios = ratios(count(events - new, exposures.0), count(new, exposures.1));
        means.iter_mut().zip(ratios).for_each(|(mean, ratio)| *mean += chance(new) / all * ratio);
    }
    means
}

#[test]
fn a_block_is_an_e_value_at_the_margin() {
    for (events, stable, canary) in [(1, 90, 10), (7, 90, 10), (20, 45, 55), (40, 500, 7)] {
        let share = 1.25 * f64::from(canary) / (f64::from(stable) + 1.25 * f64::from(canary));
        let chance =
            |new: u32| choose(events, new) * share.powi(new as i32) * (1.0 - share).powi((events - new) as i32);
        for mean in means(events, (stable, canary), chance) {
            assert!((mean - 1.0).abs() < 1e-9, "{mean}");
        }
    }
}

#[test]
fn a_block_is_an_e_value_below_the_margin() {
    for ratio in [0.1_f64, 0.5, 1.0, 1.2] {
        let share = ratio * 10.0 / (90.0 + ratio * 10.0);
        let chance = |new: u32| choose(20, new) * share.powi(new as i32) * (1.0 - share).powi(20 - new as i32);
        assert!(means(20, (90, 10), chance)[BELOW..].iter().all(|mean| *mean <= 1.0 + 1e-9), "{ratio}");
    }
}

#[test]
fn failures_that_are_common_are_e_values_by_odds() {
    for (events, stable, canary) in [(5, 30, 6), (20, 30, 10), (30, 30, 10), (25, 12, 20)] {
        let chance = |new: u32| {
            let possible = new <= canary && events - new <= stable;
            if possible { choose(canary, new) * choose(stable, events - new) * 1.25_f64.powi(new as i32) } else { 0.0 }
        };
        let means = means(events, (stable, canary), chance);
        assert!(means[BELOW..].iter().all(|mean| *mean <= 1.0 + 1e-9), "{events}: {means:?}");
    }
}

#[test]
fn the_quick_bound_is_a_bound() {
    let mut contrast = Contrast::new(1.25, 2.0, 5.0);
    let count = |events, exposure| Count { events, exposure };
    for tick in 0..60 {
        let canary = [("c", count(f64::from(tick % 5), 50.0))];
        contrast.observe(&[("a", count(1.0, 50.0)), ("b", count(f64::from(tick % 3), 50.0))], &canary, true);
        assert!(contrast.ln_worse() <= contrast.ln_worse_at_most() + 1e-9);
        assert!(contrast.ln_worse().is_finite() && contrast.ln_not_worse().is_finite());
    }
    assert!(grid::normal(BELOW, 1.7 * 2.0_f64.sqrt())[BELOW] >= grid::LEAST_AT_MARGIN);
}

#[test]
fn a_storm_counts_like_its_first_failures() {
    let storm = cap(Count { events: 1e6, exposure: 50.0 }, Count { events: 1e6, exposure: 500.0 }, 0.01);
    assert!((storm.events - 5.5).abs() < 1e-9, "{storm:?}");
    // What all of them suffer is no storm of one.
    let shared = cap(Count { events: 25.0, exposure: 50.0 }, Count { events: 250.0, exposure: 500.0 }, 0.01);
    assert_eq!(shared.events, 25.0);
}
