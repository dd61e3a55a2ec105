//! One pass over the nodes, in the order of the text, that fills the lists of a [`Module`].
use std::cell::{Cell, OnceCell, RefCell};

use rustc_hash::FxHashMap;

use super::list::LISTS;
use super::{
    At, Body, Class, ClassId, Function, FunctionId, Import, Kind, List, Member, Module, PathClass, Return, Role, Write,
};
use crate::analysis::{Kinds, Known, Origins};
use crate::names;
use crate::syntax::*;

impl<'a> Module<'a> {
    /// Finds everything of a module.
    pub(crate) fn new(path: &'a str, class: PathClass, text: &'a str, program: &'a Program<'a>) -> Self {
        let semantic = crate::syntax::semantic(program);
        let nodes = semantic.nodes().len();
        let symbols = semantic.scoping().symbols_len();
        let mut module = Self {
            path,
            class,
            text,
            program,
            semantic,
            functions: Vec::with_capacity(nodes / 64),
            nodes: Vec::with_capacity(nodes / 64),
            parts: Vec::with_capacity(nodes / 64),
            classes: Vec::new(),
            calls: List::new(0, nodes / 16),
            news: List::new(1, 0),
            returns: List::new(2, nodes / 64),
            throws: List::new(3, 0),
            awaits: List::new(4, 0),
            yields: List::new(5, 0),
            writes: List::new(6, 0),
            deletes: List::new(7, 0),
            catches: List::new(8, 0),
            arrays: List::new(9, 0),
            objects: List::new(10, nodes / 64),
            walks: List::new(11, 0),
            switches: List::new(12, 0),
            cases_of_switches: List::new(13, 0),
            computed: List::new(14, 0),
            ifs: List::new(15, 0),
            conditionals: List::new(16, 0),
            attributes: List::new(17, 0),
            elements: List::new(18, 0),
            binaries: List::new(19, nodes / 64),
            logicals: List::new(20, 0),
            declarators: List::new(21, nodes / 32),
            texts: List::new(22, nodes / 32),
            shoulds: List::new(23, 0),
            imports: FxHashMap::default(),
            specifiers: List::new(24, 0),
            origins: Origins::of(symbols, nodes),
            known: Vec::new(),
            outcomes: Vec::new(),
            promised: Vec::new(),
            kinds: Kinds::of(nodes),
            depends: Cell::default(),
            claims: Vec::new(),
            null_objects: Vec::new(),
            hooks: Vec::new(),
            slices: Vec::new(),
            slicing: RefCell::default(),
            busy: RefCell::default(),
            tracing: RefCell::default(),
            cases: OnceCell::new(),
            said: OnceCell::new(),
            depth: std::cell::Cell::default(),
            effort: super::Effort::default(),
        };
        Pass { module: &mut module, functions: Vec::new(), classes: Vec::new(), inner: NodeId::ROOT }.run();
        module.known.resize_with(module.functions.len(), Known::default);
        module.outcomes.resize_with(module.functions.len(), OnceCell::new);
        module.promised.resize_with(module.functions.len(), OnceCell::new);
        module.claims.resize_with(module.functions.len(), OnceCell::new);
        module.null_objects.resize_with(module.functions.len(), OnceCell::new);
        module.hooks.resize_with(module.functions.len(), OnceCell::new);
        module.slices.resize_with(module.functions.len(), OnceCell::new);
        module
    }
}

impl Module<'_> {
    /// How many of each kind there are so far, by the numbers of the lists.
    fn counts(&self) -> [u32; LISTS] {
        [
            self.calls.count(),
            self.news.count(),
            self.returns.count(),
            self.throws.count(),
            self.awaits.count(),
            self.yields.count(),
            self.writes.count(),
            self.deletes.count(),
            self.catches.count(),
            self.arrays.count(),
            self.objects.count(),
            self.walks.count(),
            self.switches.count(),
            self.cases_of_switches.count(),
            self.computed.count(),
            self.ifs.count(),
            self.conditionals.count(),
            self.attributes.count(),
            self.elements.count(),
            self.binaries.count(),
            self.logicals.count(),
            self.declarators.count(),
            self.texts.count(),
            self.shoulds.count(),
            self.specifiers.count(),
        ]
    }

    /// What comes next stands in the function that was added last.
    fn open(&mut self) {
        self.parts.push(self.counts().map(|count| (count, count)));
    }

    /// What comes next stands behind a function.
    fn close(&mut self, function: FunctionId) {
        let counts = self.counts();
        let parts = self.parts[function.0 as usize].iter_mut();
        parts.zip(counts).for_each(|(part, count)| part.1 = count);
    }
}

struct Pass<'m, 'a> {
    module: &'m mut Module<'a>,
    /// The functions around the node, and the classes.
    functions: Vec<FunctionId>,
    classes: Vec<ClassId>,
    /// The innermost of them.
    inner: NodeId,
}

impl<'a> Pass<'_, 'a> {
    fn run(mut self) {
        let count = self.module.semantic.nodes().len();
        for index in 0..count {
            let node = NodeId::from_usize(index);
            let parent = self.module.parent(node);
            if parent < self.inner {
                self.leave(node, parent);
            }
            self.visit(node, self.module.kind(node));
        }
        let end = NodeId::from_usize(count);
        self.leave(end, NodeId::from_usize(0));
    }

    /// Whatever the parent of the next node is not in has ended.
    fn leave(&mut self, node: NodeId, parent: NodeId) {
        while let Some(&id) = self.functions.last().filter(|id| parent < self.module.function(**id).node) {
            self.module.functions[id.0 as usize].end = node;
            self.module.close(id);
            self.functions.pop();
        }
        while let Some(&id) = self.classes.last().filter(|id| parent < self.module.class_of(**id).node) {
            self.module.classes[id.0 as usize].end = node;
            self.classes.pop();
        }
        let function = self.functions.last().map(|id| self.module.function(*id).node);
        let class = self.classes.last().map(|id| self.module.class_of(*id).node);
        self.inner = function.max(class).unwrap_or(NodeId::ROOT);
    }

    fn at<T>(&self, node: NodeId, it: T) -> At<T> {
        At { node, function: self.functions.last().copied(), it }
    }

    fn visit(&mut self, node: NodeId, kind: AstKind<'a>) {
        match kind {
            AstKind::Function(function) => {
                let body = function.body.as_ref().map_or(Body::None, |body| Body::Block(body));
                let named = function.id.as_ref().map_or("", |id| id.name.as_str());
                let function = (
                    function.span,
                    &*function.params,
                    function.return_type.as_deref(),
                    (function.r#async, function.generator),
                );
                self.function(node, (named, body), function);
            }
            AstKind::ArrowFunctionExpression(arrow) => {
                let body = match &arrow.body {
                    ArrowFunctionBody::FunctionBody(body) => Body::Block(body),
                    other => other.as_expression().map_or(Body::None, Body::Value),
                };
                let function = (arrow.span, &*arrow.params, arrow.return_type.as_deref(), (arrow.r#async, false));
                self.function(node, ("", body), function);
                if let Body::Value(value) = body {
                    let at = self.at(node, Return { value: Some(value), span: value.span() });
                    self.module.returns.push(at);
                }
            }
            AstKind::Class(class) => self.class(node, class),
            AstKind::CallExpression(call) => {
                self.module.calls.push(self.at(node, call));
                if let Some(name) = call.common_js_require() {
                    self.module.specifiers.push(self.at(node, (name.value.as_str(), name.span)));
                }
            }
            AstKind::NewExpression(new) => self.module.news.push(self.at(node, new)),
            AstKind::ReturnStatement(it) => {
                let it = Return { value: it.argument.as_ref(), span: it.span };
                self.module.returns.push(self.at(node, it));
            }
            AstKind::ThrowStatement(it) => self.module.throws.push(self.at(node, it)),
            AstKind::AwaitExpression(it) => self.module.awaits.push(self.at(node, it)),
            AstKind::YieldExpression(it) => self.module.yields.push(self.at(node, it)),
            AstKind::AssignmentExpression(it) => self.module.writes.push(self.at(node, Write::Assign(it))),
            AstKind::UpdateExpression(it) => self.module.writes.push(self.at(node, Write::Update(it))),
            AstKind::UnaryExpression(it) if it.operator == UnaryOperator::Delete => {
                self.module.deletes.push(self.at(node, it))
            }
            AstKind::TryStatement(it) => self.module.catches.push(self.at(node, it)),
            AstKind::ArrayExpression(it) => self.module.arrays.push(self.at(node, it)),
            AstKind::ObjectExpression(it) => self.module.objects.push(self.at(node, it)),
            AstKind::ForOfStatement(it) => self.module.walks.push(self.at(node, (it.span, &it.right))),
            AstKind::ForInStatement(it) => self.module.walks.push(self.at(node, (it.span, &it.right))),
            AstKind::SwitchStatement(it) => self.module.switches.push(self.at(node, it)),
            AstKind::SwitchCase(it) => self.module.cases_of_switches.push(self.at(node, it)),
            AstKind::ComputedMemberExpression(it) => self.module.computed.push(self.at(node, it)),
            AstKind::IfStatement(it) => self.module.ifs.push(self.at(node, it)),
            AstKind::ConditionalExpression(it) => self.module.conditionals.push(self.at(node, it)),
            AstKind::JSXAttribute(it) => self.module.attributes.push(self.at(node, it)),
            AstKind::JSXOpeningElement(it) => self.module.elements.push(self.at(node, it)),
            AstKind::BinaryExpression(it) => self.module.binaries.push(self.at(node, it)),
            AstKind::LogicalExpression(it) => self.module.logicals.push(self.at(node, it)),
            AstKind::VariableDeclarator(it) => self.module.declarators.push(self.at(node, it)),
            AstKind::StringLiteral(it) => self.module.texts.push(self.at(node, (it.value.as_str(), it.span))),
            AstKind::TemplateLiteral(it) => {
                self.module.texts.push(self.at(node, (self.module.text_of(it.span), it.span)));
            }
            AstKind::JSXText(it) => self.module.texts.push(self.at(node, (it.value.as_str(), it.span))),
            AstKind::StaticMemberExpression(it) if it.property.name == "should" => {
                self.module.shoulds.push(self.at(node, it));
            }
            AstKind::ImportDeclaration(it) => self.import(node, it),
            AstKind::ExportFromDeclaration(it) => {
                self.module.specifiers.push(self.at(node, (it.source.value.as_str(), it.source.span)));
            }
            AstKind::ExportAllDeclaration(it) => {
                self.module.specifiers.push(self.at(node, (it.source.value.as_str(), it.source.span)));
            }
            AstKind::ImportExpression(it) => {
                if let Expression::StringLiteral(name) = &it.source {
                    self.module.specifiers.push(self.at(node, (name.value.as_str(), name.span)));
                }
            }
            _ => {}
        }
    }

    fn import(&mut self, node: NodeId, import: &'a ImportDeclaration<'a>) {
        let module = import.source.value.as_str();
        self.module.specifiers.push(self.at(node, (module, import.source.span)));
        let all_types = import.import_kind.is_type();
        for specifier in import.specifiers.iter().flatten() {
            let (name, local, is_type) = match specifier {
                ImportDeclarationSpecifier::ImportSpecifier(it) => {
                    (it.imported.name().as_str(), &it.local, it.import_kind.is_type())
                }
                ImportDeclarationSpecifier::ImportDefaultSpecifier(it) => ("default", &it.local, false),
                ImportDeclarationSpecifier::ImportNamespaceSpecifier(it) => ("*", &it.local, false),
            };
            if let Some(symbol) = local.symbol_id.get() {
                let import = Import { module, name, is_type: is_type || all_types, span: import.span };
                self.module.imports.insert(symbol, import);
            }
        }
    }

    fn class(&mut self, node: NodeId, class: &'a crate::syntax::Class<'a>) {
        let id = ClassId(self.module.classes.len().try_into().unwrap_or(u32::MAX));
        let parent = self.module.parent(node);
        let name = match (class.id.as_ref(), self.module.kind(parent)) {
            (Some(id), _) => id.name.as_str(),
            (None, AstKind::VariableDeclarator(declarator)) => binding_name(&declarator.id),
            _ => "",
        };
        let mut members = Vec::new();
        for element in &class.body.body {
            match element {
                ClassElement::PropertyDefinition(property) => {
                    let name = names::key(&property.key);
                    let annotation = property.type_annotation.as_ref().map(|it| &it.type_annotation);
                    members.push(Member {
                        name,
                        injected: false,
                        annotation,
                        value: property.value.as_ref(),
                        span: property.span,
                    });
                }
                ClassElement::MethodDefinition(method) if method.kind.is_constructor() => {
                    constructor(method, &mut members)
                }
                _ => {}
            }
        }
        let class = Class { id, node, end: node, it: class, name, members, methods: Vec::new() };
        self.module.classes.push(class);
        self.classes.push(id);
        self.inner = node;
    }

    fn function(
        &mut self,
        node: NodeId,
        (named, body): (&'a str, Body<'a>),
        (span, params, return_type, (is_async, is_generator)): Signature<'a>,
    ) {
        let id = FunctionId(self.module.functions.len().try_into().unwrap_or(u32::MAX));
        let place = Place::of(self.module, node, span, named);
        let class = self.classes.last().copied().filter(|_| place.is_member);
        if let Some(class) = class {
            self.module.classes[class.0 as usize].methods.push(id);
        }
        let owner = match class {
            Some(class) => self.module.class_of(class).name,
            None => place.owner,
        };
        self.module.nodes.push(node);
        self.module.functions.push(Function {
            id,
            node,
            end: node,
            parent: self.functions.last().copied(),
            class,
            kind: place.kind,
            role: place.role,
            span: place.span,
            start: place.start,
            name: place.name,
            verb: names::verb(place.name),
            owner,
            owner_words: names::words(owner),
            contract: OnceCell::new(),
            comments: OnceCell::new(),
            params,
            parameters: super::function::names_of(params),
            body,
            return_type: return_type.map(|it| &it.type_annotation),
            is_async,
            is_generator,
            is_static: place.is_static,
            argument_of: place.argument_of,
        });
        self.module.open();
        self.functions.push(id);
        self.inner = node;
    }
}

type Signature<'a> = (Span, &'a FormalParameters<'a>, Option<&'a TSTypeAnnotation<'a>>, (bool, bool));

/// What the code around a function says about it.
struct Place<'a> {
    name: &'a str,
    owner: &'a str,
    kind: Kind,
    role: Role,
    span: Span,
    start: u32,
    is_member: bool,
    is_static: bool,
    argument_of: &'a str,
}

impl<'a> Place<'a> {
    fn of(module: &Module<'a>, node: NodeId, span: Span, named: &'a str) -> Self {
        let mut place = Self {
            name: named,
            owner: "",
            kind: if named.is_empty() { Kind::Expression } else { Kind::Declaration },
            role: if named.is_empty() { Role::Other } else { Role::Named },
            span,
            start: span.start,
            is_member: false,
            is_static: false,
            argument_of: "",
        };
        let mut inner = span;
        for (id, around) in module.around(node) {
            match around {
                AstKind::ParenthesizedExpression(_)
                | AstKind::TSAsExpression(_)
                | AstKind::TSSatisfiesExpression(_)
                | AstKind::TSTypeAssertion(_)
                | AstKind::TSNonNullExpression(_) => inner = around.span(),
                AstKind::CallExpression(call) if place.argument_of.is_empty() && call.callee.span() != inner => {
                    place.argument_of = names::last(&call.callee);
                    place.role = Role::Callback;
                    if !names::is_wrapper(call) {
                        break;
                    }
                    inner = call.span;
                }
                AstKind::VariableDeclarator(declarator) => {
                    place.named(binding_name(&declarator.id), declarator.span);
                    let declaration = module.parent(id);
                    place.start = module.kind(declaration).span().start;
                    place.exported(module, declaration);
                    break;
                }
                AstKind::AssignmentExpression(assignment) => {
                    let (owner, name) = names::target(&assignment.left);
                    place.named(name, assignment.span);
                    place.owner = owner;
                    break;
                }
                AstKind::ObjectProperty(property) => {
                    place.named(names::key(&property.key), property.span);
                    place.kind = match property.kind {
                        PropertyKind::Get => Kind::Getter,
                        PropertyKind::Set => Kind::Setter,
                        PropertyKind::Init => Kind::Property,
                    };
                    place.object(module, id);
                    break;
                }
                AstKind::MethodDefinition(method) => {
                    place.member(&method.key, method.span, method.r#static);
                    place.kind = match method.kind {
                        MethodDefinitionKind::Constructor => Kind::Constructor,
                        MethodDefinitionKind::Get => Kind::Getter,
                        MethodDefinitionKind::Set => Kind::Setter,
                        MethodDefinitionKind::Method => Kind::Method,
                    };
                    break;
                }
                AstKind::PropertyDefinition(property) => {
                    place.member(&property.key, property.span, property.r#static);
                    place.kind = Kind::Method;
                    break;
                }
                AstKind::JSXExpressionContainer(_) => {}
                AstKind::JSXAttribute(attribute) => {
                    place.name = attribute.name.as_identifier().map_or("", |name| name.name.as_str());
                    place.role = Role::Handler;
                    break;
                }
                AstKind::ExportDeclaration(it) => {
                    place.start = it.span.start;
                    break;
                }
                AstKind::ExportDefaultDeclaration(it) => {
                    place.start = it.span.start;
                    if place.name.is_empty() {
                        place.named("default", it.span);
                    }
                    break;
                }
                _ => break,
            }
        }
        place
    }

    fn named(&mut self, name: &'a str, span: Span) {
        if self.name.is_empty() || self.role == Role::Callback {
            self.name = name;
        }
        self.span = span;
        self.start = span.start;
        self.role = Role::Named;
    }

    fn member(&mut self, key: &'a PropertyKey<'a>, span: Span, is_static: bool) {
        self.named(names::key(key), span);
        self.is_member = true;
        self.is_static = is_static;
    }

    fn exported(&mut self, module: &Module<'a>, declaration: NodeId) {
        if let AstKind::ExportDeclaration(it) = module.kind(module.parent(declaration)) {
            self.start = it.span.start;
        }
    }

    /// The name of the object that a property is in.
    fn object(&mut self, module: &Module<'a>, property: NodeId) {
        for (id, around) in module.around(property).skip(1) {
            match around {
                AstKind::VariableDeclarator(declarator) => {
                    self.owner = binding_name(&declarator.id);
                    let start = self.start;
                    self.exported(module, module.parent(id));
                    self.start = start;
                    return;
                }
                AstKind::ObjectExpression(_) | AstKind::TSAsExpression(_) | AstKind::TSSatisfiesExpression(_) => {}
                AstKind::ObjectProperty(outer) => {
                    self.owner = names::key(&outer.key);
                    return;
                }
                AstKind::ExportDefaultDeclaration(_) | AstKind::ReturnStatement(_) => {
                    return;
                }
                AstKind::CallExpression(call) => {
                    self.argument_of = names::last(&call.callee);
                    return;
                }
                _ => return,
            }
        }
    }
}

fn binding_name<'a>(pattern: &'a BindingPattern<'a>) -> &'a str {
    pattern.get_binding_identifier().map_or("", |id| id.name.as_str())
}

/// What a constructor makes fields of: parameters with a modifier, and `this.x = x`.
fn constructor<'a>(method: &'a MethodDefinition<'a>, members: &mut Vec<Member<'a>>) {
    for item in &method.value.params.items {
        let Some(name) = item.pattern.get_binding_identifier() else { continue };
        let annotation = item.type_annotation.as_ref().map(|it| &it.type_annotation);
        let by_modifier = item.accessibility.is_some() || item.readonly;
        let field = assigned_to(method, name.name.as_str());
        if let Some(field) = field.or(by_modifier.then_some(name.name.as_str())) {
            match members.iter_mut().find(|member| member.name == field) {
                Some(member) => {
                    member.injected = true;
                    member.annotation = member.annotation.or(annotation);
                }
                None => members.push(Member { name: field, injected: true, annotation, value: None, span: item.span }),
            }
        }
    }
}

/// The field that a constructor assigns a parameter to.
fn assigned_to<'a>(method: &'a MethodDefinition<'a>, parameter: &str) -> Option<&'a str> {
    method.value.body.iter().flat_map(|body| &body.statements).find_map(|statement| {
        let Statement::ExpressionStatement(statement) = statement else { return None };
        let Expression::AssignmentExpression(assignment) = &statement.expression else { return None };
        let value = match &assignment.right {
            Expression::LogicalExpression(it) => &it.left,
            other => other,
        };
        let (owner, name) = names::target(&assignment.left);
        (owner == "this" && value.get_inner_expression().is_specific_id(parameter)).then_some(name)
    })
}
