//! Files of releases: listed, uploaded, deleted.
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::access::{Caller, invalid, may_write, refusal};
use crate::accounts::account;
use crate::http::{Answer, Request, encode};
use crate::pages::Page;
use crate::releases::visible;
use crate::state::{Asset, Release, Repository};

const LIST: &str = "rest/releases/assets#list-release-assets";
const UPLOAD: &str = "rest/releases/assets#upload-a-release-asset";
const DELETE: &str = "rest/releases/assets#delete-a-release-asset";

/// One page of a release's files.
pub(crate) fn list(
    caller: &Caller,
    repository: &Repository,
    (id, request): (&str, &Request),
) -> Result<Answer, Answer> {
    let release = visible((caller, repository), |r| r.id.to_string() == id, LIST)?;
    let page = Page::of(request);
    let length = release.assets.len();
    let shown = release.assets[page.range(length)].iter().map(|asset| asset_json(repository, release, asset)).collect();
    let address = format!("{}/repositories/{}/releases/{id}/assets", request.own_address(), repository.id);
    Ok(Answer::json(200, &shown).with_link(page.link(&address, length)))
}

/// Takes a file; `new_id` is free, and a `half` one is what stays when the upload breaks off.
pub(crate) fn upload(
    (caller, new_id): (&Caller, u64),
    repository: &mut Repository,
    (id, request, half): (&str, &Request, bool),
) -> Result<Answer, Answer> {
    let uploader = may_write(caller, repository, &["contents"], UPLOAD)?;
    let with_digests = !repository.without_digests;
    let found = repository.releases.iter().position(|r| r.id.to_string() == id);
    let at = found.ok_or_else(|| refusal(404, "Not Found", UPLOAD))?;
    let release = &mut repository.releases[at];
    if release.immutable {
        return Err(refusal(422, "Cannot upload assets to an immutable release.", "rest"));
    }
    let name = request.query("name").map(|name| renamed(&name)).filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| invalid("ReleaseAsset", ("missing_field", "name"), UPLOAD))?;
    if request.body.is_empty() {
        return Err(refusal(400, "Bad Content-Length: 0", UPLOAD));
    }
    if release.assets.iter().any(|asset| asset.name == name) {
        return Err(invalid("ReleaseAsset", ("already_exists", "name"), UPLOAD));
    }
    let content_type = request.header("content-type").unwrap_or("application/octet-stream").to_owned();
    let asset = Asset { id: new_id, name, state: "starter".to_owned(), content_type, uploader, ..Asset::default() };
    let digest: String = Sha256::digest(&request.body).iter().map(|byte| format!("{byte:02x}")).collect();
    let whole = Asset {
        state: "uploaded".to_owned(),
        size: request.body.len() as u64,
        digest: with_digests.then(|| format!("sha256:{digest}")),
        ..asset.clone()
    };
    release.assets.push(if half { asset } else { whole });
    let release = &repository.releases[at];
    let asset = release.assets.last().map(|asset| asset_json(repository, release, asset));
    Ok(Answer::json(201, &asset.unwrap_or_default()))
}

/// Deletes a file.
pub(crate) fn delete(caller: &Caller, repository: &mut Repository, id: &str) -> Result<Answer, Answer> {
    may_write(caller, repository, &["contents"], DELETE)?;
    let is_it = |asset: &Asset| asset.id.to_string() == id;
    let release = repository.releases.iter_mut().find(|r| r.assets.iter().any(is_it));
    let release = release.ok_or_else(|| refusal(404, "Not Found", DELETE))?;
    if release.immutable {
        return Err(refusal(422, "Cannot delete asset from an immutable release.", "rest"));
    }
    release.assets.retain(|asset| !is_it(asset));
    repository.last_deleted = repository.last_deleted.max(id.parse().unwrap_or_default());
    Ok(Answer::nothing())
}

/// GitHub's way with names: each run of what is not a letter, a digit or one of `-_+@` becomes one dot.
fn renamed(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' | '+' | '@' => out.push(c),
            _ if out.ends_with('.') => {}
            _ => out.push('.'),
        }
    }
    out
}

/// A file as it stands in answers.
pub(crate) fn asset_json(repository: &Repository, release: &Release, asset: &Asset) -> Value {
    let (full, id) = (repository.full_name(), asset.id);
    let page = format!("https://github.com/{full}/releases/download/{}", encode(&release.tag_name));
    json!({
        "url": format!("https://api.github.com/repos/{full}/releases/assets/{id}"),
        "browser_download_url": format!("{page}/{}", encode(&asset.name)),
        "id": id,
        "node_id": format!("RA_{id}"),
        "name": asset.name,
        "label": null,
        "state": asset.state,
        "content_type": asset.content_type,
        "size": asset.size,
        "digest": asset.digest,
        "download_count": 0,
        "created_at": "2011-04-14T16:00:49Z",
        "updated_at": "2011-04-14T16:00:49Z",
        "uploader": account(if asset.uploader.is_empty() { "github-actions[bot]" } else { &asset.uploader }, ""),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_github_s() {
        let check = |name: &str, expected: &str| assert_eq!(renamed(name), expected);
        check("tool-1.2_x+y@z.tar.gz", "tool-1.2_x+y@z.tar.gz");
        check("a b (c)~d.deb", "a.b.c.d.deb");
        check("fake.      file.txt", "fake.file.txt");
    }
}
