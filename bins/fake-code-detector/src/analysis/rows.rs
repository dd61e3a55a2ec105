//! Records that a module writes out: lists of object literals of one shape, in whatever form they are put together.
use crate::analysis::written::{is_date, is_person};
use crate::analysis::{Facts, Reach, same_shape};
use crate::model::{FunctionId, Module, Write};
use crate::names;
use crate::syntax::*;

/// Two or more records of one shape.
#[derive(Clone, Copy)]
pub(crate) struct Rows {
    /// The list, or the statement of the first of them.
    pub(crate) node: NodeId,
    pub(crate) span: Span,
    pub(crate) function: Option<FunctionId>,
    pub(crate) count: usize,
    pub(crate) facts: Facts,
    pub(crate) reach: Reach,
}

impl<'a> Module<'a> {
    /// All records that are written out in the module.
    pub(crate) fn rows(&self) -> Vec<Rows> {
        let mut found = Vec::new();
        for array in &self.arrays {
            if array.it.elements.len() >= 2
                && let Some((count, facts)) = self.facts_of_array(array.it)
            {
                let reach = self.reach(array.node);
                found.push(Rows {
                    node: array.node,
                    span: array.it.span,
                    function: array.function,
                    count,
                    facts,
                    reach,
                });
            }
        }
        for object in &self.objects {
            if object.it.properties.len() >= 2
                && let Some((count, facts)) = self.facts_of_table(object.it)
            {
                let reach = self.reach(object.node);
                found.push(Rows {
                    node: object.node,
                    span: object.it.span,
                    function: object.function,
                    count,
                    facts,
                    reach,
                });
            }
        }
        self.rows_one_by_one(&mut found);
        found
    }

    /// `[{…}, {…}]`, `[['a', {…}], ['b', {…}]]`, `[member('Ana Kos', …), member(…)]`, `[['7', 'Ana Kos', '2024-01-02'], …]`
    fn facts_of_array(&self, array: &'a ArrayExpression<'a>) -> Option<(usize, Facts)> {
        let elements: Vec<&Expression<'a>> = array
            .elements
            .iter()
            .filter_map(|element| element.as_expression())
            .map(|it| it.get_inner_expression())
            .collect();
        let objects: Vec<&ObjectExpression<'a>> =
            elements.iter().filter_map(|element| self.object_in(element)).collect();
        if objects.len() >= 2 && objects.len() * 2 >= elements.len() {
            return self.facts_of_objects(&objects);
        }
        let tuples = elements.iter().filter_map(|element| tuple(element)).collect::<Vec<_>>();
        if tuples.len() >= 2 && tuples.len() == elements.len() {
            return facts_of_tuples(&tuples);
        }
        let calls: Vec<&CallExpression<'a>> = elements
            .iter()
            .filter_map(|element| if let Expression::CallExpression(call) = element { Some(&**call) } else { None })
            .collect();
        if calls.len() >= 2 && calls.len() == elements.len() { self.facts_of_calls(&calls) } else { None }
    }

    /// An object, or the second part of a pair whose second part is an object.
    fn object_in(&self, element: &'a Expression<'a>) -> Option<&'a ObjectExpression<'a>> {
        match element {
            Expression::ObjectExpression(it) => Some(it),
            Expression::ArrayExpression(pair) if pair.elements.len() == 2 => {
                match pair.elements[1].as_expression()?.get_inner_expression() {
                    Expression::ObjectExpression(it) => Some(it),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn facts_of_objects(&self, objects: &[&'a ObjectExpression<'a>]) -> Option<(usize, Facts)> {
        let first = objects.first()?;
        let alike = objects.iter().skip(1).filter(|other| same_shape(first, other)).count();
        if alike == 0 || (alike + 1) * 3 < objects.len() * 2 {
            return None;
        }
        let (one, two) = (self.facts(first), self.facts(objects.get(1)?));
        // What both say: one record may have a gap.
        let facts = Facts {
            identity: one.identity && two.identity,
            time: one.time && two.time,
            dated: one.dated && two.dated,
            person: one.person || two.person,
            odd: one.odd.min(two.odd),
            serial: one.serial && two.serial,
            place: one.place && two.place,
            amount: one.amount && two.amount,
            status: one.status && two.status,
            literals: one.literals.min(two.literals),
            keys: one.keys.max(two.keys),
        };
        Some((objects.len(), facts))
    }

    /// `{ 'u-1': {…}, 'u-2': {…} }`: the key is the identity.
    fn facts_of_table(&self, object: &'a ObjectExpression<'a>) -> Option<(usize, Facts)> {
        let values = object.properties.iter().map(|property| match property {
            ObjectPropertyKind::ObjectProperty(it) => match it.value.get_inner_expression() {
                Expression::ObjectExpression(value) => Some(&**value),
                _ => None,
            },
            ObjectPropertyKind::SpreadProperty(_) => None,
        });
        let values: Vec<&ObjectExpression<'a>> = values.collect::<Option<Vec<_>>>()?;
        self.facts_of_objects(&values)
    }

    /// Calls of one function of the module that makes a record of literals.
    fn facts_of_calls(&self, calls: &[&'a CallExpression<'a>]) -> Option<(usize, Facts)> {
        let maker = |call: &CallExpression<'a>| match call.callee.get_inner_expression() {
            Expression::Identifier(name) => self.function_of(self.symbol(name)?),
            _ => None,
        };
        let id = maker(calls.first()?)?;
        if !calls.iter().all(|call| maker(call) == Some(id)) {
            return None;
        }
        let made = self.returns_of(id).find_map(|it| match it.value?.get_inner_expression() {
            Expression::ObjectExpression(object) => Some(&**object),
            _ => None,
        })?;
        let mut facts = self.facts(made);
        let texts: Vec<&str> = calls.first()?.arguments.iter().filter_map(|it| string(it.as_expression()?)).collect();
        facts.literals = facts.literals.max(
            calls.first()?.arguments.iter().filter(|it| it.as_expression().is_some_and(Expression::is_literal)).count(),
        );
        facts.keys = facts.keys.min(facts.literals * 2);
        facts.time |= texts.iter().any(|text| is_date(text));
        facts.person |=
            texts.iter().any(|text| is_person(text)) && texts.len() >= 2 && (facts.time || made.properties.len() >= 4);
        Some((calls.len(), facts))
    }

    /// `rows.push({…}); rows.push({…})`, `byId[7] = {…}; byId[8] = {…}`, `table.set('a', {…})`
    fn rows_one_by_one(&self, found: &mut Vec<Rows>) {
        let mut groups: Vec<(&'a str, Option<FunctionId>, NodeId, Vec<&'a ObjectExpression<'a>>)> = Vec::new();
        let mut add =
            |receiver: &'a str, function: Option<FunctionId>, node: NodeId, object: &'a ObjectExpression<'a>| {
                match groups.iter_mut().rev().take(4).find(|group| group.0 == receiver && group.1 == function) {
                    Some(group) => group.3.push(object),
                    None => groups.push((receiver, function, node, vec![object])),
                }
            };
        for call in &self.calls {
            if matches!(names::last(&call.it.callee), "push" | "set" | "add" | "unshift" | "insert")
                && let Some(receiver) = names::object(&call.it.callee)
            {
                for argument in &call.it.arguments {
                    if let Some(Expression::ObjectExpression(object)) =
                        argument.as_expression().map(|it| it.get_inner_expression())
                    {
                        add(self.text_of(receiver.span()), call.function, call.node, object);
                    }
                }
            }
        }
        for write in &self.writes {
            if let Write::Assign(it) = write.it
                && let AssignmentTarget::ComputedMemberExpression(member) = &it.left
                && let Expression::ObjectExpression(object) = it.right.get_inner_expression()
            {
                add(self.text_of(member.object.span()), write.function, write.node, object);
            }
        }
        for (_, function, node, objects) in groups {
            if objects.len() >= 2
                && let Some((count, facts)) = self.facts_of_objects(&objects)
                && let Some(last) = objects.last()
            {
                let span = Span::new(self.kind(node).span().start, last.span.end);
                let inside = self
                    .between(&self.objects, node, NodeId::from_usize(node.index() + 60))
                    .first()
                    .map_or(node, |object| object.node);
                found.push(Rows { node, span, function, count, facts, reach: self.reach(inside) });
            }
        }
    }
}

/// Four or more literals in a row.
fn tuple<'a>(element: &'a Expression<'a>) -> Option<Vec<&'a str>> {
    let Expression::ArrayExpression(array) = element else { return None };
    if array.elements.len() < 4
        || !array.elements.iter().all(|it| it.as_expression().is_some_and(Expression::is_literal))
    {
        return None;
    }
    Some(array.elements.iter().filter_map(|it| string(it.as_expression()?)).collect())
}

fn facts_of_tuples(tuples: &[Vec<&str>]) -> Option<(usize, Facts)> {
    let first = tuples.first()?;
    let time = first.iter().any(|text| is_date(text));
    let names = first.iter().filter(|text| {
        text.len() > 1 && text.starts_with(char::is_uppercase) && text.chars().skip(1).all(char::is_lowercase)
    });
    let person = first.iter().any(|text| is_person(text)) || time && names.count() >= 2;
    let facts = Facts {
        identity: first.first().is_some_and(|text| text.contains(|next: char| next.is_ascii_digit())),
        time,
        dated: time,
        person,
        odd: 0,
        serial: false,
        place: false,
        amount: false,
        status: false,
        literals: first.len().max(2),
        keys: 4,
    };
    Some((tuples.len(), facts))
}

fn string<'a>(value: &'a Expression<'a>) -> Option<&'a str> {
    match value.get_inner_expression() {
        Expression::StringLiteral(it) => Some(it.value.as_str()),
        _ => None,
    }
}
