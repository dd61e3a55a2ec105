//! FK305 unused-collaborator: what was handed in to do the work is never touched.
mod beside;

use crate::analysis::Usage;
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::model::{Class, Function, FunctionId, Kind, Member, Module, Role};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK305",
    name: "unused-collaborator",
    severity: Severity::Warning,
    scope: Scope::Production,
    about: "A queue, client, store or sink is handed in, and the method whose job it is never uses it",
    details: "A field that the constructor takes, a dependency of a factory, or what a hook gives. That another method uses it is no \
              excuse for a method that reaches nothing at all; that a method of the class, or a base class, uses it for this method is.",
    repair: "call it, or take it out of the constructor",
    bad: "class Invites {\n  constructor(private readonly rows: Rows, private readonly mailer: Mailer) {}\n  async send(id: string) {\n    const invite = await this.rows.find(id);\n    return this.rows.save({ ...invite, status: \"sent\" });\n  }\n}\n",
    good: "class Invites {\n  constructor(private readonly rows: Rows, private readonly mailer: Mailer) {}\n  async send(id: string) {\n    const invite = await this.rows.find(id);\n    await this.mailer.send(invite.email);\n    return this.rows.save({ ...invite, status: \"sent\" });\n  }\n}\n",
    check,
};

fn check(module: &Module<'_>, sink: &mut Sink) {
    for class in &module.classes {
        of_class(module, class, sink);
    }
    for function in &module.functions {
        of_factory(module, function, sink);
        let found = of_parameter(module, function).or_else(|| beside::finding(module, function));
        sink.findings.extend(found);
    }
}

fn of_class<'a>(module: &Module<'a>, class: &Class<'a>, sink: &mut Sink) {
    let injected: Vec<&Member<'a>> = class
        .members
        .iter()
        .filter(|member| {
            (member.injected || member.value.is_none() && (member.annotation.is_some() || member.name.starts_with('#')))
                && is_collaborator(module, member.name, member.annotation)
        })
        .collect();
    if injected.is_empty() || class.it.heritage.is_some() {
        return;
    }
    let fields = fields_read(module, class);
    for member in injected {
        let open = !is_private(module, member);
        let used: Vec<NodeId> = fields.iter().filter(|(name, _)| *name == member.name).map(|(_, node)| *node).collect();
        if used.is_empty() && !open {
            if let Some(finding) = never_used(module, class, member) {
                sink.report(finding);
            }
        } else if let Some(finding) = not_used_here(module, class, member, &used)
            .or_else(|| beside::only_closed(module, class, member, &used).filter(|_| !open))
        {
            sink.report(finding);
        }
    }
}

/// A field that no method reads: the method whose verb is its job, or the only one that promises an effect.
fn never_used<'a>(module: &Module<'a>, class: &Class<'a>, member: &Member<'a>) -> Option<Finding> {
    let promising = || {
        class
            .methods
            .iter()
            .map(|id| module.function(*id))
            .filter(|function| module.is_candidate(function) && module.effect_verb(function).is_some())
    };
    let job = promising().find(|function| is_job(module, member.name, member.annotation, function));
    let idle =
        || promising().find(|function| module.summary(function.id).is_some_and(|summary| summary.work().is_none()));
    let claiming = || {
        let methods = class.methods.iter().map(|id| module.function(*id));
        methods.filter(|function| module.is_candidate(function)).find(|function| {
            module.summary(function.id).is_some_and(|summary| summary.work().is_none())
                && module.claims_of(function.id).iter().any(|claim| claim.strong)
        })
    };
    let function = job.or_else(idle).or_else(claiming)?;
    Some(finding(module, function, member.name, member.span, Severity::Error))
}

/// A method that promises an effect, reaches nothing at all, and does not touch the collaborator that other methods use.
fn not_used_here<'a>(module: &Module<'a>, class: &Class<'a>, member: &Member<'a>, used: &[NodeId]) -> Option<Finding> {
    class.methods.iter().map(|id| module.function(*id)).find_map(|function| {
        let promises = module.is_candidate(function)
            && !matches!(function.kind, Kind::Getter)
            && module.effect_verb(function).is_some();
        if !promises
            || !is_job(module, member.name, member.annotation, function)
            || used.get(used.partition_point(|node| *node < function.node)).is_some_and(|node| *node < function.end)
        {
            return None;
        }
        let summary = module.summary(function.id)?;
        let touches = summary.reads_fields()
            || !summary.has_no_effect()
            || summary.parameters().is_empty()
            || function.statements().len() < 2;
        (!touches && summary.best_usage() >= Usage::Live)
            .then(|| finding(module, function, member.name, member.span, Severity::Warning))
    })
}

/// A dependency of a factory, or what a hook gives, that nothing in it reads, and the function in it whose job it is.
fn of_factory<'a>(module: &Module<'a>, function: &Function<'a>, sink: &mut Sink) {
    let first = function.id.0 as usize + 1;
    let has_inner = module.functions.get(first).is_some_and(|next| next.node < function.end);
    if !has_inner || function.role == Role::Callback {
        return;
    }
    for (name, span, symbol) in dependencies(function) {
        if module.usage(symbol, function.id) != Usage::Unread {
            continue;
        }
        let inner = module.functions[first..].iter().take_while(|inner| inner.node < function.end);
        let mut idle = inner.filter(|inner| {
            inner.parent == Some(function.id) && inner.role != Role::Callback && module.effect_verb(inner).is_some()
        });
        let works =
            |id: FunctionId| module.summary(id).is_none_or(|summary| summary.work().is_some() || summary.awaits() > 0);
        if let Some(inner) = idle.find(|inner| !works(inner.id)) {
            sink.report(finding(module, inner, name, span, Severity::Error));
        }
    }
}

/// A parameter that is there to do the work of the verb, and that nothing reads.
fn of_parameter<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    if !module.is_candidate(function)
        || module.is_callback(function)
        || module.has_heritage(function)
        || module.is_hook(function)
    {
        return None;
    }
    module.effect_verb(function)?;
    let name = function.parameters().iter().copied().find(|name| {
        let kind = annotation_of(function, name);
        let named =
            is_collaborator(module, &name.name, kind) && (kind.is_some() || is_job(module, &name.name, None, function));
        named && name.symbol_id.get().is_some_and(|symbol| module.usage(symbol, function.id) == Usage::Unread)
    })?;
    let idle = module.summary(function.id)?.work().is_none()
        && !module.is_null_object(function)
        && function.statements().len() > 1;
    idle.then(|| finding(module, function, &name.name, name.span, Severity::Warning))
}

/// The declared type of a parameter.
fn annotation_of<'a>(function: &Function<'a>, name: &BindingIdentifier<'a>) -> Option<&'a TSType<'a>> {
    let item = function.params.items.iter().find(|item| item.span.contains_inclusive(name.span))?;
    matches!(item.pattern, BindingPattern::BindingIdentifier(_))
        .then_some(item.type_annotation.as_ref().map(|it| &it.type_annotation))?
}

/// The collaborators that a factory is given, taken apart or not, or that a hook gives.
fn dependencies<'a>(function: &Function<'a>) -> Vec<(&'a str, Span, SymbolId)> {
    let mut found = Vec::new();
    for name in function.parameters() {
        if let Some(symbol) = name.symbol_id.get()
            && is_named_collaborator(name.name.as_str())
        {
            found.push((name.name.as_str(), name.span, symbol));
        }
    }
    for statement in function.statements() {
        let Statement::VariableDeclaration(it) = statement else { continue };
        for declarator in &it.declarations {
            let hook = matches!(declarator.init.as_ref().map(Expression::get_inner_expression), Some(Expression::CallExpression(call)) if names::last(&call.callee).starts_with("use"));
            if let (true, BindingPattern::BindingIdentifier(name)) = (hook, &declarator.id)
                && let Some(symbol) = name.symbol_id.get()
                && is_named_collaborator(name.name.as_str())
            {
                found.push((name.name.as_str(), name.span, symbol));
            }
        }
    }
    found
}

fn is_named_collaborator(name: &str) -> bool {
    !name.starts_with('_') && names::words(name).last().is_some_and(|word| lexicon::COLLABORATORS.has(word))
}

/// An object that was handed in to do work, by the noun of its name or of its type.
fn is_collaborator<'a>(module: &Module<'a>, name: &str, annotation: Option<&'a TSType<'a>>) -> bool {
    let kind = annotation.map_or("", |it| module.text_of(it.span()));
    let plain = matches!(
        annotation,
        Some(TSType::TSStringKeyword(_) | TSType::TSNumberKeyword(_) | TSType::TSBooleanKeyword(_))
    );
    let by_type = names::words(kind.split(['<', '|', '&']).next().unwrap_or("").trim())
        .last()
        .is_some_and(|word| lexicon::COLLABORATORS.has(word));
    !plain && !name.starts_with('_') && !lexicon::LOGGERS.has(name) && (is_named_collaborator(name) || by_type)
}

/// Whether the verb of a method is the job of a collaborator.
fn is_job<'a>(module: &Module<'a>, name: &str, annotation: Option<&'a TSType<'a>>, function: &Function<'a>) -> bool {
    let kind = annotation.map_or("", |it| module.text_of(it.span()));
    let nouns: Vec<String> = names::words(name).into_iter().chain(names::words(kind)).collect();
    let verb = function.verb();
    crate::analysis::is_job(&nouns, verb)
}

/// `this.x` in a class, with the node of each; a mere test (`if (!this.x) throw …`) reads nothing.
fn fields_read<'a>(module: &Module<'a>, class: &Class<'a>) -> Vec<(&'a str, NodeId)> {
    let mut found = Vec::new();
    for index in class.node.index()..class.end.index() {
        let node = NodeId::from_usize(index);
        let name = match module.kind(node) {
            AstKind::StaticMemberExpression(it) if matches!(it.object, Expression::ThisExpression(_)) => {
                it.property.name.as_str()
            }
            AstKind::PrivateFieldExpression(it) => it.field.name.as_str(),
            // `const { mailer } = this;`, `this[name]`, `use(this)`: anything may be read.
            AstKind::ThisExpression(_) => match module.kind(module.parent(node)) {
                AstKind::StaticMemberExpression(_) | AstKind::PrivateFieldExpression(_) => continue,
                _ => {
                    found.extend(class.members.iter().map(|member| (member.name, node)));
                    continue;
                }
            },
            _ => continue,
        };
        if !is_only_tested(module, node) && !is_assigned(module, node) {
            found.push((name, node));
        }
    }
    found
}

fn is_only_tested(module: &Module<'_>, node: NodeId) -> bool {
    let not = matches!(module.kind(module.parent(node)), AstKind::UnaryExpression(it) if it.operator == UnaryOperator::LogicalNot);
    not && matches!(module.kind(module.parent(module.parent(node))), AstKind::IfStatement(_))
}

fn is_assigned(module: &Module<'_>, node: NodeId) -> bool {
    let span = module.kind(node).span();
    matches!(module.kind(module.parent(node)), AstKind::AssignmentExpression(it) if it.left.span() == span)
}

/// Whether only the class itself can read a field.
fn is_private(module: &Module<'_>, member: &Member<'_>) -> bool {
    let text = module.text_of(member.span);
    text.contains("private ") || text.starts_with('#') || member.name.starts_with('#')
}

fn finding<'a>(
    module: &Module<'a>,
    function: &Function<'a>,
    name: &str,
    declared: Span,
    severity: Severity,
) -> Finding {
    let id: FunctionId = function.id;
    let claims = module.claims_of(id);
    let severity = if claims.is_empty() { severity } else { Severity::Error };
    let finding = Finding::new(
        &RULE,
        function.span,
        format!("{} never uses {name}, which is handed in to do its job", function.qualified()),
    )
    .of(id)
    .with_severity(severity)
    .because(Evidence::AbsentEffect, declared, format!("{name} is never used for it"));
    match module.effect_verb(function) {
        Some(verb) => finding.because(Evidence::ContractWords, function.span, format!("its name says “{verb}”")),
        None => finding,
    }
}
