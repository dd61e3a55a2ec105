//! Every input, once: named, typed, defaulted and explained.
use std::ffi::OsString;
use std::path::PathBuf;

use action::Output;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// What the action gives on.
pub(crate) const OUTPUTS: &[Output] = &[
    Output::new(
        "sums-file",
        "Path of the list: the written one (create), the checked one (check), or the one for the input subject-checksums of actions/attest (provenance)",
    ),
    Output::new("count", "How many files were hashed, listed, found good, or named as subjects"),
    Output::new("statement", "Path of the in-toto statement that provenance wrote"),
];

/// The action's inputs and the terminal's arguments.
#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Inputs {
    #[command(flatten)]
    pub(crate) sums: SumsInputs,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// What can be done beside printing sums.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// List the files of a release folder: flat names, sorted, ready to be published
    Create(CreateInputs),
    /// Verify a release folder against its list, in both directions
    Check(CheckInputs),
    /// Say where the files of a list come from: an in-toto statement, and the list that actions/attest signs
    Provenance(ProvenanceInputs),
}

/// The inputs of the main job: the options of GNU's sha256sum.
#[derive(Args)]
pub(crate) struct SumsInputs {
    /// Files to hash, or lists to read with --check; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Read the files as lists and verify what they name
    #[arg(short, long, help_heading = "Terminal")]
    pub(crate) check: bool,
    /// Mark the names in the list with a star, as for binary files
    #[arg(short, long, help_heading = "Terminal", conflicts_with = "check", overrides_with = "text")]
    pub(crate) binary: bool,
    /// Do not mark them (the default)
    #[arg(short, long, help_heading = "Terminal", conflicts_with_all = ["check", "tag"], overrides_with = "binary")]
    pub(crate) text: bool,
    /// Write lines in the form of BSD
    #[arg(long, help_heading = "Terminal", conflicts_with = "check")]
    pub(crate) tag: bool,
    /// End lines with a NUL byte, and escape no names
    #[arg(short, long, help_heading = "Terminal", conflicts_with = "check")]
    pub(crate) zero: bool,
    /// Do not mind listed files that are not there; one at least has to be
    #[arg(long, help_heading = "Terminal", requires = "check")]
    pub(crate) ignore_missing: bool,
    /// Print no line for files that are as listed
    #[arg(long, help_heading = "Terminal", requires = "check")]
    pub(crate) quiet: bool,
    /// Print no lines for files, the exit code says it
    #[arg(long, help_heading = "Terminal", requires = "check")]
    pub(crate) status: bool,
    /// Fail on lines that are no lines of a list (always so without --gnu)
    #[arg(long, help_heading = "Terminal", requires = "check")]
    pub(crate) strict: bool,
    /// Name such lines (always so without --gnu)
    #[arg(short, long, help_heading = "Terminal", requires = "check")]
    pub(crate) warn: bool,
    /// Read, do and print everything as sha256sum of GNU coreutils 9.1
    #[arg(long, help_heading = "Terminal", value_name = "ARGUMENT", num_args = 0.., allow_hyphen_values = true)]
    pub(crate) gnu: Option<Vec<OsString>>,
    /// How sums are printed
    #[arg(long, value_enum, default_value_t, help_heading = "Terminal")]
    pub(crate) format: Format,
}

impl SumsInputs {
    /// Adds files behind those that are named.
    pub(crate) fn also(&mut self, more: Vec<OsString>) {
        // The many keep their place in memory; the few move.
        let mut files: Vec<PathBuf> = more.into_iter().map(PathBuf::from).collect();
        files.splice(0..0, std::mem::take(&mut self.files));
        self.files = files;
    }
}

/// The inputs of `create`.
#[derive(Args)]
pub(crate) struct CreateInputs {
    /// Folder of the release (create), list or folder with one (check, provenance)
    #[arg(value_name = "PATH")]
    pub(crate) path: Option<PathBuf>,
    /// File to write; by default SHA256SUMS.txt in the folder (create), and the statement goes to the runner's temporary folder, on a terminal to standard output (provenance); `-` prints it
    #[arg(short, long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Also list names with line breaks or backslashes, which have to be escaped
    #[arg(long)]
    pub(crate) allow_escapes: bool,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t, help_heading = "Terminal")]
    pub(crate) format: Format,
}

/// The inputs of `check`.
#[derive(Args)]
pub(crate) struct CheckInputs {
    /// Folder of the release (create), list or folder with one (check, provenance)
    #[arg(value_name = "PATH")]
    pub(crate) path: Option<PathBuf>,
    /// For downloads: only these names have to be there, listed and good, and nothing else is looked at
    #[arg(long, value_name = "NAME")]
    pub(crate) require: Vec<String>,
    /// A saved release record, as GitHub's API gives it; its digests have to be those of the list
    #[arg(long, value_name = "FILE")]
    pub(crate) release_json: Option<PathBuf>,
    /// Print no line for files that are as listed
    #[arg(long, help_heading = "Terminal")]
    pub(crate) quiet: bool,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t, help_heading = "Terminal")]
    pub(crate) format: Format,
}

/// The inputs of `provenance`.
#[derive(Args)]
pub(crate) struct ProvenanceInputs {
    /// Folder of the release (create), list or folder with one (check, provenance)
    #[arg(value_name = "PATH")]
    pub(crate) path: Option<PathBuf>,
    /// File to write; by default SHA256SUMS.txt in the folder (create), and the statement goes to the runner's temporary folder, on a terminal to standard output (provenance); `-` prints it
    #[arg(short, long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// File to write the list to that actions/attest takes as subject-checksums; by default one in the runner's temporary folder, on a terminal none
    #[arg(long, value_name = "FILE")]
    pub(crate) subject_checksums: Option<PathBuf>,
}

/// How an answer is printed.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}
