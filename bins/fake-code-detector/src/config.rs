//! `fake-code-detector.toml`: what a project says once for all runs.
use std::collections::BTreeMap;

use serde::Deserialize;

/// The name that is looked for at the root.
pub(crate) const NAME: &str = "fake-code-detector.toml";

/// The file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Config {
    /// Globs of files that are not looked into.
    #[serde(default)]
    pub(crate) ignore: Vec<String>,
    /// Globs of files that are production code, tests or support, whatever their names say.
    #[serde(default)]
    pub(crate) production: Vec<String>,
    #[serde(default)]
    pub(crate) tests: Vec<String>,
    #[serde(default)]
    pub(crate) support: Vec<String>,
    /// `FK104 = "warning"`, or `"off"`.
    #[serde(default)]
    pub(crate) rules: BTreeMap<String, String>,
    /// Days that a suppression may last.
    pub(crate) max_suppression_days: Option<u32>,
}

impl Config {
    /// Reads one.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string().trim_end().replace('\n', "; "))
    }
}
