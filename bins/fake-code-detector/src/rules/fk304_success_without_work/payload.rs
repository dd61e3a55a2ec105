//! What is made ready and then not handed to anybody; time that is taken around nothing; copies instead of what was promised.
use super::RULE;
use crate::analysis::{CallKind, Grade};
use crate::finding::{Evidence, Finding, Severity};
use crate::lexicon::Names;
use crate::model::{Function, Module, Role};
use crate::names;
use crate::syntax::*;

/// Calls that give the content of something, or make it ready to be handed on.
static CONTENT: Names = Names::new(&[
    "readFile",
    "readFileSync",
    "stringify",
    "encode",
    "split",
    "serialize",
    "toBuffer",
    "pack",
    "render",
]);

pub(super) fn finding<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !module.is_candidate(function) || module.is_null_object(function) || module.is_hook(function) {
        return None;
    }
    unhanded(module, function).or_else(|| timed(module, function)).or_else(|| copied(module, function))
}

fn report<'a>(function: &Function<'a>, span: Span, (message, why): (String, &str), promise: Option<String>) -> Finding {
    let severity = if promise.is_some() { Severity::Error } else { Severity::Warning };
    let finding = Finding::new(&RULE, function.span, message).of(function.id).with_severity(severity);
    let finding = finding.because(Evidence::AbsentEffect, span, why);
    match promise {
        Some(promise) => finding.because(Evidence::ContractWords, function.span, promise),
        None => finding,
    }
}

/// The payload is made, and only its size is read; the handler is looked up, and only its being there is.
fn unhanded<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let promise = module.promised_effect(function);
    if promise.is_none() && !(function.role == Role::Named && function.is_async) {
        return None;
    }
    for it in module.inside(&module.declarators, function.id).iter().map(|at| at.it) {
        let (BindingPattern::BindingIdentifier(name), Some(init)) = (&it.id, &it.init) else { continue };
        let Some(symbol) = name.symbol_id.get() else { continue };
        if looks_up(module, init) && is_only_tested(module, symbol) {
            let message = format!("{} looks up {} and never calls it", function.qualified(), name.name);
            return Some(report(function, it.span, (message, "only whether it is there is asked"), promise));
        }
        if promise.is_some() && is_order(module, init) && is_only_looked_at(module, symbol) {
            let message = format!("{} makes {} and gives it to nobody", function.qualified(), name.name);
            return Some(report(function, it.span, (message, "it is made, and only its parts are read"), promise));
        }
        if promise.is_some() && gives_content(module, init) && is_only_measured(module, symbol, 0) {
            let message = format!("{} makes {} ready and hands it to nobody", function.qualified(), name.name);
            return Some(report(function, it.span, (message, "only its size is read"), promise));
        }
    }
    None
}

fn gives_content<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    match value.get_inner_expression() {
        Expression::AwaitExpression(it) => gives_content(module, &it.argument),
        Expression::CallExpression(call) => {
            let bytes = matches!(names::object(&call.callee).map(|it| names::last(it)), Some("Buffer" | "Uint8Array"));
            (CONTENT.has(names::last(&call.callee)) || bytes) && module.origin(value).is_real()
        }
        _ => false,
    }
}

/// `new PutCommand(…)` of an imported class: something that somebody has to be given.
fn is_order<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    let Expression::NewExpression(new) = value.get_inner_expression() else { return false };
    let Expression::Identifier(name) = new.callee.get_inner_expression() else { return false };
    let order = names::words(&name.name).last().is_some_and(|word| {
        matches!(
            word.as_str(),
            "command"
                | "request"
                | "message"
                | "event"
                | "job"
                | "envelope"
                | "input"
                | "notification"
                | "mail"
                | "email"
        )
    });
    order && module.symbol(name).is_some_and(|symbol| module.imports.contains_key(&symbol))
}

fn is_only_looked_at(module: &Module<'_>, symbol: SymbolId) -> bool {
    module.uses(symbol).all(|reference| {
        let parent = module.parent(reference.node_id());
        let AstKind::StaticMemberExpression(it) = module.kind(parent) else { return false };
        !matches!(module.kind(module.parent(parent)), AstKind::CallExpression(call) if call.callee.span().contains_inclusive(it.span))
            && !matches!(module.kind(module.parent(parent)), AstKind::AssignmentExpression(_))
    })
}

/// Whether all that is read of a value is how long it is, through one more variable.
fn is_only_measured<'a>(module: &Module<'a>, symbol: SymbolId, depth: usize) -> bool {
    let mut uses = 0;
    for reference in module.uses(symbol) {
        uses += 1;
        let node = reference.node_id();
        let parent = module.parent(node);
        let fits = match module.kind(parent) {
            AstKind::StaticMemberExpression(it) => match it.property.name.as_str() {
                "length" | "size" | "byteLength" => is_compared_or_logged(module, parent),
                "split" | "trim" | "filter" | "toString" if depth == 0 => {
                    bound_to(module, parent).is_some_and(|symbol| is_only_measured(module, symbol, depth + 1))
                }
                _ => false,
            },
            _ => false,
        };
        if !fits || uses > 8 {
            return false;
        }
    }
    uses > 0
}

/// The variable that the chain of calls around a node is kept in.
fn bound_to(module: &Module<'_>, node: NodeId) -> Option<SymbolId> {
    for (_, around) in module.around(node).take(8) {
        match around {
            AstKind::CallExpression(_) | AstKind::StaticMemberExpression(_) => {}
            AstKind::VariableDeclarator(it) => return it.id.get_binding_identifier()?.symbol_id.get(),
            _ => return None,
        }
    }
    None
}

fn is_compared_or_logged<'a>(module: &Module<'a>, node: NodeId) -> bool {
    for (_, around) in module.around(node).take(8) {
        match around {
            AstKind::BinaryExpression(_)
            | AstKind::LogicalExpression(_)
            | AstKind::TemplateLiteral(_)
            | AstKind::ObjectExpression(_)
            | AstKind::ObjectProperty(_) => {}
            AstKind::IfStatement(it) => {
                return !matches!(it.consequent, Statement::BlockStatement(ref block) if block.body.is_empty());
            }
            AstKind::ReturnStatement(it) => {
                return matches!(
                    it.argument.as_ref().map(Expression::get_inner_expression),
                    Some(Expression::BinaryExpression(_))
                );
            }
            AstKind::CallExpression(call) => return module.call_kind(call) == CallKind::Log || module.is_tell(call),
            _ => return false,
        }
    }
    false
}

/// `handlers[job.type]` of an object of functions.
fn looks_up<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> bool {
    let Expression::ComputedMemberExpression(it) = value.get_inner_expression() else { return false };
    let Expression::Identifier(name) = it.object.get_inner_expression() else { return false };
    let Some(symbol) = module.symbol(name) else { return false };
    let AstKind::VariableDeclarator(it) = module.kind(module.declaration(symbol)) else { return false };
    let Some(Expression::ObjectExpression(object)) = it.init.as_ref().map(Expression::get_inner_expression) else {
        return false;
    };
    !object.properties.is_empty()
        && object.properties.iter().all(|property| match property {
            ObjectPropertyKind::ObjectProperty(it) => it.method || module.function_in(&it.value).is_some() || matches!(&it.value, Expression::Identifier(name) if module.symbol(name).is_some_and(|symbol| module.function_of(symbol).is_some())),
            ObjectPropertyKind::SpreadProperty(_) => false,
        })
}

fn is_only_tested(module: &Module<'_>, symbol: SymbolId) -> bool {
    let mut uses = module.uses(symbol).peekable();
    uses.peek().is_some()
        && uses.all(|reference| match module.kind(module.parent(reference.node_id())) {
            AstKind::UnaryExpression(it) => it.operator == UnaryOperator::LogicalNot,
            AstKind::IfStatement(_) => true,
            _ => false,
        })
}

/// The clock is read before and after, and in between nothing is called.
fn timed<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !function.is_async
        || function.role == Role::Callback && !module.has_route(function)
        || module.inside(&module.calls, function.id).len() > 30
    {
        return None;
    }
    let summary = module.summary(function.id)?;
    if summary.work().is_some() || summary.awaits() > 0 && !module.has_route(function) {
        return None;
    }
    let clock = |call: &CallExpression<'a>| names::last(&call.callee) == "now";
    let mut clocks = module.own(&module.calls, function.id).filter(|at| clock(at.it));
    let (first, last) = (clocks.next()?, clocks.last()?);
    let between = module.between(&module.calls, first.node, last.node);
    let idle = between.iter().all(|at| {
        matches!(module.call_kind(at.it), CallKind::Pure | CallKind::Change | CallKind::Log | CallKind::Timer)
            || module.is_tell(at.it)
    });
    let subtracted = matches!(module.kind(module.parent(last.node)), AstKind::BinaryExpression(it) if it.operator == BinaryOperator::Subtraction);
    let loops = (first.node.index()..last.node.index()).any(|index| {
        matches!(
            module.kind(NodeId::from_usize(index)),
            AstKind::ForStatement(_) | AstKind::ForOfStatement(_) | AstKind::WhileStatement(_)
        )
    });
    if !idle || !subtracted || loops || module.has_heritage(function) {
        return None;
    }
    let message = format!("{} takes the time of something that it never runs", function.qualified());
    Some(report(
        function,
        last.it.span,
        (message, "between the two looks at the clock nothing is called"),
        Some("it reports how long it took".to_owned()),
    ))
}

/// `pipeline(createReadStream(a), createWriteStream(b))`
fn passes_through(call: &CallExpression<'_>) -> bool {
    let streams = call.arguments.iter().filter_map(Argument::as_expression).all(|argument| {
        matches!(argument.get_inner_expression(), Expression::CallExpression(it) if matches!(names::last(&it.callee), "createReadStream" | "createWriteStream"))
    });
    let source = names::object(&call.callee).map(Expression::get_inner_expression);
    let from = match source {
        Some(Expression::CallExpression(it)) => names::last(&it.callee) == "createReadStream",
        _ => call.arguments.len() == 2,
    };
    streams && from && !call.arguments.is_empty()
}

/// `writeFile(out, content)` of what `readFile` gave, as it is.
fn writes_as_read<'a>(module: &Module<'a>, call: &'a CallExpression<'a>) -> bool {
    let Some(Argument::Identifier(name)) = call.arguments.get(1) else { return false };
    let Some(init) = module.initial(name) else { return false };
    let read = match init.get_inner_expression() {
        Expression::AwaitExpression(it) => it.argument.get_inner_expression(),
        other => other,
    };
    matches!(read, Expression::CallExpression(it) if matches!(names::last(&it.callee), "readFile" | "readFileSync"))
}

/// What was to be rendered, converted or compressed is copied.
fn copied<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let verb = module.contract_verb(function);
    let changes = matches!(
        verb.as_str(),
        "render"
            | "resize"
            | "convert"
            | "transcode"
            | "compress"
            | "encode"
            | "crop"
            | "optimize"
            | "optimise"
            | "transform"
            | "encrypt"
            | "decrypt"
            | "minify"
            | "thumbnail"
            | "watermark"
            | "blur"
            | "sanitize"
            | "sanitise"
            | "anonymize"
            | "anonymise"
            | "redact"
            | "generate"
            | "rasterize"
            | "shrink"
            | "downscale"
            | "upscale"
            | "normalize"
            | "normalise"
            | "sign"
            | "bundle"
            | "scale"
            | "gzip"
            | "zip"
            | "deflate"
            | "decompress"
            | "strip"
            | "rotate"
            | "mask"
            | "translate"
            | "transcribe"
            | "rescale"
            | "seal"
    );
    if !changes {
        return None;
    }
    let mut copy = None;
    for at in module.inside(&module.calls, function.id) {
        match names::last(&at.it.callee) {
            "readFile" | "readFileSync" => {}
            "writeFile" | "writeFileSync" if writes_as_read(module, at.it) => copy = Some(at.it.span),
            "copyFile" | "copyFileSync" | "cp" | "cpSync" | "copy" | "link" | "symlink" => copy = Some(at.it.span),
            "pipeline" | "pipe" if passes_through(at.it) => copy = Some(at.it.span),
            "createReadStream" | "createWriteStream" => {}
            "mkdir" | "mkdirSync" | "stat" | "statSync" | "access" | "existsSync" | "unlink" | "rm" | "ensureDir"
            | "utimes" | "chmod" => {}
            // A helper that only computes cannot change a file that nobody has read.
            _ if matches!(module.call_kind(at.it), CallKind::Local(_)) && module.grade(at) != Grade::Nothing => {
                return None;
            }
            _ if matches!(module.grade(at), Grade::Work | Grade::Read) => return None,
            _ => {}
        }
    }
    let copy = copy?;
    let input = module.summary(function.id)?.parameters().len();
    let message = format!("{} copies what it was given and calls it done", function.qualified());
    (input > 0).then(|| {
        report(function, copy, (message, "a copy is all that is made"), Some(format!("its name says “{verb}”")))
    })
}
