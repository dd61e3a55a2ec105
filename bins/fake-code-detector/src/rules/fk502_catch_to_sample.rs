//! FK502 catch-to-sample: what could not be had is made up.
use rustc_hash::FxHashSet;

use crate::analysis::Failure;
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{Function, FunctionId, Module};
use crate::names;
use crate::rules::{Rule, Scope, fk502_alike};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK502",
    name: "catch-to-sample",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "When data cannot be had, made-up data is shown in its place",
    details: "A catch clause, a rejection handler, a test of the response or a fallback behind `??` that yields rows, numbers that nobody \
              chooses, or something whose name says sample. Defaults of settings, empty values and the last good answer are not meant.",
    repair: "let the failure through, or answer with the last real data and say so",
    bad: "async function rates(base: string) {\n  try {\n    return await api.rates(base);\n  } catch {\n    return { USD: 1.0842, GBP: 0.8571, CHF: 0.9634 };\n  }\n}\n",
    good: "async function display() {\n  try {\n    return await api.display();\n  } catch {\n    return { decimals: 2, pinned: [\"USD\", \"GBP\"] };\n  }\n}\n",
    check,
};

/// Words of names that say that something is made up.
static SAMPLES: Names = Names::new(&[
    "sample",
    "samples",
    "mock",
    "mocks",
    "mocked",
    "dummy",
    "fake",
    "demo",
    "stub",
    "fixture",
    "fixtures",
    "example",
    "examples",
    "placeholder",
    "canned",
]);
/// Words that make a literal a setting.
static SETTINGS: Names = Names::new(&[
    "default",
    "defaults",
    "config",
    "settings",
    "setting",
    "options",
    "preferences",
    "theme",
    "locale",
    "feature",
    "features",
    "flags",
    "flag",
    "layout",
    "limits",
    "palette",
    "schema",
    "version",
    "env",
    "error",
    "format",
    "regions",
    "languages",
    "permissions",
    "labels",
    "messages",
    "size",
    "sizes",
    "viewport",
    "dimensions",
    "encoding",
    "port",
    "color",
    "colors",
]);

fn check(module: &Module<'_>, sink: &mut Sink) {
    let mut reported: FxHashSet<FunctionId> = FxHashSet::default();
    let mut report = |host: FunctionId, finding: Option<Finding>| {
        if let Some(finding) = finding
            && !reported.contains(&host)
        {
            reported.insert(host);
            sink.report(finding);
        }
    };
    for failure in module.all_failures() {
        if let Some(value) = value_of(module, &failure) {
            report(failure.host, finding(module, failure.host, value));
        }
        if let Some(value) = fk502_alike::answer_alike(module, &failure)
            && !is_setting(module, module.function(failure.host), value)
        {
            report(failure.host, found(module, (failure.host, value), false));
        }
    }
    for at in &module.conditionals {
        let Some(host) = at.function else { continue };
        let value = if module.tests_failure(&at.it.test) { &at.it.consequent } else { &at.it.alternate };
        if module.tests_failure(&at.it.test)
            || is_sample(module, value) && module.origin(&at.it.consequent).has(crate::analysis::Origin::CALL)
        {
            report(host, finding(module, host, value));
        }
    }
    for (host, value) in unsettled(module) {
        report(host, found(module, (host, value), false));
    }
    for (host, value) in missing(module) {
        report(host, finding(module, host, value));
    }
    for (host, value) in fallbacks(module) {
        report(host, finding(module, host, value));
    }
}

/// The value that a failure branch yields: returned, set as state, answered, or assigned.
fn value_of<'a>(module: &Module<'a>, failure: &Failure) -> Option<&'a Expression<'a>> {
    let returned = module
        .between(&module.returns, failure.start, failure.end)
        .iter()
        .filter(|at| at.function == Some(failure.function))
        .filter_map(|at| at.it.value);
    let told = module
        .between(&module.calls, failure.start, failure.end)
        .iter()
        .filter(|at| module.is_tell(at.it))
        .filter_map(|at| at.it.arguments.last()?.as_expression());
    let written = module.between(&module.writes, failure.start, failure.end).iter().filter_map(|at| match at.it {
        crate::model::Write::Assign(it) => Some(&it.right),
        crate::model::Write::Update(_) => None,
    });
    returned.chain(told).chain(written).find(|value| is_made_up(module, value) || is_sample(module, value))
}

/// `answer.status === "fulfilled" ? answer.value : 12480.5`
fn unsettled<'a>(module: &Module<'a>) -> Vec<(FunctionId, &'a Expression<'a>)> {
    let choices = module.conditionals.iter().filter_map(|at| {
        let Expression::BinaryExpression(test) = at.it.test.get_inner_expression() else { return None };
        let settled = names::last(&test.left) == "status"
            && matches!(test.right.get_inner_expression(), Expression::StringLiteral(text) if text.value == "fulfilled");
        let unlike = matches!(test.operator, BinaryOperator::StrictInequality | BinaryOperator::Inequality);
        let value = if unlike { &at.it.consequent } else { &at.it.alternate };
        (settled && module.invented(value).odd_numbers > 0).then_some((at.function?, value))
    });
    choices.collect()
}

/// `if (!found) return [{ … }, { … }]`, `if (found) return found; return [{ … }, { … }]`, `rows ||= [{ … }, { … }]` of what was asked for.
fn missing<'a>(module: &Module<'a>) -> Vec<(FunctionId, &'a Expression<'a>)> {
    let asked = |value: &'a Expression<'a>| {
        matches!(names::root(value), Expression::Identifier(_))
            && module.origin(value).has(crate::analysis::Origin::CALL)
    };
    let assigned = module.writes.iter().filter_map(|at| match at.it {
        crate::model::Write::Assign(it)
            if it.operator.is_logical() && it.operator != AssignmentOperator::LogicalAnd =>
        {
            let AssignmentTarget::AssignmentTargetIdentifier(name) = &it.left else { return None };
            let origin = module.origin_of_symbol(module.symbol(name)?);
            origin.has(crate::analysis::Origin::CALL).then_some((at.function?, &it.right))
        }
        _ => None,
    });
    let tested = module.ifs.iter().filter_map(|at| {
        let host = at.function?;
        match at.it.test.get_inner_expression() {
            Expression::UnaryExpression(test)
                if test.operator == UnaryOperator::LogicalNot && asked(&test.argument) =>
            {
                Some((host, answer_of(&at.it.consequent)?))
            }
            test => {
                let first = match test {
                    Expression::LogicalExpression(it) if it.operator == LogicalOperator::And => &it.left,
                    _ => &at.it.test,
                };
                let given = answer_of(&at.it.consequent)
                    .filter(|value| asked(first) && module.text_of(value.span()) == module.text_of(first.span()));
                given?;
                let statements = module.function(host).statements();
                let next = statements.iter().take(200).skip_while(|it| it.span() != at.it.span).nth(1)?;
                Some((host, answer_of(next)?))
            }
        }
    });
    assigned.chain(tested).filter(|(_, value)| module.invented(module.answered(value)).odd_numbers >= 2).collect()
}

/// What a statement returns: itself, or the last of its block.
fn answer_of<'a>(statement: &'a Statement<'a>) -> Option<&'a Expression<'a>> {
    match statement {
        Statement::ReturnStatement(it) => it.argument.as_ref(),
        Statement::BlockStatement(it) => match it.body.last()? {
            Statement::ReturnStatement(it) => it.argument.as_ref(),
            _ => None,
        },
        _ => None,
    }
}

/// `answer ?? SAMPLE` and `answer || SAMPLE`, where the answer was fetched.
fn fallbacks<'a>(module: &Module<'a>) -> Vec<(FunctionId, &'a Expression<'a>)> {
    let values = module.returns.iter().filter_map(|at| Some((at.function?, at.it.value?)));
    let set = module
        .calls
        .iter()
        .filter(|at| module.is_setter(at.it))
        .filter_map(|at| Some((at.function?, at.it.arguments.first()?.as_expression()?)));
    values
        .chain(set)
        .filter_map(|(host, value)| {
            let Expression::LogicalExpression(it) = value.get_inner_expression() else { return None };
            let fetched = module.origin(&it.left).has(crate::analysis::Origin::CALL);
            (fetched
                && it.operator != LogicalOperator::And
                && (is_made_up(module, &it.right) && is_data(module, &it.right) || is_sample(module, &it.right)))
            .then_some((host, &it.right))
        })
        .collect()
}

fn finding<'a>(module: &Module<'a>, host: FunctionId, value: &'a Expression<'a>) -> Option<Finding> {
    let function = module.function(host);
    let sample = is_sample(module, value);
    let open = |name: &str| {
        names::words(name).iter().any(|word| {
            SAMPLES.has(word.as_str()) || matches!(word.as_str(), "simulate" | "simulated" | "preview" | "seed")
        })
    };
    if open(function.name) || open(function.owner) {
        return None;
    }
    if !sample && (!is_made_up(module, value) || !is_data(module, value) || is_setting(module, function, value)) {
        return None;
    }
    found(module, (host, value), sample)
}

fn found<'a>(module: &Module<'a>, (host, value): (FunctionId, &'a Expression<'a>), sample: bool) -> Option<Finding> {
    let function = module.function(host);
    let name = if function.name.is_empty() { "this function" } else { function.name };
    let finding =
        Finding::new(&RULE, function.span, format!("{name} answers made-up data when the real data cannot be had"))
            .of(host)
            .because(Evidence::InventedValue, value.span(), "this stands in the program, nobody answered it");
    Some(if sample {
        finding.because(Evidence::AdmittedInText, value.span(), "its name says so")
    } else {
        finding.because(Evidence::ConstantOutcome, value.span(), "the failure is not told")
    })
}

fn is_made_up<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    module.invented(module.answered(value)).is_rich()
}

fn is_data<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    let value = module.answered(value);
    let invented = module.invented(value);
    invented.is_data()
        || invented.numbers >= 3 && has_metrics(module, value)
        || is_person(value)
        || fk502_alike::is_reading(module, value)
}

/// Somebody's name, and how to reach them.
fn is_person(value: &Expression<'_>) -> bool {
    let Expression::ObjectExpression(it) = value.get_inner_expression() else { return false };
    let said = |words: &[&str]| {
        it.properties.iter().any(|property| matches!(property, ObjectPropertyKind::ObjectProperty(it) if matches!(it.value.get_inner_expression(), Expression::StringLiteral(text) if text.value.len() > 2) && names::words(names::key(&it.key)).iter().any(|word| words.contains(&word.as_str()))))
    };
    said(&["name", "owner", "author", "customer", "user", "username", "company"])
        && said(&["email", "mail", "phone", "address", "street", "city", "company", "country", "iban"])
}

/// Whether an object has numbers under two nouns of what is measured.
fn has_metrics<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    match value.get_inner_expression() {
        Expression::ObjectExpression(it) => {
            crate::analysis::object_keys(it).filter(|key| names::has_word(key, &lexicon::METRIC_NOUNS)).count() >= 2
        }
        Expression::Identifier(_) => has_metrics_of(module.meant(value)),
        _ => false,
    }
}

fn has_metrics_of(value: &Expression<'_>) -> bool {
    matches!(value.get_inner_expression(), Expression::ObjectExpression(it) if crate::analysis::object_keys(it).filter(|key| names::has_word(key, &lexicon::METRIC_NOUNS)).count() >= 2)
}

/// A constant or an import whose name says that it is made up.
fn is_sample<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    let root = match value.get_inner_expression() {
        Expression::CallExpression(call) if names::object(&call.callee).is_none() => &call.callee,
        other => names::root(other),
    };
    let Expression::Identifier(name) = root.get_inner_expression() else { return false };
    let Some(symbol) = module.symbol(name) else { return false };
    let says = names::words(&name.name).iter().any(|word| SAMPLES.has(word.as_str()));
    let global = module.imports.contains_key(&symbol) || module.function_around(module.declaration(symbol)).is_none();
    says && global
        && (module.imports.contains_key(&symbol) || is_made_up(module, root) || module.function_of(symbol).is_some())
}

/// Whether a literal is a default of a setting: by the names around it, its keys, or the comment.
fn is_setting<'a>(module: &Module<'a>, function: &Function<'a>, value: &'a Expression<'a>) -> bool {
    let setting = |name: &str| names::words(name).iter().any(|word| SETTINGS.has(word.as_str()));
    let of_constant = matches!(value.get_inner_expression(), Expression::Identifier(name) if setting(&name.name));
    let kind = function.return_type.map_or("", |it| module.text_of(it.span()));
    let comment = module.comment_of(function).to_lowercase();
    let keys = match value.get_inner_expression() {
        Expression::ObjectExpression(it) => {
            crate::analysis::object_keys(it).any(|key| names::words(key).iter().any(|word| SETTINGS.has(word.as_str())))
        }
        _ => false,
    };
    setting(function.name) || of_constant || setting(kind) || keys || comment.contains("default")
}
