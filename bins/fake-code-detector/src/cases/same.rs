//! Whether two expressions are the same thing: through aliases, copies and the constants that hold them.
use crate::analysis::CallKind;
use crate::model::Module;
use crate::names;
use crate::syntax::*;

const DEEPEST: usize = 12;
/// How long a form gets before it goes on as it is written, and how many calls between two places are looked at.
const LONGEST: usize = 4000;
const CALLS: usize = 100;

/// What an expression is, in one form; whether it holds a call.
pub(crate) struct Form {
    pub(crate) text: String,
    pub(crate) has_call: bool,
    /// A constant that holds a call was looked through.
    pub(crate) through_variable: bool,
}

impl<'a> Module<'a> {
    /// The form of an expression as it stands at `at`.
    pub(crate) fn form(&self, value: &'a Expression<'a>, at: u32) -> Form {
        let mut form = Form { text: String::new(), has_call: false, through_variable: false };
        self.write_form(value, at, &mut form, 0);
        form
    }

    fn write_form(&self, value: &'a Expression<'a>, at: u32, form: &mut Form, depth: usize) {
        let value = value.get_inner_expression();
        if depth > DEEPEST || form.text.len() > LONGEST {
            form.text.push_str(self.text_of(value.span()));
            return;
        }
        match value {
            Expression::Identifier(name) => self.write_name(name, at, form, depth),
            Expression::StaticMemberExpression(it) => {
                self.write_form(&it.object, at, form, depth + 1);
                form.text.push('.');
                form.text.push_str(it.property.name.as_str());
            }
            Expression::AwaitExpression(it) => self.write_form(&it.argument, at, form, depth + 1),
            Expression::CallExpression(call) => {
                form.has_call = true;
                self.write_form(&call.callee, at, form, depth + 1);
                form.text.push('(');
                for argument in &call.arguments {
                    match argument.as_expression() {
                        Some(value) => self.write_form(value, at, form, depth + 1),
                        None => form.text.push_str(self.text_of(argument.span())),
                    }
                    form.text.push(',');
                }
                form.text.push(')');
            }
            other => {
                if self.has_call_inside(other.span(), at) {
                    form.has_call = true;
                }
                form.text.extend(self.text_of(other.span()).split_whitespace());
            }
        }
    }

    fn has_call_inside(&self, span: Span, _at: u32) -> bool {
        let text = self.text_of(span);
        text.contains('(')
    }

    fn write_name(&self, name: &IdentifierReference<'a>, at: u32, form: &mut Form, depth: usize) {
        let Some(symbol) = self.symbol(name) else {
            form.text.push_str(name.name.as_str());
            return;
        };
        if let Some(init) = self.unchanged_value(symbol) {
            match init.get_inner_expression() {
                Expression::Identifier(other) => return self.write_name(other, at, form, depth + 1),
                // A plain literal is the same thing under its name.
                Expression::StringLiteral(_) | Expression::NumericLiteral(_) | Expression::BooleanLiteral(_) => {
                    form.text.extend(self.text_of(init.span()).split_whitespace());
                    return;
                }
                // The same call again, when nothing else was called in between.
                Expression::CallExpression(_) | Expression::AwaitExpression(_)
                    if depth < 3 && self.is_quiet(init.span(), at) =>
                {
                    form.through_variable = true;
                    return self.write_form(init, at, form, depth + 1);
                }
                // `const total = cart.total`, when nothing was called or written in between.
                Expression::StaticMemberExpression(it)
                    if depth < 3
                        && matches!(it.object, Expression::Identifier(_))
                        && self.is_quiet(init.span(), at)
                        && self.is_unwritten(init.span(), at) =>
                {
                    return self.write_form(init, at, form, depth + 1);
                }
                _ => {}
            }
        }
        form.text.push_str(&format!("#{}", symbol.index()));
    }

    /// The value of a variable that is given one value and keeps it.
    pub(crate) fn unchanged_value(&self, symbol: SymbolId) -> Option<&'a Expression<'a>> {
        let AstKind::VariableDeclarator(it) = self.kind(self.declaration(symbol)) else { return None };
        it.id.get_binding_identifier()?;
        let changed = self.is_changed(symbol);
        let init = it.init.as_ref()?;
        let alias_changes = match init.get_inner_expression() {
            Expression::Identifier(other) => self.symbol(other).is_none_or(|other| self.is_changed(other)),
            _ => false,
        };
        (!changed && !alias_changes).then_some(init)
    }

    /// Whether nothing is written, deleted, waited for or made between an expression and a place.
    fn is_unwritten(&self, from: Span, to: u32) -> bool {
        let between = |node: NodeId| (from.end..to).contains(&self.kind(node).span().start);
        !self.writes.iter().any(|it| between(it.node))
            && !self.deletes.iter().any(|it| between(it.node))
            && !self.awaits.iter().any(|it| between(it.node))
            && !self.news.iter().any(|it| between(it.node))
    }

    /// Whether nothing is called behind a call and before a place but the same call and assertions.
    fn is_quiet(&self, asked: Span, to: u32) -> bool {
        let from = asked.end;
        let question = self.text_of(asked).trim_start_matches("await ");
        let first = self.calls.partition_point(|call| call.it.span.start < from);
        let between = self.calls[first..].partition_point(|call| call.it.span.start < to);
        between < CALLS && self.calls[first..first + between].iter().all(|call| {
            // Also what is asked on the way to the same question.
            if question.contains(self.text_of(call.it.span)) {
                return true;
            }
            let root = names::root(&call.it.callee);
            matches!(root, Expression::Identifier(name) if matches!(name.name.as_str(), "expect" | "assert" | "console")) || self.call_kind(call.it) == CallKind::Pure
        })
    }
}
