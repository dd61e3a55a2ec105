//! What the readers of all formats write into: files by name, lines within them, within limits.
use std::collections::{BTreeMap, HashMap};

use super::{Block, Blocks, Kind, Problem};
use crate::lines::{Branches, LAST_LINE, Lines, State};

/// Files in one report.
const MOST_FILES: usize = 1_000_000;
/// Bytes of all file names of one report.
const MOST_NAMES: usize = 32 << 20;
/// Bytes of all measured lines of one report.
const MOST_LINES: usize = 40 << 20;
/// Lines of all ranges of one report together, each as often as it comes.
const MOST_SPANNED: u64 = 1 << 30;
/// After so many lines their room is looked at, even within one file.
const LOOK: u32 = 1 << 15;
/// `<source>` elements of one report.
const MOST_SOURCES: usize = 1_000;

/// What the head of a report claims about itself; never trusted, only compared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Header {
    /// `line-rate`, as it is written.
    pub rate: Option<String>,
    /// `lines-covered` and `lines-valid`.
    pub lines: Option<(u64, u64)>,
}

/// One place in a report that speaks of the watched line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Index into [`Parsed::files`].
    pub file: usize,
    /// The class, function or record that it is in; empty where the format has none.
    pub class: Vec<u8>,
    /// Byte of the report.
    pub at: u64,
    /// What it says.
    pub state: State,
}

/// Odd things that do not stop a report from being used: how often each came, and the first of its kind in words.
pub type Notes = BTreeMap<&'static str, (u64, String)>;

/// One file of a report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ParsedFile {
    /// The name as it stands in the report: any bytes.
    pub name: Vec<u8>,
    /// For JaCoCo: `name` is a package, a slash and the source file's name.
    pub in_package: bool,
    /// For JaCoCo: the innermost group, which most builds name after the module.
    pub module: Vec<u8>,
    /// Its measured lines.
    pub lines: Lines,
    /// Its statement blocks, in a Go profile only.
    pub blocks: Blocks,
    /// `line-rate` of its first class, as the replaced action reads it.
    pub rate: Option<f64>,
}

/// A report, read to its end.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// Which format it has.
    pub kind: Kind,
    /// Its files, in the order in which they came; each name once.
    pub files: Vec<ParsedFile>,
    /// Folders that names may be relative to.
    pub sources: Vec<Vec<u8>>,
    /// Covered and measured lines of a report that has nothing but totals.
    pub totals: Option<(u64, u64)>,
    /// What it claims about itself.
    pub header: Header,
    /// When it was made, in milliseconds since 1970, where it says so.
    pub made: Option<u64>,
    /// Odd things in it.
    pub notes: Notes,
    /// What it says of the watched line.
    pub sightings: Vec<Sighting>,
}

/// Collects a report. A reader calls [`Builder::file`], then [`Builder::line`] for each line of it, and so on.
pub struct Builder {
    parsed: Parsed,
    by_name: HashMap<Vec<u8>, usize>,
    current: Option<usize>,
    /// The lines of the current file: one room for all files, of which each then gets just what it needs.
    lines: Lines,
    /// The line that `explain` asks about.
    watch: Option<u32>,
    class: Vec<u8>,
    names: usize,
    /// Bytes of the lines of all files but the current one.
    weight: usize,
    since_look: u32,
    /// Lines of all that [`Builder::range`] added.
    spanned: u64,
}

impl Builder {
    /// An empty report.
    pub fn new(kind: Kind, watch: Option<u32>) -> Self {
        let parsed = Parsed {
            kind,
            files: Vec::new(),
            sources: Vec::new(),
            totals: None,
            header: Header::default(),
            made: None,
            notes: Notes::new(),
            sightings: Vec::new(),
        };
        Self {
            parsed,
            by_name: HashMap::new(),
            current: None,
            lines: Lines::default(),
            watch,
            class: Vec::new(),
            names: 0,
            weight: 0,
            since_look: 0,
            spanned: 0,
        }
    }

    /// What follows is about this file; one that came before is gone on with.
    ///
    /// # Errors
    /// `limit-files`, `limit-names`, `limit-lines`.
    pub fn file(&mut self, name: &[u8], at: u64) -> Result<&mut ParsedFile, Problem> {
        let known = self.by_name.get(name).copied();
        if known.is_some() && known == self.current {
            return Ok(&mut self.parsed.files[self.current.unwrap_or_default()]);
        }
        self.leave(at)?;
        let index = match known {
            Some(index) => index,
            None => {
                self.names += name.len();
                if self.parsed.files.len() >= MOST_FILES {
                    return Err(Problem::new("limit-files", at, format!("more than {MOST_FILES} files")));
                }
                if self.names > MOST_NAMES {
                    return Err(Problem::new("limit-names", at, format!("file names of more than {MOST_NAMES} bytes")));
                }
                self.by_name.insert(name.to_vec(), self.parsed.files.len());
                self.parsed.files.push(ParsedFile { name: name.to_vec(), ..ParsedFile::default() });
                self.parsed.files.len() - 1
            }
        };
        self.current = Some(index);
        self.weight -= weight(&self.parsed.files[index]);
        Ok(&mut self.parsed.files[index])
    }

    /// No file is being read any more; lines that come now belong to none.
    ///
    /// # Errors
    /// `limit-lines`.
    pub fn leave(&mut self, at: u64) -> Result<(), Problem> {
        if let Some(index) = self.current.take() {
            let file = &mut self.parsed.files[index];
            self.lines.settle();
            file.lines.append(&self.lines);
            self.lines.clear();
            self.weight += weight(file);
            self.look(0, at)?;
        }
        Ok(())
    }

    /// Compares the room that all lines take with the limit.
    fn look(&self, current: usize, at: u64) -> Result<(), Problem> {
        if self.weight + current <= MOST_LINES {
            return Ok(());
        }
        let message = format!("measured lines that take more than {} MiB", MOST_LINES >> 20);
        Err(Problem::new("limit-lines", at, message))
    }

    /// Looks now and then within a file.
    #[inline]
    fn look_within(&mut self, index: usize, at: u64) -> Result<(), Problem> {
        self.since_look += 1;
        if self.since_look < LOOK {
            return Ok(());
        }
        self.since_look = 0;
        self.look(weight(&self.parsed.files[index]) + self.lines.weight(), at)
    }

    /// Whether a file is being read.
    pub fn in_file(&self) -> bool {
        self.current.is_some()
    }

    /// The lines of the file that is being read, for readers that have more to do with them than to add.
    pub fn lines(&mut self) -> Option<&mut Lines> {
        self.current.map(|_| &mut self.lines)
    }

    /// The class or function that what follows is in, for [`Sighting`]s only.
    pub fn class(&mut self, class: &[u8]) {
        if self.watch.is_some() {
            self.class = class.to_vec();
        }
    }

    /// Adds a line of the current file; without one it is counted as `lines-without-file`.
    ///
    /// # Errors
    /// `limit-line` for a line that no file has.
    #[inline]
    pub fn line(&mut self, line: u64, state: State, at: u64) -> Result<(), Problem> {
        if line == 0 || line > u64::from(LAST_LINE) {
            return Err(out_of_range(line, at));
        }
        let Some(index) = self.current else {
            self.note("lines-without-file", || format!("line {line} belongs to no file"));
            return Ok(());
        };
        // It is at most LAST_LINE.
        let line = line as u32;
        self.lines.add(line, state);
        self.sight_range((line, line), state, at);
        self.look_within(index, at)
    }

    /// Remembers where a line was spoken of, if it is the one that `explain` asks about.
    #[inline]
    pub fn sight(&mut self, line: u64, state: State, at: u64) {
        if let Ok(line) = u32::try_from(line) {
            self.sight_range((line, line), state, at);
        }
    }

    /// Adds lines in a row, both ends included, to the current file.
    ///
    /// # Errors
    /// `limit-blocks`: a few bytes can name many lines, and again and again.
    pub fn range(&mut self, (first, last): (u32, u32), state: State, at: u64) -> Result<(), Problem> {
        if first > last || self.current.is_none() {
            return Ok(());
        }
        self.spanned += u64::from(last - first) + 1;
        if self.spanned > MOST_SPANNED {
            return Err(Problem::new("limit-blocks", at, format!("blocks of more than {MOST_SPANNED} lines together")));
        }
        self.sight_range((first, last), state, at);
        self.lines.add_range(first, last, state);
        Ok(())
    }

    #[inline]
    fn sight_range(&mut self, (first, last): (u32, u32), state: State, at: u64) {
        if let (Some(watched), Some(file)) = (self.watch, self.current)
            && (first..=last).contains(&watched)
        {
            self.parsed.sightings.push(Sighting { file, class: self.class.clone(), at, state });
        }
    }

    /// Adds the branches of a line of the current file. A count that makes no sense is noted, and no more.
    pub fn branches(&mut self, line: u64, (covered, total): (u64, u64)) {
        let small = |count: u64| u16::try_from(count).ok();
        let (Some(_), Ok(line)) = (self.current, u32::try_from(line)) else { return };
        match (small(covered), small(total)) {
            (Some(covered), Some(total)) if covered <= total && total > 0 => {
                self.lines.add_branches(Branches { line, covered, total });
            }
            (_, Some(0)) => {}
            _ => self.note("branches-ignored", || format!("{covered} of {total} branches on line {line}")),
        }
    }

    /// Adds a block of the current file.
    pub fn block(&mut self, block: Block) {
        if let Some(index) = self.current {
            self.parsed.files[index].blocks.add(block);
        }
    }

    /// Adds a folder that names may be relative to.
    ///
    /// # Errors
    /// `limit-sources`.
    pub fn source(&mut self, folder: &[u8], at: u64) -> Result<(), Problem> {
        if self.parsed.sources.iter().any(|known| known == folder) {
            return Ok(());
        }
        if self.parsed.sources.len() >= MOST_SOURCES {
            return Err(Problem::new("limit-sources", at, format!("more than {MOST_SOURCES} source folders")));
        }
        self.parsed.sources.push(folder.to_vec());
        Ok(())
    }

    /// Sets the totals of a report that has nothing else.
    pub fn totals(&mut self, covered: u64, measured: u64) {
        self.parsed.totals = Some((covered, measured));
    }

    /// What the head of the report claims.
    pub fn header(&mut self) -> &mut Header {
        &mut self.parsed.header
    }

    /// When the report was made, in milliseconds since 1970; the earliest counts.
    pub fn made(&mut self, time: u64) {
        self.parsed.made = Some(self.parsed.made.map_or(time, |known| known.min(time)));
    }

    /// Notes something odd.
    pub fn note(&mut self, code: &'static str, message: impl FnOnce() -> String) {
        self.parsed.notes.entry(code).or_insert_with(|| (0, message())).0 += 1;
    }

    /// The finished report.
    ///
    /// # Errors
    /// `limit-lines`.
    pub fn finish(mut self, at: u64) -> Result<Parsed, Problem> {
        self.leave(at)?;
        for file in &mut self.parsed.files {
            file.lines.settle();
            file.lines.shrink();
            file.blocks.settle();
        }
        // A reader may learn only later whether a line was executed in full.
        for sighting in &mut self.parsed.sightings {
            if let (State::Partial, Some(line)) = (sighting.state, self.watch) {
                let known = self.parsed.files[sighting.file].lines.state(line);
                sighting.state = known.unwrap_or(sighting.state);
            }
        }
        Ok(self.parsed)
    }
}

fn weight(file: &ParsedFile) -> usize {
    file.lines.weight() + file.blocks.weight()
}

fn out_of_range(line: u64, at: u64) -> Problem {
    Problem::new("limit-line", at, format!("line {line}, and lines go from 1 to {LAST_LINE}"))
}
