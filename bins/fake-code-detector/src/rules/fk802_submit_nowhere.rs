//! FK802 submit-nowhere: a form whose values nobody gets.
use crate::analysis::{Act, Deed};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK802",
    name: "submit-nowhere",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "A form is submitted, and no call receives what was entered",
    details: "The user is thanked and the values are gone. Steps of a wizard that hand the values on, searches that put them into the \
              address, and lists that are kept in the state of the component are not meant.",
    repair: "pass the values to whoever stores them, and say thanks after its answer",
    bad: "const save = handleSubmit((values) => {\n  reset(values);\n  notify(\"Address saved\");\n});\n",
    good: "const save = handleSubmit(async (values) => {\n  await api.put(\"/address\", values);\n  notify(\"Address saved\");\n});\n",
    check,
};

/// Where a handler gets what was entered from.
struct Submit {
    id: FunctionId,
    /// Its parameters are the values themselves, no event.
    values: bool,
}

fn check(module: &Module<'_>, sink: &mut Sink) {
    let mut submits: Vec<Submit> = Vec::new();
    for attribute in &module.attributes {
        let name = attribute.it.name.as_identifier().map_or("", |name| name.name.as_str());
        let direct = matches!(name, "onSubmit" | "action" | "formAction");
        if !direct && !matches!(name, "onClick" | "onPress") {
            continue;
        }
        let Some(id) = module.handler_of(attribute.it) else { continue };
        if direct || is_saving(module.function(id).name) && !entered(module, id).is_empty() {
            add(&mut submits, Submit { id, values: direct && (name != "onSubmit" || gets_values(module, id)) });
        }
    }
    // `<form {...form}>` of `const form = { onSubmit: … }`
    for element in &module.elements {
        for item in &element.it.attributes {
            let JSXAttributeItem::SpreadAttribute(it) = item else { continue };
            let Expression::ObjectExpression(props) = module.meant(&it.argument) else { continue };
            let value = crate::analysis::property(props, "onSubmit");
            if let Some(id) = value.and_then(|value| module.function_meant(value)) {
                add(&mut submits, Submit { id, values: gets_values(module, id) });
            }
        }
    }
    for call in &module.calls {
        let wrapped = matches!(names::last(&call.it.callee), "handleSubmit" | "useActionState" | "useFormState");
        let first = call.it.arguments.first().and_then(Argument::as_expression).filter(|_| wrapped);
        if let Some(id) = first.and_then(|value| module.handler_in(value, 0)) {
            add(&mut submits, Submit { id, values: true });
        }
    }
    for function in &module.functions {
        let form = function.params.items.iter().any(|item| {
            item.type_annotation.as_ref().is_some_and(|it| module.text_of(it.type_annotation.span()) == "FormData")
        });
        if form && function.verb_in(&lexicon::EFFECT_VERBS) {
            add(&mut submits, Submit { id: function.id, values: true });
        }
    }
    for submit in &submits {
        if let Some(finding) = finding(module, submit) {
            sink.report(finding);
        }
    }
}

/// `(values, helpers) => …` of a form component; an event is called so.
fn gets_values(module: &Module<'_>, id: FunctionId) -> bool {
    let function = module.function(id);
    let Some(first) = function.params.items.first() else { return false };
    let event = |text: &str| text.contains("Event");
    let typed = first.type_annotation.as_ref().is_some_and(|it| event(module.text_of(it.type_annotation.span())));
    !typed
        && first
            .pattern
            .get_binding_identifier()
            .is_none_or(|name| !matches!(name.name.trim_start_matches('_'), "" | "e" | "ev" | "evt" | "event"))
}

fn add(submits: &mut Vec<Submit>, submit: Submit) {
    let few = submits.len() < 200;
    match submits.iter_mut().find(|it| it.id == submit.id) {
        Some(known) => known.values |= submit.values,
        // No module has more forms than that: what is asked of each looks at the whole component.
        None if few => submits.push(submit),
        None => {}
    }
}

fn is_saving(name: &str) -> bool {
    matches!(
        names::verb(name).as_str(),
        "save"
            | "submit"
            | "send"
            | "publish"
            | "register"
            | "create"
            | "apply"
            | "book"
            | "order"
            | "invite"
            | "upload"
            | "subscribe"
    )
}

fn is_step(name: &str) -> bool {
    names::words(name).iter().any(|word| {
        matches!(
            word.as_str(),
            "next"
                | "continue"
                | "step"
                | "back"
                | "previous"
                | "search"
                | "filter"
                | "cancel"
                | "close"
                | "prevent"
                | "go"
                | "noop"
                | "enter"
                | "key"
                | "reset"
                | "toggle"
        )
    })
}

/// The state of the component around a handler that its fields show.
fn entered(module: &Module<'_>, id: FunctionId) -> Vec<SymbolId> {
    let mut outer = module.function(id);
    while let Some(parent) = outer.parent {
        outer = module.function(parent);
    }
    let mut found = Vec::new();
    for attribute in module.inside(&module.attributes, outer.id) {
        let shows = attribute
            .it
            .name
            .as_identifier()
            .is_some_and(|name| matches!(name.name.as_str(), "value" | "checked" | "values" | "selected"));
        let Some(JSXAttributeValue::ExpressionContainer(it)) = attribute.it.value.as_ref().filter(|_| shows) else {
            continue;
        };
        if let Some(Expression::Identifier(name)) = it.expression.as_expression().map(names::root)
            && let Some(symbol) = module.symbol(name)
            && module.is_state(symbol, 0)
            && !found.contains(&symbol)
        {
            found.push(symbol);
        }
    }
    found
}

fn finding<'a>(module: &Module<'a>, submit: &Submit) -> Option<Finding> {
    let function = module.function(submit.id);
    if is_step(function.name) || !function.has_body() || !module.inside(&module.throws, submit.id).is_empty() {
        return None;
    }
    let state = entered(module, submit.id);
    let given: Vec<SymbolId> = function.parameters().iter().filter_map(|name| name.symbol_id.get()).collect();
    let all: Vec<SymbolId> = state.iter().chain(&given).copied().collect();
    let deeds = module.deeds(submit.id)?;
    let gets = |deed: &Deed<'a>, plain: bool| {
        deed.call
            .arguments
            .iter()
            .any(|argument| argument.as_expression().is_some_and(|value| module.mentions(value, &all, plain)))
    };
    let real: Vec<&Deed<'a>> = deeds.iter().filter(|deed| deed.act == Act::Real).collect();
    // The next step may hand on what this one asked for, where anything ever does.
    let leaves =
        state.iter().any(|symbol| module.is_kept_elsewhere(*symbol, submit.id) || is_given_on(module, *symbol));
    // What was loaded from somebody is theirs: a change of it on the screen is lost with the page.
    let loaded = real.is_empty() && module.changes_loaded(&deeds, submit.id);
    let what = if real.is_empty() {
        let kept = deeds.iter().any(|deed| match deed.act {
            Act::Set => {
                (gets(deed, true) || is_updater(deed.call)) && !loaded
                    || is_next_step(deed.call) && (state.is_empty() || leaves || !names_step(deed.call))
            }
            // Back into the form that it came from is nowhere.
            Act::Leave => gets(deed, false) && names::last(&deed.call.callee) != "reset",
            _ => false,
        });
        let expected =
            submit.values && !given.is_empty() || !state.is_empty() && !deeds.iter().all(|deed| deed.act == Act::Quiet);
        let kept = kept || is_checked_here(module, submit.id, &state);
        let expected = expected || is_native(module, submit, &deeds);
        (!kept && expected && !is_returned(module, submit.id, &all)).then_some("no call receives what was entered")
    } else {
        let empty = real.iter().any(|deed| is_write(module, deed.call))
            && real.iter().all(|deed| !deed.call.arguments.is_empty())
            && !state.is_empty();
        let carried = real.iter().any(|deed| gets(deed, false)) || reads(module, submit.id, &all);
        (empty && !carried).then_some("what is sent holds nothing of what was entered")
    }?;
    let name = if function.name.is_empty() { "the submit handler".to_owned() } else { function.qualified() };
    Some(
        Finding::new(&RULE, function.span, format!("{name}: {what}"))
            .of(submit.id)
            .because(Evidence::AbsentEffect, module.body_span(function), what)
            .because(Evidence::UnreadInput, function.params.span, "the values go nowhere"),
    )
}

/// `setItems((all) => [...all, item])`: the state grows.
fn is_updater(call: &CallExpression<'_>) -> bool {
    matches!(call.arguments.first(), Some(Argument::ArrowFunctionExpression(_) | Argument::FunctionExpression(_)))
}

/// `setStep(step + 1)`: the values wait for the last step.
fn is_next_step(call: &CallExpression<'_>) -> bool {
    let counts = match call.arguments.first() {
        Some(Argument::BinaryExpression(_) | Argument::NumericLiteral(_)) => true,
        Some(Argument::StringLiteral(text)) => !crate::lexicon::SUCCESS_WORDS.has(&text.value) && !is_end(&text.value),
        _ => false,
    };
    counts
        && names::words(names::last(&call.callee)).iter().any(|word| {
            matches!(word.as_str(), "step" | "page" | "stage" | "active" | "index" | "tab" | "view" | "screen")
        })
}

/// A form of fields that keep their own values, whose handler never asks for them and carries on.
fn is_native(module: &Module<'_>, submit: &Submit, deeds: &[Deed<'_>]) -> bool {
    let function = module.function(submit.id);
    let fields = module.attributes.iter().filter(|at| {
        let name = at.it.name.as_identifier().map_or("", |name| name.name.as_str());
        let AstKind::JSXOpeningElement(element) = module.kind(module.parent(at.node)) else { return false };
        name == "name" && matches!(module.text_of(element.name.span()), "input" | "textarea" | "select")
    });
    let text = module.text_of(function.span);
    let asks = ["FormData", ".value", ".elements", "ref", "Ref"].iter().any(|word| text.contains(word));
    fields.count() > 0
        && !asks
        && function.verb_in(&lexicon::EFFECT_VERBS)
        && deeds.iter().any(|deed| matches!(deed.act, Act::Say | Act::Set | Act::Leave))
}

/// `<Summary address={address} />`: another component gets it.
fn is_given_on(module: &Module<'_>, symbol: SymbolId) -> bool {
    module.uses(symbol).take(40).any(|reference| {
        module.around(reference.node_id()).take(8).any(|(id, kind)| {
            let AstKind::JSXAttribute(it) = kind else { return false };
            let AstKind::JSXOpeningElement(element) = module.kind(module.parent(id)) else { return false };
            let own = module.text_of(element.name.span()).starts_with(|sign: char| sign.is_ascii_uppercase());
            let field = matches!(
                it.name.as_identifier().map_or("", |name| name.name.as_str()),
                "value" | "checked" | "selected" | "disabled"
            );
            own && !field
        })
    })
}

/// `if (answer === question.solution)`: the component itself knows what to do with the value.
fn is_checked_here(module: &Module<'_>, id: FunctionId, state: &[SymbolId]) -> bool {
    let function = module.function(id);
    let compared = |node: NodeId| match module.kind(module.parent(node)) {
        AstKind::BinaryExpression(it) => {
            let equal = matches!(it.operator, BinaryOperator::StrictEquality | BinaryOperator::Equality);
            equal && !it.left.is_literal() && !it.right.is_literal()
        }
        _ => false,
    };
    state.iter().any(|symbol| {
        module.uses(*symbol).any(|reference| {
            let node = reference.node_id();
            node > function.node && node < function.end && compared(node)
        })
    })
}

/// `setStep("sent")`: a step with a name; of one with a number others come behind.
fn names_step(call: &CallExpression<'_>) -> bool {
    matches!(call.arguments.first(), Some(Argument::StringLiteral(_)))
}

/// The step behind which nothing comes.
fn is_end(text: &str) -> bool {
    names::words(text).iter().any(|word| {
        matches!(
            word.as_str(),
            "thanks"
                | "thank"
                | "submitted"
                | "success"
                | "done"
                | "complete"
                | "completed"
                | "finished"
                | "sent"
                | "end"
        )
    })
}

/// Whether what a handler returns holds what was entered: whoever called it gets it.
fn is_returned<'a>(module: &Module<'a>, id: FunctionId, symbols: &[SymbolId]) -> bool {
    module.returns_of(id).filter_map(|it| it.value).any(|value| {
        module.mentions(value, symbols, false) && !matches!(value.get_inner_expression(), Expression::CallExpression(_))
    })
}

/// Whether a call is a request that writes.
fn is_write<'a>(module: &Module<'a>, call: &'a CallExpression<'a>) -> bool {
    let text = module.text_of(call.span);
    matches!(names::last(&call.callee), "post" | "put" | "patch")
        || ["\"POST\"", "'POST'", "\"PUT\"", "'PUT'", "\"PATCH\"", "'PATCH'"].iter().any(|method| text.contains(method))
}

/// Whether a handler reads what was entered in any other way than to test it: into a variable that is sent, perhaps.
fn reads(module: &Module<'_>, id: FunctionId, symbols: &[SymbolId]) -> bool {
    let function = module.function(id);
    symbols.iter().any(|symbol| {
        module.uses(*symbol).any(|reference| {
            let node = reference.node_id();
            let inside = node > function.node && node < function.end;
            inside
                && module
                    .around(node)
                    .take_while(|(around, _)| *around > function.node)
                    .any(|(_, kind)| matches!(kind, AstKind::VariableDeclarator(_) | AstKind::AssignmentExpression(_)))
        })
    })
}
