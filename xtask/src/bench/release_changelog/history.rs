//! A seeded history: commits with bodies and footers, merges, reverts, and tags of which some are pre-releases.
use std::fmt::Write as _;
use std::path::PathBuf;

use crate::bench::repository;
use crate::place;
use crate::program::Program;

/// How large it is.
#[derive(Clone, Copy)]
pub(crate) struct History {
    pub(crate) commits: usize,
    pub(crate) tags: usize,
    /// Commits of the last release.
    pub(crate) last: usize,
}

const KINDS: [&str; 10] = ["feat", "fix", "fix", "docs", "chore", "refactor", "perf", "test", "ci", "Update"];
const SCOPES: [&str; 8] = ["", "(core)", "(cli)", "", "(api)", "(ui)", "(deps)", ""];
const WORDS: [&str; 16] = [
    "read", "the", "stream", "of", "commits", "without", "copying", "what", "nobody", "needs", "in", "one", "pass",
    "over", "every", "file",
];

/// The same numbers in every run.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn words(&mut self, count: usize) -> String {
        (0..count).map(|_| WORDS[self.below(WORDS.len())]).collect::<Vec<_>>().join(" ")
    }
}

impl History {
    /// Makes it once, packed as a clone is; later runs find it.
    pub(crate) fn build(self) -> Result<PathBuf, String> {
        let folder = place::in_target("bench/release-changelog")?.join(format!("{}-{}", self.commits, self.tags));
        if folder.join(".git/packed-refs").exists() {
            return Ok(folder);
        }
        repository::import(&folder, self.stream())?;
        // The import leaves HEAD on a branch that is not there.
        Program::new("git", ["symbolic-ref", "HEAD", "refs/heads/main"]).at(&folder).run()?;
        // One pack, as a clone has it; no graph file, which clones do not have either.
        Program::new("git", ["repack", "-adq"]).at(&folder).run()?;
        Program::new("git", ["pack-refs", "--all"]).at(&folder).run()?;
        Ok(folder)
    }

    fn stream(self) -> String {
        let mut seeded = Seeded(42);
        let mut stream = String::new();
        let first_of_last = self.commits - self.last;
        let step = (first_of_last / (self.tags - 2)).max(1);
        for mark in 1..=self.commits {
            self.commit(&mut stream, mark, &mut seeded);
            let number = mark / step;
            if mark % step == 0 && number < self.tags - 1 && mark < first_of_last {
                tag(&mut stream, &name(number), mark);
            }
            if mark == first_of_last {
                tag(&mut stream, "v9.9.8", mark);
            }
        }
        tag(&mut stream, "v9.9.9", self.commits);
        stream
    }

    fn commit(self, stream: &mut String, mark: usize, seeded: &mut Seeded) {
        let who = format!("Author {0} <author{0}@example.org>", seeded.below(200));
        let date = 1_500_000_000 + mark * 600;
        let message = message(mark, seeded);
        // Writing to a string cannot fail.
        let _ = write!(
            stream,
            "commit refs/heads/main\nmark :{mark}\nauthor {who} {date} +0200\ncommitter {who} {date} +0200\ndata {}\n{message}\n",
            message.len()
        );
        if mark > 3 {
            // Every eighth joins two lines.
            match mark % 8 {
                0 => drop(writeln!(stream, "from :{}\nmerge :{}", mark - 2, mark - 1)),
                7 => drop(writeln!(stream, "from :{}", mark - 2)),
                _ => drop(writeln!(stream, "from :{}", mark - 1)),
            }
        }
        let _ = write!(
            stream,
            "M 100644 inline src/file{}.rs\ndata {}\n{mark}\n",
            seeded.below(300),
            mark.to_string().len()
        );
    }
}

fn message(mark: usize, seeded: &mut Seeded) -> String {
    if mark.is_multiple_of(8) {
        return format!("Merge pull request #{mark} from someone/topic\n\nfix: {}", seeded.words(5));
    }
    let subject = format!("{}{}", KINDS[seeded.below(KINDS.len())], SCOPES[seeded.below(SCOPES.len())]);
    let colon = if subject.starts_with("Update") { "" } else { ":" };
    let mut message = format!("{subject}{colon} {} (#{mark})", seeded.words(6));
    for _ in 0..seeded.below(4) {
        let _ = write!(message, "\n\n{}\n{}", seeded.words(10), seeded.words(9));
    }
    if seeded.below(60) == 0 {
        let _ = write!(message, "\n\nBREAKING CHANGE: {}", seeded.words(12));
    }
    if seeded.below(3) == 0 {
        let _ = write!(message, "\n\nSigned-off-by: Author {0} <author{0}@example.org>", seeded.below(200));
    }
    message
}

/// Every seventh is a pre-release of the next.
fn name(number: usize) -> String {
    let version = |number: usize| format!("v1.{}.{}", number / 10, number % 10);
    if number % 7 == 3 { format!("{}-rc.1", version(number + 1)) } else { version(number) }
}

/// Half of the tags have a tagger, as those of most tools.
fn tag(stream: &mut String, name: &str, mark: usize) {
    let _ = match mark % 2 {
        0 => write!(stream, "reset refs/tags/{name}\nfrom :{mark}\n\n"),
        _ => write!(
            stream,
            "tag {name}\nfrom :{mark}\ntagger A <a@b.example> 1600000000 +0000\ndata {}\n{name}\n",
            name.len()
        ),
    };
}
