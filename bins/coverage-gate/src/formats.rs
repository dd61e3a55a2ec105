//! Coverage reports of eight formats, recognised by content: bytes in, measured lines by file out. Pure but for the reader.
mod blocks;
pub mod builder;
mod clover;
mod cobertura;
mod coverage_py;
mod go;
mod input;
mod istanbul;
mod jacoco;
mod json;
mod lcov;
mod llvm;
mod number;
pub mod problem;
mod recognise;
mod xml;

use std::fmt;
use std::io::Read;

pub use blocks::{Block, Blocks};
pub use builder::{Builder, Header, Notes, Parsed, ParsedFile, Sighting};
use input::Input;
pub use problem::{Place, Problem};
use recognise::{Encoding, recognise};

/// A kind of report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Cobertura XML: coverage.py, istanbul, gcovr, coverlet, ….
    Cobertura,
    /// LCOV tracefile.
    Lcov,
    /// JaCoCo XML.
    Jacoco,
    /// Go's coverprofile.
    Go,
    /// Clover XML: istanbul, PHPUnit, ….
    Clover,
    /// istanbul's coverage-final.json.
    Istanbul,
    /// istanbul's coverage-summary.json: totals only.
    IstanbulSummary,
    /// coverage.py's JSON.
    CoveragePy,
    /// llvm-cov export.
    Llvm,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cobertura => "Cobertura",
            Self::Lcov => "LCOV",
            Self::Jacoco => "JaCoCo",
            Self::Go => "Go coverprofile",
            Self::Clover => "Clover",
            Self::Istanbul => "istanbul JSON",
            Self::IstanbulSummary => "istanbul summary",
            Self::CoveragePy => "coverage.py JSON",
            Self::Llvm => "llvm-cov JSON",
        })
    }
}

/// Reads a report of whatever kind, packed with gzip or not. `watch` is the line that `explain` asks about.
///
/// # Errors
/// `unknown-format`, `encoding`, `empty-report`, and the problems of each format: never a part of a report.
pub fn read(reader: impl Read, watch: Option<u32>) -> Result<Parsed, Problem> {
    let mut packed = Input::new(reader);
    if packed.look(2)?.starts_with(&[0x1f, 0x8b]) {
        return plain(Input::new(flate2::read::MultiGzDecoder::new(packed)), watch);
    }
    plain(packed, watch)
}

fn plain<R: Read>(mut input: Input<R>, watch: Option<u32>) -> Result<Parsed, Problem> {
    let (kind, encoding) = recognise(&mut input)?;
    let mut builder = Builder::new(kind, watch);
    match kind {
        Kind::Cobertura => cobertura::read(&mut xml::Scanner::new(input), &mut builder),
        Kind::Jacoco => jacoco::read(&mut xml::Scanner::new(input), &mut builder),
        Kind::Clover => clover::read(&mut xml::Scanner::new(input), &mut builder),
        Kind::Lcov => lcov::read(&mut input, &mut builder),
        Kind::Go => go::read(&mut input, &mut builder),
        Kind::Istanbul => istanbul::read(&mut input, &mut builder),
        Kind::IstanbulSummary => istanbul::read_summary(&mut input, &mut builder),
        Kind::CoveragePy => coverage_py::read(&mut input, &mut builder),
        Kind::Llvm => llvm::read(&mut input, &mut builder),
    }?;
    let mut parsed = builder.finish(0)?;
    if encoding == Encoding::Latin1 {
        parsed.files.iter_mut().for_each(|file| file.name = latin1(&file.name));
        parsed.sources.iter_mut().for_each(|folder| *folder = latin1(folder));
    }
    Ok(parsed)
}

/// Every byte of ISO 8859-1 is the character of that number.
fn latin1(text: &[u8]) -> Vec<u8> {
    text.iter().map(|byte| char::from(*byte)).collect::<String>().into_bytes()
}
