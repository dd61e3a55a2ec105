//! The three metrics over real pytest-cov reports: 13 of 18 lines, 4 of 6 branches, 2 lines in part.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod world;

use std::fs;
use std::path::{Path, PathBuf};

use world::World;

const REPORTS: [&str; 3] = ["coverage-py.cobertura.xml", "coverage-py.json", "coverage-py.lcov"];

fn real() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/coverage-gate/real")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (from, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).unwrap();
        }
    }
}

/// The tree of the real reports, added by the second of two commits, and the reports beside it.
fn world() -> World {
    let world = World::new("commit base on main\n  write README.md x\n");
    copy(&real().join("tree/python"), &world.work().join("python"));
    world.git(&["add", "."]);
    world.git(&["commit", "--quiet", "--message", "python"]);
    for report in REPORTS {
        fs::copy(real().join("reports").join(report), world.beside(report)).unwrap();
    }
    world
}

fn check(world: &World, (report, metric): (&str, &str), percent: &str, exit: i32) {
    let file = world::arg(&world.beside(report));
    // The reports of two of the formats are relative to the folder of the tests.
    let judge = |base: &str, rule: &str| {
        let args =
            ["--base", base, "--format", "json", "--metric", metric, rule, "0.70", "--source-dir", "python", &file];
        let ran = world.bare(&args);
        assert_eq!(ran.exit, Some(exit), "{report} {metric} {rule}: {} {}", ran.stdout, ran.stderr);
        let record = ran.record();
        assert_eq!(record["metric"], metric);
        let code = format!("{}-below", rule.trim_start_matches("--threshold-"));
        assert_eq!(record["reasons"][0]["code"].as_str() == Some(&code), exit == 1, "{record}");
        record
    };
    let head = world.git(&["rev-parse", "HEAD"]);
    assert_eq!(judge(&head, "--threshold-all")["all"]["percent"], percent, "{report} {metric}");
    let changed = judge(&world.id("base"), "--threshold-patch");
    assert_eq!(changed["patch"]["percent"], percent, "{report} {metric}");
    let changed = judge(&world.id("base"), "--threshold-new");
    assert_eq!(changed["new"]["percent"], percent, "{report} {metric}");
    assert_eq!(changed["files"].as_array().unwrap().len(), 4, "the file without statements is there too");
}

#[test]
fn each_metric_counts_what_it_says() {
    let world = world();
    for report in REPORTS {
        check(&world, (report, "line"), "72.22", 0);
        check(&world, (report, "combined"), "70.83", 0);
        check(&world, (report, "strict"), "61.11", 1);
    }
}

#[test]
fn the_metric_is_printed() {
    let world = world();
    for (metric, words) in [("line", "lines counted"), ("combined", "metric combined"), ("strict", "metric strict")] {
        let file = world::arg(&world.beside(REPORTS[0]));
        let ran = world.bare(&["--base", "HEAD", "--metric", metric, "--threshold-all", "0.70", &file]);
        assert!(ran.stdout.contains(words), "{ran:?}");
    }
}
