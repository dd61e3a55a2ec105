//! Acknowledging without handling: a message is read and acknowledged, and nothing is done with it.
use super::RULE;
use crate::analysis::{CallKind, Grade};
use crate::finding::{Evidence, Finding};
use crate::lexicon::Names;
use crate::model::{Function, Module};
use crate::names;
use crate::syntax::*;

/// Calls that tell a queue what became of a message.
static ACKS: Names = Names::new(&[
    "ack",
    "acknowledge",
    "nack",
    "reject",
    "commit",
    "commitOffset",
    "commitOffsets",
    "deleteMessage",
    "complete",
    "moveToCompleted",
    "xack",
    "xAck",
    "basicAck",
    "markDone",
    "markAsDone",
    "markProcessed",
    "markAsProcessed",
    "ackAll",
    "term",
]);
static POSITIVE: Names = Names::new(&[
    "ack",
    "acknowledge",
    "xack",
    "xAck",
    "basicAck",
    "deleteMessage",
    "commitOffsets",
    "ackAll",
    "moveToCompleted",
    "markProcessed",
    "markAsProcessed",
]);

pub(super) fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !module.is_candidate(function) || function.parameters().is_empty() || module.is_hook(function) {
        return None;
    }
    let calls = module.inside(&module.calls, function.id);
    let ack = calls.iter().find(|at| POSITIVE.has(names::last(&at.it.callee)) && at.it.arguments.len() <= 3)?;
    if function.words().iter().any(|word| POSITIVE.has(word.as_str())) || function.statements().len() < 2 {
        return None;
    }
    let reads = calls
        .iter()
        .any(|at| matches!(names::last(&at.it.callee), "parse" | "json" | "decode" | "toString" | "deserialize"))
        || !module.within_logs(function.id).is_empty();
    let idle = calls.iter().all(|at| {
        ACKS.has(names::last(&at.it.callee))
            || matches!(
                names::last(&at.it.callee),
                "histogram" | "increment" | "timing" | "observe" | "gauge" | "counter" | "inc"
            )
            || matches!(module.grade(at), Grade::Nothing | Grade::Tell)
                && !matches!(module.call_kind(at.it), CallKind::Local(_))
            || matches!(
                names::verb(names::last(&at.it.callee)).as_str(),
                "parse" | "decode" | "safe" | "validate" | "get"
            )
    });
    let kept = module.keeps_something(function.id) || !module.inside(&module.yields, function.id).is_empty();
    (reads && idle && !kept).then(|| {
        let what = if function.name.is_empty() { "the consumer".to_owned() } else { function.qualified() };
        Finding::new(&RULE, function.span, format!("{what} acknowledges each message without handling it"))
            .of(function.id)
            .because(Evidence::AbsentEffect, function.span, "what was read is given to nobody")
            .because(Evidence::ContractWords, ack.it.span, "it says that the message is done with")
    })
}

impl<'a> Module<'a> {
    /// The logs in a function.
    fn within_logs(&self, id: crate::model::FunctionId) -> Vec<Span> {
        self.summary(id).map_or_else(Vec::new, |summary| summary.logs().to_vec())
    }
}
