//! FK110 dead-switch: a switch that nobody can turn keeps the real code from running.
use crate::analysis::{Shape, property};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::rules::fk103_constant_answer::is_rich;
use crate::rules::{Rule, Scope, fk110_decided, fk110_endless};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK110",
    name: "dead-switch",
    severity: Severity::Warning,
    scope: Scope::Production,
    about: "A constant that nothing ever changes makes a function answer a literal before its real code, or decides what it answers",
    details: "The code behind the switch is read by reviewers and never runs. Switches that come from the environment or the configuration, that are exported, \
              or that anything assigns are not meant, nor are those that only add a log.",
    repair: "take the switch out, or read it from the configuration",
    bad: "const LIVE = false;\n\nasync function screen(order: Order) {\n  if (!LIVE) return { decision: \"approve\", score: 4 };\n  return bureau.score(order);\n}\n",
    good: "const LIVE = env.bool(\"SCREENING\", true);\n\nasync function screen(order: Order) {\n  if (!LIVE) return { decision: \"unscreened\", score: null };\n  return bureau.score(order);\n}\n",
    check,
};

fn check(module: &Module<'_>, sink: &mut Sink) {
    for node in top_declarators(module) {
        let AstKind::VariableDeclarator(it) = module.kind(node) else { continue };
        for (at, value) in switches(module, it) {
            if let Some(finding) = finding(module, at, value) {
                sink.report(finding);
            }
        }
    }
    fk110_decided::check(module, sink);
    fk110_endless::check(module, sink);
    for function in &module.functions {
        if function.statements().len() > 1
            && let Some(finding) = unreachable(module, function.id)
        {
            sink.report(finding);
        }
    }
}

/// The variables of the module that hold a boolean or an object.
fn top_declarators(module: &Module<'_>) -> Vec<NodeId> {
    let statements = module.program.body.iter().filter_map(|statement| match statement {
        Statement::VariableDeclaration(it) => Some(it),
        _ => None,
    });
    statements.flat_map(|it| &it.declarations).map(|it| it.node_id.get()).collect()
}

/// Where a switch is read, and what it is.
fn switches<'a>(module: &Module<'a>, it: &'a VariableDeclarator<'a>) -> Vec<(NodeId, bool)> {
    let Some(symbol) = it.id.get_binding_identifier().and_then(|name| name.symbol_id.get()) else { return Vec::new() };
    let Some(init) = &it.init else { return Vec::new() };
    let frozen = match init.get_inner_expression() {
        Expression::CallExpression(call) if names::last(&call.callee) == "freeze" => {
            call.arguments.first().and_then(Argument::as_expression)
        }
        other => Some(other),
    };
    let Some(value) = frozen.map(Expression::get_inner_expression) else { return Vec::new() };
    if !matches!(value, Expression::BooleanLiteral(_) | Expression::ObjectExpression(_) | Expression::StringLiteral(_))
        || module.uses(symbol).any(|it| it.is_write())
    {
        return Vec::new();
    }
    let exported = module.uses(symbol).any(|it| {
        matches!(
            module.kind(module.parent(it.node_id())),
            AstKind::ExportSpecifier(_) | AstKind::ExportDefaultDeclaration(_)
        )
    });
    if exported {
        return Vec::new();
    }
    let members = |node: NodeId| match module.kind(module.parent(node)) {
        AstKind::StaticMemberExpression(member) => Some((module.parent(node), member.property.name.as_str())),
        _ => None,
    };
    match value {
        Expression::BooleanLiteral(literal) => module.uses(symbol).map(|it| (it.node_id(), literal.value)).collect(),
        Expression::StringLiteral(literal) => {
            module.uses(symbol).filter_map(|it| compared(module, it.node_id(), literal.value.as_str())).collect()
        }
        Expression::ObjectExpression(object) => {
            let read: Vec<_> = module.uses(symbol).map(|it| members(it.node_id())).collect();
            // Whoever gets the object as a whole may change it.
            if read.iter().any(Option::is_none) || read.iter().flatten().any(|(node, _)| matches!(module.kind(module.parent(*node)), AstKind::AssignmentExpression(it) if it.left.span() == module.kind(*node).span())) {
                return Vec::new();
            }
            let known = |name: &str| match property(object, name)?.get_inner_expression() {
                Expression::BooleanLiteral(literal) => Some(literal.value),
                _ => None,
            };
            read.into_iter().flatten().filter_map(|(node, name)| Some((node, known(name)?))).collect()
        }
        _ => Vec::new(),
    }
}

/// What `MODE === 'live'` is, where MODE is known.
fn compared(module: &Module<'_>, node: NodeId, known: &str) -> Option<(NodeId, bool)> {
    let parent = module.parent(node);
    let AstKind::BinaryExpression(it) = module.kind(parent) else { return None };
    let other = if it.left.span() == module.kind(node).span() { &it.right } else { &it.left };
    let Expression::StringLiteral(other) = other.get_inner_expression() else { return None };
    let same = other.value == known;
    match it.operator {
        BinaryOperator::StrictEquality | BinaryOperator::Equality => Some((parent, same)),
        BinaryOperator::StrictInequality | BinaryOperator::Inequality => Some((parent, !same)),
        _ => None,
    }
}

/// A literal is returned, and the real code stands behind it.
fn unreachable<'a>(module: &Module<'a>, id: FunctionId) -> Option<Finding> {
    let statements = module.function(id).statements();
    let position = statements.iter().position(|it| matches!(it, Statement::ReturnStatement(_)))?;
    let Statement::ReturnStatement(it) = statements.get(position)? else { return None };
    let value = it.argument.as_ref()?;
    let behind = statements.get(position + 1..)?;
    let works = |statement: &Statement<'a>| {
        !statement.is_declaration() || matches!(statement, Statement::VariableDeclaration(_))
    };
    let first = behind.iter().find(|it| works(it))?;
    let called = module
        .inside(&module.calls, id)
        .iter()
        .any(|call| call.it.span.start >= first.span().start && module.call_kind(call.it).is_effect());
    (called && module.origin(value).is_constant()).then(|| {
        let function = module.function(id);
        Finding::new(&RULE, function.span, format!("{} returns a literal before its real code", function.qualified()))
            .of(id)
            .because(Evidence::ConstantOutcome, value.span(), "always returned")
            .because(Evidence::AbsentEffect, first.span(), "never reached")
            .with_severity(Severity::Error)
    })
}

/// `if (!LIVE) { return literal; }` where LIVE is never true.
fn finding<'a>(module: &Module<'a>, at: NodeId, value: bool) -> Option<Finding> {
    let (mut node, mut taken) = (module.parent(at), value);
    while let AstKind::UnaryExpression(it) = module.kind(node) {
        if it.operator != UnaryOperator::LogicalNot {
            return None;
        }
        taken = !taken;
        node = module.parent(node);
    }
    let AstKind::IfStatement(branch) = module.kind(node) else { return None };
    if branch.alternate.as_ref().is_some_and(|it| it.span().contains_inclusive(module.kind(at).span())) {
        return None;
    }
    let around = module.function_around(node)?;
    let live = match (taken, &branch.alternate) {
        (true, _) => &branch.consequent,
        (false, Some(other)) => other,
        // The real code is in the branch that is never taken; what is behind it answers.
        (false, None) => return behind(module, branch, around),
    };
    let (answer, rich) = literal_end(module, live)?;
    let function = named(module, around);
    Some(report(module, function, (module.kind(at).span(), answer), rich))
}

fn report<'a>(module: &Module<'a>, id: FunctionId, (switch, answer): (Span, Span), rich: bool) -> Finding {
    let function = module.function(id);
    let name = module.text_of(switch).lines().next().unwrap_or("");
    Finding::new(
        &RULE,
        function.span,
        format!("{name} never changes, so that {} always answers a literal", function.qualified()),
    )
    .of(id)
    .because(Evidence::ConstantOutcome, answer, "always taken")
    .because(Evidence::AbsentEffect, switch, "nothing ever changes the switch")
    .with_severity(if rich { Severity::Error } else { Severity::Warning })
}

/// `if (LIVE) { return real(x); } return literal;`
fn behind<'a>(module: &Module<'a>, branch: &'a IfStatement<'a>, around: FunctionId) -> Option<Finding> {
    let function = module.function(around);
    let position = function.statements().iter().position(|it| it.span() == branch.span)?;
    let works = module
        .inside(&module.calls, around)
        .iter()
        .any(|call| branch.consequent.span().contains_inclusive(call.it.span) && module.call_kind(call.it).is_effect());
    let leaves = match &branch.consequent {
        Statement::BlockStatement(it) => {
            matches!(it.body.last(), Some(Statement::ReturnStatement(it)) if it.argument.is_some())
        }
        other => matches!(other, Statement::ReturnStatement(it) if it.argument.is_some()),
    };
    let [Statement::ReturnStatement(last)] = function.statements().get(position + 1..)? else { return None };
    let value = last.argument.as_ref()?;
    let rich = is_rich(module, value);
    let constant = module.origin(value).is_constant() && (rich || !module.is_meager(value));
    (works && leaves && constant).then(|| report(module, named(module, around), (branch.test.span(), last.span), rich))
}

/// The function with a name around a callback: the effect of a hook belongs to the hook.
fn named(module: &Module<'_>, id: FunctionId) -> FunctionId {
    let function = module.function(id);
    match function.parent {
        Some(parent) if function.name.is_empty() => parent,
        _ => id,
    }
}

/// Where a branch ends in a literal answer, or tells somebody literals and leaves; and whether the literal says something.
fn literal_end<'a>(module: &Module<'a>, branch: &'a Statement<'a>) -> Option<(Span, bool)> {
    let (statements, last) = match branch {
        Statement::BlockStatement(block) => (&block.body[..], block.body.last()?),
        other => (std::slice::from_ref(other), other),
    };
    let Statement::ReturnStatement(leaves) = last else { return None };
    let told = |statement: &'a Statement<'a>| match statement {
        Statement::ExpressionStatement(it) => match it.expression.get_inner_expression() {
            Expression::CallExpression(call) if !matches!(module.call_kind(call), crate::analysis::CallKind::Log) => {
                Some(
                    !call.arguments.is_empty()
                        && call.arguments.iter().all(|it| it.as_expression().is_some_and(|it| is_stored(module, it))),
                )
            }
            _ => None,
        },
        _ => None,
    };
    let mut tells = statements.iter().filter_map(told).peekable();
    match &leaves.argument {
        Some(value) => {
            let constant = module.origin(value).is_constant() && (is_rich(module, value) || !module.is_meager(value))
                || is_made_beside(module, value);
            (constant && tells.all(|it| it)).then(|| (leaves.span, is_rich(module, value)))
        }
        None => {
            let some = tells.peek().is_some();
            (some && tells.all(|it| it)).then_some((leaves.span, true))
        }
    }
}

/// `{ id: "ch_1", amount }`: an object with literals of its own beside what was given.
fn is_made_beside<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    use crate::analysis::Origin;
    let invented = module.invented(value);
    matches!(value.get_inner_expression(), Expression::ObjectExpression(_))
        && invented.strings + invented.numbers > 0
        && !module.origin(value).has(Origin::CALL | Origin::FIELD | Origin::OUTER | Origin::ENV)
}

/// Whether a value is a literal that says something, also through the name that it has in the module.
fn is_stored<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    let literal = match value.get_inner_expression() {
        Expression::Identifier(name) => match module.symbol(name).map(|symbol| module.kind(module.declaration(symbol)))
        {
            Some(AstKind::VariableDeclarator(it)) => it.init.as_ref(),
            _ => None,
        },
        _ => Some(value),
    };
    literal.is_some_and(|it| Shape::of(it).is_some() && Shape::is_rich(it))
}
