//! What can happen in the demo: each scenario is a new version with something particular about it, or about its surroundings.

/// A scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scenario {
    /// Nothing is wrong.
    Good,
    /// The image is not in its registry.
    BadImage,
    /// The container dies as soon as it starts.
    CrashLoop,
    /// The container takes more memory than it may have, some time after it was ready.
    Oom,
    /// It takes a minute and a half until it is ready, and is fine then.
    SlowStart,
    /// Its first half minute is slow, as that of a JVM, and it is fine then.
    ColdJvm,
    /// Five times as many requests fail.
    ErrorsX5,
    /// Answers take three times as long.
    Latency,
    /// Something that both versions need fails for a minute.
    SharedOutage,
    /// Nobody sends requests, so nothing can be learned.
    NoTraffic,
    /// The new version goes on to serve, and tells its numbers no more.
    SilentPages,
    /// The driver dies in the middle, and another goes on.
    DriverKilled,
    /// A second driver wants the same release group.
    SecondDriver,
    /// An autoscaler watches stable while canaries take load from it.
    HpaTrap,
}

impl Scenario {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 14] = [
        Self::Good,
        Self::BadImage,
        Self::CrashLoop,
        Self::Oom,
        Self::SlowStart,
        Self::ColdJvm,
        Self::ErrorsX5,
        Self::Latency,
        Self::SharedOutage,
        Self::NoTraffic,
        Self::SilentPages,
        Self::DriverKilled,
        Self::SecondDriver,
        Self::HpaTrap,
    ];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::BadImage => "bad-image",
            Self::CrashLoop => "crash-loop",
            Self::Oom => "oom",
            Self::SlowStart => "slow-start",
            Self::ColdJvm => "cold-jvm",
            Self::ErrorsX5 => "errors-x5",
            Self::Latency => "latency",
            Self::SharedOutage => "shared-outage",
            Self::NoTraffic => "no-traffic",
            Self::SilentPages => "silent-pages",
            Self::DriverKilled => "driver-killed",
            Self::SecondDriver => "second-driver",
            Self::HpaTrap => "hpa-trap",
        }
    }

    /// The scenario of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scenario| scenario.name() == name)
    }

    /// What is about to happen, in a sentence.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Self::Good => "eight services get a new version, and nothing is wrong with it",
            Self::BadImage => "the new image of checkout was never pushed",
            Self::CrashLoop => "the new checkout dies as soon as it starts",
            Self::Oom => "the new catalog runs out of memory half a minute after it was ready",
            Self::SlowStart => "the new search needs a minute and a half to start, and is fine then",
            Self::ColdJvm => "the new catalog is slow for its first half minute, as JVMs are, and is fine then",
            Self::ErrorsX5 => "of the new checkout's requests five times as many fail: 5 % instead of 1 %",
            Self::Latency => "the new search takes three times as long to answer",
            Self::SharedOutage => "a database that both versions use fails for a minute",
            Self::NoTraffic => "nobody sends any requests, so nothing can be learned of the new version",
            Self::SilentPages => "after nine minutes the new search tells its numbers no more",
            Self::DriverKilled => "the driver is killed in the middle of the rollout, and another one goes on",
            Self::SecondDriver => "somebody starts a second driver of the same release group",
            Self::HpaTrap => "an autoscaler watches the stable catalog while canaries take load from it",
        }
    }

    /// The service whose new version is particular, and how: names and values of the embedded cluster's traits.
    pub(super) fn traits(self) -> Option<(&'static str, &'static [(&'static str, &'static str)])> {
        Some(match self {
            Self::BadImage => ("checkout", &[("fault", "bad-image")]),
            Self::CrashLoop => ("checkout", &[("fault", "crash")]),
            Self::Oom => ("catalog", &[("fault", "oom"), ("after-seconds", "30")]),
            Self::SlowStart => ("search", &[("start-seconds", "90")]),
            Self::ColdJvm => ("catalog", &[("warm-seconds", "25"), ("warm-factor", "10")]),
            Self::ErrorsX5 => ("checkout", &[("error-factor", "5")]),
            Self::Latency => ("search", &[("latency-factor", "3")]),
            Self::SilentPages => ("search", &[("silent-seconds", "540")]),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Scenario;

    #[test]
    fn every_scenario_is_found_by_its_name() {
        for scenario in Scenario::ALL {
            assert_eq!(Scenario::named(scenario.name()), Some(scenario));
            assert!(!scenario.about().is_empty());
        }
        assert_eq!(Scenario::named("nonsense"), None);
    }
}
