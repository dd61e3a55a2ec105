//! Why a driver cannot go on, or not at once.
use std::fmt;

use action::Failure;

use crate::cluster::ApiError;

/// What went wrong.
#[derive(Debug, Clone, PartialEq)]
pub enum Trouble {
    /// A call came to nothing.
    Api(ApiError),
    /// Somebody else drives, and this process has stopped at once.
    LockLost(String),
    /// Somebody else drives already: who, and the address of the run.
    Held {
        /// Its name.
        holder: String,
        /// Its run; empty on a terminal.
        url: String,
    },
    /// The record makes no sense, or is somebody else's.
    Record(String),
    /// A change that the server refuses as it is.
    Refused(String),
}

impl Trouble {
    /// Whether the same may go well in a moment.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Api(error) if error.may_pass())
    }
}

impl From<ApiError> for Trouble {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Api(error) => write!(f, "{error}"),
            Self::LockLost(text) | Self::Record(text) | Self::Refused(text) => f.write_str(text),
            Self::Held { holder, url } if url.is_empty() => write!(f, "{holder} drives this group already"),
            Self::Held { holder, url } => write!(f, "{holder} drives this group already: {url}"),
        }
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        let text = trouble.to_string();
        match trouble {
            Trouble::Api(ApiError::Forbidden(_)) => Failure::outside("drive the rollout", text)
                .hint("give the account the rights of the shipped Role (dist/canary-step/role.yaml)"),
            Trouble::Held { .. } => Failure::outside("take the lock", text)
                .hint("wait for that run, or cancel it; a dead one's lock runs out within 30 s"),
            Trouble::LockLost(_) => Failure::outside("keep the lock", text)
                .hint("nothing was changed since; `canary-step status` shows who drives now"),
            Trouble::Record(_) => Failure::inputs("use the record", text),
            _ => Failure::outside("drive the rollout", text)
                .hint("`canary-step resume` goes on, `canary-step abort` puts things back; the dead-man switch holds until its deadline"),
        }
    }
}
