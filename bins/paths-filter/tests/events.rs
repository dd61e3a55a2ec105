//! Every situation of fixtures/paths-filter/events.json, with the real binary on real clones.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod world;

use serde_json::Value;
use world::{Run, World};

#[test]
fn every_situation() {
    let table = world::fixture("events.json");
    let world = World::new();
    let rows = table["rows"].as_array().unwrap();
    let failed: Vec<String> = rows.iter().filter_map(|row| check(&world, row).err()).collect();
    assert!(failed.is_empty(), "{} of {} situations failed:\n\n{}", failed.len(), rows.len(), failed.join("\n\n"));
    println!("{} situations", rows.len());
}

fn check(world: &World, row: &Value) -> Result<(), String> {
    let text = |key: &str| row[key].as_str().unwrap();
    let clone = world.clone_for(text("main"), (text("checkout"), text("ref")), row["depth"].as_u64().unwrap());
    world.prepare(&clone, row["prepare"].as_str().unwrap_or_default());
    let run = Run::new(world, &clone)
        .event(text("event"), text("ref"), &row["payload"])
        .with(row["with"].as_object().unwrap());
    let got = run.run();
    let expect = &row["expect"];
    let mut wrong = Vec::new();
    if i64::from(got.exit) != expect["exit"].as_i64().unwrap() {
        wrong.push(format!("exit {} instead of {}", got.exit, expect["exit"]));
    }
    if expect["exit"] == 0 {
        let result: Value = serde_json::from_str(got.outputs.get("result").map_or("null", String::as_str)).unwrap();
        if result["f_files"] != expect["files"] {
            wrong.push(format!("files {} instead of {}", result["f_files"], expect["files"]));
        }
        if got.outputs.get("uncertain").map(String::as_str)
            != Some(if expect["uncertain"] == true { "true" } else { "false" })
        {
            wrong.push(format!("uncertain {:?} instead of {}", got.outputs.get("uncertain"), expect["uncertain"]));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(format!("{}\n  {}\n{}", text("situation"), wrong.join("\n  "), got.log)) }
}
