//! References and annotated tags: their JSON.
use serde_json::json;

use crate::access::{Caller, may_read, refusal};
use crate::http::{Answer, encode};
use crate::state::Repository;

const REF: &str = "rest/git/refs#get-a-reference";
const TAG: &str = "rest/git/tags#get-a-tag";

/// `GET …/git/ref/tags/{tag}`.
pub(crate) fn reference(caller: &Caller, repository: &Repository, name: &str) -> Result<Answer, Answer> {
    may_read(caller, repository, &["contents"], REF)?;
    let tag = repository.tag(name).ok_or_else(|| refusal(404, "Not Found", REF))?;
    let api = format!("https://api.github.com/repos/{}/git", repository.full_name());
    let (kind, sha, folder) = match &tag.object {
        Some(object) => ("tag", object, "tags"),
        None => ("commit", &tag.commit, "commits"),
    };
    let body = json!({
        "ref": format!("refs/tags/{name}"),
        "node_id": "MDM6UmVmcmVmcy90YWdz",
        "url": format!("{api}/refs/tags/{}", encode(name)),
        "object": { "sha": sha, "type": kind, "url": format!("{api}/{folder}/{sha}") },
    });
    Ok(Answer::json(200, &body))
}

/// `GET …/git/tags/{sha}`.
pub(crate) fn annotated(caller: &Caller, repository: &Repository, sha: &str) -> Result<Answer, Answer> {
    may_read(caller, repository, &["contents"], TAG)?;
    let found = repository.tags.iter().find(|tag| tag.object.as_deref() == Some(sha));
    let tag = found.ok_or_else(|| refusal(404, "Not Found", TAG))?;
    let (api, commit) = (format!("https://api.github.com/repos/{}/git", repository.full_name()), &tag.commit);
    let body = json!({
        "node_id": "MDM6VGFn",
        "tag": tag.name,
        "sha": sha,
        "url": format!("{api}/tags/{sha}"),
        "message": "a release",
        "tagger": { "name": "Ann", "email": "ann@example.com", "date": "2011-04-14T16:00:49Z" },
        "object": { "sha": commit, "type": "commit", "url": format!("{api}/commits/{commit}") },
    });
    Ok(Answer::json(200, &body))
}
