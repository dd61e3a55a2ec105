//! Evidence → text, summary, HTML, live view: each a function of it.
