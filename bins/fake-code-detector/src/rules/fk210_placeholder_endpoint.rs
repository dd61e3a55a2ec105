//! FK210 placeholder-endpoint: a request that goes to a host that is nobody's.
use rustc_hash::FxHashSet;

use crate::analysis::{Needles, Text};
use crate::finding::{Evidence, Finding, Severity};
use crate::guards::Sink;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::rules::{Rule, Scope};
use crate::syntax::*;

pub(crate) static RULE: Rule = Rule {
    id: "FK210",
    name: "placeholder-endpoint",
    severity: Severity::Error,
    scope: Scope::Production,
    about: "An address of a reserved or dummy domain, or of a service that only echoes, is used",
    details: "`example.com`, `.invalid` and `your-company.com` are left over from a template; httpbin and its like answer whatever they are \
              told. Lists of refused hosts, documentation, placeholders of input fields and the base that `new URL(path, base)` needs for \
              parsing are not meant.",
    repair: "take the address from the configuration",
    bad: "await fetch(`https://hooks.example.com/in/${subscription.id}`, { method: \"POST\", body });\n",
    good: "const RESERVED = [\"example.com\", \"test\"];\nif (RESERVED.includes(url.hostname)) throw new ReservedHost(url.hostname);\n",
    check,
};

static HOSTS: Needles = Needles::new(WORDS);

const WORDS: &[&str] = &[
    "example.com",
    "example.org",
    "example.net",
    ".example/",
    "example.test",
    ".invalid",
    "your-",
    "yourdomain",
    "yourcompany",
    "your_domain",
    "yourapi",
    "yourapp.",
    "my-domain",
    "mydomain",
    "httpbin.org",
    "jsonplaceholder.",
    "reqres.in",
    "postman-echo",
    "mockapi.io",
    "dummyjson.com",
    "fakestoreapi",
    "webhook.site",
    "my-json-server",
    "beeceptor.com",
    "mocky.io",
    "domain.tld",
    "company.com/",
    "somedomain.",
    "some-domain.",
    "foo.bar/",
    "acme.test",
    ".test/",
    "changeme",
    "placeholder.com",
    "api.acme.",
    "api.company.com",
    "myapi.com",
    "my-api.com",
    "requestbin",
    "://192.0.2.",
    "://198.51.100.",
    "://203.0.113.",
];

fn check(module: &Module<'_>, sink: &mut Sink) {
    let mut seen = FxHashSet::default();
    for text in module.texts_with(&HOSTS) {
        let joined = joined(module, &text);
        let whole = joined.as_deref().unwrap_or(text.text);
        // An address in a sentence explains.
        if whole
            .trim_start_matches(['"', '\'', '`', ' '])
            .split("://")
            .next()
            .is_some_and(|before| before.contains(' '))
        {
            continue;
        }
        let Some(host) = dummy_host(whole, joined.is_some()) else { continue };
        // `.invalid` never answers: that is what a default is given it for. Asked, it is a mistake all the same.
        if host.ends_with(".invalid") && !matches!(module.kind(module.parent(text.node)), AstKind::CallExpression(_)) {
            continue;
        }
        if !whole.contains("://") && joined.is_none() && !is_held_as_host(module, &text)
            || module.is_excused_text(&text)
            || is_base_of_parsing(module, &text)
            || is_default_only(module, &text)
        {
            continue;
        }
        let used = used_at(module, &text);
        let home = text.function.or(used.map(|(id, _)| id)).map(|id| module.home(id));
        if !seen.insert((home, home.map_or(text.span.start, |_| 0))) {
            continue;
        }
        let span = used.map_or(text.span, |(_, span)| span);
        let mut finding =
            Finding::new(&RULE, span, format!("{host} is nobody's host: nothing that is sent there arrives"))
                .because(
                    Evidence::InventedValue,
                    text.span,
                    format!("{host} is reserved, a template's, or only echoes"),
                )
                .because(Evidence::AbsentEffect, span, "no real service answers there");
        if let Some(id) = home {
            finding = finding.of(id);
        }
        sink.report(finding);
    }
}

/// Where a constant of the module that holds the address is first handed to a call in a function.
fn used_at(module: &Module<'_>, text: &Text<'_>) -> Option<(FunctionId, Span)> {
    if text.function.is_some() {
        return None;
    }
    let AstKind::VariableDeclarator(it) = module.kind(module.parent(text.node)) else { return None };
    let symbol = it.id.get_binding_identifier()?.symbol_id.get()?;
    module.uses(symbol).take(40).find_map(|reference| {
        let node = reference.node_id();
        let function = module.function_around(node)?;
        let call = module.around(node).take(6).find_map(|(_, kind)| match kind {
            AstKind::CallExpression(it) => Some(it.span),
            AstKind::NewExpression(it) => Some(it.span),
            _ => None,
        })?;
        Some((function, call))
    })
}

/// `['api', 'your-bank', 'com'].join('.')`
fn joined(module: &Module<'_>, text: &Text<'_>) -> Option<String> {
    let AstKind::ArrayExpression(array) = module.kind(module.parent(text.node)) else { return None };
    let call = module.around(text.node).take(3).find_map(|(_, kind)| match kind {
        AstKind::CallExpression(call) if names::last(&call.callee) == "join" => Some(call),
        _ => None,
    })?;
    let Some(Expression::StringLiteral(by)) = call.arguments.first()?.as_expression() else { return None };
    let parts = array.elements.iter().map(|element| match element.as_expression()? {
        Expression::StringLiteral(it) => Some(it.value.as_str()),
        _ => None,
    });
    Some(parts.collect::<Option<Vec<_>>>()?.join(by.value.as_str()))
}

/// The dummy host that a text names, if it is a host all through: of an address, or the whole text.
fn dummy_host(text: &str, bare: bool) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let rest = match lower.split_once("://") {
        Some((_, rest)) => rest,
        None if bare || !lower.contains([' ', '/', '@']) => lower.trim_matches(['"', '\'', '`']),
        None => return None,
    };
    let host = rest.split(['/', '?', '#', '"', '\'', '`', ' ', ')', '<', '>']).next().unwrap_or("");
    let host = host.rsplit('@').next().unwrap_or(host).split(':').next().unwrap_or("");
    let host = host.rsplit_once('}').map_or(host, |(_, rest)| rest.trim_start_matches('.'));
    is_dummy(host).then(|| host.to_owned())
}

fn is_dummy(host: &str) -> bool {
    let reserved = ["example.com", "example.org", "example.net"]
        .iter()
        .any(|name| host == *name || host.ends_with(&format!(".{name}")));
    let top = [".example", ".invalid", ".test"].iter().any(|name| host.ends_with(name) && host.len() > name.len());
    let template = host.contains('.')
        && (host.starts_with("your")
            || host.contains(".your")
            || host.contains("-your-")
            || [
                "yourdomain",
                "yourcompany",
                "my-domain",
                "mydomain",
                "domain.tld",
                "somedomain.",
                "some-domain.",
                "changeme",
                "myapi.com",
                "my-api.com",
                "api.company.com",
                "foo.bar",
            ]
            .iter()
            .any(|name| host.contains(name)));
    let echo = [
        "httpbin.org",
        "jsonplaceholder.typicode.com",
        "reqres.in",
        "postman-echo.com",
        "mockapi.io",
        "dummyjson.com",
        "fakestoreapi.com",
        "webhook.site",
        "my-json-server.typicode.com",
        "beeceptor.com",
        "mocky.io",
        "placeholder.com",
    ]
    .iter()
    .any(|name| host == *name || host.ends_with(&format!(".{name}")));
    let network = ["192.0.2.", "198.51.100.", "203.0.113."].iter().any(|net| host.starts_with(net));
    reserved || top || template || echo || network
}

/// A host without a scheme counts where something is named after it.
fn is_held_as_host(module: &Module<'_>, text: &Text<'_>) -> bool {
    match module.kind(module.parent(text.node)) {
        AstKind::VariableDeclarator(it) => it.id.get_binding_identifier().is_some_and(|name| is_host(&name.name)),
        AstKind::ObjectProperty(it) => is_host(names::key(&it.key)),
        AstKind::AssignmentExpression(it) => is_host(names::target(&it.left).1),
        AstKind::PropertyDefinition(it) => is_host(names::key(&it.key)),
        _ => false,
    }
}

fn is_host(name: &str) -> bool {
    names::words(name).iter().any(|word| {
        matches!(
            word.as_str(),
            "host" | "hostname" | "endpoint" | "url" | "server" | "base" | "domain" | "origin" | "api"
        )
    })
}

/// `new URL(path, 'http://example.com')`, where only the path is read; also through a constant.
fn is_base_of_parsing(module: &Module<'_>, text: &Text<'_>) -> bool {
    match module.kind(module.parent(text.node)) {
        AstKind::VariableDeclarator(it) => {
            let Some(symbol) = it.id.get_binding_identifier().and_then(|name| name.symbol_id.get()) else {
                return false;
            };
            let mut uses = module.uses(symbol).peekable();
            uses.peek().is_some() && uses.all(|reference| is_base(module, reference.node_id()))
        }
        _ => is_base(module, text.node),
    }
}

fn is_base(module: &Module<'_>, node: NodeId) -> bool {
    let span = module.kind(node).span();
    // `base ?? 'http://example.com'` is a base as well.
    let mut around = module.around(node).take(4);
    around.any(|(_, kind)| match kind {
        AstKind::NewExpression(it) => {
            names::last(&it.callee) == "URL"
                && it.arguments.get(1).is_some_and(|base| base.span().contains_inclusive(span))
        }
        _ => false,
    })
}

/// A namespace, an identifier of a schema or of an error type: nobody asks there.
fn is_default_only(module: &Module<'_>, text: &Text<'_>) -> bool {
    module.around(text.node).take(3).any(|(_, kind)| match kind {
        AstKind::ObjectProperty(it) => matches!(
            names::key(&it.key),
            "$id"
                | "$schema"
                | "xmlns"
                | "type"
                | "namespace"
                | "@context"
                | "homepage"
                | "iss"
                | "aud"
                | "audience"
                | "issuer"
                | "realm"
        ),
        AstKind::TSEnumMember(_) => true,
        // `new Request("https://example.com")` to see what the platform can do: only a host, and never fetched by itself.
        AstKind::NewExpression(it) => {
            names::last(&it.callee) == "Request" && !text.text.trim_start_matches("https://").contains('/')
        }
        _ => false,
    })
}
