//! The release on GitHub: a draft, its files one after the other, their digests compared, and published last.
mod files;
mod find;
mod latest;
mod plan;
mod server;

use std::path::Path;

use action::{Failure, Kind};
use github::{Client, ReleaseText, Repo};

use crate::inputs::ReleaseMode;
use files::LocalFile;
use plan::{Seen, Step, Wanted};
use server::{LOOKS, Server, Trouble};

/// Bytes that a release's body may have: GitHub takes 125,000 characters, and the mark of a draft needs some of them.
pub(crate) const LONGEST_BODY: usize = GITHUB_TAKES - 1_000;
const GITHUB_TAKES: usize = 125_000;

/// Times that something went wrong and looking again showed what to do; more than that is another run at work, or an outage.
const MOST_TROUBLE: usize = 5;
/// Times that one file is sent.
const MOST_UPLOADS: usize = 3;
/// Steps of a run beside those for its files.
const MOST_STEPS: usize = 200;

/// What a release needs beside its notes.
pub(crate) struct Publishing {
    /// Whether there is to be one.
    pub(crate) mode: ReleaseMode,
    /// Globs of its files.
    pub(crate) assets: Vec<String>,
    /// How to reach the API; `None` without a token.
    pub(crate) api: Option<github::Settings>,
    /// `owner/name`.
    pub(crate) repository: Option<String>,
}

/// The notes, ready for a release.
pub(crate) struct Notes {
    /// Tag with its prefix, as it is in the repository.
    pub(crate) tag: String,
    /// The full id of the commit that it names.
    pub(crate) commit: String,
    /// Title of the release.
    pub(crate) title: String,
    /// What fits into a release: at most [`LONGEST_BODY`] bytes.
    pub(crate) body: String,
    /// The whole text, where the body is shorter; it becomes an asset.
    pub(crate) full: Option<String>,
    /// Whether it is a pre-release.
    pub(crate) prerelease: bool,
}

/// What became of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Released {
    /// None was asked for.
    Not,
    /// It is there as it was wanted.
    There {
        /// Its address on the website.
        url: String,
        /// Whether it was there before, so that nothing was changed.
        before: bool,
    },
    /// No: for these reasons, and nothing became public.
    Refused(Vec<String>),
}

/// Makes the release, or finds that it is made already. Can be repeated at any point, whatever an earlier run left behind.
///
/// `tell` hears of each change before it is made.
///
/// # Errors
/// Inputs that make no release (exit 2), and failures of files and of the API (exit 3).
pub(crate) fn release(
    publishing: &Publishing,
    notes: &Notes,
    tell: &mut dyn FnMut(String),
) -> Result<Released, Failure> {
    let Publishing { mode, assets, api, repository } = publishing;
    let doing = || format!("release {}", notes.tag);
    if *mode == ReleaseMode::None {
        return Ok(Released::Not);
    }
    let no_token = || {
        let hint = "pass `token`, and give the job `permissions: contents: write`";
        Failure::inputs(doing(), "there is no token").hint(hint)
    };
    let client = Client::new(api.as_ref().ok_or_else(no_token)?).map_err(|error| failure(&error))?;
    let repo = Repo::parse(repository.as_deref().unwrap_or_default()).map_err(|error| failure(&error))?;
    let files = match files::collect(assets, Path::new(""), notes.full.as_deref())? {
        Ok(files) => files,
        Err(reasons) => return Ok(Released::Refused(reasons)),
    };
    let wanted = wanted(notes, &files, *mode == ReleaseMode::Publish)?;
    make(&mut Server::new(&client, repo), (&wanted, &files), tell)
}

/// The release as it is to be; a body that GitHub would not take is found before anything is made.
fn wanted(notes: &Notes, files: &[LocalFile], public: bool) -> Result<Wanted, Failure> {
    let body = format!("{}\n\n{}\n", notes.body.trim_end(), plan::marker(&notes.tag));
    if body.len() > GITHUB_TAKES {
        let cause = format!("its body has {} bytes, and GitHub takes {GITHUB_TAKES}", body.len());
        let hint = "hide types with `sections`, or begin the notes later with `from`";
        return Err(Failure::inputs(format!("release {}", notes.tag), cause).hint(hint));
    }
    Ok(Wanted {
        tag: notes.tag.clone(),
        commit: notes.commit.clone(),
        text: ReleaseText { name: notes.title.clone(), body, prerelease: notes.prerelease },
        files: files.iter().map(|file| file.wanted.clone()).collect(),
        public,
    })
}

/// One step after the other, until there is nothing more to do. What ends a run was looked at and not only remembered.
fn make(
    server: &mut Server<'_>,
    (wanted, files): (&Wanted, &[LocalFile]),
    tell: &mut dyn FnMut(String),
) -> Result<Released, Failure> {
    let mut run = Run { sent: vec![0; files.len()], ..Run::default() };
    server.look(&wanted.tag).map_err(|error| failure(&error))?;
    let mut fresh = true;
    loop {
        let step = plan::next(wanted, &server.seen);
        let last = matches!(step, Step::Publish(_) | Step::Done(_) | Step::Refuse(_) | Step::NoDigest(_));
        if last && !fresh {
            server.look(&wanted.tag).map_err(|error| failure(&error))?;
            fresh = true;
            continue;
        }
        match &step {
            Step::Done(url) => return Ok(Released::There { url: url.clone(), before: run.steps == 0 }),
            Step::Refuse(reasons) => return run.refused(&server.seen, reasons),
            Step::NoDigest(name) => return Err(no_digest(name)),
            _ => run.count(&step, wanted)?,
        }
        tell(told(&step, wanted));
        fresh = false;
        if let Err(problem) = server.take(&step, wanted, files) {
            run.trouble += 1;
            recover(server, (&step, wanted), (problem, run.trouble))?;
            fresh = true;
        }
    }
}

/// Looks whether a step that failed was taken all the same. The failure is what is reported where looking fails too, or
/// shows that the same step would only fail again.
fn recover(
    server: &mut Server<'_>,
    (step, wanted): (&Step, &Wanted),
    (problem, trouble): (Trouble, usize),
) -> Result<(), Failure> {
    if trouble > MOST_TROUBLE || !problem.is_worth_a_look() {
        return Err(given_up(problem));
    }
    let shows = |seen: &Seen| plan::next(wanted, seen) != *step;
    let looks = if problem.is_unsure() { LOOKS } else { 1 };
    let looked = server.look_for(&wanted.tag, (looks, &shows));
    if looked.is_err() || !problem.is_unsure() && !shows(&server.seen) {
        return Err(given_up(problem));
    }
    Ok(())
}

/// What a run has done so far.
#[derive(Default)]
struct Run {
    steps: usize,
    trouble: usize,
    published: bool,
    /// How often each file was sent.
    sent: Vec<usize>,
}

impl Run {
    /// Counts a step; a run that gets nowhere ends.
    fn count(&mut self, step: &Step, wanted: &Wanted) -> Result<(), Failure> {
        self.steps += 1;
        self.published |= matches!(step, Step::Publish(_));
        let hint = "see that only one run makes this release (`concurrency`), and run again";
        if let Step::Upload { file, .. } = step {
            self.sent[*file] += 1;
            if self.sent[*file] > MOST_UPLOADS {
                let doing = format!("upload {} to the draft of {}", wanted.files[*file].name, wanted.tag);
                let cause = format!("it was sent {MOST_UPLOADS} times and is not there as it was sent");
                return Err(Failure::outside(doing, cause).hint(hint));
            }
        }
        if self.steps > MOST_STEPS + 10 * self.sent.len() {
            let cause = "what is on the server changes all the time";
            return Err(Failure::outside(format!("release {}", wanted.tag), cause).hint(hint));
        }
        Ok(())
    }

    /// A refusal is a "no", unless this run made the release public: then it is an alarm.
    fn refused(&self, seen: &Seen, reasons: &[String]) -> Result<Released, Failure> {
        let Some(public) = seen.public.as_ref().filter(|_| self.published) else {
            return Ok(Released::Refused(reasons.to_vec()));
        };
        let doing = format!("vouch for {}, which this run published", public.html_url);
        let hint =
            "someone changed the tag or the draft in the same moment: look at both, and delete the release if need be";
        Err(Failure::outside(doing, reasons.join("; ")).hint(hint))
    }
}

fn told(step: &Step, wanted: &Wanted) -> String {
    let tag = &wanted.tag;
    match step {
        Step::Create => format!("creating a draft release of {tag}"),
        Step::DeleteDraft(id) => format!("deleting the draft {id} of {tag}, which is one too many"),
        Step::Change(id) => format!("correcting title, notes or kind of the draft {id}"),
        Step::DeleteAsset { name, why, .. } => format!("deleting {name} from the draft: it {why}"),
        Step::Upload { file, .. } => {
            let file = &wanted.files[*file];
            format!("uploading {} ({} bytes, {})", file.name, file.size, file.digest)
        }
        Step::Publish(id) => format!("publishing the release {id} of {tag}"),
        Step::Refuse(_) | Step::NoDigest(_) | Step::Done(_) => String::new(),
    }
}

fn no_digest(name: &str) -> Failure {
    let doing = format!("compare {name} with what GitHub has");
    let hint = "own servers give digests from version 3.18 on; update the server, or upload and publish by hand";
    Failure::outside(doing, "the API gives no digest of it").hint(hint)
}

fn given_up(problem: Trouble) -> Failure {
    match problem {
        Trouble::Call(error) => failure(&error),
        Trouble::Changed(name) => Failure::outside(format!("upload {name}"), "it changed while it was sent")
            .hint("run again once it is written; the draft is corrected then"),
    }
}

/// Whose turn it is after a failed call.
fn failure(error: &github::Error) -> Failure {
    let kind = if error.is_of_inputs() { Kind::Inputs } else { Kind::Outside };
    Failure::told(kind, error).hints(error.hint())
}

#[cfg(test)]
mod tests;
