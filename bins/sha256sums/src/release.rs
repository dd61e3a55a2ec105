//! A saved release record: the assets of a release with the digests that GitHub computed.
use formats::sums::{Digest, from_hex};
use serde::Deserialize;

/// One asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Its name, which has no folder.
    pub name: String,
    /// Its SHA-256 digest; none for assets that were uploaded before GitHub computed any, and for other algorithms.
    pub digest: Option<Digest>,
    /// Whether the upload was finished.
    pub uploaded: bool,
}

#[derive(Deserialize)]
struct Release {
    assets: Vec<Raw>,
}

#[derive(Deserialize)]
struct Raw {
    name: String,
    digest: Option<String>,
    state: Option<String>,
}

/// Reads a record as the REST API gives it, or as `gh release view --json assets` prints it; in time and memory linear in
/// the bytes, and nested no deeper than serde_json allows.
///
/// # Errors
/// No such record; the text says why.
pub fn assets(json: &[u8]) -> Result<Vec<Asset>, String> {
    let release: Release = serde_json::from_slice(json).map_err(|error| error.to_string())?;
    let asset = |raw: Raw| Asset {
        digest: raw.digest.as_deref().and_then(|digest| from_hex(digest.strip_prefix("sha256:")?.as_bytes())),
        uploaded: raw.state.is_none_or(|state| state == "uploaded"),
        name: raw.name,
    };
    Ok(release.assets.into_iter().map(asset).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn check(json: &str, expected: Result<&[(&str, bool, bool)], &str>) {
        let found = assets(json.as_bytes());
        let found = found.as_ref().map(|assets| {
            assets.iter().map(|asset| (asset.name.as_str(), asset.digest.is_some(), asset.uploaded)).collect::<Vec<_>>()
        });
        assert_eq!(found.as_deref().map_err(|error| error.as_str()), expected, "{json}");
    }

    #[test]
    fn records_are_read() {
        let digest = format!("sha256:{}", "0a".repeat(32));
        let one = |rest: &str| format!("{{\"id\": 1, \"assets\": [{{\"name\": \"a\"{rest}}}]}}");
        check(&one(&format!(", \"digest\": \"{digest}\", \"state\": \"uploaded\"")), Ok(&[("a", true, true)]));
        check(&one(&format!(", \"digest\": \"{digest}\", \"state\": \"starter\"")), Ok(&[("a", true, false)]));
        check(&one(", \"digest\": null"), Ok(&[("a", false, true)]));
        check(&one(&format!(", \"digest\": \"{}\"", digest.replace("sha256", "sha512"))), Ok(&[("a", false, true)]));
        check("{\"assets\": []}", Ok(&[]));
        check("{}", Err("missing field `assets` at line 1 column 2"));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(names in prop::collection::vec(".{0,9}", 0..5), digest in any::<[u8; 32]>(), done in any::<bool>()) {
            let hex = format!("sha256:{}", formats::sums::hex(&digest));
            let state = if done { "uploaded" } else { "starter" };
            let all: Vec<_> = names.iter().map(|name| json!({ "name": name, "digest": hex, "state": state, "size": 1.5 })).collect();
            let found = assets(json!({ "assets": all, "body": "x" }).to_string().as_bytes()).unwrap();
            let wanted = names.iter().map(|name| Asset { name: name.clone(), digest: Some(digest), uploaded: done });
            prop_assert_eq!(found, wanted.collect::<Vec<_>>());
        }

        #[test]
        fn any_bytes_are_a_record_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(assets(&bytes).map_or_else(|error| !error.is_empty(), |_| true));
        }
    }
}
