//! Whether a bundle is genuine: the only place that knows sigstore-verify.
use sigstore_verify::trust_root::TrustedRoot;
use sigstore_verify::types::{ArtifactDigest, Bundle, HashAlgorithm, SignatureContent, TransparencyLogEntry};
use sigstore_verify::{VerificationPolicy, VerificationResult, Verifier};

use crate::claims::Claims;
use crate::statement::{self, Statement};

mod refused;

pub use refused::Refused;

/// A root that can verify: built once, used for every bundle.
pub struct Root {
    verifier: Verifier,
    has_log: bool,
    has_certificate_log: bool,
}

/// A bundle whose every seal holds. That it was made by the right one is another question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Genuine {
    /// What it seals.
    pub content: Content,
    /// What its certificate says.
    pub claims: Claims,
    /// When it was signed, by all who say so; UTC.
    pub signed_at: Vec<String>,
    /// Its place in the transparency log.
    pub log_index: Option<u64>,
}

/// What a bundle seals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A statement about files.
    Statement(Statement),
    /// One file, of this SHA-256 in lower-case hex.
    File(String),
}

impl Root {
    /// Reads one root.
    ///
    /// # Errors
    /// What makes no sense in it.
    pub fn read(json: &str) -> Result<(Self, TrustedRoot), String> {
        crate::crypto::install();
        let root = TrustedRoot::from_json(json).map_err(|error| error.to_string())?;
        if !root.media_type.starts_with("application/vnd.dev.sigstore.trustedroot") {
            return Err(format!("the media type '{}' is no trusted root's", root.media_type));
        }
        let verifier = Verifier::new(&root).map_err(|error| error.to_string())?;
        let (has_log, has_certificate_log) = (!root.tlogs.is_empty(), !root.ctlogs.is_empty());
        Ok((Self { verifier, has_log, has_certificate_log }, root))
    }

    /// What has to hold: all that this root has the keys for. A root without a log is one of GitHub's for private
    /// repositories, where a timestamp authority stands in for it.
    fn policy(&self) -> VerificationPolicy {
        let mut policy = VerificationPolicy::any_identity();
        if !self.has_log {
            policy = policy.skip_tlog_unsafe();
        }
        if !self.has_certificate_log {
            policy = policy.skip_sct();
        }
        policy
    }

    /// Whether the result says that nothing was left out.
    fn complete(&self, result: &VerificationResult) -> bool {
        result.certificate_verified()
            && result.sct_verified() == self.has_certificate_log
            && result.tlog_verified() == self.has_log
            && !result.verified_timestamps().is_empty()
    }
}

/// Verifies one bundle by the roots; one that fits is enough.
///
/// # Errors
/// Why it is not genuine, or cannot be read.
pub fn verify(json: &str, roots: &[Root]) -> Result<Genuine, Refused> {
    let bundle = Bundle::from_json(json).map_err(|error| Refused::unreadable(&error.to_string()))?;
    let (content, artifact) = content(&bundle)?;
    let entries = &bundle.verification_material.tlog_entries;
    // Bundles of version 0.1 may do with the log's promise, which nobody but the log has checked.
    let proven =
        |entry: &TransparencyLogEntry| entry.inclusion_proof.as_ref().is_some_and(|it| !it.checkpoint.is_empty());
    if !entries.iter().all(proven) {
        return Err(Refused::no_proof());
    }
    let fitting = roots.iter().filter(|root| root.has_log != entries.is_empty());
    let mut refused = None;
    for root in fitting {
        match root.verifier.verify(artifact.clone(), &bundle, &root.policy()) {
            Ok(result) if root.complete(&result) => {
                let claims = result.certificate().map(Claims::of).unwrap_or_default();
                let mut signed_at: Vec<String> = result.verified_timestamps().iter().map(ToString::to_string).collect();
                signed_at.sort();
                let log_index = entries.first().map(|entry| entry.log_index.get());
                return Ok(Genuine { content, claims, signed_at, log_index });
            }
            Ok(_) => refused = Refused::nearer(refused, Refused::incomplete()),
            Err(error) => refused = Refused::nearer(refused, Refused::from(error)),
        }
    }
    Err(refused.unwrap_or_else(|| Refused::no_root(entries.is_empty())))
}

/// What the bundle seals, and the digest that binds it. Of a statement that is any of its own subjects: which files have
/// these digests is not the seal's question.
fn content(bundle: &Bundle) -> Result<(Content, ArtifactDigest), Refused> {
    match &bundle.content {
        SignatureContent::DsseEnvelope(envelope) => {
            if envelope.payload_type != "application/vnd.in-toto+json" {
                return Err(Refused::payload_type(&envelope.payload_type));
            }
            let read = statement::read(envelope.payload.as_bytes()).map_err(|why| Refused::statement(&why))?;
            let digest = read.subjects.iter().find_map(|subject| {
                let sha256 = subject.sha256.as_deref().map(|hex| (HashAlgorithm::Sha2256, hex));
                sha256.or(subject.sha512.as_deref().map(|hex| (HashAlgorithm::Sha2512, hex)))
            });
            let Some((algorithm, hex)) = digest else {
                return Err(Refused::statement("none of its subjects has a SHA-256 or SHA-512 digest"));
            };
            let artifact = artifact(algorithm, bytes(hex))?;
            Ok((Content::Statement(read), artifact))
        }
        SignatureContent::MessageSignature(signature) => match &signature.message_digest {
            Some(digest) if digest.algorithm == HashAlgorithm::Sha2256 => {
                let content = Content::File(hex(digest.digest.as_bytes()));
                Ok((content, artifact(digest.algorithm, digest.digest.as_bytes().to_vec())?))
            }
            Some(digest) => {
                Err(Refused::statement(&format!("it signs a {} digest, not a SHA-256 one", digest.algorithm)))
            }
            None => Err(Refused::statement("it does not say which file it signs")),
        },
        _ => Err(Refused::statement("it seals neither a statement nor a file")),
    }
}

fn artifact(algorithm: HashAlgorithm, bytes: Vec<u8>) -> Result<ArtifactDigest, Refused> {
    ArtifactDigest::new(algorithm, bytes).map_err(|error| Refused::statement(&error.to_string()))
}

/// Hex that has been checked → bytes.
fn bytes(hex: &str) -> Vec<u8> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).unwrap_or(0) as u8;
    hex.as_bytes().chunks_exact(2).map(|pair| digit(&pair[0]) << 4 | digit(&pair[1])).collect()
}

/// Bytes → lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
