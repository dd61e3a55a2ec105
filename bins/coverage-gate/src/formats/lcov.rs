//! LCOV tracefiles up to version 2.4: `DA` lines count, `BRDA` lines make a line partial, the rest is passed over.
//! <https://github.com/linux-test-project/lcov/blob/master/man/geninfo.1>
use std::io::Read;

use super::input::{Input, Line};
use super::number::{self, shown};
use super::{Builder, Problem};
use crate::lines::{LAST_LINE, State};

/// Records that are known and say nothing about lines.
const PASSED_OVER: [&[u8]; 13] =
    [b"TN", b"FN", b"FNDA", b"FNL", b"FNA", b"FNF", b"FNH", b"LF", b"LH", b"BRF", b"BRH", b"VER", b"MCDC"];
/// Different branches of one file.
const MOST_BRANCHES: usize = 4 << 20;

/// One branch: its line, which one it is, and whether it was taken.
type Branch = (u32, u64, bool);

/// The branches between `SF` and `end_of_record`; until then executed lines are partial, as far as the builder knows.
#[derive(Default)]
struct Record {
    branches: Vec<Branch>,
    settled: usize,
}

/// Reads the tracefile.
///
/// # Errors
/// As the input, and `bad-number`, `limit-line`, `limit-branches`, `truncated-report`, `bad-report`.
pub(super) fn read<R: Read>(input: &mut Input<R>, builder: &mut Builder) -> Result<(), Problem> {
    let mut record = Record::default();
    loop {
        while builder.in_file()
            && let Some((number, hit, length)) = plain(input.window())
        {
            add(builder, (number, hit, input.at()))?;
            input.consume(length);
        }
        let Some(Line { bytes: line, at, .. }) = input.line()? else { break };
        if let Some(rest) = line.strip_prefix(b"DA:") {
            measured(rest, at + 3, builder)?;
        } else if let Some(rest) = line.strip_prefix(b"BRDA:") {
            record.branch(rest, at + 5)?;
            if !builder.in_file() {
                builder.note("lines-without-file", || format!("the branch {} belongs to no file", shown(rest)));
                record.clear();
            }
        } else if let Some(name) = line.strip_prefix(b"SF:") {
            if builder.in_file() {
                let message = "a file begins before `end_of_record` ended the one before";
                return Err(Problem::new("truncated-report", at, message));
            }
            if name.is_empty() {
                return Err(Problem::new("bad-report", at, "a file without a name"));
            }
            builder.file(name, at)?;
        } else if line.trim_ascii() == b"end_of_record" {
            record.close(builder);
            builder.leave(at)?;
        } else {
            other(line, builder);
        }
    }
    if builder.in_file() {
        let message = "the report ends without the last `end_of_record`";
        return Err(Problem::new("truncated-report", input.at(), message));
    }
    Ok(())
}

/// `line,count[,checksum]`
fn measured(text: &[u8], at: u64, builder: &mut Builder) -> Result<(), Problem> {
    let comma = memchr::memchr(b',', text).unwrap_or(text.len());
    let number = number::line(&text[..comma], at)?;
    let place = at + (comma + 1).min(text.len()) as u64;
    let Some(count) = text.get(comma + 1..) else { return Err(number::bad("a count", b"", place)) };
    // A checksum may follow.
    let count = &count[..memchr::memchr(b',', count).unwrap_or(count.len())];
    let hit = match count {
        // gcov's marks of code that was never executed.
        [mark @ (b'=' | b'#'), rest @ ..] if rest.iter().all(|byte| byte == mark) => {
            builder.note("gcov-marks", || format!("a count is {}, taken for not covered", shown(count)));
            false
        }
        _ => number::is_hit(builder, (count, place), "a count")?,
    };
    add(builder, (number, hit, at))
}

#[inline]
fn add(builder: &mut Builder, (number, hit, at): (u64, bool, u64)) -> Result<(), Problem> {
    builder.line(number, if hit { State::Partial } else { State::Missed }, at)
}

/// `DA:` with two plain numbers and a line feed, as nearly every line of a tracefile is: line, whether it was executed, and
/// how long all of it is. Anything else is read with more care.
#[inline]
fn plain(window: &[u8]) -> Option<(u64, bool, usize)> {
    let mut at = 3;
    let mut number = 0;
    if !window.starts_with(b"DA:") {
        return None;
    }
    while let Some(digit @ b'0'..=b'9') = window.get(at)
        && at < 10
    {
        number = number * 10 + u64::from(digit - b'0');
        at += 1;
    }
    if number == 0 || number > u64::from(LAST_LINE) || window.get(at) != Some(&b',') {
        return None;
    }
    let count = at + 1;
    at = count;
    let mut hit = false;
    while let Some(digit @ b'0'..=b'9') = window.get(at)
        && at < count + 20
    {
        hit |= *digit != b'0';
        at += 1;
    }
    (at > count && window.get(at) == Some(&b'\n')).then_some((number, hit, at + 1))
}

impl Record {
    /// `line,[e]block,branch,taken`, where `branch` may be any text, commas included.
    fn branch(&mut self, text: &[u8], at: u64) -> Result<(), Problem> {
        let bad = || Problem::new("bad-number", at, format!("the branch {} cannot be read", shown(text)));
        let comma = memchr::memchr(b',', text).ok_or_else(bad)?;
        let last = memchr::memrchr(b',', text).filter(|last| *last > comma).ok_or_else(bad)?;
        let line = number::line(&text[..comma], at)?;
        let taken = match &text[last + 1..] {
            b"-" => false,
            count => match number::hits(count) {
                Some(hits) => hits == number::Hits::Some,
                None => return Err(number::bad("a branch's count", count, at + last as u64 + 1)),
            },
        };
        self.branches.push((line as u32, hash(&text[comma..last]), taken));
        if self.branches.len() > 64 && self.branches.len() > 2 * self.settled {
            self.settle();
            if self.settled > MOST_BRANCHES {
                let message = format!("more than {MOST_BRANCHES} branches in one file");
                return Err(Problem::new("limit-branches", at, message));
            }
        }
        Ok(())
    }

    /// A branch that is there twice was taken if either was.
    fn settle(&mut self) {
        self.branches.sort_unstable();
        self.branches.dedup_by(|later, kept| {
            let same = (later.0, later.1) == (kept.0, kept.1);
            if same {
                kept.2 |= later.2;
            }
            same
        });
        self.settled = self.branches.len();
    }

    /// Hands everything over, and begins anew in the same room.
    fn close(&mut self, builder: &mut Builder) {
        self.settle();
        let counts = self.branches.chunk_by(|one, next| one.0 == next.0).map(|branches| {
            let taken = branches.iter().filter(|branch| branch.2).count();
            (branches[0].0, taken as u64, branches.len() as u64)
        });
        if let Some(lines) = builder.lines() {
            lines.complete(counts.clone().filter(|(_, taken, all)| taken < all).map(|(line, ..)| line));
        }
        counts.for_each(|(line, taken, all)| builder.branches(line.into(), (taken, all)));
        self.clear();
    }

    /// Forgets everything but the room.
    fn clear(&mut self) {
        self.branches.clear();
        self.settled = 0;
    }
}

/// Tells the branches of one line apart: FNV-1a, since a report that wants two branches to pass for one may as well say so.
fn hash(text: &[u8]) -> u64 {
    text.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

fn other(line: &[u8], builder: &mut Builder) {
    let kind = line.split(|byte| *byte == b':').next().unwrap_or_default();
    if line.trim_ascii().is_empty() || line.starts_with(b"#") || PASSED_OVER.contains(&kind) || kind.starts_with(b"MC")
    {
        return;
    }
    builder.note("unknown-records", || format!("the record {} is not known", shown(line)));
}
