//! The twelve safety rules, one test each: with all of them on every point passes, and with the one switched off some point fails.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stdout, reason = "how many points were played is to be seen")]
mod stage;

use canary_step::decide::Safety;
use canary_step::driver::{Beginning, Identity, Trouble, begin, resume};
use cluster_sim::{Kind, When};
use serde_json::json;
use stage::matrix::{After, Strike};
use stage::scenes::{INPLACE_STEP, LONG_STEP, ONE_STEP, Point, Shape, TWO, calls, play};
use stage::*;

/// Nothing strikes: the call is never made.
const NEVER: u64 = 1_000_000;

fn quiet() -> Vec<Point> {
    vec![(NEVER, Strike::Kill(When::Before), After::Resume)]
}

/// The same strike at every call that changes something.
fn at_writes(shape: Shape, (strike, after): (Strike, After)) -> Vec<Point> {
    let log = calls(&shape.scene(Safety::default()));
    let writes = log.iter().filter(|call| !matches!(call.method, "GET" | "WATCH"));
    writes.map(|call| (call.number, strike.clone(), after)).collect()
}

fn check(shape: Shape, points: &[Point], without: Safety) {
    let kept = play(&shape.scene(Safety::default()), points);
    assert!(kept.is_empty(), "with all rules:\n{}", kept.join("\n"));
    let broken = play(&shape.scene(without), points);
    assert!(!broken.is_empty(), "nothing notices that the rule is switched off");
    println!("{} of {} points notice; the first: {}", broken.len(), points.len(), broken[0]);
}

#[test]
fn rule_01_stable_keeps_its_capacity_when_an_autoscaler_watches() {
    check(LONG_STEP, &quiet(), Safety { floor: false, ..Safety::default() });
}

#[test]
fn rule_02_rollback_restores_exactly_what_was_there() {
    let points = at_writes(ONE_STEP, (Strike::Kill(When::After), After::Abort));
    check(ONE_STEP, &points, Safety { whole_template: false, ..Safety::default() });
}

#[test]
fn rule_03_an_intent_is_written_before_its_change() {
    let points = at_writes(ONE_STEP, (Strike::Late(75), After::Abort));
    check(ONE_STEP, &points, Safety { intent_first: false, ..Safety::default() });
}

#[test]
fn rule_04_a_late_write_of_a_dead_driver_is_refused() {
    let points = at_writes(ONE_STEP, (Strike::Late(75), After::Abort));
    check(ONE_STEP, &points, Safety { fence: false, ..Safety::default() });
}

#[test]
fn rule_05_a_cancelled_run_leaves_a_safe_state_and_a_record() {
    let points = at_writes(ONE_STEP, (Strike::Cancel, After::Abort));
    check(ONE_STEP, &points, Safety { cancellation: false, ..Safety::default() });
}

#[test]
fn rule_06_canaries_go_when_nobody_comes() {
    let points = at_writes(ONE_STEP, (Strike::Kill(When::After), After::Nothing));
    check(ONE_STEP, &points, Safety { guard: false, ..Safety::default() });
}

#[test]
fn rule_07_a_canary_carries_no_mark_of_another_tool() {
    check(ONE_STEP, &quiet(), Safety { clean_clone: false, ..Safety::default() });
}

#[test]
fn rule_08_what_stands_in_the_way_is_refused_before_anything_is_made() {
    virtually(async {
        let refused = async |name: &str, change: serde_json::Value, safety: Safety| {
            let cluster = cluster(&[], 0).await;
            let mut stable = deployment("api", 3);
            for (key, value) in change.as_object().unwrap() {
                stable["spec"][key] = value.clone();
            }
            cluster.create(Kind::Deployment, NAMESPACE, stable).unwrap();
            settle(20).await;
            let start = beginning(&policy(&["api"], ""), NEW);
            let begun = begin(adapter(&cluster), start, safety).await;
            let made = cluster.list(Kind::Deployment, NAMESPACE).len();
            assert_eq!(made, 1, "{name}: something was made");
            matches!(begun, Err(Trouble::Refused(_)))
        };
        for (name, change) in [("no pods", json!({ "replicas": 0 })), ("paused", json!({ "paused": true }))] {
            assert!(refused(name, change.clone(), Safety::default()).await, "{name}");
        }
        let without = Safety { preflight: false, ..Safety::default() };
        assert!(!refused("no pods", json!({ "replicas": 0 }), without).await, "nothing notices the rule");
    });
}

#[test]
fn rule_09_canaries_are_as_many_as_the_weight_says() {
    check(ONE_STEP, &quiet(), Safety { surge_only: false, ..Safety::default() });
}

#[test]
fn rule_10_in_place_nothing_becomes_unavailable() {
    check(INPLACE_STEP, &quiet(), Safety { surge_grows: false, ..Safety::default() });
}

#[test]
fn rule_11_the_role_allows_what_is_done_and_no_more() {
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../dist/canary-step/role.yaml")).unwrap();
    let rules = role(&text);
    assert!(!rules.is_empty() && rules.len() <= 10, "{rules:?}");
    let mut asked: Vec<(String, String)> = Vec::new();
    for shape in [LONG_STEP, INPLACE_STEP, stage::scenes::CRASHES] {
        let log = calls(&shape.scene(Safety::default()));
        asked.extend(log.iter().map(|call| (resource(&call.path), verb(call.method, &call.path))));
    }
    asked.extend(waiting().iter().map(|call| (resource(&call.path), verb(call.method, &call.path))));
    asked.sort();
    asked.dedup();
    let allows = |rules: &[(Vec<String>, Vec<String>)], (resource, verb): &(String, String)| {
        rules.iter().any(|(resources, verbs)| resources.contains(resource) && verbs.contains(verb))
    };
    let missing: Vec<_> = asked.iter().filter(|call| !allows(&rules, call)).collect();
    assert!(missing.is_empty(), "the Role lacks {missing:?}");
    for at in 0..rules.len() {
        let mut fewer = rules.clone();
        let (resources, _) = fewer.remove(at);
        assert!(asked.iter().any(|call| !allows(&fewer, call)), "nothing needs the rule for {resources:?}");
    }
    assert!(!text.contains("secrets"));
}

/// The calls of a rollout whose pods get no node.
fn waiting() -> Vec<cluster_sim::Call> {
    virtually(async {
        let cluster = cluster(&["api"], 2).await;
        cluster.image(NEW, &[("fault", "pending")]);
        run(&cluster, beginning(&policy(&["api"], ""), NEW), Safety::default()).await.unwrap();
        cluster.calls()
    })
}

/// Resources and verbs of each rule; the file is ours, so its shape is known.
fn role(text: &str) -> Vec<(Vec<String>, Vec<String>)> {
    let list = |line: &str| {
        let inner = line.split_once('[').unwrap().1.trim_end_matches(']');
        inner.split(',').map(|item| item.trim().trim_matches('"').to_owned()).collect::<Vec<_>>()
    };
    let of =
        |key: &str| text.lines().filter(move |line| line.trim_start().starts_with(key)).map(list).collect::<Vec<_>>();
    of("resources:").into_iter().zip(of("verbs:")).collect()
}

/// `deployments`, `pods/log`.
fn resource(path: &str) -> String {
    let below = path.split_once(&format!("/namespaces/{NAMESPACE}/")).unwrap().1;
    let parts: Vec<&str> = below.split('/').collect();
    if parts.len() > 2 { format!("{}/{}", parts[0], parts[2]) } else { parts[0].to_owned() }
}

fn verb(method: &str, path: &str) -> String {
    let one = path.split_once(&format!("/namespaces/{NAMESPACE}/")).unwrap().1.contains('/');
    match method {
        "GET" if one => "get",
        "GET" => "list",
        "WATCH" => "watch",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        _ => "delete",
    }
    .to_owned()
}

#[test]
fn rule_12_all_services_go_back_together() {
    let points = at_writes(TWO, (Strike::Kill(When::After), After::Abort));
    check(TWO, &points, Safety { all_together: false, ..Safety::default() });
}

#[test]
fn rule_12_another_runs_rollout_is_left_alone() {
    virtually(async {
        let cluster = cluster(&["api"], 2).await;
        let driver = begin(adapter(&cluster), beginning(&policy(&["api"], ""), NEW), Safety::default()).await.unwrap();
        drop(driver);
        let mut other = identity("other");
        other.run.id = "18".to_owned();
        let taken = resume(adapter(&cluster), ("shop", &Beginning::Own), other.clone()).await;
        assert!(matches!(&taken, Err(Trouble::Refused(text)) if text.contains("/runs/17")), "{:?}", taken.err());
        let wrong = resume(adapter(&cluster), ("shop", &Beginning::Named("r2".to_owned())), other.clone()).await;
        assert!(matches!(wrong, Err(Trouble::Refused(_))));
        // All terminals are alike: that none of them is a run says nothing of whose rollout it is.
        let mut terminal = identity("terminal");
        terminal.run.id = String::new();
        let taken = resume(adapter(&cluster), ("shop", &Beginning::Own), terminal.clone()).await;
        assert!(matches!(&taken, Err(Trouble::Refused(text)) if text.contains("terminal")), "{:?}", taken.err());
        let named = resume(adapter(&cluster), ("shop", &Beginning::Named(ROLLOUT.to_owned())), other).await;
        assert!(named.is_ok(), "{:?}", named.err());
    });
}

/// A rollout that a terminal began is no other terminal's, though the ids of both runs are the same: none.
#[test]
fn rule_12_a_terminals_rollout_is_no_other_terminals() {
    virtually(async {
        let cluster = cluster(&["api"], 2).await;
        let mut start = beginning(&policy(&["api"], ""), NEW);
        start.identity.run.id = String::new();
        drop(begin(adapter(&cluster), start.clone(), Safety::default()).await.unwrap());
        let other = || Identity { holder: "other".to_owned(), ..start.identity.clone() };
        let taken = resume(adapter(&cluster), ("shop", &Beginning::Own), other()).await;
        assert!(matches!(&taken, Err(Trouble::Refused(text)) if text.contains(ROLLOUT)), "{:?}", taken.err());
        let named = resume(adapter(&cluster), ("shop", &Beginning::Named(ROLLOUT.to_owned())), other()).await;
        assert!(named.is_ok(), "{:?}", named.err());
    });
}
