//! JSON in which no key stands twice: serde_json would take the last of two, and one of them is what the author meant.
//!
//! Time and memory are linear in the text; what nests deeper than 128 levels is refused by serde_json.
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Why a text is no such JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong and where, in lower case, without a full stop.
    pub message: String,
    /// Whether the text ends too early, as one that was cut does.
    pub cut: bool,
}

/// Reads one value.
///
/// # Errors
/// What is no JSON, ends too early, goes on after the value, or has an object with a key that stands twice; each with line and
/// column.
pub fn read(text: &str) -> Result<Value, Problem> {
    let mut source = serde_json::Deserializer::from_str(text);
    let value = Strict.deserialize(&mut source).and_then(|value| source.end().map(|()| value));
    value.map_err(|error| Problem { message: error.to_string(), cut: error.is_eof() })
}

/// Builds a value and refuses keys that stand twice.
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Value, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, is: bool) -> Result<Value, E> {
        Ok(is.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut source: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = source.next_element_seed(Strict)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut source: A) -> Result<Value, A::Error> {
        let mut entries = Map::new();
        while let Some(key) = source.next_key::<String>()? {
            if entries.contains_key(&key) {
                return Err(A::Error::custom(format!("the key `{}` stands twice", action::neutral(&key))));
            }
            let value = source.next_value_seed(Strict)?;
            entries.insert(key, value);
        }
        Ok(Value::Object(entries))
    }
}
