//! Files that are large, deep, broken or odd: bounded, reported, and no crash.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
use std::path::Path;
use std::process::Command;

fn run(folder: &Path, args: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_fake-code-detector"))
        .args(args)
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap();
    let code = output
        .status
        .code()
        .unwrap_or_else(|| panic!("ended by a signal: {}", String::from_utf8_lossy(&output.stderr)));
    (code, String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

/// A folder with an honest file and this one.
fn with(name: &str, bytes: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("good.ts"), "export const a = (b: number) => b + 1;\n").unwrap();
    std::fs::write(folder.path().join(name), bytes).unwrap();
    folder
}

fn refused(bytes: &[u8], why: &str) {
    let folder = with("bad.tsx", bytes);
    let (code, said) = run(folder.path(), &[]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("bad.tsx") && said.contains(why), "{said}");
    let (code, said) = run(folder.path(), &["--unparsable", "warn"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("bad.tsx"), "{said}");
}

#[test]
fn a_file_of_fifty_megabytes_is_refused() {
    refused("const a = 1;\n".repeat(50_000_000 / 13).as_bytes(), "bytes");
}

#[test]
fn what_nests_ten_thousand_deep_is_refused() {
    for part in ["(", "[", "{", "f(", "`${", "x={a:", "<a>{", "function f(){", "class A{x="] {
        refused(part.repeat(10_000).as_bytes(), "it ");
    }
}

#[test]
fn long_chains_are_refused() {
    for part in ["!", "a=>", "a?b:", "a:", "new ", "a=", "typeof "] {
        refused(part.repeat(30_000).as_bytes(), "in a row");
    }
}

#[test]
fn what_is_just_not_too_deep_is_read() {
    let nested = |open: &str, inner: &str, close: &str, times: usize| {
        format!("x = {}{inner}{}", open.repeat(times), close.repeat(times))
    };
    for text in [
        nested("(", "1", ")", 2_000),
        nested("[", "1", "]", 2_000),
        nested("{a:", "1", "}", 2_000),
        nested("1+", "1", "", 9_000),
        nested("a?b:", "1", "", 4_000),
        nested("a=>", "1", "", 6_000),
    ] {
        let folder = with("deep.ts", text.as_bytes());
        let (code, said) = run(folder.path(), &[]);
        assert_eq!(code, 0, "{said}");
    }
    let branches = "if (a.b) { a.c() } else ".repeat(15_000) + "a.d();";
    let branches = format!("export function f(a) {{ {branches} return 1 }}");
    let (code, said) = run(with("deep.js", branches.as_bytes()).path(), &[]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn long_chains_of_variables_end() {
    let mut text = "export function f(a) {\n  const v0 = a;\n".to_owned();
    for index in 1..3_000 {
        text.push_str(&format!("  const v{index} = v{} + v{};\n", index - 1, index / 2));
    }
    text.push_str("  return v2999;\n}\n");
    let calls: String = (0..2_000)
        .map(|index| {
            format!("function g{index}(a) {{ return g{}(a) + g{}(a); }}\n", (index + 1) % 2_000, (index * 7) % 2_000)
        })
        .collect();
    for text in [text, calls] {
        let (code, said) = run(with("long.js", text.as_bytes()).path(), &[]);
        assert_eq!(code, 0, "{said}");
    }
}

#[test]
fn broken_texts_are_refused() {
    refused(b"\x7fELF\x02\x01\x01\x00\x00", "NUL");
    refused(b"export const a = '\xff\xfe';\n", "UTF-8");
    refused(b"export const a = `never closed\n", "bad.tsx:");
    refused(b"export function f( {\n", "bad.tsx:");
    refused(b"<<<<<<< HEAD\nconst a = 1;\n=======\n", "bad.tsx:");
}

#[test]
fn an_empty_file_and_one_of_comments_are_read() {
    for text in ["", "\n", "// fake-ok", "/* x */", "#!/usr/bin/env node\n", "\u{feff}"] {
        let (code, said) = run(with("odd.ts", text.as_bytes()).path(), &["--rules", "FK901=off"]);
        assert_eq!(code, 0, "{said}");
    }
}

#[test]
fn a_loop_of_links_ends() {
    let folder = with("c.ts", b"export const c = 1;\n");
    std::os::unix::fs::symlink(".", folder.path().join("loop")).unwrap();
    std::os::unix::fs::symlink("../loop", folder.path().join("loop2")).unwrap();
    std::os::unix::fs::symlink("missing.ts", folder.path().join("dangling.ts")).unwrap();
    let (code, said) = run(folder.path(), &[]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("in 2 files"), "{said}");
}

#[test]
fn odd_names_are_shown_and_not_obeyed() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = tempfile::tempdir().unwrap();
    for name in [&b"a\nb::error::x.ts"[..], b"\xff\xfe.ts", b"-x.ts", b"a b\x1b[31m.ts"] {
        std::fs::write(
            folder.path().join(std::ffi::OsStr::from_bytes(name)),
            "export function routeFor(order) { return { carrier: 'north', lane: 'fast' }; }\n",
        )
        .unwrap();
    }
    for format in ["text", "github", "json", "sarif"] {
        let (code, said) = run(folder.path(), &["--format", format]);
        assert_eq!(code, 1, "{said}");
        assert!(!said.contains('\u{1b}') && !said.lines().any(|line| line.starts_with("b::error")), "{said}");
    }
}
