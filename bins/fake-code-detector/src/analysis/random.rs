//! Calls that answer with chance: the language's own, libraries by the name of the call, and generators written in the module.
use crate::analysis::{CallKind, Origin};
use crate::model::{FunctionId, Module, Write};
use crate::names;
use crate::syntax::*;

/// A generator is short; what is longer is not looked into.
const LONGEST: usize = 300;

impl<'a> Module<'a> {
    /// What a call of chance answers: [`Origin::RANDOM`], for identifiers with [`Origin::TOKEN`]; nothing for other calls.
    pub(crate) fn chance(&self, call: &'a CallExpression<'a>) -> Option<Origin> {
        let node = call.node_id.get();
        self.kinds.chance(node).unwrap_or_else(|| {
            let found = self.find_chance(call);
            self.kinds.keep_chance(node, found);
            found
        })
    }

    fn find_chance(&self, call: &'a CallExpression<'a>) -> Option<Origin> {
        let callee = call.callee.get_inner_expression();
        let method = names::last(callee);
        let object = names::object(callee);
        let token = Origin::RANDOM | Origin::TOKEN;
        match (object.map_or("", |object| names::last(object)), method) {
            ("Math", "random") => return Some(Origin::RANDOM),
            (_, "randomUUID" | "randomBytes") => return Some(token),
            ("crypto", "getRandomValues" | "randomInt") => return Some(Origin::RANDOM),
            _ => {}
        }
        if let Some(Expression::Identifier(root)) = object.map(|object| names::root(object))
            && matches!(root.name.as_str(), "faker" | "chance" | "casual" | "rng" | "prng")
        {
            return Some(Origin::RANDOM);
        }
        let name = match callee {
            Expression::Identifier(name) => Some(&**name),
            _ => None,
        };
        if name.is_some() && matches!(method, "nanoid" | "uuid" | "uuidv4" | "uuidv7" | "ulid" | "cuid" | "createId") {
            return Some(token);
        }
        if self.generator_of(call).is_some_and(|id| self.is_generator(id)) {
            return Some(Origin::RANDOM);
        }
        // `randomInt(1, 6)` of somewhere else; one of this module is looked into instead.
        let elsewhere = match name {
            Some(name) => self.symbol(name).is_some_and(|symbol| self.function_of(symbol).is_none()),
            None => object.is_some_and(|object| matches!(object.get_inner_expression(), Expression::Identifier(name) if matches!(name.name.as_str(), "_" | "lodash" | "random" | "Random" | "d3"))),
        };
        let by_name = || {
            matches!(
                names::words(method).first().map(String::as_str),
                Some("random" | "rand" | "randint" | "rng" | "prng")
            )
        };
        if elsewhere && matches!(names::first_letter(method), Some(b'p' | b'r')) && by_name() {
            let words = names::words(method);
            let text = words
                .iter()
                .any(|word| matches!(word.as_str(), "string" | "id" | "token" | "hex" | "key" | "uuid" | "bytes"));
            return Some(if text { token } else { Origin::RANDOM });
        }
        None
    }

    /// The function of this module that a call runs, also through an object of a class of the module and through a
    /// function that returns a function.
    fn generator_of(&self, call: &'a CallExpression<'a>) -> Option<FunctionId> {
        let callee = call.callee.get_inner_expression();
        if let Expression::Identifier(name) = callee {
            let symbol = self.symbol(name)?;
            if let Some(id) = self.function_of(symbol) {
                return Some(id);
            }
            let AstKind::VariableDeclarator(declarator) = self.kind(self.declaration(symbol)) else { return None };
            let Expression::CallExpression(made) = declarator.init.as_ref()?.get_inner_expression() else {
                return None;
            };
            let Expression::Identifier(maker) = made.callee.get_inner_expression() else { return None };
            let maker = self.function_of(self.symbol(maker)?)?;
            return self.returns_of(maker).find_map(|it| self.function_in(it.value?));
        }
        let object = names::object(callee)?.get_inner_expression();
        let class = match object {
            Expression::Identifier(name) => {
                let AstKind::VariableDeclarator(declarator) = self.kind(self.declaration(self.symbol(name)?)) else {
                    return None;
                };
                self.class_made_by(declarator.init.as_ref()?)?
            }
            Expression::ThisExpression(_) => match self.call_kind(call) {
                CallKind::Local(id) => return Some(id),
                _ => return None,
            },
            Expression::StaticMemberExpression(field) if matches!(field.object, Expression::ThisExpression(_)) => {
                let class = self.class_around(call.node_id.get())?;
                let member = class.members.iter().find(|member| member.name == field.property.name.as_str())?;
                self.class_made_by(member.value?)?
            }
            _ => return None,
        };
        let method = names::last(callee);
        class.methods.iter().copied().find(|id| self.function(*id).name == method)
    }

    fn class_made_by(&self, value: &Expression<'a>) -> Option<&crate::model::Class<'a>> {
        let Expression::NewExpression(new) = value.get_inner_expression() else { return None };
        let name = new.callee.get_identifier_reference()?.name.as_str();
        self.classes.iter().find(|class| class.name == name)
    }

    /// Whether a function is a generator of pseudo-random numbers: it mixes a number that outlives it by multiplying or
    /// shifting with large literals, and answers with it.
    pub(crate) fn is_generator(&self, id: FunctionId) -> bool {
        let function = self.function(id);
        let nodes = function.node.index()..function.end.index();
        if nodes.len() > LONGEST || self.own(&self.returns, id).all(|it| it.it.value.is_none()) {
            return false;
        }
        let keeps = self.own(&self.writes, id).any(|write| match write.it {
            Write::Assign(it) => match &it.left {
                AssignmentTarget::AssignmentTargetIdentifier(name) => self.outlives(id, name),
                other => names::target(other).0 == "this",
            },
            Write::Update(it) => match &it.argument {
                SimpleAssignmentTarget::AssignmentTargetIdentifier(name) => self.outlives(id, name),
                _ => true,
            },
        });
        if !keeps {
            return false;
        }
        let (mut large, mut mixes) = (false, false);
        for index in nodes {
            match self.kind(NodeId::from_usize(index)) {
                AstKind::NumericLiteral(it) => large |= it.value >= 1000.0,
                AstKind::BinaryExpression(it) => mixes |= mixing(it.operator),
                AstKind::AssignmentExpression(it) => {
                    mixes |= matches!(
                        it.operator,
                        AssignmentOperator::BitwiseXOR
                            | AssignmentOperator::ShiftLeft
                            | AssignmentOperator::Multiplication
                    );
                }
                AstKind::CallExpression(call) => {
                    if !matches!(self.kind(NodeId::from_usize(index)), AstKind::CallExpression(_))
                        || names::object(&call.callee).is_none_or(|it| !it.is_specific_id("Math"))
                    {
                        return false;
                    }
                    mixes |= matches!(names::last(&call.callee), "imul" | "sin");
                }
                AstKind::AwaitExpression(_) | AstKind::StringLiteral(_) | AstKind::ObjectExpression(_) => return false,
                _ => {}
            }
        }
        large && mixes
    }

    fn outlives(&self, id: FunctionId, name: &IdentifierReference<'a>) -> bool {
        let function = self.function(id);
        self.symbol(name).is_some_and(|symbol| {
            let node = self.declaration(symbol);
            node < function.node || node >= function.end
        })
    }
}

fn mixing(operator: BinaryOperator) -> bool {
    matches!(operator, BinaryOperator::Multiplication | BinaryOperator::BitwiseXOR | BinaryOperator::ShiftLeft)
}
