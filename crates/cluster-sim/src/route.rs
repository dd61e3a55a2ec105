//! What a request's path and query ask for.

use crate::failure::Failure;
use crate::kinds::Kind;

/// A request line, taken apart.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Route {
    /// Objects, or one object, of a kind.
    Objects { kind: Kind, namespace: String, name: Option<String>, sub: String },
    /// May I do this?
    AccessReview,
    /// Which server is this?
    Version,
}

/// Reads a path; linear in its length.
pub(crate) fn parse(path: &str) -> Result<Route, Failure> {
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let lacking = || Failure::lacking(&format!("resource at {path}"));
    let (group, version, rest) = match parts.as_slice() {
        ["version"] => return Ok(Route::Version),
        ["api", version, rest @ ..] => ("", *version, rest),
        ["apis", group, version, rest @ ..] => (*group, *version, rest),
        _ => return Err(lacking()),
    };
    match rest {
        ["selfsubjectaccessreviews"] if group == "authorization.k8s.io" => Ok(Route::AccessReview),
        ["namespaces"] if group.is_empty() => {
            Ok(Route::Objects { kind: Kind::Namespace, namespace: String::new(), name: None, sub: String::new() })
        }
        ["namespaces", name] if group.is_empty() => Ok(Route::Objects {
            kind: Kind::Namespace,
            namespace: String::new(),
            name: Some((*name).to_owned()),
            sub: String::new(),
        }),
        ["namespaces", namespace, plural, more @ ..] => {
            let kind =
                Kind::of_path(group, version, plural).filter(|kind| *kind != Kind::Namespace).ok_or_else(lacking)?;
            let name = more.first().map(|name| (*name).to_owned());
            let sub = more.get(1..).unwrap_or_default().join("/");
            Ok(Route::Objects { kind, namespace: (*namespace).to_owned(), name, sub })
        }
        _ => Err(lacking()),
    }
}

/// The values of a query, decoded.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(crate) fn parse(query: &str) -> Self {
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        Self(
            pairs
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .map(|(key, value)| (decode(key), decode(value)))
                .collect(),
        )
    }

    pub(crate) fn get(&self, key: &str) -> &str {
        self.0.iter().find(|(name, _)| name == key).map_or("", |(_, value)| value)
    }

    pub(crate) fn is_true(&self, key: &str) -> bool {
        matches!(self.get(key), "true" | "1")
    }

    pub(crate) fn number(&self, key: &str) -> Option<u64> {
        self.get(key).parse().ok()
    }
}

/// Percent signs and pluses of a query; what is no UTF-8 becomes the replacement sign.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        match (bytes[at], hex.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 2;
            }
            (b'+', _) => out.push(b' '),
            (byte, _) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}
