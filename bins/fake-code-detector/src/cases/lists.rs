//! Loops of a test: over a list that is always empty, or over one that the code under test has answered.
use crate::analysis::CallKind;
use crate::lexicon;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::syntax::*;

/// How often a loop turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turns {
    /// Its list is empty.
    Never,
    /// As often as the code under test has answered.
    Maybe,
}

/// `for (let i = 0; i < hits.length; i++)`
pub(crate) fn turns_of<'a>(module: &Module<'a>, it: &'a ForStatement<'a>, body: FunctionId) -> Option<Turns> {
    let Some(Expression::BinaryExpression(test)) = &it.test else { return None };
    if names::last(&test.right) != "length" {
        return None;
    }
    turns_over(module, names::object(&test.right)?, body)
}

/// A loop over a list: empty, or an answer of the code under test.
pub(crate) fn turns_over<'a>(module: &Module<'a>, list: &'a Expression<'a>, body: FunctionId) -> Option<Turns> {
    if is_always_empty(module, list, 0) {
        return Some(Turns::Never);
    }
    let list = match list.get_inner_expression() {
        Expression::StaticMemberExpression(_) | Expression::ChainExpression(_) => names::root(list),
        Expression::CallExpression(call)
            if matches!(names::last(&call.callee), "keys" | "entries" | "values")
                && names::object(&call.callee).is_some_and(|it| it.is_specific_id("Object")) =>
        {
            match call.arguments.first().and_then(Argument::as_expression)?.get_inner_expression() {
                name @ Expression::Identifier(_) => name,
                _ => return None,
            }
        }
        other => other,
    };
    let value = match list {
        Expression::Identifier(name) => {
            let symbol = module.symbol(name)?;
            let node = module.declaration(symbol);
            let function = module.function(body);
            if node < function.node || node >= function.end {
                return None;
            }
            module.unchanged_value(symbol)?
        }
        other => other,
    };
    let call = match value.get_inner_expression() {
        Expression::AwaitExpression(it) => it.argument.get_inner_expression(),
        other => other,
    };
    let Expression::CallExpression(call) = call else { return None };
    let name = names::last(&call.callee);
    // Such a query throws where it finds nothing.
    if name.starts_with("getAll") || name.starts_with("findAll") {
        return None;
    }
    // What comes through a filter of an answer may be nothing at all; a filter of the test's own table is no answer.
    if (matches!(name, "filter" | "slice" | "flatMap" | "sort" | "toSorted" | "reverse" | "concat")
        || matches!(name, "entries" | "values" | "keys")
            && !names::object(&call.callee).is_some_and(|it| it.is_specific_id("Object")))
        && let Some(object) = names::object(&call.callee)
    {
        return turns_over(module, object, body);
    }
    if [
        "gen",
        "make",
        "build",
        "create",
        "range",
        "times",
        "read",
        "glob",
        "walk",
        "fixture",
        "cases",
        "seq",
        "sample",
        "arrayFrom",
    ]
    .iter()
    .any(|start| name.starts_with(start))
    {
        return None;
    }
    // Of a fixed list, or of what the language itself makes, something comes.
    ((module.call_kind(call).is_effect() || asks_object(module, call))
        && !matches!(names::last(&call.callee), "keys" | "entries" | "values" | "split" | "map" | "from" | "matchAll"))
    .then_some(Turns::Maybe)
}

/// A method of an object that the test has made of a class, or that a hook has.
fn asks_object<'a>(module: &Module<'a>, call: &'a CallExpression<'a>) -> bool {
    let Some(Expression::Identifier(name)) = names::object(&call.callee).map(Expression::get_inner_expression) else {
        return false;
    };
    let Some(symbol) = module.symbol(name) else { return false };
    let AstKind::VariableDeclarator(it) = module.kind(module.declaration(symbol)) else { return false };
    let class = |value: &Expression<'a>| matches!(value.get_inner_expression(), Expression::NewExpression(new) if matches!(&new.callee, Expression::Identifier(name) if module.symbol(name).is_some()));
    match &it.init {
        Some(init) => class(init),
        None => module.uses(symbol).filter(|it| it.is_write()).any(|it| matches!(module.kind(module.parent(it.node_id())), AstKind::AssignmentExpression(it) if class(&it.right))),
    }
}

/// A list that is born empty and that nothing is put into.
pub(crate) fn is_always_empty<'a>(module: &Module<'a>, value: &'a Expression<'a>, depth: usize) -> bool {
    if depth > 4 {
        return false;
    }
    match value.get_inner_expression() {
        Expression::ArrayExpression(it) => it.elements.is_empty(),
        Expression::NewExpression(it) => {
            it.arguments.is_empty()
                && matches!(&it.callee, Expression::Identifier(name) if matches!(name.name.as_str(), "Map" | "Set" | "Array") && module.symbol(name).is_none())
        }
        Expression::CallExpression(it) => match names::last(&it.callee) {
            "filter" if super::rows::nothing_comes_through(module, it) => true,
            "filter" | "map" | "slice" | "values" | "entries" | "keys" => {
                names::object(&it.callee).is_some_and(|object| is_always_empty(module, object, depth + 1))
            }
            _ => false,
        },
        Expression::Identifier(name) => module.symbol(name).is_some_and(|symbol| {
            let starts = module.unchanged_value(symbol).is_some_and(|value| is_always_empty(module, value, depth + 1))
                || is_taken_empty(module, symbol, name.name.as_str());
            starts && module.uses(symbol).all(|reference| only_reads(module, reference.node_id()))
        }),
        _ => false,
    }
}

/// `const { seats } = room()`, where `room` makes an object of the test's own with no seats unless it is given some.
fn is_taken_empty<'a>(module: &Module<'a>, symbol: SymbolId, name: &str) -> bool {
    let node = module.declaration(symbol);
    let AstKind::VariableDeclarator(it) = module.kind(node) else { return false };
    let BindingPattern::ObjectPattern(pattern) = &it.id else { return false };
    let direct = pattern.properties.iter().any(|it| {
        crate::names::key(&it.key) == name && it.value.get_binding_identifier().is_some_and(|it| it.name == name)
    });
    let Some(Expression::CallExpression(call)) = it.init.as_ref().map(Expression::get_inner_expression) else {
        return false;
    };
    let CallKind::Local(id) = module.call_kind(call) else { return false };
    let mut answers = module.returns_of(id).filter_map(|it| it.value);
    let (Some(answer), None) = (answers.next(), answers.next()) else { return false };
    let Expression::ObjectExpression(made) = answer.get_inner_expression() else { return false };
    let Some(held) = crate::analysis::property(made, name) else { return false };
    let left_out = |symbol: SymbolId| {
        module.function(id).params.items.iter().enumerate().any(|(at, item)| {
            let same = item.pattern.get_binding_identifier().and_then(|it| it.symbol_id.get()) == Some(symbol);
            let none =
                matches!(item.initializer.as_deref(), Some(Expression::ArrayExpression(it)) if it.elements.is_empty());
            same && none && call.arguments.len() <= at && !module.is_changed(symbol)
        })
    };
    direct
        && match held.get_inner_expression() {
            Expression::ArrayExpression(it) => it.elements.is_empty(),
            Expression::Identifier(it) => module.symbol(it).is_some_and(left_out),
            _ => false,
        }
}

/// A use of a list that puts nothing into it.
fn only_reads<'a>(module: &Module<'a>, node: NodeId) -> bool {
    let span = module.kind(node).span();
    match module.kind(module.parent(node)) {
        AstKind::StaticMemberExpression(it) => {
            let target = matches!(module.kind(module.parent(it.node_id.get())), AstKind::AssignmentExpression(outer) if outer.left.span() == it.span);
            !lexicon::MUTATORS.has(it.property.name.as_str()) && !target
        }
        AstKind::ForOfStatement(it) => it.right.span() == span,
        AstKind::CallExpression(it) => {
            matches!(names::last(&it.callee), "each" | "for" | "expect" | "isArray" | "from" | "stringify")
        }
        AstKind::SpreadElement(_)
        | AstKind::BinaryExpression(_)
        | AstKind::IfStatement(_)
        | AstKind::ExpressionStatement(_) => true,
        _ => false,
    }
}
