//! FK106 for what is written and read by nobody: lists that are only filled, copies that are changed, values that are dropped.
use crate::analysis::{CallKind, Outward};
use crate::finding::{Evidence, Finding};
use crate::guards::Sink;
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{Class, Function, FunctionId, Kind, Member, Module};
use crate::names;
use crate::rules::fk106_dead_result::RULE;
use crate::syntax::*;

/// Methods that give a new value and leave the old one as it is.
static COPIES: Names = Names::new(&[
    "concat",
    "slice",
    "trim",
    "toLowerCase",
    "toUpperCase",
    "padStart",
    "padEnd",
    "toFixed",
    "toSorted",
    "toReversed",
    "flat",
    "substring",
    "filter",
    "map",
    "replaceAll",
    "replace",
    "repeat",
    "substr",
    "normalize",
    "toLocaleLowerCase",
    "toLocaleUpperCase",
    "trimStart",
    "trimEnd",
    "toPrecision",
    "toSpliced",
]);

/// What a collection is filled by.
static FILLS: Names = Names::new(&["push", "add", "set", "unshift", "append", "splice", "fill", "copyWithin"]);

/// Lines of a function that may have forgotten a list.
const LONG: usize = 30;

/// Statements that call a method for a value which they drop, and that change what is made anew each time.
pub(super) fn statements(module: &Module<'_>, sink: &mut Sink) {
    for call in &module.calls {
        let name = names::last(&call.it.callee);
        let copies = COPIES.has(name);
        if !copies && !FILLS.has(name) || !is_statement(module, call.node) {
            continue;
        }
        let Some((id, object)) = call.function.zip(names::object(&call.it.callee)) else { continue };
        let function = module.function(id);
        let (message, why) = match () {
            () if copies && drops(module, call.it, object) => {
                (format!("{} calls {name}() and drops what it gives", function.qualified()), "nothing is changed by it")
            }
            () if !copies && is_made_anew(module, function, object) => {
                let what = module.brief(object.span());
                (format!("{what} is made anew each time: what is put into it is lost"), "nobody sees this one again")
            }
            () => continue,
        };
        sink.report(
            Finding::new(&RULE, around(module, id), message)
                .of(id)
                .because(Evidence::AbsentEffect, call.it.span, why)
                .because(Evidence::ContractWords, call.it.span, "it is written to have an effect"),
        );
    }
}

/// The named function that a callback is part of.
fn around(module: &Module<'_>, id: FunctionId) -> Span {
    module.function(id).span
}

fn is_statement(module: &Module<'_>, node: NodeId) -> bool {
    matches!(module.kind(module.parent(node)), AstKind::ExpressionStatement(_))
}

/// `issues.concat(text);` of a list or text of this function, with no function that could do more.
fn drops<'a>(module: &Module<'a>, call: &'a CallExpression<'a>, object: &'a Expression<'a>) -> bool {
    if module.call_kind(call) != CallKind::Pure || module.runs_effects(call) {
        return false;
    }
    let function = call.arguments.iter().filter_map(Argument::as_expression).find_map(|it| module.function_in(it));
    let runs = matches!(names::last(&call.callee), "map" | "filter");
    let quiet = function
        .is_some_and(|id| module.inside(&module.calls, id).is_empty() && module.inside(&module.news, id).is_empty());
    let plain = matches!(
        names::root(object).get_inner_expression(),
        Expression::Identifier(_) | Expression::ThisExpression(_) | Expression::ArrayExpression(_)
    );
    plain && (!runs || quiet) && !is_other(module, call, object)
}

/// `line.trim()` of an object that is no text: its own method may well change it.
fn is_other<'a>(module: &Module<'a>, call: &'a CallExpression<'a>, object: &'a Expression<'a>) -> bool {
    let method = names::last(&call.callee);
    // `router.replace(path)` goes somewhere; `text.replace(/x/g, y)` does not, unless it runs something for each.
    if method == "replace" {
        let [Argument::RegExpLiteral(_) | Argument::Identifier(_), _] = call.arguments.as_slice() else { return true };
        let by = |index: usize| call.arguments.get(index).and_then(Argument::as_expression);
        return !by(0).is_some_and(|it| module.is_pattern(it.get_inner_expression()))
            || by(1).is_some_and(|it| module.function_in(it).is_some());
    }
    if !matches!(method, "trim" | "slice" | "substring" | "normalize" | "repeat" | "substr" | "trimStart" | "trimEnd") {
        return false;
    }
    let Expression::Identifier(name) = object.get_inner_expression() else { return true };
    let declaration = module.symbol(name).map(|symbol| module.kind(module.declaration(symbol)));
    match declaration {
        Some(AstKind::FormalParameter(it)) => {
            it.type_annotation.as_ref().is_some_and(|it| module.text_of(it.type_annotation.span()) != "string")
        }
        Some(AstKind::VariableDeclarator(it)) => it
            .init
            .as_ref()
            .is_none_or(|init| !matches!(init, Expression::StringLiteral(_) | Expression::TemplateLiteral(_))),
        _ => true,
    }
}

/// Whether each look at an object makes another one: a getter or method that returns a new collection, or a variable that holds one.
fn is_made_anew<'a>(module: &Module<'a>, function: &Function<'a>, object: &'a Expression<'a>) -> bool {
    let object = object.get_inner_expression();
    if let Expression::Identifier(name) = object {
        let Some(symbol) = module.symbol(name) else { return false };
        let AstKind::VariableDeclarator(it) = module.kind(module.declaration(symbol)) else { return false };
        let Some(init) = it.init.as_ref().filter(|_| it.id.is_binding_identifier()) else { return false };
        return gives_new(module, function, init.get_inner_expression()) && is_kept(module, symbol);
    }
    gives_new(module, function, object)
}

/// Whether a variable is only ever the object of a call in a statement or a test, and goes nowhere.
fn is_kept(module: &Module<'_>, symbol: SymbolId) -> bool {
    module.uses(symbol).all(|it| match module.kind(module.parent(it.node_id())) {
        AstKind::StaticMemberExpression(member) => {
            let name = member.property.name.as_str();
            lexicon::MUTATORS.has(name) || FILLS.has(name) || matches!(name, "size" | "length" | "has" | "keys")
        }
        _ => false,
    })
}

fn gives_new<'a>(module: &Module<'a>, function: &Function<'a>, value: &'a Expression<'a>) -> bool {
    let id = match value {
        Expression::CallExpression(call) => match module.call_kind(call) {
            CallKind::Local(id) => Some(id),
            _ => None,
        },
        Expression::StaticMemberExpression(it) if matches!(it.object, Expression::ThisExpression(_)) => {
            let name = it.property.name.as_str();
            let methods = function.class.map(|class| &module.class_of(class).methods);
            methods
                .and_then(|all| all.iter().copied().find(|id| module.function(*id).name == name))
                .filter(|id| module.function(*id).kind == Kind::Getter)
        }
        _ => None,
    };
    let Some(id) = id.filter(|id| module.function(*id).has_body() && !module.is_hook(module.function(*id))) else {
        return false;
    };
    let mut values = module.returns_of(id).peekable();
    values.peek().is_some()
        && values.all(|it| match it.value.map(Expression::get_inner_expression) {
            Some(Expression::NewExpression(new)) => matches!(names::last(&new.callee), "Map" | "Set" | "Array"),
            Some(Expression::ArrayExpression(_)) => true,
            _ => false,
        })
}

/// A variable that begins as a new collection and is then only filled.
pub(super) fn variable<'a>(module: &Module<'a>, it: &'a VariableDeclarator<'a>, node: NodeId) -> Option<Finding> {
    let name = it.id.get_binding_identifier()?;
    let init = it.init.as_ref()?.get_inner_expression();
    if !is_collection(init) || is_kept_alive(&name.name) {
        return None;
    }
    let symbol = name.symbol_id.get()?;
    let mut fills = 0;
    for used in module.uses(symbol).filter(|it| it.is_read() || it.is_write()) {
        fills += usize::from(only_writes(module, used.node_id())?);
    }
    let exported = matches!(
        module.kind(module.parent(module.parent(node))),
        AstKind::ExportNamedDeclaration(_) | AstKind::ExportDeclaration(_)
    );
    if fills == 0 || exported {
        return None;
    }
    let home = module.function_around(node)?;
    // A long function that does a lot besides has only forgotten it.
    let lines = module.text_of(module.function(home).span).bytes().filter(|byte| *byte == b'\n').take(LONG + 1).count();
    if lines > LONG && module.outcome(home).is_none_or(|it| it.outward > Outward::Asks) {
        return None;
    }
    Some(finding(module, home, &name.name, it.span))
}

fn finding(module: &Module<'_>, home: FunctionId, name: &str, span: Span) -> Finding {
    let function = module.function(home);
    Finding::new(&RULE, function.span, format!("{name} is filled, and nobody ever reads it"))
        .of(home)
        .because(Evidence::AbsentEffect, span, format!("{name} reaches no return, field, call or error"))
        .because(Evidence::ContractWords, function.span, "it is collected to be used")
}

/// `[]`, `{}`, `new Map(…)`, `[...x]`
fn is_collection(value: &Expression<'_>) -> bool {
    match value {
        Expression::ArrayExpression(_) | Expression::ObjectExpression(_) => true,
        Expression::NewExpression(it) => matches!(names::last(&it.callee), "Map" | "Set" | "Array"),
        _ => false,
    }
}

/// Names of what is only there so that it is not collected as garbage.
fn is_kept_alive(name: &str) -> bool {
    name.starts_with('_')
        || names::words(name).iter().any(|word| {
            matches!(
                word.as_str(),
                "keep" | "alive" | "retain" | "retained" | "refs" | "gc" | "leak" | "leaks" | "unused" | "ignored"
            )
        })
}

/// Whether a use of a collection only changes it, and then whether it puts something in; nothing where it is read.
fn only_writes(module: &Module<'_>, node: NodeId) -> Option<bool> {
    let member = module.parent(node);
    let (name, span) = match module.kind(member) {
        AstKind::StaticMemberExpression(it) if it.object.span() == module.kind(node).span() => {
            (it.property.name.as_str(), it.span)
        }
        AstKind::ComputedMemberExpression(it) if it.object.span() == module.kind(node).span() => ("", it.span),
        _ => return None,
    };
    let outer = module.parent(member);
    if !matches!(module.kind(module.parent(outer)), AstKind::ExpressionStatement(_)) {
        return None;
    }
    match module.kind(outer) {
        AstKind::CallExpression(call) if call.callee.span() == span => {
            let changes = lexicon::MUTATORS.has(name) || FILLS.has(name);
            changes.then(|| FILLS.has(name))
        }
        AstKind::AssignmentExpression(it) if it.left.span() == span => Some(true),
        AstKind::UpdateExpression(_) => Some(true),
        _ => None,
    }
}

/// Private fields that are filled, and that nothing in the class ever reads.
pub(super) fn field<'a>(module: &Module<'a>, class: &Class<'a>, member: &Member<'a>) -> Option<Finding> {
    if !member.value.is_some_and(|value| is_collection(value.get_inner_expression())) || is_kept_alive(member.name) {
        return None;
    }
    let bare = member.name.trim_start_matches('#');
    let (mut fills, mut home) = (0, None);
    for node in (class.node.index()..class.end.index()).map(NodeId::from_usize) {
        let own = match module.kind(node) {
            AstKind::StaticMemberExpression(it) => it.property.name == member.name,
            AstKind::PrivateFieldExpression(it) => it.field.name == bare,
            AstKind::PrivateInExpression(_) => return None,
            AstKind::ComputedMemberExpression(it)
                if matches!(it.object.get_inner_expression(), Expression::ThisExpression(_)) =>
            {
                return None;
            }
            AstKind::ThisExpression(_) => match module.kind(module.parent(node)) {
                AstKind::StaticMemberExpression(_)
                | AstKind::PrivateFieldExpression(_)
                | AstKind::ReturnStatement(_) => false,
                // Whoever gets `this` may read it.
                _ => return None,
            },
            _ => false,
        };
        if own {
            let puts = only_writes(module, node)?;
            // What is taken out again is a register of what is open.
            if !puts && takes_out(module, node) {
                return None;
            }
            fills += usize::from(puts);
            home = home.or_else(|| module.function_around(node));
        }
    }
    if fills == 0 { None } else { Some(finding(module, home?, member.name, member.span)) }
}

fn takes_out(module: &Module<'_>, node: NodeId) -> bool {
    matches!(module.kind(module.parent(node)), AstKind::StaticMemberExpression(it) if it.property.name == "delete")
}
