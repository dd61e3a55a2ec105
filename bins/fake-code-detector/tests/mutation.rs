//! Honest functions turned into stubs, one at a time: how many of those are found, and how many functions are flagged as they are.
//!
//! By default over the honest sides of the corpus, against the goals. `MUTATION_SOURCES=/FOLDER` takes every source below a folder instead
//! and only prints (`-- --nocapture`, and `--release` where there are many); `MUTATION_MISSES=N` prints that many missed mutants of
//! each operator.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "these are tests, and their numbers are for who runs them"
)]
#[path = "mutation/calls.rs"]
mod calls;
#[path = "mutation/expressions.rs"]
mod expressions;
#[path = "mutation/names.rs"]
mod names;
#[path = "mutation/operators.rs"]
mod operators;
#[path = "mutation/reading.rs"]
mod reading;
#[path = "mutation/sources.rs"]
mod sources;
#[path = "mutation/subject.rs"]
mod subject;
#[path = "mutation/tally.rs"]
mod tally;
#[path = "mutation/value.rs"]
mod value;

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use fake_code_detector::{Seen, Severity, look};
use operators::OPERATORS;
use sources::Source;
use subject::Subject;
use tally::{Share, Tally};

/// What has to be reached, in percent.
const PLAIN: f64 = 95.0;
const STEALTH: f64 = 80.0;
const ORIGINALS: f64 = 0.5;

#[test]
fn stubs_made_of_honest_functions_are_found() {
    let folder = std::env::var_os("MUTATION_SOURCES");
    let sources = folder.as_ref().map_or_else(sources::corpus, |folder| sources::below(Path::new(folder)));
    assert!(!sources.is_empty(), "no evidence: there are no sources");
    let tally = on_all_cores(&sources, mutate);
    println!("{tally}");
    print_misses(&tally);
    if folder.is_some() {
        return;
    }
    let percent = |share: Share| share.percent().expect("a mutant of each kind was made");
    let said = [
        (percent(tally.recall(false)) < PLAIN).then(|| format!("less than {PLAIN} % of plain stubs are found")),
        (percent(tally.recall(true)) < STEALTH).then(|| format!("less than {STEALTH} % of stealthy stubs are found")),
        (percent(tally.originals) > ORIGINALS).then(|| format!("more than {ORIGINALS} % of the originals are flagged")),
    ];
    let failures: Vec<String> = said.into_iter().flatten().collect();
    assert!(failures.is_empty(), "{}", failures.join("; "));
}

fn print_misses(tally: &Tally) {
    let wanted = std::env::var("MUTATION_MISSES").ok().and_then(|count| count.parse().ok()).unwrap_or(0);
    for (operator, missed) in OPERATORS.iter().zip(&tally.missed) {
        // Spread over all of them.
        let step = (missed.len() / usize::max(wanted, 1)).max(1);
        missed.iter().step_by(step).take(wanted).for_each(|it| println!("\nmissed ({}) {it}", operator.name));
    }
    tally.flagged.iter().take(wanted).for_each(|it| println!("\nflagged as it is: {it}"));
}

/// Makes every mutant of a file and looks at each.
fn mutate(source: &Source) -> Tally {
    let mut tally = Tally::default();
    let Ok(text) = std::fs::read_to_string(&source.path) else { return tally };
    let (name, text) = (&source.name, text.trim_start_matches('\u{feff}'));
    let subjects = reading::of(name, text);
    let Ok(before) = look(name, text) else { return tally };
    tally.files = 1;
    for subject in &subjects {
        let own = overlapping(&before, subject, text, 0);
        let place = format!("{name}:{} {}", line(text, subject.span.start), subject.name);
        tally.originals.count(!own.is_empty());
        let shown = own.iter().filter(|_| !source.blind);
        tally.flagged.extend(shown.map(|seen| format!("{place}: {} {}", seen.rule, seen.message)));
        for (at, operator) in OPERATORS.iter().enumerate() {
            let Some(body) = (operator.apply)(subject, text) else { continue };
            let mutant = format!("{}{body}{}", &text[..subject.body.start], &text[subject.body.end..]);
            let Ok(after) = look(name, &mutant) else {
                tally.unparsable[at] += 1;
                continue;
            };
            let grown = lines_in(&body).wrapping_sub(lines_in(&text[subject.body.clone()]));
            let known = |seen: &Seen| own.iter().any(|it| (it.rule, &it.message) == (seen.rule, &seen.message));
            let found = overlapping(&after, subject, text, grown).into_iter().any(|seen| !known(seen));
            tally.found[at].count(found);
            if !found && !source.blind {
                tally.missed[at].push(format!("{place}\n{{{body}}}"));
            }
        }
    }
    tally
}

/// Errors and warnings on the lines of a function, which grew by so many.
fn overlapping<'f>(findings: &'f [Seen], subject: &Subject, text: &str, grown: u32) -> Vec<&'f Seen> {
    let (first, last) = (line(text, subject.span.start), line(text, subject.span.end).wrapping_add(grown));
    let overlaps = |seen: &&Seen| seen.severity != Severity::Note && seen.line <= last && first <= seen.end_line;
    findings.iter().filter(overlaps).collect()
}

fn line(text: &str, at: usize) -> u32 {
    lines_in(&text[..at]) + 1
}

fn lines_in(text: &str) -> u32 {
    u32::try_from(text.bytes().filter(|byte| *byte == b'\n').count()).unwrap_or(u32::MAX)
}

/// The sum over all sources.
fn on_all_cores(sources: &[Source], work: impl Fn(&Source) -> Tally + Sync) -> Tally {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done: Vec<(usize, Tally)> = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(source) = sources.get(index) else { return done };
            done.push((index, work(source)));
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut all: Vec<(usize, Tally)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    all.sort_by_key(|(index, _)| *index);
    all.into_iter().fold(Tally::default(), |mut sum, (_, tally)| {
        sum.add(tally);
        sum
    })
}

/// Whether an operator makes a stub of the only function of a text, and which.
fn check(text: &str, operator: &str, expected: Option<&str>) {
    let subjects = reading::of("src/a.ts", text);
    let [subject] = &subjects[..] else { panic!("{} functions in {text}", subjects.len()) };
    let operator = OPERATORS.iter().find(|it| it.name == operator).unwrap();
    let body = (operator.apply)(subject, text).map(|body| body.split_whitespace().collect::<Vec<_>>().join(" "));
    assert_eq!(body.as_deref(), expected, "{} of {text}", operator.name);
}

#[test]
fn a_stub_is_made_only_where_the_work_is_gone() {
    let total = "function total(rows: Row[]): number {\n  let sum = 0;\n  for (const row of rows) sum += row.net;\n  return sum;\n}";
    check(total, "throw", Some("throw new Error('not implemented');"));
    check(total, "empty", None);
    check(total, "constant", Some("return 41.8;"));
    check(total, "typed literal", None);
    check(total, "parameter", None);
    check(total, "guards, constant", None);
    check(total, "log, constant", Some("console.info('total', rows); return 41.8;"));
    check(total, "compute, constant", Some("let sum = 0; for (const row of rows) sum += row.net; return 41.8;"));
    check(total, "random number", Some("return Math.round(Math.random() * 100);"));
    check(total, "sleep, constant", None);

    let send = "class A { async send(m: Mail): Promise<void> {\n  if (!m.to) throw new E();\n  await this.smtp.deliver(m);\n} }";
    check(send, "empty", Some(""));
    check(send, "constant", None);
    check(send, "sleep, constant", Some("await new Promise((resolve) => setTimeout(resolve, 300));"));
    check(send, "call replaced", Some("if (!m.to) throw new E(); const outcome = { success: true };"));
    check(send, "answer dropped", None);

    let load = "async function load(id: string): Promise<{ name: string }> {\n  const row = await db.find(id);\n  return { name: row.n };\n}";
    check(load, "answer dropped", Some("await db.find(id); return { name: 'Riverside Clinic' };"));
    // The question would still be asked, which is no computing.
    check(load, "compute, constant", None);
    check(load, "catch to literal", None);

    let order = "async function pay(id: string): Promise<boolean> {\n  const r = await db.query('UPDATE x SET y', id);\n  return r.n > 0;\n}";
    check(order, "answer dropped", None);

    let both =
        "class A { async put(id: string): Promise<void> {\n  await this.a.save(id);\n  await this.b.save(id);\n} }";
    check(both, "call replaced", None);
}

#[test]
fn functions_that_others_define_are_left_alone() {
    let none = |text: &str| assert!(reading::of("src/a.ts", text).is_empty(), "{text}");
    none("class A extends B { f(x: number) { const y = x * 2; return y; } }");
    none("class A implements B { f(x: number) { const y = x * 2; return y; } }");
    none("class A { constructor(x: number) { const y = x * 2; this.y = y; } }");
    none("class A { set f(x: number) { const y = x * 2; this.y = y; } }");
    none("function f() { const y = g(); return y; }");
    none("function f(x: number) { return x * 2; }");
    none("function* f(x: number) { const y = x * 2; yield y; }");
    none("items.map((x) => { const y = x * 2; return y; });");
    // Nothing is read, or nothing is answered.
    none("function f(x: number) { const y = 2; return y; }");
    none("function f(x: number) { const y = x; return 2; }");
}
