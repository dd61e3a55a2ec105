//! What `--gnu` needs to do as `sha256sum` of GNU coreutils 9.1 does, in the C locale: its options, its words, its quotes.
pub(crate) mod errno;
pub(crate) mod options;
pub(crate) mod quote;
