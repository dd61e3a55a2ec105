//! A module of source text as the rules see it: its functions, classes, calls and returns, each found once, in the order of the text.
//!
//! Nodes of the tree are numbered in the order of the text, and everything inside of a node has the numbers behind it. So
//! "the calls inside of this function" is a slice, found by bisection.
mod build;
mod class;
mod function;
mod list;
mod path_class;
mod said;

use crate::lexicon::Names;
use std::cell::{Cell, OnceCell, RefCell};

use rustc_hash::FxHashMap;

use crate::analysis::{Kinds, Known, Origins, Summary};
use crate::syntax::*;

pub(crate) use class::{Class, Member};
pub(crate) use function::{Body, Function, Kind, Role};
pub(crate) use list::{At, List};
pub(crate) use path_class::PathClass;
pub(crate) use said::Topic;

/// Number of a function in its module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FunctionId(pub(crate) u32);

/// Number of a class in its module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ClassId(pub(crate) u32);

/// `return x`, or the expression that is the body of an arrow function.
#[derive(Clone, Copy)]
pub(crate) struct Return<'a> {
    /// The value.
    pub(crate) value: Option<&'a Expression<'a>>,
    /// The statement or expression.
    pub(crate) span: Span,
}

/// An assignment or `++`.
#[derive(Clone, Copy)]
pub(crate) enum Write<'a> {
    /// `x = y`, `x += y`.
    Assign(&'a AssignmentExpression<'a>),
    /// `x++`.
    Update(&'a UpdateExpression<'a>),
}

/// Where an imported name comes from.
#[derive(Clone, Copy)]
pub(crate) struct Import<'a> {
    /// The module's specifier.
    pub(crate) module: &'a str,
    /// The name there; `default` and `*` as such.
    pub(crate) name: &'a str,
    /// Only a type.
    pub(crate) is_type: bool,
    /// The declaration.
    pub(crate) span: Span,
}

/// One module.
pub(crate) struct Module<'a> {
    /// Name of its file as it is shown, with `/`.
    pub(crate) path: &'a str,
    /// What kind of file that is.
    pub(crate) class: PathClass,
    /// Its text.
    pub(crate) text: &'a str,
    pub(crate) program: &'a Program<'a>,
    pub(crate) semantic: Semantic<'a>,
    pub(crate) functions: Vec<Function<'a>>,
    /// Their nodes, close together: they are searched again and again.
    nodes: Vec<NodeId>,
    /// By function.
    parts: Vec<list::Parts>,
    pub(crate) classes: Vec<Class<'a>>,
    pub(crate) calls: List<&'a CallExpression<'a>>,
    pub(crate) news: List<&'a NewExpression<'a>>,
    pub(crate) returns: List<Return<'a>>,
    pub(crate) throws: List<&'a ThrowStatement<'a>>,
    pub(crate) awaits: List<&'a AwaitExpression<'a>>,
    pub(crate) yields: List<&'a YieldExpression<'a>>,
    pub(crate) writes: List<Write<'a>>,
    /// `delete x.y`
    pub(crate) deletes: List<&'a UnaryExpression<'a>>,
    pub(crate) catches: List<&'a TryStatement<'a>>,
    pub(crate) arrays: List<&'a ArrayExpression<'a>>,
    pub(crate) objects: List<&'a ObjectExpression<'a>>,
    /// The `for … of` and `for … in` loops: where, and what they walk through.
    pub(crate) walks: List<(Span, &'a Expression<'a>)>,
    pub(crate) switches: List<&'a SwitchStatement<'a>>,
    /// `case x:` and `default:`
    pub(crate) cases_of_switches: List<&'a SwitchCase<'a>>,
    /// `x[y]`
    pub(crate) computed: List<&'a ComputedMemberExpression<'a>>,
    pub(crate) ifs: List<&'a IfStatement<'a>>,
    pub(crate) conditionals: List<&'a ConditionalExpression<'a>>,
    pub(crate) attributes: List<&'a JSXAttribute<'a>>,
    pub(crate) elements: List<&'a JSXOpeningElement<'a>>,
    pub(crate) binaries: List<&'a BinaryExpression<'a>>,
    pub(crate) logicals: List<&'a LogicalExpression<'a>>,
    pub(crate) declarators: List<&'a VariableDeclarator<'a>>,
    /// Strings and texts of JSX as they are meant, templates as they are written.
    pub(crate) texts: List<(&'a str, Span)>,
    /// `x.should`
    pub(crate) shoulds: List<&'a StaticMemberExpression<'a>>,
    pub(crate) imports: FxHashMap<SymbolId, Import<'a>>,
    /// Specifiers of all modules that are imported, required or loaded on demand.
    pub(crate) specifiers: List<(&'a str, Span)>,
    /// Where the values of variables come from.
    pub(crate) origins: Origins,
    known: Vec<Known<'a>>,
    /// Outcomes that were asked for.
    pub(crate) outcomes: Vec<OnceCell<Option<crate::analysis::Outcome<'a>>>>,
    /// What functions promise by name, route or comment, where that was asked for.
    pub(crate) promised: Vec<OnceCell<Option<String>>>,
    /// What calls do, where that was asked for and depends on nothing that is still being found out.
    pub(crate) kinds: Kinds,
    /// Whether what is being found out about a call depends on more than the call.
    pub(crate) depends: Cell<bool>,
    /// What says in functions that something was done, where that was asked for.
    pub(crate) claims: Vec<OnceCell<Vec<crate::analysis::Claim>>>,
    /// Whether functions are null objects, where that was asked for.
    pub(crate) null_objects: Vec<OnceCell<bool>>,
    /// Whether functions are hooks, where that was asked for.
    pub(crate) hooks: Vec<OnceCell<bool>>,
    /// Slices that were asked for.
    pub(crate) slices: Vec<OnceCell<Option<crate::analysis::Slice<'a>>>>,
    /// The functions whose slices are being made.
    pub(crate) slicing: RefCell<Vec<FunctionId>>,
    busy: RefCell<Vec<FunctionId>>,
    /// The variables whose use is being looked for: what only serves itself serves nothing.
    pub(crate) tracing: RefCell<Vec<SymbolId>>,
    /// Its tests, found out when a rule first asks.
    pub(crate) cases: OnceCell<crate::cases::Tests<'a>>,
    /// What the text speaks of, found out when a rule first asks.
    said: OnceCell<said::Said>,
    /// How many variables deep an origin is being looked for.
    pub(crate) depth: std::cell::Cell<u32>,
    /// What one question of [`Module::made_of`] or [`Module::reach`] has cost so far.
    pub(crate) effort: Effort,
}

/// Bounds how deep and how long one question to the module may go, whatever the text is.
#[derive(Default)]
pub(crate) struct Effort {
    depth: std::cell::Cell<u32>,
    steps: std::cell::Cell<u32>,
}

impl Effort {
    /// One step deeper; nothing where the question has become too expensive.
    pub(crate) fn deeper<T>(&self, step: impl FnOnce() -> T) -> Option<T> {
        if self.depth.get() == 0 {
            self.steps.set(0);
        }
        if self.depth.get() >= 120 || self.steps.get() >= 3000 {
            return None;
        }
        self.depth.set(self.depth.get() + 1);
        self.steps.set(self.steps.get() + 1);
        let found = step();
        self.depth.set(self.depth.get() - 1);
        Some(found)
    }
}

impl<'a> Module<'a> {
    /// The function of this number.
    pub(crate) fn function(&self, id: FunctionId) -> &Function<'a> {
        &self.functions[id.0 as usize]
    }

    /// The class of this number.
    pub(crate) fn class_of(&self, id: ClassId) -> &Class<'a> {
        &self.classes[id.0 as usize]
    }

    /// The text of a place.
    pub(crate) fn text_of(&self, span: Span) -> &'a str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// Whether the text speaks of something at all.
    pub(crate) fn speaks_of(&self, topic: Topic) -> bool {
        self.said.get_or_init(|| said::Said::of(self.text)).has(topic)
    }

    /// The text of a place in one short line, for a message.
    pub(crate) fn brief(&self, span: Span) -> String {
        let text = self.text_of(span);
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match line.char_indices().nth(70) {
            Some((end, _)) => format!("{}…", &line[..end]),
            None => line,
        }
    }

    /// The kind of a node.
    pub(crate) fn kind(&self, node: NodeId) -> AstKind<'a> {
        self.semantic.nodes().kind(node)
    }

    /// The node around a node.
    pub(crate) fn parent(&self, node: NodeId) -> NodeId {
        self.semantic.nodes().parent_id(node)
    }

    /// The kinds around a node, from the inside.
    pub(crate) fn around(&self, node: NodeId) -> impl Iterator<Item = (NodeId, AstKind<'a>)> + '_ {
        self.semantic.nodes().ancestors_enumerated(node).map(|(id, node)| (id, node.kind()))
    }

    /// The innermost function around a node.
    pub(crate) fn function_around(&self, node: NodeId) -> Option<FunctionId> {
        let mut found = None;
        // Functions are in the order of the text: the last one that starts before the node and ends behind it.
        let end = self.nodes.partition_point(|function| *function < node);
        let mut next = end.checked_sub(1).map(|index| FunctionId(index.try_into().unwrap_or(u32::MAX)));
        while let Some(id) = next {
            let function = self.function(id);
            if node < function.end {
                found = Some(id);
                break;
            }
            next = function.parent;
        }
        found
    }

    /// The innermost function with a body around a place in the text.
    pub(crate) fn function_at_text(&self, at: u32) -> Option<FunctionId> {
        let end = self.functions.partition_point(|function| self.kind(function.node).span().start <= at);
        let mut next = end.checked_sub(1).map(|index| FunctionId(index.try_into().unwrap_or(u32::MAX)));
        while let Some(id) = next {
            if self.kind(self.function(id).node).span().end > at {
                return Some(id);
            }
            next = self.function(id).parent;
        }
        None
    }

    /// What of `all` stands inside of a function, functions in it included.
    pub(crate) fn inside<'m, T>(&self, all: &'m List<T>, function: FunctionId) -> &'m [At<T>] {
        let part = self.parts[function.0 as usize][all.number];
        &all[part.0 as usize..part.1 as usize]
    }

    /// What of `all` has a node from `start` on and before `end`.
    pub(crate) fn between<'m, T>(&self, all: &'m [At<T>], start: NodeId, end: NodeId) -> &'m [At<T>] {
        let first = all.partition_point(|at| at.node < start);
        let last = all.partition_point(|at| at.node < end);
        &all[first..last.max(first)]
    }

    /// What of `all` stands in a part of the text that begins with a node.
    pub(crate) fn within<'m, T>(
        &'m self,
        all: &'m [At<T>],
        node: NodeId,
        span: Span,
    ) -> impl Iterator<Item = &'m At<T>> + use<'m, 'a, T> {
        let first = all.partition_point(|at| at.node < node);
        all[first..].iter().take_while(move |at| self.kind(at.node).span().start < span.end)
    }

    /// What of `all` stands in a function itself, not in a function inside of it.
    pub(crate) fn own<'m, T>(
        &self,
        all: &'m List<T>,
        function: FunctionId,
    ) -> impl Iterator<Item = &'m At<T>> + use<'m, 'a, T> {
        self.inside(all, function).iter().filter(move |at| at.function == Some(function))
    }

    /// The values that a function returns itself.
    pub(crate) fn returns_of(&self, function: FunctionId) -> impl Iterator<Item = Return<'a>> + '_ {
        self.own(&self.returns, function).map(|at| at.it)
    }

    /// The symbol that a name means; nothing for a global.
    pub(crate) fn symbol(&self, name: &IdentifierReference<'a>) -> Option<SymbolId> {
        self.semantic.scoping().get_reference(name.reference_id.get()?).symbol_id()
    }

    /// Everywhere that a symbol is used.
    pub(crate) fn uses(&self, symbol: SymbolId) -> impl Iterator<Item = &Reference> + '_ {
        self.semantic.scoping().get_resolved_references(symbol)
    }

    /// The node that declares a symbol.
    pub(crate) fn declaration(&self, symbol: SymbolId) -> NodeId {
        self.semantic.scoping().symbol_declaration(symbol)
    }

    /// The function that a symbol names: declared, or a constant that holds one.
    pub(crate) fn function_of(&self, symbol: SymbolId) -> Option<FunctionId> {
        let node = self.declaration(symbol);
        let function = match self.kind(node) {
            AstKind::Function(_) => self.implementation(self.function_at(node)?)?,
            AstKind::VariableDeclarator(declarator) => self.function_in(declarator.init.as_ref()?)?,
            _ => return None,
        };
        Some(function)
    }

    /// The declaration with a body among the overloads that follow one another.
    fn implementation(&self, first: FunctionId) -> Option<FunctionId> {
        let name = self.function(first).name;
        let overloads = self.functions[first.0 as usize..].iter().take_while(|function| function.name == name);
        overloads.take(40).find(|function| function.has_body()).map(|function| function.id)
    }

    /// The function that an expression is, through casts, parentheses and wrappers such as `useCallback(f, [])`.
    pub(crate) fn function_in(&self, value: &Expression<'a>) -> Option<FunctionId> {
        match value.get_inner_expression() {
            Expression::ArrowFunctionExpression(arrow) => self.function_at(arrow.node_id.get()),
            Expression::FunctionExpression(function) => self.function_at(function.node_id.get()),
            Expression::CallExpression(call) if crate::names::is_wrapper(call) => {
                self.function_in(call.arguments.first()?.as_expression()?)
            }
            _ => None,
        }
    }

    /// The function whose node this is.
    pub(crate) fn function_at(&self, node: NodeId) -> Option<FunctionId> {
        let index = self.nodes.binary_search(&node).ok()?;
        Some(FunctionId(index.try_into().ok()?))
    }

    /// The comments that touch or precede a place without a statement between: those of a node.
    pub(crate) fn comments_before(&self, start: u32) -> &'a [Comment] {
        let comments = &self.program.comments[..];
        let end = comments.partition_point(|comment| comment.span.end <= start);
        let mut first = end;
        let mut edge = start;
        while first > 0 {
            let between = self.text.get(comments[first - 1].span.end as usize..edge as usize).unwrap_or("x");
            let plain = between.trim();
            let modifiers = plain.split_whitespace().all(|word| MODIFIERS.has(word));
            if !modifiers || between.matches('\n').count() > 2 {
                break;
            }
            first -= 1;
            edge = comments[first].span.start;
        }
        &comments[first..end]
    }

    /// The comments that document a function: before it, or before the statement that it is the value of.
    pub(crate) fn comments_of(&self, function: &Function<'a>) -> &'a [Comment] {
        let (first, end) = *function.comments.get_or_init(|| {
            let found = self.comments_before(function.start);
            let end = self.program.comments.partition_point(|comment| comment.span.end <= function.start);
            let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            (number(end - found.len()), number(end))
        });
        &self.program.comments[first as usize..end as usize]
    }

    /// The comments inside of a place.
    pub(crate) fn comments_in(&self, span: Span) -> &'a [Comment] {
        let comments = &self.program.comments[..];
        let first = comments.partition_point(|comment| comment.span.start < span.start);
        let end = comments.partition_point(|comment| comment.span.start < span.end);
        &comments[first..end.max(first)]
    }

    /// The function that a comment is about: the one that it stands in, or the one that begins behind it.
    pub(crate) fn commented_function(&self, comment: &Comment) -> Option<FunctionId> {
        let end = self.functions.partition_point(|function| function.span.start <= comment.span.start);
        let mut next = end.checked_sub(1).map(|index| FunctionId(index.try_into().unwrap_or(u32::MAX)));
        while let Some(id) = next.filter(|id| self.function(*id).span.end < comment.span.end) {
            next = self.function(id).parent;
        }
        next.or_else(|| {
            let behind = self.functions.get(end).filter(|function| function.start >= comment.span.end)?;
            let touches = self.comments_of(behind).iter().any(|it| it.span == comment.span);
            touches.then_some(behind.id)
        })
    }

    /// The text of the comments that document a function.
    pub(crate) fn docs_of(&self, function: FunctionId) -> String {
        let mut text = String::new();
        let function = self.function(function);
        for comment in self.comments_of(function) {
            text.push_str(self.text_of(comment.content_span()));
            text.push('\n');
        }
        text
    }

    /// Whether a function is the one whose summary is being made right now: it calls itself.
    pub(crate) fn is_looked_at(&self, id: FunctionId) -> bool {
        self.busy.borrow().last() == Some(&id)
    }

    /// Whether it is being found out right now what a function does.
    pub(crate) fn is_being_looked_at(&self, id: FunctionId) -> bool {
        self.busy.borrow().contains(&id)
    }

    /// What a function does. While that is being found out (a function that calls itself) there is none.
    pub(crate) fn summary(&self, id: FunctionId) -> Option<Summary<'_, 'a>> {
        let busy = self.busy.borrow();
        (!busy.contains(&id) && busy.len() <= DEEPEST).then(|| Summary::new(self, id))
    }

    /// Finds out what every function answers. Asked for in the middle of a variable that it depends on, an answer would be found
    /// without it, and be kept like that.
    pub(crate) fn settle_answers(&self) {
        for function in &self.functions {
            let _ = self.summary(function.id).map(Summary::answer);
        }
    }

    /// Whether nothing is being found out right now on which an answer could depend: what is asked for again is answered the same.
    pub(crate) fn is_settled(&self) -> bool {
        self.depth.get() == 0
            && self.effort.depth.get() == 0
            && self.busy.borrow().is_empty()
            && self.tracing.borrow().is_empty()
            && self.slicing.borrow().is_empty()
    }

    pub(crate) fn known(&self, id: FunctionId) -> &Known<'a> {
        &self.known[id.0 as usize]
    }

    /// Finds something out about a function.
    pub(crate) fn busy_with<T>(&self, id: FunctionId, find: impl FnOnce() -> T) -> T {
        self.busy.borrow_mut().push(id);
        let found = find();
        self.busy.borrow_mut().pop();
        found
    }
}

/// How many functions deep calls are followed.
const DEEPEST: usize = 24;

static MODIFIERS: Names = Names::new(&[
    "export",
    "default",
    "async",
    "public",
    "private",
    "protected",
    "static",
    "override",
    "readonly",
    "const",
    "let",
    "var",
]);
