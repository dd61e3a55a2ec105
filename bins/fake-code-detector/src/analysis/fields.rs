//! Fields that a class sets once to a literal and never changes: reading one is reading the literal.
use crate::analysis::Shape;
use crate::lexicon;
use crate::model::{Module, Write};
use crate::names;
use crate::syntax::*;

/// In a larger class a field counts as changed: the search would cost more than it is worth.
const MOST: usize = 300;

impl<'a> Module<'a> {
    /// Whether `this.<name>` at a node is a literal that nothing in the class changes.
    pub(crate) fn is_constant_field(&self, node: NodeId, name: &str) -> bool {
        let Some(class) = self.class_around(node) else { return false };
        let literal = class.members.iter().find(|member| member.name == name).is_some_and(|member| {
            // A public field may be set from outside.
            let private = matches!(
                self.text_of(member.span).split_whitespace().next(),
                Some("private" | "readonly" | "static" | "protected")
            ) || self.text_of(member.span).starts_with('#');
            private
                && !member.injected
                && member.value.is_some_and(|value| {
                    Shape::of(value).is_some() && !matches!(value.get_inner_expression(), Expression::NewExpression(_))
                })
        });
        if !literal {
            return false;
        }
        let writes = self.between(&self.writes, class.node, class.end);
        let calls = self.between(&self.calls, class.node, class.end);
        if writes.len() > MOST || calls.len() > MOST * 2 {
            return false;
        }
        let is_it = |span: Span| {
            let rest = self.text_of(span).strip_prefix("this.").and_then(|text| text.strip_prefix(name));
            rest.is_some_and(|rest| {
                !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_' || next == '$')
            })
        };
        let written = writes.iter().any(|write| match write.it {
            Write::Assign(it) => is_it(it.left.span()),
            Write::Update(it) => is_it(it.argument.span()),
        });
        let changed = calls
            .iter()
            .any(|call| is_it(call.it.callee.span()) && lexicon::MUTATORS.has(names::last(&call.it.callee)));
        !written && !changed
    }
}
