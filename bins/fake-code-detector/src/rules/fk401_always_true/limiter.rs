//! Guards that look, count and note, and never refuse.
use crate::analysis::refusal::{is_own_map, is_swallowed};
use crate::analysis::{CallKind, Usage};
use crate::finding::{Evidence, Finding};
use crate::lexicon::Names;
use crate::model::{Function, Kind, Module, Role};
use crate::names;
use crate::syntax::*;

/// Words of what is there to keep somebody out.
static GUARDS: Names = Names::new(&[
    "validate",
    "validator",
    "restrict",
    "enforce",
    "limit",
    "limiter",
    "limits",
    "throttle",
    "throttler",
    "quota",
    "guard",
    "auth",
    "authenticate",
    "authenticated",
    "authorize",
    "authorization",
    "require",
    "requires",
    "csrf",
    "permission",
    "permissions",
    "protect",
    "protected",
    "verify",
    "firewall",
    "captcha",
    "blocklist",
    "allowlist",
    "signature",
    "scope",
    "scopes",
    "role",
    "roles",
]);
/// Methods of an answer that only prepare it.
static PREPARES: Names =
    Names::new(&["set", "setHeader", "header", "append", "vary", "type", "get", "getHeader", "cookie"]);
/// Calls by which a guard may refuse.
static REFUSES: Names = Names::new(&[
    "verify",
    "assert",
    "ensure",
    "require",
    "validate",
    "check",
    "parse",
    "authenticate",
    "authorize",
    "enforce",
    "consume",
    "reject",
    "deny",
    "abort",
    "throw",
    "fail",
    "guard",
    "raise",
    "limit",
    "block",
    "decode",
    "expect",
    "must",
]);

/// A middleware named as a guard, by itself or by what makes it, that ends in `next()` on every path.
pub(crate) fn never_refuses<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let names = function.parameters();
    let next = names.last().filter(|_| names.len() >= 2)?;
    if !matches!(next.name.as_str(), "next" | "done" | "_next")
        || !module.is_candidate(function)
        || module.is_hook(function)
    {
        return None;
    }
    let guard = guard_name(module, function)?;
    // `noLimit`, `skipAuth`: it says so.
    if crate::names::words(guard)
        .first()
        .is_some_and(|word| matches!(word.as_str(), "no" | "without" | "skip" | "noop" | "bypass"))
    {
        return None;
    }
    if only_enriches(module, function, names) {
        return None;
    }
    let symbol = next.symbol_id.get()?;
    let mut calls = 0;
    let plain = module.uses(symbol).all(|reference| {
        calls += 1;
        let AstKind::CallExpression(call) = module.kind(module.parent(reference.node_id())) else { return false };
        call.arguments.is_empty() && call.callee.span() == module.kind(reference.node_id()).span()
    });
    if calls == 0 || !plain || !module.inside(&module.throws, function.id).is_empty() {
        return None;
    }
    // A path that ends without `next()` leaves the request unanswered, or answers it.
    let leaves = module.own(&module.returns, function.id).any(|at| match at.it.value.map(|it| it.get_inner_expression()) {
        None => !follows_next(module, function, at.it.span, next.name.as_str()),
        Some(Expression::CallExpression(call)) => !call.callee.is_specific_id(next.name.as_str()),
        Some(Expression::AwaitExpression(it)) => !matches!(it.argument.get_inner_expression(), Expression::CallExpression(call) if call.callee.is_specific_id(next.name.as_str())),
        Some(_) => true,
    });
    let ends = names[..names.len() - 1]
        .iter()
        .filter_map(|name| name.symbol_id.get())
        .any(|symbol| answers(module, symbol, names.len() == 2));
    if leaves
        || ends
        || may_refuse(module, function, next.name.as_str())
        || !is_reached(function, module, next.name.as_str())
    {
        return None;
    }
    let message = format!("{guard} lets every request through: nothing in it refuses");
    Some(
        Finding::new(&super::RULE, function.span, message)
            .of(function.id)
            .because(Evidence::ConstantOutcome, function.span, "every path ends in next()")
            .because(Evidence::ContractWords, function.span, format!("{guard} is named as a guard")),
    )
}

/// `req.requestId = …`: it puts something into the request, and its name does not say that it refuses.
pub(crate) fn only_enriches<'a>(
    module: &Module<'a>,
    function: &Function<'a>,
    names: &[&'a BindingIdentifier<'a>],
) -> bool {
    let refuses = [function.name, function.owner, function.parent.map_or("", |id| module.function(id).name)]
        .iter()
        .flat_map(|name| names::words(name))
        .any(|word| {
            matches!(
                word.as_str(),
                "require"
                    | "requires"
                    | "limit"
                    | "limiter"
                    | "throttle"
                    | "verify"
                    | "guard"
                    | "protect"
                    | "csrf"
                    | "authorize"
                    | "enforce"
                    | "ensure"
                    | "check"
                    | "validate"
                    | "authenticate"
                    | "quota"
                    | "restrict"
            )
        });
    let request = names.first().map(|name| name.name.as_str());
    !refuses
        && module.inside(&module.writes, function.id).iter().any(|at| {
            match at.it {
        crate::model::Write::Assign(it) => names::target_object(&it.left).is_some_and(
            |object| matches!(names::root(object), Expression::Identifier(name) if Some(name.name.as_str()) == request),
        ),
        crate::model::Write::Update(_) => false,
    }
        })
}

/// `return;` right behind `next()`.
fn follows_next<'a>(module: &Module<'a>, function: &Function<'a>, span: Span, next: &str) -> bool {
    let before = module.text.get(function.span.start as usize..span.start as usize).unwrap_or("").trim_end();
    before.trim_end_matches(';').ends_with(&format!("{next}()"))
}

/// Whether `next()` stands at the end of the function or in both parts of a last `try` or `if`.
fn is_reached<'a>(function: &Function<'a>, module: &Module<'a>, next: &str) -> bool {
    fn ends<'a>(module: &Module<'a>, statement: &'a Statement<'a>, call: &str, depth: usize) -> bool {
        let block =
            |body: &'a [Statement<'a>]| body.last().is_some_and(|it| depth < 20 && ends(module, it, call, depth + 1));
        match statement {
            Statement::BlockStatement(it) => block(&it.body),
            Statement::TryStatement(it) => {
                it.finalizer.as_ref().is_some_and(|it| block(&it.body))
                    || block(&it.block.body) && it.handler.as_ref().is_none_or(|handler| block(&handler.body.body))
            }
            Statement::IfStatement(it) => {
                depth < 20
                    && ends(module, &it.consequent, call, depth + 1)
                    && it.alternate.as_ref().is_some_and(|it| ends(module, it, call, depth + 1))
            }
            Statement::ReturnStatement(_) | Statement::ExpressionStatement(_) => {
                module.text_of(statement.span()).contains(call)
            }
            _ => false,
        }
    }
    let call = format!("{next}()");
    let statements = function.statements();
    // A `try` before a last `next()` changes nothing.
    statements.last().is_some_and(|it| ends(module, it, &call, 0)) || function.statements().is_empty()
}

fn guard_name<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<&'a str> {
    let guards = |name: &str| names::words(name).iter().any(|word| GUARDS.has(word.as_str()));
    let mut next = Some(function.id);
    for _ in 0..3 {
        let it = module.function(next?);
        for name in [it.name, it.owner] {
            if guards(name) {
                return Some(name);
            }
        }
        next = it.parent;
    }
    None
}

/// Whether the answer is sent, handed on or changed beyond its headers. In a guard of two parameters the first is both.
fn answers<'a>(module: &Module<'a>, symbol: SymbolId, both: bool) -> bool {
    module.uses(symbol).any(|reference| {
        let node = reference.node_id();
        let parent = module.parent(node);
        let AstKind::StaticMemberExpression(member) = module.kind(parent) else {
            // Handed to something as a whole, which may answer or refuse.
            let alone = matches!(module.kind(parent), AstKind::CallExpression(_));
            return alone && (both || is_answer(module, symbol));
        };
        let name = member.property.name.as_str();
        match module.kind(module.parent(parent)) {
            AstKind::CallExpression(call) if call.callee.span() == member.span => {
                (is_answer(module, symbol) || both && matches!(name, "throw" | "json" | "text" | "redirect" | "assert"))
                    && !PREPARES.has(name)
            }
            AstKind::AssignmentExpression(it) if it.left.span() == member.span => {
                matches!(name, "status" | "statusCode" | "body" | "code" | "response")
            }
            _ => false,
        }
    })
}

fn is_answer(module: &Module<'_>, symbol: SymbolId) -> bool {
    let name = module.semantic.scoping().symbol_name(symbol);
    matches!(name, "res" | "response" | "reply" | "rep" | "_res" | "resp" | "h")
}

fn may_refuse<'a>(module: &Module<'a>, function: &Function<'a>, next: &str) -> bool {
    module.inside(&module.calls, function.id).iter().any(|call| {
        let name = names::last(&call.it.callee);
        if call.it.callee.is_specific_id(next) || is_swallowed(module, call.node, function) {
            return false;
        }
        match module.call_kind(call.it) {
            CallKind::Local(id) => {
                module.may_throw(id) || refuses(name) && !module.inside(&module.calls, id).is_empty()
            }
            CallKind::Effect => refuses(name),
            _ => false,
        }
    })
}

/// Whether a name says who or what is to be kept out.
fn keeps_out(name: &str) -> bool {
    names::words(name).iter().any(|word| {
        matches!(
            word.as_str(),
            "permission"
                | "permissions"
                | "access"
                | "owner"
                | "ownership"
                | "allowed"
                | "role"
                | "limit"
                | "quota"
                | "signature"
                | "token"
                | "authorized"
                | "admin"
                | "member"
                | "membership"
                | "can"
                | "may"
                | "password"
        )
    })
}

/// `assertCanEdit(user, doc)` that never throws, and calls nothing that would.
pub(crate) fn never_throws<'a>(module: &Module<'a>, function: &Function<'a>) -> Option<Finding> {
    let verb = function.verb();
    if !matches!(
        verb.as_str(),
        "assert" | "enforce" | "require" | "authorize" | "authorise" | "ensure" | "check" | "verify" | "validate"
    ) || !module.is_candidate(function)
        || function.role != Role::Named
        || function.kind == Kind::Getter
        || function.is_generator
        || function.params.items.is_empty()
        || module.is_hook(function)
        || module.is_null_object(function)
        || module.has_heritage(function)
        || matches!(verb.as_str(), "ensure" | "check" | "verify" | "validate") && !keeps_out(function.name)
        || function.words().len() < 2 && !matches!(verb.as_str(), "assert" | "authorize" | "enforce")
    {
        return None;
    }
    let summary = module.summary(function.id)?;
    let silent = summary.values().next().is_none() && !function.statements().is_empty();
    let typed = function.return_type.is_none() || function.returns_nothing();
    if !silent
        || !typed
        || !module.inside(&module.throws, function.id).is_empty()
        || summary.best_usage() == Usage::Unread
    {
        return None;
    }
    let acts = module.inside(&module.calls, function.id).iter().any(|call| match module.call_kind(call.it) {
        CallKind::Local(_) => true,
        CallKind::Effect if is_own_map(module, function, call.it) => false,
        CallKind::Effect => {
            let words = names::words(names::last(&call.it.callee));
            let dropped = module
                .around(call.node)
                .map(|(_, kind)| kind)
                .find(|kind| !matches!(kind, AstKind::AwaitExpression(_) | AstKind::ChainExpression(_)));
            let dropped = matches!(
                dropped,
                Some(
                    AstKind::ExpressionStatement(_) | AstKind::ReturnStatement(_) | AstKind::ArrowFunctionExpression(_)
                )
            );
            words.iter().any(|word| REFUSES.has(word.as_str())) || dropped
        }
        _ => false,
    });
    let writes = summary.effects().iter().any(|effect| effect.kind != crate::analysis::EffectKind::Call);
    (!acts && !writes).then(|| {
        Finding::new(
            &super::RULE,
            function.span,
            format!("{} cannot refuse: it neither throws nor answers", function.qualified()),
        )
        .of(function.id)
        .because(Evidence::ConstantOutcome, function.span, "every path ends the same")
        .because(Evidence::ContractWords, function.span, format!("{} promises to refuse", function.name))
    })
}

/// Whether a name is one of a call that throws to refuse; `safeParse` does not.
fn refuses(name: &str) -> bool {
    let words = names::words(name);
    !matches!(words.first().map(String::as_str), Some("safe" | "try"))
        && words.iter().any(|word| REFUSES.has(word.as_str()))
}
