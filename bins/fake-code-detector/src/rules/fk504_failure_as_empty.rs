//! FK504 failure-as-empty: could not be loaded is answered as there is none.
use rustc_hash::FxHashSet;

use crate::analysis::{CallKind, Caught, Failure, Grade};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK504",
    name: "failure-as-empty",
    severity: Severity::Note,
    scope: Scope::Production,
    about: "A function that loads something answers an empty list or null when it has failed, and tells nobody",
    details: "Whoever asks cannot tell “there is none” from “I do not know”. Only a note, since many callers are content with that; a warning where “none” is read as “no danger” (interactions, \
              allergens, recalls, sanctions, or a comment that says what an empty list means). A look \
              at the error, a log, or a name that says so (tryLoad, orNull) is enough.",
    repair: "let the failure through, or answer in a way that can be told from “none”",
    bad: "async function loadInvoices(id: string) {\n  try {\n    return await api.invoices(id);\n  } catch {\n    return [];\n  }\n}\n",
    good: "async function loadInvoices(id: string) {\n  try {\n    return await api.invoices(id);\n  } catch (error) {\n    if (error.status === 404) return [];\n    throw error;\n  }\n}\n",
    check,
};

fn check(module: &Module<'_>, sink: &mut Sink) {
    let mut reported: FxHashSet<FunctionId> = FxHashSet::default();
    for failure in module.failures() {
        if reported.contains(&failure.host) {
            continue;
        }
        if let Some(finding) = finding(module, &failure) {
            reported.insert(failure.host);
            sink.report(finding);
        }
    }
}

fn finding<'a>(module: &Module<'a>, failure: &Failure) -> Option<Finding> {
    let function = module.function(failure.host);
    let guards = warns_of_danger(module, failure.host);
    let screens = guards
        && (function.verb_in(&lexicon::CHECK_VERBS) || matches!(function.verb().as_str(), "screen" | "scan" | "match"));
    let asks = (function.verb_in(&lexicon::QUERY_VERBS) || screens)
        && !function.words().iter().any(|word| {
            matches!(
                word.as_str(),
                "try" | "maybe" | "safe" | "safely" | "null" | "undefined" | "optional" | "or" | "cached" | "cache"
            )
        });
    if failure.how == Caught::Finally || !asks {
        return None;
    }
    let returned = module
        .between(&module.returns, failure.start, failure.end)
        .iter()
        .filter(|at| at.function == Some(failure.function))
        .filter_map(|at| at.it.value);
    let values: Vec<&'a Expression<'a>> = returned.collect();
    let empty = |value: &Expression<'_>| match value.get_inner_expression() {
        Expression::ArrayExpression(it) => it.elements.is_empty(),
        Expression::NullLiteral(_) => true,
        _ => false,
    };
    let calls = module.between(&module.calls, failure.start, failure.end);
    let looks = !module.between(&module.ifs, failure.start, failure.end).is_empty()
        || !module.between(&module.throws, failure.start, failure.end).is_empty();
    let tells = calls.iter().any(|at| {
        matches!(module.call_kind(at.it), CallKind::Log | CallKind::Effect | CallKind::Local(_))
            || module.grade(at) > Grade::Nothing
    });
    if values.is_empty() || !values.iter().all(|value| empty(value)) || looks || tells {
        return None;
    }
    let explained = !module.comments_in(failure.span).is_empty();
    let first = *values.first()?;
    // A list that is empty is a statement, and where the module shows it as one ("all is paid") nobody can tell that it is wrong.
    let stated = function.is_async
        && matches!(first.get_inner_expression(), Expression::ArrayExpression(_))
        && shows_emptiness(module);
    let severity = if stated || guards { Severity::Warning } else { Severity::Note };
    (!explained).then(|| {
        Finding::new(
            &RULE,
            function.span,
            format!("{} answers `{}` when it could not find out", function.name, module.brief(first.span())),
        )
        .of(failure.host)
        .with_severity(severity)
        .because(Evidence::ConstantOutcome, first.span(), "the failure becomes an empty answer")
    })
}

/// What an empty answer means when the question is about danger: that there is none.
static DANGERS: Names = Names::new(&[
    "interactions",
    "interaction",
    "contraindications",
    "contraindication",
    "allergies",
    "allergens",
    "allergy",
    "recalls",
    "recall",
    "sanctions",
    "sanction",
    "watchlist",
    "denylist",
    "blocklist",
    "vulnerabilities",
    "vulnerability",
    "advisories",
    "hazards",
    "alarms",
    "threats",
    "violations",
    "revocations",
    "revoked",
    "infections",
    "malware",
    "outages",
    "defects",
    "warrants",
]);

/// Whether an asynchronous look-up is about something that harms whoever is not told of it.
fn warns_of_danger(module: &Module<'_>, id: FunctionId) -> bool {
    let function = module.function(id);
    let comment = module.comment_of(function).to_lowercase();
    let meant =
        ["empty list means", "empty array means", "none means", "null means"].iter().any(|it| comment.contains(it));
    let promised = function.return_type.is_some_and(|it| module.text_of(it.span()).contains("Promise<"));
    let chained = module.returns_of(id).filter_map(|it| it.value).any(|it| names::last(it) == "catch");
    let asynchronous = function.is_async || promised || chained;
    let named = function.words().iter().skip(1).any(|word| DANGERS.has(word.as_str()));
    asynchronous && (named || meant)
}

/// Whether the module shows something where a list is empty: `if (rows.length === 0) return <p>All paid</p>`.
fn shows_emptiness(module: &Module<'_>) -> bool {
    let empty = |test: &Expression<'_>| match test.get_inner_expression() {
        Expression::BinaryExpression(it) => {
            it.operator.is_equality()
                && names::last(&it.left) == "length"
                && matches!(it.right.get_inner_expression(), Expression::NumericLiteral(zero) if zero.value == 0.0)
        }
        Expression::UnaryExpression(it) => {
            it.operator == UnaryOperator::LogicalNot && names::last(&it.argument) == "length"
        }
        _ => false,
    };
    let shown = |span: Span| module.text_of(span).contains('<');
    module.ifs.iter().any(|at| empty(&at.it.test) && shown(at.it.consequent.span()))
        || module.conditionals.iter().any(|at| empty(&at.it.test) && shown(at.it.consequent.span()))
}
