//! The release on the server: looked at, and brought nearer to what is wanted, one call at a time.
use std::time::Duration;

use github::{Asset, Client, Error, ErrorKind, Release, Repo};

use super::files::{Hashing, LocalFile};
use super::latest::make_latest;
use super::plan::{Seen, Step, Wanted};

/// Looks after an answer was lost, until what was asked for shows: GitHub's lists may be late.
pub(crate) const LOOKS: u32 = 4;

/// A repository on the server, and what is known of the release there.
pub(crate) struct Server<'a> {
    client: &'a Client,
    repo: Repo,
    /// As of the last look, brought forward by what each call answered.
    pub(crate) seen: Seen,
    /// The tags of all public final releases.
    finals: Vec<String>,
    /// Drafts that were seen once, whether lists show them or not.
    known: Vec<u64>,
}

impl<'a> Server<'a> {
    /// Looks at nothing yet.
    pub(crate) fn new(client: &'a Client, repo: Repo) -> Self {
        Server { client, repo, seen: Seen::default(), finals: Vec::new(), known: Vec::new() }
    }

    /// Looks at everything: the public release, the drafts with their files, and last the tag.
    pub(crate) fn look(&mut self, tag: &str) -> Result<(), Error> {
        let (client, repo) = (self.client, &self.repo);
        // GitHub's description promises no draft here.
        let mut public = client.release_by_tag(repo, tag)?.filter(|release| !release.draft);
        let (mut drafts, mut finals) = (Vec::new(), Vec::new());
        if public.is_none() {
            client.each_release(repo, |release| match release {
                Release { draft: true, .. } if release.tag_name == tag => drafts.push(release),
                Release { draft: false, prerelease: false, .. } => finals.push(release.tag_name),
                _ => {}
            })?;
            self.finals = finals;
        }
        for id in &self.known {
            if drafts.iter().chain(&public).any(|seen| seen.id == *id) {
                continue;
            }
            match client.release(repo, *id)?.filter(|release| release.tag_name == tag) {
                Some(release) if release.draft => drafts.push(release),
                found => public = public.or(found),
            }
        }
        for release in public.iter_mut().chain(&mut drafts) {
            release.assets = client.release_assets(repo, release.id)?;
        }
        let tag = client.tag_commit(repo, tag)?;
        self.known.extend(drafts.iter().map(|draft| draft.id));
        self.known.sort_unstable();
        self.known.dedup();
        self.seen = Seen { tag, public, drafts };
        Ok(())
    }

    /// Looks again after something went wrong, until the outcome `shows`, so many times at most.
    pub(crate) fn look_for(&mut self, tag: &str, (looks, shows): (u32, &dyn Fn(&Seen) -> bool)) -> Result<(), Error> {
        for look in 0..looks {
            self.client.pause(Duration::from_secs(1 << look));
            self.look(tag)?;
            if shows(&self.seen) {
                break;
            }
        }
        Ok(())
    }

    /// Takes a step that changes something.
    pub(crate) fn take(&mut self, step: &Step, wanted: &Wanted, files: &[LocalFile]) -> Result<(), Trouble> {
        let (client, repo) = (self.client, &self.repo);
        match step {
            Step::Create => {
                let draft = client.create_draft(repo, &wanted.tag, &wanted.text)?;
                self.known.push(draft.id);
                self.seen.drafts.push(draft);
            }
            Step::DeleteDraft(id) => {
                client.delete_release(repo, *id)?;
                self.seen.drafts.retain(|draft| draft.id != *id);
            }
            Step::Change(id) => {
                let changed = client.change_release(repo, *id, &wanted.text)?;
                let draft = self.draft(*id);
                let assets = draft.map(|draft| std::mem::take(&mut draft.assets)).unwrap_or_default();
                self.seen.drafts.retain(|draft| draft.id != *id);
                self.seen.drafts.push(Release { assets, ..changed });
            }
            Step::DeleteAsset { release, asset, .. } => {
                client.delete_asset(repo, *asset)?;
                if let Some(draft) = self.draft(*release) {
                    draft.assets.retain(|known| known.id != *asset);
                }
            }
            Step::Upload { release, file } => {
                let Some(draft) = self.draft(*release) else { return Ok(()) };
                let asset = upload(client, draft, &files[*file])?;
                draft.assets.push(asset);
            }
            Step::Publish(id) => {
                let latest = make_latest(&wanted.tag, wanted.text.prerelease, &self.finals);
                client.publish_release(repo, (*id, &wanted.tag), (&wanted.text, latest))?;
            }
            Step::Refuse(_) | Step::NoDigest(_) | Step::Done(_) => {}
        }
        Ok(())
    }

    fn draft(&mut self, id: u64) -> Option<&mut Release> {
        self.seen.drafts.iter_mut().find(|draft| draft.id == id)
    }
}

/// Why a step was not taken, or may not have been.
pub(crate) enum Trouble {
    /// The call failed.
    Call(Error),
    /// The file is another than the one that was hashed before.
    Changed(String),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Trouble::Call(error)
    }
}

impl Trouble {
    /// Whether the answer was lost, so that nobody knows yet.
    pub(crate) fn is_unsure(&self) -> bool {
        matches!(self, Trouble::Call(error) if error.kind() == ErrorKind::MaybeDone)
    }

    /// Whether looking again can help: the answer was lost, or someone else was there in the meantime.
    pub(crate) fn is_worth_a_look(&self) -> bool {
        let Trouble::Call(error) = self else { return false };
        matches!(
            error.kind(),
            ErrorKind::MaybeDone
                | ErrorKind::NotFound
                | ErrorKind::Refused
                | ErrorKind::Unreachable
                | ErrorKind::BadAnswer
        )
    }
}

/// Sends a file, and compares what was read with what was hashed before.
fn upload(client: &Client, draft: &Release, file: &LocalFile) -> Result<Asset, Trouble> {
    let hash = std::sync::Arc::default();
    let open = || {
        let reader = Hashing::new(file.open()?, std::sync::Arc::clone(&hash));
        Ok(Box::new(reader) as Box<dyn std::io::Read + Send>)
    };
    let wanted = &file.wanted;
    let upload =
        github::Upload { name: &wanted.name, content_type: file.content_type(), length: wanted.size, open: &open };
    let asset = client.upload_asset(draft, &upload)?;
    if Hashing::digest(&hash) != wanted.digest {
        return Err(Trouble::Changed(wanted.name.clone()));
    }
    Ok(asset)
}
