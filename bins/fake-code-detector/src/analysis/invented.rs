//! How much of a value nobody gave: literals in it, through constants and casts, beside what is passed through.
use crate::model::Module;
use crate::names;
use crate::syntax::*;

/// What stands in a value as a literal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Invented {
    /// Numbers but -1, 0 and 1.
    pub(crate) numbers: usize,
    /// Numbers that nobody chooses: `1.0842`, `4173`.
    pub(crate) odd_numbers: usize,
    /// Strings of two letters and more, but for discriminants.
    pub(crate) strings: usize,
    /// Objects in lists.
    pub(crate) rows: usize,
    /// `true` and `false`.
    pub(crate) booleans: usize,
    /// Sentences.
    pub(crate) prose: usize,
}

const DEEPEST: usize = 12;

impl Invented {
    /// Whether it is data: two numbers, two rows, or three values of other kinds.
    pub(crate) fn is_rich(self) -> bool {
        let values = self.numbers + self.strings;
        self.numbers >= 2 || self.rows >= 2 || values >= 3 || values == 2 && self.booleans + self.prose > 0
    }

    /// Whether it is data that can only have been made up: rows, or numbers that nobody chooses.
    pub(crate) fn is_data(self) -> bool {
        self.odd_numbers >= 2 || self.rows >= 2 && self.numbers + self.strings >= 4
    }
}

impl<'a> Module<'a> {
    /// What stands in a value as a literal.
    pub(crate) fn invented(&self, value: &'a Expression<'a>) -> Invented {
        let mut all = Invented::default();
        self.add_invented(value, &mut all, 0);
        all
    }

    fn add_invented(&self, value: &'a Expression<'a>, all: &mut Invented, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        match value.get_inner_expression() {
            Expression::NumericLiteral(it) => {
                all.numbers += usize::from(it.value != 0.0 && it.value != 1.0);
                all.odd_numbers += usize::from(is_odd(it.value));
            }
            Expression::BooleanLiteral(_) => all.booleans += 1,
            Expression::StringLiteral(it) => {
                all.strings += usize::from(it.value.len() > 1);
                all.prose += usize::from(is_prose(&it.value));
            }
            Expression::TemplateLiteral(it) => {
                all.prose += usize::from(it.quasis.iter().any(|part| is_prose(&part.value.raw)))
            }
            Expression::UnaryExpression(it) => self.add_invented(&it.argument, all, depth + 1),
            Expression::BinaryExpression(it) => {
                self.add_invented(&it.left, all, depth + 1);
                self.add_invented(&it.right, all, depth + 1);
            }
            Expression::AwaitExpression(it) => self.add_invented(&it.argument, all, depth + 1),
            Expression::ObjectExpression(it) => {
                for property in &it.properties {
                    match property {
                        ObjectPropertyKind::ObjectProperty(it)
                            if matches!(
                                names::key(&it.key),
                                "type" | "kind" | "method" | "level" | "message" | "error" | "code"
                            ) => {}
                        ObjectPropertyKind::ObjectProperty(it) => self.add_invented(&it.value, all, depth + 1),
                        ObjectPropertyKind::SpreadProperty(it) => self.add_invented(&it.argument, all, depth + 1),
                    }
                }
            }
            Expression::ArrayExpression(it) => {
                for value in it.elements.iter().filter_map(ArrayExpressionElement::as_expression) {
                    all.rows += usize::from(matches!(value.get_inner_expression(), Expression::ObjectExpression(_)));
                    self.add_invented(value, all, depth + 1);
                }
            }
            Expression::CallExpression(call)
                if matches!(names::last(&call.callee), "resolve" | "json" | "freeze" | "ok" | "structuredClone") =>
            {
                if let Some(value) = call.arguments.first().and_then(Argument::as_expression) {
                    self.add_invented(value, all, depth + 1);
                }
            }
            // `MADE_UP.filter(…)` and `MADE_UP.slice(0, 3)` are still made up.
            Expression::CallExpression(call)
                if matches!(names::last(&call.callee), "filter" | "slice" | "map" | "find" | "toSorted") =>
            {
                if let Some(object) = names::object(&call.callee) {
                    self.add_invented(object, all, depth + 1);
                }
            }
            Expression::Identifier(name) => {
                let Some(symbol) = self.symbol(name) else { return };
                let AstKind::VariableDeclarator(it) = self.kind(self.declaration(symbol)) else { return };
                if let (Some(init), BindingPattern::BindingIdentifier(_)) = (&it.init, &it.id) {
                    self.add_invented(init, all, depth + 3);
                }
            }
            _ => {}
        }
    }
}

/// A number that nobody chooses as a setting: with two decimals, or of three digits and more that is no round one, power or time.
fn is_odd(value: f64) -> bool {
    let fraction = (value * 10.0).fract().abs() > 1e-9;
    let whole = value.fract() == 0.0;
    let round = value % 25.0 == 0.0 || value % 60.0 == 0.0 || (value > 0.0 && value.log2().fract() == 0.0);
    fraction || !whole && value.abs() > 1.0 || whole && value.abs() > 100.0 && !round
}

/// A sentence: six words and forty letters.
pub(crate) fn is_prose(text: &str) -> bool {
    text.len() >= 40 && text.split_whitespace().take(6).count() == 6
}

impl<'a> Module<'a> {
    /// What a constant is declared as.
    pub(crate) fn initial(&self, name: &IdentifierReference<'a>) -> Option<&'a Expression<'a>> {
        match self.kind(self.declaration(self.symbol(name)?)) {
            AstKind::VariableDeclarator(it) => it.init.as_ref(),
            _ => None,
        }
    }
}
