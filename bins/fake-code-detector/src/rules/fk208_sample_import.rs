//! FK208 sample-import: production code that loads mocks, fixtures or a library of invented data.
use rustc_hash::FxHashSet;

use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::model::Module;
use crate::names;
use crate::phrases::Phrases;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK208",
    name: "sample-import",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "A production module loads mocks, fixtures, test data or a library that invents data",
    details: "Types are not meant, nor what is loaded on demand under a condition of development. The word \"sample\" alone says nothing: \
              laboratories and statisticians have samples.",
    repair: "load the real data; keep the import in tests, or load it on demand where `import.meta.env.DEV` says so",
    bad: "import { reviews } from \"../__fixtures__/reviews\";\nexport const load = () => reviews;\n",
    good: "if (import.meta.env.DEV) {\n  const { worker } = await import(\"./mocks/browser\");\n  await worker.start();\n}\n",
    check,
};

fn check(module: &Module<'_>, sink: &mut Sink) {
    // A mock may be made of mocks.
    if names::words(module.stem())
        .iter()
        .any(|word| matches!(word.as_str(), "mock" | "mocks" | "fake" | "stub" | "fixture" | "fixtures"))
    {
        return;
    }
    let mut seen = FxHashSet::default();
    for at in &module.specifiers {
        let (specifier, span) = at.it;
        let Some(why) = invents(specifier) else { continue };
        let types = type_only(module, at.node);
        if types
            || is_sport_or_light(module, specifier)
            || is_conditional(module, at.node)
            || is_passed_on(module, at.node)
            || !seen.insert(span.start)
        {
            continue;
        }
        report(module, statement(module, at.node, span), specifier, why, sink);
    }
    for import in module.imports.values() {
        if !import.is_type
            && import.module.starts_with('.')
            && is_invented_name(import.name)
            && invents(import.module).is_none()
            && seen.insert(import.span.start)
        {
            report(module, import.span, import.name, "invented data, by its name", sink);
        }
    }
}

/// The finding is where the data is used; where no function uses it, the import.
fn report(module: &Module<'_>, span: Span, what: &str, why: &str, sink: &mut Sink) {
    let names = module.imports.iter().filter(|(_, import)| import.span == span).map(|(symbol, _)| *symbol);
    let uses: Vec<NodeId> = names
        .flat_map(|symbol| module.uses(symbol))
        .filter(|reference| !reference.is_type())
        .map(Reference::node_id)
        .collect();
    if !uses.is_empty() && uses.iter().all(|node| module.is_for_development(*node)) {
        return;
    }
    if !uses.is_empty()
        && uses.iter().all(|node| matches!(module.kind(module.parent(*node)), AstKind::ExportSpecifier(_)))
    {
        return;
    }
    let user = uses.iter().filter_map(|node| module.function_around(*node)).map(|id| module.home(id)).min();
    let place = user.map_or(span, |id| module.function(id).span);
    let mut finding = Finding::new(&RULE, place, format!("production code loads {what}: {why}"))
        .because(Evidence::InventedValue, span, why)
        .because(Evidence::ContractWords, span, "the file is production code by its path");
    if let Some(id) = user {
        finding = finding.of(id);
    }
    sink.report(finding);
}

/// The path of no module with invented data is without one of these: a cheap look before the long one.
static STEMS: Phrases = Phrases::new(&[
    "faker",
    "chance",
    "casual",
    "mock",
    "falso",
    "nock",
    "json-server",
    "mirage",
    "sinon",
    "fixture",
    "fake",
    "test",
    "spec",
    "dummy",
    "sample",
    "demo",
    "example",
    "seed",
]);

/// Whether a module holds invented data.
fn invents(specifier: &str) -> Option<&'static str> {
    let service_worker = specifier.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("msw"));
    if !service_worker && !STEMS.are_in_ascii_case(specifier) {
        return None;
    }
    let lower = specifier.to_ascii_lowercase();
    let package = lower.split('/').next().unwrap_or("");
    if matches!(
        lower.as_str(),
        "@faker-js/faker"
            | "faker"
            | "chance"
            | "casual"
            | "mockjs"
            | "@ngneat/falso"
            | "msw"
            | "msw/node"
            | "msw/browser"
            | "nock"
            | "axios-mock-adapter"
            | "json-server"
            | "miragejs"
            | "sinon"
            | "ts-mockito"
            | "jest-mock"
    ) || lower.starts_with("@faker-js/faker/")
        || package == "mockdate"
    {
        return Some("a library that invents data or answers");
    }
    let local = lower.starts_with('.')
        || lower.starts_with("@/")
        || lower.starts_with("~/")
        || lower.starts_with("src/")
        || lower.starts_with('#');
    if !local {
        return None;
    }
    let parts: Vec<&str> = lower.split('/').filter(|part| !matches!(*part, "." | ".." | "@" | "~" | "src")).collect();
    let (file, folders) = parts.split_last()?;
    let folder = folders.iter().enumerate().any(|(at, part)| match *part {
        "__mocks__" | "__fixtures__" | "__tests__" | "mocks" | "mock" | "fixtures" | "fixture" | "fakes"
        | "test-data" | "testdata" | "test-utils" | "mock-data" | "mockdata" | "dummy-data" | "sample-data"
        | "sampledata" | "demo-data" | "fake-data" | "fakedata" => true,
        // A laboratory has tests, too; their support is not shipped.
        "test" | "tests" | "spec" => {
            folders
                .get(at + 1)
                .is_some_and(|next| matches!(*next, "support" | "data" | "utils" | "helpers" | "resources"))
                || at == 0 && lower.starts_with("../../")
        }
        _ => false,
    });
    let stem = file
        .rsplit_once('.')
        .filter(|(_, end)| matches!(*end, "js" | "ts" | "json" | "tsx" | "mjs" | "jsx"))
        .map_or(*file, |(stem, _)| stem);
    let name = specifier.rsplit('/').next().unwrap_or("");
    let words = names::words(
        name.strip_suffix(".json")
            .or_else(|| name.strip_suffix(".js"))
            .or_else(|| name.strip_suffix(".ts"))
            .unwrap_or(name),
    );
    let exam = words.iter().any(|word| {
        matches!(
            word.as_str(),
            "exam" | "exams" | "interview" | "interviews" | "trial" | "trials" | "election" | "draft" | "up" | "ups"
        )
    });
    let named = !exam
        && words.iter().any(|word| {
            matches!(
                word.as_str(),
                "mock"
                    | "mocks"
                    | "mocked"
                    | "fixture"
                    | "fixtures"
                    | "fakedata"
                    | "mockdata"
                    | "dummydata"
                    | "testdata"
                    | "sampledata"
            )
        });
    let pair = words.windows(2).any(|pair| {
        matches!(
            (pair[0].as_str(), pair[1].as_str()),
            (
                "sample" | "samples" | "demo" | "fake" | "dummy" | "test" | "example" | "seed",
                "data" | "records" | "rows" | "users" | "orders" | "items" | "products" | "responses"
            )
        )
    });
    let is_folder = matches!(stem, "mocks" | "mock" | "fixtures" | "fixture" | "__mocks__" | "__fixtures__" | "fakes");
    let json = lower.ends_with(".json")
        && words.iter().any(|word| matches!(word.as_str(), "sample" | "samples" | "demo" | "dummy" | "fake"));
    (folder || named || pair || is_folder || json).then_some("mocks, fixtures or test data, by its path")
}

/// `mockUsers`, `SAMPLE_ORDERS`, `dummyInvoices`; not `sampleRates`.
fn is_invented_name(name: &str) -> bool {
    let words = names::words(name);
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
    let plural = last.ends_with('s') || matches!(last.as_str(), "data" | "response" | "list");
    let measured = matches!(
        last.as_str(),
        "rates"
            | "sizes"
            | "times"
            | "kinds"
            | "types"
            | "points"
            | "intervals"
            | "counts"
            | "ids"
            | "weights"
            | "frequencies"
            | "formats"
            | "limits"
            | "options"
            | "locations"
            | "requests"
            | "exams"
            | "interviews"
            | "tubes"
            | "results"
            | "statuses"
            | "props"
            | "classes"
    );
    words.len() >= 2
        && plural
        && !measured
        && matches!(first.as_str(), "mock" | "mocked" | "dummy" | "fake" | "sample" | "demo" | "fixture")
}

/// Matches of a league and lamps are called fixtures as well.
fn is_sport_or_light(module: &Module<'_>, specifier: &str) -> bool {
    let text = module.text.to_ascii_lowercase();
    specifier.to_ascii_lowercase().contains("fixture")
        && !specifier.contains("__")
        && [
            "league",
            "kickoff",
            "kick-off",
            "stadium",
            "season",
            "luminaire",
            "lighting",
            "lamp",
            "dimmer",
            "home team",
            "hometeam",
        ]
        .iter()
        .any(|word| text.contains(word))
}

fn statement(module: &Module<'_>, node: NodeId, span: Span) -> Span {
    match module.kind(node) {
        AstKind::ImportDeclaration(it) => it.span,
        _ => span,
    }
}

fn type_only(module: &Module<'_>, node: NodeId) -> bool {
    match module.kind(node) {
        AstKind::ImportDeclaration(it) => {
            let specifiers = it.specifiers.as_ref();
            it.import_kind.is_type() || specifiers.is_some_and(|all| !all.is_empty() && all.iter().all(|one| matches!(one, ImportDeclarationSpecifier::ImportSpecifier(one) if one.import_kind.is_type())))
        }
        _ => false,
    }
}

/// `export * from './mock'`, `module.exports.MockAgent = require('./mock/agent')`: a library passes its own test tools on.
fn is_passed_on(module: &Module<'_>, node: NodeId) -> bool {
    match module.kind(node) {
        AstKind::ExportFromDeclaration(_) | AstKind::ExportAllDeclaration(_) => true,
        AstKind::CallExpression(_) => match module.kind(module.parent(node)) {
            AstKind::AssignmentExpression(_) | AstKind::ObjectProperty(_) => true,
            AstKind::VariableDeclarator(it) => {
                let mut uses = it.id.get_symbol_ids().into_iter().flat_map(|symbol| module.uses(symbol));
                !uses.any(|reference| module.function_around(reference.node_id()).is_some())
            }
            _ => false,
        },
        _ => false,
    }
}

/// Loaded under a condition, or on demand by a function that looks at the environment first.
fn is_conditional(module: &Module<'_>, node: NodeId) -> bool {
    let static_import = matches!(module.kind(node), AstKind::ImportDeclaration(_));
    if static_import {
        return false;
    }
    for (_, around) in module.around(node) {
        let test = match around {
            AstKind::IfStatement(it) => Some(&it.test),
            AstKind::ConditionalExpression(it) => Some(&it.test),
            AstKind::LogicalExpression(it) => Some(&it.left),
            _ => None,
        };
        if test.is_some_and(|test| is_switch(module.text_of(test.span()))) {
            return true;
        }
    }
    module.is_for_development(node)
}

fn is_switch(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    ["ENV", "DEV", "MOCK", "TEST", "DEBUG", "DEMO", "STORYBOOK"].iter().any(|word| upper.contains(word))
}
