//! Data that is written out as the text of a document: `JSON.parse('[{"id": 7, …}, …]')`.
use rustc_hash::FxHashSet;

use super::{RULE, is_reference};
use crate::analysis::Reach;
use crate::finding::{Evidence, Finding};
use crate::guards::Sink;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::syntax::*;

pub(super) fn parsed(module: &Module<'_>, seen: &mut FxHashSet<Option<FunctionId>>, sink: &mut Sink) {
    for at in &module.calls {
        let json = names::last(&at.it.callee) == "parse"
            && names::object(&at.it.callee).is_some_and(|object| object.is_specific_id("JSON"));
        let text = match at.it.arguments.first().filter(|_| json) {
            Some(Argument::StringLiteral(text)) => text.value.as_str(),
            Some(Argument::TemplateLiteral(it)) if it.expressions.is_empty() => {
                it.quasis.first().map_or("", |part| part.value.raw.as_str())
            }
            _ => continue,
        };
        if !is_data(text) {
            continue;
        }
        let symbol = module.constant_of(at.node);
        let giver = match (at.function, symbol) {
            (Some(id), _) if module.reach(at.node) >= Reach::Return => Some(module.home(id)),
            (None, Some(symbol)) if !is_reference(module.semantic.scoping().symbol_name(symbol)) => {
                module.giver_of(symbol)
            }
            _ => None,
        };
        let Some(home) = giver.filter(|id| !is_reference(module.function(*id).name)) else { continue };
        if !seen.insert(Some(home)) {
            continue;
        }
        let it = module.function(home);
        sink.report(
            Finding::new(&RULE, it.span, format!("{} gives data that is written out as text", it.qualified()))
                .of(home)
                .because(Evidence::InventedValue, at.it.span, "a document of data, as a literal")
                .because(Evidence::ConstantOutcome, at.it.span, "always the same"),
        );
    }
}

/// Two and more values under keys, numbers among them.
fn is_data(text: &str) -> bool {
    let keys = text.matches("\":").count();
    let numbers = text
        .split("\":")
        .skip(1)
        .filter(|rest| rest.trim_start().starts_with(|next: char| next.is_ascii_digit()))
        .count();
    text.len() >= 24 && keys >= 2 && numbers >= 2
}
