//! How much of a value decides: nothing, that it is there, its shape, what was found by it, or what it says.
use crate::analysis::CallKind;
use crate::lexicon;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::syntax::*;

/// What of a value a function goes by, from nothing to all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Weight {
    /// It is not read.
    #[default]
    Unread,
    /// Logs, notes, error messages and the fields beside a verdict get it.
    Told,
    /// Only whether it is there.
    Present,
    /// Only how long it is, or what it looks like.
    Shape,
    /// Something is looked up by it, and only whether it was found counts.
    Looked,
    /// It is returned.
    Returned,
    /// What it says.
    Real,
}

/// What is known of a value on its way to where it decides.
#[derive(Clone, Copy)]
struct Way<'a> {
    /// The most that a decision by it can weigh.
    most: Weight,
    /// What a test for its presence weighs.
    presence: Weight,
    /// The table that it was read from.
    table: Option<&'a ObjectExpression<'a>>,
    /// The function whose parameter it is.
    inside: FunctionId,
    depth: usize,
}

/// One question, with what it has cost.
pub(crate) struct Weighing<'m, 'a> {
    module: &'m Module<'a>,
    steps: usize,
    seen: Vec<SymbolId>,
}

const STEPS: usize = 300;
const DEEPEST: usize = 7;

impl<'a> Module<'a> {
    /// How much of a variable decides what a function does.
    pub(crate) fn weight(&self, symbol: SymbolId, inside: FunctionId) -> Weight {
        let way = Way { most: Weight::Real, presence: Weight::Present, table: None, inside, depth: 0 };
        Weighing { module: self, steps: 0, seen: Vec::new() }.of_symbol(symbol, way)
    }
}

/// Calls that keep or count something and say nothing about it.
pub(crate) fn keeps(name: &str) -> bool {
    let verb = names::verb(name);
    matches!(
        verb.as_str(),
        "set"
            | "add"
            | "push"
            | "touch"
            | "update"
            | "save"
            | "store"
            | "put"
            | "increment"
            | "incr"
            | "mark"
            | "insert"
            | "create"
            | "record"
            | "track"
            | "audit"
            | "count"
            | "inc"
            | "observe"
            | "emit"
            | "append"
            | "header"
            | "setex"
            | "expire"
            | "remember"
            | "note"
            | "log"
    )
}

impl<'a> Weighing<'_, 'a> {
    fn of_symbol(&mut self, symbol: SymbolId, way: Way<'a>) -> Weight {
        if way.depth > DEEPEST || self.steps > STEPS {
            return Weight::Real;
        }
        if self.seen.contains(&symbol) {
            return Weight::Unread;
        }
        self.seen.push(symbol);
        let (module, mut best) = (self.module, Weight::Unread);
        let function = module.function(way.inside);
        for reference in module.uses(symbol) {
            let node = reference.node_id();
            if node < function.node || node >= function.end || !reference.is_read() {
                continue;
            }
            self.steps += 1;
            best = best.max(self.of_use(node, way));
            if best == Weight::Real {
                break;
            }
        }
        self.seen.pop();
        best
    }

    fn of_use(&mut self, node: NodeId, mut way: Way<'a>) -> Weight {
        let module = self.module;
        let mut inner = module.kind(node).span();
        for (id, around) in module.around(node) {
            let tested = way.most.min(way.presence);
            match around {
                AstKind::StaticMemberExpression(it) => {
                    if matches!(it.property.name.as_str(), "length" | "size" | "byteLength") {
                        way.most = way.most.min(Weight::Shape);
                        // `user.id.length > 0` looks at the form, `list.length > 0` only whether there is anything.
                        let part = !matches!(it.object.get_inner_expression(), Expression::Identifier(_));
                        way.presence = way.presence.max(if part { Weight::Shape } else { Weight::Present });
                    }
                    inner = it.span;
                }
                AstKind::ComputedMemberExpression(it) => {
                    if it.expression.span().contains_inclusive(inner) {
                        way.table = match module.constant_value(&it.object).get_inner_expression() {
                            Expression::ObjectExpression(table) => Some(table),
                            _ => None,
                        };
                        way.presence = way.presence.max(Weight::Looked);
                    }
                    inner = it.span;
                }
                AstKind::CallExpression(call) => match self.in_call(call, id, inner, &mut way) {
                    Some(weight) if is_choice(call) => return self.decided(id, weight, way),
                    Some(weight) => return weight,
                    None => inner = call.span,
                },
                // What an element looks like decides nothing.
                AstKind::JSXAttribute(it) if is_look(it) => return Weight::Told,
                AstKind::BinaryExpression(it) => match self.in_binary(it, inner, way) {
                    Some(weight) => return self.decided(id, weight, way),
                    None => inner = it.span,
                },
                AstKind::UnaryExpression(it) => {
                    match it.operator {
                        UnaryOperator::LogicalNot => way.most = tested,
                        UnaryOperator::Typeof => way.most = way.most.min(Weight::Present),
                        UnaryOperator::Void => return Weight::Unread,
                        _ => {}
                    }
                    inner = it.span;
                }
                AstKind::ConditionalExpression(it) if it.test.span().contains_inclusive(inner) => {
                    return self.decided(id, tested, way);
                }
                AstKind::IfStatement(it) => return if self.only_tells(it) { Weight::Told } else { tested },
                AstKind::WhileStatement(_) | AstKind::DoWhileStatement(_) | AstKind::ForStatement(_) => return tested,
                AstKind::SwitchStatement(_) | AstKind::SwitchCase(_) => return way.most,
                AstKind::ThrowStatement(_) => return Weight::Told,
                // Waited for: whoever got it may throw.
                AstKind::ExpressionStatement(it) if matches!(it.expression, Expression::AwaitExpression(_)) => {
                    return way.most;
                }
                AstKind::ExpressionStatement(_) => return Weight::Told,
                AstKind::VariableDeclarator(it) => return self.of_pattern(&it.id, way),
                AstKind::ForOfStatement(it) => {
                    return match &it.left {
                        ForStatementLeft::VariableDeclaration(left) => {
                            left.declarations.first().map_or(Weight::Real, |first| self.of_pattern(&first.id, way))
                        }
                        _ => Weight::Real,
                    };
                }
                AstKind::AssignmentExpression(it) => {
                    return match &it.left {
                        _ if it.left.span().contains_inclusive(inner) => Weight::Told,
                        AssignmentTarget::AssignmentTargetIdentifier(name) => match module.symbol(name) {
                            Some(symbol) => self.of_symbol(symbol, Way { depth: way.depth + 1, ..way }),
                            None => Weight::Real,
                        },
                        _ => way.most,
                    };
                }
                AstKind::ObjectProperty(it) if it.value.span().contains_inclusive(inner) => {
                    if let Some(weight) = self.beside_verdict(id, it, way) {
                        return weight;
                    }
                    inner = it.span;
                }
                AstKind::ReturnStatement(_) => match module.function_around(id) {
                    Some(function) if function == way.inside => {
                        return if way.most == Weight::Real { Weight::Returned } else { way.most };
                    }
                    _ => {}
                },
                AstKind::ArrowFunctionExpression(_) | AstKind::Function(_) => {
                    if module.function_at(id) == Some(way.inside) {
                        return if way.most == Weight::Real { Weight::Returned } else { way.most };
                    }
                    // What a callback answers by it, whoever runs the callback goes by.
                    if way.most == Weight::Real {
                        return Weight::Real;
                    }
                    inner = around.span();
                }
                AstKind::JSXExpressionContainer(_) => return Weight::Told,
                AstKind::Program(_) | AstKind::ClassBody(_) | AstKind::YieldExpression(_) => return Weight::Real,
                _ => inner = around.span(),
            }
        }
        Weight::Real
    }

    /// Only a test of the form goes on.
    fn shaped(way: &mut Way<'a>) {
        // What an answer looks like is what it says: `answer.startsWith("OK")`.
        let least = if way.presence >= Weight::Looked { Weight::Looked } else { Weight::Shape };
        way.most = way.most.min(least);
        way.presence = way.presence.max(Weight::Shape);
    }

    fn of_pattern(&mut self, pattern: &BindingPattern<'a>, way: Way<'a>) -> Weight {
        let way = Way { depth: way.depth + 1, ..way };
        pattern.get_symbol_ids().into_iter().map(|symbol| self.of_symbol(symbol, way)).max().unwrap_or(Weight::Real)
    }

    /// Where a yes or no goes that weighs this much: kept in a variable, it may yet decide nothing.
    fn decided(&mut self, node: NodeId, weight: Weight, way: Way<'a>) -> Weight {
        if weight <= Weight::Told || way.depth > DEEPEST {
            return weight;
        }
        for (id, around) in self.module.around(node) {
            match around {
                AstKind::VariableDeclarator(it) => {
                    let way = Way { most: weight, presence: weight, table: None, depth: way.depth + 1, ..way };
                    return self.of_pattern(&it.id, way);
                }
                AstKind::CallExpression(call) => {
                    let log = matches!(self.module.call_kind(call), CallKind::Log);
                    return if log { Weight::Told } else { weight };
                }
                AstKind::IfStatement(it) => return if self.only_tells(it) { Weight::Told } else { weight },
                AstKind::JSXAttribute(it) if is_look(it) => return Weight::Told,
                AstKind::ObjectProperty(it) => return self.beside_verdict(id, it, way).unwrap_or(weight).min(weight),
                AstKind::ReturnStatement(_) | AstKind::ExpressionStatement(_) | AstKind::ThrowStatement(_) => {
                    return weight;
                }
                AstKind::ArrowFunctionExpression(_) | AstKind::Function(_) => return weight,
                _ => {}
            }
        }
        weight
    }

    /// `{ valid: true, engine, size }`: what stands beside the verdict in an answer decides nothing.
    fn beside_verdict(&self, node: NodeId, it: &'a ObjectProperty<'a>, way: Way<'a>) -> Option<Weight> {
        let object = self.module.parent(node);
        let AstKind::ObjectExpression(all) = self.module.kind(object) else { return None };
        let verdict = |key: &str| names::has_word(key, &lexicon::VERDICT_WORDS);
        if verdict(names::key(&it.key)) {
            return None;
        }
        let has = all
            .properties
            .iter()
            .any(|property| matches!(property, ObjectPropertyKind::ObjectProperty(it) if verdict(names::key(&it.key))));
        let returned = way.depth <= DEEPEST
            && self
                .module
                .around(object)
                .find(|(_, kind)| {
                    !matches!(
                        kind,
                        AstKind::ParenthesizedExpression(_)
                            | AstKind::TSAsExpression(_)
                            | AstKind::ExpressionStatement(_)
                            | AstKind::FunctionBody(_)
                    )
                })
                .is_some_and(|(_, kind)| {
                    matches!(kind, AstKind::ReturnStatement(_) | AstKind::ArrowFunctionExpression(_))
                });
        (has && returned).then_some(Weight::Told)
    }

    fn only_tells(&self, it: &'a IfStatement<'a>) -> bool {
        it.alternate.is_none() && self.module.only_logs(&it.consequent)
    }

    fn in_binary(&self, it: &'a BinaryExpression<'a>, inner: Span, way: Way<'a>) -> Option<Weight> {
        let other = if it.left.span().contains_inclusive(inner) { &it.right } else { &it.left };
        let compares = it.operator.is_equality() || it.operator.is_compare();
        if !compares {
            return match it.operator {
                BinaryOperator::In if it.left.span().contains_inclusive(inner) => Some(way.most.min(Weight::Looked)),
                BinaryOperator::Instanceof => Some(way.most.min(Weight::Present)),
                _ => None,
            };
        }
        let few = matches!(other.get_inner_expression(), Expression::NumericLiteral(it) if it.value <= 1.0);
        if few && way.presence >= Weight::Looked && way.most == Weight::Shape {
            return Some(Weight::Looked);
        }
        let empty = match other.get_inner_expression() {
            Expression::StringLiteral(text) => text.value.is_empty(),
            Expression::NumericLiteral(number) => number.value == 0.0 && it.operator.is_compare(),
            value => value.is_null_or_undefined(),
        };
        Some(if empty { way.most.min(way.presence.max(Weight::Present)) } else { way.most })
    }

    /// What a call makes of a value that it gets; nothing where its answer goes on as the value.
    fn in_call(
        &mut self,
        call: &'a CallExpression<'a>,
        node: NodeId,
        inner: Span,
        way: &mut Way<'a>,
    ) -> Option<Weight> {
        let module = self.module;
        let name = names::last(&call.callee);
        let literal = |value: &'a Argument<'a>| {
            matches!(
                value.as_expression().map(|it| module.constant_value(it)),
                Some(Expression::StringLiteral(_) | Expression::RegExpLiteral(_) | Expression::NumericLiteral(_))
            )
        };
        if call.callee.span().contains_inclusive(inner) {
            let first = call.arguments.first();
            match name {
                "startsWith" | "endsWith" if first.is_some_and(literal) => Self::shaped(way),
                "includes" if first.is_some_and(|it| literal(it) && is_sign(it)) => Self::shaped(way),
                "includes" if first.is_some_and(literal) && is_text(inner_name(call)) => Self::shaped(way),
                "includes" | "startsWith" | "endsWith" | "localeCompare" | "equals" => return Some(way.most),
                "match" | "search" if first.is_some_and(literal) => way.presence = Weight::Shape,
                "map" | "filter" | "some" | "every" | "find" | "forEach" | "reduce" | "flatMap" => {
                    return Some(way.most);
                }
                _ if module.call_kind(call) == CallKind::Effect => {
                    way.presence = way.presence.max(Weight::Looked);
                    return self.dropped(node).then_some(Weight::Real);
                }
                _ => {}
            }
            return None;
        }
        match module.call_kind(call) {
            CallKind::Log | CallKind::Timer => return Some(Weight::Told),
            CallKind::Local(id) => return self.in_local(call, id, (node, inner), way),
            _ => {}
        }
        match name {
            "test" => Self::shaped(way),
            // What a token says of itself is not checked.
            "decode" | "decodeJwt" | "jwtDecode" | "jwt_decode" if is_peek(call) => Self::shaped(way),
            "get" | "at" | "findIndex" | "lookup" => way.presence = way.presence.max(Weight::Looked),
            "exec" => way.presence = Weight::Shape,
            "isFinite" | "isInteger" | "isNaN" | "isArray" | "isSafeInteger" | "isBuffer" | "isView" => {
                Self::shaped(way)
            }
            "Boolean" => way.most = way.most.min(way.presence),
            "includes" | "has" | "indexOf" if self.is_whole(call, way.table) => way.most = way.most.min(Weight::Shape),
            "includes" | "has" | "indexOf" | "equals" | "timingSafeEqual" | "isEqual" | "localeCompare" => {
                return Some(way.most);
            }
            _ if module.call_kind(call) == CallKind::Effect => {
                if self.dropped(node) {
                    // What was found by it is put to use.
                    let told = if way.presence >= Weight::Looked { Weight::Looked } else { Weight::Told };
                    return Some(if keeps(name) { told } else { way.most });
                }
                way.presence = way.presence.max(Weight::Looked);
            }
            _ => {}
        }
        None
    }

    /// What a function of the module goes by.
    fn in_local(
        &mut self,
        call: &'a CallExpression<'a>,
        id: FunctionId,
        (node, inner): (NodeId, Span),
        way: &mut Way<'a>,
    ) -> Option<Weight> {
        let position = call.arguments.iter().position(|argument| argument.span().contains_inclusive(inner));
        let pattern = position.and_then(|at| self.module.function(id).params.items.get(at)).map(|it| &it.pattern);
        let Some(pattern) = pattern else { return Some(way.most) };
        let deeper = Way { inside: id, depth: way.depth + 2, ..*way };
        let weight = self.of_pattern(pattern, deeper);
        match weight {
            Weight::Returned if !self.dropped(node) => None,
            Weight::Returned => Some(Weight::Told),
            // Found or not, it says so to whoever asked.
            other => Some(other),
        }
    }

    /// Whether nobody takes the answer of a call.
    fn dropped(&self, node: NodeId) -> bool {
        let through = |kind: &AstKind<'a>| {
            !matches!(
                kind,
                AstKind::AwaitExpression(_) | AstKind::ChainExpression(_) | AstKind::ParenthesizedExpression(_)
            )
        };
        let around = self.module.around(node).map(|(_, kind)| kind).find(through);
        matches!(around, Some(AstKind::ExpressionStatement(_)))
    }

    /// `ALL.includes(TABLE[x])` where the list has everything that the table has.
    fn is_whole(&self, call: &'a CallExpression<'a>, table: Option<&'a ObjectExpression<'a>>) -> bool {
        let (Some(table), Some(list)) = (table, names::object(&call.callee)) else { return false };
        let list = match self.module.constant_value(list).get_inner_expression() {
            Expression::ArrayExpression(list) => list,
            Expression::NewExpression(new) => match new.arguments.first().and_then(Argument::as_expression) {
                Some(Expression::ArrayExpression(list)) => list,
                _ => return false,
            },
            _ => return false,
        };
        let has = |text: &str| {
            list.elements.iter().any(|it| matches!(it, ArrayExpressionElement::StringLiteral(one) if one.value == text))
        };
        !table.properties.is_empty()
            && table.properties.iter().all(|property| match property {
                ObjectPropertyKind::ObjectProperty(it) => {
                    matches!(it.value.get_inner_expression(), Expression::StringLiteral(text) if has(&text.value))
                }
                ObjectPropertyKind::SpreadProperty(_) => false,
            })
    }
}

/// A call that picks or finds: what it says goes where its answer goes.
fn is_choice(call: &CallExpression<'_>) -> bool {
    matches!(
        names::last(&call.callee),
        "includes" | "some" | "every" | "filter" | "find" | "map" | "has" | "flatMap" | "reduce"
    )
}

/// `className`, `title`, `data-…`, `aria-…`
fn is_look(it: &JSXAttribute<'_>) -> bool {
    it.name.as_identifier().is_some_and(|name| {
        let name = name.name.as_str();
        matches!(name, "className" | "class" | "title" | "style" | "id" | "key" | "role")
            || name.starts_with("data-")
            || name.starts_with("aria-")
    })
}

/// `"."`, `"@"`: a literal without a letter or digit only says what something looks like.
fn is_sign(value: &Argument<'_>) -> bool {
    matches!(value, Argument::StringLiteral(text) if !text.value.chars().any(char::is_alphanumeric))
}

/// `jwt.decode(token)`, `jwtDecode(token)`
fn is_peek(call: &CallExpression<'_>) -> bool {
    let jwt = |text: &str| text.to_lowercase().contains("jwt") || matches!(text, "jsonwebtoken" | "jose");
    jwt(names::last(&call.callee)) || names::object(&call.callee).is_some_and(|object| jwt(names::last(object)))
}

fn inner_name<'a>(call: &'a CallExpression<'a>) -> &'a str {
    names::object(&call.callee).map_or("", |object| names::last(object))
}

/// Whether a name is one of a text that only the right person knows or signed: a part of it says what it looks like.
fn is_text(name: &str) -> bool {
    names::words(name).last().is_some_and(|word| {
        matches!(
            word.as_str(),
            "certificate"
                | "cert"
                | "pem"
                | "key"
                | "secret"
                | "token"
                | "signature"
                | "sig"
                | "jwt"
                | "password"
                | "hash"
        )
    })
}
