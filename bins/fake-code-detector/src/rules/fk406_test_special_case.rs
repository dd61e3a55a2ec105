//! FK406 test-special-case: the inputs of the tests are known by heart.
use crate::analysis::{Origin, Shape};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::model::{Function, FunctionId, Module};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;
use rustc_hash::FxHashMap;

pub(crate) static RULE: Rule = Rule {
    id: "FK406",
    name: "test-special-case",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "A function that should compute compares its input with two or more exact samples and answers each with a literal",
    details: "The samples are those of the tests: they pass, and every other input gets a poor answer. Keywords of a format, codes of a \
              standard and special values of the domain are not meant.",
    repair: "compute the answer for every input",
    bad: "export function parseDuration(text: string) {\n  if (text === \"1h30m\") return 5400;\n  if (text === \"45s\") return 45;\n  return Number.parseInt(text, 10);\n}\n",
    good: "export function parseDuration(text: string) {\n  if (text === \"never\") return Infinity;\n  return sum(text.matchAll(PART));\n}\n",
    check,
};

fn check(module: &Module<'_>, sink: &mut Sink) {
    let mut cases: FxHashMap<FunctionId, Vec<Span>> = FxHashMap::default();
    let tested = module.ifs.iter().filter_map(|at| {
        let case = sampled(module, &at.it.test, 0).filter(|_| answers(module, at.node, &at.it.consequent));
        Some((at.node, case?))
    });
    let chosen = module.conditionals.iter().filter_map(|at| {
        let case = sampled(module, &at.it.test, 0).filter(|_| is_answer(&at.it.consequent));
        Some((at.node, case?))
    });
    let switched = module.cases_of_switches.iter().filter_map(|at| Some((at.node, switched(module, at.node, at.it)?)));
    // Two entries count as two cases.
    let tables = module.computed.iter().filter(|at| is_table_of_samples(module, at.it));
    let tables = tables.flat_map(|at| [(at.node, at.it.span); 2]);
    let mut all: Vec<(NodeId, Span)> = tested.chain(chosen).chain(switched).chain(tables).collect();
    all.sort_by_key(|(node, _)| *node);
    for (node, case) in all {
        if let Some(id) = module.function_around(node) {
            cases.entry(id).or_default().push(case);
        }
    }
    let mut found: Vec<_> = cases.into_iter().filter(|(_, spans)| spans.len() >= 2).collect();
    found.sort_by_key(|(id, _)| *id);
    for (id, spans) in found {
        if let Some(finding) = finding(module, module.function(id), &spans) {
            sink.report(finding);
        }
    }
}

fn finding<'a>(module: &Module<'a>, function: &Function<'a>, spans: &[Span]) -> Option<Finding> {
    let verbs = [&lexicon::COMPUTE_VERBS, &lexicon::QUERY_VERBS];
    if !is_sum(function.name) && !verbs.iter().any(|verbs| function.verb_in(verbs)) || module.is_callback(function) {
        return None;
    }
    // Whole numbers are codes and sizes as often as samples: only sums tell.
    let whole = spans
        .iter()
        .all(|span| module.text_of(*span).contains("==") && !module.text_of(*span).contains(['"', '\'', '`', '.']));
    if whole && !is_sum(function.name) {
        return None;
    }
    let message =
        format!("{} knows {} inputs by heart and answers each with a literal", function.qualified(), spans.len());
    let mut finding = Finding::new(&RULE, function.span, message).of(function.id);
    for span in spans.iter().take(3) {
        finding = finding.because(Evidence::ConstantOutcome, *span, "this exact input has its own literal answer");
    }
    Some(finding.because(
        Evidence::ContractWords,
        function.span,
        format!("{} promises to work for every input", function.name),
    ))
}

/// `KNOWN[text]` of a table whose keys are inputs and no names, beside another answer.
fn is_table_of_samples<'a>(module: &Module<'a>, it: &'a ComputedMemberExpression<'a>) -> bool {
    let Expression::ObjectExpression(table) = module.constant_value(&it.object).get_inner_expression() else {
        return false;
    };
    let sample = |property: &ObjectPropertyKind<'a>| match property {
        ObjectPropertyKind::ObjectProperty(it) => {
            names::key(&it.key).contains([' ', '|', ',', ';', '@', '+', '*', '('])
                && is_answer(&it.value)
                && Shape::of(&it.value).is_some_and(|shape| shape.numbers + shape.strings > 0)
        }
        ObjectPropertyKind::SpreadProperty(_) => false,
    };
    table.properties.len() >= 2
        && table.properties.iter().all(sample)
        && module.origin(&it.expression).has(Origin::INPUT)
}

fn is_sum(name: &str) -> bool {
    matches!(
        names::verb(name).as_str(),
        "calculate"
            | "compute"
            | "calc"
            | "sum"
            | "evaluate"
            | "solve"
            | "estimate"
            | "predict"
            | "fibonacci"
            | "factorial"
            | "fib"
            | "gcd"
            | "power"
            | "sqrt"
    )
}

/// Where a test asks for one exact sample.
fn sampled<'a>(module: &Module<'a>, test: &'a Expression<'a>, depth: usize) -> Option<Span> {
    if depth > 12 {
        return None;
    }
    match test.get_inner_expression() {
        Expression::LogicalExpression(it) if it.operator == LogicalOperator::And => {
            sampled(module, &it.left, depth + 1).or_else(|| sampled(module, &it.right, depth + 1))
        }
        Expression::BinaryExpression(it)
            if matches!(it.operator, BinaryOperator::StrictEquality | BinaryOperator::Equality) =>
        {
            let (input, sample) = if is_literal(&it.left) { (&it.right, &it.left) } else { (&it.left, &it.right) };
            let real = is_sample(sample) && is_input(input) && module.origin(input).has(Origin::INPUT);
            real.then_some(it.span)
        }
        // `text.includes("INV-2024-001")`
        Expression::CallExpression(call)
            if matches!(names::last(&call.callee), "includes" | "startsWith" | "endsWith") =>
        {
            let Expression::StringLiteral(sample) = call.arguments.first()?.as_expression()?.get_inner_expression()
            else {
                return None;
            };
            let input = names::object(&call.callee)?;
            (is_entity(&sample.value) && sample.value.len() >= 6 && module.origin(input).has(Origin::INPUT))
                .then_some(call.span)
        }
        _ => None,
    }
}

fn switched<'a>(module: &Module<'a>, node: NodeId, it: &'a SwitchCase<'a>) -> Option<Span> {
    let AstKind::SwitchStatement(switch) = module.kind(module.parent(node)) else { return None };
    let sample = it.test.as_ref().filter(|test| is_sample(test))?;
    let [Statement::ReturnStatement(answer)] = it.consequent.as_slice() else { return None };
    let answered = answer.argument.as_ref().is_some_and(is_answer);
    (answered && is_input(&switch.discriminant) && module.origin(&switch.discriminant).has(Origin::INPUT))
        .then(|| sample.span())
}

fn is_literal(value: &Expression<'_>) -> bool {
    matches!(value.get_inner_expression(), Expression::StringLiteral(_) | Expression::NumericLiteral(_))
}

/// `typeof x` and lengths have few values: those are kinds.
fn is_input(value: &Expression<'_>) -> bool {
    match value.get_inner_expression() {
        Expression::Identifier(_) | Expression::CallExpression(_) | Expression::TemplateLiteral(_) => true,
        Expression::StaticMemberExpression(it) => !matches!(
            it.property.name.as_str(),
            "length" | "size" | "type" | "kind" | "status" | "version" | "code" | "name"
        ),
        _ => false,
    }
}

/// A literal that is an example of its kind and no word: a measured number, or text of several parts with digits.
fn is_sample(value: &Expression<'_>) -> bool {
    match value.get_inner_expression() {
        Expression::NumericLiteral(it) => it.value.fract() != 0.0 || it.value >= 10.0,
        Expression::StringLiteral(it) => {
            let text = it.value.as_str();
            let digits = text.bytes().filter(u8::is_ascii_digit).count();
            let others = text.bytes().filter(|byte| !byte.is_ascii_digit() && *byte != b'.').count();
            let sentence = text.split_whitespace().count() >= 3;
            let address = text.contains("://") || text.starts_with('/');
            !address && (digits >= 1 && others >= 1 && text.len() >= 2 && !is_code(text) || sentence)
        }
        _ => false,
    }
}

/// Ids of somebody's orders, users and products are examples of their kind: `cust_001`, `INV-2024-001`.
fn is_entity(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
        && names::words(text).first().is_some_and(|word| {
            matches!(
                word.as_str(),
                "cust"
                    | "customer"
                    | "user"
                    | "usr"
                    | "order"
                    | "ord"
                    | "acc"
                    | "account"
                    | "sku"
                    | "prod"
                    | "product"
                    | "item"
                    | "inv"
                    | "invoice"
                    | "test"
                    | "tenant"
                    | "org"
                    | "emp"
                    | "patient"
                    | "demo"
                    | "abc"
            )
        })
}

/// Names of formats and codes have digits too: `utf-8`, `sha256`, `RS256`, `int32`, `h264`, `ES2015`, `base64`, `x86_64`.
fn is_code(text: &str) -> bool {
    let entity = is_entity(text);
    if entity {
        return false;
    }
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let rest = &text[letters..];
    letters >= 1
        && rest.bytes().filter(u8::is_ascii_alphabetic).count() <= 4
        && !rest.contains(['|', ' ', ',', ';', '@', '/'])
}

/// Whether a branch answers with a literal: it returns one, or sets a variable that is returned.
fn answers<'a>(module: &Module<'a>, node: NodeId, branch: &'a Statement<'a>) -> bool {
    let only = match branch {
        Statement::BlockStatement(block) if block.body.len() == 1 => block.body.first(),
        Statement::BlockStatement(_) => None,
        other => Some(other),
    };
    match only {
        Some(Statement::ReturnStatement(it)) => it.argument.as_ref().is_some_and(is_answer),
        Some(Statement::ExpressionStatement(it)) => match it.expression.get_inner_expression() {
            Expression::AssignmentExpression(it) => is_answer(&it.right) && is_own(module, node, &it.left),
            _ => false,
        },
        _ => false,
    }
}

fn is_own<'a>(module: &Module<'a>, node: NodeId, target: &'a AssignmentTarget<'a>) -> bool {
    let AssignmentTarget::AssignmentTargetIdentifier(name) = target else { return false };
    let Some(symbol) = module.symbol(name) else { return false };
    module.function_around(module.declaration(symbol)) == module.function_around(node)
        && matches!(module.kind(module.declaration(symbol)), AstKind::VariableDeclarator(_))
}

fn is_answer(value: &Expression<'_>) -> bool {
    Shape::of(value).is_some_and(|shape| shape.numbers + shape.strings > 0) && Shape::is_rich(value)
}
