//! Every input, once: named, typed, defaulted and explained; and the settings that they make.
use std::path::PathBuf;

use action::Output;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// What the action gives on.
pub(crate) const OUTPUTS: &[Output] = &[
    Output::new("outcome", "`promoted`, `aborted`, `rolled-back`, `frozen` or `running`"),
    Output::new("rollout", "Id of the rollout, for `abort`, `rollback` and `resume` in other jobs"),
    Output::new("phase", "Where the rollout stands"),
    Output::or_file("reasons", "JSON array: why it was stopped, per service"),
    Output::or_file("evidence", "The evidence as JSON; its schema is `evidence.schema.json` beside this action"),
    Output::new("report", "Path of the HTML report, when one was asked for"),
];

/// The action's inputs and the terminal's arguments.
#[derive(Parser)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Inputs {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What can be done.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Say what `run` would do: every change of the cluster, reachable shares, what the policy can detect
    Plan(RolloutInputs),
    /// All phases, one after the other; goes on with a rollout that was begun
    Run(RolloutInputs),
    /// Look for what stands in the way; changes nothing
    Preflight(RolloutInputs),
    /// Begin: record, lock, dead-man switch, the canaries of the first step, and its observation
    Start(RolloutInputs),
    /// The next step and its observation
    Step(RecordInputs),
    /// Give every service the new version, in order; any failure puts all of them back
    Promote(RecordInputs),
    /// Prove that every service runs what was promised and that nothing is left over
    Verify(RecordInputs),
    /// Go on with a rollout whose driver died or was frozen, to its end
    Resume(RecordInputs),
    /// Take the canaries away and prove that stable is what it was
    Abort(RecordInputs),
    /// Put every service back to what it was before the rollout
    Rollback(RecordInputs),
    /// Show where a rollout stands
    Status(StatusInputs),
    /// Write the report of a rollout
    Report(StatusInputs),
    /// Find and remove what rollouts left behind
    Gc(GcInputs),
    /// Replay a policy over recorded series: false aborts, what is detectable, how soon
    Rehearse(RehearseInputs),
    /// Judge JSON lines on standard input
    Judge(JudgeInputs),
    /// Show a bad and a good release on a cluster within this process
    Demo(DemoInputs),
}

/// The cluster.
#[derive(Args, Clone)]
pub(crate) struct ClusterInputs {
    /// Kubeconfig; by default KUBECONFIG, ~/.kube/config, or the pod's own account
    #[arg(long, value_name = "FILE")]
    pub(crate) kubeconfig: Option<PathBuf>,
    /// Context of the kubeconfig; by default its current one
    #[arg(long, value_name = "NAME")]
    pub(crate) context: Option<String>,
    /// Namespace of the services; by default the context's
    #[arg(long, value_name = "NAME")]
    pub(crate) namespace: Option<String>,
}

/// Where the report goes.
#[derive(Args, Clone)]
pub(crate) struct SinkInputs {
    /// File for the HTML report
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// File for the evidence
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence_out: Option<PathBuf>,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t, help_heading = "Terminal")]
    pub(crate) format: Format,
}

/// The inputs of a rollout that may begin.
#[derive(Args, Clone)]
pub(crate) struct RolloutInputs {
    #[command(flatten)]
    pub(crate) cluster: ClusterInputs,
    /// The policy
    #[arg(long, value_name = "FILE", default_value = "canary.yaml")]
    pub(crate) policy: PathBuf,
    /// Rendered manifests of the new version: files or folders; without them only images change
    #[arg(long, value_name = "PATH")]
    pub(crate) manifests: Vec<PathBuf>,
    /// Tag of the new images, for every service whose image is not given by `images`
    #[arg(long, value_name = "TAG")]
    pub(crate) image_tag: Option<String>,
    /// New images: `service=registry/name@sha256:…`
    #[arg(long, value_name = "SERVICE=IMAGE")]
    pub(crate) images: Vec<String>,
    /// Share of the first step in percent, instead of the policy's
    #[arg(long, value_name = "PERCENT")]
    pub(crate) canary_weight_step1: Option<u8>,
    /// Share of the second step in percent, instead of the policy's
    #[arg(long, value_name = "PERCENT")]
    pub(crate) canary_weight_step2: Option<u8>,
    /// Promote at once, without canaries; rollback stays as it is
    #[arg(long)]
    pub(crate) skip_canary: bool,
    /// Field manager that owns the images today, so that the next apply of the pipeline meets no conflict
    #[arg(long, value_name = "NAME")]
    pub(crate) field_manager: Option<String>,
    #[command(flatten)]
    pub(crate) sinks: SinkInputs,
}

/// The inputs of what goes on with a rollout.
#[derive(Args, Clone)]
pub(crate) struct RecordInputs {
    #[command(flatten)]
    pub(crate) cluster: ClusterInputs,
    /// Name of the release group; by default the only one of the namespace
    #[arg(long, value_name = "NAME")]
    pub(crate) group: Option<String>,
    /// Id of the rollout, as the output `rollout` of the job that began it; by default this run's own
    #[arg(long, value_name = "ID")]
    pub(crate) rollout: Option<String>,
    #[command(flatten)]
    pub(crate) sinks: SinkInputs,
}

/// The inputs of `status` and `report`.
#[derive(Args, Clone)]
pub(crate) struct StatusInputs {
    #[command(flatten)]
    pub(crate) cluster: ClusterInputs,
    /// Name of the release group; by default the only one of the namespace
    #[arg(long, value_name = "NAME")]
    pub(crate) group: Option<String>,
    /// Read the evidence from this file instead of a cluster
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence: Option<PathBuf>,
    /// Go on showing until the rollout is over
    #[arg(long, help_heading = "Terminal")]
    pub(crate) watch: bool,
    #[command(flatten)]
    pub(crate) sinks: SinkInputs,
}

/// The inputs of `gc`.
#[derive(Args, Clone)]
pub(crate) struct GcInputs {
    #[command(flatten)]
    pub(crate) cluster: ClusterInputs,
    /// Only say what would be removed
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// The inputs of `rehearse`.
#[derive(Args, Clone)]
pub(crate) struct RehearseInputs {
    /// The policy
    #[arg(long, value_name = "FILE", default_value = "canary.yaml")]
    pub(crate) policy: PathBuf,
    /// A recorded range: CSV, or an answer of Prometheus' query_range
    pub(crate) recording: PathBuf,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t, help_heading = "Terminal")]
    pub(crate) format: Format,
}

/// The inputs of `judge`: none.
#[derive(Args, Clone)]
pub(crate) struct JudgeInputs {}

/// The inputs of `demo`.
#[derive(Args, Clone)]
pub(crate) struct DemoInputs {
    /// What happens; by default a bad release and then a good one
    #[arg(long, value_name = "NAME")]
    pub(crate) scenario: Option<String>,
    /// Seed of everything that is random
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) seed: u64,
    #[command(flatten)]
    pub(crate) sinks: SinkInputs,
}

/// How an answer is printed.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs: the evidence.
    Json,
}

/// Where the report goes, checked.
#[derive(Clone)]
pub(crate) struct Sinks {
    pub(crate) html: Option<PathBuf>,
    pub(crate) evidence: Option<PathBuf>,
    pub(crate) format: Format,
}

impl SinkInputs {
    /// Takes them apart.
    pub(crate) fn settings(self) -> Sinks {
        let SinkInputs { html, evidence_out, format } = self;
        Sinks { html, evidence: evidence_out, format }
    }
}
