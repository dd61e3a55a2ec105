//! One run of one command as the operating system accounts for it, and many in turn.
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;

use crate::place;
use crate::program::Program;

/// What one run took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    /// User and system time, in milliseconds.
    pub(crate) cpu_ms: f64,
    /// Peak resident memory, in MiB.
    pub(crate) peak_mib: f64,
}

/// A command to measure.
pub(crate) struct Subject {
    program: OsString,
    args: Vec<OsString>,
    folder: PathBuf,
    env: Vec<(String, OsString)>,
    emptied: Vec<PathBuf>,
}

impl Subject {
    /// A program in a working folder.
    pub(crate) fn new(program: impl AsRef<OsStr>, folder: &Path) -> Subject {
        let program = program.as_ref().to_owned();
        Subject { program, args: Vec::new(), folder: folder.to_owned(), env: Vec::new(), emptied: Vec::new() }
    }

    /// Its arguments.
    pub(crate) fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Subject {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// One more variable of its environment.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Subject {
        self.env.push((name.to_owned(), value.as_ref().to_owned()));
        self
    }

    /// A file that is empty before each run.
    pub(crate) fn emptied(mut self, file: PathBuf) -> Subject {
        self.emptied.push(file);
        self
    }

    fn sample(&self) -> Result<Sample, String> {
        for file in &self.emptied {
            place::write(file, "")?;
        }
        // A process of its own for each run: the system keeps only the largest peak of all children.
        let me = std::env::current_exe().map_err(|e| format!("could not find this program: {e}"))?;
        let mut program = Program::new(
            me,
            [OsStr::new("measured"), OsStr::new("--"), &self.program]
                .into_iter()
                .chain(self.args.iter().map(OsString::as_os_str)),
        );
        program = program.at(&self.folder);
        for (name, value) in &self.env {
            program = program.env(name, value);
        }
        let said = program.output()?;
        let numbers: Vec<f64> = said.split_whitespace().filter_map(|number| number.parse().ok()).collect();
        let [cpu_ms, peak_mib] = numbers[..] else { return Err(format!("no measurement: {said}")) };
        Ok(Sample { cpu_ms, peak_mib })
    }
}

/// All subjects in turn, after one uncounted round; the samples of each.
pub(crate) fn in_turn(subjects: &[Subject], runs: usize) -> Result<Vec<Vec<Sample>>, String> {
    let mut samples = vec![Vec::with_capacity(runs); subjects.len()];
    for run in 0..=runs {
        for (subject, samples) in subjects.iter().zip(&mut samples) {
            let sample = subject.sample()?;
            if run > 0 {
                samples.push(sample);
            }
        }
    }
    Ok(samples)
}

/// The middle of the numbers.
pub(crate) fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A command to run once; prints its CPU milliseconds and peak MiB. Used by the bench itself.
#[derive(Args)]
pub(crate) struct Measured {
    /// The command line
    #[arg(last = true, required = true)]
    command: Vec<OsString>,
}

/// Runs a command with its output thrown away, and prints what the system says of it.
pub(crate) fn once(measured: &Measured) -> Result<(), String> {
    let [program, args @ ..] = &measured.command[..] else { return Err("no command".to_owned()) };
    let mut command = Command::new(program);
    let status = command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let status = status.map_err(|e| format!("could not run {}: {e}", program.to_string_lossy()))?;
    if !status.success() {
        return Err(format!("{} ended with {status}", program.to_string_lossy()));
    }
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|e| format!("could not read its usage: {e}"))?;
    let cpu = (usage.user_time() + usage.system_time()).num_microseconds();
    println!("{} {}", cpu as f64 / 1000.0, usage.max_rss() as f64 / 1024.0);
    Ok(())
}
