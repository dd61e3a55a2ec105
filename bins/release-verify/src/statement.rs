//! An in-toto statement: what a signature is about.
use serde::Deserialize;
use serde_json::Value;

/// Subjects of one statement: more than a release has files.
const MOST_SUBJECTS: usize = 10_000;

/// A statement of in-toto v0.1 or v1, <https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What the predicate is.
    pub predicate_type: String,
    /// What it is about.
    pub subjects: Vec<Subject>,
    /// The run that SLSA provenance tells of; empty in another predicate.
    pub provenance: Provenance,
}

/// One subject.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// Its name, or its address where it has no name.
    pub name: String,
    /// Its SHA-256 in lower-case hex.
    pub sha256: Option<String>,
    /// Its SHA-512 in lower-case hex.
    pub sha512: Option<String>,
}

/// What SLSA provenance v1 says of the run; a certificate says it too, and has to agree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// The address of the repository.
    pub repository: Option<String>,
    /// The full ref.
    pub reference: Option<String>,
    /// The commits that were resolved from that repository.
    pub commits: Vec<String>,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(rename = "_type")]
    kind: String,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    subject: Vec<WireSubject>,
    #[serde(default)]
    predicate: Value,
}

#[derive(Deserialize)]
struct WireSubject {
    name: Option<String>,
    uri: Option<String>,
    digest: serde_json::Map<String, Value>,
}

/// Reads one, in time linear in its length.
///
/// # Errors
/// What is not as in-toto says, in one sentence.
pub fn read(payload: &[u8]) -> Result<Statement, String> {
    let wire: Wire =
        serde_json::from_slice(payload).map_err(|error| format!("the statement is not readable: {error}"))?;
    if !matches!(wire.kind.as_str(), "https://in-toto.io/Statement/v1" | "https://in-toto.io/Statement/v0.1") {
        return Err(format!("a statement of the unknown type '{}'", wire.kind));
    }
    if wire.subject.is_empty() {
        return Err("the statement is about nothing: it has no subject".to_owned());
    }
    if wire.subject.len() > MOST_SUBJECTS {
        return Err(format!("the statement has {} subjects, and {MOST_SUBJECTS} are read at most", wire.subject.len()));
    }
    let provenance = match wire.predicate_type.as_str() {
        "https://slsa.dev/provenance/v1" => provenance(&wire.predicate),
        _ => Provenance::default(),
    };
    let subjects = wire.subject.into_iter().map(subject).collect::<Result<_, _>>()?;
    Ok(Statement { predicate_type: wire.predicate_type, subjects, provenance })
}

fn subject(wire: WireSubject) -> Result<Subject, String> {
    let name = wire.name.filter(|name| !name.is_empty()).or(wire.uri).unwrap_or_default();
    let digest = |algorithm: &str, length: usize| match wire.digest.get(algorithm) {
        None => Ok(None),
        Some(Value::String(hex)) if hex.len() == length && hex.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            Ok(Some(hex.to_ascii_lowercase()))
        }
        Some(other) => Err(format!("the {algorithm} of the subject '{name}' is no such digest: {other}")),
    };
    let (sha256, sha512) = (digest("sha256", 64)?, digest("sha512", 128)?);
    Ok(Subject { name, sha256, sha512 })
}

fn provenance(predicate: &Value) -> Provenance {
    let definition = &predicate["buildDefinition"];
    let workflow = &definition["externalParameters"]["workflow"];
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let repository = text(&workflow["repository"]);
    let of_it = |dependency: &&Value| {
        let uri = dependency["uri"].as_str().and_then(|uri| uri.strip_prefix("git+"));
        match (uri, &repository) {
            (Some(uri), Some(repository)) => uri.strip_prefix(repository).is_some_and(|rest| rest.starts_with('@')),
            _ => false,
        }
    };
    let resolved = definition["resolvedDependencies"].as_array();
    let commits = resolved.into_iter().flatten().filter(of_it).filter_map(|it| text(&it["digest"]["gitCommit"]));
    Provenance { commits: commits.collect(), reference: text(&workflow["ref"]), repository }
}

impl Subject {
    /// The last part of its name, as files are named.
    pub fn file_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KIND: &str = r#""_type": "https://in-toto.io/Statement/v1", "predicateType": "p""#;

    fn check(rest: &str, expected: Result<&[(&str, bool, bool)], &str>) {
        let read = read(format!("{{{KIND}, {rest}}}").as_bytes());
        let shown = read.map(|it| {
            it.subjects.iter().map(|it| (it.name.clone(), it.sha256.is_some(), it.sha512.is_some())).collect::<Vec<_>>()
        });
        match (shown, expected) {
            (Ok(found), Ok(expected)) => {
                let expected: Vec<_> = expected.iter().map(|(name, a, b)| ((*name).to_owned(), *a, *b)).collect();
                assert_eq!(found, expected);
            }
            (Err(found), Err(expected)) => assert!(found.contains(expected), "{found}"),
            (found, expected) => panic!("{found:?} is not {expected:?}"),
        }
    }

    #[test]
    fn subjects_have_a_name_or_an_address_and_digests_of_their_length() {
        let (short, long) = ("0a".repeat(32), "0B".repeat(64));
        check(
            &format!(
                r#""subject": [{{"name": "a", "digest": {{"sha256": "{short}"}}}}, {{"uri": "pkg:a", "digest": {{"sha512": "{long}", "sha1": "x"}}}}]"#
            ),
            Ok(&[("a", true, false), ("pkg:a", false, true)]),
        );
        check(r#""subject": []"#, Err("it has no subject"));
        check(r#""subject": [{"name": "a", "digest": {"sha256": "0a"}}]"#, Err("no such digest"));
        check(r#""subject": [{"name": "a", "digest": {"sha256": 1}}]"#, Err("no such digest"));
        check(r#""subject": [{"name": "a"}]"#, Err("missing field `digest`"));
        check(r#""subject": [], "subject": []"#, Err("duplicate field"));
        assert!(read(br#"{"_type": "x", "predicateType": "p", "subject": []}"#).unwrap_err().contains("unknown type"));
    }

    #[test]
    fn provenance_names_the_commit_of_its_own_repository_alone() {
        let predicate = serde_json::json!({"buildDefinition": {
            "externalParameters": {"workflow": {"repository": "https://github.com/o/r", "ref": "refs/tags/v1"}},
            "resolvedDependencies": [
                {"uri": "git+https://github.com/o/r@refs/tags/v1", "digest": {"gitCommit": "1"}},
                {"uri": "git+https://github.com/o/r-evil@refs/tags/v1", "digest": {"gitCommit": "2"}},
                {"uri": "https://github.com/o/r@x", "digest": {"gitCommit": "3"}},
                {"uri": "git+https://github.com/o/r@x", "digest": {"sha1": "4"}}]}});
        assert_eq!(provenance(&predicate).commits, ["1"]);
        assert_eq!(provenance(&Value::Null), Provenance::default());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = read(&bytes);
        }

        #[test]
        fn names_come_back_as_they_were(name in "[a-z/:@ .\\PC]{1,40}") {
            let text = serde_json::json!({"_type": "https://in-toto.io/Statement/v1", "predicateType": "p",
                "subject": [{"name": name, "digest": {"sha256": "00".repeat(32)}}]}).to_string();
            let subject = read(text.as_bytes()).unwrap().subjects.swap_remove(0);
            prop_assert!(subject.name.ends_with(subject.file_name()));
            prop_assert!(!subject.file_name().contains('/'));
            prop_assert_eq!(subject.name, name);
        }
    }
}
