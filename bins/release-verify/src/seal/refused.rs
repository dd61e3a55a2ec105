//! Why a bundle is not genuine, in words that say what was changed and what to do.
use sigstore_verify::{CertificateError, Error, TimestampError, TransparencyLogError};

/// Why a bundle does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// What it is, for programs.
    pub code: &'static str,
    /// Whether it is no bundle that can be judged; otherwise it can, and is not genuine.
    pub unreadable: bool,
    /// What it is, in one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: &'static str,
}

const AGAIN: &str = "get the bundle again from where it was published; if it stays so, do not use this release";
const ROOT: &str = "get a newer trusted root (`gh attestation trusted-root`), or the one of who signed this";

impl Refused {
    fn unable(code: &'static str, message: String, hint: &'static str) -> Self {
        Self { code, unreadable: true, message, hint }
    }

    fn forged(code: &'static str, message: String, hint: &'static str) -> Self {
        Self { code, unreadable: false, message, hint }
    }

    pub(crate) fn unreadable(why: &str) -> Self {
        let hint = "give a Sigstore bundle of version 0.1 to 0.3, as `gh attestation download` and cosign write it";
        Self::unable("unreadable-bundle", format!("this is no bundle that can be read: {}", plain(why)), hint)
    }

    pub(crate) fn payload_type(kind: &str) -> Self {
        let hint = "an attestation has the type `application/vnd.in-toto+json`";
        Self::unable("payload-type", format!("the envelope holds '{kind}', which is no in-toto statement"), hint)
    }

    pub(crate) fn statement(why: &str) -> Self {
        Self::unable("unreadable-statement", why.to_owned(), "give an attestation of files")
    }

    pub(crate) fn no_root(timestamped: bool) -> Self {
        let what = match timestamped {
            true => "it is in no transparency log, and no trusted root given does without one",
            false => "it is in a transparency log, and no trusted root given knows one",
        };
        Self::forged("no-root", what.to_owned(), ROOT)
    }

    pub(crate) fn no_proof() -> Self {
        let message =
            "it has no proof that the transparency log has it: the inclusion proof or its checkpoint is missing";
        Self::unable(
            "no-proof",
            message.to_owned(),
            "get the bundle again with the tools of today, or make another attestation",
        )
    }

    pub(crate) fn incomplete() -> Self {
        Self::forged("incomplete", "not every seal of it could be verified".to_owned(), ROOT)
    }

    /// Of two roots' complaints the one of the root that it seems to belong to.
    pub(crate) fn nearer(known: Option<Self>, new: Self) -> Option<Self> {
        match known {
            Some(known) if !known.is_strange() => Some(known),
            _ => Some(new),
        }
    }

    /// Whether another root may know better.
    fn is_strange(&self) -> bool {
        matches!(self.code, "certificate" | "unknown-log" | "timestamp" | "no-time")
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        match error {
            Error::SignatureInvalid(_) => Self::forged(
                "signature",
                "the signature does not fit: the signed content, the signature or the certificate was changed"
                    .to_owned(),
                AGAIN,
            ),
            Error::ArtifactMismatch(why) => {
                Self::forged("digest", format!("the seal is of something else: {why}"), AGAIN)
            }
            Error::Certificate(error) => certificate(error),
            Error::TransparencyLog(error) => log(error),
            Error::Timestamp(error) => timestamp(error),
            Error::InvalidTrustRoot(_) | Error::TrustRoot(_) | Error::TrustedCertificate(_) => {
                Self::unable("trusted-root", format!("the trusted root cannot be used: {error}"), ROOT)
            }
            Error::UnsupportedBundle(why) | Error::UnsupportedArtifact(why) => Self::unable(
                "unsupported",
                format!("this program cannot verify it: {why}"),
                "use a newer version of this program",
            ),
            other => Self::unreadable(&other.to_string()),
        }
    }
}

/// Without the name of the layer that said it.
fn plain(text: &str) -> String {
    let layers = ["Bundle error: ", "Types error: ", "Crypto error: ", "JSON error: ", "invalid bundle: "];
    layers.iter().find_map(|layer| text.strip_prefix(layer)).unwrap_or(text).to_owned()
}

fn certificate(error: CertificateError) -> Refused {
    match error {
        CertificateError::Malformed(why) => {
            Refused::forged("certificate", format!("the certificate is not readable: {why}"), AGAIN)
        }
        // webpki's words for a certificate that is no longer or not yet valid at the time of the signature.
        CertificateError::ChainInvalid(why) if why.contains("CertExpired") => {
            let message = "a certificate of its chain had ended when it was signed";
            Refused::forged("signed-outside-certificate", message.to_owned(), AGAIN)
        }
        CertificateError::ChainInvalid(why) if why.contains("CertNotValidYet") => {
            let message = "a certificate of its chain had not begun when it was signed";
            Refused::forged("signed-outside-certificate", message.to_owned(), AGAIN)
        }
        CertificateError::ChainInvalid(why) => {
            let message = format!("the certificate is from no authority of the trusted root, or was changed ({why})");
            Refused::forged("certificate", message, ROOT)
        }
        CertificateError::NoValidAuthority { time } => {
            let message = format!("it was signed at {time}, when no authority of the trusted root was valid");
            Refused::forged("certificate", message, ROOT)
        }
        CertificateError::NotYetValid { time, not_before } => {
            let message = format!("it was signed at {time}, before its certificate began at {not_before}");
            Refused::forged("signed-outside-certificate", message, AGAIN)
        }
        CertificateError::Expired { time, not_after } => {
            let message = format!("it was signed at {time}, after its certificate had ended at {not_after}");
            Refused::forged("signed-outside-certificate", message, AGAIN)
        }
        CertificateError::Sct(why) => {
            let message = format!("no certificate log vouches for the certificate: {why}");
            Refused::forged("certificate-log", message, ROOT)
        }
        other => Refused::forged("certificate", other.to_string(), AGAIN),
    }
}

fn log(error: TransparencyLogError) -> Refused {
    match error {
        TransparencyLogError::UnknownLog { log_id } => {
            Refused::forged("unknown-log", format!("the trusted root does not know the log {log_id}"), ROOT)
        }
        TransparencyLogError::InclusionProof(why) => {
            Refused::forged("inclusion-proof", format!("the proof that the log has the entry is wrong: {why}"), AGAIN)
        }
        TransparencyLogError::Checkpoint(why) => {
            Refused::forged("checkpoint", format!("the log's signed state (checkpoint) is wrong: {why}"), AGAIN)
        }
        // sigstore-verify's words for a log that the root does not know, or no longer.
        TransparencyLogError::InclusionPromise(why) if why.starts_with("No log key valid") => {
            Refused::forged("unknown-log", format!("the trusted root knows no such log at that time: {why}"), ROOT)
        }
        TransparencyLogError::InclusionPromise(why) => {
            let message = format!("the log's promise (SET) does not fit the entry and its time: {why}");
            Refused::forged("inclusion-promise", message, AGAIN)
        }
        TransparencyLogError::EntryMismatch(why) => {
            Refused::forged("log-entry", format!("the log's entry is of another signature: {why}"), AGAIN)
        }
        TransparencyLogError::IntegratedTime(why) => {
            Refused::forged("signed-outside-certificate", format!("the log's time is wrong: {why}"), AGAIN)
        }
        TransparencyLogError::MalformedEntry(why) => {
            Refused::forged("log-entry", format!("the log's entry is not readable: {why}"), AGAIN)
        }
        other => Refused::forged("log-entry", other.to_string(), AGAIN),
    }
}

fn timestamp(error: TimestampError) -> Refused {
    match error {
        TimestampError::NoVerifiedTimestamp(_) => {
            let message =
                "nobody who can be trusted says when it was signed: it has neither a log's promise nor a timestamp";
            Refused::forged("no-time", message.to_owned(), AGAIN)
        }
        TimestampError::Invalid(why) => Refused::forged(
            "timestamp",
            format!("the timestamp is from no authority of the trusted root, or was changed ({why})"),
            ROOT,
        ),
        other => Refused::forged("timestamp", other.to_string(), ROOT),
    }
}
