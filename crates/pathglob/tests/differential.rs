//! The same questions to npm's picomatch and to this crate. Where they differ, the difference must have a name.

mod generate;
mod random;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use pathglob::{Error, ErrorKind, Glob, Syntax};
use random::Random;
use serde_json::{Value, json};

const PATHS_PER_PATTERN: usize = 5;
const NOT_RUN: &str = "not run: picomatch is not installed; run `cargo xtask parts picomatch`";

/// Names that picomatch looks up in a plain JavaScript object, and finds there without anybody having put them in.
const INHERITED: [&str; 12] = [
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
    "__defineGetter__",
    "__defineSetter__",
    "__lookupGetter__",
    "__lookupSetter__",
    "__proto__",
];

/// Why our answer may be another one, if it may; these are the deviations that README.md lists.
fn deviation(pattern: &str, file: &str, ours: &Result<Glob, Error>, theirs: &Value) -> Option<&'static str> {
    match ours.as_ref().map_err(|error| error.kind) {
        Err(ErrorKind::BackReference | ErrorKind::LookBehind | ErrorKind::NamedGroup | ErrorKind::InlineFlags) => {
            return Some("refused: no linear-time matcher has it");
        }
        Err(ErrorKind::TooLarge | ErrorKind::TooDeep) => return Some("refused: too large or too deep"),
        _ => {}
    }
    if theirs.is_null() {
        return Some("upstream did not come to an end");
    }
    if theirs == "error" {
        return INHERITED.contains(&pattern).then_some("upstream trips over a name of JavaScript's objects");
    }
    if file.contains(['\n', '\r', '\u{2028}', '\u{2029}']) {
        return Some("a line break is a character");
    }
    pattern.chars().chain(file.chars()).any(|c| c > '\u{ffff}').then_some("a character is one character")
}

/// Compares one answer; `Ok` names the deviation, if there is one.
fn check(
    pattern: &str,
    file: &str,
    ours: &Result<Glob, Error>,
    theirs: &Value,
) -> Result<Option<&'static str>, String> {
    let answer = ours.as_ref().map_or(json!("error"), |glob| json!(glob.is_match(file.as_bytes())));
    if answer == *theirs {
        return Ok(None);
    }
    match deviation(pattern, file, ours, theirs) {
        Some(name) => Ok(Some(name)),
        None => Err(format!("{pattern:?} {file:?}: ours {answer}, theirs {theirs}")),
    }
}

#[test]
fn agrees_with_picomatch() {
    let Some(picomatch) = installed() else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{NOT_RUN}");
        println!("{NOT_RUN}");
        return;
    };
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse().ok());
    let pairs: usize = number("DIFFERENTIAL_PAIRS").unwrap_or(100_000);
    let seed: usize = number("DIFFERENTIAL_SEED").unwrap_or(1);
    let mut random = Random::new(seed as u64);
    let mut jobs: Vec<(String, Vec<String>)> =
        INHERITED.iter().map(|name| (name.to_string(), vec![name.to_string(), "a".to_owned()])).collect();
    jobs.extend((0..pairs.div_ceil(PATHS_PER_PATTERN)).map(|_| {
        let pattern = random.pattern();
        let files = (0..PATHS_PER_PATTERN).map(|_| random.path(&pattern)).collect();
        (pattern, files)
    }));
    let answers = ask(&picomatch, &jobs);
    let (mut counts, mut failures) = (BTreeMap::<&str, usize>::new(), Vec::new());
    for ((pattern, files), theirs) in jobs.iter().zip(&answers) {
        let ours = Glob::new(pattern, Syntax::Picomatch);
        for (n, file) in files.iter().enumerate() {
            let theirs = theirs.get(n).unwrap_or(theirs);
            match check(pattern, file, &ours, theirs) {
                Ok(name) => *counts.entry(name.unwrap_or("agree")).or_default() += 1,
                Err(failure) => failures.push(failure),
            }
            *counts.entry("(upstream says yes)").or_default() += usize::from(theirs == true);
        }
    }
    for (name, count) in &counts {
        println!("{count:>9}  {name}");
    }
    assert_eq!(answers.len(), jobs.len(), "node stopped early");
    failures.truncate(40);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(counts["agree"] * 100 >= pairs * 95, "too few of the answers were compared");
    assert!(counts["(upstream says yes)"] * 100 >= pairs * 30, "too few of the paths match");
}

/// Where picomatch is, if it is installed.
fn installed() -> Option<PathBuf> {
    let ours = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/parts");
    let parts = std::env::var_os("PARTS_CACHE").map_or_else(ours, PathBuf::from);
    let default = parts.join("picomatch/node_modules/picomatch");
    let path = std::env::var_os("PICOMATCH_DIR").map_or(default, PathBuf::from);
    path.join("package.json").exists().then_some(path)
}

/// Their answers, one for each job.
fn ask(picomatch: &Path, jobs: &[(String, Vec<String>)]) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differential.js");
    let mut node = Command::new("node")
        .arg(script)
        .arg(picomatch)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node starts");
    let mut input = node.stdin.take().expect("node has an input");
    let output = BufReader::new(node.stdout.take().expect("node has an output"));
    let answers = std::thread::scope(|scope| {
        scope.spawn(move || {
            for (pattern, files) in jobs {
                let job = json!({ "pattern": pattern, "files": files });
                // Node may have stopped: the missing answers are noticed below.
                if writeln!(input, "{job}").is_err() {
                    return;
                }
            }
        });
        output.lines().map(|line| serde_json::from_str(&line.expect("node answers")).expect("in JSON")).collect()
    });
    assert!(node.wait().expect("node ends").success(), "node failed");
    answers
}
