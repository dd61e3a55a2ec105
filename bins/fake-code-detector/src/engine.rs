//! One file: text in, findings out. Pure: no files, no clock.
use std::ops::RangeInclusive;

use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
pub(crate) use crate::lines::Lines;
use crate::model::{FunctionId, Module, PathClass};
use crate::rules::{self, Scope};
use crate::suppress::{self, Suppression};
use crate::syntax::{Allocator, Program, SourceType, Unparsable, parse};
use crate::{depth, fingerprint};

/// The largest file that is read, in bytes.
pub(crate) const LARGEST: u64 = 8 << 20;

/// A file to look at.
#[derive(Clone, Copy)]
pub(crate) struct Source<'s> {
    /// Its name as it is shown.
    pub(crate) name: &'s str,
    /// The part of its name that says what kind of file it is.
    pub(crate) class: PathClass,
    pub(crate) text: &'s str,
    /// The version before the change, of a test that changed together with production code.
    pub(crate) before: Option<&'s str>,
}

/// One finding, by lines, without the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// `FK103`.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// First line, from 1.
    pub line: u32,
    /// Column of its start in characters, from 1.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// The function that it is in or that it is: `Mailer.send`.
    pub function: Option<String>,
    /// The lines of that function, with its comment.
    pub around: RangeInclusive<u32>,
    /// Line, kind and words of each piece of evidence.
    pub evidence: Vec<(u32, Evidence, String)>,
    /// Rule, function and shape of the code: the same wherever the code is moved and however it is formatted.
    pub fingerprint: String,
    /// The start in bytes, by which suppressions find it.
    pub(crate) at: u32,
}

/// What came of a file.
#[derive(Debug, Default)]
pub(crate) struct Examined {
    pub(crate) findings: Vec<Seen>,
    pub(crate) functions: usize,
    /// It is neither production code nor tests, so no rule judged it.
    pub(crate) aside: bool,
    pub(crate) suppressions: Vec<Suppression>,
}

/// Looks at one file with every rule; the tree is put into `arena`.
pub(crate) fn examine<'a>(source: Source<'a>, arena: &'a Allocator) -> Result<Examined, Unparsable> {
    examine_all(&[source], arena).pop().unwrap_or_else(|| Err(Unparsable::lost()))
}

/// Looks at several files, each for itself. They take each step together, since the code of all steps is far more than the processor
/// keeps at hand: so it is brought there once for all of them.
pub(crate) fn examine_all<'a>(sources: &[Source<'a>], arena: &'a Allocator) -> Vec<Result<Examined, Unparsable>> {
    let read: Vec<_> = sources.iter().map(|source| read(*source, arena)).collect();
    let mut all: Vec<Result<Open<'a>, Unparsable>> =
        sources.iter().zip(read).map(|(source, read)| Ok(Open::new(*source, read?))).collect();
    for it in all.iter().flatten().filter(|it| matches!(it.module.class, PathClass::Production | PathClass::Test)) {
        it.module.settle_answers();
    }
    for rule in rules::ALL {
        for it in all.iter_mut().flatten().filter(|it| it.is_judged_by(rule)) {
            (rule.check)(&it.module, &mut it.sink);
        }
    }
    all.into_iter().map(|it| it.map(|it| it.close(arena))).collect()
}

/// The tree of a file, and which language it is.
fn read<'a>(source: Source<'a>, arena: &'a Allocator) -> Result<(&'a Program<'a>, SourceType), Unparsable> {
    if let Some(message) = depth::too_deep(source.text) {
        return Err(Unparsable { message, at: 0 });
    }
    let mut kind =
        SourceType::from_path(source.name).map_err(|error| Unparsable { message: error.to_string(), at: 0 })?;
    if source.name.ends_with(".js") || source.name.ends_with(".mjs") || source.name.ends_with(".cjs") {
        // Many projects write JSX in .js files.
        kind = kind.with_jsx(true);
    }
    Ok((parse(arena, source.text, kind)?, kind))
}

/// A file that is being looked at.
struct Open<'a> {
    source: Source<'a>,
    kind: SourceType,
    module: Module<'a>,
    has_tests: bool,
    sink: Sink,
}

impl<'a> Open<'a> {
    fn new(source: Source<'a>, (program, kind): (&'a Program<'a>, SourceType)) -> Self {
        let mut module = Module::new(source.name, source.class, source.text, program);
        let has_tests = has_tests(&module);
        if module.class == PathClass::Test && !has_tests {
            module.class = PathClass::Support;
        }
        Self { source, kind, module, has_tests, sink: Sink::default() }
    }

    fn is_judged_by(&self, rule: &rules::Rule) -> bool {
        match (self.module.class, rule.scope) {
            (PathClass::Production, Scope::Production) | (PathClass::Test, Scope::Tests) => true,
            // A test case in production code takes nothing of it out.
            (PathClass::Production, Scope::Tests) => self.has_tests,
            (PathClass::Test, Scope::Production) | (PathClass::Support | PathClass::Generated, _) => false,
        }
    }

    fn close(self, arena: &'a Allocator) -> Examined {
        let Self { source, kind, module, mut sink, .. } = self;
        if let Some(before) = source.before.filter(|_| module.class == PathClass::Test) {
            compare((source, before), kind, (arena, &module, &mut sink));
        }
        let lines = Lines::of(source.text);
        let mut findings: Vec<Seen> =
            lifted(&module, sink.findings).iter().map(|finding| seen(&module, &lines, finding)).collect();
        findings
            .sort_by(|a, b| (a.line, a.rule, a.end_line, &a.message).cmp(&(b.line, b.rule, b.end_line, &b.message)));
        findings.dedup_by(|a, b| a.rule == b.rule && a.line == b.line && a.end_line == b.end_line);
        let suppressions = suppress::find(&module, &lines);
        let aside = matches!(module.class, PathClass::Support | PathClass::Generated);
        Examined { findings, functions: module.functions.len(), aside, suppressions }
    }
}

/// Holds a test against its version before the change; one that was no program says nothing.
fn compare<'a>(
    (source, before): (Source<'a>, &'a str),
    kind: SourceType,
    (arena, module, sink): (&'a Allocator, &Module<'a>, &mut Sink),
) {
    if before == source.text || depth::too_deep(before).is_some() {
        return;
    }
    if let Ok(program) = parse(arena, before, kind) {
        let before = Module::new(source.name, source.class, before, program);
        rules::fk609_weakened_test::compare(&before, module, sink);
    }
}

/// Whether there are test cases in a module.
fn has_tests(module: &Module<'_>) -> bool {
    let named = |name: &str| matches!(name, "it" | "test" | "describe" | "suite" | "specify");
    module.calls.iter().any(|call| {
        let case = matches!(crate::names::root(&call.it.callee), crate::syntax::Expression::Identifier(name) if named(name.name.as_str()));
        case && call.it.arguments.len() >= 2
    })
}

/// Findings of one function strengthen each other: two independent kinds of evidence are an error, and so is a text that admits
/// what other evidence shows.
fn lifted(module: &Module<'_>, mut findings: Vec<Finding>) -> Vec<Finding> {
    let kinds = |finding: &Finding| finding.evidence.iter().map(|proof| proof.kind).collect::<Vec<_>>();
    let all: Vec<(Option<FunctionId>, &str, Severity, Vec<Evidence>)> = findings
        .iter()
        .map(|finding| (home(module, finding), finding.rule.id, finding.severity, kinds(finding)))
        .collect();
    for (index, finding) in findings.iter_mut().enumerate() {
        let Some(place) = all[index].0 else { continue };
        let others = all
            .iter()
            .filter(|other| other.0 == Some(place) && other.1 != all[index].1 && other.2 >= Severity::Warning);
        let own = &all[index].3;
        let mut other_kinds = others.flat_map(|other| other.3.iter());
        if finding.severity == Severity::Warning
            && other_kinds.any(|kind| !own.contains(kind) && *kind != Evidence::ContractWords)
        {
            finding.severity = Severity::Error;
        }
    }
    findings
}

/// The function that a finding is about, or the one around it.
fn home(module: &Module<'_>, finding: &Finding) -> Option<FunctionId> {
    finding.function.or_else(|| {
        let mut around =
            module.functions.iter().filter(|it| it.span.start <= finding.span.start && finding.span.end <= it.span.end);
        around.next_back().map(|it| it.id)
    })
}

fn seen(module: &Module<'_>, lines: &Lines<'_>, finding: &Finding) -> Seen {
    let place = home(module, finding);
    let around = match place {
        Some(id) => {
            let function = module.function(id);
            let docs = module.comments_of(function).first().map_or(function.start, |comment| comment.span.start);
            lines.line(docs)..=lines.line(function.span.end.saturating_sub(1))
        }
        None => lines.line(finding.span.start)..=lines.line(finding.span.end.saturating_sub(1)),
    };
    Seen {
        rule: finding.rule.id,
        severity: finding.severity,
        message: finding.message.clone(),
        line: lines.line(finding.span.start),
        column: lines.column(finding.span.start),
        end_line: lines.line(finding.span.end.saturating_sub(1).max(finding.span.start)),
        function: place.map(|id| module.function(id).qualified()),
        around,
        evidence: finding
            .evidence
            .iter()
            .map(|proof| (lines.line(proof.span.start), proof.kind, proof.text.clone()))
            .collect(),
        fingerprint: fingerprint::of(module, finding, place),
        at: finding.span.start,
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{Examined, Source, Unparsable, examine, examine_all};
    use crate::model::PathClass;
    use crate::syntax::Allocator;

    fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
        let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                sources(&path, found);
            } else if crate::gather::has_ending(&path.to_string_lossy()) {
                found.push(path);
            }
        }
    }

    fn shown(result: &Result<Examined, Unparsable>) -> String {
        match result {
            Ok(it) => format!("{:?} {} {}", it.findings, it.functions, it.aside),
            Err(error) => format!("{error:?}"),
        }
    }

    /// Findings in all.
    fn compare(all: &[(String, String)]) -> usize {
        let mut found = 0;
        for part in all.chunks(7) {
            let sources: Vec<Source<'_>> = part
                .iter()
                .map(|(name, text)| Source { name, class: PathClass::Production, text, before: None })
                .collect();
            let arena = Allocator::default();
            let together = examine_all(&sources, &arena);
            assert_eq!(together.len(), sources.len());
            for (source, together) in sources.iter().zip(&together) {
                assert_eq!(shown(together), shown(&examine(*source, &Allocator::default())), "{}", source.name);
                found += together.as_ref().map_or(0, |it| it.findings.len());
            }
        }
        found
    }

    #[test]
    fn files_that_are_looked_at_together_are_looked_at_each_for_itself() {
        let mut paths = Vec::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/fake-code-detector/corpus"), &mut paths);
        let text = |path: &PathBuf| Some((path.to_string_lossy().into_owned(), std::fs::read_to_string(path).ok()?));
        let mut all: Vec<(String, String)> = paths.iter().step_by(5).filter_map(text).collect();
        all.insert(3, ("broken.ts".to_owned(), "function (".to_owned()));
        let work = move || compare(&all);
        let found = std::thread::Builder::new().stack_size(crate::depth::STACK).spawn(work).unwrap().join().unwrap();
        assert!(found > 50, "only {found} were found");
    }
}
