//! Making the repositories on disk, with the `git` of this machine and none of its configuration.
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::read::Step;
use super::stream::Stream;
use crate::cases::names::Names;

/// A repository that was built.
#[derive(Debug)]
pub struct Built {
    /// The work tree.
    pub work: PathBuf,
    /// The commit id of every label.
    pub ids: Vec<(String, String)>,
}

/// Builds in `folder`: `work`, and where there is a clone also `source` and `origin.git`.
pub(super) fn build(steps: &[Step], folder: &Path) -> Result<Built, String> {
    let cloned = steps.iter().any(|step| matches!(step, Step::Clone { .. }));
    let work = folder.join("work");
    let source = if cloned { folder.join("source") } else { work.clone() };
    for folder in [&source, &work] {
        fs::create_dir_all(folder).map_err(|e| format!("could not make {}: {e}", folder.display()))?;
    }
    git(&source, &["init", "--quiet", "--initial-branch=main"], "")?;
    let mut stream = Stream::default();
    let mut later = Vec::new();
    let marks = folder.join("marks");
    for step in steps {
        // The ids that it names come from git, so what is before it is made first.
        let named = if step.names_ids() {
            let ids = import(&source, &marks, &mut stream)?;
            Some(step.filled(&|text| filled(text, &ids))?)
        } else {
            None
        };
        if !stream.add(named.as_ref().unwrap_or(step))? {
            later.push(step);
        }
    }
    let ids = import(&source, &marks, &mut stream)?;
    if !cloned && git(&source, &["rev-parse", "--verify", "--quiet", "HEAD"], "").is_ok() {
        git(&source, &["reset", "--quiet", "--hard"], "")?;
    }
    let place = Place { folder, source: &source, work: &work, ids: &ids };
    later.iter().try_for_each(|step| place.follow(step))?;
    Ok(Built { work, ids })
}

/// Makes what the stream has collected; gives the id of every label so far.
fn import(source: &Path, marks: &Path, stream: &mut Stream) -> Result<Vec<(String, String)>, String> {
    let marked = |how: &str| format!("--{how}-marks={}", marks.display());
    let args = ["fast-import", "--quiet", "--force", &marked("import") as &str, &marked("export")];
    if !marks.exists() {
        fs::write(marks, "").map_err(|e| format!("could not write {}: {e}", marks.display()))?;
    }
    git(source, &args, &std::mem::take(&mut stream.text))?;
    labelled(marks, &stream.labels)
}

/// The text with ids in place of labels.
fn filled(text: &str, ids: &[(String, String)]) -> Result<String, String> {
    let mut names = Names::default();
    ids.iter().for_each(|(label, id)| names.add(label, id));
    names.fill(text)
}

/// Where the steps after the commits happen.
struct Place<'a> {
    folder: &'a Path,
    source: &'a Path,
    work: &'a Path,
    ids: &'a [(String, String)],
}

impl Place<'_> {
    fn follow(&self, step: &Step) -> Result<(), String> {
        match step {
            Step::Forget(branch) => {
                let name = format!("refs/heads/{branch}");
                git(self.source, &["update-ref", "-d", &name], "").map(drop)
            }
            Step::Clone { depth, what } => self.clone(*depth, what),
            Step::Checkout(what) => {
                let id = self.ids.iter().find(|(label, _)| label == what).map(|(_, id)| id.as_str());
                git(self.work, &["checkout", "--quiet", id.unwrap_or(what)], "").map(drop)
            }
            Step::Edit { path, text, stage } => {
                let file = self.work.join(path);
                fs::create_dir_all(file.parent().unwrap_or(self.work))
                    .and_then(|()| fs::write(&file, text))
                    .map_err(|e| format!("could not write {path}: {e}"))?;
                if *stage { git(self.work, &["add", "--", path], "").map(drop) } else { Ok(()) }
            }
            Step::Commit { .. } | Step::Merge { .. } | Step::Ref { .. } | Step::Annotated { .. } => Ok(()),
        }
    }

    /// What actions/checkout does: with a depth it fetches the one commit, without one every branch and tag.
    fn clone(&self, depth: Option<u32>, what: &str) -> Result<(), String> {
        let origin = self.folder.join("origin.git");
        let url = |path: &Path| format!("file://{}", path.display());
        git(self.folder, &["clone", "--quiet", "--mirror", &url(self.source), &origin.display().to_string()], "")?;
        // As GitHub does; a commit that nothing reaches it would give, if it still has it. This one has not.
        for setting in ["uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"] {
            git(&origin, &["config", setting, "true"], "")?;
        }
        let (remote, local, branch) = match what.strip_prefix("refs/pull/") {
            Some(pull) => (what.to_owned(), format!("refs/remotes/pull/{pull}"), None),
            None => (format!("refs/heads/{what}"), format!("refs/remotes/origin/{what}"), Some(what)),
        };
        git(self.work, &["init", "--quiet", "--initial-branch=main"], "")?;
        git(self.work, &["remote", "add", "origin", &url(&origin)], "")?;
        let one = format!("+{remote}:{local}");
        let depth = depth.map(|depth| format!("--depth={depth}"));
        match &depth {
            Some(depth) => git(self.work, &["fetch", "--quiet", "--no-tags", depth, "origin", &one], "")?,
            None => {
                let all = ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"];
                git(self.work, &["fetch", "--quiet", "--no-tags", "origin", all[0], all[1], &one], "")?
            }
        };
        match branch {
            Some(branch) => git(self.work, &["checkout", "--quiet", "-B", branch, &local], ""),
            None => git(self.work, &["checkout", "--quiet", "--detach", &local], ""),
        }
        .map(drop)
    }
}

fn labelled(marks: &Path, labels: &[String]) -> Result<Vec<(String, String)>, String> {
    let text = fs::read_to_string(marks).map_err(|e| format!("could not read {}: {e}", marks.display()))?;
    let mut ids = Vec::new();
    for line in text.lines() {
        let (mark, id) = line.split_once(' ').ok_or("a mark without an id")?;
        let at: usize = mark.trim_start_matches(':').parse().map_err(|e| format!("mark {mark}: {e}"))?;
        ids.push((labels.get(at - 1).cloned().unwrap_or_default(), id.to_owned()));
    }
    Ok(ids)
}

/// Runs git; gives what it printed.
pub(super) fn git(folder: &Path, args: &[&str], input: &str) -> Result<String, String> {
    let problem = |what: &dyn std::fmt::Display| format!("`git {}`: {what}", args.join(" "));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut child = Command::new("git")
        .args(args)
        .current_dir(folder)
        .env_clear()
        .envs([
            ("PATH", path.as_os_str()),
            ("GIT_CONFIG_NOSYSTEM", "1".as_ref()),
            ("GIT_CONFIG_GLOBAL", "/dev/null".as_ref()),
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|e| problem(&e))?;
    // Small next to a pipe's reader: fast-import takes all of it before it says much.
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes()).map_err(|e| problem(&e))?;
    }
    let output = child.wait_with_output().map_err(|e| problem(&e))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(problem(&String::from_utf8_lossy(&output.stderr).trim())),
    }
}
