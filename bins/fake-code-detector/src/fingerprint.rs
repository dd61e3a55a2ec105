//! What stays the same of a finding when code is moved, formatted or commented otherwise: a hash of its rule, its function's name and the
//! shape of the code.
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::finding::Finding;
use crate::model::{FunctionId, Module};
use crate::syntax::*;

/// 16 hex digits.
pub(crate) fn of(module: &Module<'_>, finding: &Finding, place: Option<FunctionId>) -> String {
    let mut hash = Sha256::new();
    hash.update(finding.rule.id);
    match place.map(|id| module.function(id)) {
        Some(function) => {
            hash.update([0]);
            hash.update(function.qualified());
            hash.update([0]);
            nodes(module, &mut hash, (function.node, function.end));
        }
        None => hash.update(module.text_of(finding.span).split_whitespace().collect::<String>()),
    }
    let digest = hash.finalize();
    digest.iter().take(8).fold(String::new(), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Kinds, names and literals: what a formatter does not touch.
fn nodes(module: &Module<'_>, hash: &mut Sha256, (start, end): (NodeId, NodeId)) {
    for index in start.index()..end.index() {
        let kind = module.kind(NodeId::from_usize(index));
        if matches!(kind, AstKind::ParenthesizedExpression(_)) {
            continue;
        }
        match kind {
            // `{ 'rate': 1 }` and `{ rate: 1 }` are the same: formatters change one into the other.
            AstKind::IdentifierName(_) | AstKind::StringLiteral(_) => hash.update([u8::MAX]),
            _ => hash.update([kind.ty() as u8]),
        }
        match kind {
            AstKind::IdentifierName(it) => hash.update(it.name.as_str()),
            AstKind::IdentifierReference(it) => hash.update(it.name.as_str()),
            AstKind::BindingIdentifier(it) => hash.update(it.name.as_str()),
            AstKind::StringLiteral(it) => hash.update(it.value.as_str()),
            AstKind::TemplateElement(it) => hash.update(it.value.raw.as_str()),
            AstKind::NumericLiteral(it) => hash.update(it.value.to_be_bytes()),
            AstKind::BooleanLiteral(it) => hash.update([u8::from(it.value)]),
            AstKind::BinaryExpression(it) => hash.update([it.operator as u8]),
            AstKind::LogicalExpression(it) => hash.update([it.operator as u8]),
            AstKind::AssignmentExpression(it) => hash.update([it.operator as u8]),
            AstKind::UnaryExpression(it) => hash.update([it.operator as u8]),
            _ => {}
        }
        hash.update([0]);
    }
}
