//! The main job: sums of files as GNU's sha256sum prints them, and lists checked as it does, but with nothing passed over.
use std::io::{self, Read as _};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use action::{Annotation, Answer, Failure, OrFail as _, Report};
use formats::sums::{Dialect, Digest, End, Entry, Form, read, write};

use crate::commands::gnu;
use crate::decide::{Facts, Outcome, State, verdict};
use crate::engine::{self, Care, Event, Source};
use crate::gather::{self, resolve, shown, tree};
use crate::inputs::{Format, SumsInputs};
use crate::report::checked::{self, Lines};
use crate::report::printer::Printer;
use crate::report::record::record;
use crate::report::{self as say, files};

pub(crate) fn run(mut inputs: SumsInputs, report: &mut Report) -> Result<Answer, Failure> {
    if let Some(args) = &inputs.gnu {
        return gnu::run(&given(&inputs, args)?, report);
    }
    if inputs.files.is_empty() && report.workflow().in_actions {
        let hint = "set `command` to create, check or provenance, or name `files`";
        return Err(Failure::inputs("tell what to do", "there is neither a command nor a file").hint(hint));
    }
    let files = named(&mut inputs);
    let answer = if inputs.check { check(&inputs, &files, report) } else { sums(&inputs, &files, report) };
    // The process ends next; to give back many thousand names one by one would only take time.
    std::mem::forget(files);
    answer
}

/// GNU's arguments: those behind `--gnu`, and the options in front of it, which have the same names; clap takes files in front of it and
/// behind `--` for files of ours.
fn given(inputs: &SumsInputs, args: &[std::ffi::OsString]) -> Result<Vec<std::ffi::OsString>, Failure> {
    if inputs.format == Format::Json {
        let hint = "leave out --format or --gnu";
        return Err(Failure::inputs("print JSON", "GNU's sha256sum knows no --format").hint(hint));
    }
    let flags = [
        (inputs.check, "--check"),
        (inputs.binary, "--binary"),
        (inputs.text, "--text"),
        (inputs.tag, "--tag"),
        (inputs.zero, "--zero"),
        (inputs.ignore_missing, "--ignore-missing"),
        (inputs.quiet, "--quiet"),
        (inputs.status, "--status"),
        (inputs.strict, "--strict"),
        (inputs.warn, "--warn"),
    ];
    let front = flags.iter().filter(|(set, _)| *set).map(|(_, name)| (*name).into());
    let mut all: Vec<std::ffi::OsString> = front.chain(args.iter().cloned()).collect();
    if !inputs.files.is_empty() {
        all.push("--".into());
        all.extend(inputs.files.iter().map(|file| file.clone().into_os_string()));
    }
    Ok(all)
}

/// The files that are named, or standard input.
fn named(inputs: &mut SumsInputs) -> Vec<PathBuf> {
    let files = std::mem::take(&mut inputs.files);
    if files.is_empty() { vec![PathBuf::from("-")] } else { files }
}

fn form(inputs: &SumsInputs) -> Form {
    match (inputs.tag, inputs.binary) {
        (true, _) => Form::Tagged,
        (false, true) => Form::Binary,
        (false, false) => Form::Text,
    }
}

fn sums(inputs: &SumsInputs, paths: &[PathBuf], report: &mut Report) -> Result<Answer, Failure> {
    let sources: Vec<Source<'_>> = paths.iter().map(|path| Source::named(path)).collect();
    let form = form(inputs);
    let end = if inputs.zero { End::Nul } else { End::Line };
    // Kept for what needs them all at the end; on a terminal they are printed as they come.
    let keep = report.workflow().in_actions || inputs.format == Format::Json;
    let mut kept: Vec<(&[u8], Digest)> = Vec::new();
    let mut failed = 0;
    let mut printer = Printer::new(report);
    engine::hash(&sources, Care::Any, |event| {
        match event {
            Event::Done(at, Ok(digest)) => {
                let name = paths[at].as_os_str().as_bytes();
                if inputs.format == Format::Text {
                    printer.bytes(|out| write(out, (name, &digest), form, end));
                }
                kept.extend(keep.then_some((name, digest)));
            }
            Event::Done(at, Err(error)) => {
                failed += 1;
                let failure = Err::<(), _>(error).or_fail(|| format!("hash the file {}", shown(&paths[at])));
                failure.err().into_iter().for_each(|failure| printer.annotate(Annotation::error(failure.to_string())));
            }
            Event::Idle => return printer.flush(),
            Event::Working(elapsed, bytes) => printer.working(elapsed, bytes),
        }
        true
    });
    drop(printer);
    let listed: Vec<(&[u8], &Digest)> = kept.iter().map(|(name, digest)| (*name, digest)).collect();
    if inputs.format == Format::Json {
        say::json(report, &say::as_json(&listed))?;
    }
    report.output("count", (paths.len() - failed).to_string());
    say::table(report, &format!("SHA-256 of {}", files(listed.len())), &listed);
    match failed {
        0 => Ok(Answer::Yes),
        _ => Err(Failure::outside("hash every file", format!("{failed} of {} could not be read", files(paths.len())))),
    }
}

/// Checks lists of files below the working folder, as `sha256sum --check` does; each list to its end.
fn check(inputs: &SumsInputs, lists: &[PathBuf], report: &mut Report) -> Result<Answer, Failure> {
    let mut worst = Ok(Answer::Yes);
    let mut last = Outcome::Good;
    let mut good = 0;
    for list in lists {
        let (outcome, count, ended) = check_one(inputs, list, report)?;
        good += count;
        if outcome > last {
            (last, worst) = (outcome, ended);
        }
    }
    report.output("count", good.to_string());
    worst
}

type Ended = (Outcome, usize, Result<Answer, Failure>);

fn check_one(inputs: &SumsInputs, list: &Path, report: &mut Report) -> Result<Ended, Failure> {
    let bytes = if list == Path::new("-") { from_stdin()? } else { gather::bytes(list, "the list")? };
    let mut facts = Facts { list: read(&bytes, Dialect::Strict), ..Facts::default() };
    let folder = Path::new(".");
    let entries: Vec<&Entry> = facts.list.entries.iter().collect();
    let meant = resolve::by_path(&entries, folder, &tree::root(folder)?);
    facts.states = resolve::states(&entries, meant, report)?;
    if inputs.ignore_missing {
        facts.states.iter_mut().filter(|state| **state == State::Missing).for_each(|state| *state = State::Skipped);
    }
    let verdict = verdict(&facts);
    let lines = match (inputs.status, inputs.quiet) {
        (true, _) => Lines::None,
        (false, true) => Lines::Bad,
        (false, false) => Lines::All,
    };
    match inputs.format {
        Format::Json => say::json(report, &record(&facts, &verdict, list))?,
        Format::Text => checked::write(report, (&facts, &verdict), list, lines),
    }
    Ok((verdict.outcome, verdict.good, checked::answer(&verdict, list)))
}

/// As much as a list may have, in bytes.
const LARGEST: u64 = 1 << 30;

fn from_stdin() -> Result<Vec<u8>, Failure> {
    let doing = || "read the list on standard input";
    let mut bytes = Vec::new();
    io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes).or_fail(doing)?;
    match bytes.len() as u64 > LARGEST {
        true => Err(Failure::inputs(doing(), format!("it is larger than {} MiB", LARGEST >> 20))),
        false => Ok(bytes),
    }
}
