//! What a test has put something of its own in the place of: modules, methods and functions.
use crate::model::{Module, Write};
use crate::names;
use crate::syntax::*;

/// Everything that a module replaces.
pub(crate) fn replaced(module: &Module<'_>) -> Vec<Replaced> {
    let mut all = mocked_modules(module);
    all.extend(module.calls.iter().filter_map(|at| stub(module, at.node, at.it)));
    all.extend(module.writes.iter().filter_map(|at| overwritten(module, at.node, at.it)));
    all.extend(mock_variables(module));
    all.extend(provided(module));
    all
}

/// What a container answers for a class that the test gives a value of its own: `{ provide: Stock, useValue: fake }`, `ref.get(Stock)`.
fn provided<'a>(module: &Module<'a>) -> Vec<Replaced> {
    let class = |value: &Expression<'a>| match value.get_inner_expression() {
        Expression::Identifier(name) => module.symbol(name),
        _ => None,
    };
    let given: Vec<(SymbolId, NodeId, Span)> = module
        .objects
        .iter()
        .filter(|at| crate::analysis::property(at.it, "useValue").is_some())
        .filter_map(|at| Some((class(crate::analysis::property(at.it, "provide")?)?, at.node, at.it.span)))
        .collect();
    if given.is_empty() {
        return Vec::new();
    }
    let taken = module.calls.iter().filter(|at| matches!(names::last(&at.it.callee), "get" | "inject" | "resolve"));
    taken
        .filter_map(|at| {
            let wanted = class(at.it.arguments.first()?.as_expression()?)?;
            let (_, node, span) = *given.iter().find(|(symbol, ..)| *symbol == wanted)?;
            let symbol = holder(module, at.node)?;
            Some(Replaced { symbol, method: String::new(), node, span, is_module: true, of_class: false })
        })
        .collect()
}

/// The variable that a value is put into, as it is.
fn holder<'a>(module: &Module<'a>, node: NodeId) -> Option<SymbolId> {
    for (_, kind) in module.around(node).take(4) {
        match kind {
            AstKind::VariableDeclarator(it) => return it.id.get_binding_identifier()?.symbol_id.get(),
            AstKind::AssignmentExpression(it) => {
                let AssignmentTarget::AssignmentTargetIdentifier(name) = &it.left else { return None };
                return module.symbol(name);
            }
            AstKind::AwaitExpression(_) | AstKind::TSAsExpression(_) | AstKind::ParenthesizedExpression(_) => {}
            _ => return None,
        }
    }
    None
}

/// Something that a test has replaced: a method of an object, an imported name, or a mock function.
#[derive(PartialEq, Eq)]
pub(crate) struct Replaced {
    pub(crate) symbol: SymbolId,
    /// The method; empty for the value itself.
    pub(crate) method: String,
    /// Where, so that a case sees its own replacements and those of hooks.
    pub(crate) node: NodeId,
    pub(crate) span: Span,
    /// It is an import of a mocked module.
    pub(crate) is_module: bool,
    /// It is a method of a class, by its prototype.
    pub(crate) of_class: bool,
}

/// The names that are imported from modules that the test replaces as a whole.
fn mocked_modules<'a>(module: &Module<'a>) -> Vec<Replaced> {
    let mut found = Vec::new();
    for at in &module.calls {
        let on = names::object(&at.it.callee).map_or("", |object| names::last(object));
        let mocks = matches!(
            (on, names::last(&at.it.callee)),
            ("vi" | "jest" | "mock" | "vitest", "mock" | "doMock" | "setMock" | "unstable_mockModule" | "module")
        );
        let Some(Expression::StringLiteral(name)) = at.it.arguments.first().and_then(Argument::as_expression) else {
            continue;
        };
        if !mocks {
            continue;
        }
        let text = module.text_of(at.it.span);
        let partial = ["importActual", "requireActual", "importOriginal", "actual(", "spy: true", "spy:true"]
            .iter()
            .any(|word| text.contains(word));
        let factory = at.it.arguments.get(1).and_then(Argument::as_expression);
        let given = factory
            .and_then(|value| module.function_in(value))
            .is_some_and(|id| !module.function(id).params.items.is_empty());
        let keys = factory.map(|value| factory_keys(module, value)).unwrap_or_default();
        for (symbol, import) in &module.imports {
            let whole = !partial && !given && (factory.is_none() || keys.is_empty());
            let wanted = whole || keys.contains(&import.name);
            if import.module == name.value.as_str() && !import.is_type && wanted {
                found.push(Replaced {
                    symbol: *symbol,
                    method: String::new(),
                    node: at.node,
                    span: at.it.span,
                    is_module: true,
                    of_class: false,
                });
            }
        }
    }
    found.sort_by_key(|it| (it.node, it.symbol.index()));
    found
}

/// The names that a factory replaces with something of its own; what it passes on from the real module is left out.
fn factory_keys<'a>(module: &Module<'a>, factory: &'a Expression<'a>) -> Vec<&'a str> {
    let Some(id) = module.function_in(factory) else { return Vec::new() };
    let mut keys = Vec::new();
    for returned in module.returns_of(id) {
        let Some(Expression::ObjectExpression(object)) = returned.value.map(Expression::get_inner_expression) else {
            continue;
        };
        for property in &object.properties {
            let ObjectPropertyKind::ObjectProperty(it) = property else { continue };
            let text = module.text_of(it.value.span()).to_lowercase();
            if !text.contains("actual") && !text.contains("original") {
                keys.push(names::key(&it.key));
            }
        }
    }
    keys
}

/// `jest.spyOn(service, "decide").mockResolvedValue(x)`, `sinon.stub(service, "decide").resolves(x)`, `sinon.replace(labels, "print", f)`.
fn stub<'a>(module: &Module<'a>, node: NodeId, call: &'a CallExpression<'a>) -> Option<Replaced> {
    let name = names::last(&call.callee);
    let on = names::object(&call.callee).map_or("", |object| names::last(object));
    let kind = match name {
        "spyOn" => "spy",
        "stub" => "stub",
        "replace" if matches!(on, "sinon" | "sandbox" | "td") => "replace",
        "method" if on == "mock" => "replace",
        _ => return None,
    };
    let first = call.arguments.first().and_then(Argument::as_expression)?.get_inner_expression();
    let (first, of_class) = match first {
        Expression::StaticMemberExpression(it) if it.property.name == "prototype" => {
            (it.object.get_inner_expression(), true)
        }
        other => (other, false),
    };
    let Expression::Identifier(object) = first else { return None };
    let Some(Expression::StringLiteral(method)) = call.arguments.get(1).and_then(Argument::as_expression) else {
        return None;
    };
    // What follows in the chain says whether the call goes through.
    let canned = module.around(node).take(6).any(|(_, kind)| match kind {
        AstKind::StaticMemberExpression(it) => {
            let name = it.property.name.as_str();
            (name.starts_with("mockRe") && name != "mockReset" && name != "mockRestore")
                || name.starts_with("mockImplementation")
                || matches!(
                    name,
                    "returns"
                        | "resolves"
                        | "rejects"
                        | "callsFake"
                        | "onCall"
                        | "withArgs"
                        | "throws"
                        | "returnValue"
                        | "and"
                )
        }
        _ => false,
    });
    let replaces = match kind {
        "spy" => canned,
        "stub" => true,
        _ => call.arguments.len() > 2,
    };
    let symbol = module.symbol(object)?;
    (replaces && is_subject_object(module, symbol)).then(|| Replaced {
        symbol,
        method: method.value.to_string(),
        node,
        span: call.span,
        is_module: false,
        of_class,
    })
}

/// `triage.level = () => "critical"`.
fn overwritten<'a>(module: &Module<'a>, node: NodeId, write: Write<'a>) -> Option<Replaced> {
    let Write::Assign(it) = write else { return None };
    let AssignmentTarget::StaticMemberExpression(target) = &it.left else { return None };
    let Expression::Identifier(object) = target.object.get_inner_expression() else { return None };
    let symbol = module.symbol(object)?;
    let canned = match module.function_in(&it.right) {
        Some(id) => {
            module.summary(id).is_some_and(|it| it.effects().is_empty() && it.returns().any(|it| it.value.is_some()))
        }
        None => matches!(it.right.get_inner_expression(), Expression::CallExpression(call) if is_mock_function(call)),
    };
    (canned && is_subject_object(module, symbol)).then(|| Replaced {
        symbol,
        method: target.property.name.to_string(),
        node,
        span: it.span,
        is_module: false,
        of_class: false,
    })
}

/// An object of the code under test: imported, or made of an imported class, also in a hook.
fn is_subject_object<'a>(module: &Module<'a>, symbol: SymbolId) -> bool {
    if module.imports.contains_key(&symbol) || module.source_of(symbol).is_some() {
        return true;
    }
    let AstKind::VariableDeclarator(it) = module.kind(module.declaration(symbol)) else { return false };
    let made = |value: &Expression<'_>| match value.get_inner_expression() {
        Expression::NewExpression(new) => matches!(names::root(&new.callee), Expression::Identifier(_)),
        Expression::AwaitExpression(_) | Expression::CallExpression(_) => {
            matches!(names::last(value), "get" | "resolve" | "inject")
        }
        _ => false,
    };
    match &it.init {
        Some(init) => made(init),
        None => module.uses(symbol).filter(|reference| reference.is_write()).any(|reference| {
            match module.kind(module.parent(reference.node_id())) {
                AstKind::AssignmentExpression(it) => made(&it.right),
                _ => false,
            }
        }),
    }
}

/// `vi.fn(() => 5)`, `jest.fn().mockResolvedValue(x)`, `sinon.stub().returns(5)`.
pub(crate) fn is_mock_function(call: &CallExpression<'_>) -> bool {
    let Expression::Identifier(root) = names::root(&call.callee) else { return false };
    let mut inner = call;
    for _ in 0..6 {
        match names::object(&inner.callee).map(Expression::get_inner_expression) {
            Some(Expression::CallExpression(next)) => inner = next,
            _ => break,
        }
    }
    matches!(
        (root.name.as_str(), names::last(&inner.callee)),
        ("vi" | "jest" | "mock" | "t", "fn") | ("sinon" | "sandbox", "stub" | "fake")
    )
}

/// Mock functions in variables, and in objects that hold nothing else, that nobody but the test gets.
fn mock_variables<'a>(module: &Module<'a>) -> Vec<Replaced> {
    let mut found = Vec::new();
    for at in &module.calls {
        if !is_mock_function(at.it) {
            continue;
        }
        for (id, kind) in module.around(at.node).take(8) {
            match kind {
                AstKind::VariableDeclarator(it) => {
                    let direct = it.init.as_ref().is_some_and(|init| matches!(init.get_inner_expression(), Expression::CallExpression(call) if is_mock_function(call)));
                    if let Some(symbol) = it
                        .id
                        .get_binding_identifier()
                        .and_then(|name| name.symbol_id.get())
                        .filter(|symbol| direct && stays_here(module, *symbol))
                    {
                        found.push(Replaced {
                            symbol,
                            method: String::new(),
                            node: id,
                            span: it.span,
                            is_module: false,
                            of_class: false,
                        });
                    }
                    break;
                }
                AstKind::ObjectProperty(property) => {
                    let holder = module.around(id).skip(1).find(|(_, kind)| {
                        !matches!(kind, AstKind::TSAsExpression(_) | AstKind::TSSatisfiesExpression(_))
                    });
                    if let Some((_, AstKind::VariableDeclarator(it))) = holder
                        && let Some(symbol) = it
                            .id
                            .get_binding_identifier()
                            .and_then(|name| name.symbol_id.get())
                            .filter(|symbol| stays_here(module, *symbol))
                    {
                        found.push(Replaced {
                            symbol,
                            method: names::key(&property.key).to_owned(),
                            node: id,
                            span: it.span,
                            is_module: false,
                            of_class: false,
                        });
                    }
                    break;
                }
                _ => {}
            }
        }
    }
    found.dedup_by(|one, other| one == other);
    found
}

/// Whether a variable is only called, set up and asserted, and never handed to anybody.
fn stays_here<'a>(module: &Module<'a>, symbol: SymbolId) -> bool {
    module.uses(symbol).all(|reference| {
        let span = module.kind(reference.node_id()).span();
        match module.kind(module.parent(reference.node_id())) {
            AstKind::StaticMemberExpression(_) => !is_handed_on(module, reference.node_id()),
            AstKind::CallExpression(call) => {
                call.callee.span() == span
                    || matches!(names::last(&call.callee), "expect" | "mocked" | "called" | "calledOnce" | "calledWith")
            }
            _ => false,
        }
    })
}

/// `api.load` as an argument, not as a call.
fn is_handed_on<'a>(module: &Module<'a>, node: NodeId) -> bool {
    let member = module.parent(node);
    let span = module.kind(member).span();
    match module.kind(module.parent(member)) {
        AstKind::CallExpression(call) => call.callee.span() != span && names::last(&call.callee) != "expect",
        AstKind::StaticMemberExpression(_) | AstKind::ExpressionStatement(_) => false,
        _ => true,
    }
}
