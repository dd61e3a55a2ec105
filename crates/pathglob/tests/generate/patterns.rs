//! Patterns.

use crate::random::Random;

const WORDS: [&str; 14] = ["a", "b", "ab", "c", "src", "x", "md", "js", "1", "12", "_", "-", "é", "ö"];
const ODD: [&str; 26] = [
    "!", "^", "$", "|", "+", "@", "~", "#", "=", "<", ">", ":", ";", "'", "\"", "%", "&", ",", "}", "]", ")", "`", " ",
    "..", "{", "(",
];
const ESCAPES: [&str; 38] = [
    "\\*", "\\?", "\\[", "\\]", "\\{", "\\}", "\\(", "\\)", "\\\\", "\\!", "\\.", "\\/", "\\d", "\\w", "\\s", "\\D",
    "\\W", "\\S", "\\b", "\\B", "\\x61", "\\u0061", "\\cA", "\\c", "\\0", "\\8", "\\07", "\\041", "\\n", "\\t", "\\a",
    "\\-", "\\;", "\\\\\\", "\\\"", "\\|", "\\^", "\\é",
];
const CLASS_PARTS: [&str; 40] = [
    "a",
    "b",
    "c",
    "a-c",
    "0-9",
    "A-Z",
    "z-a",
    "-",
    "!",
    "^",
    ".",
    "*",
    "?",
    "+",
    "(",
    ")",
    "{",
    "}",
    "|",
    "$",
    "/",
    ",",
    "\\]",
    "\\[",
    "[",
    ":",
    "\\d",
    "\\w",
    "\\-",
    "\\\\",
    "\\b",
    "é",
    "[:alpha:]",
    "[:digit:]",
    "[:blank:]",
    "[:punct:]",
    "[:word:]",
    "[:nope:]",
    "\\/",
    "\"",
];
const RANGES: [&str; 14] = [
    "1..3",
    "a..c",
    "01..10",
    "c..a",
    "a..c..2",
    "..",
    "a..",
    "..b",
    "1...3",
    "-1..2",
    "a*..b",
    "]..a",
    "é..ö",
    "1..99999999",
];
const TYPICAL: [&str; 24] = [
    "**",
    "*",
    "**/*",
    "**/*.js",
    "*.md",
    "src/**",
    "src/**/*.js",
    "**/src/**",
    "**/*.{js,md}",
    "!src/**",
    "!**/*.md",
    "{src,a}/**",
    "**/!(*.md)",
    "!(src|a)/**",
    "*.!(js)",
    "a/**/b",
    "**/.*",
    ".*",
    "*.*",
    "*/*",
    "**/*.*",
    "***",
    "**/**",
    "./src/**",
];
/// Text that reaches the regular expression as it is, because the bracket before it never closes.
const RAW: [&str; 20] = [
    "a{2}",
    "a{1,2}",
    "a{0,}?",
    "(?:a|b)*",
    "(?=a)",
    "(?!a)*",
    "^",
    "$",
    "a*?",
    ".",
    "b+?",
    "{1}",
    "(a*)*",
    "x{2,1}",
    "\\7",
    "(?:(?=a)|b*)+",
    "(?:\\b|a)*",
    "[^a]",
    "a??",
    "(?:a?b?)*",
];

/// What is refused: the run shows that nothing else is.
const REFUSED: [&str; 6] = ["\\1", "(a)\\1", "(?<=a)", "(?<!a)", "(?<n>a)", "[\\](?i:a)"];

impl Random {
    /// A pattern, mostly short and mostly sound.
    pub(crate) fn pattern(&mut self) -> String {
        let mut pattern = String::new();
        match self.below(16) {
            0 => pattern.push('!'),
            1 => pattern.push_str(self.pick(&["!!", "!./", "./", "../", "/", ".", "!!!", "\\!"])),
            _ => {}
        }
        if self.one_in(6) {
            pattern.push_str(self.pick(&TYPICAL));
        }
        if self.one_in(24) {
            pattern.push_str("[\\]");
            for _ in 0..=self.below(3) {
                pattern.push_str(self.pick(&RAW));
            }
        }
        let pieces = 1 + self.below(6);
        self.pieces(&mut pattern, pieces, 3);
        if self.one_in(6) {
            self.break_up(&mut pattern);
        }
        if pattern.is_empty() { "*".to_owned() } else { pattern }
    }

    fn pieces(&mut self, out: &mut String, count: usize, depth: usize) {
        for _ in 0..count {
            self.piece(out, depth);
        }
    }

    fn piece(&mut self, out: &mut String, depth: usize) {
        match self.below(if depth == 0 { 16 } else { 24 }) {
            0..=2 => out.push_str(self.pick(&WORDS)),
            3 | 4 => out.push('/'),
            5 | 6 => out.push('*'),
            7 => out.push_str("**"),
            8 => out.push_str(self.pick(&["**/", "/**", "/**/", "***", "/*/", "/*", "**/*"])),
            9 => out.push_str(self.pick(&["?", "??", "?", "?", "/?"])),
            10 => out.push_str(self.pick(&[".", ".", "..", "./", ".*", ".md", ".js"])),
            11 => out.push_str(self.pick(&ODD)),
            12 if self.one_in(40) => out.push_str(self.pick(&REFUSED)),
            12 => out.push_str(self.pick(&ESCAPES)),
            13 => self.class(out),
            14 => self.quoted(out),
            15 => out.push_str(if self.one_in(6) { self.pick(&["😀", "\n", "\0", "𝒳"]) } else { "a" }),
            16 | 17 => self.braces(out, depth - 1),
            18..=21 => self.extglob(out, depth - 1),
            22 => self.group(out, depth - 1),
            _ => out.push('a'),
        }
    }

    fn class(&mut self, out: &mut String) {
        out.push_str(self.pick(&["[", "[", "[!", "[^", "[]", "[^]"]));
        for _ in 0..=self.below(3) {
            out.push_str(self.pick(&CLASS_PARTS));
        }
        if !self.one_in(12) {
            out.push(']');
        }
        if self.one_in(8) {
            out.push_str(self.pick(&["+", "*", "?", "**", "{1,2}"]));
        }
    }

    fn quoted(&mut self, out: &mut String) {
        out.push('"');
        for _ in 0..=self.below(3) {
            out.push_str(self.pick(&["a", "*", ".", "/", "(", "[", "{", "|", "\\", "b c"]));
        }
        out.push('"');
    }

    fn braces(&mut self, out: &mut String, depth: usize) {
        out.push('{');
        if self.one_in(4) {
            out.push_str(self.pick(&RANGES));
        } else {
            for n in 0..=self.below(3) {
                if n > 0 {
                    out.push(',');
                }
                let pieces = self.below(3);
                self.pieces(out, pieces, depth);
            }
        }
        out.push('}');
        if self.one_in(12) {
            out.push_str(self.pick(&["+", "*", "?", "+?", "**"]));
        }
    }

    fn extglob(&mut self, out: &mut String, depth: usize) {
        out.push_str(self.pick(&["!(", "!(", "@(", "?(", "*(", "+("]));
        self.alternatives(out, depth);
        out.push(')');
        if self.one_in(5) {
            out.push_str(self.pick(&[".js", ".{js,md}", "*", "**", ".", "/", "?", "+"]));
        }
    }

    fn group(&mut self, out: &mut String, depth: usize) {
        out.push_str(self.pick(&["(", "(?:", "(?=", "(?!", "(?", "(", "(*", "(?:"]));
        self.alternatives(out, depth);
        out.push(')');
        if self.one_in(3) {
            out.push_str(self.pick(&["+", "*", "?", "??", "{1,2}"]));
        }
    }

    fn alternatives(&mut self, out: &mut String, depth: usize) {
        for n in 0..=self.below(3) {
            if n > 0 {
                out.push('|');
            }
            let pieces = self.below(4);
            self.pieces(out, pieces, depth);
        }
    }

    /// Leaves out, doubles or inserts a character.
    fn break_up(&mut self, pattern: &mut String) {
        let mut text: Vec<char> = pattern.chars().collect();
        for _ in 0..=self.below(2) {
            let at = self.below(text.len() + 1);
            match self.below(3) {
                0 if at < text.len() => {
                    text.remove(at);
                }
                1 if at < text.len() => text.insert(at, text[at]),
                _ => text.insert(at, self.pick(&['(', ')', '[', ']', '{', '}', '\\', '*', '!', '/', '.', ',', '"'])),
            }
        }
        *pattern = text.into_iter().collect();
    }
}
