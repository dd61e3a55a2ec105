//! What a value is read for: whether anything that a function is judged by depends on it.
use crate::analysis::CallKind;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::syntax::*;

/// The best use that is made of a value, from none at all to one that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Usage {
    /// It is never named.
    #[default]
    Unread,
    /// `void x;` or `x;`
    Voided,
    /// Only a log is told.
    Logged,
    /// Only the length of a pause depends on it.
    Timed,
    /// Something is made of it that nothing else reads.
    Dead,
    /// Only whether an error is thrown, or nothing is done at all, depends on it.
    Guarding,
    /// Only whether it is there, or how much it is, decides something.
    Presence,
    /// It is read for good.
    Live,
}

const DEEPEST: usize = 6;

impl<'a> Module<'a> {
    /// The best use of a symbol inside of a function.
    pub(crate) fn usage(&self, symbol: SymbolId, inside: FunctionId) -> Usage {
        self.usage_at(symbol, inside, 0)
    }

    /// The best use of a symbol inside of a function, but for these places.
    pub(crate) fn usage_outside(&self, symbol: SymbolId, inside: FunctionId, places: &[Span]) -> Usage {
        let function = self.function(inside);
        let nodes = self
            .uses(symbol)
            .filter(|it| it.is_read() || !it.is_type())
            .map(Reference::node_id)
            .filter(|node| *node >= function.node && *node < function.end);
        let nodes = nodes.filter(|node| !places.iter().any(|place| place.contains_inclusive(self.kind(*node).span())));
        nodes.map(|node| self.usage_of(node, inside, 0)).max().unwrap_or_default()
    }

    fn usage_at(&self, symbol: SymbolId, inside: FunctionId, depth: usize) -> Usage {
        let function = self.function(inside);
        let mut best = Usage::Unread;
        for reference in self.uses(symbol) {
            let node = reference.node_id();
            if node < function.node || node >= function.end || reference.is_type() && !reference.is_read() {
                continue;
            }
            best = best.max(self.usage_of(node, inside, depth));
            if best == Usage::Live {
                break;
            }
        }
        best
    }

    /// What one use of a name is for.
    fn usage_of(&self, node: NodeId, inside: FunctionId, depth: usize) -> Usage {
        let mut presence = false;
        match self.usage_behind(node, inside, (depth, &mut presence)) {
            Usage::Live if presence => Usage::Presence,
            usage => usage,
        }
    }

    fn usage_behind(&self, node: NodeId, inside: FunctionId, (depth, presence): (usize, &mut bool)) -> Usage {
        let mut inner = self.kind(node).span();
        for (id, around) in self.around(node) {
            match around {
                // `x && f()` decides whether f runs.
                AstKind::ExpressionStatement(it)
                    if matches!(
                        it.expression,
                        Expression::LogicalExpression(_) | Expression::ConditionalExpression(_)
                    ) =>
                {
                    return Usage::Live;
                }
                AstKind::ExpressionStatement(_) => return Usage::Voided,
                // Its value may be dropped, but it is waited for.
                AstKind::AwaitExpression(_)
                    if matches!(self.kind(self.parent(id)), AstKind::ExpressionStatement(_)) =>
                {
                    return Usage::Live;
                }
                AstKind::UnaryExpression(it) if it.operator == UnaryOperator::Void => return Usage::Voided,
                AstKind::UnaryExpression(it) if it.operator == UnaryOperator::LogicalNot => {
                    *presence |= self.is_no_flag(&it.argument);
                    inner = it.span;
                }
                // Of a text, a list or bytes only how much it is.
                AstKind::StaticMemberExpression(it)
                    if matches!(it.property.name.as_str(), "length" | "size" | "byteLength")
                        && matches!(it.object.get_inner_expression(), Expression::Identifier(_))
                        && !self.is_chosen(&it.object) =>
                {
                    *presence = true;
                    inner = it.span;
                }
                AstKind::BinaryExpression(it) => {
                    *presence |= asks_presence(it, inner) && !self.is_chosen(&it.left);
                    inner = it.span;
                }
                AstKind::TSTypeQuery(_) | AstKind::TSTypeAnnotation(_) | AstKind::TSTypeParameterInstantiation(_) => {
                    return Usage::Unread;
                }
                // What an answer is kept under is not what it is made of.
                AstKind::ObjectProperty(it)
                    if matches!(
                        names::key(&it.key),
                        "queryKey" | "cacheKey" | "mutationKey" | "dependencies" | "deps"
                    ) && it.value.span().contains_inclusive(inner) =>
                {
                    return Usage::Unread;
                }
                AstKind::ObjectProperty(it)
                    if it.value.span().contains_inclusive(inner) && self.is_unread_field(id, it, inside) =>
                {
                    return Usage::Dead;
                }
                AstKind::CallExpression(call)
                    if matches!(names::last(&call.callee), "useEffect" | "useLayoutEffect" | "useCallback")
                        && call.arguments.get(1).is_some_and(|list| list.span().contains_inclusive(inner)) =>
                {
                    return Usage::Unread;
                }
                AstKind::CallExpression(call) => match self.usage_in_call(call, (id, depth), inner) {
                    Some(usage) => return usage,
                    // The value of a call that only computes goes on.
                    None => inner = call.span,
                },
                AstKind::NewExpression(new) => {
                    if matches!(self.kind(self.parent(id)), AstKind::ThrowStatement(_)) {
                        return Usage::Guarding;
                    }
                    inner = new.span;
                }
                AstKind::ThrowStatement(_) => return Usage::Guarding,
                AstKind::IfStatement(it) if it.test.span().contains_inclusive(inner) => {
                    *presence |= it.test.span() == inner && self.is_no_flag(&it.test);
                    return self.usage_of_test(it);
                }
                AstKind::ConditionalExpression(it) => {
                    *presence |= it.test.span() == inner && self.is_no_flag(&it.test);
                    inner = it.span;
                }
                AstKind::VariableDeclarator(it) => return self.usage_of_pattern(&it.id, inside, depth),
                AstKind::AssignmentExpression(it) => {
                    if it.left.span().contains_inclusive(inner) {
                        // `x = …` reads nothing; `x.y = …` changes what x is.
                        let plain = matches!(&it.left, AssignmentTarget::AssignmentTargetIdentifier(name) if name.span == inner);
                        // `(x ??= f())` as a value reads what it fills.
                        if it.operator != AssignmentOperator::Assign
                            && !matches!(self.kind(self.parent(id)), AstKind::ExpressionStatement(_))
                        {
                            inner = it.span;
                            continue;
                        }
                        // What a variable of the function itself is filled with is not what it is read for.
                        let filled = self.is_filled_at(node, &it.left, inside)
                            && matches!(self.kind(self.parent(id)), AstKind::ExpressionStatement(_));
                        let unread = plain && it.operator == AssignmentOperator::Assign || filled;
                        return if unread { Usage::Unread } else { self.usage_of_target(&it.left, inside, depth) };
                    }
                    // `url = new URL(path, url)` reads a variable only to fill it again.
                    let again = matches!((&it.left, self.kind(node)), (AssignmentTarget::AssignmentTargetIdentifier(left), AstKind::IdentifierReference(name)) if self.symbol(left).is_some() && self.symbol(left) == self.symbol(name));
                    return if again { Usage::Unread } else { self.usage_of_target(&it.left, inside, depth) };
                }
                AstKind::UpdateExpression(_) => inner = around.span(),
                AstKind::ReturnStatement(_)
                | AstKind::YieldExpression(_)
                | AstKind::ForOfStatement(_)
                | AstKind::ForInStatement(_)
                | AstKind::ForStatement(_) => {
                    return self.usage_of_loop(around, inside);
                }
                AstKind::WhileStatement(_)
                | AstKind::DoWhileStatement(_)
                | AstKind::SwitchStatement(_)
                | AstKind::SwitchCase(_)
                | AstKind::ClassBody(_) => {
                    *presence = false;
                    return Usage::Live;
                }
                AstKind::Function(_) | AstKind::ArrowFunctionExpression(_) => {
                    // The value of a short arrow function: it goes where the function goes.
                    match self.function_at(id) {
                        Some(function) if function == inside => return Usage::Live,
                        Some(_) => inner = around.span(),
                        None => return Usage::Live,
                    }
                }
                AstKind::FormalParameter(_) | AstKind::AssignmentPattern(_) | AstKind::BindingProperty(_) => {
                    return Usage::Live;
                }
                AstKind::Program(_) => return Usage::Live,
                _ => {
                    let span = around.span();
                    if span.contains_inclusive(inner) {
                        inner = span;
                    }
                }
            }
        }
        Usage::Live
    }

    /// Whether a property of a record that a variable of the function holds is one that nobody asks the record for.
    fn is_unread_field(&self, node: NodeId, it: &'a ObjectProperty<'a>, inside: FunctionId) -> bool {
        let key = names::key(&it.key);
        let declarator = self.parent(self.parent(node));
        let AstKind::VariableDeclarator(record) = self.kind(declarator) else { return false };
        let function = self.function(inside);
        if key.is_empty() || declarator < function.node || declarator >= function.end {
            return false;
        }
        let Some(symbol) = record.id.get_binding_identifier().and_then(|name| name.symbol_id.get()) else {
            return false;
        };
        let mut uses = self.uses(symbol).peekable();
        uses.peek().is_some()
            && uses.all(|used| match self.kind(self.parent(used.node_id())) {
                AstKind::StaticMemberExpression(member) => member.property.name != key,
                _ => false,
            })
    }

    /// Whether a value that is asked for its truth is known to be no flag: then only whether it is there is asked.
    fn is_no_flag(&self, value: &'a Expression<'a>) -> bool {
        match value.get_inner_expression() {
            Expression::StaticMemberExpression(it) => {
                matches!(it.property.name.as_str(), "length" | "size" | "id") && !self.is_chosen(value)
            }
            Expression::CallExpression(call) => matches!(names::last(&call.callee), "trim" | "keys" | "entries"),
            Expression::Identifier(name) => {
                let Some(AstKind::VariableDeclarator(it)) =
                    self.symbol(name).map(|symbol| self.kind(self.declaration(symbol)))
                else {
                    return false;
                };
                let Some(Expression::CallExpression(call)) = it.init.as_ref().map(Expression::get_inner_expression)
                else {
                    return false;
                };
                // `const ok = matches(x)` is an answer in itself.
                let verb = names::verb(names::last(&call.callee));
                let asks = crate::lexicon::CHECK_VERBS.has(&verb)
                    || matches!(
                        verb.as_str(),
                        "test" | "some" | "every" | "includes" | "starts" | "ends" | "get" | "find" | "match" | "exec"
                    );
                !asks
            }
            _ => false,
        }
    }

    /// Whether a list is what is left after a choice: that it is empty is an answer. `hits.length` of `const hits = all.filter(fits)`.
    fn is_chosen(&self, value: &'a Expression<'a>) -> bool {
        let root = match names::root(value) {
            Expression::Identifier(name) => self.initial(name).map_or(value, |init| init),
            _ => value,
        };
        let mut next = root.get_inner_expression();
        for _ in 0..12 {
            next = match next {
                Expression::CallExpression(call) => {
                    let all = matches!(call.arguments.first(), Some(Argument::Identifier(it)) if it.name == "Boolean");
                    if matches!(
                        names::last(&call.callee),
                        "filter" | "find" | "match" | "exec" | "matchAll" | "flatMap" | "reduce"
                    ) && !all
                    {
                        return true;
                    }
                    match names::object(&call.callee) {
                        Some(object) => object.get_inner_expression(),
                        None => return false,
                    }
                }
                other => match names::object(other) {
                    Some(object) => object.get_inner_expression(),
                    None => return false,
                },
            };
        }
        false
    }

    /// Whether a use of a variable of the function is the root of what is assigned to.
    fn is_filled_at(&self, node: NodeId, left: &'a AssignmentTarget<'a>, inside: FunctionId) -> bool {
        let AstKind::IdentifierReference(name) = self.kind(node) else { return false };
        let Some(declaration) = self.symbol(name).map(|symbol| self.declaration(symbol)) else { return false };
        let function = self.function(inside);
        let local = declaration > function.node
            && declaration < function.end
            && matches!(self.kind(declaration), AstKind::VariableDeclarator(_));
        let root = match left {
            AssignmentTarget::AssignmentTargetIdentifier(target) => Some(target.span),
            other => names::target_object(other).filter(|_| self.is_own(name)).map(|object| names::root(object).span()),
        };
        local && root == Some(name.span)
    }

    /// Whether a variable holds a value that nobody else holds.
    fn is_own(&self, name: &IdentifierReference<'a>) -> bool {
        let declaration = self.symbol(name).map(|symbol| self.kind(self.declaration(symbol)));
        matches!(declaration, Some(AstKind::VariableDeclarator(it)) if it.init.as_ref().is_some_and(|init| self.is_fresh(init) || !self.origin(init).is_real()))
    }

    /// Whether a call runs a function that it is given and that changes something.
    pub(crate) fn runs_effects(&self, call: &'a CallExpression<'a>) -> bool {
        let mut given =
            call.arguments.iter().filter_map(Argument::as_expression).filter_map(|argument| self.function_in(argument));
        given.any(|id| self.summary(id).is_none_or(|summary| !summary.effects().is_empty() || summary.throws() > 0))
    }

    /// What a call makes of an argument, or of what it is made on; nothing where its value is what counts.
    fn usage_in_call(
        &self,
        call: &'a CallExpression<'a>,
        (node, depth): (NodeId, usize),
        inner: Span,
    ) -> Option<Usage> {
        match self.call_kind(call) {
            CallKind::Log => Some(Usage::Logged),
            CallKind::Timer => {
                let callback = call.arguments.first().is_some_and(|first| first.span().contains_inclusive(inner))
                    && call.arguments.len() > 1;
                if callback { Some(Usage::Live) } else { Some(Usage::Timed) }
            }
            CallKind::Effect => Some(Usage::Live),
            // The list of what a memo depends on decides when it is made anew, not what it is.
            CallKind::Local(_) if self.memoised(call).is_some() => {
                let listed = call.arguments.get(1).is_some_and(|list| list.span().contains_inclusive(inner));
                listed.then_some(Usage::Unread)
            }
            CallKind::Local(id) => {
                // An argument that the function does not read is not read here either. A function that is being looked at
                // right now knows no better: then it counts as read.
                let position = call.arguments.iter().position(|argument| argument.span().contains_inclusive(inner));
                let parameter = position.and_then(|position| self.function(id).params.items.get(position));
                let unread = parameter.zip(self.summary(id)).is_some_and(|(parameter, summary)| {
                    let mut own = summary.parameters().iter().filter(|own| parameter.span.contains_inclusive(own.span));
                    own.all(|own| own.usage < Usage::Guarding)
                });
                let effects = self.summary(id).is_none_or(|summary| !summary.effects().is_empty());
                let told = parameter.zip(self.summary(id)).is_some_and(|(parameter, summary)| {
                    summary
                        .parameters()
                        .iter()
                        .any(|own| parameter.span.contains_inclusive(own.span) && own.usage == Usage::Logged)
                });
                // `assertItem(item);` says nothing but may throw.
                let asserts = !self.inside(&self.throws, id).is_empty()
                    && matches!(
                        self.kind(self.parent(node)),
                        AstKind::ExpressionStatement(_)
                            | AstKind::AwaitExpression(_)
                            | AstKind::ArrowFunctionExpression(_)
                    );
                match (unread, effects) {
                    (true, _) => Some(if told { Usage::Logged } else { Usage::Dead }),
                    (false, true) => Some(Usage::Live),
                    (false, false) if asserts => Some(Usage::Guarding),
                    (false, false) => None,
                }
            }
            CallKind::Change => match names::object(&call.callee).map(|object| names::root(object)) {
                Some(Expression::Identifier(name)) if !call.callee.span().contains_inclusive(inner) => {
                    let symbol = self.symbol(name)?;
                    let inside = self.function_around(node)?;
                    Some(self.usage_of_local(symbol, inside, depth + 1))
                }
                _ => None,
            },
            CallKind::Pure if self.runs_effects(call) => Some(Usage::Live),
            // `pending.answer.resolve(x);` gives x to whoever waits; `Promise.resolve(x);` gives it to nobody.
            CallKind::Pure
                if matches!(names::last(&call.callee), "resolve" | "reject")
                    && names::object(&call.callee).is_some_and(|it| !it.is_specific_id("Promise"))
                    && matches!(
                        self.kind(self.parent(node)),
                        AstKind::ExpressionStatement(_) | AstKind::ChainExpression(_)
                    ) =>
            {
                Some(Usage::Live)
            }
            // `Object.assign(target, x)`: x is read for what the target is read for.
            CallKind::Pure if matches!(names::last(&call.callee), "assign" | "defineProperty" | "defineProperties") => {
                let target = call.arguments.first().and_then(Argument::as_expression)?;
                let Expression::Identifier(name) = target.get_inner_expression() else { return None };
                let symbol = self.symbol(name).filter(|_| !target.span().contains_inclusive(inner))?;
                Some(self.usage_of_local(symbol, self.function_around(node)?, depth + 1))
            }
            CallKind::Pure => None,
        }
    }

    fn usage_of_test(&self, it: &'a IfStatement<'a>) -> Usage {
        // `if (fits) { found = it; return; }` has done its work.
        let ends = |statement: &Statement<'a>| {
            (leaves_empty_handed(statement)
                || crate::analysis::outcome::is_presence(&it.test, 0) && self.leaves_unchanged(statement))
                && !matches!(statement, Statement::BlockStatement(block) if block.body.iter().any(is_assignment))
        };
        match (&it.consequent, &it.alternate) {
            (consequent, None) if ends(consequent) => Usage::Guarding,
            (consequent, None) if self.only_logs(consequent) => Usage::Logged,
            _ => Usage::Live,
        }
    }

    /// Whether a statement gives back a parameter as it came.
    fn leaves_unchanged(&self, statement: &Statement<'a>) -> bool {
        match statement {
            Statement::ReturnStatement(it) => {
                it.argument.as_ref().is_some_and(|value| matches!(value.get_inner_expression(), Expression::Identifier(name) if self.symbol(name).is_some_and(|symbol| matches!(self.kind(self.declaration(symbol)), AstKind::FormalParameter(_)))))
            }
            Statement::BlockStatement(block) => block.body.len() == 1 && self.leaves_unchanged(&block.body[0]),
            _ => false,
        }
    }

    /// Whether a statement does nothing but write to logs.
    pub(crate) fn only_logs(&self, statement: &'a Statement<'a>) -> bool {
        match statement {
            Statement::BlockStatement(block) => block.body.iter().all(|statement| self.only_logs(statement)),
            Statement::ExpressionStatement(it) => match it.expression.get_inner_expression() {
                Expression::CallExpression(call) => self.call_kind(call) == CallKind::Log,
                _ => false,
            },
            Statement::EmptyStatement(_) => true,
            _ => false,
        }
    }

    fn usage_of_loop(&self, around: AstKind<'a>, inside: FunctionId) -> Usage {
        let (body, end) = match around {
            AstKind::ForOfStatement(it) => (&it.body, it.span),
            AstKind::ForInStatement(it) => (&it.body, it.span),
            AstKind::ForStatement(it) => (&it.body, it.span),
            _ => return Usage::Live,
        };
        let _ = (end, inside);
        if self.only_logs(body) { Usage::Logged } else { Usage::Live }
    }

    fn usage_of_pattern(&self, pattern: &BindingPattern<'a>, inside: FunctionId, depth: usize) -> Usage {
        let symbols = pattern.get_symbol_ids();
        symbols.into_iter().map(|symbol| self.usage_of_local(symbol, inside, depth + 1)).max().unwrap_or(Usage::Live)
    }

    fn usage_of_target(&self, target: &'a AssignmentTarget<'a>, inside: FunctionId, depth: usize) -> Usage {
        let name = match target {
            AssignmentTarget::AssignmentTargetIdentifier(name) => &**name,
            other => match names::target_object(other).map(|object| names::root(object)) {
                Some(Expression::Identifier(name)) if self.is_own(name) => name,
                // What somebody else can see too is read by whoever sees it.
                _ => return Usage::Live,
            },
        };
        match self.symbol(name) {
            Some(symbol) => self.usage_of_local(symbol, inside, depth + 1),
            None => Usage::Live,
        }
    }

    /// What a variable of the function is read for: never read, or only voided, is dead.
    fn usage_of_local(&self, symbol: SymbolId, inside: FunctionId, depth: usize) -> Usage {
        let node = self.declaration(symbol);
        let function = self.function(inside);
        if depth > DEEPEST {
            return Usage::Live;
        }
        let is_local =
            node > function.node && node < function.end && matches!(self.kind(node), AstKind::VariableDeclarator(_));
        if !is_local {
            return Usage::Live;
        }
        if self.tracing.borrow().contains(&symbol) {
            return Usage::Dead;
        }
        self.tracing.borrow_mut().push(symbol);
        let usage = self.usage_at(symbol, inside, depth);
        self.tracing.borrow_mut().pop();
        match usage {
            Usage::Unread | Usage::Voided => Usage::Dead,
            other => other,
        }
    }
}

/// Whether a comparison only asks whether what stands inside of it is empty: `x.length === 0`. A test for `null` or a type
/// tells one kind of value from another.
fn asks_presence(it: &BinaryExpression<'_>, inner: Span) -> bool {
    if !it.operator.is_equality() && !it.operator.is_compare() {
        return false;
    }
    let (asked, other) =
        if it.left.span().contains_inclusive(inner) { (&it.left, &it.right) } else { (&it.right, &it.left) };
    let size = matches!(asked.get_inner_expression(), Expression::StaticMemberExpression(it) if matches!(it.property.name.as_str(), "length" | "size"));
    matches!(other.get_inner_expression(), Expression::NumericLiteral(it) if size && it.value <= 1.0)
}

fn is_assignment(statement: &Statement<'_>) -> bool {
    matches!(statement, Statement::ExpressionStatement(it) if matches!(it.expression, Expression::AssignmentExpression(_)))
}

/// Whether a statement leaves without an answer: it throws, or returns nothing, `null`, `undefined` or something empty.
fn leaves_empty_handed(statement: &Statement<'_>) -> bool {
    match statement {
        Statement::ThrowStatement(_) => true,
        Statement::ReturnStatement(it) => match it.argument.as_ref().map(Expression::get_inner_expression) {
            None | Some(Expression::NullLiteral(_)) => true,
            Some(Expression::ArrayExpression(it)) => it.elements.is_empty(),
            Some(Expression::ObjectExpression(it)) => it.properties.is_empty(),
            Some(Expression::StringLiteral(it)) => it.value.is_empty(),
            Some(value) => value.is_undefined(),
        },
        Statement::BlockStatement(block) => block.body.last().is_some_and(leaves_empty_handed) && block.body.len() <= 3,
        _ => false,
    }
}
