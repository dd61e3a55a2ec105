//! FK503 silent-catch: a failure that nobody hears of.
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::model::Module;
use crate::rules::{Rule, Scope};

pub(crate) static RULE: Rule = Rule {
    id: "FK503",
    name: "silent-catch",
    severity: Severity::Note,
    scope: Scope::Production,
    about: "An empty catch without a word why",
    details: "Good code has many of these, nearly all with a comment that says why nothing is to be done; so this is only a note.",
    repair: "say in a comment why nothing is to be done, or let the error through",
    bad: "try {\n  await drafts.save(id, body);\n} catch {}\n",
    good: "try {\n  localStorage.setItem(\"probe\", \"1\");\n} catch {\n  // private mode: nothing to keep\n}\n",
    check,
};

fn check(module: &Module<'_>, sink: &mut Sink) {
    for at in &module.catches {
        let Some(handler) = &at.it.handler else { continue };
        if !handler.body.body.is_empty() || !module.comments_in(handler.span).is_empty() {
            continue;
        }
        let finding = Finding::new(&RULE, at.it.span, "a failure in this block is swallowed without a word").because(
            Evidence::AbsentEffect,
            handler.span,
            "nothing happens here",
        );
        sink.report(match at.function {
            Some(function) => finding.of(function),
            None => finding,
        });
    }
}
