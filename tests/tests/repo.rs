//! The repository's rules, each a function over the files; each is shown to catch what it forbids.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod repo {
    //! The rules, by what they are about.
    pub(crate) mod arrows;
    pub(crate) mod code;
    pub(crate) mod documents;
    pub(crate) mod files;
    pub(crate) mod generated;
    pub(crate) mod layout;
    pub(crate) mod wiring;
    pub(crate) mod workflows;
}

use repo::files::{File, tracked};
use repo::{arrows, code, documents, generated, layout, wiring, workflows};

/// A rule: the files of the repository in, what is wrong with them out.
type Rule = fn(&[File]) -> Vec<String>;

fn check(rule: Rule) {
    let problems = rule(&tracked());
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

/// The rule finds the given number of problems in the files.
fn finds(rule: Rule, count: usize, files: &[(&str, &str)]) {
    let files: Vec<File> = files.iter().map(|(path, text)| File::new(path, text)).collect();
    let problems = rule(&files);
    assert_eq!(problems.len(), count, "{problems:#?}");
}

#[test]
fn names_say_what_things_are() {
    check(code::plain_names);
    finds(code::plain_names, 1, &[("crates/a/src/utils.rs", "")]);
    finds(code::plain_names, 1, &[("bins/helpers/src/lib.rs", "")]);
    finds(code::plain_names, 2, &[("crates/a/src/lib.rs", concat!("struct Job", "Manager;\nmod com", "mon {}\n"))]);
    finds(
        code::plain_names,
        0,
        &[("crates/a/src/lib.rs", "let common = 1; // a manager\nfn uncommon() {}"), ("fixtures/utils", "")],
    );
}

#[test]
fn every_file_says_what_it_is() {
    check(code::first_lines);
    finds(code::first_lines, 1, &[("xtask/src/a.rs", "use std::fs;\n//! late\n")]);
    finds(code::first_lines, 0, &[("xtask/src/a.rs", "//! A file.\n"), ("fixtures/a.rs", "")]);
}

#[test]
fn nothing_is_left_for_later() {
    check(code::finished);
    for later in code::LATER {
        finds(code::finished, 1, &[("crates/a/src/lib.rs", &format!("x {later}x) y"))]);
    }
    finds(code::finished, 0, &[("crates/a/src/lib.rs", "// methods and todos"), ("fixtures/a/a.ts", code::LATER[0])]);
}

#[test]
fn lints_are_silenced_with_a_reason() {
    check(code::reasons);
    let attribute = format!("#[{}(dead_code", "allow");
    finds(code::reasons, 1, &[("xtask/src/a.rs", &format!("{attribute})]\nfn reason() {{}}"))]);
    finds(code::reasons, 0, &[("xtask/src/a.rs", &format!("{attribute},\n    reason = \"because\")]"))]);
}

#[test]
fn dependencies_have_reasons_and_stand_in_one_place() {
    check(layout::dependencies);
    let own = "[workspace.dependencies]\na = { path = \"crates/a\" }\n";
    finds(
        layout::dependencies,
        1,
        &[("Cargo.toml", &format!("{own}\n# why\nb = \"1\"\nc = \"1\"\n[profile.dev]\nd = 1\n"))],
    );
    finds(layout::dependencies, 0, &[("Cargo.toml", &format!("{own}\n# why\nb = \"1\"\n"))]);
    let member = "[dependencies]\na.workspace = true\nb = { workspace = true }\n";
    finds(layout::dependencies, 0, &[("crates/a/Cargo.toml", member)]);
    finds(
        layout::dependencies,
        2,
        &[("crates/a/Cargo.toml", &format!("{member}c = \"1\"\n[dev-dependencies]\nd = \"2\"\n"))],
    );
}

#[test]
fn arrows_point_one_way() {
    let problems = arrows::problems(&arrows::metadata());
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
    arrows::catches_wrong_arrows();
}

#[test]
fn every_tool_has_all_its_parts() {
    check(layout::tools);
    let bin = ("bins/x/Cargo.toml", "");
    finds(layout::tools, 5, &[bin]);
    let rest = ["dist/x/action.yml", "dist/x/README.md", "dist/x/run", "fixtures/x/case/args", "bins/x/tests/cases.rs"];
    let all: Vec<(&str, &str)> = rest.iter().map(|path| (*path, "")).chain([bin]).collect();
    finds(layout::tools, 0, &all);
}

#[test]
fn no_executables_are_committed() {
    check(layout::executables);
    finds(layout::executables, 1, &[("bins/x/x", "\u{7f}ELF\u{2}")]);
    finds(layout::executables, 1, &[("bins/x/x.exe", "MZ\0\0")]);
    finds(layout::executables, 0, &[("dist/x/run", "#!/bin/sh\n"), ("README.md", "MZ is a text\n")]);
}

#[test]
fn documents_name_what_exists() {
    check(documents::paths);
    let doc = "see `crates/a/` and [this](b.md#top), `xtask test`, `a/b`, `dist/<name>/run`, https://example.com/x\n";
    let there = [("crates/a/src/lib.rs", ""), ("b.md", ""), ("dist/x", "")];
    let with = |doc| [("A.md", doc)].into_iter().chain(there).collect::<Vec<_>>();
    finds(documents::paths, 0, &with(doc));
    finds(documents::paths, 3, &with("`crates/b`, [it](c.md) and `b.md` `dist/y.md`\n"));
    finds(documents::paths, 0, &with("```\n`crates/b`\n```\n"));
}

#[test]
fn the_architecture_fits_in_the_head() {
    check(documents::architecture);
    finds(documents::architecture, 1, &[("ARCHITECTURE.md", &"x\n".repeat(121))]);
    finds(documents::architecture, 1, &[("README.md", "")]);
    finds(documents::architecture, 0, &[("ARCHITECTURE.md", &"x\n".repeat(120))]);
}

#[test]
fn no_file_names_a_folder_of_one_machine() {
    check(documents::local_paths);
    let local = ["", "work", "main"].join("/");
    finds(documents::local_paths, 1, &[("README.md", &format!("in {local}/x\n"))]);
    finds(documents::local_paths, 1, &[("a.sh", &format!("A={}/.cargo", ["", "root"].join("/")))]);
    finds(documents::local_paths, 0, &[("a.rs", "/tmp/case/work/x and src/root/x")]);
}

#[test]
fn no_expression_gets_into_a_shell() {
    check(workflows::no_expression_in_run);
    finds(
        workflows::no_expression_in_run,
        1,
        &[("a/action.yml", "runs:\n  steps:\n    - run: echo ${{ inputs.a }}\n")],
    );
    finds(workflows::no_expression_in_run, 1, &[("fixtures/x.yml", "jobs: {a: {steps: [{run: 'a ${{ b }}'}]}}\n")]);
    finds(workflows::no_expression_in_run, 1, &[("README.md", "    - run: echo ${{ github.ref }}\n")]);
    finds(workflows::no_expression_in_run, 0, &[("a.yml", "a: {env: {A: '${{ b }}'}, run: echo $A}\n")]);
}

#[test]
fn workflows_are_careful() {
    check(workflows::rules);
    workflows::catches_careless_workflows();
}

#[test]
fn callers_and_what_they_call_agree() {
    check(wiring::rules);
    wiring::catches_careless_wiring();
}

#[test]
fn what_is_generated_is_up_to_date() {
    check(generated::launchers);
    check(generated::umbrella);
    let template = ("dist/launcher.sh", "name=@name@\n");
    finds(generated::launchers, 0, &[template, ("dist/x/run", "name=x\n")]);
    finds(generated::launchers, 1, &[template, ("dist/x/run", "name=y\n")]);
    finds(generated::launchers, 1, &[("dist/x/run", "name=x\n")]);
    finds(generated::umbrella, 1, &[("bins/x/Cargo.toml", ""), ("action.yml", "")]);
    finds(generated::umbrella, 1, &[("bins/x/Cargo.toml", "")]);
}
