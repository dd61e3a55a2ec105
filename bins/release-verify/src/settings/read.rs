//! Text of the inputs → tags, repositories, refs, commits and times; or why it is none.
use action::{Failure, Workflow};
use jiff::Timestamp;

/// The tag, without `refs/tags/`.
pub(crate) fn tag(given: Option<&str>, workflow: &Workflow) -> Result<String, Failure> {
    let started_by = workflow.ref_full.as_deref().and_then(|name| name.strip_prefix("refs/tags/"));
    let tag = given.or(started_by).ok_or_else(|| {
        Failure::inputs("tell which release this is", "the input tag is not given, and no tag started this run")
            .hint("give the release's tag")
    })?;
    let tag = tag.strip_prefix("refs/tags/").unwrap_or(tag);
    if is_ref_name(tag) {
        return Ok(tag.to_owned());
    }
    Err(Failure::inputs("read the input tag", format!("'{tag}' is no name of a tag")))
}

/// The address of the repository.
pub(crate) fn repository(given: Option<&str>, workflow: &Workflow) -> Result<String, Failure> {
    let name = given.or(workflow.repository.as_deref()).ok_or_else(|| {
        Failure::inputs("tell whose release this is", "the input repository is not given")
            .hint("give it as `owner/name`")
    })?;
    let host = if workflow.server_url.is_empty() { "https://github.com" } else { &workflow.server_url };
    address(name, host).ok_or_else(|| {
        Failure::inputs("read the input repository", format!("'{name}' is no repository"))
            .hint("write `owner/name`, or the whole `https://` address")
    })
}

/// `owner/name`, or a whole address, as an address without an end of its own.
pub(crate) fn address(name: &str, host: &str) -> Option<String> {
    let (host, name) = match name.strip_prefix("https://") {
        None => (host.to_owned(), name),
        Some(rest) => rest.split_once('/').map(|(host, name)| (format!("https://{host}"), name))?,
    };
    let (owner, repository) = name.split_once('/')?;
    let part = |part: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        !part.is_empty() && part != "." && part != ".." && part.bytes().all(plain)
    };
    (part(owner) && part(repository)).then(|| format!("{host}/{name}"))
}

/// A full ref, or what stands for it.
pub(crate) fn reference(
    input: &str,
    given: Option<String>,
    default: impl FnOnce() -> Option<String>,
) -> Result<String, Failure> {
    let doing = format!("read the input {input}");
    let Some(name) = given.or_else(default) else {
        return Err(Failure::inputs(doing, "it is not given, and the signing workflow is of another repository")
            .hint("give the full ref that the workflow is used at: `refs/tags/v1`, `refs/heads/main`"));
    };
    match name.strip_prefix("refs/").is_some_and(is_ref_name) {
        true => Ok(name),
        false => Err(Failure::inputs(doing, format!("'{name}' is no full ref"))
            .hint("write `refs/tags/<tag>` or `refs/heads/<branch>`")),
    }
}

/// The id of a commit: SHA-1 or SHA-256 in hex, in lower case.
pub(crate) fn commit(id: &str) -> Result<String, Failure> {
    let digits = id.bytes().all(|byte| byte.is_ascii_hexdigit());
    match digits && matches!(id.len(), 40 | 64) {
        true => Ok(id.to_ascii_lowercase()),
        false => Err(Failure::inputs("read the input commit", format!("'{id}' is no full id of a commit"))
            .hint("an abbreviation could be made to fit another commit: write all 40 hex digits")),
    }
}

/// The given time, or the clock's.
pub(crate) fn time(given: Option<&str>, clock: Timestamp) -> Result<Timestamp, Failure> {
    let Some(text) = given else { return Ok(clock) };
    text.parse().map_err(|_| {
        Failure::inputs("read the input now", format!("'{text}' is no time")).hint("write it as `2026-11-27T12:00:00Z`")
    })
}

/// What git allows as (a part of) a name of a ref, and nothing that it reads as an operator.
fn is_ref_name(name: &str) -> bool {
    let odd = |c: char| c.is_whitespace() || c.is_control() || "~^:?*[\\".contains(c);
    let part = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.ends_with(".lock");
    !name.contains(odd)
        && !name.contains("..")
        && !name.contains("@{")
        && !name.starts_with('-')
        && !name.ends_with('.')
        && name != "@"
        && name.split('/').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_are_whole_addresses() {
        let check = |name: &str, expected: Option<&str>| {
            assert_eq!(address(name, "https://github.com").as_deref(), expected, "{name}");
        };
        check("o/r", Some("https://github.com/o/r"));
        check("trailofbits/rfc8785.py", Some("https://github.com/trailofbits/rfc8785.py"));
        check("https://corp.ghe.com/o/r", Some("https://corp.ghe.com/o/r"));
        for wrong in
            ["o", "o/", "/r", "o/r/", "o/r/x", "o/..", "o/r@main", "http://github.com/o/r", "https://o/r", "o r/x"]
        {
            check(wrong, None);
        }
    }

    #[test]
    fn tags_are_names_and_no_expressions() {
        let check = |name: &str, fine: bool| assert_eq!(is_ref_name(name), fine, "{name}");
        for name in ["v1.2.3", "@scope/pkg@1.0.0", "release/2026", "1"] {
            check(name, true);
        }
        for name in ["", "v1^{}", "v1~2", "a b", "a..b", "-x", ".x", "x.lock", "x/", "@", "HEAD@{1}", "a:b", "v1\n"] {
            check(name, false);
        }
    }

    #[test]
    fn a_commit_is_never_abbreviated() {
        assert!(commit("d8b4a64").is_err());
        assert_eq!(commit(&"D8".repeat(20)).unwrap(), "d8".repeat(20));
        assert!(commit(&"g8".repeat(20)).is_err());
    }
}
