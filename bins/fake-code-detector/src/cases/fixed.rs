//! Whether a value in a test is fixed by the text of the test alone: nothing that is tested has touched it.
use crate::analysis::{CallKind, Origin};
use crate::lexicon;
use crate::model::Module;
use crate::names;
use crate::syntax::*;

const DEEPEST: usize = 24;

impl<'a> Module<'a> {
    /// Whether a value is made of literals of the test alone.
    pub(crate) fn is_fixed(&self, value: &'a Expression<'a>) -> bool {
        self.fixed(value, 0)
    }

    fn fixed(&self, value: &'a Expression<'a>, depth: usize) -> bool {
        if depth > DEEPEST {
            return false;
        }
        let of = |value: &'a Expression<'a>| self.fixed(value, depth + 1);
        match value.get_inner_expression() {
            Expression::NumericLiteral(_)
            | Expression::StringLiteral(_)
            | Expression::BooleanLiteral(_)
            | Expression::NullLiteral(_)
            | Expression::BigIntLiteral(_)
            | Expression::RegExpLiteral(_) => true,
            Expression::TemplateLiteral(it) => it.expressions.iter().all(of),
            Expression::Identifier(name) => match self.symbol(name) {
                Some(symbol) => self.is_fixed_symbol(symbol, depth + 1),
                None => matches!(name.name.as_str(), "undefined" | "NaN" | "Infinity"),
            },
            Expression::ArrayExpression(it) => it.elements.iter().all(|element| match element {
                ArrayExpressionElement::SpreadElement(spread) => of(&spread.argument),
                ArrayExpressionElement::Elision(_) => true,
                other => other.as_expression().is_some_and(of),
            }),
            Expression::ObjectExpression(it) => it.properties.iter().all(|property| match property {
                ObjectPropertyKind::SpreadProperty(spread) => of(&spread.argument),
                ObjectPropertyKind::ObjectProperty(property) => {
                    !property.method
                        && property.kind == PropertyKind::Init
                        && (!property.computed)
                        && of(&property.value)
                }
            }),
            Expression::UnaryExpression(it) => it.operator != UnaryOperator::Delete && of(&it.argument),
            Expression::BinaryExpression(it) => of(&it.left) && of(&it.right),
            Expression::LogicalExpression(it) => of(&it.left) && of(&it.right),
            Expression::ConditionalExpression(it) => of(&it.test) && of(&it.consequent) && of(&it.alternate),
            Expression::AwaitExpression(it) => of(&it.argument),
            // `({}).polluted` asks what the code under test did to all objects.
            Expression::StaticMemberExpression(it) => {
                !matches!(it.object.get_inner_expression(), Expression::ObjectExpression(_)) && of(&it.object)
            }
            Expression::ComputedMemberExpression(it) => of(&it.object) && of(&it.expression),
            Expression::CallExpression(call) => self.is_fixed_call(call, depth + 1),
            _ => false,
        }
    }

    fn is_fixed_call(&self, call: &'a CallExpression<'a>, depth: usize) -> bool {
        let argument = |argument: &'a Argument<'a>| match argument.as_expression() {
            Some(Expression::ArrowFunctionExpression(it)) => self.is_fixed_function(it.node_id.get(), depth + 1),
            Some(value) => self.fixed(value, depth + 1),
            None => false,
        };
        match self.call_kind(call) {
            CallKind::Pure => {
                let object = names::object(&call.callee);
                let made = object.is_none_or(|object| match object.get_inner_expression() {
                    Expression::Identifier(name) if self.symbol(name).is_none() => {
                        lexicon::PURE_GLOBALS.has(name.name.as_str())
                            && !matches!(name.name.as_str(), "Date" | "performance" | "Reflect" | "Promise" | "Intl")
                            && names::last(&call.callee) != "random"
                    }
                    Expression::ObjectExpression(_) => false,
                    object => self.fixed(object, depth + 1),
                });
                object.is_some() && made && call.arguments.iter().all(argument)
            }
            // A helper of the test itself that only computes: what is tested is a copy.
            CallKind::Local(id) => {
                let own = self.summary(id).is_some_and(|it| {
                    it.effects().is_empty()
                        && it.throws() == 0
                        && it.answer().without(Origin::LITERAL | Origin::INPUT | Origin::INDEX) == Origin::NONE
                        && it.answer() != Origin::NONE
                });
                own && names::object(&call.callee).is_none()
                    && !self.function(id).is_generator
                    && call.arguments.iter().all(argument)
            }
            _ => false,
        }
    }

    /// A callback that reads nothing but its own parameters and fixed values.
    fn is_fixed_function(&self, node: NodeId, depth: usize) -> bool {
        let Some(function) = self.function_at(node).map(|id| self.function(id)) else { return false };
        (function.node.index()..function.end.index()).all(|index| match self.kind(NodeId::from_usize(index)) {
            AstKind::IdentifierReference(name) => match self.symbol(name) {
                Some(symbol) => {
                    self.declaration(symbol) >= function.node && self.declaration(symbol) < function.end
                        || self.is_fixed_symbol(symbol, depth + 1)
                        || self.is_row_of_table(symbol, depth + 1)
                }
                None => matches!(name.name.as_str(), "undefined" | "Math" | "String" | "Number"),
            },
            AstKind::NewExpression(_) | AstKind::ThisExpression(_) | AstKind::AwaitExpression(_) => false,
            AstKind::CallExpression(call) => self.call_kind(call) == CallKind::Pure,
            _ => true,
        })
    }

    fn is_fixed_symbol(&self, symbol: SymbolId, depth: usize) -> bool {
        if depth > DEEPEST {
            return false;
        }
        if let Some(known) = self.tests().fixed.borrow().get(&symbol) {
            return *known;
        }
        self.tests().fixed.borrow_mut().insert(symbol, false);
        let fixed = self.find_fixed(symbol, depth);
        self.tests().fixed.borrow_mut().insert(symbol, fixed);
        fixed
    }

    fn find_fixed(&self, symbol: SymbolId, depth: usize) -> bool {
        let node = self.declaration(symbol);
        match self.kind(node) {
            AstKind::VariableDeclarator(it) => {
                let value = match &it.init {
                    Some(init) => init,
                    None => match self.kind(self.parent(self.parent(node))) {
                        AstKind::ForOfStatement(it) => &it.right,
                        _ => return false,
                    },
                };
                self.fixed(value, depth + 1)
                    && (is_primitive(value) || self.stays(symbol, node, depth + 1))
                    && !self.is_changed(symbol)
            }
            AstKind::FormalParameter(_) => self.is_fixed_parameter(symbol, node, depth + 1),
            _ => false,
        }
    }

    /// A parameter of a case in a table, or of a callback over a list.
    fn is_fixed_parameter(&self, symbol: SymbolId, node: NodeId, depth: usize) -> bool {
        let Some(function) = self.function_around(node).map(|id| self.function(id)) else { return false };
        let AstKind::CallExpression(call) = self.kind(self.parent(function.node)) else { return false };
        let over = match call.callee.get_inner_expression() {
            Expression::CallExpression(table) if matches!(names::last(&table.callee), "each" | "for") => {
                table.arguments.first().and_then(Argument::as_expression)
            }
            callee
                if matches!(
                    names::last(callee),
                    "forEach" | "map" | "filter" | "find" | "some" | "every" | "flatMap"
                ) =>
            {
                names::object(callee)
            }
            _ => None,
        };
        over.is_some_and(|list| self.fixed(list, depth + 1))
            && !self.is_changed(symbol)
            && self.stays(symbol, node, depth + 1)
    }

    /// Whether a variable is given another value after its declaration.
    pub(crate) fn is_changed(&self, symbol: SymbolId) -> bool {
        let changed = &self.tests().changed;
        if let Some(known) = changed.borrow().get(&symbol) {
            return *known;
        }
        let found = self.uses(symbol).any(Reference::is_write);
        changed.borrow_mut().insert(symbol, found);
        found
    }

    /// Whether an object stays in the hands of the test: nobody gets it who might change it, and callbacks do not fill it.
    fn stays(&self, symbol: SymbolId, declaration: NodeId, depth: usize) -> bool {
        let home = self.function_around(declaration);
        self.uses(symbol).all(|reference| self.use_keeps(reference.node_id(), home, depth))
    }

    fn use_keeps(&self, node: NodeId, home: Option<crate::model::FunctionId>, depth: usize) -> bool {
        let mut inner = self.kind(node).span();
        // A change in a callback, a branch or a loop depends on what is tested.
        let nested = self.function_around(node) != home || self.is_in_branch(node, home);
        let mut is_member = false;
        for (_, around) in self.around(node) {
            match around {
                AstKind::StaticMemberExpression(it) => {
                    is_member = self.is_plain_property(node, it.property.name.as_str())
                }
                AstKind::ComputedMemberExpression(_) => is_member = false,
                AstKind::ParenthesizedExpression(_)
                | AstKind::TSAsExpression(_)
                | AstKind::TSNonNullExpression(_)
                | AstKind::ChainExpression(_)
                | AstKind::TSSatisfiesExpression(_) => {}
                AstKind::AssignmentExpression(it) if it.left.span().contains_inclusive(inner) => {
                    return !nested && home.is_some() && self.fixed(&it.right, depth + 1);
                }
                AstKind::UpdateExpression(_) => return !nested && home.is_some(),
                AstKind::AssignmentExpression(_)
                | AstKind::NewExpression(_)
                | AstKind::YieldExpression(_)
                | AstKind::JSXExpressionContainer(_) => return is_member,
                // The props of a component are copied.
                AstKind::JSXSpreadAttribute(_) => return true,
                AstKind::ReturnStatement(_) | AstKind::ObjectProperty(_) | AstKind::ArrayExpression(_) => {
                    return is_member;
                }
                AstKind::VariableDeclarator(it) => return is_member || it.id.get_binding_identifier().is_none(),
                AstKind::SpreadElement(_) => return true,
                AstKind::CallExpression(call) => return self.call_keeps(call, inner, nested, is_member, depth),
                AstKind::UnaryExpression(it) if it.operator == UnaryOperator::Delete => return false,
                AstKind::ForOfStatement(_)
                | AstKind::BinaryExpression(_)
                | AstKind::IfStatement(_)
                | AstKind::TemplateLiteral(_)
                | AstKind::UnaryExpression(_) => return true,
                _ => return true,
            }
            inner = around.span();
        }
        true
    }

    /// Whether what stands under a key of a literal is a plain value, which nobody can change from afar.
    fn is_plain_property(&self, node: NodeId, key: &str) -> bool {
        let AstKind::IdentifierReference(name) = self.kind(node) else { return false };
        let Some(value) = self.symbol(name).and_then(|symbol| self.unchanged_value(symbol)) else { return false };
        let Expression::ObjectExpression(object) = value.get_inner_expression() else { return false };
        key == "length" || crate::analysis::property(object, key).is_some_and(is_primitive)
    }

    /// Whether a symbol is taken out of a fixed table by a pattern: which row it is of is known.
    fn is_row_of_table(&self, symbol: SymbolId, depth: usize) -> bool {
        let node = self.declaration(symbol);
        let AstKind::VariableDeclarator(it) = self.kind(node) else { return false };
        match self.kind(self.parent(self.parent(node))) {
            AstKind::ForOfStatement(list) if it.init.is_none() => self.fixed(&list.right, depth + 1),
            _ => false,
        }
    }

    fn is_in_branch(&self, node: NodeId, home: Option<crate::model::FunctionId>) -> bool {
        let start = home.map_or(NodeId::from_usize(0), |home| self.function(home).node);
        self.around(node).take_while(|(id, _)| *id > start).any(|(_, kind)| {
            matches!(
                kind,
                AstKind::BlockStatement(_)
                    | AstKind::IfStatement(_)
                    | AstKind::LogicalExpression(_)
                    | AstKind::ConditionalExpression(_)
                    | AstKind::ForStatement(_)
                    | AstKind::ForOfStatement(_)
            )
        })
    }

    /// A function of the language: `JSON.stringify`, `Object.keys`.
    fn is_language(&self, callee: &'a Expression<'a>) -> bool {
        matches!(names::root(callee), Expression::Identifier(name) if self.symbol(name).is_none() && lexicon::PURE_GLOBALS.has(name.name.as_str()))
    }

    fn call_keeps(
        &self,
        call: &'a CallExpression<'a>,
        inner: Span,
        nested: bool,
        is_member: bool,
        depth: usize,
    ) -> bool {
        let callee = call.callee.get_inner_expression();
        if call.callee.span().contains_inclusive(inner) {
            let method = names::last(callee);
            if lexicon::MUTATORS.has(method) {
                return !nested
                    && call
                        .arguments
                        .iter()
                        .all(|it| it.as_expression().is_some_and(|value| self.fixed(value, depth + 1)));
            }
            return lexicon::PURE_METHODS.has(method)
                || matches!(names::root(callee), Expression::Identifier(name) if name.name == "expect")
                || matches!(method, "each" | "for");
        }
        let asserts = matches!(names::root(callee), Expression::Identifier(name) if matches!(name.name.as_str(), "expect" | "assert" | "it" | "test" | "describe" | "console"));
        asserts
            || is_member
            || self.is_language(callee)
                && !matches!(names::last(callee), "assign" | "defineProperty" | "defineProperties" | "setPrototypeOf")
            || self.call_kind(call) == CallKind::Log
    }
}

impl<'a> Module<'a> {
    /// `queryByText("x")` that was taken from `render(…)`: it answers null, never undefined.
    pub(crate) fn is_fixed_query(&self, call: &CallExpression<'a>) -> bool {
        let Expression::Identifier(name) = &call.callee else { return false };
        let query = name.name.starts_with("queryBy") || name.name.starts_with("queryAllBy");
        query
            && self
                .symbol(name)
                .is_some_and(|symbol| matches!(self.kind(self.declaration(symbol)), AstKind::VariableDeclarator(_)))
    }

    /// `xs.filter(f)`, `xs.map(f)`: with a function, it is a list.
    pub(crate) fn is_list_call(&self, call: &CallExpression<'a>) -> bool {
        call.arguments.len() == 1
            && call
                .arguments
                .first()
                .and_then(Argument::as_expression)
                .is_some_and(|value| matches!(value.get_inner_expression(), Expression::ArrowFunctionExpression(_)))
    }
}

fn is_primitive(value: &Expression<'_>) -> bool {
    matches!(
        value.get_inner_expression(),
        Expression::NumericLiteral(_)
            | Expression::StringLiteral(_)
            | Expression::BooleanLiteral(_)
            | Expression::NullLiteral(_)
            | Expression::BigIntLiteral(_)
            | Expression::TemplateLiteral(_)
            | Expression::BinaryExpression(_)
            | Expression::UnaryExpression(_)
    )
}
