//! The generated action.yml and README tables. `UPDATE=1` rewrites what is expected.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;

use action::{Answer, Output, Secret, Streams, Tool, World};

static TOOL: Tool = Tool {
    name: "manual",
    about: "Is the \"manual\" right: yes or no?",
    version: "1.2.3",
    homepage: "https://example.org/manual",
    icon: "book",
    color: "blue",
    outputs: &[Output::new("any", "`true` if any | all"), Output::or_file("result", "All as JSON")],
};

#[derive(clap::Parser)]
#[command(args_conflicts_with_subcommands = true)]
#[allow(dead_code, reason = "only its description is used")]
struct Inputs {
    /// Branch or commit to compare with
    ///
    /// More about it, for --help only.
    #[arg(long)]
    base: Option<String>,
    /// Kind of list
    #[arg(long, default_value = "none")]
    list_files: List,
    /// Only tell
    #[arg(long)]
    dry_run: bool,
    /// Folders
    #[arg(long = "folder", default_values = ["a", "b"])]
    folders: Vec<String>,
    /// For the API
    #[arg(long)]
    token: Option<Secret>,
    /// For the other API
    #[arg(long)]
    api_key: Option<Secret>,
    /// Not for users
    #[arg(long, hide = true)]
    internal: Option<String>,
    /// How it looks
    #[arg(long, help_heading = "Terminal")]
    format: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(clap::ValueEnum, Clone)]
enum List {
    None,
    Json,
}

#[derive(clap::Subcommand)]
#[allow(dead_code, reason = "only its description is used")]
enum Command {
    /// Says why
    Explain {
        /// File to explain
        file: String,
        /// Branch or commit to compare with
        #[arg(long)]
        base: Option<String>,
        /// How deep
        #[arg(long, default_value_t = 1)]
        depth: u8,
    },
    /// Finds mistakes
    LintAll {
        /// How deep
        #[arg(long, default_value_t = 2)]
        depth: u8,
    },
    #[command(hide = true)]
    Internal { other: String },
}

fn check(flag: &str, expected: &str) {
    let (streams, captured) = Streams::captured();
    let world = World { args: vec!["manual".into(), flag.into()], env: &|_| None, streams };
    assert_eq!(action::drive(&TOOL, world, |_: Inputs, _| Ok(Answer::No)), 0);
    let got = String::from_utf8(captured.out()).unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/action/manual").join(expected);
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &got).unwrap();
    }
    assert_eq!(got, fs::read_to_string(&path).unwrap(), "{}", path.display());
}

#[test]
fn an_action_yml_maps_every_input() {
    check("--action-yml", "action.yml");
}

#[test]
fn the_tables_have_every_input_and_output() {
    check("--readme-tables", "tables.md");
}
