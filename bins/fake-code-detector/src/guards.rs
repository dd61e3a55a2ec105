//! What excuses code that looks like a fake: one function an excuse, shared by all rules.
use crate::finding::Finding;
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{Body, Function, FunctionId, Kind, Module, Role};
use crate::names;
use crate::syntax::*;

static NULL_OBJECT: Names = Names::new(&[
    "null",
    "noop",
    "empty",
    "dummy",
    "nil",
    "void",
    "blank",
    "disabled",
    "fake",
    "stub",
    "mock",
    "memory",
    "inmemory",
    "base",
    "abstract",
    "fixed",
    "static",
    "constant",
    "always",
    "never",
    "silent",
    "nop",
    "console",
    "stdout",
    "logging",
    "printing",
    "preview",
    "local",
    "dev",
    "development",
    "offline",
]);

impl<'a> Module<'a> {
    /// A method that answers to somebody else's contract: its class extends or implements something.
    pub(crate) fn has_heritage(&self, function: &Function<'a>) -> bool {
        function.class.is_some_and(|class| self.class_of(class).has_heritage())
    }

    /// A hook for subclasses: a method of an abstract class, or one that some class of the module overrides.
    pub(crate) fn is_hook(&self, function: &Function<'a>) -> bool {
        *self.hooks[function.id.0 as usize].get_or_init(|| self.is_found_hook(function))
    }

    fn is_found_hook(&self, function: &Function<'a>) -> bool {
        let Some(class) = function.class.map(|class| self.class_of(class)) else { return false };
        let overridden = self.classes.iter().any(|other| {
            let extends = other
                .it
                .heritage
                .as_ref()
                .is_some_and(|it| names::last(&it.expression) == class.name && !class.name.is_empty());
            extends && other.methods.iter().any(|id| self.function(*id).name == function.name)
        });
        class.it.r#abstract
            || overridden
            || class.name.starts_with("Base")
            || class.name.starts_with("Abstract")
            || class.name.ends_with("Base")
    }

    /// Whether the name of a function, its owner or its module says that doing nothing is its job: `noop`, `NullLogger`.
    pub(crate) fn is_null_object(&self, function: &Function<'a>) -> bool {
        *self.null_objects[function.id.0 as usize].get_or_init(|| is_null_object(function))
    }

    /// A type guard, assertion or overload: its type is its contract.
    pub(crate) fn is_type_guard(&self, function: &Function<'a>) -> bool {
        matches!(function.return_type, Some(TSType::TSTypePredicate(_)))
    }

    /// A function that somebody else calls with arguments of their choice: unread parameters say nothing.
    pub(crate) fn is_callback(&self, function: &Function<'a>) -> bool {
        function.role == Role::Callback && !crate::lexicon::WRAPPERS.has(function.argument_of)
    }

    /// Whether the verb of a name promises work: to compute, to ask, to check or to change something.
    pub(crate) fn promises(&self, function: &Function<'a>) -> bool {
        [&lexicon::COMPUTE_VERBS, &lexicon::QUERY_VERBS, &lexicon::CHECK_VERBS, &lexicon::EFFECT_VERBS]
            .iter()
            .any(|words| function.verb_in(words))
    }

    /// Whether a function is one that others give or that answers for others, so that its own name promises nothing to a caller here.
    pub(crate) fn is_bound_elsewhere(&self, function: &Function<'a>) -> bool {
        self.is_callback(function)
            || self.has_heritage(function)
            || self.is_hook(function)
            || self.is_null_object(function)
    }

    /// Whether a function or the statement that it is in carries a comment with one of these phrases, in lower case.
    pub(crate) fn comment_says(&self, function: FunctionId, phrases: &[&str]) -> bool {
        let it = self.function(function);
        let docs = self.docs_of(function).to_lowercase();
        let inside =
            self.comments_in(it.span).iter().map(|comment| self.text_of(comment.content_span()).to_lowercase());
        std::iter::once(docs).chain(inside).any(|text| phrases.iter().any(|phrase| text.contains(phrase)))
    }

    /// Whether a comment in the body of a function, or the documentation before it in plain words, says why nothing happens.
    pub(crate) fn is_explained(&self, function: FunctionId, phrases: &[&str]) -> bool {
        let it = self.function(function);
        let inside = self
            .comments_in(self.body_span(it))
            .iter()
            .map(|comment| self.text_of(comment.content_span()).to_lowercase());
        let docs = self.docs_of(function).to_lowercase();
        let plain = [
            "no-op",
            "noop",
            "does nothing",
            "do nothing",
            "@deprecated",
            "@abstract",
            "overridden",
            "intentionally",
            "null object",
            "subclasses",
        ];
        plain.iter().any(|phrase| docs.contains(phrase))
            || inside.into_iter().any(|text| phrases.iter().any(|phrase| text.contains(phrase)))
    }

    /// Whether a function of production code is worth a look: it has a body, and no guard that all rules share excuses it.
    pub(crate) fn is_candidate(&self, function: &Function<'a>) -> bool {
        function.has_body()
            && !matches!(function.kind, Kind::Constructor | Kind::Setter)
            && !self.is_type_guard(function)
    }

    /// Whether a place is reached in development only: it stands under a condition of the environment, or behind one that leaves.
    pub(crate) fn is_for_development(&self, node: NodeId) -> bool {
        let start = self.kind(node).span().start;
        for (_, around) in self.around(node) {
            let test = match around {
                AstKind::IfStatement(it) => Some(it.test.span()),
                AstKind::ConditionalExpression(it) => Some(it.test.span()),
                AstKind::LogicalExpression(it) => Some(it.left.span()),
                AstKind::Function(it) => Some(Span::new(it.span.start, start.max(it.span.start))),
                AstKind::ArrowFunctionExpression(it) => Some(Span::new(it.span.start, start.max(it.span.start))),
                _ => None,
            };
            if test.is_some_and(|test| test.size() < 4000 && is_development(self.text_of(test))) {
                return true;
            }
        }
        false
    }

    /// Where the body of a function is.
    pub(crate) fn body_span(&self, function: &Function<'a>) -> Span {
        match function.body {
            Body::Block(body) => body.span,
            Body::Value(value) => value.span(),
            Body::None => function.span,
        }
    }
}

fn is_null_object(function: &Function<'_>) -> bool {
    let words = function.words();
    let own = words.len() <= 2
        && words.iter().enumerate().any(|(at, word)| {
            at == 0 && matches!(word.as_str(), "identity" | "no" | "without" | "skip")
                || matches!(
                    word.as_str(),
                    "noop" | "nop" | "nothing" | "unsupported" | "empty" | "dummy" | "constant" | "always" | "never"
                )
        });
    let owner = function.owner_words().iter().any(|word| NULL_OBJECT.has(word.as_str()));
    own || owner
}

fn is_development(text: &str) -> bool {
    ["env.DEV", "NODE_ENV", "__DEV__", "isDev", "IS_DEV", "isDevelopment"].iter().any(|word| text.contains(word))
}

/// Where findings are put.
#[derive(Default)]
pub(crate) struct Sink {
    pub(crate) findings: Vec<Finding>,
}

impl Sink {
    /// Takes a finding.
    pub(crate) fn report(&mut self, finding: Finding) {
        self.findings.push(finding);
    }
}
