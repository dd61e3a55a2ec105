//! Texts that hold certain words: strings, templates and texts of JSX are a list of the model.
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};

use crate::model::{FunctionId, Module};
use crate::names;
use crate::phrases::Phrases;
use crate::syntax::*;

/// A string, template or text of JSX.
#[derive(Clone, Copy)]
pub(crate) struct Text<'a> {
    pub(crate) node: NodeId,
    pub(crate) span: Span,
    pub(crate) function: Option<FunctionId>,
    pub(crate) text: &'a str,
    /// The word that it was found by.
    pub(crate) word: &'static str,
}

/// Words that texts are searched for, upper or lower case, all in one pass.
pub(crate) struct Needles {
    words: &'static [&'static str],
    /// Whether there is one at all, for most texts.
    quick: Phrases,
    /// Built for the first text that holds one.
    search: OnceLock<Option<AhoCorasick>>,
}

impl Needles {
    /// Of words of the text of a rule.
    pub(crate) const fn new(words: &'static [&'static str]) -> Self {
        Self { words, quick: Phrases::new(words), search: OnceLock::new() }
    }

    fn build(&self) -> Option<AhoCorasick> {
        let mut build = AhoCorasickBuilder::new();
        build.ascii_case_insensitive(true).match_kind(MatchKind::LeftmostFirst).kind(Some(AhoCorasickKind::DFA));
        build.build(self.words).ok()
    }

    /// The first word that a text holds, upper or lower case.
    pub(crate) fn find(&self, text: &str) -> Option<&'static str> {
        let found = self.search.get_or_init(|| self.build()).as_ref()?.find(text)?;
        self.words.get(found.pattern().as_usize()).copied()
    }
}

impl<'a> Module<'a> {
    /// The texts of the module that hold one of these words, as they are written in it: what only an escape spells does not count.
    pub(crate) fn texts_with(&self, needles: &Needles) -> Vec<Text<'a>> {
        let mut found = Vec::new();
        for at in &self.texts {
            let (text, span) = at.it;
            if needles.quick.are_in_ascii_case(text)
                && let Some(word) = needles.find(text)
            {
                found.push(Text { node: at.node, span, function: self.function_around(at.node), text, word });
            }
        }
        if !found.is_empty() && !needles.quick.are_in_ascii_case(self.text) {
            found.clear();
        }
        found
    }

    /// What a text is for, by the code around it, when that excuses it: help for whoever types, a comparison, a list of words
    /// that something is searched for, documentation, a type.
    pub(crate) fn is_excused_text(&self, text: &Text<'a>) -> bool {
        let mut inner = text.span;
        for (id, around) in self.around(text.node) {
            match around {
                AstKind::JSXAttribute(it) => {
                    return it.name.as_identifier().is_some_and(|name| is_help(name.name.as_str()));
                }
                AstKind::ObjectProperty(it) if (it.key.span() == inner || is_help(names::key(&it.key))) => {
                    return true;
                }
                AstKind::BinaryExpression(it) if !matches!(it.operator, BinaryOperator::Addition) => return true,
                AstKind::SwitchCase(_)
                | AstKind::TSLiteralType(_)
                | AstKind::TSPropertySignature(_)
                | AstKind::ImportDeclaration(_)
                | AstKind::ThrowStatement(_)
                | AstKind::Decorator(_)
                | AstKind::ExportFromDeclaration(_)
                | AstKind::ExportAllDeclaration(_) => return true,
                AstKind::CallExpression(it) => {
                    let method = names::last(&it.callee);
                    if matches!(
                        method,
                        "includes"
                            | "startsWith"
                            | "endsWith"
                            | "indexOf"
                            | "test"
                            | "match"
                            | "has"
                            | "equals"
                            | "describe"
                            | "example"
                            | "default"
                            | "option"
                            | "replace"
                            | "positional"
                            | "epilogue"
                            | "usage"
                            | "help"
                    ) || self.is_logger(&it.callee)
                        || names::object(&it.callee).is_some_and(|object| self.is_logger(object))
                    {
                        return true;
                    }
                }
                AstKind::NewExpression(it) => {
                    let name = names::last(&it.callee);
                    if name.ends_with("Error") || name == "RegExp" || name == "Set" {
                        return true;
                    }
                }
                AstKind::VariableDeclarator(it) => {
                    let word = it.id.get_binding_identifier().map_or("", |name| name.name.as_str());
                    return is_help(word)
                        || it
                            .init
                            .as_ref()
                            .is_some_and(|init| matches!(init.get_inner_expression(), Expression::ArrayExpression(_)))
                            && self.is_searched(it);
                }
                AstKind::AssignmentPattern(_) | AstKind::FormalParameter(_) => return false,
                AstKind::Function(_)
                | AstKind::ArrowFunctionExpression(_)
                | AstKind::Program(_)
                | AstKind::Class(_) => return false,
                _ => {}
            }
            inner = around.span();
            let _ = id;
        }
        false
    }

    /// Whether a list is only searched in: a list of words that are looked for or refused.
    fn is_searched(&self, declarator: &VariableDeclarator<'a>) -> bool {
        let Some(symbol) = declarator.id.get_binding_identifier().and_then(|name| name.symbol_id.get()) else {
            return false;
        };
        let mut uses = self.uses(symbol).peekable();
        uses.peek().is_some()
            && uses.all(|reference| {
                let member = self.parent(reference.node_id());
                matches!(self.kind(member), AstKind::StaticMemberExpression(it) if matches!(it.property.name.as_str(), "some" | "includes" | "find" | "has" | "every" | "indexOf" | "filter" | "test"))
            })
    }
}

fn is_help(name: &str) -> bool {
    let words = names::words(name);
    words.iter().any(|word| {
        matches!(
            word.as_str(),
            "placeholder"
                | "placeholders"
                | "example"
                | "examples"
                | "hint"
                | "help"
                | "helper"
                | "tooltip"
                | "description"
                | "doc"
                | "docs"
                | "documentation"
                | "pattern"
                | "usage"
                | "caption"
                | "schema"
                | "xmlns"
                | "denylist"
                | "blocklist"
                | "reserved"
                | "blocked"
                | "forbidden"
                | "ignored"
                | "ignore"
                | "skip"
        )
    })
}
