//! FK701 admits-fake: a comment says that the code only stands for what it should be.
use crate::analysis::Origin;
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::model::Module;
use crate::phrases::Phrases;
use crate::rules::{Rule, Scope};
use crate::syntax::Span;

pub(crate) static RULE: Rule = Rule {
    id: "FK701",
    name: "admits-fake",
    severity: Severity::Warning,
    scope: Scope::Production,
    about: "A comment beside a statement says that a real implementation would be different: \"in a real app\", \"simulate the call\", \"replace with the actual\"",
    details: "Words alone are a warning; together with another finding in the same function it becomes an error. Words of a domain are \
              not meant: simulated annealing, mock servers, placeholders of SQL.",
    repair: "write what the comment says is missing",
    bad: "function planTour(stops: Stop[]) {\n  // In a real deployment this calls the optimizer; we simulate its result here.\n  return stops.map((stop) => stop.id);\n}\n",
    good: "/** Simulated annealing with 2-opt moves. */\nfunction planTour(stops: Stop[]) {\n  return anneal(stops, 0.999);\n}\n",
    check,
};

/// One of these says it all.
static ADMISSIONS: Phrases = Phrases::new(&[
    "in a real app",
    "in a real implementation",
    "in a real system",
    "in a real world app",
    "in a real-world app",
    "in a real deployment",
    "in a real scenario",
    "in a real environment",
    "in a real project",
    "in a real service",
    "in a real setup",
    "in a real backend",
    "in a real product",
    "in real life",
    "in a real production",
    "in real implementation",
    "in a production app",
    "in a production system",
    "in a production implementation",
    "in production this would",
    "in production, this would",
    "in production you would",
    "in production we would",
    "in production, we would",
    "in production, you would",
    "in reality this would",
    "in reality, this would",
    "replace with actual",
    "replace with the actual",
    "replace with real",
    "replace with the real",
    "replace with a real",
    "replace this with a real",
    "replace this with the real",
    "replace this with actual",
    "replace with your actual",
    "swap with real",
    "swap in the real",
    "for now, return",
    "for now return",
    "for now, just return",
    "for now just return",
    "for now we return",
    "for now, we return",
    "for now we just return",
    "for now, simulate",
    "for now we simulate",
    "for now, we simulate",
    "for now, pretend",
    "hardcoded for now",
    "hard-coded for now",
    "hard coded for now",
    "hardcode for now",
    "mocked for now",
    "mock for now",
    "stubbed for now",
    "stub for now",
    "faked for now",
    "fake for now",
    "static for now",
    "simulate api",
    "simulate an api",
    "simulate the api",
    "simulating api",
    "simulate a network",
    "simulate network",
    "simulate a server",
    "simulate server",
    "simulate the server",
    "simulate the backend",
    "simulate backend",
    "simulate a backend",
    "simulate processing",
    "simulate async",
    "simulate a response",
    "simulate the response",
    "simulate success",
    "simulate sending",
    "simulate saving",
    "simulate upload",
    "simulate payment",
    "simulate a delay",
    "simulate delay",
    "simulated response",
    "simulated result",
    "simulated data",
    "mock implementation",
    "mock data for",
    "using mock data",
    "use mock data",
    "return mock",
    "returning mock",
    "returns mock data",
    "dummy implementation",
    "dummy data",
    "fake implementation",
    "fake data",
    "placeholder implementation",
    "placeholder logic",
    "placeholder for the real",
    "placeholder for actual",
    "stub implementation",
    "stubbed implementation",
    "pretend it succeeded",
    "pretend it worked",
    "pretend to send",
    "pretend to save",
    "pretend to call",
    "pretend to process",
    "pretend to upload",
    "pretend to charge",
    "pretend the request",
    "pretend the server",
    "until the api is",
    "until the backend is",
    "until backend is",
    "until the real",
    "not a real implementation",
    "not the real implementation",
    "would be implemented",
    "would normally call",
    "would normally be",
    "normally this would",
    "normally we would",
    "would typically call",
    "in practice this would",
    "in practice, this would",
    "stand-in for the",
    "stands in for the real",
    "simplified stand-in",
    "would call the real",
    "would actually call",
    "actual implementation would",
    "real implementation would",
    "a real implementation",
]);
/// What says it where the function does no work besides.
static EXCUSES: Phrases = Phrases::new(&[
    "simulated save",
    "simulated request",
    "simulated call",
    "simulated api",
    "simulated network",
    "simulated latency",
    "simulated upload",
    "simulated delay",
    "fake delay",
    "fake latency",
    "fake request",
    "fake api",
    "hardcoded rates",
    "hardcoded data",
    "hardcoded values for",
    "until there is an api",
    "until there is a backend",
    "until the endpoint",
    "until backend",
    "no backend yet",
    "backend not ready",
    "api not ready",
    "not wired up yet",
    "not hooked up yet",
    "not connected yet",
    "pretend ",
    "hardcoded",
    "hard-coded",
    "hard coded",
    "placeholder",
    "for now",
    "stubbed",
    "stub ",
    "canned",
    "good enough",
    "simulate",
    "faked",
    "would normally",
    "would usually",
    "in production",
]);
/// A word that puts the work off, and one that names what stands in for it: together they say it too.
static DEFERRALS: Phrases = Phrases::new(&[
    "for now",
    "temporar",
    "eventually",
    "until ",
    "later",
    "should be replaced",
    "will be replaced",
    "to be replaced",
    "replace with",
    "once the",
    "in the meantime",
]);
static SUBSTITUTES: Phrases = Phrases::new(&[
    "hardcoded",
    "hard-coded",
    "hard coded",
    "simulat",
    "mocked",
    "mock ",
    "faked",
    "fake ",
    "dummy",
    "canned",
    "pretend",
    "made up",
    "made-up",
    "stubbed",
    "invented",
]);
/// Words of a domain.
static DOMAINS: Phrases = Phrases::new(&[
    "simulated annealing",
    "mock server",
    "mock service",
    "dummy node",
    "dummy head",
    "dummy entry",
    "grpc stub",
    "placeholder for sql",
    "sql placeholder",
    "sentinel",
    "fake timer",
    "simulated user",
    "simulate a click",
    "simulate click",
    "simulated clock",
    "test double",
]);
/// No admission is without one of these: a cheap look before the long one.
static STEMS: Phrases = Phrases::new(&[
    "real",
    "actual",
    "simulat",
    "mock",
    "fake",
    "hardcod",
    "hard-cod",
    "hard cod",
    "dummy",
    "placeholder",
    "stub",
    "pretend",
    "for now",
    "in production",
    "would ",
    "stand",
    "canned",
    "made up",
    "made-up",
    "invented",
    "static",
    "until",
    "backend",
    "not ",
    "assume",
]);

fn check(module: &Module<'_>, sink: &mut Sink) {
    let mut last = None;
    for comment in &module.program.comments {
        let text = module.text_of(comment.content_span());
        if text.len() < 10 || text.len() > 1500 {
            continue;
        }
        // Cheap ones first: most comments are about no function, and most say nothing of the kind.
        let Some(id) = module.commented_function(comment).filter(|_| STEMS.are_in_any_case(text)) else { continue };
        let lower = text.to_lowercase();
        let plain = admits(&lower);
        if !plain && !excuses(&lower) {
            continue;
        }
        if !plain && !is_hollow(module, id, comment.span) {
            continue;
        }
        if last == Some(id) {
            continue;
        }
        last = Some(id);
        let function = module.function(id);
        let said = text.trim().lines().next().unwrap_or("").trim_start_matches(['*', ' ']).to_owned();
        let finding = Finding::new(
            &RULE,
            comment.span,
            format!("{}: the comment admits that this is not the real thing", function.qualified()),
        )
        .of(id)
        .because(Evidence::AdmittedInText, comment.span, said);
        sink.report(finding);
    }
}

fn excuses(lower: &str) -> bool {
    lower.len() < 300 && EXCUSES.are_in(lower) && !DOMAINS.are_in(lower) && !lower.contains("attribute")
}

/// Whether the comment stands in a function that promises something and does no work: its answer comes from nobody.
fn is_hollow(module: &Module<'_>, id: crate::model::FunctionId, comment: Span) -> bool {
    let function = module.function(id);
    let Some(summary) = module.summary(id) else { return false };
    let real = Origin::CALL | Origin::FIELD | Origin::OUTER | Origin::ENV;
    let inside = module.body_span(function).contains_inclusive(comment);
    let promises = function.is_async || module.answers_requests(function) || module.promised_effect(function).is_some();
    let nothing = summary.returns().next().is_none() && summary.effects().is_empty();
    inside
        && promises
        && summary.work().is_none()
        && summary.awaits() == 0
        && summary.throws() == 0
        && !summary.answer().has(real)
        && !nothing
        && !module.is_bound_elsewhere(function)
}

fn admits(lower: &str) -> bool {
    // A comment of several lines is one sentence as often as not.
    let mut joined = String::with_capacity(lower.len());
    for word in lower.split_whitespace().filter(|word| !matches!(*word, "*" | "//")) {
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(word);
    }
    if DOMAINS.are_in(&joined) {
        return false;
    }
    ADMISSIONS.are_in(&joined) || joined.len() < 240 && DEFERRALS.are_in(&joined) && SUBSTITUTES.are_in(&joined)
}
