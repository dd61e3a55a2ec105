//! Lists of numbers as one text, to their last bit, in half of what JSON takes: there are thousands of them in a state.
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// A number that is written without its decimal digits.
pub(crate) trait Packed: Sized {
    /// How many parts it has.
    const PARTS: usize;
    fn parts(&self) -> impl Iterator<Item = f64>;
    fn of(parts: &[f64]) -> Self;
}

impl Packed for f64 {
    const PARTS: usize = 1;

    fn parts(&self) -> impl Iterator<Item = f64> {
        std::iter::once(*self)
    }

    fn of(parts: &[f64]) -> Self {
        parts[0]
    }
}

impl Packed for (f64, f64) {
    const PARTS: usize = 2;

    fn parts(&self) -> impl Iterator<Item = f64> {
        [self.0, self.1].into_iter()
    }

    fn of(parts: &[f64]) -> Self {
        (parts[0], parts[1])
    }
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// Digits of six bits that a number has at most.
const MOST: u32 = 11;

pub(crate) fn serialize<T: Packed, S: Serializer>(values: &[T], serializer: S) -> Result<S::Ok, S::Error> {
    let mut text = String::new();
    for number in values.iter().flat_map(Packed::parts) {
        // The first bits first, and no zeros behind them: round numbers are short.
        let mut bits = number.to_bits();
        while bits != 0 {
            text.push(char::from(DIGITS[(bits >> 58) as usize]));
            bits <<= 6;
        }
        text.push('.');
    }
    text.serialize(serializer)
}

pub(crate) fn deserialize<'de, T: Packed, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let numbers = text.split_terminator('.').map(number).collect::<Option<Vec<f64>>>();
    let numbers = numbers.filter(|numbers| numbers.len().is_multiple_of(T::PARTS));
    let numbers = numbers.ok_or_else(|| D::Error::custom("a packed list has something else than numbers"))?;
    Ok(numbers.chunks_exact(T::PARTS).map(T::of).collect())
}

fn number(text: &str) -> Option<f64> {
    let mut bits = 0;
    for (at, digit) in (0..).zip(text.bytes()) {
        let value = DIGITS.iter().position(|known| *known == digit).filter(|_| at < MOST)? as u64;
        bits |= (value << 58) >> (6 * at);
    }
    Some(f64::from_bits(bits)).filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    struct Lists {
        #[serde(with = "super")]
        one: Vec<f64>,
        #[serde(with = "super")]
        two: Vec<(f64, f64)>,
    }

    proptest! {
        #[test]
        fn numbers_come_back_to_the_last_bit(
            one in prop::collection::vec(prop::num::f64::NORMAL | prop::num::f64::ZERO | prop::num::f64::SUBNORMAL, 0..9),
            two in prop::collection::vec((-1e9..1e9, 0.0..9.0), 0..5),
        ) {
            let lists = Lists { one, two };
            let text = serde_json::to_string(&lists).unwrap();
            prop_assert_eq!(serde_json::from_str::<Lists>(&text).unwrap(), lists);
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[A-Za-z0-9._ -]{0,40}|\\PC{0,20}") {
            let read: Result<Lists, _> = serde_json::from_value(json!({ "one": text, "two": "" }));
            prop_assert!(read.is_err() || read.unwrap().one.iter().all(|number| number.is_finite()));
        }
    }

    #[test]
    fn round_numbers_are_short() {
        let lists = Lists { one: vec![0.0, 1.0, -2.5], two: vec![(0.0, 0.0)] };
        assert_eq!(serde_json::to_value(&lists).unwrap(), json!({ "one": ".P_.wAQ.", "two": ".." }));
        let half = json!({ "one": "", "two": "A." });
        assert!(serde_json::from_value::<Lists>(half).is_err());
    }
}
