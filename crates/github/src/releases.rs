//! Releases: looked up, made as drafts, changed, published, deleted.
use hyper::Method;
use serde::Deserialize;
use serde_json::json;

use crate::address::encoded;
use crate::assets::{Asset, WireAsset};
use crate::call::{Call, Needs};
use crate::client::Client;
use crate::comments::{Author, WireUser};
use crate::error::{Error, ErrorKind, quoted};
use crate::pages::Follows;
use crate::settings::Repo;

const READS: Needs = Needs::Permission("contents: read");
const WRITES: Needs = Needs::Permission("contents: write");

/// Pages of releases; GitHub lists 10,000 results and no more.
const PAGES: usize = 100;

/// One release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Its number, unique on its server; the same before and after it is published.
    pub id: u64,
    /// The tag that it belongs to; a draft's need not exist.
    pub tag_name: String,
    /// The title; arbitrary text.
    pub name: Option<String>,
    /// Its Markdown as written; arbitrary text.
    pub body: Option<String>,
    /// Not public: only who may write sees it.
    pub draft: bool,
    /// Shown as not ready for production.
    pub prerelease: bool,
    /// Tag and assets can no longer change.
    pub immutable: bool,
    /// Who made it.
    pub author: Option<Author>,
    /// Where people read it.
    pub html_url: String,
    /// Where its assets are sent, with GitHub's `{?name,label}` at the end.
    pub upload_url: String,
    /// The assets as this answer has them.
    pub assets: Vec<Asset>,
}

/// What a release says, as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseText {
    /// The title.
    pub name: String,
    /// Its Markdown; GitHub takes 125,000 characters.
    pub body: String,
    /// Whether it is shown as not ready for production.
    pub prerelease: bool,
}

/// Whether publishing makes a release the repository's latest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MakeLatest {
    /// `true`
    Yes,
    /// `false`: the latest stays what it is.
    No,
    /// `legacy`: GitHub decides by date and version.
    Legacy,
}

#[derive(Deserialize)]
struct WireRelease {
    id: u64,
    tag_name: String,
    name: Option<String>,
    body: Option<String>,
    draft: bool,
    prerelease: bool,
    // Own servers before 3.19 have no such thing.
    #[serde(default)]
    immutable: bool,
    author: Option<WireUser>,
    html_url: String,
    upload_url: String,
    assets: Vec<WireAsset>,
}

impl From<WireRelease> for Release {
    fn from(wire: WireRelease) -> Self {
        Release {
            id: wire.id,
            tag_name: wire.tag_name,
            name: wire.name,
            body: wire.body,
            draft: wire.draft,
            prerelease: wire.prerelease,
            immutable: wire.immutable,
            author: wire.author.map(WireUser::author),
            html_url: wire.html_url,
            upload_url: wire.upload_url,
            assets: wire.assets.into_iter().map(Asset::from).collect(),
        }
    }
}

impl Client {
    /// `GET /repos/{owner}/{repo}/releases/tags/{tag}`: the published release of a tag; GitHub finds no draft this way.
    ///
    /// Needs `contents: read` where the repository is private.
    pub fn release_by_tag(&self, repo: &Repo, tag: &str) -> Result<Option<Release>, Error> {
        let what = format!("look up the release of {}", quoted(tag));
        self.found(&on(repo, (what, format!("/tags/{}", encoded(tag))), READS)?)
    }

    /// `GET /repos/{owner}/{repo}/releases/{id}`, drafts as well; none when it is gone. Drafts need `contents: write`.
    pub fn release(&self, repo: &Repo, id: u64) -> Result<Option<Release>, Error> {
        self.found(&on(repo, (format!("look up the release {id}"), format!("/{id}")), WRITES)?)
    }

    /// `GET /repos/{owner}/{repo}/releases`, all pages, newest first; drafts are in it for a token with `contents: write`.
    ///
    /// # Errors
    /// As every call; [`ErrorKind::BadAnswer`] when there are more than the 10,000 that GitHub lists.
    pub fn each_release(&self, repo: &Repo, mut take: impl FnMut(Release)) -> Result<(), Error> {
        let call = on(repo, ("list the releases".to_owned(), String::new()), WRITES)?;
        let end = self.entries((&call, PAGES), |wire: WireRelease| {
            take(wire.into());
            Ok(())
        })?;
        match end {
            Follows::Nothing => Ok(()),
            _ => Err(call
                .bad_answer(&format!("lists more than {} releases", PAGES * crate::pages::FULL))
                .with_hint("delete old drafts and releases: what is not listed cannot be told from what is not there")),
        }
    }

    /// `POST /repos/{owner}/{repo}/releases` with `draft: true`; needs `contents: write`. Nothing becomes public.
    ///
    /// It names no `target_commitish`: with one, GitHub refuses a workflow's own token where that commit changes workflows,
    /// and a tag that exists makes it meaningless.
    ///
    /// Never repeated while it may have been carried out: then the error is [`ErrorKind::MaybeDone`], and
    /// [`Client::each_release`] tells, though perhaps only after a moment.
    pub fn create_draft(&self, repo: &Repo, tag: &str, text: &ReleaseText) -> Result<Release, Error> {
        let call = on(repo, (format!("create a draft release of {}", quoted(tag)), String::new()), WRITES)?;
        let ReleaseText { name, body, prerelease } = text;
        let sent = json!({ "tag_name": tag, "name": name, "body": body, "draft": true, "prerelease": prerelease });
        self.written(Call { method: Method::POST, body: sent.to_string().into(), ..call })
    }

    /// `PATCH /repos/{owner}/{repo}/releases/{id}`: what it says; a draft stays one. Needs `contents: write`.
    pub fn change_release(&self, repo: &Repo, id: u64, text: &ReleaseText) -> Result<Release, Error> {
        let call = on(repo, (format!("change the release {id}"), format!("/{id}")), WRITES)?;
        let ReleaseText { name, body, prerelease } = text;
        let sent = json!({ "name": name, "body": body, "prerelease": prerelease });
        self.written(Call { method: Method::PATCH, body: sent.to_string().into(), ..call })
    }

    /// `PATCH /repos/{owner}/{repo}/releases/{id}` with `draft: false`: public from then on, and where the repository says so
    /// immutable. Needs `contents: write`. GitHub would make a tag that does not exist: look at it first.
    ///
    /// After a failure it may have been carried out all the same: [`Client::release`] tells.
    pub fn publish_release(
        &self,
        repo: &Repo,
        (id, tag): (u64, &str),
        (text, latest): (&ReleaseText, MakeLatest),
    ) -> Result<Release, Error> {
        let call = on(repo, (format!("publish the release {id} of {}", quoted(tag)), format!("/{id}")), WRITES)?;
        let ReleaseText { name, body, prerelease } = text;
        let latest = match latest {
            MakeLatest::Yes => "true",
            MakeLatest::No => "false",
            MakeLatest::Legacy => "legacy",
        };
        let sent = json!({
            "tag_name": tag, "name": name, "body": body, "draft": false, "prerelease": prerelease, "make_latest": latest,
        });
        self.written(Call { method: Method::PATCH, body: sent.to_string().into(), ..call })
    }

    /// `DELETE /repos/{owner}/{repo}/releases/{id}`; needs `contents: write`. One that is gone already is no failure.
    pub fn delete_release(&self, repo: &Repo, id: u64) -> Result<(), Error> {
        self.gone(&on(repo, (format!("delete the release {id}"), format!("/{id}")), WRITES)?)
    }

    /// Waits by the client's clock: between two looks at what GitHub may show late.
    pub fn pause(&self, time: std::time::Duration) {
        self.wait(time);
    }

    fn found(&self, call: &Call) -> Result<Option<Release>, Error> {
        match self.send(call, self.deadline()) {
            Ok(reply) => call.read::<WireRelease>(&reply).map(|wire| Some(wire.into())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn written(&self, call: Call) -> Result<Release, Error> {
        let release: WireRelease = call.read(&self.send(&call, self.deadline())?)?;
        Ok(release.into())
    }

    /// Sends a deletion; a second attempt finds nothing when the first one's answer was lost.
    pub(crate) fn gone(&self, call: &Call) -> Result<(), Error> {
        let call = Call { method: Method::DELETE, ..call.clone() };
        match self.send(&call, self.deadline()) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            outcome => outcome.map(drop),
        }
    }
}

/// A call below a repository's releases.
pub(crate) fn on(repo: &Repo, (what, path): (String, String), needs: Needs) -> Result<Call, Error> {
    repo.check()?;
    let Repo { owner, name } = repo;
    Ok(Call::get(format!("{what} in {owner}/{name}"), format!("/repos/{owner}/{name}/releases{path}"), needs))
}
