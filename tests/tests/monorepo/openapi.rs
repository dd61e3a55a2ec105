//! The API descriptions: Redocly's rules, breaking changes by oasdiff, and that each service has the paths that it describes.
use std::fs;

use tests::parts;

use crate::copy::{KOTLIN, Monorepo, fails, run};

#[test]
fn openapi_rules() {
    let Some(redocly) = parts::needed("redocly") else { return };
    let monorepo = Monorepo::new("openapi_rules");
    let lint = || {
        let mut command = monorepo.command(".", "node");
        command.arg(redocly.join("bin/cli.js")).arg("lint");
        command.env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
        command
    };
    let said = run(&mut lint());
    assert_eq!(said.matches(": validated in").count(), KOTLIN.len(), "{said}");
    monorepo.mutate("openapi/orders.yaml", "operationId: price\n", "operationid: price\n");
    fails(&mut lint());
}

#[test]
fn openapi_breaking_changes() {
    let Some(oasdiff) = parts::needed("oasdiff") else { return };
    let monorepo = Monorepo::new("openapi_breaking_changes");
    for service in KOTLIN {
        let file = monorepo.at(&format!("openapi/{service}.yaml"));
        run(monorepo.command(".", &oasdiff).args(["breaking", "--fail-on", "ERR"]).args([&file, &file]));
    }
    let file = monorepo.at("openapi/payments.yaml");
    let before = monorepo.at("openapi/payments-before.yaml");
    fs::copy(&file, &before).unwrap();
    monorepo.mutate("openapi/payments.yaml", "maximum: 24", "maximum: 12");
    let said = fails(monorepo.command(".", &oasdiff).args(["breaking", "--fail-on", "ERR"]).args([&before, &file]));
    assert!(said.contains("request-property-max-decreased"), "{said}");
}

#[test]
fn openapi_paths_are_served() {
    let monorepo = Monorepo::new("openapi_paths_are_served");
    for service in KOTLIN {
        let description = monorepo.read(&format!("openapi/{service}.yaml"));
        let paths = description.lines().filter_map(|line| line.strip_prefix("  /")?.strip_suffix(':'));
        let paths: Vec<String> = paths.map(|path| format!("\"/{path}\"")).collect();
        assert!(!paths.is_empty(), "{service} describes nothing");
        let main = monorepo.read(&format!("services/{service}/src/main/kotlin/shop/{service}/Main.kt"));
        let absent: Vec<&String> = paths.iter().filter(|path| !main.contains(*path)).collect();
        assert!(absent.is_empty(), "{service} does not serve {absent:?}");
    }
}
