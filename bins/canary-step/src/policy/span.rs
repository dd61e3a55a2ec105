//! Lengths of time as policies write them: `90s`, `5m`, `1h30m`.
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A length of time in whole seconds, at most a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(u32);

/// The longest: nobody watches a rollout for longer than a day.
const LONGEST: u32 = 86_400;

impl Span {
    /// So many seconds, at most a day.
    pub const fn seconds(seconds: u32) -> Span {
        Span(if seconds > LONGEST { LONGEST } else { seconds })
    }

    /// So many minutes, at most a day.
    pub const fn minutes(minutes: u32) -> Span {
        Span::seconds(minutes.saturating_mul(60))
    }

    /// Its length in seconds.
    pub fn as_secs(self) -> u64 {
        u64::from(self.0)
    }

    /// The same for timers.
    pub fn duration(self) -> Duration {
        Duration::from_secs(self.as_secs())
    }

    /// Reads `90s`, `5m`, `1h30m`.
    ///
    /// # Errors
    /// What is wrong with it: no unit, a sign, a fraction, units out of order, more than a day.
    pub fn parse(text: &str) -> Result<Span, String> {
        let text = text.trim();
        if text.starts_with('-') {
            return Err(format!("`{text}` is negative, and time runs forward"));
        }
        let malformed = || format!("`{text}` is no length of time");
        let (mut seconds, mut digits, mut last) = (0_u64, String::new(), u64::MAX);
        for letter in text.chars() {
            let unit = match letter {
                '0'..='9' if digits.len() < 9 => {
                    digits.push(letter);
                    continue;
                }
                'h' => 3_600,
                'm' => 60,
                's' => 1,
                _ => return Err(malformed()),
            };
            let count: u64 = digits.parse().map_err(|_| malformed())?;
            if unit >= last {
                return Err(malformed());
            }
            (seconds, last) = (seconds + count * unit, unit);
            digits.clear();
        }
        if last == u64::MAX || !digits.is_empty() {
            return Err(format!("`{text}` has no unit"));
        }
        match u32::try_from(seconds) {
            Ok(seconds) if seconds <= LONGEST => Ok(Span(seconds)),
            _ => Err(format!("`{text}` is more than a day")),
        }
    }
}

impl fmt::Display for Span {
    /// `45s`, `5m`, `1h30m`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hours, minutes, seconds) = (self.0 / 3_600, self.0 / 60 % 60, self.0 % 60);
        for (count, unit) in [(hours, 'h'), (minutes, 'm')] {
            if count > 0 {
                write!(f, "{count}{unit}")?;
            }
        }
        match seconds > 0 || self.0 == 0 {
            true => write!(f, "{seconds}s"),
            false => Ok(()),
        }
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Span, D::Error> {
        Span::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<u64, &str>) {
        assert_eq!(Span::parse(text).map(Span::as_secs), expected.map_err(str::to_owned), "{text}");
    }

    #[test]
    fn lengths_of_time() {
        check("90s", Ok(90));
        check("5m", Ok(300));
        check("1h30m", Ok(5_400));
        check("0s", Ok(0));
        check("24h", Ok(86_400));
        check("-5m", Err("`-5m` is negative, and time runs forward"));
        check("5", Err("`5` has no unit"));
        check("", Err("`` has no unit"));
        check("5m5", Err("`5m5` has no unit"));
        check("5s1m", Err("`5s1m` is no length of time"));
        check("1m1m", Err("`1m1m` is no length of time"));
        check("1.5m", Err("`1.5m` is no length of time"));
        check("m", Err("`m` is no length of time"));
        check("25h", Err("`25h` is more than a day"));
        check("999999999h", Err("`999999999h` is more than a day"));
    }

    proptest::proptest! {
        #[test]
        fn a_printed_length_is_read_again(seconds in 0..=LONGEST) {
            let span = Span::seconds(seconds);
            proptest::prop_assert_eq!(Span::parse(&span.to_string()), Ok(span));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[0-9hms. -]{0,12}|.{0,12}") {
            let _ = Span::parse(&text);
        }
    }
}
