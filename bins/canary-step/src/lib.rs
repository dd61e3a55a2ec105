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
//! | `program.rs` | gather | programs that are asked something |
//! | `sources/` | gather | metrics: Prometheus, pods, an endpoint, a command |
//! | `weights.rs`, `clone.rs`, `signals.rs`, `preflight.rs`, `plan.rs` | decide | counts, the canary's manifest, hard signals, findings, the plan: all pure |
//! | `decide/` | decide | record and world → the next step, one idea a file |
//! | `driver/` | all | lock, loop, signals of the runner |
//! | `report/` | report | evidence → text, summary, HTML, live view |
//! | `demo/` | – | scenarios on the embedded cluster |
//! | `commands/` | all | one story a command |
pub mod clone;
pub mod cluster;
pub mod decide;
pub mod demo;
pub mod driver;
pub mod evidence;
mod inputs;
pub mod manifests;
pub mod names;
pub mod plan;
pub mod policy;
pub mod preflight;
pub mod program;
pub mod record;
pub mod rehearsal;
pub mod report;
pub mod runbook;
mod settings;
pub mod signals;
pub mod sources;
pub mod weights;

mod commands {
    //! One story a command.
    pub(crate) mod demo;
    pub(crate) mod driving;
    pub(crate) mod gc;
    pub(crate) mod judge;
    pub(crate) mod plan;
    pub(crate) mod recorded;
    pub(crate) mod rehearse;
    pub(crate) mod report;
    pub(crate) mod rollout;
    pub(crate) mod status;
}

use action::{Answer, Failure, Report, Tool};
use decide::Goal;
use driver::Order;
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
pub fn run(inputs: Inputs, report: &mut Report) -> Result<Answer, Failure> {
    match inputs.command {
        Command::Plan(inputs) => commands::plan::run(inputs, report),
        Command::Run(inputs) => commands::rollout::run(inputs, Goal::End, report),
        Command::Start(inputs) => commands::rollout::run(inputs, Goal::Step(0), report),
        Command::Preflight(inputs) => commands::plan::preflight(inputs, report),
        Command::Step(inputs) => commands::recorded::run(inputs, Order::Step, report),
        Command::Promote(inputs) => commands::recorded::run(inputs, Order::Promote, report),
        Command::Verify(inputs) => commands::recorded::verify(inputs, report),
        Command::Resume(inputs) => commands::recorded::run(inputs, Order::GoOn, report),
        Command::Abort(inputs) => commands::recorded::run(inputs, Order::Abort, report),
        Command::Rollback(inputs) => commands::recorded::run(inputs, Order::RollBack, report),
        Command::Status(inputs) => commands::status::run(inputs, report),
        Command::Report(inputs) => commands::report::run(inputs, report),
        Command::Gc(inputs) => commands::gc::run(inputs, report),
        Command::Rehearse(inputs) => commands::rehearse::run(inputs, report),
        Command::Judge(inputs) => commands::judge::run(inputs, report),
        Command::Demo(inputs) => commands::demo::run(inputs, report),
    }
}
