//! Answers that are what was given: a copy of it, its bytes cut up and put together again, its text under another heading.
//!
//! What is not known to be an echo or a mere detail is something new, and then there is no echo.
use crate::analysis::CallKind;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::syntax::*;

/// How many values one question may look at.
const MOST: u32 = 300;
/// How many values deep it may go.
const DEEPEST: u32 = 24;

/// What a value is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Echo {
    /// Literals, parameters of one word, sizes, and figures of such.
    Detail,
    /// What was given, all of it or a piece, with details round it.
    Given,
}

/// One question.
struct Echoes<'m, 'a> {
    module: &'m Module<'a>,
    /// Parameters and variables of which the answer is known, or being found out.
    known: Vec<(SymbolId, Option<Echo>)>,
    functions: Vec<FunctionId>,
    steps: u32,
    depth: u32,
    /// A figure that is a literal, or a size times a literal.
    figure: Option<Span>,
    /// A part of what was given is set to something else.
    overrides: bool,
}

/// What a function gives back.
pub(crate) struct Echoed {
    /// The answer.
    pub(crate) value: Span,
    /// A figure in it that nobody measured.
    pub(crate) figure: Option<Span>,
    /// A part of what was given is set to a literal in it.
    pub(crate) overrides: bool,
}

impl<'a> Module<'a> {
    /// Whether all that a function answers is what it was given, and a figure among it that is made up.
    pub(crate) fn echoes(&self, id: FunctionId) -> Option<Echoed> {
        let mut search = Echoes {
            module: self,
            known: Vec::new(),
            functions: vec![id],
            steps: 0,
            depth: 0,
            figure: None,
            overrides: false,
        };
        let mut last = None;
        for it in self.returns_of(id) {
            let value = it.value?;
            if search.value(value)? == Echo::Given {
                last = Some(value.span());
            } else if !self.is_meager(value) {
                return None;
            }
        }
        Some(Echoed { value: last?, figure: search.figure, overrides: search.overrides })
    }
}

impl<'a> Echoes<'_, 'a> {
    fn value(&mut self, value: &'a Expression<'a>) -> Option<Echo> {
        self.steps += 1;
        if self.steps > MOST || self.depth > DEEPEST {
            return None;
        }
        self.depth += 1;
        let found = self.part(value.get_inner_expression());
        self.depth -= 1;
        found
    }

    fn part(&mut self, value: &'a Expression<'a>) -> Option<Echo> {
        match value {
            Expression::StringLiteral(_)
            | Expression::NumericLiteral(_)
            | Expression::BooleanLiteral(_)
            | Expression::NullLiteral(_)
            | Expression::RegExpLiteral(_) => Some(Echo::Detail),
            Expression::Identifier(name) => self.name(name),
            Expression::AwaitExpression(it) => self.value(&it.argument),
            Expression::StaticMemberExpression(it) => match it.property.name.as_str() {
                "length" | "byteLength" | "size" => self.value(&it.object).map(|_| Echo::Detail),
                _ => self.value(&it.object),
            },
            Expression::ComputedMemberExpression(it) => {
                let of = self.value(&it.object)?;
                // What is looked up in a table of the module is new.
                (of == Echo::Given || it.expression.is_literal()).then_some(of)
            }
            Expression::TemplateLiteral(it) => {
                // A text of several parts is a new one; for each of many it is still what was given.
                let parts = it.expressions.iter().map(|part| self.value(part)).collect::<Option<Vec<_>>>()?;
                let given = parts.iter().filter(|part| **part == Echo::Given).count();
                let whole = given < 2 || self.functions.len() > 1;
                whole.then(|| parts.into_iter().max().unwrap_or(Echo::Detail))
            }
            Expression::ConditionalExpression(it) => {
                let (one, other) = (self.value(&it.consequent)?, self.value(&it.alternate)?);
                // What is given or withheld has been decided.
                (one == other).then_some(one)
            }
            Expression::LogicalExpression(it) if it.operator != LogicalOperator::And => {
                let (one, other) = (self.value(&it.left)?, self.value(&it.right)?);
                Some(one.max(other))
            }
            Expression::BinaryExpression(it) => self.binary(it),
            Expression::ArrayExpression(it) => {
                let mut best = Echo::Detail;
                for element in &it.elements {
                    let part = match element {
                        ArrayExpressionElement::SpreadElement(spread) => &spread.argument,
                        other => other.as_expression()?,
                    };
                    best = best.max(self.value(part)?);
                }
                Some(best)
            }
            Expression::ObjectExpression(it) => self.object(it),
            Expression::NewExpression(it) => match names::last(&it.callee) {
                "Date" if it.arguments.is_empty() => Some(Echo::Detail),
                "Uint8Array" | "Blob" | "File" => self.arguments(&it.arguments),
                _ => None,
            },
            Expression::CallExpression(call) => self.call(call),
            _ => None,
        }
    }

    fn best(&mut self, all: impl Iterator<Item = &'a Expression<'a>>) -> Option<Echo> {
        let mut best = Echo::Detail;
        for value in all {
            best = best.max(self.value(value)?);
        }
        Some(best)
    }

    fn arguments(&mut self, all: &'a [Argument<'a>]) -> Option<Echo> {
        let all: Option<Vec<_>> = all.iter().map(Argument::as_expression).collect();
        self.best(all?.into_iter())
    }

    fn object(&mut self, object: &'a ObjectExpression<'a>) -> Option<Echo> {
        let mut best = Echo::Detail;
        for property in &object.properties {
            let value = match property {
                ObjectPropertyKind::SpreadProperty(it) => &it.argument,
                ObjectPropertyKind::ObjectProperty(it) => {
                    self.overrides |= best == Echo::Given && !matches!(it.value, Expression::Identifier(_));
                    self.look_at_figure(names::key(&it.key), &it.value);
                    &it.value
                }
            };
            best = best.max(self.value(value)?);
        }
        Some(best)
    }

    /// `ratio: 0.42`, `savedKm: before * 0.18`: a result that was never measured.
    fn look_at_figure(&mut self, key: &str, value: &'a Expression<'a>) {
        let fraction = |it: &Expression<'_>| matches!(it, Expression::NumericLiteral(it) if it.value.fract() != 0.0);
        let mut value = self.module.constant_value(value).get_inner_expression();
        if let Expression::CallExpression(call) = value
            && let Some(first) = call.arguments.first().and_then(Argument::as_expression)
            && matches!(names::last(&call.callee), "round" | "ceil" | "floor" | "trunc" | "toFixed" | "Number")
        {
            value = first.get_inner_expression();
        }
        let made_up = match value {
            Expression::BinaryExpression(it) if it.operator == BinaryOperator::Multiplication => {
                [&it.left, &it.right].into_iter().any(|it| fraction(self.module.constant_value(it)))
            }
            other => fraction(other) && !matches!(key, "version" | "quality" | "scale" | "dpr"),
        };
        if made_up {
            self.figure = self.figure.or(Some(value.span()));
        }
    }

    /// Text put behind text is still the text; any other sum is a figure.
    fn binary(&mut self, it: &'a BinaryExpression<'a>) -> Option<Echo> {
        let (one, other) = (self.value(&it.left)?, self.value(&it.right)?);
        let texts = |value: &Expression<'_>| {
            matches!(value.get_inner_expression(), Expression::StringLiteral(_) | Expression::TemplateLiteral(_))
        };
        let text = it.operator == BinaryOperator::Addition && (texts(&it.left) || texts(&it.right));
        match one.max(other) {
            Echo::Given if !text => None,
            best => Some(best),
        }
    }

    fn call(&mut self, call: &'a CallExpression<'a>) -> Option<Echo> {
        let method = names::last(&call.callee);
        let Some(object) = names::object(&call.callee).map(Expression::get_inner_expression) else {
            return match (method, self.module.call_kind(call)) {
                ("structuredClone" | "String", _) => self.arguments(&call.arguments),
                (_, CallKind::Local(id)) => self.local(id, call),
                _ => None,
            };
        };
        let global = |symbol: Option<SymbolId>| match symbol {
            Some(symbol) => self.module.imports.get(&symbol).is_some_and(|it| it.module.ends_with("buffer")),
            None => true,
        };
        if let Expression::Identifier(name) = object
            && global(self.module.symbol(name))
        {
            return match (name.name.as_str(), method) {
                ("Buffer", "from" | "concat")
                | ("Promise", "all" | "resolve")
                | ("Object", "freeze")
                | ("Array" | "Uint8Array", "from")
                    if call.arguments.len() == 1 || name.name == "Buffer" =>
                {
                    self.arguments(&call.arguments)
                }
                ("Math", "round" | "ceil" | "floor" | "max" | "min") => {
                    self.arguments(&call.arguments).filter(|it| *it == Echo::Detail)
                }
                ("Date", "now") => Some(Echo::Detail),
                _ => None,
            };
        }
        match method {
            "slice" | "subarray" | "trim" | "trimEnd" | "trimStart" | "split" | "join" | "toString" | "toFixed"
            | "toISOString" | "substring" => self.value(object),
            "lastIndexOf" | "indexOf" => self.value(object).map(|_| Echo::Detail),
            "replace" | "replaceAll" if self.only_spaces(call) => self.value(object),
            "map" if call.arguments.len() == 1 => {
                self.value(object)?;
                let id = self.module.function_in(call.arguments.first()?.as_expression()?)?;
                self.function(id)
            }
            "concat" => Some(self.value(object)?.max(self.arguments(&call.arguments)?)),
            _ => match self.module.call_kind(call) {
                CallKind::Local(id) => self.local(id, call),
                _ => None,
            },
        }
    }

    /// `text.replace(/\s+/g, " ")`
    fn only_spaces(&self, call: &'a CallExpression<'a>) -> bool {
        matches!(call.arguments.first(), Some(Argument::RegExpLiteral(it)) if matches!(it.regex.pattern.text.as_str(), "\\s+" | "\\n" | "\\n+" | "\\r?\\n"))
    }

    /// A function of the module that is given an echo: what it answers is one too, or a detail such as a checksum.
    fn local(&mut self, id: FunctionId, call: &'a CallExpression<'a>) -> Option<Echo> {
        self.arguments(&call.arguments)?;
        let quiet = self.module.summary(id).is_some_and(|it| it.work().is_none());
        if !quiet || self.functions.contains(&id) {
            return None;
        }
        // Text and lists that are made anew may be the very work; a number or a short text tells about what was given.
        self.function(id).or_else(|| self.tells(id).then_some(Echo::Detail))
    }

    /// Whether a function answers a number, or a checksum.
    fn tells(&self, id: FunctionId) -> bool {
        let figure = |value: &'a Expression<'a>| match self.module.constant_value(value).get_inner_expression() {
            Expression::NumericLiteral(_) => true,
            Expression::BinaryExpression(it) => it.operator != BinaryOperator::Addition,
            Expression::CallExpression(call) => {
                matches!(names::last(&call.callee), "digest" | "reduce" | "round" | "floor" | "ceil" | "hypot" | "sqrt")
            }
            Expression::Identifier(name) => matches!(
                self.module.initial(name).map(Expression::get_inner_expression),
                Some(Expression::NumericLiteral(_))
            ),
            _ => false,
        };
        let mut values = self.module.returns_of(id).peekable();
        values.peek().is_some() && values.all(|it| it.value.is_some_and(figure))
    }

    /// What a function answers, when its parameters are what was given.
    fn function(&mut self, id: FunctionId) -> Option<Echo> {
        if self.functions.len() > 12 {
            return None;
        }
        self.functions.push(id);
        let mut best = Some(Echo::Detail);
        let mut any = false;
        for it in self.module.returns_of(id) {
            any = true;
            let part = it.value.and_then(|value| self.value(value));
            best = best.zip(part).map(|(one, other)| one.max(other));
        }
        self.functions.pop();
        best.filter(|_| any)
    }

    fn name(&mut self, name: &'a IdentifierReference<'a>) -> Option<Echo> {
        let Some(symbol) = self.module.symbol(name) else {
            return matches!(name.name.as_str(), "undefined" | "NaN" | "Infinity").then_some(Echo::Detail);
        };
        if let Some((_, known)) = self.known.iter().find(|(it, _)| *it == symbol) {
            return *known;
        }
        // What a variable is made of itself says nothing new: `doc = step(doc)`.
        let at = self.known.len();
        self.known.push((symbol, Some(Echo::Detail)));
        let found = self.variable(symbol);
        self.known[at].1 = found;
        found
    }

    fn variable(&mut self, symbol: SymbolId) -> Option<Echo> {
        let module = self.module;
        let home = module.declaration(symbol);
        match module.kind(home) {
            AstKind::FormalParameter(it) => self.parameter(it),
            AstKind::VariableDeclarator(it) => {
                let head = match module.kind(module.parent(module.parent(home))) {
                    AstKind::ForOfStatement(head) => Some(&head.right),
                    _ => it.init.as_ref(),
                };
                let mut best = self.value(head?)?;
                for used in module.uses(symbol) {
                    best = best.max(self.used(symbol, used)?);
                }
                Some(best)
            }
            _ => None,
        }
    }

    /// A parameter is what was given; one of a word or a number only says how.
    fn parameter(&self, it: &'a FormalParameter<'a>) -> Option<Echo> {
        let short = it.type_annotation.as_ref().map(|it| self.module.text_of(it.type_annotation.span()));
        let how = matches!(short, Some("number" | "boolean"))
            || it.pattern.get_binding_identifier().is_some_and(|name| {
                names::words(&name.name).iter().any(|word| {
                    matches!(
                        word.as_str(),
                        "target"
                            | "locale"
                            | "lang"
                            | "language"
                            | "model"
                            | "box"
                            | "options"
                            | "opts"
                            | "width"
                            | "height"
                            | "size"
                            | "format"
                            | "level"
                            | "quality"
                            | "max"
                            | "limit"
                            | "step"
                    )
                })
            });
        Some(if how { Echo::Detail } else { Echo::Given })
    }

    /// What a use of a variable adds to it.
    fn used(&mut self, symbol: SymbolId, used: &Reference) -> Option<Echo> {
        let module = self.module;
        let node = module.parent(used.node_id());
        match module.kind(node) {
            AstKind::AssignmentExpression(it) if used.is_write() => self.value(&it.right),
            AstKind::UpdateExpression(_) => Some(Echo::Detail),
            AstKind::StaticMemberExpression(it) => match module.kind(module.parent(node)) {
                AstKind::CallExpression(call) if call.callee.span() == it.span => match it.property.name.as_str() {
                    "push" | "append" => {
                        let best = self.arguments(&call.arguments)?;
                        // What is only taken now and then has been chosen.
                        (best == Echo::Detail || self.is_always(symbol, node)).then_some(best)
                    }
                    name if crate::lexicon::MUTATORS.has(name) => None,
                    _ => Some(Echo::Detail),
                },
                AstKind::AssignmentExpression(write) if write.left.span() == it.span => self.value(&write.right),
                _ => Some(Echo::Detail),
            },
            AstKind::ComputedMemberExpression(it) => match module.kind(module.parent(node)) {
                AstKind::AssignmentExpression(write) if write.left.span() == it.span => None,
                _ => Some(Echo::Detail),
            },
            _ if used.is_write() => None,
            _ => Some(Echo::Detail),
        }
    }

    /// Whether nothing decides whether a place is reached, from the declaration of a variable on.
    fn is_always(&self, symbol: SymbolId, node: NodeId) -> bool {
        let home = self.module.declaration(symbol);
        let around = self.module.around(node).take_while(|(it, _)| *it > home);
        let mut free = true;
        for (at, kind) in around {
            free &= !matches!(
                kind,
                AstKind::IfStatement(_)
                    | AstKind::ConditionalExpression(_)
                    | AstKind::LogicalExpression(_)
                    | AstKind::SwitchStatement(_)
                    | AstKind::WhileStatement(_)
                    | AstKind::Function(_)
                    | AstKind::ArrowFunctionExpression(_)
            );
            if matches!(kind, AstKind::ForStatement(_) | AstKind::ForOfStatement(_)) {
                let end = kind.span().end;
                let inside = (at.index()..).map(NodeId::from_usize);
                let mut inside = inside.map(|it| self.module.kind(it)).take_while(|it| it.span().start < end);
                free &= !inside.any(|it| matches!(it, AstKind::ContinueStatement(_) | AstKind::BreakStatement(_)));
            }
        }
        free
    }
}
