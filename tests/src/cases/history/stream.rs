//! Turning steps into a stream for `git fast-import`, with the files of every commit kept in mind.
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;

use super::read::{Change, Step};

/// A minute before the first commit, in seconds since 1970.
const FIRST_DATE: i64 = 1_700_000_000;

/// A file: its mode as git writes it, and its content; a submodule's content is the commit id.
type Entry = (&'static str, String);
/// All files of a commit.
type Files = BTreeMap<String, Entry>;

struct Commit {
    files: Files,
    parents: Vec<usize>,
}

/// The stream so far, and what is known about it.
#[derive(Default)]
pub(super) struct Stream {
    /// For `git fast-import`.
    pub(super) text: String,
    /// Labels in the order of their marks, which count from 1.
    pub(super) labels: Vec<String>,
    commits: Vec<Commit>,
    branches: BTreeMap<String, usize>,
}

impl Stream {
    /// Adds a step; gives back one that is not for the stream.
    pub(super) fn add(&mut self, step: &Step) -> Result<bool, String> {
        match step {
            Step::Commit { label, branch, from, changes } => {
                let parent = match from {
                    Some(from) => Some(self.find(from)?),
                    None => self.branches.get(branch).copied(),
                };
                let files = parent.map(|parent| self.commits[parent].files.clone()).unwrap_or_default();
                self.commit((label, branch), files, (parent.into_iter().collect(), changes))?;
            }
            Step::Merge { label, branch, of, changes } => {
                let ours = *self.branches.get(branch).ok_or_else(|| format!("there is no branch {branch}"))?;
                let theirs: Vec<usize> = of.iter().map(|name| self.find(name)).collect::<Result<_, _>>()?;
                let files = self.merged(ours, theirs[0]);
                let parents = [ours].into_iter().chain(theirs).collect();
                self.commit((label, branch), files, (parents, changes))?;
            }
            Step::Ref { name, at } => {
                let at = self.find(at)?;
                let _ = writeln!(self.text, "reset {name}\nfrom :{}\n", at + 1);
                if let Some(branch) = name.strip_prefix("refs/heads/") {
                    self.branches.insert(branch.to_owned(), at);
                }
            }
            Step::Annotated { name, at } => {
                let at = self.find(at)?;
                let who = format!("case <case@example.invalid> {} +0000", FIRST_DATE + 86_400);
                let _ = writeln!(self.text, "tag {name}\nfrom :{}\ntagger {who}\ndata {}\n{name}", at + 1, name.len());
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// A commit by its label, or the tip of a branch.
    fn find(&self, name: &str) -> Result<usize, String> {
        let labelled = self.labels.iter().position(|label| label == name);
        labelled.or_else(|| self.branches.get(name).copied()).ok_or_else(|| format!("there is no commit {name}"))
    }

    fn commit(
        &mut self,
        (label, branch): (&str, &str),
        mut files: Files,
        (parents, changes): (Vec<usize>, &[Change]),
    ) -> Result<(), String> {
        if self.labels.iter().any(|known| known == label) {
            return Err(format!("two commits are called {label}"));
        }
        changes.iter().try_for_each(|change| apply(&mut files, change))?;
        let mark = self.commits.len() + 1;
        // A minute apart, so that the order of dates is the order of the text.
        let (mut date, mut author, mut message) = (FIRST_DATE + 60 * mark as i64, "case <case@example.invalid>", label);
        for change in changes {
            match change {
                Change::Message(text) => message = text,
                Change::Author(name) => author = name,
                Change::Date(given) => date = *given,
                _ => {}
            }
        }
        let _ = write!(self.text, "reset refs/heads/{branch}\n\n");
        let _ = writeln!(self.text, "commit refs/heads/{branch}\nmark :{mark}\nauthor {author} {date} +0000");
        let _ = writeln!(
            self.text,
            "committer case <case@example.invalid> {date} +0000\ndata {}\n{message}",
            message.len()
        );
        for (at, parent) in parents.iter().enumerate() {
            let _ = writeln!(self.text, "{} :{}", if at == 0 { "from" } else { "merge" }, parent + 1);
        }
        self.text.push_str("deleteall\n");
        for (path, (mode, content)) in &files {
            let path = quoted(path);
            let _ = match *mode {
                "160000" => writeln!(self.text, "M 160000 {content} {path}"),
                mode => write!(self.text, "M {mode} inline {path}\ndata {}\n{content}\n", content.len()),
            };
        }
        self.text.push('\n');
        self.labels.push(label.to_owned());
        self.commits.push(Commit { files, parents });
        self.branches.insert(branch.to_owned(), mark - 1);
        Ok(())
    }

    /// Theirs where only they changed a file since the common ancestor, ours everywhere else.
    fn merged(&self, ours: usize, theirs: usize) -> Files {
        let nothing = Files::new();
        let base = self.ancestor(ours, theirs).map_or(&nothing, |base| &self.commits[base].files);
        let (ours, theirs) = (&self.commits[ours].files, &self.commits[theirs].files);
        let paths: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
        let settled = paths.into_iter().filter_map(|path| {
            let kept = if ours.get(path) == base.get(path) { theirs.get(path) } else { ours.get(path) };
            kept.map(|entry| (path.clone(), entry.clone()))
        });
        settled.collect()
    }

    fn ancestor(&self, ours: usize, theirs: usize) -> Option<usize> {
        let known: BTreeSet<usize> = self.ancestors(ours).collect();
        self.ancestors(theirs).find(|commit| known.contains(commit))
    }

    /// The commit and all before it, nearest first.
    fn ancestors(&self, commit: usize) -> impl Iterator<Item = usize> + '_ {
        let mut queue = VecDeque::from([commit]);
        std::iter::from_fn(move || {
            let commit = queue.pop_front()?;
            queue.extend(&self.commits[commit].parents);
            Some(commit)
        })
    }
}

fn apply(files: &mut Files, change: &Change) -> Result<(), String> {
    let there = |files: &mut Files, path: &str| files.remove(path).ok_or_else(|| format!("there is no file {path}"));
    match change {
        Change::Write(path, content) => {
            let mode = files.get(path).map_or("100644", |(mode, _)| *mode);
            files.insert(path.clone(), (mode, content.clone()));
        }
        Change::Delete(path) => drop(there(files, path)?),
        Change::Move(from, to) => {
            let entry = there(files, from)?;
            files.insert(to.clone(), entry);
        }
        Change::Exec(path) => {
            let (_, content) = there(files, path)?;
            files.insert(path.clone(), ("100755", content));
        }
        Change::Link(path, target) => drop(files.insert(path.clone(), ("120000", target.clone()))),
        Change::Message(_) | Change::Author(_) | Change::Date(_) => {}
        Change::Submodule(path, id) => drop(files.insert(path.clone(), ("160000", id.clone()))),
    }
    Ok(())
}

/// A path as fast-import wants it: in quotes, with the three bytes that end one too early escaped.
fn quoted(path: &str) -> String {
    format!("\"{}\"", path.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}
