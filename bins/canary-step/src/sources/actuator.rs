//! Spring Boot's Actuator: `/actuator/metrics/http.server.requests` as JSON, asked once for all requests and once for those that failed.
use serde::Deserialize;

/// The tag and the value that failures have.
pub const FAILED: &str = "tag=outcome:SERVER_ERROR";
const OUTCOME: (&str, &str) = ("outcome", "SERVER_ERROR");

/// A page.
#[derive(Deserialize)]
struct Page {
    measurements: Vec<Measurement>,
    #[serde(rename = "availableTags", default)]
    tags: Vec<Tag>,
}

#[derive(Deserialize)]
struct Measurement {
    statistic: String,
    value: f64,
}

#[derive(Deserialize)]
struct Tag {
    tag: String,
    #[serde(default)]
    values: Vec<String>,
}

/// How many requests a page counts, and whether there are failures to ask for.
///
/// # Errors
/// It is no such page.
pub fn read(text: &str) -> Result<(u64, bool), String> {
    let page: Page =
        serde_json::from_str(text).map_err(|error| format!("this is no page of an actuator's metric: {error}"))?;
    let count = page.measurements.iter().find(|measurement| measurement.statistic == "COUNT");
    let count = count.ok_or("the actuator's metric has no measurement COUNT")?.value;
    if !(0.0..=1e15).contains(&count) {
        return Err(format!("the actuator's COUNT is {count}"));
    }
    let failed = page.tags.iter().any(|tag| tag.tag == OUTCOME.0 && tag.values.iter().any(|value| value == OUTCOME.1));
    Ok((count.round() as u64, failed))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::read;

    #[test]
    fn pages_are_read() {
        let page = r#"{"name":"http.server.requests","baseUnit":"seconds","measurements":[{"statistic":"COUNT","value":31.0},{"statistic":"TOTAL_TIME","value":0.4}],"availableTags":[{"tag":"outcome","values":["SUCCESS","SERVER_ERROR"]}]}"#;
        assert_eq!(read(page), Ok((31, true)));
        assert_eq!(read(r#"{"measurements":[{"statistic":"COUNT","value":2}]}"#), Ok((2, false)));
        assert!(read(r#"{"measurements":[]}"#).is_err_and(|error| error.contains("COUNT")));
        assert!(read(r#"{"measurements":[{"statistic":"COUNT","value":-2}]}"#).is_err());
        assert!(read("<html>").is_err_and(|error| error.contains("no page")));
    }

    proptest! {
        #[test]
        fn any_text_has_an_answer(text in ".{0,200}") {
            let _ = read(&text);
        }
    }
}
