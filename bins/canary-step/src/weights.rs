//! How many canary pods make which share, with stable left whole: `c = max(1, round(N·w / (1 − w)))`.
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A share of the pods in whole percent, from 1 to 99: nothing needs no canary, and everything is a promotion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Weight(u8);

/// The whole, in hundredths of a percent.
const WHOLE: u16 = 10_000;

impl Weight {
    /// So many percent.
    ///
    /// # Errors
    /// What is wrong with it: no number, no whole one, not above 0, not below 100.
    pub fn of_percent(percent: f64) -> Result<Weight, String> {
        match percent {
            _ if !percent.is_finite() => Err(format!("{percent} is no share")),
            _ if percent <= 0.0 => Err(format!("{percent} % is not above 0")),
            _ if percent >= 100.0 => Err(format!("{percent} % is not below 100: the whole is a promotion")),
            _ if percent.fract() != 0.0 => Err(format!("{percent} % is no whole number of percent")),
            // Whole and between 1 and 99, as checked just above.
            _ => Ok(Weight(percent as u8)),
        }
    }

    /// In percent, from 1 to 99.
    pub fn percent(self) -> u8 {
        self.0
    }

    /// As a fraction.
    pub fn fraction(self) -> f64 {
        f64::from(self.0) / 100.0
    }

    /// Canary pods beside `ready` stable pods; none where there is no stable pod to be beside.
    pub fn canaries(self, ready: u32) -> u32 {
        if ready == 0 {
            return 0;
        }
        let (weight, rest) = (u64::from(self.0), 100 - u64::from(self.0));
        // To the nearest, halves up; no overflow, since 2·2³²·100 < 2⁶⁴.
        let count = (2 * u64::from(ready) * weight + rest) / (2 * rest);
        u32::try_from(count.max(1)).unwrap_or(u32::MAX)
    }
}

impl fmt::Display for Weight {
    /// `10 %`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.0)
    }
}

impl Serialize for Weight {
    /// In percent, as the policy has it.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.0)
    }
}

impl<'de> Deserialize<'de> for Weight {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Weight, D::Error> {
        Weight::of_percent(f64::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// What a weight comes to beside a number of stable pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// The share that was asked for.
    pub asked: Weight,
    /// Ready stable pods.
    pub stable: u32,
    /// Canary pods.
    pub canaries: u32,
}

impl Share {
    /// The nearest that whole pods give.
    pub fn of(asked: Weight, stable: u32) -> Share {
        Share { asked, stable, canaries: asked.canaries(stable) }
    }

    /// The share that the pods make, in hundredths of a percent, rounded.
    pub fn reached(self) -> u16 {
        let (part, whole) = (u64::from(self.canaries), u64::from(self.canaries) + u64::from(self.stable));
        let hundredths = (part * 2 * u64::from(WHOLE) + whole).checked_div(2 * whole).unwrap_or(0);
        u16::try_from(hundredths).unwrap_or(WHOLE)
    }

    /// By how much the reached share is off, in hundredths of a percent.
    pub fn off_by(self) -> u16 {
        self.reached().abs_diff(u16::from(self.asked.percent()) * 100)
    }

    /// The least number of stable pods beside which the asked share is reached within `tolerance` hundredths of a percent.
    pub fn enough(asked: Weight, tolerance: u16) -> u32 {
        // One canary makes the share too large until N ≥ (1 − w)/w, and from there on rounding only gets finer; 10⁴ pods reach any.
        (1..=u32::from(WHOLE))
            .find(|stable| Share::of(asked, *stable).off_by() <= tolerance)
            .unwrap_or(u32::from(WHOLE))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Stable pods and percent → canaries and the reached share in hundredths of a percent.
    fn check(stable: u32, percent: f64, expected: (u32, u16)) {
        let share = Weight::of_percent(percent).map(|weight| Share::of(weight, stable));
        assert_eq!(share.map(|share| (share.canaries, share.reached())), Ok(expected), "{stable} × {percent} %");
    }

    #[test]
    fn counts_and_shares() {
        check(9, 10.0, (1, 1_000));
        check(10, 50.0, (10, 5_000));
        check(10, 10.0, (1, 909));
        check(1, 10.0, (1, 5_000));
        check(2, 10.0, (1, 3_333));
        check(3, 50.0, (3, 5_000));
        check(4, 90.0, (36, 9_000));
        check(1, 99.0, (99, 9_900));
        check(100, 2.0, (2, 196));
        check(0, 50.0, (0, 0));
        check(u32::MAX, 99.0, (u32::MAX, 5_000));
    }

    #[test]
    fn shares_that_make_no_sense_are_refused() {
        for (percent, problem) in [
            (0.0, "0 % is not above 0"),
            (-3.0, "-3 % is not above 0"),
            (2.5, "2.5 % is no whole number of percent"),
            (100.0, "100 % is not below 100: the whole is a promotion"),
            (101.0, "101 % is not below 100: the whole is a promotion"),
            (0.1, "0.1 % is no whole number of percent"),
            (f64::NAN, "NaN is no share"),
            (f64::INFINITY, "inf is no share"),
        ] {
            assert_eq!(Weight::of_percent(percent), Err(problem.to_owned()));
        }
    }

    #[test]
    fn how_many_pods_reach_a_share() {
        assert_eq!(Share::enough(Weight(50), 500), 1);
        assert_eq!(Share::enough(Weight(10), 0), 9);
        assert_eq!(Share::enough(Weight(10), 500), 6);
    }

    proptest! {
        /// The spec's formula in floating point, as an oracle.
        #[test]
        fn the_count_is_the_formula(stable in 1_u32..100_000, percent in 1_u8..=99) {
            let weight = Weight(percent);
            let exact = f64::from(stable) * weight.fraction() / (1.0 - weight.fraction());
            let count = f64::from(weight.canaries(stable));
            prop_assert!(count >= 1.0);
            prop_assert!((count - exact.max(1.0)).abs() <= 0.5 + exact * 1e-9, "{count} for {exact}");
        }

        #[test]
        fn more_weight_or_more_pods_never_mean_fewer_canaries(stable in 0_u32..10_000, w in 1_u8..99) {
            prop_assert!(Weight(w).canaries(stable) <= Weight(w + 1).canaries(stable));
            prop_assert!(Weight(w).canaries(stable) <= Weight(w).canaries(stable + 1));
        }

        /// No neighbouring count of pods is nearer to what was asked.
        #[test]
        fn no_other_count_is_nearer_on_the_odds(stable in 1_u32..5_000, w in 1_u8..=99) {
            let share = Share::of(Weight(w), stable);
            let odds = f64::from(w) / f64::from(100 - w) * f64::from(stable);
            let off = |count: u32| (f64::from(count) - odds).abs();
            prop_assert!(off(share.canaries) <= off(share.canaries + 1) + 1e-9);
            prop_assert!(share.canaries == 1 || off(share.canaries) <= off(share.canaries - 1) + 1e-9);
        }

        #[test]
        fn a_weight_is_read_as_it_was_written(percent in 1_u8..=99) {
            let text = serde_json::to_string(&Weight(percent)).unwrap_or_default();
            prop_assert_eq!(serde_json::from_str::<Weight>(&text).ok(), Some(Weight(percent)));
        }
    }
}
