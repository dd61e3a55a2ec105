//! FK207 seeded-repository: a repository that holds nothing but what its author wrote into it.
use crate::analysis::Rows;
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon::Names;
use crate::model::{Class, Module, Write};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK207",
    name: "seeded-repository",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "A repository, store or data access object keeps its records in a variable that is born with some",
    details: "It reads and writes its own memory, and begins with records of people, orders or events: a database that is not there. \
              Caches begin empty, registries begin with reference data.",
    repair: "read and write the database",
    bad: "class OrderRepository {\n  private orders = [{ id: 1, customer: \"Ana Kos\", total: 38 }, { id: 2, customer: \"Ivo Petrov\", total: 62 }];\n  async find(id: number) {\n    return this.orders.find((order) => order.id === id);\n  }\n}\n",
    good: "class OrderRepository {\n  constructor(private readonly db: Db) {}\n  find(id: number) {\n    return this.db.one(\"select * from orders where id = $1\", [id]);\n  }\n}\n",
    check,
};

static STORES: Names = Names::new(&[
    "repository",
    "repositories",
    "repo",
    "store",
    "dao",
    "storage",
    "database",
    "db",
    "collection",
    "directory",
    "archive",
    "ledger",
    "journal",
    "gateway",
    "service",
    "registry",
    "catalog",
    "catalogue",
    "inventory",
    "model",
    "manager",
    "client",
    "provider",
    "datasource",
]);
static REFERENCE: Names = Names::new(&[
    "cache", "unit", "currency", "country", "preset", "memory", "inmemory", "mock", "fake", "fixture", "test",
    "sample", "example", "default", "static", "demo",
]);

fn check(module: &Module<'_>, sink: &mut Sink) {
    let by_file = is_store(module.path.rsplit('/').nth(1).unwrap_or(""))
        || is_store(module.path.rsplit('/').next().unwrap_or("").split('.').next().unwrap_or(""));
    if !by_file && !module.classes.iter().any(|class| is_store(class.name)) {
        return;
    }
    let rows = module.rows();
    for class in &module.classes {
        if !is_store(class.name) || is_reference(class.name) {
            continue;
        }
        let seeded = rows.iter().find(|rows| {
            rows.node >= class.node && rows.node < class.end && rows.facts.are_weak() && is_kept(module, class, rows)
        });
        let evidence = seeded
            .map(|rows| rows.span)
            .or_else(|| text_block(module, class))
            .or_else(|| module_rows(module, class, &rows))
            .or_else(|| looped_rows(module, class))
            .or_else(|| set_rows(module, class));
        if let Some(span) = evidence {
            sink.report(
                Finding::new(
                    &RULE,
                    class.it.span,
                    format!("{} begins with records that are written out and keeps them in memory", class.name),
                )
                .because(Evidence::InventedValue, span, "the records")
                .because(
                    Evidence::AbsentEffect,
                    class.it.span,
                    "nothing is read from or written to anywhere else",
                ),
            );
        }
    }
    if by_file && module.classes.is_empty() {
        variables(module, &rows, sink);
    }
}

fn is_store(name: &str) -> bool {
    names::words(name).last().is_some_and(|word| STORES.has(word.as_str()))
        || names::words(name).iter().any(|word| matches!(word.as_str(), "repository" | "dao" | "store"))
}

fn is_reference(name: &str) -> bool {
    names::words(name).iter().any(|word| REFERENCE.has(word.as_str()))
}

/// Whether rows become a field of the class: its initial value, or put there by the constructor or a method of its own.
fn is_kept(module: &Module<'_>, class: &Class<'_>, rows: &Rows) -> bool {
    let field = rows.reach == crate::analysis::Reach::Field;
    let own = rows.function.is_none_or(|id| class.methods.contains(&module.home(id)));
    field && own && !rows.function.is_some_and(|id| module.function(id).is_static)
}

/// A field that is made of a text block with dates: `JOURNAL.trim().split('\n').map(…)`
fn text_block<'a>(module: &Module<'a>, class: &Class<'a>) -> Option<Span> {
    let values = class.members.iter().filter_map(|member| member.value);
    let assigned = module.between(&module.writes, class.node, class.end).iter().filter_map(|write| match write.it {
        Write::Assign(it) if names::target(&it.left).0 == "this" => Some(&it.right),
        _ => None,
    });
    values.chain(assigned).find_map(|value| {
        let Expression::CallExpression(_) = value.get_inner_expression() else { return None };
        if !module.origin(value).is_constant() {
            return None;
        }
        let text = match names::root(value) {
            Expression::Identifier(name) => match module.kind(module.declaration(module.symbol(name)?)) {
                AstKind::VariableDeclarator(it) => module.text_of(it.init.as_ref()?.span()),
                _ => return None,
            },
            other => module.text_of(other.span()),
        };
        has_dated_lines(text).then(|| value.span())
    })
}

fn has_dated_lines(text: &str) -> bool {
    let dated = text.lines().filter(|line| {
        line.split(['|', ',', ';', '\t', ' ']).any(|part| crate::analysis::is_date(part.trim_matches(['"', '\''])))
    });
    dated.count() >= 2
}

/// Rows of the module that a method of the class reads and another field holds: `private rows = [...SEED]`
fn module_rows(module: &Module<'_>, class: &Class<'_>, rows: &[Rows]) -> Option<Span> {
    let strong = rows.iter().filter(|rows| {
        rows.function.is_none() && rows.facts.are_weak() && (rows.node < class.node || rows.node >= class.end)
    });
    strong.into_iter().find_map(|rows| {
        let symbol = holder(module, rows.node)?;
        let used = module.uses(symbol).any(|reference| {
            let node = reference.node_id();
            node >= class.node && node < class.end && module.reach(node) >= crate::analysis::Reach::Field
        });
        used.then_some(rows.span)
    })
}

/// `for (const [sku, name] of [["A-100", "Bolt"], …]) this.items.set(sku, { sku, name })` in the constructor.
fn looped_rows<'a>(module: &Module<'a>, class: &Class<'a>) -> Option<Span> {
    let maker =
        class.methods.iter().copied().find(|id| module.function(*id).kind == crate::model::Kind::Constructor)?;
    let outside = !module.function(maker).params.items.is_empty()
        || module.between(&module.awaits, class.node, class.end).iter().any(|at| !module.is_pause(&at.it.argument));
    if outside {
        return None;
    }
    module.inside(&module.arrays, maker).iter().find_map(|at| {
        if !filled_field(module, at.node) {
            return None;
        }
        let rows = at.it.elements.iter().filter_map(ArrayExpressionElement::as_expression);
        let values = rows.map(|row| module.invented(row));
        let told = values.filter(|it| it.strings >= 2 && it.strings + it.numbers >= 3).count();
        (told >= 2).then_some(at.it.span)
    })
}

/// `this.items.set("A-100", { sku: "A-100", … })`, twice or more in the constructor.
fn set_rows<'a>(module: &Module<'a>, class: &Class<'a>) -> Option<Span> {
    let maker =
        class.methods.iter().copied().find(|id| module.function(*id).kind == crate::model::Kind::Constructor)?;
    let put = module.own(&module.calls, maker).filter(|at| {
        let on_field =
            names::object(&at.it.callee).is_some_and(|it| matches!(names::root(it), Expression::ThisExpression(_)));
        let record = at.it.arguments.last().and_then(Argument::as_expression).is_some_and(|value| {
            let told = module.invented(value);
            matches!(module.meant(value), Expression::ObjectExpression(_))
                && told.strings >= 1
                && told.strings + told.numbers >= 3
                && module.origin(value).is_constant()
        });
        on_field && record && matches!(names::last(&at.it.callee), "set" | "push" | "add")
    });
    let spans: Vec<Span> = put.map(|at| at.it.span).collect();
    spans.first().copied().filter(|_| spans.len() >= 2)
}

/// Whether a loop over a list puts something into a field of the class.
fn filled_field(module: &Module<'_>, list: NodeId) -> bool {
    let around = module.around(list).take(5).find_map(|(id, kind)| match kind {
        AstKind::ForOfStatement(it) => Some((id, it.span)),
        AstKind::CallExpression(it) if names::last(&it.callee) == "forEach" => Some((id, it.span)),
        _ => None,
    });
    around.is_some_and(|(node, span)| {
        module.within(&module.calls, node, span).any(|call| {
            matches!(names::last(&call.it.callee), "set" | "push" | "add")
                && names::object(&call.it.callee)
                    .is_some_and(|it| matches!(names::root(it), Expression::ThisExpression(_)))
        })
    })
}

fn holder(module: &Module<'_>, node: NodeId) -> Option<SymbolId> {
    module.around(node).take(8).find_map(|(_, kind)| match kind {
        AstKind::VariableDeclarator(it) => it.id.get_binding_identifier()?.symbol_id.get(),
        _ => None,
    })
}

/// `const table = new Map([...])` of a module of functions.
fn variables(module: &Module<'_>, rows: &[Rows], sink: &mut Sink) {
    let outside = module.calls.iter().any(|call| {
        let name = names::last(&call.it.callee);
        matches!(
            name,
            "query" | "execute" | "fetch" | "one" | "many" | "exec" | "request" | "readFile" | "findMany" | "prepare"
        )
    });
    if outside {
        return;
    }
    for rows in rows.iter().filter(|rows| rows.function.is_none() && rows.facts.are_weak()) {
        let Some(symbol) = holder(module, rows.node).or_else(|| filled_by_loop(module, rows.node)) else { continue };
        let name = module.semantic.scoping().symbol_name(symbol);
        let read =
            module.uses(symbol).filter(|reference| module.function_around(reference.node_id()).is_some()).count();
        let changed = module.uses(symbol).any(|reference| {
            module.function_around(reference.node_id()).is_some() && is_change(module, reference.node_id())
        });
        if read >= 2 && changed && !is_reference(name) {
            sink.report(
                Finding::new(
                    &RULE,
                    span_of_use(module, symbol, rows.span),
                    format!("{name} begins with records that are written out and is all the storage there is"),
                )
                .because(Evidence::InventedValue, rows.span, "the records")
                .because(
                    Evidence::AbsentEffect,
                    rows.span,
                    "nothing is read from or written to anywhere else",
                ),
            );
        }
    }
}

/// From the records to the last function that reads them.
fn span_of_use(module: &Module<'_>, symbol: SymbolId, rows: Span) -> Span {
    let ends = module
        .uses(symbol)
        .filter_map(|reference| module.function_around(reference.node_id()))
        .map(|id| module.function(id).span.end);
    Span::new(rows.start, ends.max().unwrap_or(rows.end).max(rows.end))
}

/// `for (const [id, name] of [[…], […]]) table.set(id, { id, name })`
fn filled_by_loop(module: &Module<'_>, node: NodeId) -> Option<SymbolId> {
    let it = module.around(node).take(3).find_map(|(id, kind)| match kind {
        AstKind::ForOfStatement(it) => Some((id, it.span)),
        AstKind::CallExpression(it) if names::last(&it.callee) == "forEach" => Some((id, it.span)),
        _ => None,
    })?;
    module.calls.iter().filter(|call| call.node > it.0 && it.1.contains_inclusive(call.it.span)).find_map(|call| {
        let object = names::object(&call.it.callee)?;
        let filled = matches!(names::last(&call.it.callee), "set" | "push" | "add");
        filled.then(|| module.symbol(object.get_identifier_reference()?)).flatten()
    })
}

fn is_change(module: &Module<'_>, node: NodeId) -> bool {
    match module.kind(module.parent(node)) {
        AstKind::StaticMemberExpression(it) => {
            matches!(it.property.name.as_str(), "set" | "delete" | "push" | "splice" | "unshift" | "pop")
        }
        AstKind::ComputedMemberExpression(_) => {
            matches!(module.kind(module.parent(module.parent(node))), AstKind::AssignmentExpression(it) if it.left.span().contains_inclusive(module.kind(node).span()))
        }
        AstKind::AssignmentExpression(it) => it.left.span().contains_inclusive(module.kind(node).span()),
        _ => false,
    }
}
