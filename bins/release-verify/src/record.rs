//! The verdict record: the one value that every rendering is made from, and the JSON that others rely on.
//!
//! Its schema is published as `dist/release-verify/record.schema.json`; a test holds every record against it. Names, refs
//! and messages in it are untrusted text: a rendering escapes them.
use serde::{Deserialize, Serialize};

pub use crate::claims::Claims;
pub use crate::settings::Link;

/// The version of this shape: a field may be added, but none changes its meaning without another number here.
pub const SCHEMA: &str = "https://github.com/dataflow/release-verify/record/1";

/// What came of a link, or of all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It was not asked for, or may be without evidence and is.
    Skipped,
    /// It holds.
    Pass,
    /// It could not be told.
    Unknown,
    /// It does not hold.
    Fail,
}

impl Status {
    /// The word of the record.
    pub fn word(self) -> &'static str {
        match self {
            Self::Skipped => "skipped",
            Self::Pass => "pass",
            Self::Unknown => "unknown",
            Self::Fail => "fail",
        }
    }
}

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What it is, for programs: `digest-differs`, `signer-differs`, ….
    pub code: String,
    /// What follows from it: `fail` or `unknown`.
    pub status: Status,
    /// The file that it is about.
    pub file: Option<String>,
    /// What it is, in one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Finding {
    /// What does not hold.
    pub(crate) fn fail(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), status: Status::Fail, file: None, message: message.into(), hint: None }
    }

    /// What could not be told.
    pub(crate) fn unknown(code: &str, message: impl Into<String>) -> Self {
        Self { status: Status::Unknown, ..Self::fail(code, message) }
    }

    pub(crate) fn file(mut self, file: &str) -> Self {
        self.file = Some(file.to_owned());
        self
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// One link of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Which.
    pub link: Link,
    /// What came of it: the worst of its findings.
    pub status: Status,
    /// What was seen, in one sentence without a full stop.
    pub message: String,
    /// What is not as it should be.
    pub findings: Vec<Finding>,
}

/// One file of the release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssetRow {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its digest in hex.
    pub sha256: String,
    /// Whether the list of checksums has it with this digest.
    pub listed: bool,
    /// The bundles that attest it as expected, by their place in `bundles`.
    pub attested_by: Vec<usize>,
}

/// One attestation bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleRow {
    /// The file that it is in.
    pub file: String,
    /// Which of the file's bundles it is, counted from 1.
    pub number: usize,
    /// Whether it is genuine, and made as expected.
    pub status: Status,
    /// The predicate type of its statement; null for a signature over a file.
    pub predicate_type: Option<String>,
    /// How many subjects its statement has; 1 for a signature over a file.
    pub subjects: usize,
    /// When it was signed, as the log or a timestamp authority says; UTC, empty when it is not genuine.
    pub signed_at: Vec<String>,
    /// Its place in the transparency log; null when it is in none.
    pub log_index: Option<u64>,
    /// What its certificate says; null when it is not genuine.
    pub claims: Option<Claims>,
}

/// One trusted root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RootRow {
    /// The file, or `built in` and whose it is.
    pub origin: String,
    /// The day since which it is known to be as it is: when it was built in, or when its newest key began.
    pub as_of: String,
    /// Whole days between then and now.
    pub age_days: i64,
}

/// The whole answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// [`SCHEMA`].
    pub schema: String,
    /// The worst of the links.
    pub verdict: Status,
    /// The release's tag.
    pub tag: String,
    /// The address of its repository.
    pub repository: String,
    /// The commit that it is built from; null when nothing says it.
    pub commit: Option<String>,
    /// How many assets are attested as expected.
    pub verified: usize,
    /// The chain, in its order.
    pub chain: Vec<Step>,
    /// The assets, by name.
    pub assets: Vec<AssetRow>,
    /// The bundles, in the order that they were read.
    pub bundles: Vec<BundleRow>,
    /// The trusted roots.
    pub roots: Vec<RootRow>,
    /// Files beside the assets that nothing was compared with: signatures and bundles.
    pub companions: Vec<String>,
}
