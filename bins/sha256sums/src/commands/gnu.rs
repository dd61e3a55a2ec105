//! `--gnu`: what `sha256sum` of GNU coreutils 9.1 prints, byte for byte, and its exit codes.
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use action::{Answer, Failure, Report};
use formats::sums::{Dialect, Digest, End, Entry, Form, Reader, write};

use crate::engine::{self, Care, Event, Source};
use crate::gnu::errno::words;
use crate::gnu::options::{self, Asked, Loudness, Options};
use crate::gnu::quote::quoted;
use crate::report::checked::line;
use crate::report::printer::Printer;

/// So many lines of a list are taken at a time.
const BATCH: usize = 4096;
/// The longest line that is read whole, in bytes; what comes behind is a line of its own. No file name is that long.
const LONGEST_LINE: u64 = 1 << 20;

/// Everything that GNU's program says of itself begins so.
fn said(text: impl AsRef<str>) -> String {
    format!("sha256sum: {}", text.as_ref())
}

pub(crate) fn run(args: &[OsString], report: &mut Report) -> Result<Answer, Failure> {
    let good = match options::read(args) {
        Err(complaint) => {
            report.progress(said(complaint));
            report.progress("Try 'sha256sum --help' for more information.");
            false
        }
        Ok(Asked::Help) => {
            report.machine("Options and files are read as GNU's sha256sum reads them; see `sha256sums --help`.\n");
            true
        }
        Ok(Asked::Version) => {
            report.machine(format!("sha256sums {}, as sha256sum of GNU coreutils 9.1\n", env!("CARGO_PKG_VERSION")));
            true
        }
        Ok(Asked::Options(options)) if options.check => Checking::new(&options, report).lists(),
        Ok(Asked::Options(options)) => sums(&options, report),
    };
    match report.take_failure() {
        None => Ok(Answer::from(good)),
        Some(_) => {
            report.progress(said("write error"));
            Ok(Answer::No)
        }
    }
}

fn sums(options: &Options, report: &mut Report) -> bool {
    let names = options.files();
    let sources: Vec<Source<'_>> = names.iter().map(|name| Source::named(Path::new(name))).collect();
    let form = match (options.tag, options.binary) {
        (true, _) => Form::Tagged,
        (false, Some(true)) => Form::Binary,
        (false, _) => Form::Text,
    };
    let end = if options.zero { End::Nul } else { End::Line };
    let mut printer = Printer::new(report);
    let mut good = true;
    engine::hash(&sources, Care::Any, |event| {
        match event {
            Event::Done(at, Ok(digest)) => printer.bytes(|out| write(out, (names[at].as_bytes(), &digest), form, end)),
            Event::Done(at, Err(error)) => {
                good = false;
                printer.message(said(format!("{}: {}", quoted(names[at].as_bytes()), words(&error))));
            }
            Event::Idle => return printer.flush(),
            Event::Working(elapsed, bytes) => printer.working(elapsed, bytes),
        }
        true
    });
    good
}

/// What a list came to.
#[derive(Default)]
struct Counts {
    /// Whether there was an entry at all.
    any: bool,
    /// Whether a file was as listed.
    matched: bool,
    bad_lines: u64,
    unread: u64,
    differing: u64,
}

/// The checking of lists.
struct Checking<'a> {
    options: &'a Options,
    printer: Printer<'a>,
    reader: Reader,
}

/// A line of a list.
enum Item {
    Bad(u64),
    Entry(Entry),
}

impl<'a> Checking<'a> {
    fn new(options: &'a Options, report: &'a mut Report) -> Self {
        Self { options, printer: Printer::new(report), reader: Reader::new(Dialect::Gnu) }
    }

    fn lists(mut self) -> bool {
        let mut good = true;
        for list in self.options.files() {
            good &= self.list(&list);
        }
        good
    }

    fn status(&self) -> bool {
        self.options.loudness == Loudness::Status
    }

    fn list(&mut self, name: &OsString) -> bool {
        self.reader.next_list();
        let shown = if name == "-" { "'standard input'".to_owned() } else { quoted(name.as_bytes()) };
        let counts = match name == "-" {
            true => self.entries(&mut BufReader::new(io::stdin()), &shown, true),
            false => match File::open(name) {
                Ok(file) => self.entries(&mut BufReader::with_capacity(64 << 10, file), &shown, false),
                Err(error) => {
                    self.printer.message(said(format!("{shown}: {}", words(&error))));
                    return false;
                }
            },
        };
        match counts {
            Ok(counts) => self.sum_up(&counts, &shown),
            Err(_) => {
                self.printer.message(said(format!("{shown}: read error")));
                false
            }
        }
    }

    fn entries(&mut self, list: &mut impl BufRead, shown: &str, stdin: bool) -> io::Result<Counts> {
        let mut counts = Counts::default();
        let mut number = 0;
        let mut line = Vec::new();
        loop {
            let mut batch = Vec::new();
            let mut read = 1;
            while batch.len() < BATCH && read > 0 {
                line.clear();
                read = list.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)?;
                number += 1;
                match self.reader.line(&line).filter(|_| read > 0) {
                    None => {}
                    Some(Ok(entry)) if !(stdin && entry.name == b"-") => batch.push(Item::Entry(entry)),
                    Some(_) => batch.push(Item::Bad(number)),
                }
            }
            self.batch(&batch, shown, &mut counts);
            if read == 0 {
                return Ok(counts);
            }
        }
    }

    fn batch(&mut self, batch: &[Item], shown: &str, counts: &mut Counts) {
        let entries = batch.iter().filter_map(|item| match item {
            Item::Entry(entry) => Some(entry),
            Item::Bad(_) => None,
        });
        let paths: Vec<PathBuf> = entries.map(|entry| PathBuf::from(OsString::from_vec(entry.name.clone()))).collect();
        let sources: Vec<Source<'_>> = paths.iter().map(|path| Source::named(path)).collect();
        let mut items = batch.iter();
        engine::hash(&sources, Care::Any, |event| {
            match event {
                Event::Done(_, result) => {
                    let entry = self.bad_lines_before_entry(&mut items, shown, counts);
                    entry.into_iter().for_each(|entry| self.entry(entry, &result, counts));
                }
                // Whether somebody still reads or not: the exit code is about all of the list.
                Event::Idle => drop(self.printer.flush()),
                Event::Working(elapsed, bytes) => self.printer.working(elapsed, bytes),
            }
            true
        });
        self.bad_lines_before_entry(&mut items, shown, counts);
    }

    /// Tells of the bad lines up to the next entry, and gives that.
    fn bad_lines_before_entry<'b>(
        &mut self,
        items: &mut impl Iterator<Item = &'b Item>,
        shown: &str,
        counts: &mut Counts,
    ) -> Option<&'b Entry> {
        for item in items {
            match item {
                Item::Entry(entry) => return Some(entry),
                Item::Bad(line) => {
                    counts.bad_lines += 1;
                    if self.options.loudness == Loudness::Warn {
                        let text = format!("{shown}: {line}: improperly formatted SHA256 checksum line");
                        self.printer.message(said(text));
                    }
                }
            }
        }
        None
    }

    fn entry(&mut self, entry: &Entry, result: &io::Result<Digest>, counts: &mut Counts) {
        counts.any = true;
        let word = match result {
            Ok(digest) if *digest == entry.digest => {
                counts.matched = true;
                "OK"
            }
            Ok(_) => {
                counts.differing += 1;
                "FAILED"
            }
            Err(error) if self.options.ignore_missing && error.kind() == io::ErrorKind::NotFound => return,
            Err(error) => {
                counts.unread += 1;
                self.printer.message(said(format!("{}: {}", quoted(&entry.name), words(error))));
                "FAILED open or read"
            }
        };
        let hidden = self.status() || (word == "OK" && self.options.loudness == Loudness::Quiet);
        if !hidden {
            self.printer.bytes(|out| line(out, &entry.name, word));
        }
    }

    fn sum_up(&mut self, counts: &Counts, shown: &str) -> bool {
        let (some, status) = (counts.any, self.status());
        let warning = |count: u64, one: &str, many: &str| {
            let text = if count == 1 { one } else { many };
            (count > 0 && some && !status).then(|| format!("WARNING: {count} {text}"))
        };
        let bare = self.options.ignore_missing && !counts.matched && some && !status;
        let all = [
            (!some).then(|| format!("{shown}: no properly formatted checksum lines found")),
            warning(counts.bad_lines, "line is improperly formatted", "lines are improperly formatted"),
            warning(counts.unread, "listed file could not be read", "listed files could not be read"),
            warning(counts.differing, "computed checksum did NOT match", "computed checksums did NOT match"),
            bare.then(|| format!("{shown}: no file was verified")),
        ];
        all.into_iter().flatten().for_each(|text| self.printer.message(said(text)));
        let bad = counts.unread + counts.differing + if self.options.strict { counts.bad_lines } else { 0 };
        counts.matched && bad == 0
    }
}
