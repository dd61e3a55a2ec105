//! Inputs from the command line, from `INPUT_*`, and from both.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::HashMap;

use action::{Answer, Secret, Streams, Tool, World, oracle};

static TOOL: Tool = Tool {
    name: "inputs",
    about: "Shows its inputs.",
    version: "1.2.3",
    homepage: "https://example.org/inputs",
    icon: "box",
    color: "red",
    outputs: &[],
};

#[derive(clap::Parser)]
#[command(args_conflicts_with_subcommands = true)]
struct Inputs {
    #[command(flatten)]
    main: Main,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(clap::Args, Debug)]
struct Main {
    /// Tag of the image
    #[arg(long)]
    image_tag: Option<String>,
    /// Percent of the traffic
    #[arg(long, default_value_t = 10, visible_alias = "trafficWeight")]
    weight: u8,
    /// Kind of list
    #[arg(long, default_value = "none")]
    list_files: List,
    /// Only tell
    #[arg(long, conflicts_with = "image_tag")]
    dry_run: bool,
    /// Folders
    #[arg(long = "folder")]
    folders: Vec<String>,
}

#[derive(clap::ValueEnum, Clone, Debug)]
enum List {
    None,
    Json,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Says why
    Explain {
        /// File to explain
        file: String,
        /// How deep
        #[arg(long)]
        depth: Option<u8>,
        /// Token
        #[arg(long)]
        token: Option<Secret>,
    },
    /// Finds mistakes
    Lint {
        /// Files to look at
        files: Vec<String>,
        /// Needed
        #[arg(long)]
        image_tag: String,
    },
}

fn shown(inputs: &Inputs) -> String {
    match &inputs.command {
        None => format!("{:?}", inputs.main),
        Some(Command::Explain { file, depth, token }) => {
            let token = token.as_ref().map(|token| token.expose().len());
            format!("explain {file:?} {depth:?} {token:?}")
        }
        Some(Command::Lint { files, image_tag }) => format!("lint {files:?} {image_tag:?}"),
    }
}

/// Runs in a step; gives the inputs as the tool saw them, or what the log says.
fn seen(args: &[&str], env: &[(&str, &str)]) -> String {
    let mut all: HashMap<String, String> = env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    all.entry("GITHUB_ACTIONS".into()).or_insert("true".into());
    let (streams, captured) = Streams::captured();
    let args = std::iter::once("inputs").chain(args.iter().copied()).map(Into::into).collect();
    let world = World { args, env: &|name| all.get(name).map(Into::into), streams };
    let mut text = String::new();
    let code = action::drive(&TOOL, world, |inputs: Inputs, _| {
        text = shown(&inputs);
        Ok(Answer::Yes)
    });
    if all["GITHUB_ACTIONS"] != "true" {
        return format!("{code} {text}{}", String::from_utf8(captured.err()).unwrap());
    }
    let log = oracle::log(&captured.out());
    let said = log.commands.iter().map(|c| format!(" {}: {}", c.name, c.data)).collect::<String>();
    format!("{code} {text}{said}")
}

fn check(args: &[&str], env: &[(&str, &str)], expected: &str) {
    let got = seen(args, env);
    assert_eq!(got, expected, "{args:?} {env:?}");
}

const DEFAULT: &str = "0 Main { image_tag: None, weight: 10, list_files: None, dry_run: false, folders: [] }";

#[test]
fn an_empty_input_is_an_absent_input() {
    check(&[], &[], DEFAULT);
    check(
        &[],
        &[("INPUT_IMAGE_TAG", ""), ("INPUT_WEIGHT", ""), ("INPUT_DRY_RUN", "\n"), ("INPUT_COMMAND", "")],
        DEFAULT,
    );
    check(&[], &[("INPUT_UNKNOWN", "x"), ("INPUT_FILE", "")], DEFAULT);
    // A value that came out blank was meant to be one: it is refused, and not taken for the default in silence.
    let refused = "could not read the inputs: input dry-run: invalid value ' ' [possible values: true, false]";
    check(&[], &[("INPUT_DRY_RUN", " \n")], &format!("2  error: {refused}"));
}

#[test]
fn an_input_of_a_replaced_action_is_an_alias() {
    let with = |weight: u8| DEFAULT.replace("weight: 10", &format!("weight: {weight}"));
    check(&[], &[("INPUT_TRAFFICWEIGHT", "50")], &with(50));
    check(&[], &[("INPUT_WEIGHT", "10"), ("INPUT_TRAFFICWEIGHT", "50")], &with(50));
    check(&[], &[("INPUT_WEIGHT", "20"), ("INPUT_TRAFFICWEIGHT", "50")], &with(20));
    check(&[], &[("INPUT_WEIGHT", ""), ("INPUT_TRAFFICWEIGHT", "")], DEFAULT);
    check(&["--trafficWeight=30"], &[("INPUT_WEIGHT", "20")], &with(30));
}

#[test]
fn inputs_are_found_under_both_spellings() {
    let expected =
        r#"0 Main { image_tag: Some("v1"), weight: 20, list_files: Json, dry_run: false, folders: ["a b", "--c"] }"#;
    let rest = [("INPUT_WEIGHT", "20\n"), ("INPUT_LIST_FILES", "json"), ("INPUT_FOLDER", " a b \n\n--c\n")];
    for spelling in ["INPUT_IMAGE_TAG", "INPUT_IMAGE-TAG"] {
        check(&[], &[&[(spelling, "v1")], rest.as_slice()].concat(), expected);
    }
}

#[test]
fn arguments_beat_inputs() {
    let expected = r#"0 Main { image_tag: Some("mine"), weight: 7, list_files: None, dry_run: false, folders: ["x"] }"#;
    let env = [("INPUT_IMAGE_TAG", "theirs"), ("INPUT_WEIGHT", "7"), ("INPUT_FOLDER", "a\nb")];
    check(&["--image-tag", "mine", "--folder=x"], &env, expected);
}

#[test]
fn booleans_are_true_or_false() {
    let yes = "0 Main { image_tag: None, weight: 10, list_files: None, dry_run: true, folders: [] }";
    check(&[], &[("INPUT_DRY_RUN", "true")], yes);
    check(&["--dry-run"], &[], yes);
    check(&["--dry-run"], &[("INPUT_DRY_RUN", "false")], yes);
    check(&["--dry-run=false"], &[("INPUT_DRY_RUN", "true")], DEFAULT);
    for odd in ["yes", "TRUE", "1", "on"] {
        let said = format!(
            "2  error: could not read the inputs: input dry-run: invalid value '{odd}' [possible values: true, false]"
        );
        check(&[], &[("INPUT_DRY_RUN", odd)], &said);
    }
}

#[test]
fn a_filled_in_default_is_not_the_users_word() {
    check(
        &["--image-tag=v1"],
        &[("INPUT_DRY_RUN", "false"), ("INPUT_WEIGHT", "10")],
        &DEFAULT.replace("None, w", "Some(\"v1\"), w"),
    );
    let conflict = "2  error: could not read the inputs: input image-tag cannot be used with input dry-run";
    check(&[], &[("INPUT_DRY_RUN", "true"), ("INPUT_IMAGE_TAG", "v1")], conflict);
}

#[test]
fn a_command_is_an_input_too() {
    check(&["explain", "a"], &[], r#"0 explain "a" None None"#);
    check(
        &[],
        &[("INPUT_COMMAND", "explain"), ("INPUT_FILE", "-x"), ("INPUT_DEPTH", "3")],
        r#"0 explain "-x" Some(3) None"#,
    );
    check(&["explain"], &[("INPUT_FILE", "a"), ("INPUT_COMMAND", "lint")], r#"0 explain "a" None None"#);
    check(&["explain", "--", "--file"], &[("INPUT_DEPTH", "3")], r#"0 explain "--file" Some(3) None"#);
    check(
        &[],
        &[("INPUT_COMMAND", "lint"), ("INPUT_FILES", "a\n-b"), ("INPUT_IMAGE_TAG", "t")],
        r#"0 lint ["a", "-b"] "t""#,
    );
    check(&["lint", "lint"], &[("INPUT_IMAGE_TAG", "t")], r#"0 lint ["lint"] "t""#);
    let odd = "2  error: could not read the inputs: input command: there is no command 'lnt'\nhint: a similar subcommand exists: 'lint'";
    check(&[], &[("INPUT_COMMAND", "lnt")], odd);
}

#[test]
fn an_input_of_another_command_is_noticed() {
    let said = r#"0 explain "a" None None warning: the input weight has no effect on this command"#;
    check(&["explain", "a"], &[("INPUT_WEIGHT", "20"), ("INPUT_LIST_FILES", "none")], said);
}

#[test]
fn secrets_are_masked_before_anything_is_printed() {
    check(&["explain", "a"], &[("INPUT_TOKEN", "s3cret")], r#"0 explain "a" None Some(6) add-mask: s3cret"#);
    check(&["explain", "a", "--token", "t0ken"], &[], r#"0 explain "a" None Some(5) add-mask: t0ken"#);
    let both = seen(&["explain", "a"], &[("INPUT_TOKEN", "s3cret"), ("INPUT_DEPTH", "x")]);
    assert!(
        both.starts_with("2  add-mask: s3cret error: could not read the inputs: input depth: invalid value 'x': "),
        "{both}"
    );
}

#[test]
fn complaints_use_the_users_word() {
    let said = "2  error: could not read the inputs: input list-files: invalid value 'jsn' [possible values: none, json]\nhint: a similar value exists: 'json'";
    check(&[], &[("INPUT_LIST_FILES", "jsn")], said);
    let typed = "2  error: could not read the inputs: invalid value 'jsn' for '--list-files <LIST_FILES>' [possible values: none, json]\nhint: a similar value exists: 'json'";
    check(&["--list-files", "jsn"], &[], typed);
    let missing =
        "2  error: could not read the inputs: the following required arguments were not provided: input image-tag";
    check(&[], &[("INPUT_COMMAND", "lint")], missing);
    let unknown = "2  error: could not read the inputs: unexpected argument '--wait' found\nhint: a similar argument exists: '--weight'";
    check(&["--wait", "3"], &[("INPUT_WEIGHT", "20")], unknown);
    let range = "2  error: could not read the inputs: input weight: invalid value '300': 300 is not in 0..=255";
    check(&[], &[("INPUT_WEIGHT", "300")], range);
}

#[test]
fn on_a_terminal_inputs_are_not_read() {
    let terminal = ("GITHUB_ACTIONS", "");
    check(&[], &[terminal, ("INPUT_WEIGHT", "20")], DEFAULT);
    let got = seen(&["--list-files", "jsn"], &[terminal]);
    assert!(got.starts_with("2 error: invalid value 'jsn' for '--list-files <LIST_FILES>'"), "{got}");
    assert!(got.contains("a similar value exists: 'json'"), "{got}");
}
