//! A stateful GitHub API on loopback for tests, each answer valid against the published description.
//!
//! It speaks plain HTTP/1.1 on threads, has no clock, and answers under `/` and, as on an own server, under `/api/v3`.
//! What it serves and what goes wrong is one [`State`]; the same as JSON drives the `github-sim` process.
mod access;
mod accounts;
mod assets;
mod comments;
mod faults;
mod http;
mod pages;
mod pulls;
mod releases;
mod routes;
mod server;
mod state;
mod tags;

pub use faults::{Fault, PlannedFault};
pub use server::{Call, Sim};
pub use state::{Asset, Comment, File, Issue, Pull, RateLimit, Release, Repository, State, Tag, Token};
