//! Each rule finds what its bad cases hold, nothing in its good ones, and its page is the published one.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
use std::fs;
use std::path::{Path, PathBuf};

use fake_code_detector::{Seen, Severity, look_at_change, pages};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    files.sort();
    files
}

/// What is found in a case, be it a file or a folder with the two versions `before` and `after` of one: the name is the path that the tool
/// believes.
fn found(case: &Path) -> Result<Vec<Seen>, String> {
    let read = |file: &Path| fs::read_to_string(file).unwrap();
    let versions = files(case);
    let (file, before) = match &versions[..] {
        [after, before] => (after.as_path(), Some(read(before))),
        _ => (case, None),
    };
    let name = file.file_name().unwrap().to_str().unwrap();
    look_at_change(&format!("src/{name}"), before.as_deref(), &read(file))
}

#[test]
fn every_rule_finds_its_bad_cases_and_passes_its_good_ones() {
    let mut problems = Vec::new();
    let (mut bad, mut good) = (0, 0);
    for folder in files(&root().join("fixtures/fake-code-detector/rules")) {
        let rule = folder.file_name().unwrap().to_str().unwrap();
        for file in files(&folder.join("bad")) {
            bad += 1;
            match found(&file) {
                Ok(found) if found.iter().any(|it| it.rule == rule) => {}
                Ok(found) => problems.push(format!(
                    "{}: found {:?}",
                    file.display(),
                    found.iter().map(|it| it.rule).collect::<Vec<_>>()
                )),
                Err(why) => problems.push(format!("{}: {why}", file.display())),
            }
        }
        for file in files(&folder.join("good")) {
            good += 1;
            let found = found(&file).unwrap_or_else(|why| panic!("{}: {why}", file.display()));
            let wrong = found.iter().filter(|it| it.severity >= Severity::Warning);
            problems.extend(wrong.map(|it| format!("{}:{}: {} {}", file.display(), it.line, it.rule, it.message)));
        }
    }
    assert!(problems.is_empty(), "{} of {bad} bad and {good} good cases:\n{}", problems.len(), problems.join("\n"));
    assert!(bad > 0 && good > 0);
}

#[test]
fn every_rule_has_cases() {
    let cases = root().join("fixtures/fake-code-detector/rules");
    let lacking = |kind: &str| {
        let rules = pages()
            .filter(|(id, ..)| !id.starts_with("FK90"))
            .filter(|(id, ..)| files(&cases.join(id).join(kind)).is_empty());
        rules.map(|(id, ..)| format!("{id} has no {kind} case")).collect::<Vec<_>>()
    };
    assert_eq!([lacking("bad"), lacking("good")].concat(), Vec::<String>::new());
}

#[test]
fn the_examples_of_a_page_are_what_they_say() {
    // The short ones stand in a function, a class or a module: what they show is held by the cases.
    for (id, _, page) in pages().filter(|(id, ..)| !id.starts_with("FK90")) {
        assert!(page.contains("Found:") && page.contains("Not found:"), "{id} lacks an example");
    }
}

#[test]
fn the_pages_of_the_rules_are_the_published_ones() {
    let folder = root().join("dist/fake-code-detector/rules");
    let update = std::env::var_os("UPDATE").is_some_and(|update| update == "1");
    if update {
        fs::create_dir_all(&folder).unwrap();
    }
    for (id, _, page) in pages() {
        let file = folder.join(format!("{id}.md"));
        if update {
            fs::write(&file, &page).unwrap();
        }
        assert_eq!(fs::read_to_string(&file).unwrap_or_default(), page, "{}; UPDATE=1 rewrites it", file.display());
    }
    let known: Vec<String> = pages().map(|(id, ..)| format!("{id}.md")).collect();
    let there: Vec<String> =
        files(&folder).iter().map(|file| file.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    assert_eq!(there.iter().filter(|name| !known.contains(name)).collect::<Vec<_>>(), Vec::<&String>::new());
}
