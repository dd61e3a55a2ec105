//! Label and field selectors: the text of a query and the object of a spec.

use serde_json::Value;

use crate::json::{list, text};

/// One condition on the value of a key.
#[derive(Clone, Debug, PartialEq)]
enum Need {
    In(Vec<String>),
    NotIn(Vec<String>),
    Exists,
    Absent,
}

/// Conditions that all hold; none match everything.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Selector(Vec<(String, Need)>);

impl Selector {
    /// Reads `a=b,c!=d,e in (f,g),h,!i`, in one pass. The error names the part that is not understood.
    pub(crate) fn parse(input: &str) -> Result<Self, String> {
        let mut needs = Vec::new();
        for part in split(input) {
            let part = part.trim();
            if !part.is_empty() {
                needs.push(need(part).ok_or_else(|| format!("unable to parse requirement: {part}"))?);
            }
        }
        Ok(Self(needs))
    }

    /// Reads a `LabelSelector`; a missing one matches nothing, as the controllers have it.
    pub(crate) fn of_spec(selector: Option<&Value>) -> Option<Self> {
        let selector = selector?;
        let mut needs: Vec<(String, Need)> = selector
            .get("matchLabels")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.clone(), Need::In(vec![value.as_str().unwrap_or("").to_owned()])))
            .collect();
        for expression in list(selector, "/matchExpressions") {
            let values = || list(expression, "/values").iter().filter_map(Value::as_str).map(str::to_owned).collect();
            let need = match text(expression, "/operator") {
                "In" => Need::In(values()),
                "NotIn" => Need::NotIn(values()),
                "Exists" => Need::Exists,
                _ => Need::Absent,
            };
            needs.push((text(expression, "/key").to_owned(), need));
        }
        Some(Self(needs))
    }

    /// Reads a plain map, as Services select.
    pub(crate) fn of_map(map: Option<&Value>) -> Option<Self> {
        let map = map?.as_object().filter(|map| !map.is_empty())?;
        Some(Self(
            map.iter()
                .map(|(key, value)| (key.clone(), Need::In(vec![value.as_str().unwrap_or("").to_owned()])))
                .collect(),
        ))
    }

    /// Whether all conditions hold, given where to find a key's value.
    pub(crate) fn matches<'a>(&self, value: impl Fn(&str) -> Option<&'a str>) -> bool {
        self.0.iter().all(|(key, need)| match (need, value(key)) {
            (Need::In(values), Some(found)) => values.iter().any(|value| value == found),
            (Need::NotIn(values), Some(found)) => values.iter().all(|value| value != found),
            (Need::NotIn(_) | Need::Absent, None) | (Need::Exists, Some(_)) => true,
            (Need::In(_) | Need::Exists, None) | (Need::Absent, Some(_)) => false,
        })
    }

    /// Whether an object's labels meet it.
    pub(crate) fn selects(&self, object: &Value) -> bool {
        let labels = object.pointer("/metadata/labels");
        self.matches(|key| labels.and_then(|labels| labels.get(key)).and_then(Value::as_str))
    }

    /// The keys that are asked for.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(key, _)| key.as_str())
    }
}

impl std::fmt::Display for Selector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, (key, need)) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            match need {
                Need::In(values) if values.len() == 1 => write!(f, "{comma}{key}={}", values[0])?,
                Need::In(values) => write!(f, "{comma}{key} in ({})", values.join(","))?,
                Need::NotIn(values) => write!(f, "{comma}{key} notin ({})", values.join(","))?,
                Need::Exists => write!(f, "{comma}{key}")?,
                Need::Absent => write!(f, "{comma}!{key}")?,
            }
        }
        Ok(())
    }
}

/// The parts between commas that stand outside of parentheses.
fn split(input: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_i32, 0);
    for (index, byte) in input.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            b',' if depth == 0 => {
                parts.push(&input[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    parts.push(&input[start..]);
    parts
}

fn need(part: &str) -> Option<(String, Need)> {
    let one = |value: &str| vec![value.trim().to_owned()];
    let found = if let Some((key, value)) = part.split_once("!=") {
        (key, Need::NotIn(one(value)))
    } else if let Some((key, value)) = part.split_once("==").or_else(|| part.split_once('=')) {
        (key, Need::In(one(value)))
    } else if let Some(key) = part.strip_prefix('!') {
        (key, Need::Absent)
    } else if let Some((head, values)) = part.strip_suffix(')').and_then(|part| part.split_once('(')) {
        let values: Vec<String> = values.split(',').map(|value| value.trim().to_owned()).collect();
        match head.trim().rsplit_once(char::is_whitespace)? {
            (key, "in") => (key, Need::In(values)),
            (key, "notin") => (key, Need::NotIn(values)),
            _ => return None,
        }
    } else {
        (part, Need::Exists)
    };
    let key = found.0.trim();
    let values = match &found.1 {
        Need::In(values) | Need::NotIn(values) => values.iter().all(|value| plain(value)),
        Need::Exists | Need::Absent => true,
    };
    (!key.is_empty() && plain(key) && values).then(|| (key.to_owned(), found.1))
}

fn plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./:".contains(&byte))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const KEY: &str = "[a-c](/[a-c])?";
    const VALUE: &str = "[a-c]{0,2}";

    fn selectors() -> impl Strategy<Value = Selector> {
        let values = || prop::collection::vec(VALUE, 1..4);
        let need = prop_oneof![
            values().prop_map(Need::In),
            values().prop_map(Need::NotIn),
            Just(Need::Exists),
            Just(Need::Absent),
        ];
        prop::collection::vec((KEY, need), 0..5).prop_map(Selector)
    }

    /// The same as the object of a spec.
    fn spec(selector: &Selector) -> Value {
        let expressions = selector.0.iter().map(|(key, need)| {
            let (operator, values) = match need {
                Need::In(values) => ("In", values.clone()),
                Need::NotIn(values) => ("NotIn", values.clone()),
                Need::Exists => ("Exists", Vec::new()),
                Need::Absent => ("DoesNotExist", Vec::new()),
            };
            json!({ "key": key, "operator": operator, "values": values })
        });
        json!({ "matchExpressions": expressions.collect::<Vec<_>>() })
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_again(selector in selectors()) {
            prop_assert_eq!(Selector::parse(&selector.to_string()), Ok(selector.clone()));
            prop_assert_eq!(Selector::of_spec(Some(&spec(&selector))), Some(selector));
        }

        #[test]
        fn any_text_has_an_answer(text in "[a-c=!,() notin]{0,40}|\\PC{0,40}") {
            if let Ok(selector) = Selector::parse(&text) {
                // Whatever was understood is understood again.
                prop_assert_eq!(Selector::parse(&selector.to_string()), Ok(selector));
            }
        }

        /// Each condition by itself, by the sentences of the documentation.
        #[test]
        fn an_object_is_selected_when_every_condition_holds(
            selector in selectors(), labels in prop::collection::btree_map(KEY, VALUE, 0..5),
        ) {
            let labels: BTreeMap<String, String> = labels;
            let holds = |(key, need): &(String, Need)| {
                let found = labels.get(key);
                match need {
                    Need::In(values) => found.is_some_and(|value| values.contains(value)),
                    Need::NotIn(values) => !found.is_some_and(|value| values.contains(value)),
                    Need::Exists => found.is_some(),
                    Need::Absent => found.is_none(),
                }
            };
            let object = json!({ "metadata": { "labels": labels } });
            prop_assert_eq!(selector.selects(&object), selector.0.iter().all(holds));
        }
    }

    #[test]
    fn as_kubectl_writes_them() {
        let read = |text: &str| Selector::parse(text).map(|selector| selector.to_string());
        assert_eq!(read("a=b, c!=d,e in (f, g),h,!i").unwrap(), "a=b,c notin (d),e in (f,g),h,!i");
        assert!(read("a in b").is_err() && read("=b").is_err() && read("a b").is_err());
    }
}
