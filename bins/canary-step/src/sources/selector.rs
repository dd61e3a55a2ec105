//! Which series are counted: `name{label="value",other=~"pattern"}`, as Prometheus writes it; and what they come to on a page.
use super::counters::Counters;
use super::page::{Sample, labels_of};
use super::pattern::Pattern;
use crate::policy::Count;

/// How a label is compared.
#[derive(Clone, Debug, PartialEq)]
enum Test {
    Is(String),
    IsNot(String),
    Matches(Pattern),
    MatchesNot(Pattern),
}

/// A selector.
#[derive(Clone, Debug, PartialEq)]
pub struct Selector {
    name: String,
    tests: Vec<(String, Test)>,
}

impl Selector {
    /// Reads a selector.
    ///
    /// # Errors
    /// What in it is not understood.
    pub fn new(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (name, inside) = text.split_once('{').map_or((text, "}"), |(name, rest)| (name.trim(), rest));
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
        if name.is_empty() || !name.chars().all(plain) {
            return Err(format!("`{text}` begins with no name of a metric"));
        }
        let (tests, rest) = labels_of(inside).ok_or_else(|| format!("the labels of `{text}` are not understood"))?;
        if !rest.trim().is_empty() {
            return Err(format!(
                "`{}` follows the labels of `{text}`: only plain selectors are understood",
                rest.trim()
            ));
        }
        let tests = tests.into_iter().map(|(label, operator, value)| {
            let value = value.into_owned();
            let test = match operator {
                "=" => Test::Is(value),
                "!=" => Test::IsNot(value),
                "=~" => Test::Matches(Pattern::new(&value)?),
                _ => Test::MatchesNot(Pattern::new(&value)?),
            };
            Ok((label.to_owned(), test))
        });
        Ok(Self { name: name.to_owned(), tests: tests.collect::<Result<_, String>>()? })
    }

    /// Whether it selects a sample; a label that is missing is empty.
    #[must_use]
    pub fn selects(&self, sample: &Sample<'_>) -> bool {
        let is_series = sample.name == self.name;
        is_series && self.tests.iter().all(|(label, test)| test.holds(sample.label(label).unwrap_or_default()))
    }
}

impl Test {
    fn holds(&self, value: &str) -> bool {
        match self {
            Self::Is(wanted) => value == wanted,
            Self::IsNot(wanted) => value != wanted,
            Self::Matches(pattern) => pattern.is_match(value),
            Self::MatchesNot(pattern) => !pattern.is_match(value),
        }
    }
}

/// What the selectors of a policy come to, or what the usual names do when it has none.
///
/// # Errors
/// A selector is not understood, or selects nothing.
pub fn counted(samples: &[Sample<'_>], count: &Count) -> Result<Counters, String> {
    let Some(total) = &count.total else { return Counters::discover(samples) };
    let chosen = |text: &String| {
        let selector = Selector::new(text)?;
        let chosen: Vec<&Sample<'_>> = samples.iter().filter(|sample| selector.selects(sample)).collect();
        Ok::<_, String>(chosen)
    };
    let total_samples = chosen(total)?;
    if total_samples.is_empty() {
        return Err(format!("nothing on the page is selected by `{total}`"));
    }
    let Some(failed) = &count.failed else {
        return Err("the policy counts requests, but not which of them fail; give it `failed`".to_owned());
    };
    let failed = chosen(failed)?;
    let latency = count.latency.as_ref().map(chosen).transpose()?.unwrap_or_default();
    Ok(Counters::of(&total_samples, &failed, &latency))
}

#[cfg(test)]
mod tests {
    use super::super::page::parse;
    use super::*;

    const PAGE: &str = "rpc_total{method=\"a\",grpc_code=\"OK\"} 90\nrpc_total{method=\"a\",grpc_code=\"Unavailable\"} 6\n\
        rpc_total{method=\"health\",grpc_code=\"OK\"} 50\nrpc_seconds_bucket{le=\"0.1\"} 80\nrpc_seconds_bucket{le=\"+Inf\"} 96\n";

    fn check(total: &str, failed: &str, expected: Result<(u64, u64), &str>) {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let count = Count { total: text(total), failed: text(failed), latency: text("rpc_seconds_bucket") };
        let found = counted(&parse(PAGE).unwrap(), &count).map(|counters| (counters.requests, counters.errors));
        match (found, expected) {
            (Err(error), Err(part)) => assert!(error.contains(part), "{error}"),
            (found, expected) => assert_eq!(found, expected.map_err(str::to_owned)),
        }
    }

    #[test]
    fn selectors_choose_series() {
        check("rpc_total{method!=\"health\"}", "rpc_total{grpc_code!~\"OK|NotFound\",method!=\"health\"}", Ok((96, 6)));
        check("rpc_total", "rpc_total{grpc_code=\"Unavailable\"}", Ok((146, 6)));
        check("rpc_total{method=~\"a.*\"}", "rpc_total{grpc_code=~\"Un.+\"}", Ok((96, 6)));
        check("rpc_total", "no_such", Ok((146, 0)));
        check("no_such", "rpc_total", Err("nothing on the page"));
        check("rpc_total", "", Err("give it `failed`"));
        check("sum(rpc_total)", "x", Err("no name of a metric"));
        check("rpc_total{a=\"b\"}[5m]", "x", Err("only plain selectors"));
        check("rpc_total{a=b}", "x", Err("not understood"));
    }
}
