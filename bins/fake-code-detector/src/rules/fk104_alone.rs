//! FK104 for what should be asked elsewhere: an asynchronous answer that waits for nothing, and that numbers and tables of the text make up.
use crate::analysis::{Origin, Outward, Shape, is_prose};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::model::{Function, Kind, Module};
use crate::names;
use crate::rules::fk104_answer_lookup::RULE;
use crate::syntax::*;

pub(super) fn check(module: &Module<'_>, sink: &mut Sink) {
    for function in &module.functions {
        if let Some(found) = finding(module, function) {
            sink.report(found);
        }
    }
}

fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !module.is_candidate(function)
        || !function.is_async
        || function.is_generator
        || function.kind == Kind::Getter
        || module.is_bound_elsewhere(function)
        || !promises(module, function)
    {
        return None;
    }
    let summary = module.summary(function.id)?;
    let outcome = module.outcome(function.id)?;
    // A cache may be filled; whatever else is changed or asked may know the answer.
    let asks = summary.effects().iter().any(|effect| {
        let text = module.text_of(effect.span).to_lowercase();
        module.outward(effect.node, function.id) > Outward::Nothing
            && !(text.contains("cache") || text.contains("memo") || text.ends_with(".throwifaborted()"))
            && !module.is_kept_here(effect.node)
            && !module.is_plumbing(effect.node)
            && !module.is_local_sum(effect.node)
    });
    let waits = module.own(&module.awaits, function.id).any(|at| {
        let origin = module.origin(&at.it.argument);
        let plumbing = matches!(at.it.argument.get_inner_expression(), Expression::CallExpression(call) if module.is_plumbing(call.node_id.get()));
        origin.has(Origin::CALL | Origin::INPUT | Origin::FIELD | Origin::OUTER) && !plumbing
    });
    if asks || waits || outcome.values().next().is_none() {
        return None;
    }
    let asked = !function.params.items.is_empty() && !outcome.is_constant();
    let (place, what) = listed(module, function).or_else(|| made_up(module, function).filter(|_| asked))?;
    Some(
        Finding::new(
            &RULE,
            function.span,
            format!("{} is to be waited for, asks nobody, and answers by {what} of the text", function.qualified()),
        )
        .of(function.id)
        .because(Evidence::InventedValue, place, what)
        .because(Evidence::AbsentEffect, function.span, "it is asynchronous and waits for nothing")
        .with_severity(Severity::Warning),
    )
}

fn promises<'a>(module: &Module<'a>, function: &Function<'a>) -> bool {
    module.promises(function) || !module.comment_of(function).trim().is_empty()
}

/// Three and more measured numbers in one object of the function.
fn listed<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<(Span, &'static str)> {
    let odd = |property: &ObjectPropertyKind<'_>| match property {
        ObjectPropertyKind::ObjectProperty(it) => is_coefficient(&it.value),
        ObjectPropertyKind::SpreadProperty(_) => false,
    };
    let found = module
        .own(&module.objects, function.id)
        .find(|at| at.it.properties.iter().filter(|it| odd(it)).count() >= 3)?;
    Some((found.it.span, "numbers"))
}

/// What of the text the answers of a function are made up of.
fn made_up<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<(Span, &'static str)> {
    (function.node.index()..function.end.index()).map(NodeId::from_usize).find_map(|node| match module.kind(node) {
        AstKind::ComputedMemberExpression(it) => {
            let looked = it.expression.get_inner_expression();
            let known = !matches!(looked, Expression::StringLiteral(_) | Expression::NumericLiteral(_));
            (known && is_table(module, &it.object) && !is_index(module, looked)).then_some((it.span, "a table"))
        }
        AstKind::BinaryExpression(it)
            if matches!(
                it.operator,
                BinaryOperator::Multiplication
                    | BinaryOperator::Division
                    | BinaryOperator::Addition
                    | BinaryOperator::Subtraction
            ) =>
        {
            let made_up = [&it.left, &it.right].into_iter().find(|side| is_coefficient(side))?;
            Some((made_up.span(), "numbers"))
        }
        AstKind::ObjectProperty(it) => {
            let measured = names::has_word(names::key(&it.key), &lexicon::METRIC_NOUNS);
            let number = matches!(it.value.get_inner_expression(), Expression::NumericLiteral(number) if number.value.fract() != 0.0);
            (measured && number).then_some((it.span, "numbers"))
        }
        AstKind::CallExpression(it) if matches!(names::last(&it.callee), "sin" | "cos") => {
            let turns = module.origin(it.arguments.first()?.as_expression()?).without(Origin::LITERAL) == Origin::INDEX;
            turns.then_some((it.span, "waves"))
        }
        AstKind::ArrayExpression(it) => {
            let prose = it.elements.iter().filter_map(|it| it.as_expression()).filter(|it| matches!(it, Expression::StringLiteral(text) if is_prose(&text.value)));
            (prose.count() >= 2).then_some((it.span, "sentences"))
        }
        _ => None,
    })
}

/// A number that nobody can have but by measuring: `0.86`, `11.5`; no unit of time, no power of two or ten.
fn is_coefficient(value: &Expression<'_>) -> bool {
    let Expression::NumericLiteral(it) = value.get_inner_expression() else { return false };
    it.value.fract() != 0.0 && !matches!(it.value, 0.5 | 1.5 | 0.1 | 0.01 | 0.001 | 2.5 | 0.25 | 0.75)
}

/// A constant of the module or the function that holds two and more literals by name.
fn is_table<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    let Expression::Identifier(name) = value.get_inner_expression() else { return false };
    let Some(symbol) = module.symbol(name) else { return false };
    let AstKind::VariableDeclarator(it) = module.kind(module.declaration(symbol)) else { return false };
    let Some(Expression::ObjectExpression(object)) = it.init.as_ref().map(Expression::get_inner_expression) else {
        return false;
    };
    let facts = object.properties.iter().filter(|property| match property {
        ObjectPropertyKind::ObjectProperty(it) => {
            Shape::of(&it.value).is_some_and(|shape| shape.numbers + shape.strings > 0)
        }
        ObjectPropertyKind::SpreadProperty(_) => false,
    });
    facts.count() >= 2
        && !names::has_word(&name.name, &lexicon::CONFIG_WORDS)
        && module.origin_of_symbol(symbol).is_constant()
}

fn is_index<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    module.origin(value) == Origin::INDEX
}

impl<'a> Module<'a> {
    /// Whether a call only takes a request in, checks its form, or answers it.
    fn is_plumbing(&self, node: NodeId) -> bool {
        let AstKind::CallExpression(call) = self.kind(node) else { return false };
        let method = names::last(&call.callee);
        let Expression::Identifier(root) = names::root(&call.callee) else { return false };
        match root.name.as_str() {
            "NextResponse" | "Response" => method == "json",
            "request" | "req" => matches!(method, "json" | "formData" | "text"),
            "res" | "reply" => matches!(method, "json" | "status" | "send" | "code"),
            "c" | "ctx" | "context" => matches!(method, "json" | "query" | "param"),
            _ => {
                matches!(method, "safeParse" | "parse")
                    && root.name.starts_with(|first: char| first.is_ascii_uppercase())
            }
        }
    }

    /// Whether a call puts something into a map of the module that the text made, to find it again.
    fn is_kept_here(&self, node: NodeId) -> bool {
        let AstKind::CallExpression(call) = self.kind(node) else { return false };
        let kept = names::object(&call.callee).map(|object| object.get_inner_expression());
        let made = match kept {
            Some(Expression::Identifier(name)) => self.initial(name),
            _ => None,
        };
        matches!(names::last(&call.callee), "set" | "get" | "has" | "delete")
            && made.is_some_and(|made| matches!(made.get_inner_expression(), Expression::NewExpression(new) if matches!(names::last(&new.callee), "Map" | "WeakMap" | "LRUCache")))
    }

    /// Whether a call reaches a function of another module that only measures what it is given: `haversine(a, b)`.
    fn is_local_sum(&self, node: NodeId) -> bool {
        let AstKind::CallExpression(call) = self.kind(node) else { return false };
        let Expression::Identifier(name) = call.callee.get_inner_expression() else { return false };
        // It is not waited for, and stands in arithmetic.
        let summed = self
            .around(node)
            .take(2)
            .any(|(_, kind)| matches!(kind, AstKind::BinaryExpression(_) | AstKind::AssignmentExpression(_)));
        self.symbol(name).is_some_and(|symbol| self.imports.contains_key(&symbol))
            && (summed
                || matches!(
                    names::words(&name.name).first().map(String::as_str),
                    Some(
                        "round" | "format" | "normalize" | "tokenize" | "clamp" | "slugify" | "haversine" | "distance"
                    )
                ))
    }
}
