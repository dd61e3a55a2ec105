//! Which commit a tag of the repository on the server points at.
use serde::Deserialize;

use crate::address::encoded;
use crate::call::{Call, Needs};
use crate::client::Client;
use crate::error::{Error, ErrorKind, quoted};
use crate::pulls::is_commit;
use crate::settings::Repo;

const READS: Needs = Needs::Permission("contents: read");

/// Tags of tags that are followed; git itself makes one, and nobody makes more by accident.
const DEPTH: usize = 5;

#[derive(Deserialize)]
struct WireTag {
    object: WireObject,
}

#[derive(Deserialize)]
struct WireObject {
    sha: String,
    r#type: String,
}

impl Client {
    /// `GET /repos/{owner}/{repo}/git/ref/tags/{tag}`, and `…/git/tags/{sha}` while that is an annotated tag: the commit
    /// behind the tag, 40 or 64 hexadecimal digits; none when there is no such tag.
    ///
    /// Needs `contents: read` where the repository is private; what the token may not see is "no such tag" as well.
    ///
    /// # Errors
    /// As every call; [`ErrorKind::BadAnswer`] also for a tag of a tree or a blob.
    pub fn tag_commit(&self, repo: &Repo, tag: &str) -> Result<Option<String>, Error> {
        repo.check()?;
        let deadline = self.deadline();
        let Repo { owner, name } = repo;
        let what = format!("look up the tag {} of {owner}/{name}", quoted(tag));
        let get = |path: String| Call::get(what.clone(), format!("/repos/{owner}/{name}/git/{path}"), READS);
        let mut call = get(format!("ref/tags/{}", encoded(tag)));
        for depth in 0..=DEPTH {
            let reply = match self.send(&call, deadline) {
                Err(error) if error.kind() == ErrorKind::NotFound && depth == 0 => return Ok(None),
                reply => reply?,
            };
            let WireObject { sha, r#type } = call.read::<WireTag>(&reply)?.object;
            if !is_commit(&sha) {
                return Err(call.bad_answer("answered an object without an id"));
            }
            match r#type.as_str() {
                "commit" => return Ok(Some(sha)),
                "tag" => call = get(format!("tags/{sha}")),
                other => return Err(call.bad_answer(&format!("answered a tag of a {}", quoted(other)))),
            }
        }
        Err(call.bad_answer(&format!("answered tags of tags, more than {DEPTH} deep")))
    }
}
