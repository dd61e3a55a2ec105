//! Memos that name what they depend on, and are literals all the same.
use crate::analysis::{Origin, Shape};
use crate::lexicon;
use crate::model::{At, FunctionId, Module};
use crate::names;
use crate::syntax::*;

/// `useMemo(() => ({ occupancyRate: 87.4, averageStayDays: 4.2 }), [ward.id])`: the list says that it follows from the ward, and
/// nothing of the ward is in it.
pub(super) fn of_nothing<'a>(module: &Module<'a>, object: &At<&'a ObjectExpression<'a>>, function: FunctionId) -> bool {
    let it = module.function(function);
    if !matches!(it.argument_of, "useMemo" | "createMemo" | "computed" | "useCreation" | "useComputed$") {
        return false;
    }
    let AstKind::CallExpression(call) = module.kind(module.parent(it.node)) else { return false };
    let Some(Argument::ArrayExpression(list)) = call.arguments.get(1) else { return false };
    let given = list.elements.iter().filter_map(|it| it.as_expression());
    let follows = given.map(|it| module.origin(it)).any(|it| it.has(Origin::INPUT | Origin::CALL));
    let mut numbers = 0;
    let mut measured = false;
    for property in &object.it.properties {
        let ObjectPropertyKind::ObjectProperty(property) = property else { return false };
        if Shape::of(&property.value).is_none() {
            return false;
        }
        if matches!(property.value.get_inner_expression(), Expression::NumericLiteral(it) if it.value != 0.0 && it.value != 1.0)
        {
            numbers += 1;
            measured |= names::has_word(names::key(&property.key), &lexicon::METRIC_NOUNS);
        }
    }
    follows && numbers >= 2 && measured
}
