//! Artifact attestations: the bundles that a repository has for a digest.
use serde::Deserialize;
use serde_json::Value;

use crate::call::{Call, Needs};
use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::settings::Repo;

const READS: Needs = Needs::Permission("attestations: read");

#[derive(Deserialize)]
struct Wire {
    attestations: Vec<WireAttestation>,
}

#[derive(Deserialize)]
struct WireAttestation {
    bundle: Option<Value>,
}

impl Client {
    /// `GET /repos/{owner}/{repo}/attestations/{subject_digest}`: the Sigstore bundles of a file, as JSON, unverified.
    ///
    /// `sha256` is the file's digest in 64 hexadecimal digits. None where GitHub knows no such repository or digest: it
    /// does not tell these apart. Needs `attestations: read` where the repository is private.
    ///
    /// # Errors
    /// As every call; [`ErrorKind::BadAnswer`] when there are more than a page of 100, or a bundle is not in the answer.
    pub fn attestations(&self, repo: &Repo, sha256: &str) -> Result<Vec<String>, Error> {
        repo.check()?;
        let Repo { owner, name } = repo;
        let digits = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !digits {
            return Err(Error::new(
                ErrorKind::Settings,
                "could not look up attestations: no SHA-256 was given".to_owned(),
            ));
        }
        let what = format!("look up the attestations of a file in {owner}/{name}");
        let call = Call::get(what, format!("/repos/{owner}/{name}/attestations/sha256:{sha256}?per_page=100"), READS);
        let reply = match self.send(&call, self.deadline()) {
            Ok(reply) => reply,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        // Pages are linked by cursors here; a file with more attestations than one page has is none of a release.
        let link = reply.headers.get("link").and_then(|link| link.to_str().ok()).unwrap_or_default();
        if link.contains("rel=\"next\"") {
            return Err(call.bad_answer("lists more than 100 attestations of one file"));
        }
        let wire: Wire = call.read(&reply)?;
        let bundle = |attestation: WireAttestation| match attestation.bundle {
            Some(bundle) => Ok(bundle.to_string()),
            None => Err(call
                .bad_answer("has an attestation without its bundle")
                .with_hint("give the bundle as a file: `gh attestation download`")),
        };
        wire.attestations.into_iter().map(bundle).collect()
    }
}
