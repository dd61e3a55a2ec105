//! Which statement a line is part of: a tool that lists only the first line of a statement says nothing of the others.
//!
//! Python is read by its own rules of continued lines. Other languages are read loosely: brackets, and lines that begin or
//! end in the middle of an expression. A statement goes on downwards to the next measured line at most, never past a blank
//! line of an unknown language or the end of a block. Where nothing is sure a line is part of no statement.
#![deny(clippy::disallowed_methods)]
use crate::lines::Lines;

/// Which lines of a file go on with the one above, and which have code.
#[derive(Clone, Debug, Default)]
pub(crate) struct Statements {
    /// For line `i + 1`: bit 0 says that it goes on, bit 1 that it has more than blanks, a comment, or closing braces.
    lines: Vec<u8>,
}

/// How a language is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Language {
    Python,
    /// Brackets, `//` and `/* */`; for some also `'''`, backquotes, and `#`.
    Braces,
    /// Only how far lines are indented.
    Other,
}

impl Statements {
    /// Reads a file; its name tells the language.
    pub(crate) fn new(path: &[u8], text: &[u8]) -> Self {
        let lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
        let (goes_on, code) = match language(path) {
            Language::Python => python(&lines),
            Language::Braces => braces(&lines),
            Language::Other => indented(&lines),
        };
        let both = goes_on.into_iter().zip(code);
        Self { lines: both.map(|(goes_on, code)| u8::from(goes_on) | u8::from(code) << 1).collect() }
    }

    /// The measured line that starts the statement which `line` is a later part of.
    pub(crate) fn start(&self, line: u32, lines: &Lines) -> Option<u32> {
        if !self.has_code(line) {
            return None;
        }
        let mut at = line;
        while at > 1 && self.bits(at) & 1 != 0 {
            at -= 1;
            if lines.state(at).is_some() {
                return Some(at);
            }
        }
        None
    }

    /// Whether a line holds more than blanks, a comment or closing braces.
    pub(crate) fn has_code(&self, line: u32) -> bool {
        self.bits(line) & 2 != 0
    }

    fn bits(&self, line: u32) -> u8 {
        self.lines.get((line as usize).wrapping_sub(1)).copied().unwrap_or(0)
    }
}

fn language(path: &[u8]) -> Language {
    let ending = path.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    match ending {
        b"py" | b"pyx" | b"pyi" => Language::Python,
        b"c" | b"cc" | b"cpp" | b"cxx" | b"h" | b"hpp" | b"cs" | b"go" | b"java" | b"js" | b"jsx" | b"mjs" | b"cjs"
        | b"ts" | b"tsx" | b"mts" | b"cts" | b"kt" | b"kts" | b"scala" | b"groovy" | b"rs" | b"swift" | b"php"
        | b"dart" | b"m" | b"mm" | b"vue" | b"svelte" | b"zig" => Language::Braces,
        _ => Language::Other,
    }
}

/// <https://docs.python.org/3/reference/lexical_analysis.html>: brackets, backslashes and triple quotes join lines.
fn python(lines: &[&[u8]]) -> (Vec<bool>, Vec<bool>) {
    let (mut goes_on, mut code) = (Vec::with_capacity(lines.len()), Vec::with_capacity(lines.len()));
    let (mut depth, mut quote): (usize, Option<u8>) = (0, None);
    let mut joined = false;
    for line in lines {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        goes_on.push(joined || depth > 0 || quote.is_some());
        let in_text = quote.is_some();
        let mut any = in_text && !line.trim_ascii().is_empty();
        let mut at = 0;
        while at < line.len() {
            let byte = line[at];
            if let Some(mark) = quote {
                if byte == b'\\' {
                    at += 1;
                } else if line[at..].starts_with(&[mark; 3]) {
                    quote = None;
                    at += 2;
                }
                at += 1;
                continue;
            }
            match byte {
                b'#' => break,
                b'"' | b'\'' => {
                    any = true;
                    if line[at..].starts_with(&[byte; 3]) {
                        quote = Some(byte);
                        at += 3;
                        continue;
                    }
                    at += text_length(&line[at..]);
                    continue;
                }
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            any |= !byte.is_ascii_whitespace();
            at += 1;
        }
        joined = quote.is_none() && line.ends_with(b"\\") && any;
        code.push(any);
    }
    (goes_on, code)
}

/// How long a quoted text is that ends on its line; the whole rest when it does not.
fn text_length(text: &[u8]) -> usize {
    let mut at = 1;
    while at < text.len() {
        match text[at] {
            b'\\' => at += 1,
            byte if byte == text[0] => return at + 1,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

/// What an open bracket holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    /// A part of an expression, up to its end.
    Expression,
    /// Statements of their own.
    Block,
}

/// The state of the loose reader between two lines.
#[derive(Default)]
struct Loose {
    open: Vec<Open>,
    /// The end of a comment or text that spans lines.
    within: Option<&'static [u8]>,
    /// The last bytes of code so far, blanks left out.
    last: [u8; 2],
    word: Vec<u8>,
}

fn braces(lines: &[&[u8]]) -> (Vec<bool>, Vec<bool>) {
    let (mut goes_on, mut code) = (Vec::with_capacity(lines.len()), Vec::with_capacity(lines.len()));
    let mut state = Loose::default();
    for line in lines {
        let text = line.trim_ascii();
        let inside = state.within.is_some() || state.open.last() == Some(&Open::Expression);
        let first = text.first().copied().unwrap_or(b'\n');
        let begins_within = matches!(first, b')' | b']' | b'.' | b'?' | b':' | b'&' | b'|' | b'+' | b',' | b'=')
            || text.starts_with(b"->");
        let ends_within =
            matches!(state.last[1], b'=' | b'+' | b'-' | b'*' | b'&' | b'|' | b'?' | b',' | b'(' | b'[' | b'<')
                && state.last != *b"=>"
                && !state.last.ends_with(b"++")
                && !state.last.ends_with(b"--");
        let comment = state.within == Some(b"*/") || text.starts_with(b"//") || text.starts_with(b"/*");
        // A comment between two lines does not part them.
        goes_on.push(!text.is_empty() && first != b'}' && (comment || inside || begins_within || ends_within));
        let any = state.line(text);
        code.push(any);
    }
    (goes_on, code)
}

impl Loose {
    /// Reads a line; says whether there is code on it, closing braces apart.
    fn line(&mut self, text: &[u8]) -> bool {
        let (mut at, mut any) = (0, false);
        let mut unclosed = [false; 2];
        while at < text.len() {
            if let Some(end) = self.within {
                any |= end != b"*/";
                match memchr::memmem::find(&text[at..], end) {
                    Some(found) => {
                        at += found + end.len();
                        self.within = None;
                        if end != b"*/" {
                            self.saw(end[0]);
                        }
                    }
                    None => return any,
                }
                continue;
            }
            let rest = &text[at..];
            let byte = rest[0];
            if rest.starts_with(b"//") {
                break;
            }
            if rest.starts_with(b"/*") {
                self.within = Some(b"*/");
                at += 2;
                continue;
            }
            any |= !matches!(byte, b'}' | b')' | b']' | b';' | b',') && !byte.is_ascii_whitespace();
            match byte {
                b'"' if rest.starts_with(b"\"\"\"") => {
                    self.within = Some(b"\"\"\"");
                    at += 3;
                    continue;
                }
                b'`' => {
                    self.within = Some(b"`");
                    at += 1;
                    continue;
                }
                b'"' | b'\'' if !unclosed[usize::from(byte == b'"')] => {
                    // A lifetime of Rust, or an apostrophe in markup, ends nowhere on its line, and no other one will.
                    let length = text_length(rest);
                    let closed = length > 1 && rest[length - 1] == byte;
                    unclosed[usize::from(byte == b'"')] = !closed;
                    at += if closed { length } else { 1 };
                    self.saw(byte);
                    continue;
                }
                b'(' | b'[' => self.open.push(Open::Expression),
                b'{' => {
                    let open = self.brace();
                    self.open.push(open);
                }
                b')' | b']' | b'}' => drop(self.open.pop()),
                _ => {}
            }
            self.saw(byte);
            at += 1;
        }
        self.word.clear();
        any
    }

    /// A brace holds values after `=`, `(`, `,`, `:` and the like, statements after everything else.
    fn brace(&self) -> Open {
        let arrow = self.last == *b"=>" || self.last == *b"->";
        let value = matches!(self.last[1], b'=' | b'(' | b'[' | b',' | b':' | b'?' | b'&' | b'|') && !arrow;
        if value || self.word == b"return" { Open::Expression } else { Open::Block }
    }

    fn saw(&mut self, byte: u8) {
        if byte.is_ascii_alphanumeric() || byte == b'_' {
            if self.last[1].is_ascii_whitespace() || !(self.last[1].is_ascii_alphanumeric() || self.last[1] == b'_') {
                self.word.clear();
            }
            self.word.push(byte);
        } else if !byte.is_ascii_whitespace() {
            self.word.clear();
        }
        if !byte.is_ascii_whitespace() {
            self.last = [self.last[1], byte];
        }
    }
}

/// A line goes on with the one above when it is indented deeper than the last line that did not, and no blank line is between.
fn indented(lines: &[&[u8]]) -> (Vec<bool>, Vec<bool>) {
    let depth = |line: &[u8]| line.len() - line.trim_ascii_start().len();
    let (mut goes_on, mut code) = (Vec::with_capacity(lines.len()), Vec::with_capacity(lines.len()));
    let mut start: Option<usize> = None;
    for line in lines {
        let blank = line.trim_ascii().is_empty();
        let deeper = start.is_some_and(|start| depth(line) > start);
        goes_on.push(!blank && deeper);
        code.push(!blank && !line.trim_ascii().starts_with(b"#"));
        start = if blank {
            None
        } else if deeper {
            start
        } else {
            Some(depth(line))
        };
    }
    (goes_on, code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines::State;
    use proptest::prelude::*;

    /// Lines that begin with `@` are measured; expects for each line the statement it belongs to, if it is another line.
    fn check(path: &str, text: &str, expected: &[(u32, u32)]) {
        let mut lines = Lines::default();
        let mut plain = String::new();
        for (at, line) in text.lines().enumerate() {
            if line.starts_with('@') {
                lines.add(at as u32 + 1, State::Hit);
            }
            plain.push_str(line.strip_prefix(['@', '|']).unwrap_or(line));
            plain.push('\n');
        }
        lines.settle();
        let source = Statements::new(path.as_bytes(), plain.as_bytes());
        let found: Vec<(u32, u32)> = (1..=text.lines().count() as u32)
            .filter(|line| lines.state(*line).is_none())
            .filter_map(|line| Some((line, source.start(line, &lines)?)))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn python_is_read_by_its_rules() {
        check("a.py", "@x = call(\n|    a,  # why\n|    # alone\n|\n|    b,\n|)\n@y = 1\n", &[(2, 1), (5, 1), (6, 1)]);
        check("a.py", "@def f():\n|    \"\"\"Docs\n|    go on.\"\"\"\n@    return 1\n", &[]);
        check("a.py", "@x = \"\"\"a\n|b # no comment\n|c\"\"\"\n|\n|z\n", &[(2, 1), (3, 1)]);
        check("a.py", "@x = 1 + \\\n|    2\n|if DEBUG:  # pragma: no cover\n|    dump()\n@y = \"(\"\n|z\n", &[(2, 1)]);
        check("a.py", "@if a:\n@    b()\n|else:\n@    c()\n", &[]);
    }

    #[test]
    fn braces_are_read_loosely() {
        check("a.ts", "@const x = call(\n|  a, // why\n|  // alone\n|  b,\n|)\n|\n|}\n", &[(2, 1), (4, 1)]);
        check("a.ts", "@const x = {\n|  a: 1,\n|  b: \"{\",\n|}\n@f()\n", &[(2, 1), (3, 1)]);
        check("a.ts", "@items\n|  .map((x) => x)\n|  .filter(Boolean)\n", &[(2, 1), (3, 1)]);
        check("a.ts", "@if (a) {\n|  type(\n|}\n|interface X {\n|  a: string\n|}\n", &[]);
        check("a.ts", "@run(() => {\n@  a()\n|  declared: string\n|})\n", &[]);
        check("a.kt", "@val x = a +\n|    b\n@return Foo(\n|    a = 1,\n|)\n|fun g() {\n|}\n", &[(2, 1), (4, 3)]);
        check("a.go", "@x := []string{\n|\t\"a\",\n|}\n", &[]);
        check("a.ts", "@const s = `a\n|  ${b}\n|`\n|c\n", &[(2, 1), (3, 1)]);
        check("a.ts", "@a()\n|/* b\n|  c */\n|d\n", &[]);
    }

    #[test]
    fn others_go_by_indentation() {
        check("a.rb", "@call(a,\n|     b)\n|end\n@x\n\n|  y\n", &[(2, 1)]);
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in prop::collection::vec(any::<u8>(), 0..300), line in 1u32..40, ending in "py|ts|rb") {
            let source = Statements::new(format!("a.{ending}").as_bytes(), &text);
            let mut lines = Lines::default();
            lines.add(1, State::Hit);
            if let Some(start) = source.start(line, &lines) {
                prop_assert_eq!(start, 1);
            }
        }
    }
}
