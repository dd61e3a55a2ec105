//! Assertions that compare a value with itself: by another name, as a copy, as its own measure, or by asking twice.
use super::{Assertion, Case};
use crate::model::Module;
use crate::names;
use crate::syntax::*;

/// Titles that promise what only two equal calls can show.
pub(crate) const REPEATS: &[&str] = &[
    "same",
    "determin",
    "stable",
    "cache",
    "memo",
    "singleton",
    "identical",
    "consisten",
    "idempot",
    "once",
    "reuse",
    "instance",
    "repeat",
    "equal",
    "referen",
    "identity",
    "again",
    "twice",
    "unique",
    "shared",
    "lazy",
    "pure",
    "seed",
    "reproduc",
    "alias",
    "twin",
    "self",
    "itself",
    "match",
    "always",
];

/// `expect(list).toHaveLength(list.length)`, `expect(spy).toHaveBeenCalledTimes(spy.mock.calls.length)`, `expect(x).toEqual({ ...x })`.
pub(crate) fn measures_itself<'a>(
    module: &Module<'a>,
    it: &Assertion<'a>,
    subject: &'a Expression<'a>,
    expected: &'a Expression<'a>,
) -> bool {
    let measured = matches!(
        it.matcher,
        "toHaveLength"
            | "lengthOf"
            | "length"
            | "toHaveBeenCalledTimes"
            | "toEqual"
            | "toStrictEqual"
            | "deepEqual"
            | "deepStrictEqual"
            | "toMatchObject"
            | "eql"
    );
    if !measured {
        return false;
    }
    let text = |value: &Expression<'a>| {
        module.text_of(value.get_inner_expression().span()).split_whitespace().collect::<String>()
    };
    let (one, other) = (text(subject), text(expected));
    match it.matcher {
        "toHaveLength" | "lengthOf" | "length" => other == format!("{one}.length"),
        "toHaveBeenCalledTimes" => other == format!("{one}.mock.calls.length"),
        "toEqual" | "toStrictEqual" | "deepEqual" | "deepStrictEqual" | "toMatchObject" | "eql" => {
            other == format!("{{...{one}}}") || other == format!("[...{one}]")
        }
        _ => false,
    }
}

/// Both sides are the same thing.
pub(crate) fn same<'a>(
    module: &Module<'a>,
    case: &Case<'a>,
    it: &Assertion<'a>,
    (subject, expected): (&'a Expression<'a>, &'a Expression<'a>),
) -> Option<(&'static str, bool)> {
    if is_asked_for_literal(subject, expected) {
        return None;
    }
    if is_asked_in_hook(module, subject, expected) && !REPEATS.iter().any(|word| case.title.contains(word)) {
        return Some(("the expectation is the answer to the same question", false));
    }
    let (one, other) = (module.form(subject, it.span.start), module.form(expected, it.span.start));
    if one.text != other.text {
        let is_copy = !promises_no_change(case.title) && copied(module, case, it, (subject, expected));
        return is_copy.then_some(("a copy that the test makes itself is compared with its original", false));
    }
    let title = case.title.to_lowercase();
    if !one.has_call {
        if REPEATS.iter().any(|word| title.contains(word))
            && !matches!(subject.get_inner_expression(), Expression::Identifier(_))
        {
            return None;
        }
        let aliased = module.text_of(subject.span()) != module.text_of(expected.span());
        let named = matches!(
            subject.get_inner_expression(),
            Expression::Identifier(_) | Expression::StaticMemberExpression(_) | Expression::ComputedMemberExpression(_)
        );
        return named.then_some((
            if aliased { "both sides are two names of one value" } else { "a value is compared with itself" },
            false,
        ));
    }
    let repeats = REPEATS.iter().any(|word| title.contains(word)) || title.is_empty();
    let called = matches!(subject.get_inner_expression(), Expression::CallExpression(call) if !call.arguments.is_empty())
        || matches!(expected.get_inner_expression(), Expression::CallExpression(call) if !call.arguments.is_empty())
        || matches!(subject.get_inner_expression(), Expression::AwaitExpression(_))
        || one.through_variable && other.through_variable && !one.text.ends_with("()");
    (!repeats && called).then_some(("the answer is compared with the answer to the same question", true))
}

/// `expect(total(lines)).toBe(3)`, `expect(order.lines).toEqual([])`: most assertions, and never two of the same. Their forms end otherwise.
fn is_asked_for_literal(subject: &Expression<'_>, expected: &Expression<'_>) -> bool {
    let mut asked = subject.get_inner_expression();
    if let Expression::AwaitExpression(it) = asked {
        asked = it.argument.get_inner_expression();
    }
    match expected.get_inner_expression() {
        Expression::StringLiteral(_)
        | Expression::BooleanLiteral(_)
        | Expression::NullLiteral(_)
        | Expression::ObjectExpression(_)
        | Expression::ArrayExpression(_) => {
            matches!(asked, Expression::CallExpression(_) | Expression::StaticMemberExpression(_))
        }
        // `0.e5` is a number too.
        Expression::NumericLiteral(_) => matches!(asked, Expression::CallExpression(_)),
        _ => false,
    }
}

/// `expected = total(lines)` in a hook, and `expect(total(lines)).toBe(expected)`.
fn is_asked_in_hook<'a>(module: &Module<'a>, subject: &'a Expression<'a>, expected: &'a Expression<'a>) -> bool {
    let Expression::Identifier(name) = expected.get_inner_expression() else { return false };
    let Some(symbol) = module.symbol(name) else { return false };
    let mut writes = module.uses(symbol).filter(|it| it.is_write());
    let (Some(write), None) = (writes.next(), writes.next()) else { return false };
    let question = |value: &Expression<'a>| {
        module.text_of(value.get_inner_expression().span()).trim_start_matches("await ").to_owned()
    };
    match module.kind(module.parent(write.node_id())) {
        AstKind::AssignmentExpression(it) => {
            let asked = names::root(&it.right);
            question(&it.right) == question(subject)
                && question(subject).ends_with(')')
                && matches!(asked, Expression::Identifier(name) if module.symbol(name).is_some_and(|it| module.source_of(it).is_some()))
        }
        _ => false,
    }
}

/// `JSON.parse(JSON.stringify(x))` against `x`, where x is made of literals.
fn copied<'a>(
    module: &Module<'a>,
    case: &Case<'a>,
    it: &Assertion<'a>,
    (subject, expected): (&'a Expression<'a>, &'a Expression<'a>),
) -> bool {
    let origin = |value: &'a Expression<'a>| original(module, value, 0);
    let (one, other) = (origin(subject), origin(expected));
    match (one, other) {
        (Some((one, first)), Some((other, second))) => {
            one == other
                && (first || second)
                && (is_made_of_literals(module, one) || !promises_copy(case.title) && is_answered(module, one))
                && is_untouched(module, one, it)
        }
        _ => false,
    }
}

/// The variable that a value is a copy of, and whether it is one.
fn original<'a>(module: &Module<'a>, value: &'a Expression<'a>, depth: usize) -> Option<(SymbolId, bool)> {
    if depth > 8 {
        return None;
    }
    let copy = |value: &'a Expression<'a>| original(module, value, depth + 1).map(|(symbol, _)| (symbol, true));
    match value.get_inner_expression() {
        Expression::Identifier(name) => {
            let symbol = module.symbol(name)?;
            let init = module.unchanged_value(symbol);
            Some(init.and_then(|init| original(module, init, depth + 1)).unwrap_or((symbol, false)))
        }
        Expression::CallExpression(call) => {
            let first = call.arguments.first().and_then(Argument::as_expression);
            let on = names::object(&call.callee).map_or("", |object| names::last(object));
            match (on, names::last(&call.callee)) {
                ("JSON", "stringify" | "parse") | ("", "structuredClone") | ("Array", "from") => copy(first?),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether nobody gets the original between the making of its copy and the assertion: else the test asks whether it was left alone.
fn is_untouched<'a>(module: &Module<'a>, symbol: SymbolId, it: &Assertion<'a>) -> bool {
    let copied = module.uses(symbol).map(|reference| reference.node_id()).filter(|node| {
        matches!(module.kind(module.parent(*node)), AstKind::CallExpression(call) if matches!(names::last(&call.callee), "stringify" | "structuredClone" | "from"))
    });
    let Some(first) = copied.min() else { return true };
    module
        .uses(symbol)
        .map(|reference| reference.node_id())
        .filter(|node| *node > first && module.kind(*node).span().start < it.span.start)
        .all(|node| match module.kind(module.parent(node)) {
            AstKind::CallExpression(call) => !module.call_kind(call).is_effect(),
            AstKind::StaticMemberExpression(_) | AstKind::ComputedMemberExpression(_) => true,
            _ => false,
        })
}

/// A variable that is made here, of literals, whoever may have got it since.
fn is_made_of_literals<'a>(module: &Module<'a>, symbol: SymbolId) -> bool {
    let node = module.declaration(symbol);
    match module.kind(node) {
        AstKind::VariableDeclarator(it) => match &it.init {
            Some(init) => crate::analysis::Shape::of(init).is_some(),
            None => match module.kind(module.parent(module.parent(node))) {
                AstKind::ForOfStatement(it) => starts_as_literal(module, &it.right),
                _ => false,
            },
        },
        _ => false,
    }
}

/// A variable that holds what a call has answered.
fn is_answered<'a>(module: &Module<'a>, symbol: SymbolId) -> bool {
    let value = module.unchanged_value(symbol).map(Expression::get_inner_expression);
    matches!(value, Some(Expression::CallExpression(_) | Expression::AwaitExpression(_)))
}

/// A title that is about copies: then what is compared with its copy is what was asked for.
fn promises_copy(title: &str) -> bool {
    let title = title.to_lowercase();
    ["json", "serial", "clon", "plain", "round", "copy", "copies", "structured", "persist", "stringif"]
        .iter()
        .any(|word| title.contains(word))
}

/// A list that is written here, or made of one.
fn starts_as_literal<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    let mut value = names::root(value);
    for _ in 0..4 {
        value = match value {
            Expression::ArrayExpression(_) => return true,
            Expression::Identifier(name) => {
                match module.symbol(name).and_then(|symbol| module.unchanged_value(symbol)) {
                    Some(init) => names::root(init),
                    None => return false,
                }
            }
            _ => return false,
        };
    }
    false
}

/// A title that promises that something is left as it was: then a copy of it is what it has to be compared with.
fn promises_no_change(title: &str) -> bool {
    let title = title.to_lowercase();
    [
        "mutat",
        "unchanged",
        "not change",
        "n't change",
        "intact",
        "untouched",
        "not modif",
        "n't modif",
        "alone",
        "leaves",
    ]
    .iter()
    .any(|word| title.contains(word))
}
