//! The waivers file: lines that cannot be covered, each with a reason and a last day.
//!
//! ```text
//! # At most 20 lines may be waived.
//! budget 20
//! 2027-01-31 src/print.py:10-12,20 needs a printer
//! 2027-01-31 "src/odd name.py":"raise Unreachable" happens on Mars only
//! ```
use jiff::civil::Date;

use crate::record::Span;

/// The whole file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waivers {
    /// How many missed lines may be waived in all; `None` for any number.
    pub budget: Option<u64>,
    /// The waivers, in the order of the file.
    pub list: Vec<Waiver>,
}

/// One waiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// The file, relative to the root of the repository.
    pub path: String,
    /// Which of its lines.
    pub lines: Which,
    /// The last day on which it holds.
    pub expires: Date,
    /// Why.
    pub reason: String,
    /// Where it stands in the waivers file.
    pub at: u32,
}

/// Lines by number or by what stands on them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// These.
    Numbers(Vec<Span>),
    /// Every line that contains this text: it stays right when lines above come and go.
    Text(String),
}

/// What is wrong with a line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, counted from 1.
    pub line: u32,
    /// What is wrong.
    pub message: String,
}

/// Reads the file.
///
/// # Errors
/// The first line that makes no sense.
pub fn parse(text: &str) -> Result<Waivers, Problem> {
    let mut waivers = Waivers::default();
    for (index, line) in text.lines().enumerate() {
        let at = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let problem = |message: &str| Problem { line: at, message: message.to_owned() };
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(count) = line.strip_prefix("budget ") {
            if waivers.budget.is_some() {
                return Err(problem("a second budget"));
            }
            waivers.budget = Some(count.trim().parse().map_err(|_| problem("the budget is no number of lines"))?);
            continue;
        }
        let Some((date, rest)) = line.split_once(' ') else {
            return Err(problem("a waiver reads `2027-01-31 path:lines reason`"));
        };
        let expires = date.parse().map_err(|_| problem("it begins with no day such as 2027-01-31"))?;
        let (path, rest) = quoted_or(rest.trim_start(), |c| c == ':').ok_or_else(|| problem("there is no path"))?;
        let rest = rest.strip_prefix(':').ok_or_else(|| problem("the path is followed by no `:` and lines"))?;
        let is_text = rest.starts_with('"');
        let (lines, reason) = quoted_or(rest, char::is_whitespace).ok_or_else(|| problem("there are no lines"))?;
        let lines = if is_text {
            Which::Text(lines)
        } else {
            Which::Numbers(spans(&lines).ok_or_else(|| problem("the lines read `7`, `7-9` or `7-9,12`"))?)
        };
        if reason.trim().is_empty() {
            return Err(problem("there is no reason"));
        }
        waivers.list.push(Waiver { path, lines, expires, reason: reason.trim().to_owned(), at });
    }
    Ok(waivers)
}

/// A JSON string, or the text up to where `ends` says, which must not be empty; and what follows.
fn quoted_or(text: &str, ends: impl Fn(char) -> bool) -> Option<(String, &str)> {
    if text.starts_with('"') {
        let mut strings = serde_json::Deserializer::from_str(text).into_iter::<String>();
        let value = strings.next()?.ok()?;
        return (!value.is_empty()).then(|| (value, &text[strings.byte_offset()..]));
    }
    let end = text.find(ends).unwrap_or(text.len());
    (end > 0).then(|| (text[..end].to_owned(), &text[end..]))
}

/// Reads `7-9,12`.
pub(crate) fn spans(text: &str) -> Option<Vec<Span>> {
    let span = |part: &str| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let number = |text: &str| text.parse::<u32>().ok().filter(|line| (1..=crate::lines::LAST_LINE).contains(line));
        let (first, last) = (number(first)?, number(last)?);
        (first <= last).then_some(Span(first, last))
    };
    text.split(',').map(span).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, problem: Option<(u32, &str)>) -> Waivers {
        let read = parse(text);
        let found = read.as_ref().err().map(|problem| (problem.line, problem.message.as_str()));
        assert_eq!(found, problem, "{text:?}");
        read.unwrap_or_default()
    }

    #[test]
    fn reads_paths_lines_days_and_reasons() {
        let read = check(
            "# why\nbudget 20\n\n2027-01-31 src/print.py:10-12,20 needs a printer\n2027-02-28 \"a b:c.py\":\"raise X\" Mars\n",
            None,
        );
        assert_eq!(read.budget, Some(20));
        assert_eq!(
            (read.list[0].path.as_str(), read.list[0].reason.as_str(), read.list[0].at),
            ("src/print.py", "needs a printer", 4)
        );
        assert_eq!(read.list[0].lines, Which::Numbers(vec![Span(10, 12), Span(20, 20)]));
        assert_eq!((read.list[1].path.as_str(), &read.list[1].lines), ("a b:c.py", &Which::Text("raise X".to_owned())));
    }

    #[test]
    fn names_the_line_that_makes_no_sense() {
        check("budget x\n", Some((1, "the budget is no number of lines")));
        check("budget 1\nbudget 2\n", Some((2, "a second budget")));
        check("nonsense\n", Some((1, "a waiver reads `2027-01-31 path:lines reason`")));
        check("2027-02-30 a:1 x\n", Some((1, "it begins with no day such as 2027-01-31")));
        check("2027-01-31 a 1 x\n", Some((1, "the path is followed by no `:` and lines")));
        check("2027-01-31 a:9-7 x\n", Some((1, "the lines read `7`, `7-9` or `7-9,12`")));
        check("2027-01-31 a:0 x\n", Some((1, "the lines read `7`, `7-9` or `7-9,12`")));
        check("2027-01-31 a:7\n", Some((1, "there is no reason")));
        check("2027-01-31 :7 x\n", Some((1, "there is no path")));
    }
}
