//! Against an earlier measurement: the binary runs at the base with --baseline-out, then on the change with --baseline.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod world;

use std::fs;

use serde_json::Value;
use world::{Ran, World, lcov};

/// `n` lines of code that differ, in the notation of a history.
fn text(lines: impl IntoIterator<Item = u32>) -> String {
    let text: String = lines.into_iter().map(|line| format!("value_{line} = compute({line})\n")).collect();
    serde_json::to_string(&text).unwrap()
}

fn with(lines: impl IntoIterator<Item = u32>, missed: &[u32]) -> Vec<(u32, u32)> {
    lines.into_iter().map(|line| (line, u32::from(!missed.contains(&line)))).collect()
}

/// Two commits, and the measurement of the first in `baseline.json` beside the work tree.
fn world(history: &str, report: &str) -> World {
    let world = World::new(history);
    measured(&world, report, &[]);
    world
}

fn measured(world: &World, report: &str, args: &[&str]) {
    world.git(&["checkout", "--quiet", &world.id("base")]);
    world.write("cov.info", report);
    let out = world::arg(&world.beside("baseline.json"));
    let ran =
        world.bare(&[&["--base", "HEAD", "--format", "json", "--baseline-out", &out], args, &["cov.info"]].concat());
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    world.git(&["checkout", "--quiet", &world.id("change")]);
}

/// The change, judged by nothing but allow-drop.
fn against(world: &World, report: &str, args: &[&str]) -> Ran {
    world.write("cov.info", report);
    let (base, file) = (world.id("base"), world::arg(&world.beside("baseline.json")));
    let usual = ["--base", &base, "--format", "json", "--baseline", &file];
    world.bare(&[&usual, args, &["cov.info"]].concat())
}

/// What became of the baseline: `covered/measured drop`.
fn compared(ran: &Ran) -> String {
    let baseline = &ran.record()["baseline"];
    let rate = &baseline["all"];
    format!("{}/{} {}", rate["covered"], rate["measured"], baseline["drop"].as_str().unwrap_or("-"))
}

fn lost(ran: &Ran) -> Value {
    ran.record()["baseline"]["lost"].clone()
}

const NONE: &[&str] = &["--allow-drop", "0"];

/// A hundred lines, the last ten of them missed; the change takes out the first ten.
fn hundred() -> World {
    let history = format!(
        "commit base on main\n  write f.py {}\ncommit change on main\n  write f.py {}\n",
        text(1..=100),
        text(11..=100)
    );
    let missed: Vec<u32> = (91..=100).collect();
    world(&history, &lcov(&[("f.py", &with(1..=100, &missed))]))
}

#[test]
fn removing_covered_lines_is_no_drop() {
    let world = hundred();
    let missed: Vec<u32> = (81..=90).collect();
    let ran = against(&world, &lcov(&[("f.py", &with(1..=90, &missed))]), NONE);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    assert_eq!(compared(&ran), "80/90 0.00");
    assert_eq!((lost(&ran), ran.reasons()), (serde_json::json!([]), vec!["no-source-changed pass -".to_owned()]));
    assert_eq!(ran.record()["baseline"]["commit"], world.id("base").as_str());
}

#[test]
fn one_unchanged_line_that_lost_its_coverage_is_named() {
    let world = hundred();
    let missed: Vec<u32> = [7].into_iter().chain(81..=90).collect();
    let report = lcov(&[("f.py", &with(1..=90, &missed))]);
    let ran = against(&world, &report, NONE);
    assert_eq!(ran.exit, Some(1), "{ran:?}");
    // Line 7 was line 17.
    assert!(ran.reasons().contains(&"lost fail f.py:7".to_owned()), "{:?}", ran.reasons());
    assert_eq!(compared(&ran), "80/90 1.12");
    assert_eq!(lost(&ran), serde_json::json!([{ "file": "f.py", "lines": [[7, 7]] }]));
    // Enough is allowed; and where no rule asks, it is told and judged by nobody.
    for args in [&["--allow-drop", "2%"][..], &[]] {
        let ran = against(&world, &report, args);
        assert_eq!(ran.exit, Some(0), "{ran:?}");
        assert_eq!(lost(&ran), serde_json::json!([{ "file": "f.py", "lines": [[7, 7]] }]));
    }
    assert_eq!(against(&world, &report, &["--allow-drop", "0.5%"]).exit, Some(1));
}

/// What is missed anew beside lines that are covered anew: the rate stays, and the line is lost all the same.
#[test]
fn a_gain_elsewhere_hides_no_lost_line() {
    let world = hundred();
    let missed: Vec<u32> = [7, 8].into_iter().chain(83..=90).collect();
    let ran = against(&world, &lcov(&[("f.py", &with(1..=90, &missed))]), NONE);
    assert_eq!((ran.exit, compared(&ran).as_str()), (Some(1), "80/90 0.00"), "{ran:?}");
    assert_eq!(ran.reasons()[0], "lost fail f.py:7");
    ran.says("7-8");
}

#[test]
fn changed_lines_are_the_patch_s_affair_and_not_lost() {
    let history = format!(
        "commit base on main\n  write f.py {}\ncommit change on main\n  write f.py {}\n",
        text(1..=10),
        text((1..=4).chain([50]).chain(6..=10))
    );
    let world = world(&history, &lcov(&[("f.py", &with(1..=10, &[10]))]));
    let ran = against(&world, &lcov(&[("f.py", &with(1..=10, &[5, 10]))]), &["--allow-drop", "20%"]);
    assert_eq!((ran.exit, lost(&ran)), (Some(0), serde_json::json!([])), "{ran:?}");
    assert_eq!(compared(&ran), "8/9 8.89");
    assert_eq!(
        against(&world, &lcov(&[("f.py", &with(1..=10, &[5, 10]))]), NONE).reasons(),
        ["coverage-dropped fail -"]
    );
}

#[test]
fn a_baseline_follows_renames() {
    let history = format!(
        "commit base on main\n  write old/f.py {}\n  write g.py {}\n\
         commit change on main\n  move old/f.py new/f.py\n  write new/f.py {}\n  delete g.py\n",
        text(1..=20),
        text(101..=104),
        text([90, 91].into_iter().chain(1..=20))
    );
    let world = world(&history, &lcov(&[("old/f.py", &with(1..=20, &[])), ("g.py", &with(1..=4, &[]))]));
    let ran = against(&world, &lcov(&[("new/f.py", &with(1..=22, &[5]))]), NONE);
    assert_eq!(ran.exit, Some(1), "{ran:?}");
    assert_eq!(lost(&ran), serde_json::json!([{ "file": "new/f.py", "lines": [[5, 5]] }]));
    assert_eq!(compared(&ran).split(' ').next(), Some("20/20"), "a deleted file is gone from the base too");
    let ran = against(&world, &lcov(&[("new/f.py", &with(1..=22, &[]))]), NONE);
    assert_eq!((ran.exit, compared(&ran).as_str()), (Some(0), "20/20 0.00"), "{ran:?}");
}

#[test]
fn a_file_that_no_report_names_any_more_is_not_passed_over() {
    let history = format!(
        "commit base on main\n  write f.py {}\n  write g.py {}\ncommit change on main\n  write README.md x\n",
        text(1..=10),
        text(101..=104)
    );
    let world = world(&history, &lcov(&[("f.py", &with(1..=10, &[])), ("g.py", &with(1..=4, &[]))]));
    let report = lcov(&[("f.py", &with(1..=10, &[]))]);
    let ran = against(&world, &report, NONE);
    ran.is(2, "no-longer-measured");
    ran.says("g.py");
    let ran = against(&world, &report, &["--allow-drop", "0", "--exclude", "g.py"]);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
}

/// A baseline that cannot be used: what it says, and what becomes of the rules beside it.
#[test]
fn a_baseline_that_cannot_be_used_is_said_so() {
    let world = hundred();
    let good = fs::read_to_string(world.beside("baseline.json")).unwrap();
    let parsed: Value = serde_json::from_str(&good).unwrap();
    let changed = |name: &str, value: Value| {
        let mut other = parsed.clone();
        other[name] = value;
        other.to_string()
    };
    let newer = parsed["schema"].as_str().unwrap().replace("/1", "/2");
    let long = "x".repeat(10);
    let rows: [(Option<String>, &str); 10] = [
        (None, "missing"),
        (Some(String::new()), "no JSON"),
        (Some(good[..good.len() / 2].to_owned()), "no JSON"),
        (Some("[]".to_owned()), "no schema"),
        (Some(changed("schema", newer.as_str().into())), "/2"),
        (Some(changed("commit", "0".repeat(40).into())), "not in this clone"),
        (Some(changed("commit", long.as_str().into())), "not in this clone"),
        (Some(changed("files", "f.py".into())), "cannot be used"),
        (Some(good.replace("1-100", "9-1")), "cannot be read"),
        (Some(good.replace("1-100", "1-99999999999")), "cannot be read"),
    ];
    let missed: Vec<u32> = (71..=90).collect();
    let report = lcov(&[("f.py", &with(1..=90, &missed))]);
    for (content, why) in rows {
        let file = world.beside("baseline.json");
        drop(fs::remove_file(&file));
        content.iter().for_each(|content| fs::write(&file, content).unwrap());
        let content = content.unwrap_or_default();
        let ran = against(&world, &report, NONE);
        assert_eq!(ran.exit, Some(0), "{content}: {ran:?}");
        assert!(ran.reasons().contains(&"skipped pass -".to_owned()), "{content}: {:?}", ran.reasons());
        let cause = ran.record()["baseline"]["skipped"].as_str().unwrap().to_owned();
        assert!(cause.contains(why), "{why}: {cause}");
        // Absolute rules still decide.
        let ran = against(&world, &report, &["--allow-drop", "0", "--threshold-all", "0.80"]);
        assert_eq!((ran.exit, ran.reasons()[0].as_str()), (Some(1), "all-below fail -"), "{content}: {ran:?}");
        let ran = against(&world, &report, &["--allow-drop", "0", "--no-baseline", "fail"]);
        assert_eq!((ran.exit, ran.reasons()[0].as_str()), (Some(1), "no-baseline fail -"), "{content}: {ran:?}");
    }
}

#[test]
fn no_baseline_at_all_is_skipped_or_fails() {
    let world = hundred();
    world.write("cov.info", lcov(&[("f.py", &with(1..=90, &[]))]));
    let base = world.id("base");
    let run = |args: &[&str]| world.bare(&[&["--base", &base, "--format", "json"], args, &["cov.info"]].concat());
    let ran = run(NONE);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    assert!(ran.reasons().contains(&"skipped pass -".to_owned()), "{:?}", ran.reasons());
    run(&["--allow-drop", "0", "--no-baseline", "fail"]).is(1, "no-baseline");
    // Asked for by nobody, it is missed by nobody.
    let ran = run(&[]);
    assert_eq!((ran.exit, &ran.record()["baseline"]), (Some(0), &Value::Null));
}

#[test]
fn a_baseline_is_of_a_commit_and_of_whole_reports() {
    let world = hundred();
    let out = world::arg(&world.beside("other.json"));
    world.write("cov.info", lcov(&[("f.py", &with(1..=90, &[]))]));
    world.write("f.py", "dirty = 1\n");
    let ran = world.bare(&["--base", "HEAD", "--baseline-out", &out, "cov.info"]);
    assert_eq!(ran.exit, Some(2), "{ran:?}");
    assert!(!world.beside("other.json").exists());
    world.git(&["checkout", "--quiet", "--", "f.py"]);
    world.write("half.info", "SF:f.py\nDA:1,1\n");
    let ran = world.bare(&["--base", "HEAD", "--baseline-out", &out, "cov.info", "half.info"]);
    assert_eq!(ran.exit, Some(2), "{ran:?}");
    assert!(!world.beside("other.json").exists());
    assert_eq!(world.bare(&["--base", "HEAD", "--baseline-out", &out, "cov.info"]).exit, Some(0));
    let again = fs::read(world.beside("other.json")).unwrap();
    assert_eq!(world.bare(&["--base", "HEAD", "--baseline-out", &out, "cov.info"]).exit, Some(0));
    assert_eq!(again, fs::read(world.beside("other.json")).unwrap(), "the same bytes again");
}

const GROUPS: &[&str] = &["--groups", "py:py/**:py.info:all=0.5", "--groups", "web:web/**:web.info:all=0.7"];

/// Two groups, of which the second was measured at the base only.
fn groups(change: &str) -> World {
    let world = World::new(&format!(
        "commit base on main\n  write py/a.py {}\n  write web/b.ts {}\ncommit change on main\n{change}",
        text(1..=4),
        text(1..=10)
    ));
    world.git(&["checkout", "--quiet", &world.id("base")]);
    world.write("py.info", lcov(&[("py/a.py", &with(1..=4, &[]))]));
    world.write("web.info", lcov(&[("web/b.ts", &with(1..=10, &[1, 2]))]));
    let out = world::arg(&world.beside("baseline.json"));
    let ran = world.bare(&[&["--base", "HEAD", "--format", "json", "--baseline-out", &out], GROUPS].concat());
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    world.git(&["checkout", "--quiet", &world.id("change")]);
    fs::remove_file(world.work().join("web.info")).unwrap();
    world
}

fn carried(world: &World, args: &[&str]) -> Ran {
    let (base, file) = (world.id("base"), world::arg(&world.beside("baseline.json")));
    let usual = ["--base", &base, "--format", "json", "--baseline", &file];
    world.bare(&[&usual, GROUPS, args].concat())
}

#[test]
fn a_group_whose_tests_did_not_run_is_carried_forward_only_by_name() {
    let world = groups(&format!("  write py/a.py {}\n", text(1..=5)));
    world.write("py.info", lcov(&[("py/a.py", &with(1..=5, &[]))]));
    carried(&world, &[]).is(2, "no-report");
    let ran = carried(&world, &["--carry-forward", "web", "--allow-drop", "0"]);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    let record = ran.record();
    let web = &record["groups"][1];
    assert_eq!((&web["name"], &web["carried"], &web["all"]["percent"]), (&"web".into(), &true.into(), &"80.00".into()));
    assert_eq!((&record["all"]["covered"], &record["all"]["measured"]), (&13.into(), &15.into()));
    assert!(ran.notes().iter().any(|note| note.starts_with("carried-forward pass")), "{:?}", ran.notes());
    // Its threshold is still judged.
    let strict = ["--groups", "py:py/**:py.info", "--groups", "web:web/**:web.info:all=0.9", "--carry-forward", "web"];
    let (base, file) = (world.id("base"), world::arg(&world.beside("baseline.json")));
    let ran = world.bare(&[&["--base", &base, "--format", "json", "--baseline", &file], &strict[..]].concat());
    ran.is(1, "all-below");
    assert_eq!(ran.record()["reasons"][0]["group"], "web");
}

#[test]
fn a_group_that_changed_is_not_carried_forward() {
    let world = groups(&format!("  write web/b.ts {}\n", text(1..=11)));
    let ran = carried(&world, &["--carry-forward", "web"]);
    ran.is(2, "carried-but-changed");
    assert_eq!(ran.record()["reasons"][0]["file"], "web/b.ts");
    assert_eq!(ran.record()["reasons"][0]["group"], "web");
}

#[test]
fn a_group_is_carried_forward_from_nothing_else_than_a_baseline() {
    let world = groups(&format!("  write py/a.py {}\n", text(1..=5)));
    world.write("py.info", lcov(&[("py/a.py", &with(1..=5, &[]))]));
    fs::remove_file(world.beside("baseline.json")).unwrap();
    carried(&world, &["--carry-forward", "web"]).is(2, "no-baseline");
    carried(&world, &["--carry-forward", "nobody"]).is(2, "bad-group");
}

/// Waived lines are out of the count as long as their waiver holds.
fn waived(world: &World, waivers: &str, args: &[&str]) -> Ran {
    world.write("waivers", waivers);
    let base = world.id("base");
    let usual = ["--base", &base, "--format", "json", "--threshold-patch", "0.80", "--waivers", "waivers"];
    world.bare(&[&usual, args, &["cov.info"]].concat())
}

fn print() -> World {
    let world = World::new(
        "commit base on main\n  write README.md x\ncommit change on main\n  \
         write \"src/print er.py\" \"one()\\ntwo()\\nraise Unreachable(3)\\nfour()\\nraise Unreachable(5)\\n\"\n",
    );
    world.write("cov.info", lcov(&[("src/print er.py", &with(1..=5, &[3, 5]))]));
    world
}

#[test]
fn a_waiver_holds_until_its_last_day() {
    let world = print();
    waived(&world, "# none\n", &["--now", "2027-01-31"]).is(1, "patch-below");
    let waiver = "2027-01-31 \"src/print er.py\":3,5 needs a printer\n";
    let ran = waived(&world, waiver, &["--now", "2027-01-31"]);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    let record = ran.record();
    assert_eq!((&record["patch"]["covered"], &record["patch"]["measured"]), (&3.into(), &3.into()));
    assert_eq!((&record["all"]["covered"], &record["all"]["measured"]), (&3.into(), &3.into()));
    let told = serde_json::json!([{
        "file": "src/print er.py", "lines": [[3, 3], [5, 5]], "reason": "needs a printer", "expires": "2027-01-31",
        "waived": 2, "expired": false
    }]);
    assert_eq!(record["waivers"], told);
    let ran = waived(&world, waiver, &["--now", "2027-02-01"]);
    ran.is(1, "patch-below");
    let record = ran.record();
    assert_eq!((&record["waivers"][0]["waived"], &record["waivers"][0]["expired"]), (&0.into(), &true.into()));
    assert!(ran.notes().iter().any(|note| note == "waiver-expired pass src/print er.py:3"), "{:?}", ran.notes());
    waived(&world, waiver, &["--now", "tomorrow"]).is(2, "bad-date");
}

#[test]
fn a_waiver_finds_its_lines_by_text() {
    let world = print();
    let ran = waived(&world, "2027-01-31 \"src/print er.py\":\"raise Unreachable\" Mars\n", &["--now", "2026-01-01"]);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    assert_eq!(ran.record()["waivers"][0]["lines"], serde_json::json!([[3, 3], [5, 5]]));
    let ran = waived(&world, "2027-01-31 \"src/print er.py\":\"no such text\" Mars\n", &["--now", "2026-01-01"]);
    ran.is(1, "patch-below");
    assert_eq!(ran.record()["waivers"][0]["waived"], 0);
}

#[test]
fn waivers_are_budgeted() {
    let world = print();
    let waiver = "2027-01-31 \"src/print er.py\":3-5 Mars\n";
    let check = |budget: u32| waived(&world, &format!("budget {budget}\n{waiver}"), &["--now", "2026-01-01"]);
    assert_eq!(check(2).exit, Some(0), "two missed lines are waived; the covered one between them costs nothing");
    check(1).is(1, "waiver-budget");
    check(0).is(1, "waiver-budget");
}

#[test]
fn a_waivers_file_that_makes_no_sense_is_refused_with_its_line() {
    let world = print();
    for (waivers, line) in [
        ("2027-01-31 src/a.py:3 \n", 1),
        ("# fine\nbudget many\n", 2),
        ("\n\n2027-02-30 a.py:3 no such day\n", 3),
        ("2027-01-31 a.py:0 no such line\n", 1),
        ("2027-01-31 a.py:9-3 backwards\n", 1),
    ] {
        let ran = waived(&world, waivers, &["--now", "2026-01-01"]);
        assert_eq!(ran.exit, Some(2), "{waivers:?}: {ran:?}");
        ran.says(&format!("waivers:{line}"));
    }
    fs::remove_file(world.work().join("waivers")).unwrap();
    let base = world.id("base");
    let ran = world.bare(&["--base", &base, "--waivers", "waivers", "cov.info"]);
    assert_eq!(ran.exit, Some(2), "{ran:?}");
}
