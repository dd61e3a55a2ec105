//! Test cases, suites, hooks and assertions of a module, found when a rule first asks for them.
mod always;
mod assertion;
mod case;
mod copies;
mod fixed;
mod lists;
mod own;
mod promise;
mod reach;
mod replaced;
mod rows;
mod same;
mod timing;

use std::cell::RefCell;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::{FunctionId, Kind, Module};
use crate::phrases::Phrases;
use crate::syntax::*;

pub(crate) use always::always;
pub(crate) use assertion::{Assertion, Style};
pub(crate) use case::Case;
pub(crate) use copies::{REPEATS, measures_itself, same};
pub(crate) use lists::{Turns, is_always_empty, turns_of, turns_over};
pub(crate) use own::{imports_code, loads_for_effect};
pub(crate) use promise::{only_names, promises_work};
pub(crate) use replaced::{Replaced, is_mock_function, replaced};

/// The tests of one module.
#[derive(Default)]
pub(crate) struct Tests<'a> {
    /// Cases and suites, in the order of the text.
    pub(crate) cases: Vec<Case<'a>>,
    /// Assertions, in the order of the text.
    pub(crate) assertions: Vec<Assertion<'a>>,
    /// `expect(x)` and `expect(x).toBe`: expectations that nothing runs.
    pub(crate) idle: Vec<(NodeId, Span)>,
    /// `expect.assertions(2)`, `t.plan(2)`: how many assertions have to run is said.
    pub(crate) plans: Vec<NodeId>,
    /// Functions that run before or after cases, with the name of the hook.
    pub(crate) hooks: Vec<(&'a str, FunctionId)>,
    /// First parameters of cases, such as `t` and `done`.
    pub(crate) contexts: FxHashSet<SymbolId>,
    /// Methods by name.
    methods: FxHashMap<&'a str, Vec<FunctionId>>,
    /// Whether a function asserts; nothing while that is being found out.
    known: RefCell<FxHashMap<FunctionId, bool>>,
    /// Whether a variable is fixed by the text of the test; no while that is being found out.
    fixed: RefCell<FxHashMap<SymbolId, bool>>,
    /// Whether a case waits for something.
    waiting: RefCell<FxHashMap<FunctionId, bool>>,
    /// Whether a variable is given another value after its declaration.
    changed: RefCell<FxHashMap<SymbolId, bool>>,
    /// Playwright's own assertions wait for the page.
    pub(crate) is_playwright: bool,
    /// The clock is in the hands of the test.
    pub(crate) has_fake_clock: bool,
}

/// What says that the clock is in the hands of the test.
static FAKE_CLOCKS: Phrases = Phrases::new(&[
    "useFakeTimers",
    "fakeTimers",
    "fake-timers",
    "FakeTimers",
    "mock.timers",
    "fakeAsync",
    "manualClock",
    "VirtualTime",
    "advanceTimers",
    "runAllTimers",
    "clock.tick",
    ".tick(",
]);

impl<'a> Tests<'a> {
    /// Finds the tests of a module; in a module without cases nothing else is looked for.
    pub(crate) fn of(module: &Module<'a>) -> Self {
        let mut tests = Self::default();
        case::find(module, &mut tests);
        if tests.cases.is_empty() {
            return tests;
        }
        tests.is_playwright = module.specifiers.iter().any(|at| at.it.0.contains("playwright"));
        tests.has_fake_clock = FAKE_CLOCKS.are_in(module.text);
        for function in &module.functions {
            if matches!(function.kind, Kind::Method | Kind::Property) && !function.name.is_empty() {
                tests.methods.entry(function.name).or_default().push(function.id);
            }
        }
        assertion::find(module, &mut tests);
        tests
    }

    /// The cases that have a body to run, without suites.
    pub(crate) fn runnable(&self) -> impl Iterator<Item = (&Case<'a>, FunctionId)> {
        self.cases.iter().filter(|case| !case.is_suite).filter_map(|case| Some((case, case.body?)))
    }

    /// The assertions inside of a function.
    pub(crate) fn assertions_in(&self, module: &Module<'a>, function: FunctionId) -> &[Assertion<'a>] {
        let function = module.function(function);
        let first = self.assertions.partition_point(|it| it.node < function.node);
        let last = self.assertions.partition_point(|it| it.node < function.end);
        &self.assertions[first..last.max(first)]
    }

    /// The assertions inside of a place. What is behind another in the order of nodes does not start before it.
    pub(crate) fn assertions_within(&self, span: Span) -> impl Iterator<Item = &Assertion<'a>> {
        let first = self.assertions.partition_point(|it| it.span.start < span.start);
        let last = self.assertions.partition_point(|it| it.span.start < span.end);
        self.assertions[first..last.max(first)].iter().filter(move |it| it.span.end <= span.end)
    }

    /// Whether a function says how many assertions have to run, or a hook of the module says it for all.
    pub(crate) fn is_planned(&self, module: &Module<'a>, function: FunctionId) -> bool {
        let inside = |id: FunctionId| {
            let function = module.function(id);
            let first = self.plans.partition_point(|node| *node < function.node);
            self.plans.get(first).is_some_and(|node| *node < function.end)
        };
        !self.plans.is_empty() && (inside(function) || self.hooks.iter().any(|(_, hook)| inside(*hook)))
    }

    /// Whether a case holds other cases: then it is a suite that a runner without `describe` has.
    pub(crate) fn has_cases_inside(&self, module: &Module<'a>, function: FunctionId) -> bool {
        let function = module.function(function);
        let first = self.cases.partition_point(|case| case.node <= function.node);
        self.cases.get(first).is_some_and(|case| case.node < function.end)
    }
}

impl<'a> Module<'a> {
    /// The tests of the module.
    pub(crate) fn tests(&self) -> &Tests<'a> {
        self.cases.get_or_init(|| Tests::of(self))
    }

    /// The specifier of the module that a name is imported or required from.
    pub(crate) fn source_of(&self, symbol: SymbolId) -> Option<&'a str> {
        if let Some(import) = self.imports.get(&symbol) {
            return Some(import.module);
        }
        let AstKind::VariableDeclarator(it) = self.kind(self.declaration(symbol)) else { return None };
        let mut value = it.init.as_ref()?.get_inner_expression();
        for _ in 0..6 {
            value = match value {
                Expression::CallExpression(call) => match call.common_js_require() {
                    Some(name) => return Some(name.value.as_str()),
                    None => call.callee.get_inner_expression(),
                },
                Expression::AwaitExpression(it) => it.argument.get_inner_expression(),
                Expression::ImportExpression(it) => match &it.source {
                    Expression::StringLiteral(name) => return Some(name.value.as_str()),
                    _ => return None,
                },
                other => crate::names::object(other)?.get_inner_expression(),
            };
        }
        None
    }

    /// Whether a specifier names what the file is the test of: `./tax` in `tax.test.ts`.
    pub(crate) fn is_subject_module(&self, specifier: &str) -> bool {
        if !specifier.starts_with('.') {
            return false;
        }
        let stem = |path: &str| {
            let file = path.rsplit('/').next().unwrap_or("");
            let file = file
                .trim_end_matches(".js")
                .trim_end_matches(".ts")
                .trim_end_matches(".mjs")
                .trim_end_matches(".jsx")
                .trim_end_matches(".tsx");
            file.replace(['-', '_'], "").to_lowercase()
        };
        let own = self.path.rsplit('/').next().unwrap_or("");
        let mut own = own.rsplit_once('.').map_or(own, |(stem, _)| stem);
        for end in [".test", ".spec", "-test", "_test", ".e2e", "-spec", "_spec", ".cy", ".unit", ".integration"] {
            own = own.strip_suffix(end).unwrap_or(own);
        }
        let own = stem(own);
        !own.is_empty() && (stem(specifier) == own || own.starts_with(&format!("{}.", stem(specifier))))
    }
}

/// Titles that promise no more than that the code runs.
static RUNS: Phrases = Phrases::new(&[
    "throw",
    "crash",
    "without error",
    "without any error",
    "without fail",
    "without warn",
    "without an exception",
    "no error",
    "no exception",
    "smoke",
    "compile",
    "type",
    "no-op",
    "noop",
    "does nothing",
    "do nothing",
    "not fail",
    "not break",
    "not hang",
    "not panic",
    "not reject",
    "n't fail",
    "n't break",
    "n't reject",
    "n't error",
    "not error",
    "leak",
    "gracefully",
    "safe",
    "tolerate",
    "succeed",
    "survive",
    "can be called",
    "should be able",
    "ts error",
    "no warning",
    "not emit warning",
    "not emit error",
    "safely",
]);

/// Whether a title promises no more than that something runs without an error.
pub(crate) fn only_has_to_run(title: &str) -> bool {
    RUNS.are_in_any_case(title)
}
