//! Who gives a value away: functions that answer requests or are asked for data, and components that show it.
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{Function, FunctionId, Module};
use crate::names;
use crate::syntax::*;

/// Attributes that show a value as it is.
static SHOWING: Names = Names::new(&[
    "value",
    "count",
    "amount",
    "total",
    "data",
    "rows",
    "items",
    "series",
    "figure",
    "number",
    "current",
    "points",
    "dataSource",
    "source",
    "stats",
    "metrics",
    "values",
    "entries",
    "records",
    "list",
    "change",
    "trend",
    "delta",
]);

impl<'a> Module<'a> {
    /// Whether a function answers requests, or is asked for data that it has to bring from elsewhere.
    pub(crate) fn hands_out(&self, id: FunctionId) -> bool {
        let it = self.function(id);
        self.answers_requests(it) || self.is_asked(it)
    }

    /// A handler of a server: `router.get("/x", …)`, `export async function GET()`, `(req, res) => …`, `loader`.
    pub(crate) fn answers_requests(&self, it: &Function<'a>) -> bool {
        let routed = matches!(it.argument_of, "get" | "post" | "put" | "patch" | "delete" | "all" | "route" | "handle");
        let named = matches!(
            it.name,
            "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "loader" | "getServerSideProps" | "getStaticProps"
        );
        let first = it.params.items.first().and_then(|item| item.pattern.get_binding_identifier());
        let request = first.is_some_and(|name| matches!(name.name.trim_start_matches('_'), "req" | "request"))
            && it.params.items.len() >= 2;
        let typed = it.params.items.first().and_then(|item| item.type_annotation.as_ref()).is_some_and(|kind| {
            let text = self.text_of(kind.type_annotation.span());
            text.contains("Request") || text == "Context" || text.starts_with("Context<")
        });
        routed && !it.params.items.is_empty() || named || typed || request && it.params.items.len() <= 3
    }

    /// An asynchronous function whose name asks for data.
    pub(crate) fn is_asked(&self, it: &Function<'a>) -> bool {
        let later = it.is_async
            || it.return_type.is_some_and(|kind| self.text_of(kind.span()).starts_with("Promise"))
            || self.inside(&self.news, it.id).iter().any(|new| new.it.callee.is_specific_id("Promise"))
            || self.returns_of(it.id).filter_map(|it| it.value).any(|value| {
                matches!(value.get_inner_expression(), Expression::CallExpression(call)
                    if names::object(&call.callee).is_some_and(|object| object.is_specific_id("Promise")))
            });
        later && names::verb_in(it.name, &lexicon::QUERY_VERBS)
    }

    /// Whether a node stands in the markup of a component where it is read as a figure or as rows.
    pub(crate) fn is_shown(&self, node: NodeId) -> bool {
        for (id, around) in self.around(node).take(16) {
            match around {
                AstKind::JSXAttribute(it) => {
                    return it.name.as_identifier().is_some_and(|name| SHOWING.has(name.name.as_str()));
                }
                AstKind::JSXExpressionContainer(_) => {
                    if matches!(self.kind(self.parent(id)), AstKind::JSXElement(_) | AstKind::JSXFragment(_)) {
                        return true;
                    }
                }
                AstKind::Function(_) | AstKind::ArrowFunctionExpression(_) | AstKind::VariableDeclarator(_) => {
                    return false;
                }
                _ => {}
            }
        }
        false
    }

    /// The variable of the module that a value is written into.
    pub(crate) fn constant_of(&self, node: NodeId) -> Option<SymbolId> {
        for (_, around) in self.around(node).take(6) {
            match around {
                AstKind::VariableDeclarator(it) => return it.id.get_binding_identifier()?.symbol_id.get(),
                AstKind::TSAsExpression(_)
                | AstKind::TSSatisfiesExpression(_)
                | AstKind::ParenthesizedExpression(_) => {}
                AstKind::CallExpression(call) if matches!(names::last(&call.callee), "freeze" | "parse") => {}
                _ => return None,
            }
        }
        None
    }

    /// The function that shows a constant of the module or hands it out; nothing where the input picks from it.
    pub(crate) fn giver_of(&self, symbol: SymbolId) -> Option<FunctionId> {
        let mut giver = None;
        for reference in self.uses(symbol).take(40) {
            let node = reference.node_id();
            if let AstKind::ComputedMemberExpression(it) = self.kind(self.parent(node))
                && !it.expression.is_literal()
                && it.object.span() == self.kind(node).span()
            {
                return None;
            }
            let Some(function) = self.function_around(node) else { continue };
            let home = self.home(function);
            let given = self.is_shown(node)
                || matches!(self.kind(self.parent(node)), AstKind::CallExpression(call) if self.is_setter(call))
                || self.hands_out(home) && self.reach(node) >= crate::analysis::Reach::Return;
            if given && giver.is_none() {
                giver = Some(home);
            }
        }
        giver
    }
}
