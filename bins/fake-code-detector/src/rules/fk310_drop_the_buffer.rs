//! FK310 drop-the-buffer: what was to be handed on is thrown away.
use crate::analysis::{CallKind, Grade};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon::Names;
use crate::model::{Function, Module, Write};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK310",
    name: "drop-the-buffer",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "A function that should hand on what has piled up empties its buffer, and hands nothing on",
    details: "Flushing and draining move what is in the buffer somewhere. Functions that reset, clear or discard say so by their name, and \
              one that returns the content hands it to its caller.",
    repair: "write the content before you empty the buffer, or name the function for what it does",
    bad: "flush() {\n  const batch = this.entries;\n  this.entries = [];\n  this.flushed += batch.length;\n}\n",
    good: "flush() {\n  const batch = this.entries;\n  this.entries = [];\n  for (const entry of batch) this.out.write(entry);\n}\n",
    check,
};

static VERBS: Names = Names::new(&[
    "flush", "drain", "dispatch", "deliver", "ship", "send", "publish", "upload", "submit", "emit", "commit",
    "persist", "save", "export", "forward",
]);

fn check(module: &Module<'_>, sink: &mut Sink) {
    for function in &module.functions {
        if VERBS.has(function.verb().as_str())
            && let Some(finding) = finding(module, function)
        {
            sink.report(finding);
        }
    }
}

fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !function.has_body() || module.is_hook(function) || module.is_null_object(function) {
        return None;
    }
    let (buffer, emptied) = emptied(module, function)?;
    if works_otherwise(module, function, &buffer) || hands_on(module, function, &buffer) {
        return None;
    }
    Some(
        Finding::new(
            &RULE,
            function.span,
            format!("{} empties {buffer} and hands its content to nobody", function.qualified()),
        )
        .of(function.id)
        .because(Evidence::AbsentEffect, emptied, "what has piled up is dropped here")
        .because(Evidence::ContractWords, function.span, format!("its name says “{}”", function.verb())),
    )
}

/// The buffer that a function empties, as it is written: `this.entries`.
fn emptied<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<(String, Span)> {
    let written = module.own(&module.writes, function.id).find_map(|at| {
        let Write::Assign(it) = at.it else { return None };
        module.write_kind(function.id, at.it)?;
        let target = module.text_of(it.left.span());
        let empty = match it.right.get_inner_expression() {
            Expression::ArrayExpression(list) => list.elements.is_empty(),
            Expression::NewExpression(new) => {
                new.arguments.is_empty() && matches!(names::last(&new.callee), "Map" | "Set" | "Array")
            }
            Expression::NumericLiteral(number) => number.value == 0.0 && target.ends_with(".length"),
            _ => false,
        };
        empty.then(|| (target.strip_suffix(".length").unwrap_or(target).to_owned(), it.span))
    });
    written.or_else(|| {
        module.own(&module.calls, function.id).find_map(|at| {
            let object = names::object(&at.it.callee)?;
            let emptier = match names::last(&at.it.callee) {
                "clear" => true,
                "shift" | "pop" => is_drained(module, at.node),
                "delete" => is_walked(module, at.node, module.text_of(object.span())),
                "splice" => at.it.arguments.len() <= 2 && matches!(at.it.arguments.first(), Some(Argument::NumericLiteral(number)) if number.value == 0.0),
                _ => false,
            };
            (emptier && module.call_kind(at.it) == CallKind::Effect).then(|| (module.text_of(object.span()).to_owned(), at.it.span))
        })
    })
}

/// `for (const id of this.messages.keys()) this.messages.delete(id);`
fn is_walked(module: &Module<'_>, node: NodeId, buffer: &str) -> bool {
    let at_once = |kind: &AstKind<'_>| matches!(kind, AstKind::ForOfStatement(it) if module.text_of(it.right.span()).trim_start_matches("[...").starts_with(buffer));
    matches!(module.kind(module.parent(node)), AstKind::ExpressionStatement(_))
        && module
            .around(node)
            .take(4)
            .take_while(|(_, kind)| !matches!(kind, AstKind::IfStatement(_)))
            .any(|(_, kind)| at_once(&kind))
}

/// `while (queue.length) queue.shift();`: what comes out is dropped.
fn is_drained(module: &Module<'_>, node: NodeId) -> bool {
    let dropped = matches!(module.kind(module.parent(node)), AstKind::ExpressionStatement(_));
    // A loop that looks at what is in the buffer only drops what is too old.
    let whole = |test: &Expression<'_>| !module.text_of(test.span()).contains(['[', '&', '(']);
    dropped
        && module.around(node).take(4).any(|(_, kind)| match kind {
            AstKind::WhileStatement(it) => whole(&it.test),
            AstKind::DoWhileStatement(it) => whole(&it.test),
            _ => false,
        })
}

/// Whether anything but the emptying does work.
fn works_otherwise<'a>(module: &Module<'a>, function: &Function<'a>, buffer: &str) -> bool {
    let calls = module.inside(&module.calls, function.id).iter();
    let mut other = calls.filter(|at| {
        let on_buffer = names::object(&at.it.callee).is_some_and(|object| module.text_of(object.span()) == buffer);
        let emptier =
            on_buffer && matches!(names::last(&at.it.callee), "splice" | "clear" | "shift" | "pop" | "delete");
        let own = module.call_kind(at.it) == CallKind::Local(function.id);
        !emptier && !own
    });
    let tells = |call: &'a CallExpression<'a>| module.call_kind(call) == CallKind::Effect && module.is_tell(call);
    other.any(|at| module.grade(at) == Grade::Work || tells(at.it))
        || !module.inside(&module.yields, function.id).is_empty()
}

/// Whether the content is returned, or moved to another place.
fn hands_on<'a>(module: &Module<'a>, function: &Function<'a>, buffer: &str) -> bool {
    let mut aliases = vec![buffer.to_owned()];
    for statement in function.statements() {
        let Statement::VariableDeclaration(it) = statement else { continue };
        for declarator in &it.declarations {
            let from = declarator.init.as_ref().map_or("", |init| module.text_of(init.span()));
            if from.contains(buffer) && !from.ends_with(".length") && !from.ends_with(".size") {
                aliases.extend(declarator.id.get_binding_identifiers().iter().map(|name| name.name.to_string()));
            }
        }
    }
    let mentions = |text: &str| {
        aliases.iter().any(|alias| {
            text.match_indices(alias.as_str()).any(|(at, _)| {
                let rest = &text[at + alias.len()..];
                let inside = text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
                    || rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
                !inside && !rest.starts_with(".length") && !rest.starts_with(".size")
            })
        })
    };
    let returned =
        module.returns_of(function.id).any(|it| it.value.is_some_and(|value| mentions(module.text_of(value.span()))));
    let moved = module
        .inside(&module.writes, function.id)
        .iter()
        .any(|at| matches!(at.it, Write::Assign(it) if mentions(module.text_of(it.right.span()))));
    returned || moved
}
