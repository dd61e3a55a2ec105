//! Evidence → text, summary, HTML, live view: each a function of it, and all of them with the same words.
mod html;
mod live;
mod numbers;
mod summary;
mod text;
mod verdict;
mod words;

pub use html::html;
pub use live::view;
pub use summary::summary;
pub use text::lines;
pub use verdict::{Headline, Tone};
