//! The filters of the monorepo: nothing to mend, and the answers that its pipeline counts on.
use std::process::Command;

use serde_json::Value;

use crate::copy::{Monorepo, run};
use crate::frontend::own;

/// What is true when one file changes.
const ANSWERS: [(&str, &[&str]); 15] = [
    ("services/orders/src/main/kotlin/shop/orders/Main.kt", &["kotlin"]),
    ("libs/http/build.gradle.kts", &["kotlin"]),
    ("gradle/libs.versions.toml", &["kotlin"]),
    ("services/orders/Dockerfile", &["docker"]),
    ("services/copilot/src/copilot/pages/returns.md", &["python"]),
    ("services/migration-engine/poetry.lock", &["python"]),
    ("migrations/V1__create_products.sql", &["docker", "python"]),
    ("cli/health/health.go", &["go"]),
    ("frontend/src/app.tsx", &["frontend"]),
    ("frontend/nginx.conf", &["docker"]),
    ("terraform/modules/gke/main.tf", &["terraform"]),
    ("docker-compose.yml", &["docker"]),
    ("openapi/orders.yaml", &["openapi"]),
    ("README.md", &[]),
    (".github/filters.yml", &["docker", "frontend", "go", "kotlin", "openapi", "python", "terraform"]),
];

#[test]
fn filters() {
    let Some(filter) = own("paths-filter") else { return };
    let monorepo = Monorepo::new("filters");
    let git = |words: &[&str]| {
        let mut command: Command = monorepo.command(".", "git");
        command.args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]).args(words);
        run(&mut command)
    };
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message=all"]);
    run(monorepo.command(".", &filter).arg("lint"));
    for (file, expected) in ANSWERS {
        let text = monorepo.read(file);
        std::fs::write(monorepo.at(file), format!("{text}\n")).unwrap();
        git(&["commit", "--quiet", "--all", "--message=one"]);
        let said = run(monorepo.command(".", &filter).args(["--base", "HEAD~1", "--format", "json"]));
        let said: Value = serde_json::from_str(&said).unwrap();
        let mut names: Vec<&str> =
            said["changes"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        names.sort_unstable();
        assert_eq!(names, expected, "{file}");
    }
}
