//! YAML as JSON values, every scalar as the text it was written as: enough to check workflows and to read `with:` blocks.
use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Value};

/// Reads one document.
///
/// An empty plain scalar is null. Aliases are refused, since GitHub's documents do without.
///
/// # Errors
/// What is not YAML, with its position; an alias; a key that is not a scalar.
pub fn parse(text: &str) -> Result<Value, String> {
    let mut open: Vec<Open> = Vec::new();
    let mut document = Value::Null;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|e| e.to_string())?;
        let value = match event {
            Event::Alias(_) => return Err(format!("line {}: an alias", span.start.line())),
            Event::Scalar(text, ScalarStyle::Plain, ..) if text.is_empty() || text == "~" => Value::Null,
            Event::Scalar(text, ..) => Value::from(text.into_owned()),
            Event::SequenceStart(..) => {
                open.push(Open::List(Vec::new()));
                continue;
            }
            Event::MappingStart(..) => {
                open.push(Open::Map(Map::new(), None));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => open.pop().map(Open::closed).unwrap_or_default(),
            _ => continue,
        };
        match open.last_mut() {
            Some(parent) => parent.add(value).map_err(|e| format!("line {}: {e}", span.start.line()))?,
            None => document = value,
        }
    }
    Ok(document)
}

/// A list or mapping that is still being read; a mapping with the key whose value comes next.
enum Open {
    List(Vec<Value>),
    Map(Map<String, Value>, Option<String>),
}

impl Open {
    fn closed(self) -> Value {
        match self {
            Self::List(items) => Value::from(items),
            Self::Map(entries, _) => Value::from(entries),
        }
    }

    fn add(&mut self, value: Value) -> Result<(), &'static str> {
        match self {
            Self::List(items) => items.push(value),
            Self::Map(entries, key) => match (key.take(), value) {
                (Some(key), value) => {
                    if entries.insert(key, value).is_some() {
                        return Err("a key that comes twice");
                    }
                }
                (None, Value::String(text)) => *key = Some(text),
                (None, Value::Null) => *key = Some(String::new()),
                (None, _) => return Err("a key that is not a scalar"),
            },
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use serde_json::{Value, json};

    fn check(yaml: &str, expected: Value) {
        assert_eq!(parse(yaml), Ok(expected), "{yaml}");
    }

    #[test]
    fn keeps_scalars_as_text() {
        check(
            "on: push\nruns: 1.10\nlist: [a, 'b']\nnone:\n",
            json!({"on": "push", "runs": "1.10", "list": ["a", "b"], "none": null}),
        );
        check("with:\n  text: |\n    one\n    two\n", json!({"with": {"text": "one\ntwo\n"}}));
        check("", Value::Null);
    }

    #[test]
    fn refuses_what_it_would_have_to_guess() {
        for yaml in ["a: &x 1\nb: *x\n", "a: 1\na: 2\n", "a: [\n", "? [a]\n: b\n"] {
            assert!(parse(yaml).is_err(), "{yaml}");
        }
    }
}
