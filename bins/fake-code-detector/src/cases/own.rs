//! Whether a test reaches any code but its own: through what it imports, through globals, hooks or parameters.
use rustc_hash::FxHashMap;

use super::{Case, Tests};
use crate::lexicon;
use crate::lexicon::Names;
use crate::model::{FunctionId, Module};
use crate::syntax::*;

const DEEPEST: usize = 16;
/// How many nodes are looked at for one case.
const LONGEST: usize = 20_000;

/// Runners, assertions, renderers and frameworks: what a test uses beside the code that it tests.
static TOOLS: Names = Names::new(&[
    "react",
    "react-dom",
    "preact",
    "vue",
    "svelte",
    "solid-js",
    "ava",
    "tape",
    "tap",
    "uvu",
    "expect",
    "should",
    "util",
    "events",
    "path",
    "bun:test",
    "assert",
    "test",
]);
const TOOL_PARTS: &[&str] =
    &["vitest", "jest", "chai", "sinon", "mocha", "testing-library", "enzyme", "test-utils", "fast-check", "uvu/"];
static QUIET: Names = Names::new(&[
    "undefined",
    "NaN",
    "Infinity",
    "expect",
    "assert",
    "describe",
    "it",
    "test",
    "console",
    "vi",
    "jest",
    "Map",
    "Set",
    "Error",
    "TypeError",
    "RangeError",
    "Promise",
    "Date",
    "Symbol",
    "setTimeout",
    "React",
]);

impl<'a> Tests<'a> {
    /// Whether a case reaches code that is not its own.
    pub(crate) fn reaches_code(&self, module: &Module<'a>, case: &Case<'a>, body: FunctionId) -> bool {
        let function = module.function(body);
        let mut walk = Walk {
            tests: self,
            module,
            case,
            home: (function.node, function.end),
            known: FxHashMap::default(),
            left: LONGEST,
        };
        walk.reaches((function.node, function.end), 0)
    }

    /// A function or class of the test file, outside of the case, that a case uses.
    pub(crate) fn uses_local(&self, module: &Module<'a>, body: FunctionId) -> Option<SymbolId> {
        let function = module.function(body);
        (function.node.index()..function.end.index()).find_map(|index| {
            let AstKind::IdentifierReference(name) = module.kind(NodeId::from_usize(index)) else { return None };
            let symbol = module.symbol(name)?;
            let node = module.declaration(symbol);
            let outside = node < function.node || node >= function.end;
            let made = module.function_of(symbol).is_some()
                || matches!(module.kind(node), AstKind::Class(_))
                || is_component(module, symbol)
                || made_of_local(module, symbol).is_some();
            (outside && made && !is_type(module, NodeId::from_usize(index))).then_some(symbol)
        })
    }
}

/// The class of the test file that a variable is filled with in a hook: `queue = new Queue()`, without an argument.
fn made_of_local(module: &Module<'_>, symbol: SymbolId) -> Option<SymbolId> {
    let mut class = None;
    for write in module.uses(symbol).filter(|it| it.is_write()) {
        let AstKind::AssignmentExpression(it) = module.kind(module.parent(write.node_id())) else { return None };
        let Expression::NewExpression(new) = it.right.get_inner_expression() else { return None };
        let Expression::Identifier(name) = new.callee.get_inner_expression() else { return None };
        let made = module.symbol(name)?;
        if !new.arguments.is_empty() || !matches!(module.kind(module.declaration(made)), AstKind::Class(_)) {
            return None;
        }
        class = Some(made);
    }
    class
}

/// `defineComponent({ … })`, `forwardRef(() => …)`: something that a framework makes of what stands here.
fn is_component(module: &Module<'_>, symbol: SymbolId) -> bool {
    let Some(Expression::CallExpression(call)) = module.unchanged_value(symbol).map(Expression::get_inner_expression)
    else {
        return false;
    };
    let Expression::Identifier(name) = call.callee.get_inner_expression() else { return false };
    module.symbol(name).and_then(|symbol| module.source_of(symbol)).is_some_and(is_tool)
        && call.arguments.iter().any(|it| {
            matches!(
                it,
                Argument::ObjectExpression(_) | Argument::ArrowFunctionExpression(_) | Argument::FunctionExpression(_)
            )
        })
}

/// Whether a module is imported only for what it does when it is loaded.
pub(crate) fn loads_for_effect(module: &Module<'_>) -> bool {
    module.program.body.iter().any(|it| match it {
        Statement::ImportDeclaration(it) => {
            let source = it.source.value.as_str();
            it.specifiers.is_none() && !is_tool(source) && !source.ends_with(".css") && !source.ends_with(".scss")
        }
        Statement::ExpressionStatement(it) => {
            matches!(&it.expression, Expression::CallExpression(call) if call.common_js_require().is_some_and(|name| !is_tool(name.value.as_str())))
        }
        _ => false,
    })
}

/// Whether a module imports anything that is no tool, as a value.
pub(crate) fn imports_code(module: &Module<'_>) -> bool {
    module.imports.values().any(|it| !it.is_type && !is_tool(it.module))
        || module.calls.iter().any(|at| at.it.common_js_require().is_some_and(|name| !is_tool(name.value.as_str())))
}

fn is_tool(source: &str) -> bool {
    let source = source.strip_prefix("node:").unwrap_or(source);
    let package = source.split('/').next().unwrap_or("");
    !source.starts_with('.')
        && (TOOLS.has(source)
            || matches!(package, "react" | "react-dom" | "preact" | "assert")
            || TOOL_PARTS.iter().any(|part| source.contains(part)))
}

fn is_type(module: &Module<'_>, node: NodeId) -> bool {
    matches!(
        module.kind(module.parent(node)),
        AstKind::TSTypeReference(_)
            | AstKind::TSTypeQuery(_)
            | AstKind::TSQualifiedName(_)
            | AstKind::TSClassImplements(_)
    )
}

struct Walk<'t, 'a> {
    tests: &'t Tests<'a>,
    module: &'t Module<'a>,
    case: &'t Case<'a>,
    home: (NodeId, NodeId),
    known: FxHashMap<SymbolId, bool>,
    left: usize,
}

impl<'a> Walk<'_, 'a> {
    fn reaches(&mut self, (start, end): (NodeId, NodeId), depth: usize) -> bool {
        let size = end.index().saturating_sub(start.index());
        if depth > DEEPEST || size > self.left {
            return true;
        }
        self.left -= size;
        (start.index()..end.index()).any(|index| {
            let node = NodeId::from_usize(index);
            match self.module.kind(node) {
                AstKind::IdentifierReference(name) => match self.module.symbol(name) {
                    None => {
                        let name = name.name.as_str();
                        !QUIET.has(name) && !lexicon::PURE_GLOBALS.has(name) && !is_type(self.module, node)
                    }
                    Some(symbol) => !is_type(self.module, node) && self.symbol(symbol, depth + 1),
                },
                AstKind::ImportExpression(_) => true,
                // The context of the case, not that of a class of the test.
                AstKind::ThisExpression(_) => depth == 0,
                _ => false,
            }
        })
    }

    fn symbol(&mut self, symbol: SymbolId, depth: usize) -> bool {
        if let Some(known) = self.known.get(&symbol) {
            return *known;
        }
        self.known.insert(symbol, false);
        let answer = self.find(symbol, depth);
        self.known.insert(symbol, answer);
        answer
    }

    fn find(&mut self, symbol: SymbolId, depth: usize) -> bool {
        let module = self.module;
        if let Some(import) = module.imports.get(&symbol) {
            return !import.is_type && !is_tool(import.module);
        }
        if let Some(source) = module.source_of(symbol) {
            return !is_tool(source);
        }
        let node = module.declaration(symbol);
        let own = node >= self.home.0 && node < self.home.1;
        match module.kind(node) {
            AstKind::FormalParameter(_) => self.is_given(symbol, node),
            _ if own => false,
            AstKind::Function(_) | AstKind::Class(_) => self.reaches((node, self.end(node)), depth),
            AstKind::VariableDeclarator(it) if it.init.is_none() => match made_of_local(module, symbol) {
                Some(class) => self.symbol(class, depth + 1),
                None => true,
            },
            AstKind::VariableDeclarator(_) => module.is_changed(symbol) || self.reaches((node, self.end(node)), depth),
            AstKind::TSEnumDeclaration(_) | AstKind::CatchParameter(_) => false,
            _ => true,
        }
    }

    /// A parameter that somebody else than the test fills: fixtures, and functions around the case.
    fn is_given(&self, symbol: SymbolId, node: NodeId) -> bool {
        let Some(function) = self.module.function_around(node).map(|id| self.module.function(id)) else { return true };
        if function.node == self.home.0 {
            return !self.tests.contexts.contains(&symbol) && self.case.table.is_none();
        }
        function.node < self.home.0 && self.home.0 < function.end
    }

    fn end(&self, node: NodeId) -> NodeId {
        let span = self.module.kind(node).span();
        let count = self.module.semantic.nodes().len();
        let mut index = node.index() + 1;
        while index < count && self.module.kind(NodeId::from_usize(index)).span().start < span.end {
            index += 1;
        }
        NodeId::from_usize(index)
    }
}
