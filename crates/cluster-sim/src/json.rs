//! Small readings of JSON objects, as the controllers need them.

use serde_json::{Map, Value};

/// What stands at a pointer of plain names and numbers; without the copies that unescaping makes.
pub(crate) fn at<'a>(value: &'a Value, pointer: &str) -> Option<&'a Value> {
    pointer.split('/').skip(1).try_fold(value, |value, name| match value {
        Value::Object(map) => map.get(name),
        Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        _ => None,
    })
}

/// The text at a pointer, empty when there is none.
pub(crate) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    at(value, pointer).and_then(Value::as_str).unwrap_or("")
}

/// The number at a pointer, `or` when there is none.
pub(crate) fn int(value: &Value, pointer: &str, or: i64) -> i64 {
    at(value, pointer).and_then(Value::as_i64).unwrap_or(or)
}

/// The list at a pointer, empty when there is none.
pub(crate) fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    at(value, pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Whether something stands at a pointer.
pub(crate) fn has(value: &Value, pointer: &str) -> bool {
    at(value, pointer).is_some_and(|found| !found.is_null())
}

/// The object at a key, made when it is not there.
pub(crate) fn child<'a>(value: &'a mut Value, key: &str) -> &'a mut Map<String, Value> {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    let slot = value.as_object_mut().expect("it was made an object above").entry(key).or_insert(Value::Null);
    if !slot.is_object() {
        *slot = Value::Object(Map::new());
    }
    slot.as_object_mut().expect("it was made an object above")
}

/// Sets a value in `metadata`, or removes it when it is null.
pub(crate) fn set_meta(value: &mut Value, key: &str, to: Value) {
    let metadata = child(value, "metadata");
    if to.is_null() {
        metadata.remove(key);
    } else {
        metadata.insert(key.to_owned(), to);
    }
}

/// One text for equal values, whatever the order of their fields.
pub(crate) fn canonical(value: &Value, into: &mut String) {
    match value {
        Value::Object(map) => {
            let mut fields: Vec<_> = map.iter().collect();
            fields.sort_by(|a, b| a.0.cmp(b.0));
            for (key, value) in fields {
                into.push_str(key);
                into.push(':');
                canonical(value, into);
            }
            into.push('}');
        }
        Value::Array(items) => {
            items.iter().for_each(|item| canonical(item, into));
            into.push(']');
        }
        other => into.push_str(&other.to_string()),
    }
}

/// Takes out what a real server's typed decoding would not keep: nulls, and maps and lists of metadata that are empty.
pub(crate) fn tidy(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(tidy);
            if let Some(Value::Object(metadata)) = map.get_mut("metadata") {
                for key in ["labels", "annotations", "ownerReferences", "finalizers"] {
                    let empty = match metadata.get(key) {
                        Some(Value::Object(map)) => map.is_empty(),
                        Some(Value::Array(items)) => items.is_empty(),
                        _ => false,
                    };
                    if empty {
                        metadata.remove(key);
                    }
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}
