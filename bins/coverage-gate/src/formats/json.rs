//! What the JSON formats share: a guard in front of the parser, bounded maps, and counts as odd as tools write them.
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Read;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::input::{Input, LONGEST_TOKEN};
use super::{Builder, Problem};
use crate::lines::LAST_LINE;

/// How deep values may be nested.
const DEEPEST: usize = 64;
/// Entries of one map or list that are held at once.
const MOST_ENTRIES: usize = 10_000_000;

/// Runs a format's reader over the rest of a report.
///
/// # Errors
/// `truncated-report`, `bad-report`, or the limit that was met.
pub(super) fn read<R: Read>(
    input: &mut Input<R>,
    format: impl for<'de> DeserializeSeed<'de, Value = ()>,
) -> Result<(), Problem> {
    let guard = Guard { input, within: None, escaped: false, depth: 0, met: None };
    let mut reader = std::io::BufReader::with_capacity(64 << 10, guard);
    let mut parser = serde_json::Deserializer::from_reader(&mut reader);
    let read = format.deserialize(&mut parser).and_then(|()| parser.end());
    drop(parser);
    let Err(error) = read else { return Ok(()) };
    if let Some(met) = reader.get_mut().met.take() {
        return Err(met);
    }
    let place = (error.line() as u64, error.column().max(1) as u64);
    let guard = reader.get_mut();
    let at_end = guard.input.window().is_empty() && !guard.input.more()?;
    if error.is_eof() || (at_end && reader.buffer().is_empty()) {
        return Err(Problem::at_line("truncated-report", place, "the report ends within a JSON value"));
    }
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
    // A format's own reader names the code in front.
    let own =
        ["bad-number", "limit-line", "limit-blocks", "limit-entries", "limit-files", "limit-names", "limit-lines"];
    for code in own.into_iter().chain(["bad-report"]) {
        if let Some(message) = text.strip_prefix(code).and_then(|rest| rest.strip_prefix('\u{1f}')) {
            return Err(Problem::at_line(code, place, message));
        }
    }
    Err(Problem::at_line("bad-report", place, action::neutral(text)))
}

/// A problem as serde's error; [`read`] takes it apart again.
pub(super) fn refused<E: serde::de::Error>(code: &str, message: impl fmt::Display) -> E {
    E::custom(format_args!("{code}\u{1f}{message}"))
}

/// A builder's problem as serde's error.
pub(super) fn passed<E: serde::de::Error>(problem: &Problem) -> E {
    refused(problem.code, &problem.message)
}

/// Counts the depth of brackets and the length of strings before the parser would hold them.
struct Guard<'a, R> {
    input: &'a mut Input<R>,
    /// How long the string is that the bytes are in.
    within: Option<usize>,
    escaped: bool,
    depth: usize,
    met: Option<Problem>,
}

impl<R: Read> Read for Guard<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let at = self.input.at();
        if self.input.window().is_empty() {
            match self.input.more() {
                Ok(true) => {}
                Ok(false) => return Ok(0),
                Err(problem) => return Err(self.stop(problem)),
            }
        }
        let count = self.input.window().len().min(out.len());
        out[..count].copy_from_slice(&self.input.window()[..count]);
        self.input.consume(count);
        match self.pass(&out[..count]) {
            Ok(()) => Ok(count),
            Err((code, message)) => Err(self.stop(Problem::new(code, at, message))),
        }
    }
}

impl<R> Guard<'_, R> {
    fn stop(&mut self, problem: Problem) -> std::io::Error {
        self.met = Some(problem);
        std::io::Error::other("stopped")
    }

    fn pass(&mut self, bytes: &[u8]) -> Result<(), (&'static str, String)> {
        let mut at = 0;
        while at < bytes.len() {
            let Some(length) = self.within else {
                match bytes[at] {
                    b'"' => self.within = Some(0),
                    b'[' | b'{' => self.depth += 1,
                    b']' | b'}' => self.depth = self.depth.saturating_sub(1),
                    _ => {}
                }
                if self.depth > DEEPEST {
                    return Err(("limit-depth", format!("values nested more than {DEEPEST} deep")));
                }
                at += 1;
                continue;
            };
            if self.escaped {
                self.escaped = false;
                at += 1;
                continue;
            }
            let run = memchr::memchr2(b'"', b'\\', &bytes[at..]).unwrap_or(bytes.len() - at);
            if length + run > LONGEST_TOKEN {
                return Err(("limit-token", format!("a single string of more than {LONGEST_TOKEN} bytes")));
            }
            self.within = Some(length + run + 1);
            at += run;
            match bytes.get(at) {
                Some(b'"') => self.within = None,
                Some(_) => self.escaped = true,
                None => {}
            }
            at += 1;
        }
        Ok(())
    }
}

/// How often something was executed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Count(f64);

impl Count {
    /// Whether it was at all; a negative count is noted and means no.
    pub(super) fn is_hit(self, builder: &mut Builder) -> bool {
        if self.0 < 0.0 {
            builder.note("negative-hits", || format!("a count is {}, taken for not covered", self.0));
        }
        self.0 > 0.0
    }

    /// To tell counts apart.
    pub(super) fn bits(self) -> u64 {
        self.0.to_bits()
    }

    /// As a line number, if it is one.
    pub(super) fn as_line(self) -> Option<u32> {
        let fits = self.0 >= 1.0 && self.0 <= f64::from(LAST_LINE) && self.0.fract() == 0.0;
        // Just compared with the bounds of the type.
        fits.then_some(self.0 as u32)
    }
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Numbers;
        impl Visitor<'_> for Numbers {
            type Value = Count;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a count")
            }
            fn visit_u64<E: serde::de::Error>(self, count: u64) -> Result<Count, E> {
                Ok(Count(count as f64))
            }
            fn visit_i64<E: serde::de::Error>(self, count: i64) -> Result<Count, E> {
                Ok(Count(count as f64))
            }
            fn visit_f64<E: serde::de::Error>(self, count: f64) -> Result<Count, E> {
                Ok(Count(count))
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Count, E> {
                Err(refused("bad-number", format_args!("a count is {}", super::number::shown(text.as_bytes()))))
            }
        }
        from.deserialize_any(Numbers)
    }
}

/// A line number, from 1 to [`LAST_LINE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LineNumber(pub(super) u32);

impl<'de> Deserialize<'de> for LineNumber {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let count = Count::deserialize(from)?;
        let refused = || refused("limit-line", format_args!("line {}, and lines go from 1 to {LAST_LINE}", count.0));
        count.as_line().map(Self).ok_or_else(refused)
    }
}

/// A list of so many entries at most.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct List<T>(pub(super) Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Items<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Items<T> {
            type Value = List<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<List<T>, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = from.next_element()? {
                    bounded::<A::Error>(items.len())?;
                    items.push(item);
                }
                Ok(List(items))
            }
        }
        from.deserialize_seq(Items(PhantomData))
    }
}

/// The entries of a map with short keys, such as istanbul's numbered statements; a key is known by its hash.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entries<T>(pub(super) Vec<(u64, T)>);

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Entries<T> {
    /// In the order of keys, so that two maps with the same keys can be walked together.
    pub(super) fn sorted(mut self) -> Vec<(u64, T)> {
        self.0.sort_by_key(|(key, _)| *key);
        self.0
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Items<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Items<T> {
            type Value = Entries<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Entries<T>, A::Error> {
                let mut items = Vec::new();
                while let Some((key, item)) = from.next_entry::<Key, T>()? {
                    bounded::<A::Error>(items.len())?;
                    items.push((key.0, item));
                }
                Ok(Entries(items))
            }
        }
        from.deserialize_map(Items(PhantomData))
    }
}

fn bounded<E: serde::de::Error>(count: usize) -> Result<(), E> {
    if count < MOST_ENTRIES {
        return Ok(());
    }
    Err(refused("limit-entries", format_args!("more than {MOST_ENTRIES} entries in one list")))
}

struct Key(u64);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Key;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Key, E> {
                let mut hasher = DefaultHasher::new();
                text.hash(&mut hasher);
                Ok(Key(hasher.finish()))
            }
        }
        from.deserialize_str(Text)
    }
}

/// Reads an object whose keys are file names, without holding more than one entry.
pub(super) struct Files<'a, T> {
    /// What is read into.
    pub(super) builder: &'a mut Builder,
    /// Takes a name and what belongs to it.
    pub(super) each: fn(&mut Builder, &str, T) -> Result<(), Problem>,
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Files<'_, T> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Files<'_, T> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of files")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<(), A::Error> {
        while let Some(name) = from.next_key::<String>()? {
            let entry = from.next_value::<T>()?;
            (self.each)(self.builder, &name, entry).map_err(|problem| passed(&problem))?;
        }
        Ok(())
    }
}
