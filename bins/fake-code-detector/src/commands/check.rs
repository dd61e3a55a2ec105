//! The main job: looks at the code, and says what only pretends to work.
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use action::{Answer, Failure, OrFail as _, Report};

use crate::baseline::Baseline;
use crate::decide::{Looked, Mode, Policy};
use crate::engine::{Examined, Source, examine, examine_all};
use crate::gather::{Candidate, Facts};
use crate::inputs::CheckInputs;
use crate::model::PathClass;
use crate::record::{Record, Unreadable};
use crate::report::{self as say, Texts};
use crate::settings::Settings;
use crate::syntax::{Allocator, Unparsable};
use crate::{decide, depth, gather, today};

pub(crate) fn run(inputs: CheckInputs, report: &mut Report) -> Result<Answer, Failure> {
    let stdin = inputs.stdin_filename.clone();
    let settings = inputs.settings(today())?;
    let baseline = settings.baseline.as_deref().map(gather::baseline).transpose()?;
    let (looked, facts, texts) = match stdin {
        Some(name) => standard_input(&name, &settings)?,
        None => {
            let facts = gather::facts(&settings, report.workflow())?;
            if facts.mode == Mode::All && facts.files.is_empty() {
                let hint = "name the folders of the sources in `paths`; generated and ignored files do not count";
                return Err(
                    Failure::inputs("look for fake code", "there is no TypeScript or JavaScript file").hint(hint)
                );
            }
            let (looked, texts) = look(&facts.files, settings.threads);
            (looked, facts, texts)
        }
    };
    let record = verdict((&looked, &facts), baseline.as_ref(), &settings);
    say::write(report, (&record, &texts), &settings)?;
    answer(&record, &settings.policy(facts.mode))
}

/// What the files come to.
pub(crate) fn verdict(
    (looked, facts): (&[Looked], &Facts),
    baseline: Option<&Baseline>,
    settings: &Settings,
) -> Record {
    decide::verdict(looked, baseline, (&settings.policy(facts.mode), facts.compared.clone()))
}

/// Looks at files, several at a time; the order of the answer is that of the files. Texts of files in which something was found are kept for
/// code frames.
pub(crate) fn look(files: &[Candidate], threads: usize) -> (Vec<Looked>, Texts) {
    let threads = workers(files, threads);
    let share = (files.len() / (threads * 4)).clamp(1, MOST);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        // One for all files of a thread: its memory is used again.
        let mut arena = Allocator::default();
        loop {
            let start = next.fetch_add(share, Ordering::Relaxed).min(files.len());
            let part = &files[start..files.len().min(start + share)];
            if part.is_empty() {
                return done;
            }
            done.extend((start..).zip(look_at(part, &mut arena)));
        }
    };
    let mut all: Vec<(usize, (Looked, Option<String>))> = std::thread::scope(|scope| {
        let spawn = |_| std::thread::Builder::new().stack_size(depth::STACK).spawn_scoped(scope, work);
        let workers: Vec<_> = (0..threads).map(spawn).collect();
        // A thread that could not be started, or that panicked, leaves its files to the count below.
        workers.into_iter().flatten().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    });
    all.sort_by_key(|(index, _)| *index);
    assert!(all.len() == files.len(), "a thread was lost: {} of {} files were looked at", all.len(), files.len());
    let mut texts = Texts::default();
    let looked = all.into_iter().map(|(_, (looked, text))| {
        texts.extend(text.map(|text| (looked.name.clone(), text)));
        looked
    });
    (looked.collect(), texts)
}

/// Files that a thread takes at once, at most.
const MOST: usize = 16;
/// Bytes of text that are looked at together: with their trees, what the processor has room for near to it.
const TOGETHER: usize = 96 << 10;

/// Bytes that are worth a thread: fewer are read sooner than it has started and got memory of its own.
const SHARE: u64 = 512 << 10;

/// How many threads look at files, of as many as may.
fn workers(files: &[Candidate], threads: usize) -> usize {
    let most = threads.min(files.len()).max(1);
    let mut bytes = 0;
    for file in files {
        // Only as many files are asked as it takes to keep all threads busy.
        if bytes / SHARE + 1 >= most as u64 {
            return most;
        }
        bytes += std::fs::metadata(&file.path).map_or(0, |data| data.len());
    }
    usize::try_from(bytes / SHARE + 1).map_or(most, |shares| shares.min(most))
}

/// Looks at files, as many at a time as go together.
fn look_at(files: &[Candidate], arena: &mut Allocator) -> Vec<(Looked, Option<String>)> {
    let mut texts: Vec<Result<String, String>> = files.iter().map(|file| gather::text(&file.path)).collect();
    let mut done = Vec::with_capacity(files.len());
    while done.len() < files.len() {
        let mut bytes = 0;
        let fits = |text: &&Result<String, String>| {
            let first = bytes == 0;
            bytes += text.as_ref().map_or(0, String::len);
            first || bytes <= TOGETHER
        };
        let count = texts.iter().take_while(fits).count().max(1);
        let part = &files[done.len()..done.len() + count];
        done.extend(together(part, texts.drain(..count).collect(), arena));
        arena.reset();
    }
    done
}

/// Looks at files together.
fn together(
    files: &[Candidate],
    texts: Vec<Result<String, String>>,
    arena: &Allocator,
) -> Vec<(Looked, Option<String>)> {
    let sources = files.iter().zip(&texts).filter_map(|(file, text)| {
        let text = plain(text.as_ref().ok()?);
        Some(Source { name: &file.name, class: file.class, text, before: file.before.as_deref() })
    });
    let mut results = examine_all(&sources.collect::<Vec<_>>(), arena).into_iter();
    let looked = files.iter().zip(&texts).map(|(file, text)| {
        let (result, kept) = match text {
            Ok(text) => told(&file.name, plain(text), results.next().unwrap_or_else(|| Err(Unparsable::lost()))),
            Err(message) => {
                let (file, message) = (file.name.clone(), message.clone());
                (Err(Unreadable { file, line: None, column: None, message }), None)
            }
        };
        (Looked { name: file.name.clone(), changed: file.changed.clone(), result }, kept)
    });
    looked.collect()
}

/// A text without the mark of its order of bytes.
fn plain(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

type Result2 = (Result<Examined, Unreadable>, Option<String>);

/// What came of a file, with its text where somebody may want to see it.
fn told(name: &str, plain: &str, result: Result<Examined, Unparsable>) -> Result2 {
    match result {
        Ok(examined) => {
            let kept = (!examined.findings.is_empty() || !examined.suppressions.is_empty()).then(|| plain.to_owned());
            (Ok(examined), kept)
        }
        Err(problem) => (Err(unreadable(name, plain, problem)), None),
    }
}

fn unreadable(name: &str, text: &str, Unparsable { message, at }: Unparsable) -> Unreadable {
    let lines = crate::engine::Lines::of(text);
    Unreadable { file: name.to_owned(), line: Some(lines.line(at)), column: Some(lines.column(at)), message }
}

fn standard_input(name: &str, settings: &Settings) -> Result<(Vec<Looked>, Facts, Texts), Failure> {
    if !gather::has_ending(name) {
        return Err(Failure::inputs(
            format!("look into {}", action::neutral(name)),
            "it is no TypeScript or JavaScript",
        ));
    }
    let mut text = String::new();
    std::io::Read::read_to_string(&mut std::io::Read::take(std::io::stdin(), crate::engine::LARGEST + 1), &mut text)
        .or_bad_input(|| "read standard input")?;
    if text.len() as u64 > crate::engine::LARGEST {
        return Err(Failure::inputs(
            "read standard input",
            format!("it has more than {} bytes", crate::engine::LARGEST),
        ));
    }
    let class = settings.class_of(name, PathClass::of(name));
    let work = || {
        let plain = plain(&text);
        told(name, plain, examine(Source { name, class, text: plain, before: None }, &Allocator::default()))
    };
    let (result, text) = std::thread::scope(|scope| {
        let spawned = std::thread::Builder::new()
            .stack_size(depth::STACK)
            .spawn_scoped(scope, work)
            .map_err(|error| error.to_string())?;
        spawned.join().map_err(|_| "the thread was lost".to_owned())
    })
    .map_err(|cause| Failure::outside(format!("look into {}", action::neutral(name)), cause))?;
    let texts = text.into_iter().map(|text| (name.to_owned(), text)).collect();
    let facts = Facts { mode: Mode::All, compared: None, files: Vec::new() };
    Ok((vec![Looked { name: name.to_owned(), changed: None, result }], facts, texts))
}

/// Pass and fail are answers; a file that could not be read as a program leaves it open, unless something else fails already.
fn answer(record: &Record, policy: &Policy) -> Result<Answer, Failure> {
    match record.unparsable.first() {
        Some(first) if !policy.unparsable_passes => {
            let more = record.unparsable.len() - 1;
            let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
            let file = crate::gather::shown(first.file.as_bytes());
            let location =
                action::Location { file: file.clone(), line: first.line, column: first.column, end_line: None };
            let failure = Failure::inputs(
                format!("read {} as a program", action::neutral(&file)),
                format!("{}{more}", first.message),
            );
            Err(failure
                .at(location)
                .hint("mend it, leave it out with `ignore`, or let it pass with `unparsable: warn`"))
        }
        _ => Ok(Answer::from(record.verdict == "pass")),
    }
}

/// Whether a path is there, for `baseline`.
pub(crate) fn exists(path: &Path) -> bool {
    path.exists()
}
