//! Whether a file only declares things: no tool measures it then, and no report needs to name it.
//!
//! In doubt a file does hold code.
#![deny(clippy::disallowed_methods)]

/// Whether it holds nothing that a tool could count.
pub(super) fn only(path: &[u8], text: &[u8]) -> bool {
    let ending = path.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    match ending {
        // Go counts statements, and those are in functions only.
        b"go" => memchr::memmem::find(&without_comments(text), b"func").is_none(),
        b"hpp" | b"hh" | b"hxx" => !has_bodies(&without_comments(text)),
        b"ts" | b"mts" | b"cts" => only_types(&without_comments(text)),
        _ => false,
    }
}

/// The text without `//` and `/* */`, but for those in quotes; what is not closed stays as it is.
fn without_comments(text: &[u8]) -> Vec<u8> {
    let (mut code, mut at) = (Vec::with_capacity(text.len()), 0);
    // What has been looked for in vain is not looked for again: the line of each kind of quote, and the end of comments.
    let (mut open, mut endless) = ([0usize; 2], false);
    while at < text.len() {
        let rest = &text[at..];
        let end_of_line = |rest: &[u8]| memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let (length, keep) = match rest {
            [b'/', b'/', ..] => (end_of_line(rest), false),
            [b'/', b'*', ..] if !endless => match memchr::memmem::find(&rest[2..], b"*/") {
                Some(end) => (end + 4, false),
                None => {
                    endless = true;
                    (1, true)
                }
            },
            [b'`', ..] => (memchr::memchr(b'`', &rest[1..]).map_or(rest.len(), |end| end + 2), true),
            [quote @ (b'"' | b'\''), ..] if at >= open[usize::from(*quote == b'"')] => match quoted(rest) {
                Some(length) => (length, true),
                None => {
                    open[usize::from(*quote == b'"')] = at + end_of_line(rest);
                    (1, true)
                }
            },
            _ => (1, true),
        };
        if keep {
            code.extend_from_slice(&rest[..length]);
        }
        at += length;
    }
    code
}

/// How long the text in quotes is that begins here; `None` when it does not end on its line.
fn quoted(text: &[u8]) -> Option<usize> {
    let mut at = 1;
    while at < text.len() {
        match text[at] {
            b'\\' => at += 1,
            b'\n' => return None,
            byte if byte == text[0] => return Some(at + 1),
            _ => {}
        }
        at += 1;
    }
    None
}

/// What may stand between a list of parameters and a body, or begin a block.
const BEFORE_BODIES: [&[u8]; 8] = [b"const", b"noexcept", b"override", b"final", b"mutable", b"try", b"else", b"do"];

/// Whether a C++ header defines functions: a brace behind a list of parameters, or behind what may follow one.
fn has_bodies(text: &[u8]) -> bool {
    memchr::memchr_iter(b'{', text).any(|at| {
        let before = text[..at].trim_ascii_end();
        let word = before.rsplit(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_').next().unwrap_or_default();
        before.ends_with(b")") || BEFORE_BODIES.contains(&word)
    })
}

/// Words of TypeScript that make code.
const CODE: [&[u8]; 16] = [
    b"function",
    b"const",
    b"let",
    b"var",
    b"class",
    b"enum",
    b"namespace",
    b"new",
    b"await",
    b"return",
    b"default",
    b"if",
    b"for",
    b"while",
    b"throw",
    b"async",
];
/// What a line outside of braces begins with in a file of types.
const TYPES: [&[u8]; 5] = [b"import ", b"export ", b"type ", b"interface ", b"declare "];

/// Whether a TypeScript file has types alone: no word that makes code, and outside of braces only lines that begin or go on
/// with an import, an export or a type.
fn only_types(text: &[u8]) -> bool {
    let mut words = text.split(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_' && *byte != b'$');
    if words.any(|word| CODE.contains(&word)) {
        return false;
    }
    let mut depth = 0usize;
    for line in text.split(|byte| *byte == b'\n') {
        let trimmed = line.trim_ascii();
        let begins =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'(' | b'`' | b'"' | b'\'');
        if depth == 0 && trimmed.first().is_some_and(begins) && !TYPES.iter().any(|word| trimmed.starts_with(word)) {
            return false;
        }
        for byte in line {
            match byte {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::only;

    #[test]
    fn a_file_of_declarations_needs_no_report() {
        let check = |path: &str, text: &str, expected: bool| {
            assert_eq!(only(path.as_bytes(), text.as_bytes()), expected, "{text}");
        };
        check("a.go", "package a\n// a func\ntype T struct{}\n", true);
        check("a.go", "package a\nvar x = func() int { return 1 }()\n", false);
        check("a.go", "package a\nvar x = reg(\"http://x\", func() {})\n", false);
        check("a.go", "package a\nvar x = reg(`/*`, func() {})\nvar y = '*'/2\n", false);
        check("a.hpp", "namespace a {\nclass B { int c(); enum D { E }; int f = {1}; };\n}\n", true);
        check("a.hpp", "struct A { int b() const { return 1; } };", false);
        check("a.hpp", "int a()\n{\n}\n", false);
        let types = "import type { A } from \"./a\";\n\nexport interface B {\n  c(d: A): void;\n}\nexport type E =\n  | A\n  | B;\n";
        check("a.ts", types, true);
        check("a.ts", "export * from \"./a\";\n", true);
        check("a.ts", "type A = 1;\nregister();\n", false);
        check("a.ts", "export const a = 1;\n", false);
        check("a.ts", "export enum A { B }\n", false);
        check("a.py", "", false);
    }
}
