//! Tests of the environment: whether code asks if it is being tested.
use crate::analysis::CallKind;
use crate::model::Module;
use crate::names;
use crate::syntax::*;

/// When a condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// Under a test runner, in CI, on the machine of a developer.
    Rehearsal,
    /// Only where it counts.
    Production,
}

impl When {
    fn flipped(self) -> Self {
        match self {
            Self::Rehearsal => Self::Production,
            Self::Production => Self::Rehearsal,
        }
    }
}

const DEEPEST: usize = 8;

impl<'a> Module<'a> {
    /// What a condition says about the environment, where it asks for nothing else.
    pub(crate) fn environment(&self, value: &'a Expression<'a>) -> Option<When> {
        self.environment_at(value, 0)
    }

    fn environment_at(&self, value: &'a Expression<'a>, depth: usize) -> Option<When> {
        if depth > DEEPEST {
            return None;
        }
        let of = |value: &'a Expression<'a>| self.environment_at(value, depth + 1);
        match self.constant_value(value).get_inner_expression() {
            Expression::UnaryExpression(it) if it.operator == UnaryOperator::LogicalNot => {
                of(&it.argument).map(When::flipped)
            }
            Expression::LogicalExpression(it) => {
                of(&it.left).zip(of(&it.right)).filter(|(one, other)| one == other).map(|(one, _)| one)
            }
            Expression::BinaryExpression(it) => self.compared(it),
            Expression::StaticMemberExpression(it) => variable(it.property.name.as_str(), &it.object),
            Expression::Identifier(name)
                if is_flag(name.name.as_str()) || self.symbol(name).is_none() && is_runner(name.name.as_str()) =>
            {
                Some(When::Rehearsal)
            }
            Expression::ChainExpression(it) => match &it.expression {
                ChainElement::StaticMemberExpression(it) => variable(it.property.name.as_str(), &it.object),
                _ => None,
            },
            Expression::CallExpression(call) => match self.call_kind(call) {
                CallKind::Local(id) => {
                    let mut returns = self.returns_of(id);
                    let only = returns.next()?.value?;
                    if returns.next().is_some() { None } else { of(only) }
                }
                _ if call.callee.is_specific_id("Boolean") => of(call.arguments.first()?.as_expression()?),
                _ if is_flag(names::last(&call.callee)) => Some(When::Rehearsal),
                _ => None,
            },
            _ => None,
        }
    }

    fn compared(&self, it: &'a BinaryExpression<'a>) -> Option<When> {
        use BinaryOperator as Op;
        let (left, right) = (self.constant_value(&it.left), self.constant_value(&it.right));
        if it.operator == Op::In {
            let Expression::StringLiteral(name) = left.get_inner_expression() else { return None };
            return variable(name.value.as_str(), right.get_inner_expression())
                .or_else(|| is_env(right).then(|| runner(name.value.as_str())).flatten());
        }
        let (asked, against) = if is_text(left) { (right, left) } else { (left, right) };
        let when = match against.get_inner_expression() {
            Expression::StringLiteral(text) if is_mode(asked) => mode(text.value.as_str())?,
            Expression::StringLiteral(text) if text.value == "undefined" => {
                self.environment_at(operand(asked)?, 1)?.flipped()
            }
            Expression::StringLiteral(text) if matches!(text.value.as_str(), "function" | "object") => {
                self.environment_at(operand(asked)?, 1)?
            }
            Expression::StringLiteral(text) if matches!(text.value.as_str(), "true" | "1") => {
                self.environment_at(asked, 1)?
            }
            other if other.is_undefined() => self.environment_at(asked, 1)?.flipped(),
            _ => return None,
        };
        match it.operator {
            Op::StrictEquality | Op::Equality => Some(when),
            Op::StrictInequality | Op::Inequality => Some(when.flipped()),
            _ => None,
        }
    }

    /// What a case of a switch over the environment says.
    pub(crate) fn environment_case(&self, discriminant: &'a Expression<'a>, test: &'a Expression<'a>) -> Option<When> {
        match test.get_inner_expression() {
            Expression::StringLiteral(text) if is_mode(self.constant_value(discriminant)) => mode(text.value.as_str()),
            _ => None,
        }
    }

    /// The part of `env && other` (or `||`) that asks for the environment, what it says, and the other part.
    pub(crate) fn environment_beside(&self, it: &'a LogicalExpression<'a>) -> Option<(When, &'a Expression<'a>)> {
        match (self.environment(&it.left), self.environment(&it.right)) {
            (Some(when), None) => Some((when, &it.right)),
            (None, Some(when)) => Some((when, &it.left)),
            _ => None,
        }
    }
}

fn operand<'a>(value: &'a Expression<'a>) -> Option<&'a Expression<'a>> {
    match value.get_inner_expression() {
        Expression::UnaryExpression(it) if it.operator == UnaryOperator::Typeof => Some(&it.argument),
        _ => None,
    }
}

fn is_text(value: &Expression<'_>) -> bool {
    matches!(value.get_inner_expression(), Expression::StringLiteral(_)) || value.is_undefined()
}

/// `process.env`, `import.meta.env`, `Deno.env`.
fn is_env(value: &Expression<'_>) -> bool {
    names::last(value) == "env"
        && names::object(value).is_some_and(|object| {
            matches!(object.get_inner_expression(), Expression::ImportMeta(_))
                || matches!(names::last(object), "process" | "Bun")
        })
}

/// `process.env.NODE_ENV`, `import.meta.env.MODE`, `config.nodeEnv`.
fn is_mode(value: &Expression<'_>) -> bool {
    matches!(
        names::last(value),
        "NODE_ENV"
            | "MODE"
            | "APP_ENV"
            | "ENVIRONMENT"
            | "nodeEnv"
            | "NodeEnv"
            | "ENV"
            | "STAGE"
            | "environment"
            | "appEnv"
            | "env"
    ) || matches!(value.get_inner_expression(), Expression::ComputedMemberExpression(it) if matches!(&it.expression, Expression::StringLiteral(name) if name.value == "NODE_ENV"))
}

fn mode(name: &str) -> Option<When> {
    match name.to_ascii_lowercase().as_str() {
        "test" | "testing" | "ci" | "e2e" | "development" | "dev" | "local" | "staging" | "sandbox" | "demo" => {
            Some(When::Rehearsal)
        }
        "production" | "prod" => Some(When::Production),
        _ => None,
    }
}

fn variable(name: &str, object: &Expression<'_>) -> Option<When> {
    if is_env(object) {
        return runner(name);
    }
    let meta = matches!(object.get_inner_expression(), Expression::ImportMeta(_)) && name == "vitest";
    (meta || is_flag(name)).then_some(When::Rehearsal)
}

/// Variables that test runners and build machines set.
fn runner(name: &str) -> Option<When> {
    let known = matches!(
        name,
        "CI" | "VITEST"
            | "JEST_WORKER_ID"
            | "TEST"
            | "TESTING"
            | "E2E"
            | "DEV"
            | "PLAYWRIGHT"
            | "CYPRESS"
            | "GITHUB_ACTIONS"
            | "IS_TEST"
            | "TEST_MODE"
            | "UNIT_TEST"
            | "MOCHA"
            | "AVA"
    );
    let started =
        ["VITEST_", "JEST_", "PLAYWRIGHT_", "CYPRESS_", "MOCK_", "E2E_"].iter().any(|start| name.starts_with(start));
    match name {
        "PROD" => Some(When::Production),
        _ => (known || started).then_some(When::Rehearsal),
    }
}

/// Globals that only a test runner has.
fn is_runner(name: &str) -> bool {
    matches!(name, "jest" | "vitest" | "vi" | "__TEST__" | "describe" | "__vitest_worker__" | "Cypress")
}

/// Names that say it themselves.
fn is_flag(name: &str) -> bool {
    matches!(
        name,
        "isTest"
            | "isTesting"
            | "isTestEnv"
            | "isTestEnvironment"
            | "inTest"
            | "IS_TEST"
            | "isUnitTest"
            | "isE2E"
            | "isCI"
            | "isCi"
            | "runningInTest"
            | "underTest"
    )
}
