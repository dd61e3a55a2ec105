//! Files of a release: listed, uploaded from a stream, deleted.
use std::io::{self, Read};
use std::time::Duration;

use http_body_util::Either;
use hyper::Method;
use serde::Deserialize;

use crate::address::encoded;
use crate::call::{Call, Needs};
use crate::client::Client;
use crate::comments::{Author, WireUser};
use crate::error::{Error, ErrorKind, quoted};
use crate::outgoing::Stream;
use crate::pages::Follows;
use crate::releases::{Release, on};
use crate::settings::Repo;

const WRITES: Needs = Needs::Permission("contents: write");

/// Pages of assets; a release takes 1,000.
const PAGES: usize = 11;

/// How far an asset has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssetState {
    /// `uploaded`: whole.
    Uploaded,
    /// `starter`: what an upload leaves that broke off; it holds nothing and blocks its name.
    Starter,
    /// Any other word: `open`, or one of the future.
    Other(String),
}

/// One file of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Its number, unique on its server.
    pub id: u64,
    /// Its name as GitHub has it, which may differ from the one that was sent.
    pub name: String,
    /// How far it has come.
    pub state: AssetState,
    /// Its length in bytes.
    pub size: u64,
    /// `sha256:` and 64 hexadecimal digits, as GitHub computed it; none on servers that do not.
    pub digest: Option<String>,
    /// Who uploaded it.
    pub uploader: Option<Author>,
}

/// A file to be sent.
pub struct Upload<'a> {
    /// The name that it gets; GitHub replaces what is not a letter, a digit or one of `.-_+`.
    pub name: &'a str,
    /// Such as `application/octet-stream`.
    pub content_type: &'a str,
    /// Bytes that `open` gives, no more and no fewer.
    pub length: u64,
    /// Opens it from its start, once for each attempt.
    pub open: &'a dyn Fn() -> io::Result<Box<dyn Read + Send>>,
}

#[derive(Deserialize)]
pub(crate) struct WireAsset {
    id: u64,
    name: String,
    state: String,
    size: u64,
    digest: Option<String>,
    uploader: Option<WireUser>,
}

impl From<WireAsset> for Asset {
    fn from(wire: WireAsset) -> Self {
        let state = match wire.state.as_str() {
            "uploaded" => AssetState::Uploaded,
            "starter" => AssetState::Starter,
            _ => AssetState::Other(quoted(&wire.state)),
        };
        let uploader = wire.uploader.map(WireUser::author);
        Asset { id: wire.id, name: wire.name, state, size: wire.size, digest: wire.digest, uploader }
    }
}

impl Client {
    /// `GET /repos/{owner}/{repo}/releases/{id}/assets`, all pages, `starter` ones as well.
    ///
    /// Needs `contents: write` for a draft.
    pub fn release_assets(&self, repo: &Repo, id: u64) -> Result<Vec<Asset>, Error> {
        let call = on(repo, (format!("list the assets of the release {id}"), format!("/{id}/assets")), WRITES)?;
        let mut assets = Vec::new();
        let end = self.entries((&call, PAGES), |wire: WireAsset| {
            assets.push(wire.into());
            Ok(())
        })?;
        match end {
            Follows::Nothing => Ok(assets),
            _ => Err(call.bad_answer(&format!("lists more than {} assets", PAGES * crate::pages::FULL))),
        }
    }

    /// `DELETE /repos/{owner}/{repo}/releases/assets/{id}`; needs `contents: write`. One that is gone already is no failure.
    pub fn delete_asset(&self, repo: &Repo, id: u64) -> Result<(), Error> {
        self.gone(&on(repo, (format!("delete the asset {id}"), format!("/assets/{id}")), WRITES)?)
    }

    /// `POST {upload_url}?name=…`: sends a file with its length, while it is read; needs `contents: write`.
    ///
    /// Never repeated while it may have been carried out: then the error is [`ErrorKind::MaybeDone`], and
    /// [`Client::release_assets`] tells. A refusal because the name is taken is [`ErrorKind::Refused`].
    ///
    /// # Errors
    /// As every call; [`ErrorKind::Source`] when the file cannot be read or is not as long as `length`.
    pub fn upload_asset(&self, release: &Release, upload: &Upload<'_>) -> Result<Asset, Error> {
        let Upload { name, content_type, length, open } = upload;
        let per_second = self.limits().upload_bytes_per_second.max(1);
        let call = Call {
            what: format!("upload {} to the release of {}", quoted(name), quoted(&release.tag_name)),
            method: Method::POST,
            allowance: Duration::from_secs(length / per_second),
            ..Call::get(String::new(), String::new(), WRITES)
        };
        let (uploads, path) = self.uploads(&release.upload_url).map_err(|why| call.bad_answer(&why))?;
        let call = Call { path: format!("{path}?name={}", encoded(name)), ..call };
        let body = || {
            let reader = open().map_err(|error| {
                call.failed(ErrorKind::Source, &format!("sent nothing: {}", quoted(&error.to_string())))
            })?;
            Ok((*content_type, Either::Right(Stream::new(reader, *length))))
        };
        let asset: WireAsset = call.read(&uploads.send_body(&call, uploads.deadline() + call.allowance, &body)?)?;
        Ok(asset.into())
    }
}
