//! File names as GNU's programs show them in messages: quoted for a shell where that is needed.

/// How a byte is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Means nothing to a shell.
    Plain,
    /// Needs no quotes where it stands, but is not put into double ones.
    Loose,
    /// Needs quotes, which may be double.
    Tame,
    /// Needs single quotes.
    Special,
    /// Is no visible ASCII character: shown by a backslash.
    Hidden,
}

/// A name in a message of the form `program: name: words`, in the C locale; what it gives is ASCII.
pub fn quoted(name: &[u8]) -> String {
    let classes: Vec<Class> = name.iter().enumerate().map(|(at, byte)| class(*byte, at, name.len())).collect();
    if !name.is_empty() && classes.iter().all(|class| matches!(class, Class::Plain | Class::Loose)) {
        return name.iter().copied().map(char::from).collect();
    }
    let apostrophe = name.contains(&b'\'');
    if apostrophe && classes.iter().all(|class| matches!(class, Class::Plain | Class::Tame)) {
        return std::iter::once('"').chain(name.iter().copied().map(char::from)).chain(['"']).collect();
    }
    single(name, &classes)
}

/// Between single quotes; runs of hidden bytes between `'$'` and `''`.
fn single(name: &[u8], classes: &[Class]) -> String {
    let mut text = String::from("'");
    // A quirk: a name with an apostrophe is gone through twice, and the second time begins where the first one ended.
    let mut escaping = name.contains(&b'\'') && classes.last() == Some(&Class::Hidden);
    for (&byte, class) in name.iter().zip(classes) {
        match class {
            Class::Hidden => {
                text.push_str(if escaping { "" } else { "'$'" });
                escape(byte, &mut text);
            }
            // Its own quotes end those of the escapes.
            _ if byte == b'\'' => text.push_str("'\\''"),
            _ => {
                text.push_str(if escaping { "''" } else { "" });
                text.push(char::from(byte));
            }
        }
        escaping = *class == Class::Hidden;
    }
    text.push('\'');
    text
}

fn escape(byte: u8, text: &mut String) {
    let letter = match byte {
        7 => 'a',
        8 => 'b',
        9 => 't',
        10 => 'n',
        11 => 'v',
        12 => 'f',
        13 => 'r',
        _ => {
            text.push_str(&format!("\\{byte:03o}"));
            return;
        }
    };
    text.extend(['\\', letter]);
}

fn class(byte: u8, at: usize, length: usize) -> Class {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'%' | b'+' | b',' | b'-' | b'.' | b'/' | b']' | b'_' | b'@' => {
            Class::Plain
        }
        // The end of a name in a message, so that a reader sees which colon is which.
        b' ' | b'\'' | b':' => Class::Tame,
        // Alone they are words of a shell.
        b'{' | b'}' if length > 1 => Class::Loose,
        b'{' | b'}' => Class::Tame,
        b'#' | b'~' if at > 0 => Class::Loose,
        b'#' | b'~' => Class::Tame,
        b'!'..=b'~' => Class::Special,
        _ => Class::Hidden,
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    fn check(name: &[u8], expected: &str) {
        assert_eq!(quoted(name), expected, "{}", name.escape_ascii());
    }

    #[test]
    fn names_are_quoted_where_a_shell_needs_it() {
        check(b"a-b/c.tar.gz", "a-b/c.tar.gz");
        check(b"", "''");
        check(b" a", "' a'");
        check(b"a:b", "'a:b'");
        check(b"it's", "\"it's\"");
        check(b"it's$", "'it'\\''s$'");
        check(b"new\nline", "'new'$'\\n''line'");
        check(b"\xc3\xa9", "''$'\\303\\251'");
        check(b"back\\slash", "'back\\slash'");
        check(b"a#~{", "a#~{");
        check(b"a#'", "'a#'\\'''");
        check(b"#'", "\"#'\"");
        check(b"{", "'{'");
        check(b"\"'\n", "'''\"'\\'''$'\\n'");
        check(b"a'\tb", "'a'\\'''$'\\t''b'");
    }
}
