//! `cargo xtask demo`: the story of a change, from pull request to production, told by the tools themselves.
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use crate::place;
use crate::program::Program;

/// How the story is told.
#[derive(Args)]
pub(crate) struct Options {
    /// Seed of everything that is random in the two deployments
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// The tools that take part.
const TOOLS: [&str; 7] = [
    "canary-step",
    "coverage-gate",
    "fake-code-detector",
    "job-gate",
    "paths-filter",
    "release-changelog",
    "sha256sums",
];

/// A function that answers by chance, and the same with a question behind it.
const FAKE: &str = "export async function loadStock(sku: string): Promise<number> {\n  await new Promise((resolve) => setTimeout(resolve, 300));\n  \
                    return Math.floor(Math.random() * 40);\n}\n";
const HONEST: &str = "export async function loadStock(sku: string): Promise<number> {\n  const answer = await fetch(`/api/stock/${encodeURIComponent(sku)}`);\n  \
                      if (!answer.ok) {\n    throw new Error(`stock of ${sku}: HTTP ${String(answer.status)}`);\n  }\n  \
                      return ((await answer.json()) as { left: number }).left;\n}\n";
/// What a test run would have measured of it: lines 1 to 5 were run, line 3 was not.
const COVERAGE: &str = "SF:frontend/src/stock.ts\nDA:2,4\nDA:3,4\nDA:4,0\nDA:6,4\nend_of_record\n";

/// Builds the tools, makes a repository of the monorepo, and plays it.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    let build = ["build", "--quiet", "--release"].into_iter().chain(TOOLS.iter().flat_map(|tool| ["--package", tool]));
    Program::cargo(build).run()?;
    let folder = place::in_target("demo")?;
    place::clear(&folder)?;
    let story = Story { work: folder.join("monorepo"), tools: place::target().join("release"), folder };
    story.repository()?;
    story.pull_request()?;
    story.release()?;
    story.deployments(options.seed)?;
    story.end()
}

struct Story {
    folder: PathBuf,
    work: PathBuf,
    tools: PathBuf,
}

impl Story {
    fn repository(&self) -> Result<(), String> {
        let from = place::root().join("fixtures/monorepo");
        copy_all(&from, &self.work)?;
        self.git(&["init", "--quiet", "--initial-branch", "main"])?;
        self.git(&["add", "--all"])?;
        self.commit("feat: begin")?;
        self.git(&["tag", "v1.0.0"])
    }

    fn pull_request(&self) -> Result<(), String> {
        chapter(
            "A pull request",
            "Somebody shows the stock of a product in the front end. Which parts of the monorepo does that touch?",
        );
        self.git(&["checkout", "--quiet", "-b", "stock"])?;
        self.write("frontend/src/stock.ts", FAKE)?;
        self.commit("feat(frontend): show stock")?;
        self.tool("paths-filter", &["--filters", ".github/filters.yml", "--base", "main"], 0)?;
        tell("Only the front end is built. Does the change do what it says?");
        self.tool("fake-code-detector", &["--base", "main", "frontend"], 1)?;
        tell(
            "It does not: the number is made up, and the pull request is stopped. The author asks the service instead.",
        );
        self.write("frontend/src/stock.ts", HONEST)?;
        self.git(&["add", "--all"])?;
        self.git(&[
            "-c",
            "user.name=Ada",
            "-c",
            "user.email=ada@example.com",
            "commit",
            "--quiet",
            "--amend",
            "--no-edit",
        ])?;
        self.tool("fake-code-detector", &["--base", "main", "frontend"], 0)?;
        tell("Are the changed lines tested well enough?");
        place::write(&self.folder.join("lcov.info"), COVERAGE)?;
        let html = self.report("coverage.html");
        self.tool(
            "coverage-gate",
            &[
                "--reports",
                "../lcov.info",
                "--base",
                "main",
                "--threshold-patch",
                "70%",
                "--include",
                "frontend/src/**",
                "--html-out",
                &html,
            ],
            0,
        )?;
        tell(
            "The other jobs were skipped. One check that branch protection can ask for knows that they were allowed to be.",
        );
        let needs = r#"{"changes": {"result": "success", "outputs": {"result": "{\"frontend\":true,\"kotlin\":false,\"go\":false}", "uncertain": "false"}},
            "frontend-build": {"result": "success", "outputs": {}}, "kotlin-build": {"result": "skipped", "outputs": {}}, "go-build": {"result": "skipped", "outputs": {}}}"#;
        let jobs = "frontend-build: frontend\nkotlin-build: kotlin\ngo-build: go";
        self.tool("job-gate", &["--needs", needs, "--filter-job", "changes", "--filtered-jobs", jobs], 0)
    }

    fn release(&self) -> Result<(), String> {
        chapter("A release", "The change is merged and tagged v1.1.0. What is in it, and is that the right number?");
        self.git(&["checkout", "--quiet", "main"])?;
        self.git(&["merge", "--quiet", "--ff-only", "stock"])?;
        self.git(&["tag", "v1.1.0"])?;
        let notes = self.report("notes.md");
        self.tool("release-changelog", &["--to", "v1.1.0", "--require-bump", "--notes-out", &notes], 0)?;
        tell("Its files get checksums, and whoever downloads them checks those.");
        let files = self.folder.join("release");
        place::make(&files)?;
        for name in ["shopctl-linux-amd64", "shopctl-darwin-arm64"] {
            place::write(&files.join(name), name)?;
        }
        self.tool("sha256sums", &["create", "../release"], 0)?;
        self.tool("sha256sums", &["check", "../release"], 0)
    }

    fn deployments(&self, seed: u64) -> Result<(), String> {
        let seed = seed.to_string();
        chapter(
            "Production",
            "Eight services go out together. First a version with five times as many errors in one of them.",
        );
        let html = self.report("stopped.html");
        self.tool("canary-step", &["demo", "--scenario", "errors-x5", "--seed", &seed, "--html", &html], 1)?;
        tell("It was stopped at the first step, and stable was never touched. Then a good one.");
        let html = self.report("shipped.html");
        self.tool("canary-step", &["demo", "--scenario", "good", "--seed", &seed, "--html", &html], 0)
    }

    fn end(&self) -> Result<(), String> {
        chapter("The end", "What is left to look at:");
        for name in place::names(&self.folder.join("reports")) {
            println!("  {}", self.folder.join("reports").join(name).display());
        }
        Ok(())
    }

    /// Types a command into the story and shows its answer; any other end than the expected one is a failure.
    fn tool(&self, tool: &str, words: &[&str], code: i32) -> Result<(), String> {
        let program = Program::new(self.tools.join(tool), words).at(&self.work);
        let short: Vec<&str> = words
            .iter()
            .map(|word| {
                if word.len() > 40 {
                    "…"
                } else {
                    word.rsplit_once('/').filter(|_| word.starts_with('/')).map_or(*word, |(_, name)| name)
                }
            })
            .collect();
        println!("$ {tool} {}", short.join(" ").replace('\n', "; "));
        let line = program.line().to_owned();
        let mut command = program.into_command();
        outside_of_workflows(&mut command);
        let status = command.status().map_err(|e| format!("could not run `{line}`: {e}"))?;
        println!("(exit code {})", status.code().unwrap_or(-1));
        if status.code() == Some(code) {
            Ok(())
        } else {
            Err(format!("`{line}` ended with {status}, and {code} was expected"))
        }
    }

    fn git(&self, words: &[&str]) -> Result<(), String> {
        Program::new("git", words).at(&self.work).output().map(drop)
    }

    fn commit(&self, subject: &str) -> Result<(), String> {
        self.git(&["add", "--all"])?;
        self.git(&[
            "-c",
            "user.name=Ada",
            "-c",
            "user.email=ada@example.com",
            "-c",
            "commit.gpgsign=false",
            "commit",
            "--quiet",
            "--message",
            subject,
        ])
    }

    fn write(&self, name: &str, text: &str) -> Result<(), String> {
        place::write(&self.work.join(name), text)
    }

    /// Where a report goes.
    fn report(&self, name: &str) -> String {
        let folder = self.folder.join("reports");
        drop(place::make(&folder));
        folder.join(name).display().to_string()
    }
}

/// The story is told in a terminal, wherever it is told.
fn outside_of_workflows(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if ["GITHUB_", "INPUT_", "RUNNER_"].iter().any(|start| name.starts_with(start)) {
            command.env_remove(name.as_ref());
        }
    }
}

fn chapter(title: &str, text: &str) {
    println!("\n══ {title} ══\n\n{text}\n");
}

fn tell(text: &str) {
    println!("\n{text}\n");
}

fn copy_all(from: &Path, to: &Path) -> Result<(), String> {
    place::make(to)?;
    for name in place::names(from) {
        // What builds leave is not part of the repository.
        if ["node_modules", "target", ".venv", "build", "dist"].contains(&name.as_str()) {
            continue;
        }
        let (source, target) = (from.join(&name), to.join(&name));
        if fs::metadata(&source).is_ok_and(|data| data.is_dir()) {
            copy_all(&source, &target)?
        } else {
            place::copy(&source, &target)?
        }
    }
    Ok(())
}
