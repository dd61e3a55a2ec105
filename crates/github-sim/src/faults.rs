//! The fault plan: what goes wrong at the nth call.
use serde::{Deserialize, Serialize};

use crate::{File, State};

/// A fault at one call, or at several in a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedFault {
    /// The first call it strikes; the server's first call is 1.
    pub call: u64,
    /// How many calls in a row; 0 is all from there on.
    #[serde(default = "once")]
    pub times: u64,
    /// What goes wrong.
    pub fault: Fault,
}

fn once() -> u64 {
    1
}

/// One thing that goes wrong, on GitHub's side or on the way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Fault {
    /// A refusal or failure with GitHub's kind of body, such as 500, 502, 503, 429.
    Status {
        /// The HTTP status.
        status: u16,
        /// Seconds in `Retry-After`.
        #[serde(default)]
        retry_after: Option<u64>,
    },
    /// 403 with the text of the secondary rate limit.
    SecondaryRateLimit {
        /// Seconds in `Retry-After`, which GitHub does not always send.
        #[serde(default)]
        retry_after: Option<u64>,
    },
    /// The call is carried out all the same, and then this goes wrong with its answer. What a fault puts in the place of
    /// GitHub's own answer, or sends nothing of, is else not carried out; what only spoils the answer is.
    CarriedOut(Box<Fault>),
    /// An upload is cut off half-way, and then this goes wrong: GitHub keeps an empty `starter` asset under the name.
    HalfUpload(Box<Fault>),
    /// The request is read and never answered.
    Hang,
    /// The connection closes in place of an answer.
    Cut,
    /// The connection closes in the middle of the body.
    Truncate,
    /// A complete answer whose JSON stops in the middle.
    HalfJson,
    /// 200 and a login page, as from a proxy or a captive portal.
    Html,
    /// 200 and JSON called `text/plain`.
    WrongType,
    /// 200 and no byte of body.
    Empty,
    /// The true answer, one byte a packet.
    Dribble,
    /// A body that never ends.
    Endless,
    /// Bytes that are not HTTP.
    Garbage,
    /// A redirect to this address.
    Redirect {
        /// The status: 301, 302, 307, 308.
        status: u16,
        /// The `Location`.
        to: String,
    },
    /// The true page with a `Link` whose next page is this one again.
    LinkLoop,
    /// The true page without its `Link` header, as behind a proxy that drops it.
    NoLink,
    /// The list lacks its first entry, as when what was just made is not shown yet.
    Unlisted,
    /// A tag moves just before this call, or is deleted.
    MoveTag {
        /// `owner/name`.
        repository: String,
        /// Without `refs/tags/`.
        name: String,
        /// The commit that it names from now on; none is no tag any more.
        commit: Option<String>,
    },
    /// A push lands just before this call: these files come first in the list from now on.
    Push {
        /// `owner/name`.
        repository: String,
        /// The pull request's number.
        number: u64,
        /// What comes first now.
        files: Vec<File>,
    },
}

impl Fault {
    /// The fault itself, and whether the call that it strikes is carried out.
    pub(crate) fn split(self) -> (Fault, bool) {
        use Fault::*;
        match self {
            CarriedOut(fault) | HalfUpload(fault) => (fault.split().0, true),
            Status { .. } | SecondaryRateLimit { .. } | Hang | Cut | Html | Endless | Garbage | Redirect { .. } => {
                (self, false)
            }
            _ => (self, true),
        }
    }
}

impl Fault {
    /// What others do just before the call that it strikes.
    pub(crate) fn happen_before(&self, state: &mut State) {
        match self {
            Fault::Push { repository, number, files } => {
                if let Some(pull) = state.pull_mut(repository, *number) {
                    pull.files.splice(0..0, files.iter().cloned());
                }
            }
            Fault::MoveTag { repository, name, commit } => {
                if let Some(found) = state.repositories.iter_mut().find(|r| r.full_name() == *repository) {
                    found.set_tag(name, commit.as_deref());
                }
            }
            _ => {}
        }
    }

    /// Whether an upload is cut off half-way.
    pub(crate) fn cuts_off(&self) -> bool {
        match self {
            Fault::HalfUpload(_) => true,
            Fault::CarriedOut(fault) => fault.cuts_off(),
            _ => false,
        }
    }
}

impl PlannedFault {
    pub(crate) fn strikes(&self, call: u64) -> bool {
        call >= self.call && (self.times == 0 || call - self.call < self.times)
    }
}
