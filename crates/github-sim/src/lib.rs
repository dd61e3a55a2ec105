//! A stateful GitHub API on loopback for tests, each answer valid against the published description.
