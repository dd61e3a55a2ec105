//! The baseline: findings that were there before, by fingerprint and file, so that only new ones fail.
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The name of the schema.
pub const SCHEMA: &str = "https://github.com/dataflow/fake-code-detector/baseline/1";

/// Sorted, so that two runs write the same bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// [`SCHEMA`].
    pub schema: String,
    /// How often each fingerprint is known, by file. A fingerprint is written `FK103 0123456789abcdef`.
    pub files: BTreeMap<String, BTreeMap<String, u32>>,
}

impl Baseline {
    /// Reads one.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        let baseline: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if baseline.schema == SCHEMA { Ok(baseline) } else { Err(format!("its schema is not {SCHEMA}")) }
    }

    /// The file's text.
    ///
    /// # Errors
    /// None in practice: every part of it can be written as JSON.
    pub fn text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self).map(|text| format!("{text}\n"))
    }

    /// Counts a finding.
    pub fn add(&mut self, file: &str, key: String) {
        *self.files.entry(file.to_owned()).or_default().entry(key).or_default() += 1;
    }

    /// How a finding is called in the file.
    pub fn key(rule: &str, fingerprint: &str) -> String {
        format!("{rule} {fingerprint}")
    }

    /// Uses up one known finding: of this file first, else of any other, from which it may have been moved.
    pub(crate) fn take(&mut self, file: &str, key: &str) -> bool {
        let own = self.files.get_mut(file).and_then(|known| known.get_mut(key)).filter(|count| **count > 0);
        let elsewhere = |files: &mut BTreeMap<String, BTreeMap<String, u32>>| {
            files.values_mut().find_map(|known| known.get_mut(key).filter(|count| **count > 0)).map(|count| *count -= 1)
        };
        match own {
            Some(count) => {
                *count -= 1;
                true
            }
            None => elsewhere(&mut self.files).is_some(),
        }
    }

    /// Whether a file knows a finding; nothing is used up.
    pub(crate) fn has(&self, file: &str, key: &str) -> bool {
        self.files.get(file).and_then(|known| known.get(key)).is_some_and(|count| *count > 0)
    }

    /// What was not used up: findings that are gone, by file.
    pub(crate) fn left(&self) -> impl Iterator<Item = (&str, &str, u32)> {
        self.files.iter().flat_map(|(file, known)| {
            known.iter().filter(|(_, count)| **count > 0).map(move |(key, count)| (file.as_str(), key.as_str(), *count))
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::{Baseline, SCHEMA};

    #[test]
    fn what_is_written_is_read_again() {
        let mut baseline = Baseline { schema: SCHEMA.to_owned(), ..Baseline::default() };
        baseline.add("b.ts", Baseline::key("FK103", "01"));
        baseline.add("b.ts", Baseline::key("FK103", "01"));
        baseline.add("a.ts", Baseline::key("FK201", "02"));
        let text = baseline.text().unwrap();
        assert_eq!(Baseline::read(&text).unwrap(), baseline);
        assert!(text.find("a.ts") < text.find("b.ts"));
    }

    #[test]
    fn a_finding_that_moved_to_another_file_is_known() {
        let mut baseline = Baseline { schema: SCHEMA.to_owned(), ..Baseline::default() };
        baseline.add("old.ts", "FK103 01".to_owned());
        assert!(baseline.take("new.ts", "FK103 01"));
        assert!(!baseline.take("new.ts", "FK103 01"));
        assert_eq!(baseline.left().count(), 0);
    }

    #[test]
    fn another_schema_or_field_is_refused() {
        assert!(Baseline::read("{\"schema\": \"x\", \"files\": {}}").unwrap_err().contains("schema"));
        assert!(Baseline::read("{\"files\": {}}").is_err());
        assert!(Baseline::read("{").is_err());
    }
}
