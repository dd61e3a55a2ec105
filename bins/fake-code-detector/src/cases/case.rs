//! Test cases and suites: `it`, `test.skip`, `describe.each(table)`, `Deno.test`, `t.test`, with their titles and bodies.
use super::Tests;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::syntax::*;

/// A test case or a suite of them.
pub(crate) struct Case<'a> {
    pub(crate) node: NodeId,
    pub(crate) call: &'a CallExpression<'a>,
    pub(crate) is_suite: bool,
    /// `it`, `xit`, `describe`, …
    pub(crate) base: &'a str,
    /// `skip`, `only`, `each`, …
    pub(crate) modifiers: Vec<&'a str>,
    /// What it says of itself; empty where that is computed.
    pub(crate) title: &'a str,
    pub(crate) body: Option<FunctionId>,
    /// The table of `each`.
    pub(crate) table: Option<&'a Expression<'a>>,
    /// `{ skip: true }`
    pub(crate) options: Option<&'a ObjectExpression<'a>>,
}

impl Case<'_> {
    /// Whether a modifier is there.
    pub(crate) fn is(&self, modifier: &str) -> bool {
        self.modifiers.contains(&modifier)
    }

    /// Its title for a message.
    pub(crate) fn shown(&self) -> String {
        let short: String = self.title.chars().take(60).collect();
        let dots = if short.len() < self.title.len() { "…" } else { "" };
        let kind = if self.is_suite { "suite" } else { "test" };
        if short.is_empty() { format!("this {kind}") } else { format!("the {kind} \"{short}{dots}\"") }
    }
}

fn is_case(name: &str) -> bool {
    matches!(name, "it" | "test" | "specify" | "xit" | "xtest" | "xspecify" | "fit" | "ftest" | "serial")
}

fn is_suite(name: &str) -> bool {
    matches!(name, "describe" | "context" | "suite" | "xdescribe" | "xcontext" | "xsuite" | "fdescribe" | "fcontext")
}

fn is_owner(name: &str) -> bool {
    matches!(name, "Deno" | "QUnit" | "tap" | "t" | "tt" | "st" | "ctx" | "lab" | "harness" | "base")
}

fn is_hook(name: &str) -> bool {
    matches!(
        name,
        "beforeEach"
            | "afterEach"
            | "before"
            | "after"
            | "beforeAll"
            | "afterAll"
            | "setup"
            | "teardown"
            | "suiteSetup"
            | "suiteTeardown"
            | "onTestFinished"
    )
}

fn is_modifier(name: &str) -> bool {
    matches!(
        name,
        "skip"
            | "only"
            | "todo"
            | "each"
            | "for"
            | "concurrent"
            | "sequential"
            | "parallel"
            | "serial"
            | "fails"
            | "failing"
            | "skipIf"
            | "runIf"
            | "if"
            | "shuffle"
            | "fixme"
            | "slow"
            | "fail"
            | "ignore"
            | "describe"
            | "test"
            | "it"
            | "todoIf"
            | "failingIf"
            | "always"
            | "cb"
            | "macOnly"
            | "skipInCI"
    )
}

/// Finds cases, suites and hooks.
pub(super) fn find<'a>(module: &Module<'a>, tests: &mut Tests<'a>) {
    for at in &module.calls {
        if !may_be(&at.it.callee) {
            continue;
        }
        let Some((root, names, table)) = chain(&at.it.callee) else { continue };
        let last = names.last().copied().unwrap_or(root.name.as_str());
        if is_hook(last) {
            if let Some(body) =
                at.it.arguments.iter().filter_map(Argument::as_expression).find_map(|it| function(module, it))
            {
                tests.hooks.push((last, body));
            }
            continue;
        }
        if let Some(case) = case(module, (at.node, at.it), (root, names, table)) {
            if let Some(symbol) = case
                .body
                .and_then(|id| first_parameter(module, id))
                .filter(|_| !case.is_suite && !case.is("each") && !case.is("for"))
            {
                tests.contexts.insert(symbol);
            }
            tests.cases.push(case);
        }
    }
}

fn first_parameter(module: &Module<'_>, id: FunctionId) -> Option<SymbolId> {
    module.function(id).params.items.first()?.pattern.get_binding_identifier()?.symbol_id.get()
}

/// Whether a callee has the root of a case or the last name of a hook; what most calls have not.
fn may_be(callee: &Expression<'_>) -> bool {
    let (mut last, mut value) = (None, callee.get_inner_expression());
    for _ in 0..12 {
        value = match value {
            Expression::Identifier(name) => {
                let root = name.name.as_str();
                return root.len() <= 12
                    && (is_case(root) || is_suite(root) || is_owner(root) || is_hook(last.unwrap_or(root)));
            }
            Expression::StaticMemberExpression(member) => {
                last = last.or(Some(member.property.name.as_str()));
                member.object.get_inner_expression()
            }
            Expression::CallExpression(call) => call.callee.get_inner_expression(),
            Expression::TaggedTemplateExpression(it) => it.tag.get_inner_expression(),
            _ => return false,
        };
    }
    false
}

type Chain<'a> = (&'a IdentifierReference<'a>, Vec<&'a str>, Option<&'a Expression<'a>>);

/// `test` and `skip`, `each` of `test.skip.each(table)`; the table too.
fn chain<'a>(callee: &'a Expression<'a>) -> Option<Chain<'a>> {
    let (mut names, mut table) = (Vec::new(), None);
    let mut value = callee.get_inner_expression();
    for _ in 0..12 {
        value = match value {
            Expression::Identifier(name) => {
                names.reverse();
                return Some((name, names, table));
            }
            Expression::StaticMemberExpression(member) => {
                names.push(member.property.name.as_str());
                member.object.get_inner_expression()
            }
            Expression::CallExpression(call) => {
                if matches!(names::last(&call.callee), "each" | "for") {
                    table = call.arguments.first().and_then(Argument::as_expression);
                }
                call.callee.get_inner_expression()
            }
            Expression::TaggedTemplateExpression(it) => it.tag.get_inner_expression(),
            _ => return None,
        };
    }
    None
}

fn case<'a>(
    module: &Module<'a>,
    (node, call): (NodeId, &'a CallExpression<'a>),
    (root, names, table): Chain<'a>,
) -> Option<Case<'a>> {
    let root_name = root.name.as_str();
    let (base, modifiers) = match names.split_first() {
        Some((&first, rest))
            if is_owner(root_name) && matches!(first, "test" | "it" | "suite" | "module" | "describe") =>
        {
            (first, rest)
        }
        _ if is_case(root_name) || is_suite(root_name) => (root_name, &names[..]),
        _ => return None,
    };
    if !modifiers.iter().all(|it| is_modifier(it))
        || module.symbol(root).is_some_and(|symbol| module.function_of(symbol).is_some())
    {
        return None;
    }
    let is_suite = is_suite(base) || base == "module" || modifiers.contains(&"describe");
    let arguments: Vec<&'a Expression<'a>> = call.arguments.iter().filter_map(Argument::as_expression).collect();
    // `each(table)` alone only makes the function that is called with title and body.
    if matches!(modifiers.last(), Some(&("each" | "for" | "skipIf" | "runIf" | "if" | "todoIf" | "failingIf")))
        && !matches!(call.callee, Expression::CallExpression(_) | Expression::TaggedTemplateExpression(_))
    {
        return None;
    }
    let mut body = arguments.iter().rev().take(2).find_map(|value| function(module, value));
    let options = arguments.iter().find_map(|value| match value.get_inner_expression() {
        Expression::ObjectExpression(it) => Some(&**it),
        _ => None,
    });
    if body.is_none()
        && let Some(options) = options
    {
        body = crate::analysis::property(options, "fn").and_then(|value| module.function_in(value));
    }
    let title = arguments.first().map_or("", |value| text(value));
    let has_title = arguments.first().is_some_and(|value| {
        !matches!(
            value.get_inner_expression(),
            Expression::ArrowFunctionExpression(_) | Expression::FunctionExpression(_)
        )
    });
    let pending = arguments.len() == 1 && !title.is_empty() || modifiers.contains(&"todo");
    // `test.skip(browser === "webkit", "reason")` is a directive and no case.
    let is_directive = arguments.first().is_some_and(|value| {
        matches!(value.get_inner_expression(), Expression::BinaryExpression(it) if it.operator != BinaryOperator::Addition)
            || matches!(value.get_inner_expression(), Expression::UnaryExpression(_) | Expression::LogicalExpression(_) | Expression::BooleanLiteral(_))
    });
    let is_directive = is_directive || !has_title && arguments.get(1).is_some_and(|value| !text(value).is_empty());
    if is_directive {
        return None;
    }
    let has_reason = arguments.get(1).is_some_and(|value| !text(value).is_empty());
    let runs = has_title && !has_reason && (arguments.len() > 1 || options.is_some());
    (body.is_some() || pending || runs).then(|| Case {
        node,
        call,
        is_suite,
        base,
        modifiers: modifiers.to_vec(),
        title,
        body,
        table,
        options,
    })
}

/// The function that a value is, or that it names.
fn function<'a>(module: &Module<'a>, value: &'a Expression<'a>) -> Option<FunctionId> {
    match value.get_inner_expression() {
        Expression::Identifier(name) => module.function_of(module.symbol(name)?),
        other => module.function_in(other),
    }
}

/// The text of a literal.
fn text<'a>(value: &'a Expression<'a>) -> &'a str {
    match value.get_inner_expression() {
        Expression::StringLiteral(it) => it.value.as_str(),
        Expression::TemplateLiteral(it) => it.quasis.first().map_or("", |part| part.value.raw.as_str()),
        _ => "",
    }
}
