//! FK103 for what a class is given: a private field that nothing in the class reads, while its methods answer.
use crate::analysis::{Outward, is_job};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::model::{Class, Function, Member, Module};
use crate::names;
use crate::rules::fk103_constant_answer::RULE;
use crate::syntax::*;

pub(super) fn check(module: &Module<'_>, sink: &mut Sink) {
    for class in &module.classes {
        if let Some(found) = unread(module, class) {
            sink.report(found);
        }
    }
}

fn unread<'a>(module: &Module<'a>, class: &Class<'a>) -> Option<Finding> {
    let methods: Vec<_> = class
        .methods
        .iter()
        .map(|id| module.function(*id))
        .filter(|it| it.has_body() && it.kind == crate::model::Kind::Method && !it.statements().is_empty())
        .collect();
    if methods.is_empty() || class.it.r#abstract {
        return None;
    }
    let member =
        class.members.iter().find(|member| is_given(module, member) && !is_read(module, class, member.name))?;
    let words = names::words(member.name);
    let mentions = |method: &Function<'a>| {
        let said = module.comment_of(method).to_lowercase();
        let named = names::words(method.name);
        words.iter().any(|word| {
            let one = ["s", "er", "or"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
            one.len() > 2 && (said.contains(one) || named.iter().any(|name| name.starts_with(one)))
        })
    };
    // Who should read it: the one that speaks of it, or that is to be waited for and asks nobody.
    let weight = |method: &Function<'a>| {
        let idle = module.outcome(method.id).is_some_and(|it| it.outward == Outward::Nothing);
        let alone = module.summary(method.id).is_some_and(|it| it.awaits() == 0);
        let does = module.promises(method)
            && !matches!(names::verb(method.name).as_str(), "load" | "get" | "register" | "create");
        u32::from(is_job(&words, &names::verb(method.name))) * 4
            + u32::from(mentions(method)) * 2
            + u32::from(idle && method.is_async) * 2
            + u32::from(alone)
            + u32::from(does) * 2
    };
    let about = methods.iter().max_by_key(|it| (weight(it), std::cmp::Reverse(it.id))).filter(|it| weight(it) >= 2)?;
    Some(
        Finding::new(
            &RULE,
            about.span,
            format!("{} never reads {}, and {} is given it", about.qualified(), member.name, class.name),
        )
        .of(about.id)
        .because(Evidence::UnreadInput, member.span, "private, and read nowhere in the class")
        .because(Evidence::ContractWords, about.span, "the method that should go by it")
        .with_severity(Severity::Warning),
    )
}

/// A private parameter of the constructor that becomes a field.
fn is_given<'a>(module: &Module<'a>, member: &Member<'a>) -> bool {
    let text = module.text_of(member.span);
    member.injected && text.contains("private ") && !member.name.starts_with('_') && !module.is_log_name(member.name)
}

fn is_read(module: &Module<'_>, class: &Class<'_>, name: &str) -> bool {
    (class.node.index()..class.end.index()).map(NodeId::from_usize).any(|node| match module.kind(node) {
        AstKind::StaticMemberExpression(it) => it.property.name == name,
        AstKind::PrivateFieldExpression(it) => it.field.name == name,
        AstKind::BindingProperty(it) => names::key(&it.key) == name,
        // The parameter itself, in the constructor.
        AstKind::IdentifierReference(it) => it.name == name,
        AstKind::ComputedMemberExpression(it) => {
            matches!(it.object.get_inner_expression(), Expression::ThisExpression(_))
        }
        // Whoever is given all of it may read it.
        AstKind::SpreadElement(it) => matches!(it.argument.get_inner_expression(), Expression::ThisExpression(_)),
        AstKind::CallExpression(it) => it.arguments.iter().any(|it| matches!(it, Argument::ThisExpression(_))),
        _ => false,
    })
}

impl Module<'_> {
    fn is_log_name(&self, name: &str) -> bool {
        crate::lexicon::LOGGERS.has(name) || name.to_lowercase().ends_with("logger")
    }
}
