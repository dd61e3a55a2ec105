//! FK303 log-only-effect: it writes to a log that it has done it.
use crate::analysis::Grade;
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon::Names;
use crate::model::{Function, Kind, Module, Role};
use crate::names;
use crate::rules::fk303_booked::booked;
use crate::rules::{Rule, Scope};

pub(crate) static RULE: Rule = Rule {
    id: "FK303",
    name: "log-only-effect",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "A function that promises an effect only writes to a log",
    details: "Loggers, reporters, audits and whatever else is there to write logs are not meant, nor dry runs.",
    repair: "make the call that the log line talks about, or throw until there is one",
    bad: "async function sendReminder(to: Patient) {\n  logger.info({ to: to.phone }, \"reminder sent\");\n}\n",
    good: "async function sendReminder(to: Patient) {\n  await sms.send(to.phone, TEXT);\n  logger.info({ to: to.phone }, \"reminder sent\");\n}\n",
    check,
};

/// Nouns of what writes logs by profession.
pub(super) static WRITERS: Names = Names::new(&[
    "log",
    "logs",
    "logger",
    "logging",
    "print",
    "printer",
    "reporter",
    "trace",
    "tracer",
    "audit",
    "console",
    "terminal",
    "cli",
    "output",
    "debug",
    "warning",
    "deprecation",
    "dump",
    "help",
    "usage",
    "banner",
    "stdout",
    "inspector",
    "profiler",
    "diagnostic",
    "diagnostics",
    "telemetry",
]);
/// Verbs that a log line may well fulfil.
static WRITES: Names = Names::new(&[
    "report",
    "record",
    "warn",
    "alert",
    "escalate",
    "deprecate",
    "show",
    "track",
    "mark",
    "handle",
    "error",
    "exit",
    "index",
    "order",
    "plan",
    "complain",
    "display",
    "profile",
    "start",
    "stop",
    "open",
    "close",
    "end",
    "complete",
]);

fn check(module: &Module<'_>, sink: &mut Sink) {
    for function in &module.functions {
        if let Some(finding) = finding(module, function).or_else(|| booked(module, function)) {
            sink.report(finding);
        }
    }
}

fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !module.is_candidate(function)
        || function.kind == Kind::Getter
        || function.is_generator
        || function.role == Role::Handler
    {
        return None;
    }
    let command = module.command_of(function);
    // A handler of requests answers too: what it answers is for other rules.
    let promise = module
        .promised_effect(function)
        .filter(|_| function.role != Role::Callback || !module.contract_name(function).is_empty() || command.is_some())
        .or_else(|| module.consumes(function).filter(|_| asks_nobody(module, function)))?;
    let summary = module.summary(function.id)?;
    let log = *summary.logs().first()?;
    let asked = command.is_some() || !summary.parameters().is_empty() || summary.reads_fields();
    if summary.work().is_some()
        || !asked
        || summary.values().next().is_some() && !summary.is_constant()
        || summary.throws() > 0
    {
        return None;
    }
    let writes = |name: &str| names::words(name).iter().any(|word| WRITERS.has(word.as_str()));
    let file = module.path.rsplit('/').next().unwrap_or("");
    if WRITES.has(command.unwrap_or(module.contract_verb(function).as_str()))
        || writes(module.contract_name(function))
        || writes(function.owner)
        || command.is_none() && writes(file)
        || module.is_hook(function)
        || module.is_null_object(function)
    {
        return None;
    }
    let maker = function.parent.map(|parent| module.function(parent));
    if maker.is_some_and(|maker| writes(maker.name) || writes(maker.owner)) || module.tells_by_name(function.id) {
        return None;
    }
    // Only effects of the function itself: what it hands to others may work.
    if summary.effects().iter().any(|effect| !log.contains_inclusive(effect.span))
        && module.keeps_something(function.id)
    {
        return None;
    }
    // An interface is what a service promises; a base class may do the work.
    let extends = function.class.is_some_and(|class| module.class_of(class).it.heritage.is_some());
    let severity = if extends { Severity::Note } else { Severity::Error };
    Some(
        Finding::new(&RULE, function.span, format!("{} only writes a log line", function.qualified()))
            .of(function.id)
            .with_severity(severity)
            .because(Evidence::AbsentEffect, log, "the log is all that is reached")
            .because(Evidence::ContractWords, function.span, promise),
    )
}

/// Whether nothing in a function asks anybody or hands anything on.
fn asks_nobody<'a>(module: &Module<'a>, function: &Function<'a>) -> bool {
    module.inside(&module.calls, function.id).iter().all(|at| module.grade(at) <= Grade::Tell)
}
