//! What the targets share: what must hold of every report, frames around the fuzzer's bytes, and words to mutate with.
pub mod format;
mod laws;
pub mod mutate;
mod pieces;
mod reports;

pub use laws::one_line;
pub use pieces::Pieces;
pub use reports::{check, check_packed};
