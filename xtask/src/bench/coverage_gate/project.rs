//! A seeded repository whose files fit a report: what each file is called, which of its lines are code, and which changed.
use std::fmt::Write as _;
use std::path::PathBuf;

use super::super::repository;
use super::reports;
use crate::place;

/// Lines of a file; five of eight are code.
const LINES: usize = 400;

/// A report and the repository that it is about.
pub(crate) struct Project {
    /// Its folder.
    pub(crate) name: &'static str,
    pub(crate) format: Format,
    /// Tracked files.
    pub(crate) files: usize,
    /// Files in the report, the first of all.
    pub(crate) reported: usize,
    /// Files of the report that the branch `feature` changes.
    pub(crate) changed: usize,
}

/// What the report is written in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Cobertura,
    Lcov,
    Jacoco,
}

impl Format {
    /// The report's name in the repository.
    pub(crate) fn file(self) -> &'static str {
        match self {
            Self::Cobertura => "coverage.xml",
            Self::Lcov => "lcov.info",
            Self::Jacoco => "jacoco.xml",
        }
    }

    /// What people call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Cobertura => "Cobertura",
            Self::Lcov => "LCOV",
            Self::Jacoco => "JaCoCo",
        }
    }

    /// The folder below which packages lie: reports of JaCoCo do not tell.
    pub(crate) fn root(self) -> &'static str {
        if self == Self::Jacoco { "app/src/main/kotlin/" } else { "" }
    }
}

/// A line of code.
pub(crate) struct Line {
    pub(crate) number: usize,
    pub(crate) hits: u64,
    /// Whether it has two branches, of which one is never taken.
    pub(crate) branches: bool,
}

/// A linear congruential generator, Knuth's MMIX: the same numbers everywhere, and nothing to depend on.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// The lines of code of a file, of which four of five were executed.
pub(crate) fn lines(file: usize) -> impl Iterator<Item = Line> {
    let mut random = Random(file as u64);
    (1..=LINES).filter(|number| is_code(*number)).map(move |number| {
        let hits = if random.below(5) == 0 { 0 } else { 1 + random.below(9) };
        Line { number, hits, branches: random.below(11) == 0 }
    })
}

fn is_code(number: usize) -> bool {
    number % 8 >= 3
}

impl Project {
    /// The checked-out repository, with its report as an untracked file in it; made if it is not there.
    pub(crate) fn made(&self) -> Result<PathBuf, String> {
        let folder = place::in_target("bench/coverage-gate")?.join(self.name);
        let report = folder.join(self.format.file());
        if report.exists() {
            return Ok(folder);
        }
        repository::import(&folder, self.stream())?;
        repository::check_out(&folder)?;
        let part = folder.join(".git/report");
        reports::write(self, &folder, &part)?;
        std::fs::rename(&part, &report).map_err(|e| format!("could not make {}: {e}", report.display()))?;
        Ok(folder)
    }

    /// The package that a file is in, with slashes: fifty files each.
    pub(crate) fn package(&self, file: usize) -> String {
        let first = if self.format == Format::Jacoco { "com/example" } else { "src/app" };
        format!("{first}/p{:03}", file / 50)
    }

    /// The name of a file without its folder.
    pub(crate) fn base(&self, file: usize) -> String {
        format!("{}{file:05}.{}", if self.format == Format::Jacoco { "File" } else { "file_" }, self.ending())
    }

    fn ending(&self) -> &'static str {
        if self.format == Format::Jacoco { "kt" } else { "py" }
    }

    fn stream(&self) -> String {
        let mut stream = repository::commit("main", 1);
        // A step that is prime to every such size visits each file once.
        let changed: Vec<usize> =
            (0..self.reported).map(|index| index * 7_919 % self.reported).take(self.changed).collect();
        let is_changed: std::collections::HashSet<&usize> = changed.iter().collect();
        for file in 0..self.files {
            // Nobody looks into files that did not change: their first line will do.
            let lines = if is_changed.contains(&file) { LINES } else { 1 };
            self.file(&mut stream, file, (lines, &[]));
        }
        stream += &repository::commit("feature", 2);
        stream += "from :1\n";
        for file in changed {
            let mut random = Random(!(file as u64));
            let hunks = [0, 1, 2].map(|third| 4 + 130 * third + random.below(100) as usize);
            self.file(&mut stream, file, (LINES, &hunks));
        }
        stream
    }

    /// A file of so many lines, with eight changed from each of these on.
    fn file(&self, stream: &mut String, file: usize, (lines, hunks): (usize, &[usize])) {
        let mut text = String::new();
        for number in 1..=lines {
            let value = number + usize::from(hunks.iter().any(|first| (*first..first + 8).contains(&number)));
            // Writing to a String cannot fail.
            let _ = match (self.format, number) {
                (Format::Jacoco, 1) => writeln!(text, "package {}", self.package(file).replace('/', ".")),
                (Format::Jacoco, _) if is_code(number) => writeln!(text, "val v{number} = if (on) {value} else 0"),
                (_, _) if is_code(number) => writeln!(text, "v{number} = {value} if on else 0"),
                (Format::Jacoco, _) if number % 8 == 1 => writeln!(text, "// {value}"),
                (_, _) if number % 8 == 1 => writeln!(text, "# {value}"),
                _ => writeln!(text),
            };
        }
        let path = format!("{}{}/{}", self.format.root(), self.package(file), self.base(file));
        let _ = write!(stream, "M 100644 inline {path}\ndata {}\n{text}\n", text.len());
    }
}
