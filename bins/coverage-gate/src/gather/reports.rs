//! Reading the reports, several at a time, and saying where in them a problem is.
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::formats::{self, Parsed, Place, Problem};
use crate::record::{Reason, Verdict};

/// Reports of one run.
pub(crate) const MOST_REPORTS: usize = 64;

/// What was in a report, or why it cannot be used.
pub(crate) type ReadReport = Result<Parsed, Box<Reason>>;

/// Reads all of them; the order of the answer is the order of the paths, whatever the number of threads.
pub(crate) fn read(paths: &[PathBuf], folder: &Path, (threads, watch): (usize, Option<u32>)) -> Vec<ReadReport> {
    let next = AtomicUsize::new(0);
    let done: Mutex<BTreeMap<usize, ReadReport>> = Mutex::new(BTreeMap::new());
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(path) = paths.get(at) else { return };
            let parsed = one(path, folder, watch);
            done.lock().unwrap_or_else(PoisonError::into_inner).insert(at, parsed);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.min(paths.len()) {
            scope.spawn(work);
        }
        work();
    });
    let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.into_values().collect()
}

fn one(path: &Path, folder: &Path, watch: Option<u32>) -> ReadReport {
    let full = folder.join(path);
    let opened = File::open(&full).map_err(|error| Problem::unreadable(0, &error));
    let parsed = opened
        .and_then(|file| formats::read(file, watch))
        .map_err(|problem| Box::new(reason(path, &full, &problem)))?;
    let empty = parsed.totals.is_none() && parsed.files.iter().all(|file| file.lines.is_empty());
    if empty {
        let problem = Problem::new("empty-report", 0, "no line in the report is measured");
        return Err(Box::new(reason(path, &full, &problem)));
    }
    Ok(parsed)
}

fn reason(path: &Path, full: &Path, problem: &Problem) -> Reason {
    let (line, place) = match problem.place {
        Place::Byte(byte) => match position(full, byte) {
            Some((line, column)) => (Some(line), format!(" (line {line}, column {column}, byte {byte})")),
            None => (None, format!(" (byte {byte})")),
        },
        Place::Line(line, column) => (Some(line), format!(" (line {line}, column {column})")),
    };
    // These are about the report as a whole.
    let whole = matches!(problem.code, "empty-report" | "unknown-format" | "encoding");
    let (line, place) = if whole { (None, String::new()) } else { (line, place) };
    let hint = match problem.code {
        "truncated-report" => Some("make the report again; a part of it is never used"),
        "empty-report" => Some("look at the step that makes the report: it measured nothing"),
        "entity-not-allowed" => Some("reports need no entities of their own; nothing was fetched or expanded"),
        _ => None,
    };
    Reason {
        code: problem.code.to_owned(),
        verdict: Verdict::Unknown,
        file: Some(super::shown(path.as_os_str().as_encoded_bytes())),
        line: line.and_then(|line| u32::try_from(line).ok()),
        group: None,
        message: format!("{}{place}", problem.message),
        hint: hint.map(str::to_owned),
    }
}

/// The line and column of a byte, by reading once more up to it.
fn position(path: &Path, byte: u64) -> Option<(u64, u64)> {
    let mut file = File::open(path).ok()?;
    let mut magic = [0; 2];
    let packed = file.read(&mut magic).ok()? == 2 && magic == [0x1f, 0x8b];
    let file = File::open(path).ok()?;
    let reader: Box<dyn Read> = if packed {
        Box::new(flate2::read::MultiGzDecoder::new(std::io::BufReader::new(file)))
    } else {
        Box::new(file)
    };
    let mut reader = reader.take(byte);
    let (mut lines, mut column) = (1u64, 1u64);
    let mut buffer = vec![0; 64 << 10];
    loop {
        let count = reader.read(&mut buffer).ok()?;
        if count == 0 {
            return Some((lines, column));
        }
        let bytes = &buffer[..count];
        lines += memchr::memchr_iter(b'\n', bytes).count() as u64;
        column = match memchr::memrchr(b'\n', bytes) {
            Some(last) => (count - last) as u64,
            None => column + count as u64,
        };
    }
}

/// Which of the paths are the same bytes as an earlier one.
pub(crate) fn duplicates(paths: &[PathBuf], folder: &Path) -> Vec<(usize, usize)> {
    let length = |path: &PathBuf| std::fs::metadata(folder.join(path)).map(|data| data.len()).ok();
    let lengths: Vec<Option<u64>> = paths.iter().map(length).collect();
    let mut found = Vec::new();
    for later in 1..paths.len() {
        let same = |earlier: &usize| {
            lengths[*earlier].is_some()
                && lengths[*earlier] == lengths[later]
                && equal(&folder.join(&paths[*earlier]), &folder.join(&paths[later])).unwrap_or(false)
        };
        found.extend((0..later).find(same).map(|earlier| (earlier, later)));
    }
    found
}

fn equal(one: &Path, other: &Path) -> std::io::Result<bool> {
    let (mut one, mut other) = (File::open(one)?, File::open(other)?);
    let (mut a, mut b) = (vec![0; 64 << 10], vec![0; 64 << 10]);
    loop {
        let count = one.read(&mut a)?;
        if count == 0 {
            return Ok(other.read(&mut b)? == 0);
        }
        if other.read_exact(&mut b[..count]).is_err() || a[..count] != b[..count] {
            return Ok(false);
        }
    }
}
