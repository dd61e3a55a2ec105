//! docker-compose.yml by Docker Compose, Dockerfiles by hadolint.
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tests::parts;

use crate::copy::{Monorepo, SERVICES, fails, run};

#[test]
fn docker_compose() {
    let Some(compose) = parts::needed("compose").as_deref().map(program) else { return };
    let monorepo = Monorepo::new("docker_compose");
    let config = || {
        let mut command = monorepo.command(".", &compose);
        command.args(["config", "--format", "json"]);
        command
    };
    let said: Value = serde_json::from_str(&run(&mut config())).unwrap();
    let services = said["services"].as_object().unwrap();
    let mut names: Vec<&str> = services.keys().map(String::as_str).collect();
    names.sort_unstable();
    let mut expected = SERVICES.to_vec();
    expected.push("postgres");
    expected.sort_unstable();
    assert_eq!(names, expected);
    for (name, service) in services.iter().filter(|(name, _)| *name != "postgres") {
        let file = service["build"]["dockerfile"].as_str().unwrap();
        assert!(monorepo.at(file).is_file(), "{name} is built from {file}, which is not there");
        assert_eq!(service["read_only"], true, "{name} may write into its image");
    }
    monorepo.mutate("docker-compose.yml", "condition: service_healthy", "condition: service_hearty");
    fails(&mut config());
}

/// The program that the package carries: its launcher ends with 0 whatever that says.
fn program(launcher: &Path) -> PathBuf {
    let libraries = launcher.parent().unwrap().with_file_name("lib");
    let folders = fs::read_dir(&libraries).unwrap().map(|entry| entry.unwrap().path());
    let mut programs = folders.map(|folder| folder.join("site-packages/compose/docker-compose"));
    programs.find(|path| path.is_file()).unwrap_or_else(|| panic!("no program in {}", libraries.display()))
}

#[test]
fn docker_rules() {
    let Some(hadolint) = parts::needed("hadolint") else { return };
    let monorepo = Monorepo::new("docker_rules");
    let folder = |name: &&str| if *name == "frontend" { "frontend".into() } else { format!("services/{name}") };
    let files: Vec<PathBuf> = SERVICES.iter().map(|name| monorepo.at(&folder(name)).join("Dockerfile")).collect();
    run(monorepo.command(".", &hadolint).args(&files));
    monorepo.mutate("services/copilot/Dockerfile", "python:3.12-slim AS build", "python AS build");
    let said = fails(monorepo.command(".", &hadolint).args(&files));
    assert!(said.contains("DL3006"), "{said}");
}
