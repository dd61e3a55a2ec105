//! FK202 entity-literals: records of people, orders and events that the author wrote out, given as if they were loaded.
use rustc_hash::FxHashSet;

use crate::analysis::{Origin, Reach, Rows};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::lexicon;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK202",
    name: "entity-literals",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "Records of people, orders or events are written out in the code and given as if they were loaded",
    details: "Two or more literals of one shape that hold an identity together with a person, a time, or an amount and a state, which are \
              returned, shown, sent or kept as state. Menus, columns, presets, plans and code tables are what literals are for: they hold no \
              person and no time.",
    repair: "load the records from where they live; show that there are none until they are there",
    bad: "useEffect(() => {\n  setOrders([\n    { id: 1, customer: \"Ana Kos\", total: 38.5 },\n    { id: 2, customer: \"Ivo Petrov\", total: 62 },\n  ]);\n}, []);\n",
    good: "const columns = [\n  { id: \"customer\", label: \"Customer\", width: 200 },\n  { id: \"total\", label: \"Total\", width: 100 },\n];\n",
    check,
};

fn check(module: &Module<'_>, sink: &mut Sink) {
    let mut seen = FxHashSet::default();
    lists(module, &mut seen, sink);
    parsed::parsed(module, &mut seen, sink);
    single_records(module, &mut seen, sink);
}

/// `return { id: userId, name: "Ana Kos", email: "ana@kos.si" }`: one record, with an echo of the question at most.
fn single_records(module: &Module<'_>, seen: &mut FxHashSet<Option<FunctionId>>, sink: &mut Sink) {
    for object in &module.objects {
        let Some(function) = object.function else { continue };
        if object.it.properties.len() < 3 {
            continue;
        }
        let home = module.home(function);
        let it = module.function(home);
        let asks = names::verb_in(it.name, &lexicon::QUERY_VERBS)
            || it.name.starts_with("use")
            || matches!(it.argument_of, "get" | "all" | "route");
        if !asks || it.params.items.is_empty() {
            continue;
        }
        let facts = module.facts(object.it);
        let real = module.origin_of_object(object.it).has(Origin::CALL | Origin::FIELD | Origin::OUTER | Origin::ENV);
        if !(facts.person || facts.dated)
            || facts.literals < 3
            || !facts.are_written()
            || real
            || module.reach(object.node) < Reach::Return
            || is_reference(it.name)
            || module.is_for_development(object.node)
        {
            continue;
        }
        if seen.insert(Some(home)) {
            sink.report(
                Finding::new(
                    &RULE,
                    it.span,
                    format!("{} gives a record that is written out in the code", it.qualified()),
                )
                .of(home)
                .because(Evidence::InventedValue, object.it.span, "a record of the real world, as a literal")
                .because(
                    Evidence::ContractWords,
                    it.span,
                    format!("{} promises to find it", it.qualified()),
                ),
            );
        }
    }
}

mod parsed;

fn lists(module: &Module<'_>, seen: &mut FxHashSet<Option<FunctionId>>, sink: &mut Sink) {
    for rows in module.rows() {
        let facts = rows.facts;
        let strong = facts.are_strong() || facts.are_weak() && rows.function.is_some();
        // Anything with an identity, where it is said to be loaded.
        let thin =
            (facts.identity || facts.odd >= 1 && rows.reach == Reach::State) && facts.are_written() && facts.keys >= 3;
        // One thing of many, where a request is answered with it.
        let record = facts.are_record();
        if !strong && !thin && !record {
            continue;
        }
        let Some(place) = shown_by(module, &rows) else { continue };
        let home = place.map(|id| module.home(id));
        let handed = record && home.is_some_and(|id| module.hands_out(id));
        if !strong && !handed && !(thin && place.is_some_and(|id| loads(module, &rows, id))) {
            continue;
        }
        if is_excused(module, &rows, home) || module.is_for_development(rows.node) || !seen.insert(home) {
            continue;
        }
        let span = home.map_or(rows.span, |id| module.function(id).span);
        let name = home.map_or_else(|| "the module".to_owned(), |id| module.function(id).qualified());
        let mut finding =
            Finding::new(&RULE, span, format!("{name} gives {} records that are written out in the code", rows.count))
                .because(Evidence::InventedValue, rows.span, "records of the real world, as literals")
                .because(Evidence::ConstantOutcome, rows.span, "always the same ones");
        if let Some(id) = home {
            finding = finding.of(id);
        }
        sink.report(finding);
    }
}

/// Whether a function says that it loads what it gives: it answers later to a question, or sets a state when time has passed.
fn loads(module: &Module<'_>, rows: &Rows, id: FunctionId) -> bool {
    let within = |id: FunctionId, names: &[&str]| {
        let mut next = Some(id);
        std::iter::from_fn(|| {
            let it = module.function(next?);
            next = it.parent;
            Some(it)
        })
        .take(16)
        .any(|it| names.contains(&it.argument_of))
    };
    if rows.function.is_some()
        && rows.reach == Reach::State
        && within(id, &["setTimeout", "useEffect", "then", "onMounted", "watch", "createEffect"])
    {
        // `const all = [{…}, {…}]; setAll(all);`
        let set = variable(module, rows).is_some_and(|symbol| {
            module.uses(symbol).any(|reference| {
                matches!(module.kind(module.parent(reference.node_id())), AstKind::CallExpression(it)
                    if it.callee.span() != module.kind(reference.node_id()).span() && module.is_setter(it))
            })
        });
        if set {
            return true;
        }
        // The initial value of a state is not loaded.
        return module.around(rows.node).take(6).any(
            |(_, kind)| matches!(kind, AstKind::CallExpression(it) if names::last(&it.callee).starts_with("set") || names::last(&it.callee) == "resolve"),
        );
    }
    let it = module.function(module.home(id));
    let verb = names::verb(it.name);
    let asked = matches!(
        verb.as_str(),
        "fetch"
            | "load"
            | "search"
            | "query"
            | "find"
            | "lookup"
            | "suggest"
            | "retrieve"
            | "recommend"
            | "discover"
            | "recent"
            | "list"
    );
    let later = it.is_async
        || it.return_type.is_some_and(|kind| module.text_of(kind.span()).starts_with("Promise"))
        || module.inside(&module.news, it.id).iter().any(|new| new.it.callee.is_specific_id("Promise"));
    let goods = rows.function.is_some() || rows.facts.amount || rows.facts.status;
    asked && later && goods && !it.params.items.is_empty()
}

/// The function that gives the records away; for records of the module itself the first that returns, shows or sends them.
#[allow(
    clippy::option_option,
    reason = "nobody gives them away, or code outside of functions does, or a function does"
)]
fn shown_by(module: &Module<'_>, rows: &Rows) -> Option<Option<FunctionId>> {
    if let Some(function) = rows.function {
        return (rows.reach >= Reach::Return).then_some(Some(function));
    }
    if rows.reach == Reach::State && rows.facts.are_strong() {
        // `createSlice({ initialState: { orders: [{…}, {…}] } })`
        return Some(None);
    }
    if rows.reach == Reach::Field && rows.facts.are_strong() {
        return given_by_class(module, rows).map(Some);
    }
    if rows.reach < Reach::Return {
        return None;
    }
    let symbol = variable(module, rows)?;
    let shown = module.uses(symbol).find(|reference| {
        module.function_around(reference.node_id()).is_some() && module.reach(reference.node_id()) >= Reach::Return
    });
    shown.map(|reference| module.function_around(reference.node_id()))
}

/// The first method of a class that returns the field that holds the records.
fn given_by_class(module: &Module<'_>, rows: &Rows) -> Option<FunctionId> {
    let class = module.class_around(rows.node)?;
    let field = class.members.iter().find(|member| member.span.contains_inclusive(rows.span))?.name;
    let read = format!("this.{field}");
    class.methods.iter().copied().find(|id| {
        module.returns_of(*id).any(|it| it.value.is_some_and(|value| module.text_of(value.span()).contains(&read)))
    })
}

/// The variable that holds the records.
fn variable(module: &Module<'_>, rows: &Rows) -> Option<SymbolId> {
    for (_, around) in module.around(rows.node).take(8) {
        if let AstKind::VariableDeclarator(it) = around {
            return it.id.get_binding_identifier()?.symbol_id.get();
        }
    }
    None
}

fn is_excused(module: &Module<'_>, rows: &Rows, home: Option<FunctionId>) -> bool {
    let frozen = module
        .around(rows.node)
        .take(3)
        .any(|(_, kind)| matches!(kind, AstKind::TSAsExpression(it) if it.type_annotation.is_const_type_reference()));
    let held = variable(module, rows).map_or("", |symbol| module.semantic.scoping().symbol_name(symbol));
    let called = home.map_or("", |id| module.function(id).name);
    let facts = rows.facts;
    let table = rows.function.is_none() && !held.is_empty() && !held.contains(|next: char| next.is_ascii_lowercase());
    // A table of the module in capitals holds what is known: rates with the day from which they hold.
    let handed = facts.are_record() && home.is_some_and(|id| module.answers_requests(module.function(id)));
    let known = table && !handed && !(facts.person || facts.time && (facts.status || facts.amount));
    let shown = module
        .around(rows.node)
        .take(12)
        .any(|(_, kind)| matches!(kind, AstKind::ObjectProperty(it) if is_reference(names::key(&it.key))));
    known || shown || frozen && rows.function.is_none() || [held, called].iter().any(|name| is_reference(name))
}

/// Tables that are the source of what they hold.
fn is_reference(name: &str) -> bool {
    names::words(name).iter().any(|word| {
        let one = word.strip_suffix('s').unwrap_or(word);
        matches!(
            one,
            "preset"
                | "example"
                | "menu"
                | "column"
                | "release"
                | "changelog"
                | "holiday"
                | "migration"
                | "seed"
                | "template"
                | "schema"
                | "default"
                | "option"
                | "config"
                | "fallback"
                | "tab"
                | "route"
                | "epoch"
                | "version"
                | "testimonial"
                | "credit"
                | "maintainer"
                | "fixture"
                | "rule"
                | "plan"
                | "unit"
                | "currency"
                | "country"
                | "kind"
                | "type"
                | "category"
                | "language"
                | "locale"
                | "permission"
                | "role"
                | "theme"
                | "feature"
                | "capability"
                | "command"
                | "setting"
                | "field"
                | "step"
        )
    })
}
