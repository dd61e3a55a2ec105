//! Prometheus' text format (and what OpenMetrics shares with it): a page → samples. One pass, linear in the page, which is at most 1 MiB.
use std::borrow::Cow;

/// A larger page is refused.
pub const LARGEST: usize = 1 << 20;
/// A sample with more labels than these makes no sense.
const MOST_LABELS: usize = 64;

/// One series and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample<'a> {
    /// Name of the metric.
    pub name: &'a str,
    /// Labels as they stand, unescaped.
    pub labels: Vec<(&'a str, Cow<'a, str>)>,
    /// The value; never a NaN.
    pub value: f64,
}

impl Sample<'_> {
    /// The value of a label.
    #[must_use]
    pub fn label(&self, name: &str) -> Option<&str> {
        self.labels.iter().find(|(label, _)| *label == name).map(|(_, value)| value.as_ref())
    }
}

/// The samples of a page; comments are skipped, and values that are no number of anything (NaN).
///
/// # Errors
/// The first line that is no sample, with its number; a page that is too large.
pub fn parse(page: &str) -> Result<Vec<Sample<'_>>, String> {
    if page.len() > LARGEST {
        return Err(format!("the page has {} bytes, and {LARGEST} are read", page.len()));
    }
    let mut samples = Vec::new();
    for (at, line) in page.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let sample = sample(line).ok_or_else(|| format!("line {}: this is no sample: {}", at + 1, short(line)))?;
        if !sample.value.is_nan() {
            samples.push(sample);
        }
    }
    Ok(samples)
}

fn short(line: &str) -> String {
    line.chars().take(60).collect()
}

fn sample(line: &str) -> Option<Sample<'_>> {
    let end = line.find(|c: char| c == '{' || c.is_ascii_whitespace())?;
    let (name, rest) = line.split_at(end);
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b':') {
        return None;
    }
    let (labels, rest) = match rest.strip_prefix('{') {
        Some(inside) => labels(inside)?,
        None => (Vec::new(), rest),
    };
    // A time stamp may follow, or an exemplar; neither is needed.
    let value = rest.split_ascii_whitespace().next()?;
    let value = match value {
        "+Inf" => f64::INFINITY,
        "-Inf" => f64::NEG_INFINITY,
        other => other.parse().ok()?,
    };
    Some(Sample { name, labels, value })
}

/// Names and values of labels.
type Labels<'a> = Vec<(&'a str, Cow<'a, str>)>;

/// Labels up to the closing brace, and what follows it.
fn labels(text: &str) -> Option<(Labels<'_>, &str)> {
    let (labels, rest) = labels_of(text)?;
    let labels = labels.into_iter().map(|(name, operator, value)| (operator == "=").then_some((name, value)));
    Some((labels.collect::<Option<_>>()?, rest))
}

/// Names, operators (`=`, `!=`, `=~`, `!~`) and values.
type Tests<'a> = Vec<(&'a str, &'a str, Cow<'a, str>)>;

/// The tests of a selector up to its closing brace, and what follows it; labels are such tests as well.
pub(super) fn labels_of(mut text: &str) -> Option<(Tests<'_>, &str)> {
    let mut labels = Vec::new();
    loop {
        text = text.trim_start();
        if let Some(rest) = text.strip_prefix('}') {
            return Some((labels, rest));
        }
        let (name, rest) = text.split_at(text.find(['=', '!'])?);
        let (operator, rest) = rest.split_at(rest.find('"')?);
        let operator = operator.trim();
        if labels.len() == MOST_LABELS || !["=", "!=", "=~", "!~"].contains(&operator) {
            return None;
        }
        let (value, rest) = quoted(&rest[1..])?;
        labels.push((name.trim(), operator, value));
        text = rest.trim_start();
        text = text.strip_prefix(',').unwrap_or(text);
    }
}

/// A value up to its closing quote, and what follows.
fn quoted(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => {
                let inside = &text[..at];
                let value = if inside.contains('\\') { Cow::Owned(unescaped(inside)) } else { Cow::Borrowed(inside) };
                return Some((value, &text[at + 1..]));
            }
            _ => {}
        }
    }
    None
}

fn unescaped(text: &str) -> String {
    let (mut out, mut escaped) = (String::with_capacity(text.len()), false);
    for c in text.chars() {
        match (escaped, c) {
            (false, '\\') => escaped = true,
            (true, 'n') => {
                out.push('\n');
                escaped = false;
            }
            (_, c) => {
                out.push(c);
                escaped = false;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use proptest::prelude::*;

    /// Name, labels and value.
    type Expected<'a> = (&'a str, &'a [(&'a str, &'a str)], f64);

    fn check(page: &str, expected: &[Expected<'_>]) {
        let samples = parse(page).unwrap();
        let found: Vec<_> = samples
            .iter()
            .map(|s| (s.name, s.labels.iter().map(|(n, v)| (*n, v.as_ref())).collect::<Vec<_>>(), s.value))
            .collect();
        let expected: Vec<_> = expected.iter().map(|(n, l, v)| (*n, l.to_vec(), *v)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn samples_are_read_as_they_are_written() {
        check("# HELP a b\n# TYPE a counter\na 1\n", &[("a", &[], 1.0)]);
        check("a{code=\"200\",m=\"GET\"} 12 1700000000\n", &[("a", &[("code", "200"), ("m", "GET")], 12.0)]);
        check(
            "a{p=\"x\\\"y\\\\z\\n\",} 1e3\n\nb +Inf\nc NaN\n",
            &[("a", &[("p", "x\"y\\z\n")], 1000.0), ("b", &[], f64::INFINITY)],
        );
        check("h_bucket{le=\"+Inf\"} 7 # {trace=\"1\"} 0.5\n", &[("h_bucket", &[("le", "+Inf")], 7.0)]);
    }

    #[test]
    fn what_is_no_sample_is_named() {
        for (page, problem) in [
            ("a 1\nb\n", "line 2: this is no sample: b"),
            ("a{b=\"c} 1\n", "line 1: this is no sample: a{b=\"c} 1"),
            ("<html>", "line 1: this is no sample: <html>"),
            ("a one", "line 1: this is no sample: a one"),
        ] {
            assert_eq!(parse(page).unwrap_err(), problem);
        }
        assert!(parse(&" ".repeat(LARGEST + 1)).unwrap_err().contains("1048577 bytes"));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(page in "\\PC{0,200}") {
            let _ = parse(&page);
        }

        #[test]
        fn what_was_written_is_read_back(name in "[a-z_:]{1,9}", label in "[a-z_]{1,5}", value in "\\PC{0,12}", number in -1e9_f64..1e9) {
            let written = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            let page = format!("{name}{{{label}=\"{written}\"}} {number}\n");
            let samples = parse(&page).unwrap();
            prop_assert_eq!(samples.len(), 1);
            prop_assert_eq!((samples[0].name, samples[0].label(&label), samples[0].value), (name.as_str(), Some(value.as_str()), number));
        }
    }
}
