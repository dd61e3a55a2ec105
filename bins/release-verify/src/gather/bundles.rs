//! Bundles: files of one, of one a line, or answers of the API; each held against the trusted roots.
use std::path::{Path, PathBuf};

use action::Failure;
use serde_json::Value;

use super::files::{Listing, is_bundle};
use super::{Examined, bounded, shown};
use crate::seal::{self, Refused, Root};

/// A bundle of a statement with thousands of subjects has a megabyte.
const LARGEST: u64 = 64 << 20;
/// Bundles in all; each takes about a millisecond.
const MOST: usize = 10_000;

/// Examines the given files, or those of the folder.
pub(crate) fn examine(
    given: &[PathBuf],
    (dir, listing): (&Path, &Listing),
    roots: &[Root],
) -> Result<Vec<Examined>, Failure> {
    let paths = match given {
        [] => listing.files.iter().filter(|name| is_bundle(name)).map(|name| dir.join(name)).collect(),
        given => given.to_vec(),
    };
    let mut examined: Vec<Examined> = Vec::new();
    for path in paths {
        let bytes = bounded(&path, LARGEST, "the bundle")?;
        let file = path.file_name().map_or_else(|| shown(&path), |name| action::neutral(name.as_encoded_bytes()));
        for (at, bundle) in split(&bytes).into_iter().enumerate() {
            let seal = bundle.and_then(|json| seal::verify(&json, roots));
            examined.push(Examined { file: file.clone(), number: at + 1, asked: false, seal });
        }
        if examined.len() > MOST {
            return Err(Failure::inputs("read the bundles", format!("there are more than {MOST}")));
        }
    }
    Ok(examined)
}

/// Examines bundles that were asked for: what they are of, which of several, and the bundle.
pub(crate) fn asked(bundles: Vec<(String, usize, String)>, roots: &[Root]) -> Vec<Examined> {
    let one = |(file, number, json): (String, usize, String)| Examined {
        file,
        number,
        asked: true,
        seal: seal::verify(&json, roots),
    };
    bundles.into_iter().map(one).collect()
}

/// The bundles of a file. What cannot be read is one of them too, and so is the lack of any.
pub fn split(bytes: &[u8]) -> Vec<Result<String, Refused>> {
    let mut bundles = Vec::new();
    for value in serde_json::Deserializer::from_slice(bytes).into_iter::<Value>() {
        match value {
            Ok(value) => take(value, &mut bundles),
            // The reader stands still after an error.
            Err(error) => bundles.push(Err(Refused::unreadable(&error.to_string()))),
        }
    }
    if bundles.is_empty() {
        bundles.push(Err(Refused::unreadable("there is no bundle in the file")));
    }
    bundles
}

/// A bundle, a list of them, or the API's `{"attestations": [{"bundle": …}]}`.
fn take(value: Value, bundles: &mut Vec<Result<String, Refused>>) {
    match value {
        Value::Array(items) => bundles.extend(items.into_iter().map(|item| Ok(item.to_string()))),
        Value::Object(mut fields) if fields.contains_key("attestations") => match fields.remove("attestations") {
            Some(Value::Array(items)) => {
                bundles.extend(items.into_iter().map(|item| Ok(item.get("bundle").unwrap_or(&item).to_string())));
            }
            _ => bundles.push(Err(Refused::unreadable("`attestations` is no list"))),
        },
        value => bundles.push(Ok(value.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: &[Result<&str, &str>]) {
        let found = split(text.as_bytes());
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (found, expected) in found.iter().zip(expected) {
            match (found, expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected),
                (Err(found), Err(expected)) => assert!(found.message.contains(expected), "{found:?}"),
                _ => panic!("{found:?} is not {expected:?}"),
            }
        }
    }

    #[test]
    fn one_several_and_none() {
        check("{\"a\":\n1}\n", &[Ok("{\"a\":1}")]);
        check("{\"a\":1}\n{\"b\":2}\n", &[Ok("{\"a\":1}"), Ok("{\"b\":2}")]);
        check("[{\"a\":1}]", &[Ok("{\"a\":1}")]);
        check("{\"attestations\":[{\"bundle\":{\"a\":1},\"repository_id\":1}]}", &[Ok("{\"a\":1}")]);
        for none in ["", "[]", "{\"attestations\":[]}"] {
            check(none, &[Err("no bundle in the file")]);
        }
        check("{\"attestations\":1}", &[Err("no list")]);
        check("{\"a\":1}\n{\"b\":", &[Ok("{\"a\":1}"), Err("EOF")]);
        check("\u{feff}{}", &[Err("expected value")]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_at_least_one_bundle_or_a_reason(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(!split(&bytes).is_empty());
        }

        #[test]
        fn lines_are_counted(count in 1_usize..20) {
            prop_assert_eq!(split("{\"a\": [1]}\n".repeat(count).as_bytes()).len(), count);
        }
    }
}
