//! Evidence → text, summary, HTML, live view: each a function of it, and all of them with the same words.
mod html;
mod live;
mod numbers;
mod screen;
mod summary;
mod tell;
mod text;
mod verdict;
mod words;

pub use html::html;
pub use live::{Window, view};
pub use screen::Screen;
pub use summary::summary;
pub(crate) use tell::tell;
pub use text::lines;
pub use verdict::{Headline, Tone};
