//! sha256sums beside openssl, GNU's sha256sum and that of uutils: one large file, the assets of a release, many small files.
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::Options;
use super::measure::{self, Outcome, Subject, least, median};
use crate::{parts, place};

/// What is measured and what is to be reached.
struct Row {
    name: &'static str,
    /// Bytes of each file in a full run; a usual run has an eighth of what is large.
    sizes: &'static [u64],
    files: usize,
    /// Wall time instead of CPU time.
    wall: bool,
    /// Of openssl's time.
    goal: f64,
}

/// The sizes of the assets are those of a release for five platforms.
const ROWS: [Row; 3] = [
    Row { name: "1 file, CPU", sizes: &[2 << 30], files: 1, wall: false, goal: 1.05 },
    Row {
        name: "5 assets, wall",
        sizes: &[110 << 20, 80 << 20, 60 << 20, 40 << 20, 10 << 20],
        files: 5,
        wall: true,
        goal: 0.62,
    },
    Row { name: "20,000 files, wall", sizes: &[4096], files: 20_000, wall: true, goal: 0.36 },
];
/// Files from this size on are smaller in a usual run.
const LARGE: u64 = 1 << 20;
/// The most that the binary and its memory may take.
const LIMITS: (u64, f64) = (700_000, 6.0);
/// The most milliseconds from its start to its end when there is nothing to do.
const START: f64 = 2.0;

/// Programs beside ours, and the arguments before the names of files.
const RIVALS: [(&str, &[&str]); 3] = [("openssl", &["dgst", "-sha256", "-r"]), ("GNU", &["--"]), ("uutils", &["--"])];

/// Measures everything and prints a Markdown table.
pub(crate) fn run(options: &Options, binary: &Path) -> Result<(), String> {
    let rivals = [on_path("openssl"), on_path("sha256sum"), parts::get("uutils-sha256sum")];
    println!("| what | sha256sums | of openssl | openssl | GNU | uutils |");
    println!("|---|---:|---|---:|---:|---:|");
    for row in &ROWS {
        measured(row, (binary, &rivals), options)?;
    }
    let size = std::fs::metadata(binary).map_err(|e| format!("could not find {}: {e}", binary.display()))?.len();
    let start = start(binary, options.runs)?;
    println!(
        "\nThe binary has {} KB (≤ 700: {}) and starts in {start:.1} ms (≤ {START}: {}).",
        size / 1000,
        word(size <= LIMITS.0),
        word(start <= START)
    );
    println!("{} runs in turn: the median of CPU times, the least of wall times, which others lengthen.", options.runs);
    for (failure, (name, _)) in
        rivals.iter().zip(RIVALS).filter_map(|(rival, name)| Some((rival.as_ref().err()?, name)))
    {
        println!("{name} was not measured: {failure}");
    }
    Ok(())
}

fn start(binary: &Path, runs: usize) -> Result<f64, String> {
    let folder = place::in_target("bench/sha256sums")?;
    let subject = Subject::new(binary, &folder).args(["--version"]).undisturbed();
    let outcome = measure::in_turn(&[subject], runs).pop().ok_or("nothing was measured")??;
    Ok(least(outcome.samples.iter().map(|sample| sample.wall_ms)))
}

fn on_path(name: &str) -> Result<PathBuf, String> {
    place::on_path(name).ok_or_else(|| format!("there is no {name} on PATH"))
}

fn measured(row: &Row, (binary, rivals): (&Path, &[Result<PathBuf, String>]), options: &Options) -> Result<(), String> {
    let (folder, names) = made(row, options.full)?;
    let subject = |program: &Path, args: &[&str]| {
        let subject = Subject::new(program, &folder).args(args).args(&names);
        if row.wall { subject.undisturbed() } else { subject }
    };
    let mut subjects = vec![subject(binary, &["--"])];
    let there =
        rivals.iter().zip(RIVALS).filter_map(|(program, (_, args))| Some(subject(program.as_ref().ok()?, args)));
    subjects.extend(there);
    let mut outcomes = measure::in_turn(&subjects, options.runs).into_iter();
    let own = outcomes.next().ok_or("nothing was measured")??;
    let time = |outcome: &Outcome| match row.wall {
        true => least(outcome.samples.iter().map(|sample| sample.wall_ms)),
        false => median(outcome.samples.iter().map(|sample| sample.cpu_ms)),
    };
    let mut cells = Vec::new();
    let mut openssl = f64::NAN;
    for (program, (name, _)) in rivals.iter().zip(RIVALS) {
        let outcome = match program {
            Ok(_) => outcomes.next().ok_or("a measurement is missing")??,
            Err(_) => {
                cells.push("not there".to_owned());
                continue;
            }
        };
        if digests(&outcome.said) != digests(&own.said) || digests(&own.said).len() != row.files {
            return Err(format!("{}: {name} has other digests than sha256sums", row.name));
        }
        openssl = if name == "openssl" { time(&outcome) } else { openssl };
        cells.push(format!("{:.0} ms ({:.1}×)", time(&outcome), time(&outcome) / time(&own)));
    }
    print(row, (&own, time(&own), openssl), &cells, options.full);
    Ok(())
}

fn print(row: &Row, (own, time, openssl): (&Outcome, f64, f64), cells: &[String], full: bool) {
    let ratio = time / openssl;
    let peak = own.own_mib;
    let memory = format!("{peak:.1} MiB (≤ {}: {})", LIMITS.1, word(peak <= LIMITS.1));
    let copies = (row.files / row.sizes.len()) as u64;
    let total: u64 = row.sizes.iter().map(|size| scaled(*size, full)).sum::<u64>() * copies;
    println!(
        "| {}, {} MB | {time:.0} ms, {memory} | {ratio:.2} (≤ {}: {}) | {} |",
        row.name,
        total / 1_000_000,
        row.goal,
        word(ratio <= row.goal),
        cells.join(" | "),
    );
}

fn word(reached: bool) -> &'static str {
    if reached { "yes" } else { "no" }
}

fn scaled(size: u64, full: bool) -> u64 {
    if full || size < LARGE { size } else { size / 8 }
}

/// The files of a row, made once, and their names.
fn made(row: &Row, full: bool) -> Result<(PathBuf, Vec<String>), String> {
    let kind = if full { "full" } else { "usual" };
    let folder = place::in_target(&format!("bench/sha256sums/{kind}-{}", row.files))?;
    let names: Vec<String> = (0..row.files).map(|number| format!("{number:05}.bin")).collect();
    for (number, name) in names.iter().enumerate() {
        let size = scaled(row.sizes[number % row.sizes.len()], full);
        let file = folder.join(name);
        if std::fs::metadata(&file).map_or(0, |there| there.len()) != size {
            filled(&file, size, number).map_err(|e| format!("could not make {}: {e}", file.display()))?;
        }
    }
    Ok((folder, names))
}

/// No two blocks alike, so that nothing can be saved on them.
fn filled(path: &Path, size: u64, seed: usize) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    let mut state = seed as u64 + 1;
    let mut left = size;
    while left > 0 {
        let mut block = Vec::with_capacity(1 << 16);
        while block.len() < 1 << 16 {
            // xorshift64.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            block.extend_from_slice(&state.to_le_bytes());
        }
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(block.len());
        file.write_all(&block[..count])?;
        left -= count as u64;
    }
    Ok(())
}

/// The digests at the starts of lines, in their order.
fn digests(said: &str) -> Vec<&str> {
    said.lines().filter_map(|line| line.get(..64)).collect()
}
