//! Names as git writes them in the headers of a patch: as they are, or in C's quotes.

/// What follows on `prefix` and `name` at the start of `line`, however git has written the two.
pub(crate) fn strip_name<'a>(line: &'a [u8], prefix: &[u8], name: &[u8]) -> Option<&'a [u8]> {
    if line.first() != Some(&b'"') {
        return line.strip_prefix(prefix)?.strip_prefix(name);
    }
    let (unquoted, rest) = unquote(line)?;
    (unquoted.strip_prefix(prefix)? == name).then_some(rest)
}

/// Reads the quoted name at the start of `line`; gives it with what follows, `None` where there is none.
fn unquote(line: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut rest = line.strip_prefix(b"\"")?;
    let mut name = Vec::new();
    loop {
        let (&byte, after) = rest.split_first()?;
        rest = after;
        match byte {
            b'"' => return Some((name, rest)),
            b'\\' => {
                let (escaped, after) = escape(rest)?;
                name.push(escaped);
                rest = after;
            }
            _ => name.push(byte),
        }
    }
}

/// Reads what follows a backslash.
fn escape(text: &[u8]) -> Option<(u8, &[u8])> {
    let (&letter, rest) = text.split_first()?;
    let byte = match letter {
        b'a' => 0x07,
        b'b' => 0x08,
        b't' => b'\t',
        b'n' => b'\n',
        b'v' => 0x0b,
        b'f' => 0x0c,
        b'r' => b'\r',
        b'"' | b'\\' => letter,
        b'0'..=b'3' => {
            let (digits, rest) = text.split_at_checked(3)?;
            return Some((u8::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok()?, rest));
        }
        _ => return None,
    };
    Some((byte, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(line: &str, expected: Option<(&[u8], &str)>) {
        let found = unquote(line.as_bytes());
        let expected = expected.map(|(name, rest)| (name.to_vec(), rest.as_bytes()));
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn every_escape_is_read() {
        check(r#""" b/c"#, Some((b"", " b/c")));
        check(r#""a/\a\b\t\n\v\f\r\"\\\001\377""#, Some((b"a/\x07\x08\t\n\x0b\x0c\r\"\\\x01\xff", "")));
        check(r#""a b"c"#, Some((b"a b", "c")));
        for broken in [r"a", "", r#"""#, r#""a"#, r#""\"#, r#""\""#, r#""\x""#, r#""\40"#, r#""\400""#, r#""\08 ""#] {
            let found = unquote(broken.as_bytes());
            assert!(found.is_none(), "{broken}: {found:?}");
        }
    }

    #[test]
    fn a_name_is_taken_off_in_either_form() {
        let check = |line: &str, name: &str, expected: Option<&str>| {
            let found = strip_name(line.as_bytes(), b"a/", name.as_bytes());
            assert_eq!(found, expected.map(str::as_bytes), "{line}");
        };
        check("a/x b/y b/z", "x b/y", Some(" b/z"));
        check(r#""a/x\ty" rest"#, "x\ty", Some(" rest"));
        check(r#""a/x" rest"#, "y", None);
        check(r#""x" rest"#, "x", None);
        check("b/x", "x", None);
        check("", "", None);
    }

    proptest! {
        #[test]
        fn any_bytes_come_back(name: Vec<u8>, rest: Vec<u8>) {
            let quoted: String = name.iter().map(|byte| format!("\\{byte:03o}")).collect();
            let line = [b"\"", quoted.as_bytes(), b"\"", &rest].concat();
            prop_assert_eq!(unquote(&line), Some((name, rest.as_slice())));
        }

        #[test]
        fn nothing_makes_it_panic(line in r#"["\\0-9a-z]{0,12}"#, name: Vec<u8>) {
            let _ = strip_name(line.as_bytes(), b"a/", &name);
            let _ = strip_name(&name, b"a/", line.as_bytes());
        }
    }
}
