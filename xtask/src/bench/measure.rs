//! One run of one command as the operating system accounts for it, and many in turn.
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

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
    /// From its start to its end, in milliseconds.
    pub(crate) wall_ms: f64,
    /// Peak resident memory of the largest process, its children included, in MiB.
    pub(crate) peak_mib: f64,
    /// The same of the process itself, as it was last seen; nothing where nobody looked.
    pub(crate) own_mib: f64,
    /// Whether it was ended because it had reached its limit: the times are the least that it takes.
    pub(crate) ended: bool,
}

/// All that came of one command.
pub(crate) struct Outcome {
    /// Its counted runs.
    pub(crate) samples: Vec<Sample>,
    /// What it printed in the uncounted run.
    pub(crate) said: String,
    /// Peak memory of the process itself in the uncounted run, in which it was looked at, in MiB. Where its command line is
    /// long this is the figure to take: what the system tells afterwards includes us, who handed that line over.
    pub(crate) own_mib: f64,
}

/// A command to measure.
pub(crate) struct Subject {
    program: OsString,
    args: Vec<OsString>,
    folder: PathBuf,
    env: Vec<(String, OsString)>,
    emptied: Vec<PathBuf>,
    most: usize,
    limit: Option<u64>,
    finds: bool,
    undisturbed: bool,
}

impl Subject {
    /// A program in a working folder.
    pub(crate) fn new(program: impl AsRef<OsStr>, folder: &Path) -> Subject {
        let program = program.as_ref().to_owned();
        let folder = folder.to_owned();
        let (args, env, emptied, limit) = Default::default();
        Subject { program, args, folder, env, emptied, most: usize::MAX, limit, finds: false, undisturbed: false }
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

    /// Runs it no longer than so many seconds; then it is ended, which counts as an answer.
    pub(crate) fn limit(mut self, seconds: u64) -> Subject {
        self.limit = Some(seconds);
        self
    }

    /// Counts no more runs than that; of one alone the first, whose output is kept too.
    pub(crate) fn at_most(mut self, runs: usize) -> Subject {
        self.most = runs;
        self
    }

    /// It may end with 1, which says that it found something.
    pub(crate) fn finds(mut self) -> Subject {
        self.finds = true;
        self
    }

    /// Nobody looks at it while it runs, which would take a core's time from it: for wall times.
    pub(crate) fn undisturbed(mut self) -> Subject {
        self.undisturbed = true;
        self
    }

    /// Runs it once; what it prints goes into the file.
    fn sample(&self, said: &Path, undisturbed: bool) -> Result<Sample, String> {
        for file in &self.emptied {
            place::write(file, "")?;
        }
        // A process of its own for each run: the system keeps only the largest peak of all children.
        let me = std::env::current_exe().map_err(|e| format!("could not find this program: {e}"))?;
        let limit = self.limit.map(|seconds| OsString::from(format!("--limit={seconds}")));
        let mut program = Program::new(
            me,
            [OsStr::new("measured"), OsStr::new("--said"), said.as_os_str()]
                .into_iter()
                .chain(self.finds.then_some(OsStr::new("--finds")))
                .chain(limit.as_deref())
                .chain(undisturbed.then_some(OsStr::new("--undisturbed")))
                .chain([OsStr::new("--"), &self.program])
                .chain(self.args.iter().map(OsString::as_os_str)),
        );
        program = program.at(&self.folder);
        for (name, value) in &self.env {
            program = program.env(name, value);
        }
        let said = program.output()?;
        let numbers: Vec<f64> = said.split_whitespace().filter_map(|number| number.parse().ok()).collect();
        let [cpu_ms, peak_mib, own_mib, wall_ms, ended] = numbers[..] else {
            return Err(format!("no measurement: {said}"));
        };
        Ok(Sample { cpu_ms, wall_ms, peak_mib, own_mib, ended: ended > 0.0 })
    }

    /// The first run: what the command prints is kept. It is counted only where it is the only one.
    fn first(&self) -> Result<Outcome, String> {
        let said = place::in_target("bench")?.join("said");
        let first = self.sample(&said, false)?;
        let bytes = std::fs::read(&said).map_err(|e| format!("could not read {}: {e}", said.display()))?;
        let samples = if self.most == 1 { vec![first] } else { Vec::new() };
        Ok(Outcome { samples, said: String::from_utf8_lossy(&bytes).into_owned(), own_mib: first.own_mib })
    }
}

/// All subjects in turn, after one uncounted round. One that fails is not run again.
pub(crate) fn in_turn(subjects: &[Subject], runs: usize) -> Vec<Result<Outcome, String>> {
    let mut outcomes: Vec<_> = subjects.iter().map(Subject::first).collect();
    for run in 0..runs {
        let again = |subject: &Subject| subject.most > 1 && run < subject.most;
        for (subject, outcome) in subjects.iter().zip(&mut outcomes).filter(|(subject, _)| again(subject)) {
            let Ok(known) = outcome else { continue };
            match subject.sample(Path::new("/dev/null"), subject.undisturbed) {
                Ok(sample) => known.samples.push(sample),
                Err(failure) => *outcome = Err(failure),
            }
        }
    }
    outcomes
}

/// The middle of the numbers.
pub(crate) fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The least of the numbers: what comes of a wall time when nobody else wants the cores.
pub(crate) fn least(numbers: impl Iterator<Item = f64>) -> f64 {
    numbers.fold(f64::NAN, f64::min)
}

/// A command to run once; prints its CPU milliseconds, peak MiB and wall milliseconds. Used by the bench itself.
#[derive(Args)]
pub(crate) struct Measured {
    /// Where its output goes
    #[arg(long, default_value = "/dev/null")]
    said: PathBuf,
    /// Whether 1 is an answer of it
    #[arg(long)]
    finds: bool,
    /// Whether nobody looks at it while it runs
    #[arg(long)]
    undisturbed: bool,
    /// Seconds after which it is ended
    #[arg(long, default_value_t = u64::MAX)]
    limit: u64,
    /// The command line
    #[arg(last = true, required = true)]
    command: Vec<OsString>,
}

/// Runs a command quietly, and prints what the system says of it.
pub(crate) fn once(measured: &Measured) -> Result<(), String> {
    let [program, args @ ..] = &measured.command[..] else { return Err("no command".to_owned()) };
    let failed = |e: std::io::Error| format!("could not run {}: {e}", program.to_string_lossy());
    let said = File::create(&measured.said).map_err(failed)?;
    let start = Instant::now();
    let mut child = Command::new(program).args(args).stdin(Stdio::null()).stdout(said).spawn().map_err(failed)?;
    let limit = Duration::from_secs(measured.limit);
    let (status, own) = match measured.undisturbed {
        true => (child.wait().map_err(failed)?, 0),
        false => watch(&mut child, limit).map_err(failed)?,
    };
    let wall = start.elapsed().as_secs_f64() * 1e3;
    let ended = !measured.undisturbed && start.elapsed() >= limit;
    let answered = ended || status.success() || (measured.finds && status.code() == Some(1));
    if !answered {
        return Err(format!("{} ended with {status}", program.to_string_lossy()));
    }
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|e| format!("could not read its usage: {e}"))?;
    let cpu = (usage.user_time() + usage.system_time()).num_microseconds();
    let (peak, own) = (usage.max_rss() as f64 / 1024.0, own as f64 / 1024.0);
    println!("{} {peak} {own} {wall} {}", cpu as f64 / 1000.0, u8::from(ended));
    Ok(())
}

/// Waits for the end, and looks meanwhile how high memory goes, in KiB: afterwards the system tells only the largest of
/// a process and its children. Ends it when its time is over.
fn watch(child: &mut Child, limit: Duration) -> std::io::Result<(ExitStatus, u64)> {
    let start = Instant::now();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        let seen = std::fs::read_to_string(&status).unwrap_or_default();
        let high = seen.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok());
        peak = peak.max(high.unwrap_or(0));
        if let Some(ended) = child.try_wait()? {
            return Ok((ended, peak));
        }
        if start.elapsed() >= limit {
            child.kill()?;
        }
        std::thread::sleep(Duration::from_micros(500));
    }
}
