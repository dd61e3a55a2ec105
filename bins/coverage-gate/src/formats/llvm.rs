//! llvm-cov's JSON export, versions 2.x and 3.x: segments, turned into lines as llvm-cov itself does.
//! <https://llvm.org/doxygen/classllvm_1_1coverage_1_1LineCoverageStats.html>
use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::input::Input;
use super::json::{self, Count, LineNumber, List, passed, refused};
use super::{Builder, Problem};
use crate::lines::State;

/// Reads the export.
///
/// # Errors
/// As [`json::read`], and `bad-report` for segments out of order.
pub(super) fn read<R: Read>(input: &mut Input<R>, builder: &mut Builder) -> Result<(), Problem> {
    json::read(input, Level { builder, key: "data" })
}

/// `{"data": [{"files": [file, …], "functions": …}, …], "type": …}`: the object that holds `data` or `files`, or its list.
struct Level<'a> {
    builder: &'a mut Builder,
    key: &'static str,
}

impl<'de> DeserializeSeed<'de> for Level<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "llvm-cov's {}", self.key)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<(), A::Error> {
        let mut found = false;
        while let Some(key) = from.next_key::<String>()? {
            if key == self.key {
                found = true;
                from.next_value_seed(Level { builder: self.builder, key: self.key })?;
            } else {
                from.next_value::<IgnoredAny>()?;
            }
        }
        if found { Ok(()) } else { Err(refused("bad-report", format_args!("there are no `{}`", self.key))) }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<(), A::Error> {
        if self.key == "data" {
            while from.next_element_seed(Level { builder: self.builder, key: "files" })?.is_some() {}
            return Ok(());
        }
        while let Some(coverage) = from.next_element::<FileCoverage>()? {
            file(self.builder, &coverage).map_err(|problem| passed(&problem))?;
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct FileCoverage {
    filename: String,
    segments: List<Segment>,
    /// `[line, column, end line, end column, times true, times false, …]`
    #[serde(default)]
    branches: List<List<Count>>,
}

/// `[line, column, count, has count, begins a region, is a gap]`; old versions have no gaps.
struct Segment {
    line: u32,
    count: Count,
    has_count: bool,
    is_entry: bool,
    is_gap: bool,
}

impl Segment {
    fn starts_region(&self) -> bool {
        !self.is_gap && self.has_count && self.is_entry
    }
}

impl<'de> Deserialize<'de> for Segment {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Segment;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a segment")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Segment, A::Error> {
                let short = || refused::<A::Error>("bad-report", "a segment with too few fields");
                let LineNumber(line) = from.next_element()?.ok_or_else(short)?;
                from.next_element::<IgnoredAny>()?.ok_or_else(short)?;
                let count = from.next_element()?.ok_or_else(short)?;
                let mut flag = || Ok(from.next_element::<Flag>()?.map(|flag| flag.0));
                let has_count = flag()?.ok_or_else(short)?;
                let is_entry = flag()?.ok_or_else(short)?;
                let is_gap = flag()?.unwrap_or(false);
                while from.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Segment { line, count, has_count, is_entry, is_gap })
            }
        }
        from.deserialize_seq(Fields)
    }
}

/// `true`, `false`, or 1 and 0 as old versions write it.
struct Flag(bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Either;
        impl Visitor<'_> for Either {
            type Value = Flag;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true or false")
            }
            fn visit_bool<E: serde::de::Error>(self, flag: bool) -> Result<Flag, E> {
                Ok(Flag(flag))
            }
            fn visit_u64<E: serde::de::Error>(self, flag: u64) -> Result<Flag, E> {
                Ok(Flag(flag != 0))
            }
        }
        from.deserialize_any(Either)
    }
}

fn file(builder: &mut Builder, coverage: &FileCoverage) -> Result<(), Problem> {
    builder.file(coverage.filename.as_bytes(), 0)?;
    let branches = branches(builder, &coverage.branches);
    let segments = &coverage.segments.0;
    if !segments.is_sorted_by_key(|segment| segment.line) {
        return Err(Problem::new("bad-report", 0, "segments are not in the order of lines"));
    }
    let mut wrapped: Option<&Segment> = None;
    for group in segments.chunk_by(|one, next| one.line == next.line) {
        let line = group[0].line;
        if let Some(hit) = line_state(builder, wrapped, group) {
            let untaken = branches.get(&line).is_some_and(|(taken, all)| taken < all);
            builder.line(line.into(), state(hit, untaken), 0)?;
        }
        wrapped = group.last();
        let after = segments.partition_point(|segment| segment.line <= line);
        if let (Some(next), Some(open)) = (segments.get(after), wrapped.filter(|open| open.has_count)) {
            between(builder, (line + 1, next.line - 1), (open, &branches))?;
        }
    }
    for (line, (taken, all)) in branches {
        builder.branches(line.into(), (taken, all));
    }
    Ok(())
}

/// Lines on which nothing begins belong to the segment that is open; a branch may be on one all the same.
fn between(
    builder: &mut Builder,
    (first, last): (u32, u32),
    (open, branches): (&Segment, &Branches),
) -> Result<(), Problem> {
    if first > last {
        return Ok(());
    }
    let hit = open.count.is_hit(builder);
    let untaken = branches.range(first..=last).filter(|(_, (taken, all))| taken < all).map(|(line, _)| *line);
    let mut from = first;
    for line in untaken {
        builder.range((from, line - 1), state(hit, false), 0)?;
        builder.range((line, line), state(hit, true), 0)?;
        from = line + 1;
    }
    builder.range((from, last), state(hit, false), 0)
}

fn state(hit: bool, untaken: bool) -> State {
    match (hit, untaken) {
        (false, _) => State::Missed,
        (true, true) => State::Partial,
        (true, false) => State::Hit,
    }
}

/// Whether a line with segments of its own was executed; `None` when it is not measured.
fn line_state(builder: &mut Builder, wrapped: Option<&Segment>, group: &[Segment]) -> Option<bool> {
    let skipped = !group[0].has_count && group[0].is_entry;
    // LLVM 18 and later: code behind a skipped region, or a gap that begins here.
    let entered = group.iter().any(|segment| segment.has_count && segment.is_entry);
    let mapped = entered || (!skipped && wrapped.is_some_and(|open| open.has_count));
    if !mapped {
        return None;
    }
    let mut hit = wrapped.is_some_and(|open| open.count.is_hit(builder));
    for segment in group.iter().filter(|segment| segment.starts_region()) {
        hit |= segment.count.is_hit(builder);
    }
    Some(hit)
}

/// Taken and all branches by line.
type Branches = BTreeMap<u32, (u64, u64)>;

fn branches(builder: &mut Builder, list: &List<List<Count>>) -> Branches {
    // A template's branch comes once for each of its instances, and is one branch all the same.
    let mut places: BTreeMap<(u32, [u64; 3]), (bool, bool)> = BTreeMap::new();
    for List(fields) in &list.0 {
        let [line, column, end_line, end_column, yes, no, ..] = fields.as_slice() else { continue };
        let Some(line) = line.as_line() else { continue };
        let place = (line, [column.bits(), end_line.bits(), end_column.bits()]);
        let entry = places.entry(place).or_default();
        *entry = (entry.0 | yes.is_hit(builder), entry.1 | no.is_hit(builder));
    }
    let mut all = Branches::new();
    for ((line, _), (yes, no)) in places {
        let entry = all.entry(line).or_default();
        *entry = (entry.0 + u64::from(yes) + u64::from(no), entry.1 + 2);
    }
    all
}
