//! Where a value comes from: the set of everything that its making reads.
use std::cell::Cell;
use std::ops::{BitOr, BitOrAssign};

use crate::lexicon;
use crate::model::{FunctionId, Module, Role};
use crate::names;
use crate::syntax::*;

/// The set of sources of a value. The empty set and [`Origin::LITERAL`] alone both mean a constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Origin(u16);

impl Origin {
    /// Nothing.
    pub(crate) const NONE: Self = Self(0);
    /// Literals of the text.
    pub(crate) const LITERAL: Self = Self(1);
    /// Parameters of a function around it.
    pub(crate) const INPUT: Self = Self(2);
    /// Fields of `this`.
    pub(crate) const FIELD: Self = Self(4);
    /// Variables of the module that change, imported values, globals such as `window`.
    pub(crate) const OUTER: Self = Self(8);
    /// What a call answered whose body is not in the module.
    pub(crate) const CALL: Self = Self(16);
    /// Randomness.
    pub(crate) const RANDOM: Self = Self(32);
    /// The clock.
    pub(crate) const TIME: Self = Self(64);
    /// The number of a turn: of a loop, or the index that `map` gives.
    pub(crate) const INDEX: Self = Self(128);
    /// The environment: `process.env`.
    pub(crate) const ENV: Self = Self(256);
    /// Randomness that is an identifier: `randomUUID()`, `Math.random().toString(36)`.
    pub(crate) const TOKEN: Self = Self(512);

    /// Whether anything of `other` is in it.
    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Without what is in `other`.
    pub(crate) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether it is made of nothing but literals.
    pub(crate) fn is_constant(self) -> bool {
        self.without(Self::LITERAL) == Self::NONE
    }

    /// Whether anything real is in it: input, state, the environment or an answer.
    pub(crate) fn is_real(self) -> bool {
        self.has(Self::INPUT | Self::FIELD | Self::OUTER | Self::CALL | Self::ENV)
    }
}

impl BitOr for Origin {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Origin {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// Where the values of variables and expressions come from, where that was asked for.
pub(crate) struct Origins {
    symbols: Vec<Cell<Origin>>,
    /// By node; only what was found out while nothing else was.
    values: Vec<Cell<u16>>,
}

impl Origins {
    const UNASKED: Origin = Origin(u16::MAX);

    /// Of a value that is known.
    const KNOWN: u16 = 1 << 15;
    /// Of a value of which a part depends on how values come about.
    const DEPENDS: u16 = 1 << 14;

    /// Of a module with so many variables and nodes.
    pub(crate) fn of(symbols: usize, nodes: usize) -> Self {
        Self { symbols: vec![Cell::new(Self::UNASKED); symbols], values: vec![Cell::new(0); nodes] }
    }

    fn get(&self, symbol: SymbolId) -> Option<Origin> {
        self.symbols.get(symbol.index()).map(Cell::get).filter(|known| *known != Self::UNASKED)
    }

    fn keep(&self, symbol: SymbolId, origin: Origin) {
        if let Some(place) = self.symbols.get(symbol.index()) {
            place.set(origin);
        }
    }
}

/// How many parts of an expression deep, and how many variables deep, origins are looked for; what is deeper counts as an answer.
const PARTS: usize = 100;
const VARIABLES: u32 = 40;

impl<'a> Module<'a> {
    /// Where a value comes from; kept, since many rules ask for the same.
    pub(crate) fn origin(&self, value: &'a Expression<'a>) -> Origin {
        let Some(place) = node_of(value).and_then(|node| self.origins.values.get(node.index())) else {
            return self.origin_at(value, 0);
        };
        if !self.is_settled() {
            return self.origin_at(value, 0);
        }
        let known = place.get();
        if known & Origins::KNOWN != 0 {
            self.depends.set(self.depends.get() || known & Origins::DEPENDS != 0);
            return Origin(known & !(Origins::KNOWN | Origins::DEPENDS));
        }
        let outer = self.depends.replace(false);
        let found = self.origin_at(value, 0);
        place.set(found.0 | Origins::KNOWN | if self.depends.get() { Origins::DEPENDS } else { 0 });
        self.depends.set(outer || self.depends.get());
        found
    }

    fn origin_at(&self, value: &'a Expression<'a>, depth: usize) -> Origin {
        if depth > PARTS {
            return Origin::CALL;
        }
        let of = |value: &'a Expression<'a>| self.origin_at(value, depth + 1);
        match value {
            Expression::Identifier(name) => self.origin_of_name(name),
            Expression::TemplateLiteral(it) => it.expressions.iter().fold(Origin::LITERAL, |all, part| all | of(part)),
            Expression::ArrayExpression(it) => it.elements.iter().fold(Origin::LITERAL, |all, element| match element {
                ArrayExpressionElement::SpreadElement(spread) => all | of(&spread.argument),
                ArrayExpressionElement::Elision(_) => all,
                other => other.as_expression().map_or(all, |value| all | of(value)),
            }),
            Expression::ObjectExpression(it) => {
                it.properties.iter().fold(Origin::LITERAL, |all, property| match property {
                    ObjectPropertyKind::SpreadProperty(spread) => all | of(&spread.argument),
                    ObjectPropertyKind::ObjectProperty(property) => {
                        let key = property.key.as_expression().filter(|_| property.computed).map_or(Origin::NONE, of);
                        all | key | of(&property.value)
                    }
                })
            }
            Expression::AwaitExpression(it) => of(&it.argument),
            Expression::YieldExpression(_) => Origin::CALL,
            Expression::BinaryExpression(it) => of(&it.left) | of(&it.right),
            Expression::LogicalExpression(it) => of(&it.left) | of(&it.right),
            Expression::ConditionalExpression(it) => of(&it.test) | of(&it.consequent) | of(&it.alternate),
            Expression::UnaryExpression(it) => match it.operator {
                UnaryOperator::Void => Origin::LITERAL,
                _ => of(&it.argument),
            },
            Expression::SequenceExpression(it) => it.expressions.last().map_or(Origin::LITERAL, of),
            Expression::AssignmentExpression(it) => of(&it.right),
            Expression::UpdateExpression(it) => {
                it.argument.get_identifier_name().map_or(Origin::FIELD, |_| self.origin_of_target(&it.argument))
            }
            Expression::ThisExpression(_) | Expression::Super(_) => Origin::FIELD,
            Expression::CallExpression(call) => self.origin_of_call(call, depth + 1),
            Expression::NewExpression(new) => self.origin_of_new(new, depth + 1),
            Expression::StaticMemberExpression(it) => {
                self.origin_of_member(&it.object, it.property.name.as_str(), depth + 1)
            }
            // A byte of `randomBytes(4)` is a number again.
            Expression::ComputedMemberExpression(it) => (of(&it.object) | of(&it.expression)).without(Origin::TOKEN),
            Expression::PrivateFieldExpression(it) => of(&it.object),
            Expression::ChainExpression(it) => match &it.expression {
                ChainElement::CallExpression(call) => self.origin_of_call(call, depth + 1),
                ChainElement::TSNonNullExpression(inner) => of(&inner.expression),
                ChainElement::StaticMemberExpression(it) => {
                    self.origin_of_member(&it.object, it.property.name.as_str(), depth + 1)
                }
                ChainElement::ComputedMemberExpression(it) => of(&it.object) | of(&it.expression),
                ChainElement::PrivateFieldExpression(it) => of(&it.object),
            },
            Expression::ParenthesizedExpression(it) => of(&it.expression),
            Expression::TSAsExpression(it) => of(&it.expression),
            Expression::TSSatisfiesExpression(it) => of(&it.expression),
            Expression::TSTypeAssertion(it) => of(&it.expression),
            Expression::TSNonNullExpression(it) => of(&it.expression),
            Expression::TSInstantiationExpression(it) => of(&it.expression),
            Expression::TaggedTemplateExpression(_) | Expression::ImportExpression(_) => Origin::CALL,
            Expression::ImportMeta(_) => Origin::ENV,
            Expression::ArrowFunctionExpression(it) => self.origin_of_function(it.node_id.get()),
            Expression::FunctionExpression(it) => self.origin_of_function(it.node_id.get()),
            Expression::JSXElement(it) => self.origin_of_names(it.node_id.get(), it.span),
            Expression::JSXFragment(it) => self.origin_of_names(it.node_id.get(), it.span),
            _ => Origin::LITERAL,
        }
    }

    /// A function as a value: whatever its body reads.
    fn origin_of_function(&self, node: NodeId) -> Origin {
        let Some(id) = self.function_at(node) else { return Origin::CALL };
        let own =
            |symbol: SymbolId| self.declaration(symbol) >= node && self.declaration(symbol) < self.function(id).end;
        self.names_between(node, self.function(id).end, own) | self.effects_between(node, self.function(id).end)
    }

    /// Calls to the world between two nodes.
    fn effects_between(&self, start: NodeId, end: NodeId) -> Origin {
        let calls = self.between(&self.calls, start, end);
        calls.iter().fold(Origin::LITERAL, |all, call| match self.chance(call.it) {
            Some(chance) => all | chance,
            None if self.call_kind(call.it).is_effect() => all | Origin::CALL,
            None => all,
        })
    }

    fn origin_of_names(&self, node: NodeId, span: Span) -> Origin {
        let mut end = node.index() + 1;
        let nodes = self.semantic.nodes();
        while end < nodes.len() && nodes.kind(NodeId::from_usize(end)).span().start < span.end {
            end += 1;
        }
        self.names_between(node, NodeId::from_usize(end), |_| false)
            | self.effects_between(node, NodeId::from_usize(end))
    }

    /// The origin of every name between two nodes that is not declared there.
    fn names_between(&self, start: NodeId, end: NodeId, own: impl Fn(SymbolId) -> bool) -> Origin {
        let mut all = Origin::LITERAL;
        for index in start.index()..end.index() {
            match self.kind(NodeId::from_usize(index)) {
                AstKind::IdentifierReference(name) => match self.symbol(name) {
                    Some(symbol) if own(symbol) => {}
                    _ if self.is_tag(NodeId::from_usize(index)) => {}
                    _ => all |= self.origin_of_name(name),
                },
                AstKind::ThisExpression(_) => all |= Origin::FIELD,
                _ => {}
            }
        }
        all
    }

    /// Whether a name is the tag of an element: which component is shown is no part of what it is shown with.
    fn is_tag(&self, node: NodeId) -> bool {
        matches!(
            self.kind(self.parent(node)),
            AstKind::JSXOpeningElement(_) | AstKind::JSXClosingElement(_) | AstKind::JSXMemberExpression(_)
        )
    }

    fn origin_of_target(&self, target: &SimpleAssignmentTarget<'a>) -> Origin {
        match target {
            SimpleAssignmentTarget::AssignmentTargetIdentifier(name) => self.origin_of_name(name),
            _ => Origin::FIELD,
        }
    }

    fn origin_of_member(&self, object: &'a Expression<'a>, property: &str, depth: usize) -> Origin {
        if property == "env" && matches!(names::last(object), "process" | "Bun" | "meta") {
            return Origin::ENV;
        }
        if let Expression::ThisExpression(this) = object
            && self.is_constant_field(this.node_id.get(), property)
        {
            return Origin::LITERAL;
        }
        self.origin_at(object, depth)
    }

    /// Where the value of a name comes from.
    pub(crate) fn origin_of_name(&self, name: &IdentifierReference<'a>) -> Origin {
        match self.symbol(name) {
            Some(symbol) => self.origin_of_symbol(symbol),
            None if lexicon::PURE_GLOBALS.has(name.name.as_str()) => Origin::LITERAL,
            None => Origin::OUTER,
        }
    }

    /// Where the value of a variable comes from: everything that is ever put into it.
    pub(crate) fn origin_of_symbol(&self, symbol: SymbolId) -> Origin {
        if let Some(known) = self.origins.get(symbol) {
            return known;
        }
        if self.depth.get() > VARIABLES {
            return Origin::CALL;
        }
        // What is made of itself is made of the rest.
        self.origins.keep(symbol, Origin::NONE);
        self.depth.set(self.depth.get() + 1);
        let found = self.find_origin(symbol);
        self.depth.set(self.depth.get() - 1);
        self.origins.keep(symbol, found);
        found
    }

    fn find_origin(&self, symbol: SymbolId) -> Origin {
        let node = self.declaration(symbol);
        let declared = match self.kind(node) {
            AstKind::VariableDeclarator(it) => match &it.init {
                Some(init) => self.origin(init),
                None => self.origin_of_loop(node),
            },
            AstKind::FormalParameter(_) | AstKind::FormalParameterRest(_) | AstKind::BindingRestElement(_) => {
                return self.origin_of_parameter(symbol, node);
            }
            AstKind::CatchParameter(_) => return Origin::CALL,
            AstKind::ImportSpecifier(_) | AstKind::ImportDefaultSpecifier(_) | AstKind::ImportNamespaceSpecifier(_) => {
                return Origin::OUTER;
            }
            // A function as a value: whatever its body reads.
            AstKind::Function(_) => return self.origin_of_function(node),
            AstKind::Class(_) | AstKind::TSEnumDeclaration(_) => return Origin::LITERAL,
            _ => return Origin::OUTER,
        };
        declared | self.origin_of_changes(symbol, node)
    }

    /// `for (const x of xs)`: the variable of a loop has no initial value.
    fn origin_of_loop(&self, declarator: NodeId) -> Origin {
        let around = self.parent(self.parent(declarator));
        match self.kind(around) {
            AstKind::ForOfStatement(it) => self.origin(&it.right),
            AstKind::ForInStatement(it) => self.origin(&it.right),
            _ => Origin::LITERAL,
        }
    }

    /// Everything that is put into a variable after its declaration, and what decides whether it is.
    fn origin_of_changes(&self, symbol: SymbolId, declaration: NodeId) -> Origin {
        let mut all = Origin::NONE;
        let home = self.function_around(declaration);
        for reference in self.uses(symbol) {
            let node = reference.node_id();
            let change = self.change_at(node);
            if let Some(change) = change {
                all |= change | self.conditions_around(node, declaration);
                if home.is_none() && self.function_around(node).is_some() {
                    // A variable of the module that functions change is state.
                    all |= Origin::OUTER;
                }
            }
        }
        all
    }

    /// What a use of a variable puts into it; nothing where it only reads.
    fn change_at(&self, node: NodeId) -> Option<Origin> {
        let mut inner = self.kind(node).span();
        for (_, around) in self.around(node) {
            match around {
                AstKind::StaticMemberExpression(_)
                | AstKind::ComputedMemberExpression(_)
                | AstKind::PrivateFieldExpression(_)
                | AstKind::TSNonNullExpression(_)
                | AstKind::ParenthesizedExpression(_)
                | AstKind::TSAsExpression(_) => {
                    if let AstKind::ComputedMemberExpression(it) = around
                        && it.object.span() != inner
                    {
                        return None;
                    }
                    inner = around.span();
                }
                AstKind::AssignmentExpression(it) if it.left.span() == inner => return Some(self.origin(&it.right)),
                // `let current = result;`: what is put into the one is put into the other.
                AstKind::VariableDeclarator(it) => {
                    let alias = it
                        .id
                        .get_binding_identifier()
                        .filter(|_| matches!(it.init, Some(Expression::Identifier(_))))?;
                    return self.origin_of_filling(alias.symbol_id.get()?);
                }
                AstKind::ArrayAssignmentTarget(_)
                | AstKind::ObjectAssignmentTarget(_)
                | AstKind::AssignmentTargetPropertyIdentifier(_)
                | AstKind::AssignmentTargetPropertyProperty(_)
                | AstKind::AssignmentTargetWithDefault(_)
                | AstKind::AssignmentTargetRest(_) => {
                    return Some(Origin::CALL);
                }
                AstKind::UpdateExpression(_) => {
                    let in_for = self.around(node).any(|(_, kind)| matches!(kind, AstKind::ForStatement(it) if it.update.as_ref().is_some_and(|u| u.span().contains_inclusive(inner))));
                    return Some(if in_for { Origin::INDEX } else { Origin::LITERAL });
                }
                AstKind::CallExpression(call) if call.callee.span() == inner => {
                    let method = names::last(&call.callee);
                    if names::object(&call.callee).is_none() || !(lexicon::MUTATORS.has(method)) {
                        return None;
                    }
                    return Some(self.origin_of_arguments(&call.arguments));
                }
                AstKind::CallExpression(call)
                    if names::object(&call.callee).is_some_and(|it| it.is_specific_id("Object")) =>
                {
                    let fills = matches!(names::last(&call.callee), "assign" | "defineProperty" | "defineProperties");
                    let first = call.arguments.first().is_some_and(|first| first.span() == inner);
                    return (fills && first).then(|| self.origin_of_arguments(&call.arguments[1..]));
                }
                AstKind::CallExpression(call) => {
                    if let Some(chance) = self.chance(call) {
                        // `crypto.getRandomValues(word)`
                        return (names::last(&call.callee) == "getRandomValues").then_some(chance);
                    }
                    // Passed on: whoever gets it may fill it. A value of the language cannot be changed that way.
                    let pure = match self.call_kind(call) {
                        // A setter of state keeps what it gets, and does not fill it.
                        crate::analysis::CallKind::Effect => self.is_setter(call),
                        crate::analysis::CallKind::Local(id) => {
                            self.is_looked_at(id)
                                || self.summary(id).is_some_and(|summary| summary.effects().is_empty())
                        }
                        _ => true,
                    };
                    return (!pure).then_some(Origin::CALL);
                }
                AstKind::NewExpression(_) => return None,
                _ => return None,
            }
        }
        None
    }

    /// What is put into the object that a variable holds; nothing where nothing is.
    fn origin_of_filling(&self, symbol: SymbolId) -> Option<Origin> {
        let members = self.uses(symbol).map(Reference::node_id).filter(|node| {
            matches!(
                self.kind(self.parent(*node)),
                AstKind::StaticMemberExpression(_) | AstKind::ComputedMemberExpression(_)
            )
        });
        members
            .filter_map(|node| Some(self.change_at(node)? | self.conditions_around(node, self.declaration(symbol))))
            .reduce(|one, other| one | other)
    }

    /// What decides whether a node inside of the same function is reached.
    pub(crate) fn conditions(&self, node: NodeId, function: NodeId) -> Origin {
        self.conditions_around(node, function)
    }

    fn conditions_around(&self, node: NodeId, declaration: NodeId) -> Origin {
        let mut all = Origin::NONE;
        for (id, around) in self.around(node) {
            if id <= declaration {
                break;
            }
            match around {
                AstKind::IfStatement(it) => all |= self.origin(&it.test),
                AstKind::ConditionalExpression(it) => all |= self.origin(&it.test),
                AstKind::ForOfStatement(it) => all |= self.origin(&it.right),
                AstKind::ForInStatement(it) => all |= self.origin(&it.right),
                AstKind::ForStatement(it) => all |= it.test.as_ref().map_or(Origin::NONE, |test| self.origin(test)),
                AstKind::WhileStatement(it) => all |= self.origin(&it.test),
                AstKind::DoWhileStatement(it) => all |= self.origin(&it.test),
                AstKind::SwitchStatement(it) => all |= self.origin(&it.discriminant),
                AstKind::CatchClause(_) => all |= Origin::CALL,
                AstKind::Function(_) | AstKind::ArrowFunctionExpression(_) => {
                    if let Some(id) = self.function_at(id) {
                        // Inside of `xs.forEach(…)`: as often as there are elements.
                        all |= self.origin_of_receiver(id);
                    }
                }
                _ => {}
            }
        }
        all
    }

    /// What the call is made on that a function is an argument of.
    fn origin_of_receiver(&self, id: FunctionId) -> Origin {
        let function = self.function(id);
        let Some((_, AstKind::CallExpression(call))) = self.around(function.node).next() else { return Origin::NONE };
        names::object(&call.callee).map_or(Origin::NONE, |object| self.origin(object))
    }

    fn origin_of_parameter(&self, symbol: SymbolId, node: NodeId) -> Origin {
        let Some(id) = self.function_around(node) else { return Origin::INPUT };
        let function = self.function(id);
        let changes = self.origin_of_changes(symbol, node);
        if function.role != Role::Callback {
            return Origin::INPUT | changes;
        }
        let Some((_, AstKind::CallExpression(call))) = self.around(function.node).next() else {
            return self.origin_of_executor(function.node) | changes;
        };
        let position =
            function.params.items.iter().position(|item| item.pattern.get_symbol_ids().contains(&symbol)).unwrap_or(9);
        let method = names::last(&call.callee);
        let receiver = names::object(&call.callee);
        let from_array = method == "from" && receiver.is_some_and(|object| object.is_specific_id("Array"));
        changes
            | match (method, position) {
                // A number: whoever gets it cannot change it.
                (
                    "map" | "forEach" | "filter" | "flatMap" | "some" | "every" | "find" | "findIndex" | "findLast",
                    1,
                )
                | ("reduce" | "reduceRight", 2) => return Origin::INDEX,
                ("reduce" | "reduceRight", 0) => {
                    let start = call
                        .arguments
                        .get(1)
                        .and_then(Argument::as_expression)
                        .map_or(Origin::LITERAL, |value| self.origin(value));
                    start | receiver.map_or(Origin::INPUT, |object| self.origin(object))
                }
                _ if from_array && position == 1 => return Origin::INDEX,
                _ if from_array => call
                    .arguments
                    .first()
                    .and_then(Argument::as_expression)
                    .map_or(Origin::INPUT, |value| self.origin(value)),
                _ if lexicon::PURE_METHODS.has(method) && receiver.is_some() => {
                    receiver.map_or(Origin::INPUT, |object| self.origin(object))
                }
                _ if lexicon::WRAPPERS.has(method) => Origin::INPUT,
                _ => Origin::CALL | Origin::INPUT,
            }
    }

    /// `new Promise((resolve, reject) => …)`: its parameters are only ways to answer.
    fn origin_of_executor(&self, function: NodeId) -> Origin {
        match self.kind(self.parent(function)) {
            AstKind::NewExpression(new) if new.callee.is_specific_id("Promise") => Origin::LITERAL,
            _ => Origin::CALL | Origin::INPUT,
        }
    }

    /// Of all arguments together.
    pub(crate) fn origin_of_arguments(&self, arguments: &'a [Argument<'a>]) -> Origin {
        arguments.iter().fold(Origin::NONE, |all, argument| match argument {
            Argument::SpreadElement(spread) => all | self.origin(&spread.argument),
            other => other.as_expression().map_or(all, |value| all | self.origin(value)),
        })
    }

    /// Of all values of an object.
    pub(crate) fn origin_of_object(&self, object: &'a ObjectExpression<'a>) -> Origin {
        object.properties.iter().fold(Origin::NONE, |all, property| match property {
            ObjectPropertyKind::ObjectProperty(it) => all | self.origin(&it.value),
            ObjectPropertyKind::SpreadProperty(it) => all | self.origin(&it.argument),
        })
    }

    fn origin_of_new(&self, new: &'a NewExpression<'a>, depth: usize) -> Origin {
        let arguments = self.origin_of_arguments(&new.arguments);
        let Expression::Identifier(name) = new.callee.get_inner_expression() else { return Origin::CALL | arguments };
        match (name.name.as_str(), self.symbol(name)) {
            ("Date", None) if new.arguments.is_empty() => Origin::TIME,
            ("Promise", None) => new
                .arguments
                .first()
                .and_then(Argument::as_expression)
                .map_or(Origin::CALL, |value| self.origin_of_promise(value, depth)),
            (name, None) if lexicon::PURE_GLOBALS.has(name) => arguments | Origin::LITERAL,
            _ => Origin::CALL | arguments,
        }
    }

    /// What a promise is resolved with: the arguments of every call of `resolve`.
    fn origin_of_promise(&self, executor: &'a Expression<'a>, _depth: usize) -> Origin {
        let Some(id) = self.function_in(executor) else { return Origin::CALL };
        let function = self.function(id);
        let mut all = Origin::LITERAL;
        for parameter in function.parameters() {
            let Some(symbol) = parameter.symbol_id.get() else { continue };
            for reference in self.uses(symbol) {
                all |= match self.kind(self.parent(reference.node_id())) {
                    AstKind::CallExpression(call) if call.callee.is_specific_id(parameter.name.as_str()) => {
                        self.origin_of_arguments(&call.arguments)
                            | self.conditions_around(reference.node_id(), function.node)
                    }
                    AstKind::CallExpression(call) if lexicon::TIMERS.has(names::last(&call.callee)) => Origin::LITERAL,
                    _ => Origin::CALL,
                };
            }
        }
        all | self.effects_between(function.node, function.end)
    }

    /// What a call answers.
    fn origin_of_call(&self, call: &'a CallExpression<'a>, depth: usize) -> Origin {
        let method = names::last(&call.callee);
        let object = names::object(&call.callee);
        let of_object = |object: &'a Expression<'a>| self.origin_at(object, depth + 1);
        if let Some(chance) = self.chance(call) {
            return chance;
        }
        if let Some(special) = special(method, object) {
            return special;
        }
        if method == "toString"
            && !call.arguments.is_empty()
            && let Some(of_object) = object.map(of_object)
            && of_object.has(Origin::RANDOM)
        {
            return of_object | Origin::TOKEN;
        }
        let arguments = self.origin_of_arguments(&call.arguments);
        match self.call_kind(call) {
            _ if method.starts_with("readUInt") || method.starts_with("readInt") => {
                object.map_or(Origin::CALL, of_object).without(Origin::TOKEN) | arguments
            }
            crate::analysis::CallKind::Timer => Origin::LITERAL,
            crate::analysis::CallKind::Log => Origin::LITERAL,
            crate::analysis::CallKind::Pure | crate::analysis::CallKind::Change => {
                arguments | object.map_or(Origin::NONE, of_object) | Origin::LITERAL
            }
            crate::analysis::CallKind::Local(id) => match self.summary(id) {
                // A function inside of another reads what is around it, whatever it is given.
                Some(summary) if self.function(id).parent.is_some() => summary.answer(),
                Some(summary) => {
                    let answer = summary.answer();
                    let inputs = if answer.has(Origin::INPUT) {
                        arguments | object.map_or(Origin::NONE, of_object)
                    } else {
                        Origin::NONE
                    };
                    answer.without(Origin::INPUT) | inputs
                }
                None if self.is_looked_at(id) => Origin::NONE,
                None => Origin::CALL,
            },
            crate::analysis::CallKind::Effect => Origin::CALL | arguments,
        }
    }
}

/// The node of an expression that it takes a walk to know where it comes from.
fn node_of(value: &Expression<'_>) -> Option<NodeId> {
    Some(match value {
        Expression::TemplateLiteral(it) => it.node_id.get(),
        Expression::ArrayExpression(it) => it.node_id.get(),
        Expression::ObjectExpression(it) => it.node_id.get(),
        Expression::AwaitExpression(it) => it.node_id.get(),
        Expression::BinaryExpression(it) => it.node_id.get(),
        Expression::LogicalExpression(it) => it.node_id.get(),
        Expression::ConditionalExpression(it) => it.node_id.get(),
        Expression::UnaryExpression(it) => it.node_id.get(),
        Expression::CallExpression(it) => it.node_id.get(),
        Expression::NewExpression(it) => it.node_id.get(),
        Expression::StaticMemberExpression(it) => it.node_id.get(),
        Expression::ComputedMemberExpression(it) => it.node_id.get(),
        Expression::ChainExpression(it) => it.node_id.get(),
        Expression::ArrowFunctionExpression(it) => it.node_id.get(),
        Expression::FunctionExpression(it) => it.node_id.get(),
        Expression::JSXElement(it) => it.node_id.get(),
        Expression::JSXFragment(it) => it.node_id.get(),
        _ => return None,
    })
}

/// Calls whose answer is known: the clock.
pub(crate) fn special<'a>(method: &str, object: Option<&'a Expression<'a>>) -> Option<Origin> {
    let on = object.map_or("", |object| names::last(object));
    matches!((on, method), ("Date" | "performance", "now")).then_some(Origin::TIME)
}
