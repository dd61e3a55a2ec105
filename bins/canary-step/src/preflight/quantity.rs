//! Quantities as Kubernetes writes them: `500m`, `1.5`, `2Gi`, `1e3`.
use std::fmt;

/// An amount, in thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity(i128);

const BINARY: [(&str, u32); 6] = [("Ki", 1), ("Mi", 2), ("Gi", 3), ("Ti", 4), ("Pi", 5), ("Ei", 6)];
const DECIMAL: [(&str, i32); 9] =
    [("n", -9), ("u", -6), ("m", -3), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];
/// The API server's bound is 2⁶³ − 1; thousandths and sums of them fit into 128 bits.
const MOST: i128 = i64::MAX as i128;

impl Quantity {
    /// So many.
    pub fn whole(count: u32) -> Quantity {
        Quantity(i128::from(count) * 1_000)
    }

    /// Reads a quantity, rounded up to thousandths as the API server rounds.
    ///
    /// # Errors
    /// What is no quantity.
    pub fn parse(text: &str) -> Result<Quantity, String> {
        let wrong = || format!("`{}` is no quantity", text.chars().take(40).collect::<String>());
        let end = text.find(|c: char| !c.is_ascii_digit() && !"+-.".contains(c)).unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let (sign, digits) = match number.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, number.strip_prefix('+').unwrap_or(number)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |part: &str| part.len() <= 18 && part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() && fraction.is_empty() || !plain(whole) || !plain(fraction) {
            return Err(wrong());
        }
        // At most 36 digits, which 128 bits hold.
        let value: i128 = format!("{whole}{fraction}").parse().map_err(|_| wrong())?;
        let places = i32::try_from(fraction.len()).unwrap_or(0);
        let thousandths = match BINARY.iter().find(|(name, _)| *name == unit) {
            Some((_, power)) => scaled(value.checked_mul(1_i128 << (10 * power)), 3 - places),
            None => scaled(Some(value), exponent(unit).ok_or_else(wrong)? + 3 - places),
        };
        match thousandths {
            Some(amount) if amount <= MOST * 1_000 => Ok(Quantity(sign * amount)),
            _ => Err(format!("`{text}` is too large")),
        }
    }

    /// The sum.
    pub fn plus(self, other: Quantity) -> Quantity {
        Quantity(self.0.saturating_add(other.0))
    }

    /// So many times this.
    pub fn times(self, count: u32) -> Quantity {
        Quantity(self.0.saturating_mul(i128::from(count)))
    }
}

/// The power of ten of a decimal unit, or of `e3` and `E3`.
fn exponent(unit: &str) -> Option<i32> {
    if unit.is_empty() {
        return Some(0);
    }
    let named = DECIMAL.iter().find(|(name, _)| *name == unit).map(|(_, power)| *power);
    named.or_else(|| unit.strip_prefix(['e', 'E'])?.parse().ok().filter(|power: &i32| (-30..=30).contains(power)))
}

/// Times a power of ten, rounded up.
fn scaled(value: Option<i128>, power: i32) -> Option<i128> {
    let factor = 10_i128.checked_pow(power.unsigned_abs());
    match (value?, factor, power < 0) {
        (value, Some(factor), false) => value.checked_mul(factor),
        (value, Some(factor), true) => Some(value / factor + i128::from(value % factor > 0)),
        (value, None, true) => Some(i128::from(value > 0)),
        (value, None, false) => (value == 0).then_some(0),
    }
}

impl fmt::Display for Quantity {
    /// `1.5`, `512Mi`: in the largest binary unit that divides it, when it is whole and large.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 % 1_000 != 0 {
            return write!(f, "{}m", self.0);
        }
        let whole = self.0 / 1_000;
        let unit = BINARY.iter().rev().find(|(_, power)| whole != 0 && whole % (1_i128 << (10 * power)) == 0);
        match unit {
            Some((name, power)) => write!(f, "{}{name}", whole >> (10 * power)),
            None => write!(f, "{whole}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, shown: Result<&str, &str>) {
        let found = Quantity::parse(text).map(|quantity| quantity.to_string());
        assert_eq!(found, shown.map(str::to_owned).map_err(str::to_owned), "{text}");
    }

    #[test]
    fn quantities_as_kubernetes_reads_them() {
        check("500m", Ok("500m"));
        check("0.5", Ok("500m"));
        check("1.5Gi", Ok("1536Mi"));
        check("2Gi", Ok("2Gi"));
        check("1e3", Ok("1000"));
        check("1E", Ok("976562500000000Ki"));
        check("1k", Ok("1000"));
        check("100n", Ok("1m"));
        check("-1", Ok("-1"));
        check(".5", Ok("500m"));
        check("0", Ok("0"));
        check("", Err("`` is no quantity"));
        check("m", Err("`m` is no quantity"));
        check("1.2.3", Err("`1.2.3` is no quantity"));
        check("1KiB", Err("`1KiB` is no quantity"));
        check("9e30", Err("`9e30` is too large"));
        assert!(Quantity::parse("100Mi").unwrap_or_default() < Quantity::parse("0.1G").unwrap_or_default().times(2));
    }

    proptest::proptest! {
        #[test]
        fn what_is_printed_is_read_again(thousandths in -1_000_000_000_000_000_i64..1_000_000_000_000_000) {
            let quantity = Quantity(i128::from(thousandths));
            proptest::prop_assert_eq!(Quantity::parse(&quantity.to_string()), Ok(quantity));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[0-9+.eEKMGim-]{0,40}|.{0,20}") {
            let _ = Quantity::parse(&text);
        }
    }
}
