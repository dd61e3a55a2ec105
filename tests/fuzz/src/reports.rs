//! Reads one input in every way that must give the same answer.
use std::io::Write;

use coverage_gate::formats::{Kind, Parsed, Problem, read};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::Pieces;
use crate::format::Format;
use crate::laws;

/// More than a reader looks at before it decides which format a report has.
const LOOKED_AT: usize = 64 << 10;
/// Reports that take more than this are read once: a few numbers may stand for millions of lines.
const HEAVY: usize = 1 << 20;

/// Checks bytes as they are, and with a format's frame around them.
pub fn check(data: &[u8], format: Option<&Format>) {
    laws_hold(data);
    let Some(format) = format else { return };
    let framed = [format.head.as_bytes(), format.open.as_bytes(), data, format.close.as_bytes()].concat();
    let heavy = laws_hold(&framed);
    // It takes a hundred times as long as the rest.
    if !heavy && sum(data).is_multiple_of(8) {
        comes_in_pieces(data, format);
    }
}

/// Checks bytes as they are and packed.
pub fn check_packed(data: &[u8]) {
    check(data, None);
    if packed(data) {
        return;
    }
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(data).expect("there is room in memory");
    let bytes = packer.finish().expect("there is room in memory");
    assert_eq!(plain(&bytes, None), plain(data, None), "packed");
}

/// Says whether the report takes much memory.
fn laws_hold(bytes: &[u8]) -> bool {
    let first = plain(bytes, None);
    match &first {
        Ok(parsed) => laws::of_report(parsed, bytes.len()),
        Err(problem) => laws::of_problem(problem, bytes),
    }
    if first.as_ref().is_ok_and(|parsed| weight(parsed) > HEAVY) {
        return true;
    }
    let in_pieces = settled(read(Pieces::new(bytes, 0), None));
    match (&in_pieces, &first) {
        // What is unpacked from damaged bytes comes in other pieces, too.
        (Err(one), Err(other)) if packed(bytes) => assert_eq!(one.code, other.code, "read in pieces"),
        _ => assert_eq!(in_pieces, first, "read in pieces"),
    }
    if let Ok(parsed) = &first {
        watched(bytes, parsed);
        cut(bytes, parsed);
    }
    false
}

fn weight(parsed: &Parsed) -> usize {
    parsed.files.iter().map(|file| file.lines.weight()).sum()
}

fn plain(bytes: &[u8], watch: Option<u32>) -> Result<Parsed, Problem> {
    settled(read(bytes, watch))
}

/// A rate that is no number is not even equal to itself.
fn settled(read: Result<Parsed, Problem>) -> Result<Parsed, Problem> {
    let mut read = read;
    if let Ok(parsed) = &mut read {
        parsed.files.iter_mut().for_each(|file| file.rate = file.rate.filter(|rate| !rate.is_nan()));
    }
    read
}

/// To be asked about a line changes nothing, and every place that speaks of it is told.
fn watched(bytes: &[u8], parsed: &Parsed) {
    let line = laws::some_line(parsed, bytes.len());
    let mut asked = plain(bytes, Some(line)).unwrap_or_else(|problem| panic!("watching line {line}: {problem}"));
    let sightings = std::mem::take(&mut asked.sightings);
    assert_eq!(&asked, parsed, "watching line {line}");
    laws::of_sightings(parsed, &sightings, line);
    let last = sightings.iter().map(|sighting| sighting.at).max().unwrap_or(0);
    assert!(packed(bytes) || last <= bytes.len() as u64, "a sighting at byte {last}");
}

/// A part of a report is refused, or it is all of it, or its records were whole.
fn cut(bytes: &[u8], parsed: &Parsed) {
    for part in [bytes.len() / 2, bytes.len().saturating_sub(1), bytes.len() * 7 / 11, sum(bytes) % bytes.len()] {
        let Ok(shorter) = plain(&bytes[..part], None) else { continue };
        // A line of a Go profile may be cut to another line, with fewer digits; nothing in it tells.
        if parsed.kind == Kind::Go && !packed(bytes) && !bytes[..part].ends_with(b"\n") {
            continue;
        }
        match parsed.kind {
            // Whatever stands in the report's first bytes tells its format, behind the root too.
            kind if kind != shorter.kind => {}
            Kind::Lcov | Kind::Go => laws::is_part(&shorter, parsed),
            _ => assert_eq!(&shorter, parsed, "cut to {part} bytes"),
        }
    }
}

/// A place that depends on all bytes.
fn sum(bytes: &[u8]) -> usize {
    bytes.iter().fold(0usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)))
}

/// Whether the bytes are compressed: then places are those of what is in them.
pub(crate) fn packed(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// Behind so long a head that the format is known, the reader itself meets every piece.
fn comes_in_pieces(data: &[u8], format: &Format) {
    let mut bytes = [format.head, format.pad.0].concat().into_bytes();
    bytes.resize(LOOKED_AT, b' ');
    bytes.extend_from_slice(format.pad.1.as_bytes());
    let whole = bytes.len();
    bytes.extend_from_slice(&[format.open.as_bytes(), data, format.close.as_bytes()].concat());
    let (at_once, in_pieces) = (plain(&bytes, None), settled(read(Pieces::new(&bytes, whole), None)));
    match (at_once, in_pieces) {
        // What is not JSON is known when it is parsed, and what is too deep when it is read.
        (Err(one), Err(other)) if one.code == "limit-depth" || other.code == "limit-depth" => {}
        (at_once, in_pieces) => assert_eq!(at_once, in_pieces, "read in pieces behind a long head"),
    }
}
