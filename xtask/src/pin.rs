//! `cargo xtask pin`: what workflows call of ours, pinned by ids of commits that there are.
//!
//! A tool is pinned by its committed tree, a workflow or action of this repository by the last commit that changed it, so that pinning
//! again changes nothing. What a tool's own README shows is part of its tree and cannot hold the tree's id: it stays `@v1`.
use std::path::{Path, PathBuf};

use clap::Args;

use crate::place;
use crate::program::Program;

/// Whose actions are ours, and which of them is this repository.
const OWNER: &str = "dataflow/";
const HERE: &str = "dataflow/tools/";
/// Where pins of ours may stand.
const PLACES: [&str; 3] = [".github", "fixtures/monorepo/.github", "README.md"];

/// What to pin by.
#[derive(Args)]
pub(crate) struct Options {
    /// Folder of bare repositories `<tool>.git`, as `cargo xtask dist --commit` makes them; target/dist when not given
    #[arg(long, value_name = "DIR")]
    trees: Option<PathBuf>,
    /// Pin workflows and actions of this repository by this commit instead of the last one that changed each
    #[arg(long, value_name = "REF")]
    by: Option<String>,
    /// Version in the comment; the workspace's when not given
    #[arg(long, value_name = "vX.Y.Z")]
    tag: Option<String>,
    /// Change nothing: say which pins are not ids of a known commit, and fail if there are any
    #[arg(long)]
    check: bool,
}

/// Pins, or checks the pins.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    let trees = options.trees.clone().map_or_else(|| place::in_target("dist"), Ok)?;
    let version = options.tag.clone().unwrap_or_else(|| concat!("v", env!("CARGO_PKG_VERSION")).to_owned());
    let source = Source { root: place::root(), trees, by: options.by.clone(), version };
    if options.check {
        let (pins, wrong) = source.check()?;
        println!("{pins} pins, {} wrong", wrong.len());
        return if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) };
    }
    let changed = source.pin()?;
    changed.iter().for_each(|line| println!("{line}"));
    println!("{} pins changed", changed.len());
    Ok(())
}

/// Where pins stand and what they are made of.
struct Source {
    root: PathBuf,
    trees: PathBuf,
    by: Option<String>,
    version: String,
}

/// A pin in a line: what is called, and its commit.
#[derive(Debug, PartialEq, Eq)]
struct Pin<'a> {
    /// The line up to the `@`, with it.
    before: &'a str,
    name: &'a str,
    id: &'a str,
}

impl Source {
    /// Rewrites every pin; gives what was changed. Nothing is written unless all ids are known.
    fn pin(&self) -> Result<Vec<String>, String> {
        self.whole_history()?;
        let (mut changed, mut written) = (Vec::new(), Vec::new());
        for file in self.files()? {
            let old = place::read(&self.root.join(&file))?;
            let mut new = String::with_capacity(old.len());
            for (number, line) in old.split_inclusive('\n').enumerate() {
                let Some(pin) = pin(line) else {
                    new.push_str(line);
                    continue;
                };
                let id = self.known(pin.name).map_err(|why| format!("{file}:{}: {why}", number + 1))?;
                let end = if line.ends_with('\n') { "\n" } else { "" };
                let line_now = format!("{}{id} # {}{end}", pin.before, self.version);
                if line_now != line {
                    changed.push(format!("{file}:{}: {} is now {id}", number + 1, pin.name));
                }
                new.push_str(&line_now);
            }
            written.extend((new != old).then_some((file, new)));
        }
        written.iter().try_for_each(|(file, text)| place::write(&self.root.join(file), text))?;
        Ok(changed)
    }

    /// How many pins there are, and what is wrong with which.
    fn check(&self) -> Result<(usize, Vec<String>), String> {
        self.whole_history()?;
        let (mut count, mut wrong) = (0, Vec::new());
        for file in self.files()? {
            let text = place::read(&self.root.join(&file))?;
            for (number, pin) in text.lines().enumerate().filter_map(|(number, line)| Some((number, pin(line)?))) {
                count += 1;
                wrong.extend(self.doubt(&pin).map(|why| format!("{file}:{}: {}: {why}", number + 1, pin.name)));
            }
        }
        Ok((count, wrong))
    }

    /// Why a pin leads nowhere; none when it does lead somewhere.
    fn doubt(&self, pin: &Pin<'_>) -> Option<String> {
        if pin.id.bytes().all(|byte| byte == b'0') {
            return Some("zeros stand for a release that is not made yet; `cargo xtask pin` writes its id".to_owned());
        }
        let (repository, wanted) = match pin.name.strip_prefix(HERE) {
            Some(path) => (self.root.clone(), format!("{}:{path}", pin.id)),
            None => (self.tree(pin.name), format!("{}:action.yml", pin.id)),
        };
        let reached = |words: &[&str]| git(&repository, words).is_ok();
        let known = repository.exists()
            && reached(&["cat-file", "-e", &wanted])
            && reached(&["merge-base", "--is-ancestor", pin.id, "HEAD"]);
        (!known).then(|| format!("{} is no commit of {} that has it", pin.id, repository.display()))
    }

    /// The commit that a name is pinned by.
    fn known(&self, name: &str) -> Result<String, String> {
        let Some(path) = name.strip_prefix(HERE) else {
            let missing = |_| {
                let folder = self.trees.display();
                format!("there is no committed tree of {name} in {folder}; `cargo xtask dist --commit` makes it")
            };
            return git(&self.tree(name), &["rev-parse", "--verify", "--quiet", "refs/heads/main^{commit}"])
                .map_err(missing);
        };
        let id = match &self.by {
            Some(by) => git(&self.root, &["rev-parse", "--verify", &format!("{by}^{{commit}}")])?,
            None => git(&self.root, &["log", "-1", "--format=%H", "--", path])?,
        };
        let there = !id.is_empty() && git(&self.root, &["cat-file", "-e", &format!("{id}:{path}")]).is_ok();
        there.then_some(id).ok_or_else(|| format!("no commit has {path}; commit it first"))
    }

    fn tree(&self, name: &str) -> PathBuf {
        self.trees.join(format!("{}.git", name.trim_start_matches(OWNER)))
    }

    /// In a shallow clone the oldest commit seems to have made everything.
    fn whole_history(&self) -> Result<(), String> {
        match git(&self.root, &["rev-parse", "--is-shallow-repository"])?.as_str() {
            "false" => Ok(()),
            _ => Err(
                "the history is not whole, so the last change of a file is not known; `git fetch --unshallow` gets it"
                    .to_owned(),
            ),
        }
    }

    fn files(&self) -> Result<Vec<String>, String> {
        let listed = git(&self.root, &[["ls-files", "-z", "--"].as_slice(), &PLACES].concat())?;
        let is_text = |file: &&str| [".yml", ".yaml", ".md"].iter().any(|end| file.ends_with(end));
        Ok(listed.split('\0').filter(is_text).map(str::to_owned).collect())
    }
}

/// The pin of ours in a line. A line that names no commit has none: `@v1` in an example is no pin.
fn pin(line: &str) -> Option<Pin<'_>> {
    let start = line.find("uses: ")? + "uses: ".len();
    let (name, rest) = line[start..].split_once('@')?;
    let id = rest.get(..40).filter(|id| id.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    let ends = !rest[40..].starts_with(|next: char| next.is_ascii_alphanumeric());
    (name.starts_with(OWNER) && ends).then(|| Pin { before: &line[..=start + name.len()], name, id })
}

fn git(repository: &Path, words: &[&str]) -> Result<String, String> {
    let place = ["-C", &repository.to_string_lossy()].map(str::to_owned);
    let said = Program::new("git", place.into_iter().chain(words.iter().map(|&word| word.to_owned()))).output()?;
    Ok(said.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// A copy of this repository's workflows and documents with a history of its own, and made-up trees of all tools.
    fn copy(folder: &Path) -> Source {
        let source =
            Source { root: folder.join("copy"), trees: folder.join("trees"), by: None, version: "v1.2.3".to_owned() };
        let here = Source { root: place::root(), trees: PathBuf::new(), by: None, version: String::new() };
        for file in here.files().unwrap() {
            let target = source.root.join(&file);
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::copy(place::root().join(&file), target).unwrap();
        }
        for name in place::bins() {
            let tree = source.trees.join(format!("{name}.git"));
            fs::create_dir_all(&tree).unwrap();
            fs::write(tree.join("action.yml"), name).unwrap();
            commits(&tree, "release");
        }
        commits(&source.root, "begin");
        source
    }

    fn commits(folder: &Path, subject: &str) {
        git(folder, &["init", "--quiet", "--initial-branch", "main"]).unwrap();
        git(folder, &["add", "--all", "--force"]).unwrap();
        let identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgSign=false"];
        git(folder, &[identity.as_slice(), &["commit", "--quiet", "--message", subject]].concat()).unwrap();
    }

    #[test]
    fn every_pin_becomes_the_id_of_a_commit_and_then_stays() {
        let folder = tempfile::tempdir().unwrap();
        let source = copy(folder.path());
        let (pins, wrong) = source.check().unwrap();
        assert!(pins > 25 && wrong.len() == pins, "{pins} pins, wrong: {wrong:#?}");
        assert_eq!(source.pin().unwrap().len(), pins);
        // What calls the changed workflows is pinned by the commit that changed them.
        commits(&source.root, "pin the tools");
        let again = source.pin().unwrap();
        assert!(!again.is_empty() && again.iter().all(|line| line.starts_with("fixtures/")), "{again:#?}");
        commits(&source.root, "pin the workflows");
        assert_eq!(source.pin().unwrap(), Vec::<String>::new());
        assert_eq!(source.check().unwrap(), (pins, Vec::new()));
        let caller = fs::read_to_string(source.root.join("fixtures/monorepo/.github/workflows/ci.yml")).unwrap();
        let id = git(&source.root, &["log", "-1", "--format=%H", "--", ".github/workflows/ci.yml"]).unwrap();
        assert!(caller.contains(&format!("uses: dataflow/tools/.github/workflows/ci.yml@{id} # v1.2.3\n")), "{caller}");
    }

    #[test]
    fn a_pin_that_leads_nowhere_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let source = copy(folder.path());
        source.pin().unwrap();
        commits(&source.root, "pin");
        let file = source.root.join(".github/workflows/ci.yml");
        let text = fs::read_to_string(&file).unwrap();
        let tree = git(&source.trees.join("paths-filter.git"), &["rev-parse", "HEAD"]).unwrap();
        // A commit of another tool is no commit of this one.
        let other = git(&source.trees.join("job-gate.git"), &["rev-parse", "HEAD"]).unwrap();
        fs::write(&file, text.replacen(&tree, &other, 1)).unwrap();
        let (_, wrong) = source.check().unwrap();
        assert!(wrong.len() == 1 && wrong[0].contains("dataflow/paths-filter"), "{wrong:#?}");
    }

    #[test]
    fn nothing_is_written_where_a_tree_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let source = copy(folder.path());
        fs::remove_dir_all(source.trees.join("job-gate.git")).unwrap();
        let failure = source.pin().unwrap_err();
        assert!(failure.contains("no committed tree of dataflow/job-gate"), "{failure}");
        assert_eq!(git(&source.root, &["status", "--porcelain"]).unwrap(), "");
    }

    #[test]
    fn a_pin_is_an_id_of_ours() {
        let id = "0123456789abcdef0123456789abcdef01234567";
        let found = |line: &str| pin(line).map(|pin| (pin.name.to_owned(), pin.id.to_owned()));
        let ours = Some(("dataflow/job-gate".to_owned(), id.to_owned()));
        assert_eq!(found(&format!("  - uses: dataflow/job-gate@{id} # v1")), ours);
        assert_eq!(found(&format!("uses: dataflow/job-gate@{id}")), ours);
        for line in [
            "uses: dataflow/job-gate@v1 # pin by commit id".to_owned(),
            format!("uses: dataflow/job-gate@{id}0"),
            format!("uses: actions/checkout@{id} # v5"),
            format!("dataflow/job-gate@{id}"),
            "uses: dataflow/job-gate@é".to_owned(),
        ] {
            assert_eq!(found(&line), None, "{line}");
        }
    }
}
