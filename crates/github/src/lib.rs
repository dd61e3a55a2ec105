//! The GitHub REST calls that the tools make, typed.
//!
//! [`Client`] blocks and has one method per call. It opens nothing before the first call; then it runs a one-thread runtime
//! inside, so it must not be used from within another runtime. Every method is bounded in time, attempts and memory
//! ([`Limits`]), and a list that GitHub may have cut says so ([`PullFiles::doubt`],
//! [`Comments::more`]). What must not be done twice is never repeated while it may have been done ([`ErrorKind::MaybeDone`]).
mod address;
mod assets;
mod attestations;
mod call;
mod client;
mod clock;
mod comments;
mod connect;
mod error;
mod exchange;
mod graphql;
mod job_runs;
mod judge;
mod open_pulls;
mod outgoing;
mod pages;
mod pulls;
mod releases;
mod settings;
mod tags;

pub use assets::{Asset, AssetState, Upload};
pub use client::Client;
pub use clock::{Clock, SystemClock};
pub use comments::{Author, AuthorKind, Comment, Comments};
pub use error::{Error, ErrorKind};
pub use job_runs::JobRun;
pub use open_pulls::OpenPull;
pub use pulls::{Doubt, FileStatus, PullFile, PullFiles, PullRequest};
pub use releases::{MakeLatest, Release, ReleaseText};
pub use settings::{Limits, Network, Repo, Settings, Token};
