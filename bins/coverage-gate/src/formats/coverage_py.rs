//! coverage.py's JSON, format 2 and 3: executed and missing lines by file.
//! <https://coverage.readthedocs.io/en/latest/commands/cmd_json.html>
use std::fmt;
use std::io::Read;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::input::Input;
use super::json::{self, Files, LineNumber, List};
use super::{Builder, Problem};
use crate::lines::State;

/// Reads the report.
///
/// # Errors
/// As [`json::read`], and `bad-report` without `files`.
pub(super) fn read<R: Read>(input: &mut Input<R>, builder: &mut Builder) -> Result<(), Problem> {
    json::read(input, Document { builder })
}

struct Document<'a> {
    builder: &'a mut Builder,
}

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("coverage.py's report")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<(), A::Error> {
        let mut found = false;
        while let Some(key) = from.next_key::<String>()? {
            if key == "files" {
                found = true;
                from.next_value_seed(Files { builder: self.builder, each: file })?;
            } else {
                from.next_value::<IgnoredAny>()?;
            }
        }
        if found { Ok(()) } else { Err(json::refused("bad-report", "there are no `files`")) }
    }
}

#[derive(Deserialize)]
struct FileCoverage {
    executed_lines: List<LineNumber>,
    missing_lines: List<LineNumber>,
    /// Pairs of where a jump starts and where it goes; a negative one enters or leaves the file.
    #[serde(default)]
    executed_branches: List<(i64, i64)>,
    #[serde(default)]
    missing_branches: List<(i64, i64)>,
}

fn file(builder: &mut Builder, name: &str, coverage: FileCoverage) -> Result<(), Problem> {
    builder.file(name.as_bytes(), 0)?;
    let mut branches: Vec<(i64, bool)> = coverage.executed_branches.0.iter().map(|(from, _)| (*from, true)).collect();
    branches.extend(coverage.missing_branches.0.iter().map(|(from, _)| (*from, false)));
    branches.sort_unstable();
    let of = |line: u32| {
        let from = branches.partition_point(|(start, _)| *start < i64::from(line));
        let to = branches.partition_point(|(start, _)| *start <= i64::from(line));
        let taken = branches[from..to].iter().filter(|(_, taken)| *taken).count();
        (taken as u64, (to - from) as u64)
    };
    for LineNumber(line) in coverage.missing_lines.0 {
        builder.line(line.into(), State::Missed, 0)?;
        builder.branches(line.into(), of(line));
    }
    for LineNumber(line) in coverage.executed_lines.0 {
        let (taken, all) = of(line);
        builder.line(line.into(), if taken < all { State::Partial } else { State::Hit }, 0)?;
        builder.branches(line.into(), (taken, all));
    }
    Ok(())
}
