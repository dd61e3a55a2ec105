//! The canary's manifest, made from the target's.
