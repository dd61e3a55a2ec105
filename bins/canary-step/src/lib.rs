//! Move production to a new version safely, or back.
//!
//! gather (record, cluster, metrics) → decide (one step, purely) → apply (one change of the cluster) → report, in a loop that any
//! process can take over at any instruction.
//!
//! | file | step | what it does |
//! |---|---|---|
//! | `inputs.rs` | – | the only place where inputs and outputs are named |
//! | `policy/` | – | `canary.yaml` with positions → `Policy` |
//! | `record.rs` | – | what stands in the ConfigMap: everything that a fresh process needs to go on |
//! | `evidence.rs` | – | the one value that every report is made from |
//! | `cluster/` | gather, apply | the API server: reads, watches, and the one function that changes anything |
//! | `sources/` | gather | metrics: Prometheus, pods, an endpoint, a command |
//! | `weights.rs`, `clone.rs`, `signals.rs`, `preflight.rs`, `plan.rs` | decide | counts, the canary's manifest, hard signals, findings, the plan: all pure |
//! | `decide/` | decide | record and world → the next step, one idea a file |
//! | `driver/` | all | lock, loop, signals of the runner |
//! | `report/` | report | evidence → text, summary, HTML, live view |
//! | `demo/` | – | scenarios on the embedded cluster |
//! | `commands/` | all | one story a command |
pub mod clone;
pub mod decide;
pub mod evidence;
mod inputs;
pub mod policy;
pub mod record;
pub mod signals;
pub mod weights;

mod commands {
    //! One story a command.
}

use action::{Answer, Failure, Report, Tool};
use inputs::Command;
pub use inputs::Inputs;

/// The tool.
pub static TOOL: Tool = Tool {
    name: "canary-step",
    about: "Move production to a new version safely, or back",
    version: env!("CARGO_PKG_VERSION"),
    homepage: "https://github.com/dataflow/canary-step",
    icon: "git-branch",
    color: "orange",
    outputs: inputs::OUTPUTS,
};

/// The story of a run; each command tells its own.
///
/// # Errors
/// Inputs that make no sense (exit 2) and failures outside (exit 3).
pub fn run(inputs: Inputs, _report: &mut Report) -> Result<Answer, Failure> {
    let name = match inputs.command {
        Command::Run(_) => "run",
        Command::Plan(_) => "plan",
        Command::Preflight(_) => "preflight",
        Command::Start(_) => "start",
        Command::Step(_) => "step",
        Command::Promote(_) => "promote",
        Command::Verify(_) => "verify",
        Command::Resume(_) => "resume",
        Command::Abort(_) => "abort",
        Command::Rollback(_) => "rollback",
        Command::Status(_) => "status",
        Command::Report(_) => "report",
        Command::Gc(_) => "gc",
        Command::Rehearse(_) => "rehearse",
        Command::Judge(_) => "judge",
        Command::Demo(_) => "demo",
    };
    Err(Failure::inputs(name, "this build has no such command"))
}
