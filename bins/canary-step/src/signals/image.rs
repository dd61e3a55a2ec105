//! Why an image could not be pulled, from the kubelet's message.

/// What a pull error comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pull {
    /// There is no such image, for this platform or at all.
    NotFound,
    /// The registry does not give it to this node.
    Denied,
    /// The registry was slow, busy or out of reach; the next try may do.
    Passing,
}

/// Words of registries and of containerd and CRI-O, which pass on what they heard from them.
const PASSING: [&str; 15] = [
    "toomanyrequests",
    "too many requests",
    "qps exceeded",
    "timeout",
    "timed out",
    "deadline exceeded",
    "connection refused",
    "connection reset",
    "no such host",
    "unexpected eof",
    "internal server error",
    "bad gateway",
    "service unavailable",
    "server misbehaving",
    "no route to host",
];
const NOT_FOUND: [&str; 5] =
    ["not found", "manifest unknown", "name unknown", "no match for platform", "no matching manifest"];
const DENIED: [&str; 6] = [
    "denied",
    "unauthorized",
    "forbidden",
    "authentication required",
    "no basic auth credentials",
    "does not have permission",
];

/// Classifies a message. Names of images and addresses in it say nothing.
pub(super) fn classify(message: &str) -> Pull {
    let plain = without_names(message);
    let has = |words: &[&str]| words.iter().any(|word| plain.contains(word));
    match () {
        () if has(&PASSING) => Pull::Passing,
        // Some registries hide what they deny behind both: `pull access denied, repository does not exist`.
        () if has(&DENIED) => Pull::Denied,
        () if has(&NOT_FOUND) => Pull::NotFound,
        () => Pull::Passing,
    }
}

/// The message in lower case, without what is quoted and without words that look like references or addresses.
fn without_names(message: &str) -> String {
    let mut unquoted = String::with_capacity(message.len());
    let mut parts = message.split('"');
    while let Some(outside) = parts.next() {
        unquoted.push_str(outside);
        unquoted.push(' ');
        if parts.next().is_none() {
            break;
        }
    }
    let word = |word: &&str| !word.contains(['/', '@']) && !word.contains("sha256:");
    unquoted.split_whitespace().filter(word).collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_as_kubelets_write_them() {
        for (message, expected) in [
            (
                r#"failed to pull and unpack image "docker.io/library/nope:1": failed to resolve reference "docker.io/library/nope:1": docker.io/library/nope:1: not found"#,
                Pull::NotFound,
            ),
            (
                r#"rpc error: code = NotFound desc = failed to pull and unpack image "europe-docker.pkg.dev/p/r/timeout-denied@sha256:0429": failed to resolve reference "x": europe-docker.pkg.dev/p/r/timeout-denied@sha256:0429: not found"#,
                Pull::NotFound,
            ),
            (
                r#"failed to pull image "x": failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://europe-docker.pkg.dev/v2/token?scope=repository: 403 Forbidden"#,
                Pull::Denied,
            ),
            (
                r#"failed to resolve reference "docker.io/acme/api:1": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed"#,
                Pull::Denied,
            ),
            (
                r#"failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/x/manifests/sha256:00: 429 Too Many Requests - Server message: toomanyrequests: You have reached your unauthenticated pull rate limit."#,
                Pull::Passing,
            ),
            (
                r#"failed to do request: Head "https://r.example/v2/a/manifests/1": dial tcp 10.0.0.1:443: i/o timeout"#,
                Pull::Passing,
            ),
            (
                r#"Head "https://nope.example/v2/": dial tcp: lookup nope.example on 10.0.0.10:53: no such host"#,
                Pull::Passing,
            ),
            ("no match for platform in manifest: not found", Pull::NotFound),
            ("reading manifest 9 in quay.io/a/b: manifest unknown", Pull::NotFound),
            ("tls: failed to verify certificate: x509: certificate signed by unknown authority", Pull::Passing),
            ("", Pull::Passing),
        ] {
            assert_eq!(classify(message), expected, "{message}");
        }
    }
}
