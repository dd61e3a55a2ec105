//! The inputs and the configuration as types.
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use action::{Failure, Location, OrFail as _};
use jiff::civil::Date;
use pathglob::{Glob, Syntax};

use crate::config::{self, Config};
use crate::decide::{Mode, Policy};
use crate::finding::Severity;
use crate::inputs::Format;
use crate::model::PathClass;
use crate::rules;

/// Days that a suppression may last, where nothing else is said.
const LONGEST: u32 = 180;

/// Everything that a run is told.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) paths: Vec<PathBuf>,
    pub(crate) base: Option<String>,
    /// `None` where it follows from the surroundings.
    pub(crate) mode: Option<Mode>,
    pub(crate) fail_on: Severity,
    pub(crate) unparsable_passes: bool,
    pub(crate) baseline: Option<PathBuf>,
    pub(crate) sarif: Option<PathBuf>,
    pub(crate) format: Format,
    pub(crate) threads: usize,
    pub(crate) severities: BTreeMap<String, Option<Severity>>,
    pub(crate) longest: u32,
    pub(crate) today: Date,
    pub(crate) globs: Globs,
}

/// The globs of the inputs and the configuration.
#[derive(Debug, Default)]
pub(crate) struct Globs {
    pub(crate) ignore: Vec<Glob>,
    pub(crate) production: Vec<Glob>,
    pub(crate) tests: Vec<Glob>,
    pub(crate) support: Vec<Glob>,
}

impl Settings {
    /// Whether a file is not looked into.
    pub(crate) fn ignores(&self, name: &str) -> bool {
        any(&self.globs.ignore, name)
    }

    /// The class of a file: as the configuration says, else as its name does.
    pub(crate) fn class_of(&self, name: &str, own: PathClass) -> PathClass {
        match () {
            () if any(&self.globs.production, name) => PathClass::Production,
            () if any(&self.globs.tests, name) => PathClass::Test,
            () if any(&self.globs.support, name) => PathClass::Support,
            () => own,
        }
    }

    /// What `decide` needs.
    pub(crate) fn policy(&self, mode: Mode) -> Policy {
        Policy {
            mode,
            fail_on: self.fail_on,
            unparsable_passes: self.unparsable_passes,
            severities: self.severities.clone(),
            longest: self.longest,
            today: self.today,
        }
    }
}

fn any(globs: &[Glob], name: &str) -> bool {
    globs.iter().any(|glob| glob.is_match(name.as_bytes()))
}

/// The configuration: the named one, else the one at the current folder, else nothing.
pub(crate) fn configuration(named: Option<&Path>) -> Result<Config, Failure> {
    let path = match named {
        Some(path) => path,
        None if Path::new(config::NAME).is_file() => Path::new(config::NAME),
        None => return Ok(Config::default()),
    };
    let name = crate::gather::shown(path.as_os_str().as_encoded_bytes());
    let doing = || format!("read the configuration {name}");
    let text = std::fs::read_to_string(path).or_bad_input(doing)?;
    Config::read(&text).map_err(|why| Failure::inputs(doing(), why).at(Location::file(name.clone())))
}

/// The globs of one list.
pub(crate) fn globs(what: &str, patterns: &[String]) -> Result<Vec<Glob>, Failure> {
    let patterns = patterns.iter().filter(|pattern| !pattern.trim().is_empty());
    let read = patterns.map(|pattern| {
        let doing = || format!("read {what}");
        Glob::new(pattern.trim(), Syntax::default()).map_err(|error| Failure::inputs(doing(), error.to_string()))
    });
    read.collect()
}

/// `FK104=warning`, `FK503=off`; later ones win.
pub(crate) fn severities(config: &Config, inputs: &[String]) -> Result<BTreeMap<String, Option<Severity>>, Failure> {
    let mut all = BTreeMap::new();
    let own = config.rules.iter().map(|(rule, word)| (rule.clone(), word.clone()));
    let given = inputs.iter().flat_map(|line| line.split([',', ' '])).filter(|part| !part.is_empty());
    let given = given.map(|part| {
        let (rule, word) = part.split_once('=').unwrap_or((part, ""));
        (rule.to_owned(), word.to_owned())
    });
    for (rule, word) in own.chain(given) {
        let doing = || format!("set the severity of {}", action::neutral(&rule));
        let known = rules::by_id(&rule).ok_or_else(|| {
            Failure::inputs(doing(), "there is no such rule").hint("`fake-code-detector explain` lists all rules")
        })?;
        let severity = match word.as_str() {
            "off" => None,
            "note" => Some(Severity::Note),
            "warning" => Some(Severity::Warning),
            "error" => Some(Severity::Error),
            other => {
                let cause = format!("`{}` is none of off, note, warning and error", action::neutral(other));
                return Err(Failure::inputs(doing(), cause).hint("write `FK104=warning`"));
            }
        };
        all.insert(known.id.to_owned(), severity);
    }
    Ok(all)
}

/// The longest that a suppression may last, in days.
pub(crate) fn longest(config: &Config) -> u32 {
    config.max_suppression_days.unwrap_or(LONGEST)
}
