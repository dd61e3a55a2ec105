//! The oracle itself, against what is known of the runner.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use action::oracle::{Records, Refused, env, log, output, path, summary};

fn check(file: &str, expected: Result<&[(&str, &str)], (usize, &str)>) {
    let got = output(file.as_bytes());
    match (&got, expected) {
        (Ok(records), Ok(expected)) => {
            let expected: Records = expected.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            assert_eq!(*records, expected, "{file:?}");
        }
        (Err(Refused { line, why }), Err((at, what))) => {
            assert!(*line == at && why.contains(what), "{file:?}: line {line}: {why}");
        }
        _ => panic!("{file:?} gave {got:?}, not {expected:?}"),
    }
}

#[test]
fn reads_what_the_runner_reads() {
    check("", Ok(&[]));
    check("\n\n", Ok(&[]));
    check("a=b", Ok(&[("a", "b")]));
    check("a=b<<c=d\n", Ok(&[("a", "b<<c=d")]));
    check("a=\n\nb=2\n", Ok(&[("a", ""), ("b", "2")]));
    check("a = b \r\n", Ok(&[("a ", " b \r")]));
    check("a<<EOF\nEOF\n", Ok(&[("a", "")]));
    check("a<<EOF\n\nEOF\n", Ok(&[("a", "")]));
    check("a<<EOF\n\n\nEOF", Ok(&[("a", "\n")]));
    check("a<<E=F\n1\nE=F\nb=2", Ok(&[("a", "1"), ("b", "2")]));
    check("a<<EOF\n EOF\nEOFx\nEOF\n", Ok(&[("a", " EOF\nEOFx")]));
    check("\u{feff}a=b\n", Ok(&[("a", "b")]));
}

#[test]
fn one_bad_line_fails_the_whole_file() {
    check("a=b\nnonsense\n", Err((2, "neither NAME=VALUE")));
    check("=b\n", Err((1, "no name")));
    check("<<EOF\nx\nEOF\n", Err((1, "neither name nor delimiter")));
    check("a<<\nx\n", Err((1, "neither name nor delimiter")));
    check("a=1\nb<<EOF\nx\n", Err((2, "the end marker is missing")));
    check("b<<EOF\nx EOF", Err((1, "the end marker is missing")));
    check("b<<EOF\nx\nEOF \n", Err((1, "the end marker is missing")));
}

#[test]
fn refuses_what_would_be_damaged_or_dangerous() {
    assert!(output(b"a=\xff\n").is_err());
    assert!(output(b"\xff\xfea\0=\0").is_err());
    assert!(env(b"NODE_OPTIONS=--require=x\n").is_err());
    assert!(env(b"node_options<<E\nx\nE\n").is_err());
    assert!(env(b"A=\0\n").is_err());
    assert!(env(b"A=b\n").is_ok());
    assert_eq!(path(b"/a\r\n\n/b\r/c").unwrap(), ["/a", "/b", "/c"]);
    assert!(summary(&vec![b'a'; 1 << 20]).is_ok());
    assert!(summary(&vec![b'a'; (1 << 20) + 1]).is_err());
}

/// Name, properties and data of each command.
fn commands(text: &str) -> Vec<String> {
    let shown = log(text.as_bytes()).commands.into_iter();
    shown.map(|c| format!("{}:{} {:?} {:?}", c.line, c.name, c.properties, c.data)).collect()
}

#[test]
fn obeys_what_the_runner_obeys() {
    assert_eq!(
        commands("::error file=a%2Cb,line=1::x%0Ay%250A"),
        [r#"1:error {"file": "a,b", "line": "1"} "x\ny%0A""#]
    );
    assert_eq!(commands("\u{3000}\t ::Notice::x"), [r#"1:notice {} "x""#]);
    assert_eq!(commands("a\r::debug::x"), [r#"2:debug {} "x""#]);
    assert_eq!(commands("see ##[add-mask]a]b%5D"), [r#"1:add-mask {} "a]b]""#]);
    assert_eq!(commands("##[error line=1;col=%3B]x"), [r#"1:error {"col": ";", "line": "1"} "x""#]);
    assert_eq!(commands("::nothing::##[error]x"), [r#"1:error {} "x""#]);
    assert_eq!(commands("::error title==x,file=::m"), [r#"1:error {"title": "x"} "m""#]);
    assert_eq!(commands("x ::error::y\n:: error::z\n::error:z\n# #[error]x\n##[error"), [""; 0]);
}

#[test]
fn obeys_nothing_until_the_token() {
    let text = "::stop-commands::Tok\n::error::x\n##[error]y\n::tok::\n::error::z\n::tok::\n";
    assert_eq!(commands(text), [r#"1:stop-commands {} "Tok""#, r#"4:tok {} """#, r#"5:error {} "z""#]);
    assert_eq!(log(text.as_bytes()).text, ["::error::x", "##[error]y", "::tok::"]);
    assert_eq!(log(b"::stop-commands::t\n::error::x").stopped.as_deref(), Some("t"));
}
