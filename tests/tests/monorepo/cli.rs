//! The Go command line: build, vet, race detector, golangci-lint, five platforms.
use std::fs;
use std::process::Command;

use tests::parts;

use crate::copy::{Monorepo, fails, kept, run};

/// What a release is made for.
const PLATFORMS: [(&str, &str); 5] =
    [("linux", "amd64"), ("linux", "arm64"), ("darwin", "amd64"), ("darwin", "arm64"), ("windows", "amd64")];

#[test]
fn go_build_and_tests() {
    let monorepo = Monorepo::new("go");
    for words in
        ["build ./...", "vet ./...", "test -race -covermode=atomic -coverpkg=./... -coverprofile=cover.out ./..."]
    {
        run(&mut go(&monorepo, words));
    }
    let said = run(&mut go(&monorepo, "tool cover -func=cover.out"));
    let total = said.lines().last().unwrap().rsplit('\t').next().unwrap();
    let rate: f64 = total.trim_end_matches('%').parse().unwrap();
    assert!(rate >= 80.0, "{total} is covered");
    assert_eq!(run(Command::new("gofmt").arg("-l").arg(monorepo.at("cli"))), "");

    monorepo.mutate("cli/health/health.go", "reply.StatusCode != http.StatusOK", "reply.StatusCode > 599");
    fails(&mut go(&monorepo, "test ./..."));
}

#[test]
fn go_rules() {
    let Some(linter) = parts::needed("golangci-lint") else { return };
    let monorepo = Monorepo::new("go_rules");
    let lint = || {
        let mut command = monorepo.command("cli", &linter);
        command.args(["run", "./..."]).env("GOLANGCI_LINT_CACHE", kept("golangci")).env("GOFLAGS", "-buildvcs=false");
        command
    };
    run(&mut lint());
    monorepo.mutate(
        "cli/health/health.go",
        "if err := reply.Body.Close(); err != nil {\n\t\treturn fmt.Errorf(\"broken answer: %w\", err)\n\t}\n",
        "",
    );
    let said = fails(&mut lint());
    assert!(said.contains("bodyclose"), "{said}");
}

#[test]
fn go_platforms() {
    let folders = ["go_platforms", "go_platforms_again"].map(Monorepo::new);
    for (system, machine) in PLATFORMS {
        let [first, second] = folders.each_ref().map(|monorepo| {
            let out = monorepo.at("cli").join(format!("shopctl-{system}-{machine}"));
            let mut command = go(monorepo, "build -trimpath");
            command.args(["-ldflags", "-s -w -X main.version=v1.2.3", "-o"]).arg(&out).arg(".");
            run(command.env("GOOS", system).env("GOARCH", machine).env("CGO_ENABLED", "0"));
            out
        });
        assert!(fs::read(&first).unwrap() == fs::read(&second).unwrap(), "{system}/{machine} differs by its folder");
    }
    let host = folders[0].at("cli/shopctl-linux-amd64");
    if cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        assert_eq!(run(Command::new(host).arg("version")), "shopctl v1.2.3 linux/amd64\n");
    }
}

fn go(monorepo: &Monorepo, words: &str) -> Command {
    let mut command = monorepo.command("cli", "go");
    // The copy is a repository without a commit, which Go could not put into a program.
    command.args(words.split(' ')).env("GOTOOLCHAIN", "local").env("GOFLAGS", "-buildvcs=false");
    command
}
