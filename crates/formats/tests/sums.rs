//! Checksum lists: which lines are read, which are refused, with which words; and what holds for all bytes.
use formats::sums::{Dialect, End, Form, Kind, LONGEST_LINE, Reader, from_hex, hex, needs_escape, path, read, write};
use proptest::prelude::*;

/// The digest of `abc`; `@` in the lists below.
const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/// What a list comes to, one line each: `line form name` or `line:column: problem`.
fn check(list: &str, dialect: Dialect, expected: &[&str]) {
    let bytes = list.replace('@', ABC);
    let list = read(bytes.as_bytes(), dialect);
    let mut found: Vec<(u64, String)> = Vec::new();
    for entry in &list.entries {
        assert_eq!(hex(&entry.digest), ABC);
        let name = entry.name.escape_ascii();
        found.push((entry.line, format!("{} {:?} {name}", entry.line, entry.form)));
    }
    for problem in &list.problems {
        assert!(!problem.hint().is_empty());
        found.push((problem.line, format!("{}:{}: {problem}", problem.line, problem.column)));
    }
    found.sort_by_key(|(line, _)| *line);
    let found: Vec<&str> = found.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(found, expected, "{bytes:?} {dialect:?}");
}

fn both(list: &str, expected: &[&str]) {
    check(list, Dialect::Strict, expected);
    check(list, Dialect::Gnu, expected);
}

#[test]
fn every_form_is_read() {
    both("@  a\n", &["1 Text a"]);
    both("@ *a\n", &["1 Binary a"]);
    both("@ a\n@ b\n", &["1 OneSpace a", "2 OneSpace b"]);
    both("SHA256 (a) = @\n", &["1 Tagged a"]);
    both("SHA256(a)= @\n", &["1 Tagged a"]);
    both("SHA256 (a) (b)) = @\n", &["1 Tagged a) (b)"]);
    both("\\@  new\\nline\\\\\\r\n", &["1 Text new\\nline\\\\\\r"]);
    both("\\SHA256 (new\\nline) = @\n", &["1 Tagged new\\nline"]);
    both("\\@  a\n", &["1 Text a"]);
    both(" \t@  a\n", &["1 Text a"]);
    both("@\ta\n", &["1 OneSpace a"]);
    both("@  a\r\n@   b \r\n", &["1 Text a", "2 Text  b "]);
    both("# c\n\n\r\n@  a", &["4 Text a"]);
    both("", &[]);
    both(&format!("{}  a\n", ABC.to_uppercase()), &["1 Text a"]);
    check("SHA2-256(a)= @\n", Dialect::Strict, &["1 Tagged a"]);
    check("SHA2-256(a)= @\n", Dialect::Gnu, &["1:1: this is a SHA2-256 checksum, not a SHA-256 one"]);
}

#[test]
fn what_is_no_line_is_a_problem_in_both() {
    both("garbage\n", &["1:1: this is no line of a checksum list"]);
    both("   \n", &["1:4: this is no line of a checksum list"]);
    both("SHA256\n", &["1:7: this is no line of a checksum list"]);
    both("SHA256 (a) @\n", &["1:12: this is no line of a checksum list"]);
    both("SHA256 (a = @\n", &["1:9: this is no line of a checksum list"]);
    both("@\n", &["1:65: there is no file name"]);
    both("@x  a\n", &["1:1: this is no line of a checksum list"]);
    both("@0  a\n", &["1:1: the digest has 65 digits, not 64"]);
    both("SHA256 (a) = 12345678\n", &["1:14: the digest has 8 digits, not 64"]);
    both(&format!("{}  a\n", ABC.replace('b', "x")), &["1:1: the digest has a letter that is no hexadecimal digit"]);
    both("d41d8cd98f00b204e9800998ecf8427e  a\n", &["1:1: this is a MD5 checksum, not a SHA-256 one"]);
    both("sha256 (a) = @\n", &["1:1: this is a sha256 checksum, not a SHA-256 one"]);
    both("SHA512 (a) = @@\n", &["1:1: this is a SHA512 checksum, not a SHA-256 one"]);
    both("@@  a\n", &["1:1: this is a SHA-512 checksum, not a SHA-256 one"]);
    let escape = "a backslash in an escaped name stands before something else than n, r or a backslash";
    both("\\@  a\\tb\n", &[&format!("1:69: {escape}")]);
    both("\\@  a\\\n", &[&format!("1:69: {escape}")]);
    both("@  a\n@ b\n", &["1 Text a", "2:66: one blank and two blanks are mixed as separators"]);
}

#[test]
fn what_gnu_passes_over_is_a_problem() {
    let strict = |list: &str, expected: &[&str]| check(list, Dialect::Strict, expected);
    let gnu = |list: &str, expected: &[&str]| check(list, Dialect::Gnu, expected);
    strict("\u{feff}@  a\n", &["1:1: the list starts with a byte order mark"]);
    gnu("\u{feff}@  a\n", &["1:1: this is no line of a checksum list"]);
    strict("@  a\0@  b\0", &["1:68: there is a NUL byte in the line"]);
    gnu("@  a\0@  b\0", &["1 Text a"]);
    gnu("SHA256 (a\0b) = @\0c\n", &["1 Tagged a"]);
    gnu("\\@  a\0\n", &["1:69: there is a NUL byte in the line"]);
    strict("@ a\n@  a\n", &["1 OneSpace a", "2:66: one blank and two blanks are mixed as separators"]);
    gnu("@ a\n@  a\n@ *a\n", &["1 OneSpace a", "2 OneSpace  a", "3 OneSpace *a"]);
    strict("@  /a\n", &["1:1: the file name is absolute"]);
    strict(
        "@  a/../b\n@  ..\n@  ..a\n",
        &["1:1: the file name leads out of its folder", "2:1: the file name leads out of its folder", "3 Text ..a"],
    );
    strict("@  -\n", &["1:1: the file name is `-`, which means standard input"]);
    gnu("@  -\n@  /a\n@  ..\n", &["1 Text -", "2 Text /a", "3 Text .."]);
    strict("SHA256 () = @\n", &["1:1: there is no file name"]);
    strict("@  a\n@  b\n@ *./a\n", &["1 Text a", "2 Text b", "3:1: the file is listed on line 1 already"]);
    gnu("@  a\n@  a\n", &["1 Text a", "2 Text a"]);
    let other = format!("@  a\n{}  a\n", "0".repeat(64));
    strict(&other, &["1 Text a", "2:1: the file is listed on line 1 with another digest"]);
}

#[test]
fn a_line_has_a_limit() {
    let name = "n".repeat(LONGEST_LINE - 66);
    check(&format!("@  {name}\n"), Dialect::Strict, &[&format!("1 Text {name}")]);
    check(&format!("@  {name}n\n"), Dialect::Strict, &["1:16385: the line is longer than 16384 bytes"]);
    check(&format!("@  {name}n\n"), Dialect::Gnu, &[&format!("1 Text {name}n")]);
}

#[test]
fn gnu_keeps_the_separator_from_list_to_list() {
    let kept = |dialect| {
        let mut reader = Reader::new(dialect);
        assert!(reader.line(format!("{ABC}  a").as_bytes()).unwrap().is_ok());
        reader.next_list();
        reader.line(format!("{ABC} b").as_bytes()).unwrap().is_err()
    };
    assert_eq!((kept(Dialect::Gnu), kept(Dialect::Strict)), (true, false));
}

#[test]
fn a_name_means_a_path() {
    for (name, expected) in [("./a", "a"), ("a//b/./c/", "a/b/c"), (".", ""), ("..", ".."), ("a", "a")] {
        assert_eq!(path(name.as_bytes()), expected.as_bytes(), "{name}");
    }
}

const FORMS: [Form; 4] = [Form::Text, Form::Binary, Form::Tagged, Form::OneSpace];

/// Lines that are nearly right.
fn lines() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(ABC.to_owned()),
        Just(ABC[..40].to_owned()),
        Just("SHA256 (".to_owned()),
        Just("SHA512 (".to_owned()),
        Just(") = ".to_owned()),
        "[ \t*\\\\()=\r\n\0#/.a-]{1,3}",
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat().into_bytes())
}

/// Lists as programs and people write them.
fn good_lists() -> impl Strategy<Value = Vec<u8>> {
    let line = ("[a-z][a-z \\\\()*=\n\r]{0,6}", any::<[u8; 32]>(), 0_usize..3, 0_usize..4);
    let line = line.prop_map(|(name, digest, form, end)| {
        let mut line = Vec::new();
        write(&mut line, (name.as_bytes(), &digest), FORMS[form], End::Line);
        line.pop();
        line.extend_from_slice([&b"\n"[..], b"\r\n", b"\n\n# c\n", b"\n\r\n"][end]);
        line
    });
    prop::collection::vec(line, 0..6).prop_map(|lines| lines.concat())
}

proptest! {
    #[test]
    fn what_is_written_is_read(name in prop::collection::vec(1_u8..=255, 1..40), digest in any::<[u8; 32]>(), at in 0_usize..4) {
        let form = FORMS[at];
        // What one blank before a name cannot tell apart.
        prop_assume!(form != Form::OneSpace || (!matches!(name[0], b' ' | b'*')));
        let mut line = Vec::new();
        write(&mut line, (&name, &digest), form, End::Line);
        prop_assert_eq!(line.iter().filter(|&&byte| byte == b'\n').count(), 1);
        prop_assert_eq!(line[0] == b'\\', needs_escape(&name));
        let list = read(&line, Dialect::Gnu);
        prop_assert_eq!(&list.problems, &[]);
        prop_assert_eq!((&list.entries[0].name, list.entries[0].digest, list.entries[0].form), (&name, digest, form));
        let strict = read(&line, Dialect::Strict);
        prop_assert!(strict.entries == list.entries || strict.problems.len() == 1);
    }

    #[test]
    fn any_bytes_are_read_line_by_line(bytes in prop_oneof![lines(), prop::collection::vec(any::<u8>(), 0..300)]) {
        let count = bytes.split_inclusive(|&byte| byte == b'\n').count();
        for dialect in [Dialect::Strict, Dialect::Gnu] {
            let list = read(&bytes, dialect);
            prop_assert!(list.entries.len() + list.problems.len() <= count);
            let mut lines: Vec<u64> = list.entries.iter().map(|e| e.line).chain(list.problems.iter().map(|p| p.line)).collect();
            lines.sort_unstable();
            prop_assert!(lines.windows(2).all(|pair| pair[0] < pair[1]) && lines.last() <= Some(&(count as u64)));
        }
    }

    #[test]
    fn a_list_without_problems_is_read_by_gnu_in_the_same_way(bytes in good_lists()) {
        let strict = read(&bytes, Dialect::Strict);
        let repeats = |kind: &Kind| matches!(kind, Kind::Duplicate(_) | Kind::Conflict(_));
        prop_assert!(strict.problems.iter().all(|problem| repeats(&problem.kind)), "{:?}", strict.problems);
        prop_assume!(strict.problems.is_empty());
        prop_assert_eq!(strict, read(&bytes, Dialect::Gnu));
    }

    #[test]
    fn digits_are_written_and_read(digest in any::<[u8; 32]>()) {
        prop_assert_eq!(from_hex(hex(&digest).as_bytes()), Some(digest));
        prop_assert_eq!(from_hex(&hex(&digest).as_bytes()[1..]), None);
    }
}
