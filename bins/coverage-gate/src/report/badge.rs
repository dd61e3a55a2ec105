//! The record as a badge: the JSON that shields.io draws, and a drawing of our own.
use maud::{Render, html};
use serde_json::json;

use crate::record::{Rate, Record, Verdict};

/// What stands left of the number.
const LABEL: &str = "coverage";

/// The number of the badge, and how good it is.
struct Badge {
    message: String,
    colour: Colour,
}

enum Colour {
    Reached,
    Below,
    Doubtful,
    NotJudged,
    Unknown,
}

impl Colour {
    /// As shields.io calls it.
    fn name(&self) -> &'static str {
        match self {
            Self::Reached => "brightgreen",
            Self::Below => "red",
            Self::Doubtful => "yellow",
            Self::NotJudged => "blue",
            Self::Unknown => "lightgrey",
        }
    }

    /// As we draw it: white letters on it can be read.
    fn fill(&self) -> &'static str {
        match self {
            Self::Reached => "#1b7a4b",
            Self::Below => "#b3251c",
            Self::Doubtful => "#8a5a00",
            Self::NotJudged => "#1f57a8",
            Self::Unknown => "#626972",
        }
    }
}

/// The rate of all lines, coloured by its own threshold; a verdict that could not be told casts doubt on the number.
fn badge(record: &Record) -> Badge {
    let rate = record.all.as_ref();
    let Some(percent) = rate.and_then(|rate| rate.percent.as_deref()) else {
        return Badge { message: "unknown".to_owned(), colour: Colour::Unknown };
    };
    let colour = match (record.verdict, rate.and_then(|rate: &Rate| rate.reached)) {
        (Verdict::Unknown, _) => Colour::Doubtful,
        (_, Some(true)) => Colour::Reached,
        (_, Some(false)) => Colour::Below,
        (_, None) => Colour::NotJudged,
    };
    Badge { message: format!("{percent}%"), colour }
}

/// The answer of a shields endpoint (<https://shields.io/badges/endpoint-badge>): a number that is cut off, never rounded.
pub fn endpoint(record: &Record) -> String {
    let Badge { message, colour } = badge(record);
    json!({ "schemaVersion": 1, "label": LABEL, "message": message, "color": colour.name() }).to_string()
}

/// The badge as SVG, in one file without anything to fetch.
pub fn svg(record: &Record) -> String {
    let Badge { message, colour } = badge(record);
    let (left, right) = (width(LABEL), width(&message));
    let (start, end) = (left + 12, right + 12);
    let (whole, title) = (start + end, format!("{LABEL}: {message}"));
    let drawing = html! {
        svg xmlns="http://www.w3.org/2000/svg" width=(whole) height="20" viewBox={ "0 0 " (whole) " 20" } role="img"
            aria-label=(title) {
            title { (title) }
            clipPath id="r" { rect width=(whole) height="20" rx="3" {} }
            g clip-path="url(#r)" {
                rect width=(start) height="20" fill="#3f454c" {}
                rect x=(start) width=(end) height="20" fill=(colour.fill()) {}
            }
            g fill="#fff" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11" {
                text x="6" y="14" textLength=(left) { (LABEL) }
                text x=(start + 6) y="14" textLength=(right) { (message) }
            }
        }
    };
    drawing.render().into_string() + "\n"
}

/// About how wide the text is in Verdana of 11 pixels; `textLength` stretches whatever other letters are there.
fn width(text: &str) -> usize {
    let tenths = |letter: char| match letter {
        'i' | 'l' | 'j' | '.' | ',' | ':' | '\'' | '|' => 35,
        ' ' | 'f' | 'r' | 't' => 42,
        '0'..='9' | 'k' | 's' | 'v' | 'c' | 'x' | 'y' | 'z' => 64,
        'm' | 'w' | 'M' | 'W' => 100,
        '%' => 118,
        _ => 69,
    };
    text.chars().map(tenths).sum::<usize>().div_ceil(10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::summary::examples;

    fn check(record: &Record, json: &str) {
        assert_eq!(endpoint(record), json);
    }

    #[test]
    fn the_number_is_cut_and_coloured_by_its_threshold() {
        let mut record = examples::fail();
        check(&record, r#"{"schemaVersion":1,"label":"coverage","message":"84.21%","color":"brightgreen"}"#);
        record.all = Some(examples::rate(69_996, 100_000, Some(70)));
        check(&record, r#"{"schemaVersion":1,"label":"coverage","message":"69.99%","color":"red"}"#);
        record.all = Some(examples::rate(1, 2, None));
        check(&record, r#"{"schemaVersion":1,"label":"coverage","message":"50.00%","color":"blue"}"#);
    }

    #[test]
    fn nothing_measured_is_unknown() {
        let unknown = r#"{"schemaVersion":1,"label":"coverage","message":"unknown","color":"lightgrey"}"#;
        check(&examples::unknown(), unknown);
        let nothing = Record { all: Some(examples::rate(0, 0, Some(70))), ..examples::pass() };
        check(&nothing, unknown);
    }

    #[test]
    fn a_doubtful_verdict_is_neither_green_nor_red() {
        let record = Record { all: Some(examples::rate(1, 2, Some(10))), ..examples::unknown() };
        check(&record, r#"{"schemaVersion":1,"label":"coverage","message":"50.00%","color":"yellow"}"#);
    }

    #[test]
    fn the_drawing_says_what_it_shows() {
        let drawing = svg(&examples::pass());
        assert!(drawing.contains("<title>coverage: 84.21%</title>"), "{drawing}");
        assert!(drawing.starts_with("<svg xmlns=") && drawing.ends_with("</svg>\n"), "{drawing}");
    }

    #[test]
    fn the_number_is_escaped() {
        let mut record = examples::pass();
        record.all = record.all.map(|all| Rate { percent: Some("<\"&".to_owned()), ..all });
        assert!(svg(&record).contains("<title>coverage: &lt;&quot;&amp;%</title>"), "{}", svg(&record));
    }
}
