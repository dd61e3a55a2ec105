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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As clients write the value of a query.
    fn encoded(text: &str) -> String {
        text.bytes()
            .map(
                |byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") },
            )
            .collect()
    }

    proptest! {
        #[test]
        fn what_a_client_asks_for_is_what_is_read(
            at in 0_usize..4, namespace in "[a-z0-9-]{1,12}", name in prop::option::of("[a-z0-9.-]{1,12}"),
            sub in prop::sample::select(vec!["", "scale", "status", "proxy/metrics/a"]),
        ) {
            let paths = [
                (Kind::Pod, "/api/v1", "pods"),
                (Kind::Deployment, "/apis/apps/v1", "deployments"),
                (Kind::Lease, "/apis/coordination.k8s.io/v1", "leases"),
                (Kind::Job, "/apis/batch/v1", "jobs"),
            ];
            let (kind, root, plural) = paths[at];
            let sub = if name.is_some() { sub } else { "" };
            let mut path = format!("{root}/namespaces/{namespace}/{plural}");
            for part in [name.as_deref().unwrap_or(""), sub].into_iter().filter(|part| !part.is_empty()) {
                path = format!("{path}/{part}");
            }
            let expected = Route::Objects { kind, namespace, name, sub: sub.to_owned() };
            prop_assert_eq!(parse(&path).ok(), Some(expected));
        }

        #[test]
        fn any_path_has_an_answer(path in "[/a-z.0-9]{0,60}|\\PC{0,40}") {
            let _ = parse(&path);
        }

        #[test]
        fn a_query_is_read_as_it_was_meant(key in "\\PC{1,12}", value in "\\PC{0,20}", junk in "[a-z0-9%+=&]{0,30}") {
            let query = Query::parse(&format!("{}={}&{junk}", encoded(&key), encoded(&value)));
            prop_assert_eq!(query.get(&key), &value);
        }
    }
}
