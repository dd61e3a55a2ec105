//! A function, method, arrow function or accessor.
use std::cell::OnceCell;

use super::{ClassId, FunctionId};
use crate::lexicon::Lexicon;
use crate::names::{Verb, Words};
use crate::syntax::*;

/// What a function is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `function f() {}`
    Declaration,
    /// `function () {}` as a value, or an arrow function.
    Expression,
    /// A method of a class.
    Method,
    /// A method, or a function as a property, of an object.
    Property,
    /// A getter, of a class or an object.
    Getter,
    /// A setter, of a class or an object.
    Setter,
    /// A constructor.
    Constructor,
}

/// What a function is for in the code around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// It has a name of its own and is called by it.
    Named,
    /// The value of a JSX attribute.
    Handler,
    /// An argument of a call.
    Callback,
    /// A default of a parameter or pattern, an element of an array, an operand, or called where it stands.
    Other,
}

/// What a function runs.
#[derive(Clone, Copy)]
pub(crate) enum Body<'a> {
    /// Statements.
    Block(&'a FunctionBody<'a>),
    /// `=> value`
    Value(&'a Expression<'a>),
    /// Only a signature: abstract, overloaded or declared.
    None,
}

/// A function of the module.
pub(crate) struct Function<'a> {
    pub(crate) id: FunctionId,
    /// Its node.
    pub(crate) node: NodeId,
    /// The first node behind it.
    pub(crate) end: NodeId,
    /// The function around it.
    pub(crate) parent: Option<FunctionId>,
    /// The class that it is a member of.
    pub(crate) class: Option<ClassId>,
    pub(crate) kind: Kind,
    pub(crate) role: Role,
    /// The whole of it, with the name of a method, or the statement of a constant that holds it.
    pub(crate) span: Span,
    /// Where the statement, member or property begins that it belongs to: comments before this document it.
    pub(crate) start: u32,
    /// Its name; empty where it has none.
    pub(crate) name: &'a str,
    /// The words of its name, which nearly all rules ask for.
    pub(super) verb: Verb,
    /// The name of what is around it, such as the class or the object: `Mailer` of `Mailer.send`.
    pub(crate) owner: &'a str,
    pub(crate) params: &'a FormalParameters<'a>,
    /// The words of the name of what is around it.
    pub(super) owner_words: Words,
    /// The verb of its name in the code around it, where that was asked for.
    pub(crate) contract: OnceCell<Verb>,
    /// The comments before it, where they were asked for: the first, and the first behind the last.
    pub(super) comments: OnceCell<(u32, u32)>,
    /// The names that its parameters declare.
    pub(super) parameters: Box<[&'a BindingIdentifier<'a>]>,
    pub(crate) body: Body<'a>,
    pub(crate) return_type: Option<&'a TSType<'a>>,
    pub(crate) is_async: bool,
    pub(crate) is_generator: bool,
    /// Abstract, overloaded or declared.
    pub(crate) is_static: bool,
    /// The name of the call that it is an argument of, such as `map`; empty where it is none.
    pub(crate) argument_of: &'a str,
}

impl<'a> Function<'a> {
    /// The words of its name, in lower case.
    pub(crate) fn words(&self) -> &Words {
        self.verb.words()
    }

    /// The words of the name of what is around it, in lower case.
    pub(crate) fn owner_words(&self) -> &Words {
        &self.owner_words
    }

    /// The verb of its name.
    pub(crate) fn verb(&self) -> &Verb {
        &self.verb
    }

    /// Whether the verb of its name, or its first word, is in the lexicon.
    pub(crate) fn verb_in(&self, lexicon: &Lexicon) -> bool {
        self.words().verb_in(lexicon)
    }

    /// The statements; of `=> value` none.
    pub(crate) fn statements(&self) -> &'a [Statement<'a>] {
        match self.body {
            Body::Block(body) => &body.statements,
            Body::Value(_) | Body::None => &[],
        }
    }

    /// Whether there is anything to run.
    pub(crate) fn has_body(&self) -> bool {
        !matches!(self.body, Body::None)
    }

    /// `Mailer.send`, `send`, or where it has no name `(anonymous)`.
    pub(crate) fn qualified(&self) -> String {
        let name = if self.name.is_empty() { "(anonymous)" } else { self.name };
        if self.owner.is_empty() { name.to_owned() } else { format!("{}.{name}", self.owner) }
    }

    /// Whether it is declared to return nothing: `void`, `undefined`, `never`, or a promise of that.
    pub(crate) fn returns_nothing(&self) -> bool {
        self.return_type.is_some_and(is_nothing)
    }

    /// The names that its parameters declare.
    pub(crate) fn parameters(&self) -> &[&'a BindingIdentifier<'a>] {
        &self.parameters
    }
}

/// The names that parameters declare.
pub(super) fn names_of<'a>(params: &'a FormalParameters<'a>) -> Box<[&'a BindingIdentifier<'a>]> {
    let rest = params.rest.iter().map(|rest| &rest.rest.argument);
    let mut names = Vec::with_capacity(params.items.len() + usize::from(params.rest.is_some()));
    for pattern in params.items.iter().map(|item| &item.pattern).chain(rest) {
        match pattern {
            BindingPattern::BindingIdentifier(name) => names.push(&**name),
            other => names.extend(other.get_binding_identifiers()),
        }
    }
    names.into_boxed_slice()
}

fn is_nothing(kind: &TSType<'_>) -> bool {
    match kind {
        TSType::TSVoidKeyword(_) | TSType::TSUndefinedKeyword(_) | TSType::TSNeverKeyword(_) => true,
        TSType::TSTypeReference(reference) => {
            let promise = matches!(&reference.type_name, TSTypeName::IdentifierReference(name) if matches!(name.name.as_str(), "Promise" | "PromiseLike"));
            promise
                && reference.type_arguments.as_ref().is_some_and(|types| types.params.first().is_some_and(is_nothing))
        }
        TSType::TSUnionType(union) => union.types.iter().all(is_nothing),
        _ => false,
    }
}
