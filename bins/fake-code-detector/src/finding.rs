//! What a rule says: where, how bad, by which evidence, and what to do.
use crate::model::FunctionId;
use crate::rules::Rule;
use crate::syntax::Span;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; never fails anything.
    Note,
    /// One kind of evidence.
    Warning,
    /// Two independent kinds of evidence, or one rule that needs no second.
    Error,
}

/// The kinds of evidence that code only pretends; they are independent of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// What is given is not read, or only by logs.
    UnreadInput,
    /// What is answered is always the same.
    ConstantOutcome,
    /// What is promised to happen does not happen.
    AbsentEffect,
    /// A value is made up: random, generated, or data that should come from elsewhere.
    InventedValue,
    /// The text says so.
    AdmittedInText,
    /// The name, the comment or the type promises more.
    ContractWords,
}

/// One piece of evidence.
#[derive(Debug, Clone)]
pub(crate) struct Proof {
    pub(crate) kind: Evidence,
    pub(crate) span: Span,
    pub(crate) text: String,
}

/// What a rule found in a module.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    pub(crate) rule: &'static Rule,
    /// What pretends: the statement, call, handler or function.
    pub(crate) span: Span,
    /// The function that it is in or that it is.
    pub(crate) function: Option<FunctionId>,
    pub(crate) severity: Severity,
    /// What is wrong, with the names of this place.
    pub(crate) message: String,
    pub(crate) evidence: Vec<Proof>,
}

impl Finding {
    /// A finding of a rule, as severe as the rule is.
    pub(crate) fn new(rule: &'static Rule, span: Span, message: impl Into<String>) -> Self {
        Self { rule, span, function: None, severity: rule.severity, message: message.into(), evidence: Vec::new() }
    }

    /// The function that it is about.
    #[must_use]
    pub(crate) fn of(mut self, function: FunctionId) -> Self {
        self.function = Some(function);
        self
    }

    /// Adds evidence.
    #[must_use]
    pub(crate) fn because(mut self, kind: Evidence, span: Span, text: impl Into<String>) -> Self {
        self.evidence.push(Proof { kind, span, text: text.into() });
        self
    }

    /// Sets the severity, where it is not the rule's own.
    #[must_use]
    pub(crate) fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }
}
