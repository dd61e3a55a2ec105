//! The text of a source file, as far as coverage needs it: how its lines hang together, and whether it has any code.
mod declares;
mod statement;

pub(crate) use statement::Statements;

/// What is known of one file's text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Source {
    /// How many lines it has.
    pub(crate) lines: u32,
    /// Which line goes on with the one above.
    pub(crate) statements: Statements,
    /// Whether it holds nothing that a tool could count.
    pub(crate) declares_only: bool,
    /// The text itself, where something needs it later; empty else.
    pub(crate) text: Vec<u8>,
}

impl Source {
    /// Reads a text; its name tells the language.
    pub(crate) fn new(path: &[u8], text: Vec<u8>, keep: bool) -> Self {
        let lines = memchr::memchr_iter(b'\n', &text).count() + usize::from(!text.is_empty() && !text.ends_with(b"\n"));
        Self {
            lines: u32::try_from(lines).unwrap_or(u32::MAX),
            statements: Statements::new(path, &text),
            declares_only: declares::only(path, &text),
            text: if keep { text } else { Vec::new() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Source;

    /// A reader that goes back for every quote or comment would take days for these.
    #[test]
    fn long_lines_of_open_quotes_and_comments_are_read_once() {
        for part in ["'\\'", "\"\\\"", "/*", "`'", "'\"", "(", "{", "\\"] {
            let text = part.repeat(1 << 19).into_bytes();
            for name in ["a.py", "a.ts", "a.go", "a.hpp", "a.kt", "a.rb"] {
                assert_eq!(Source::new(name.as_bytes(), text.clone(), false).lines, 1);
            }
        }
    }
}
