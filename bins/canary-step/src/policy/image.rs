//! An image: a repository, and a digest that makes it one image only.
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// `registry/path[:tag]@sha256:<64 hex digits>`, or a name alone, which is an image only together with a digest or a tag from
/// elsewhere. A name with a tag but no digest is refused: it may mean another image tomorrow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Image(String);

/// The longest reference that a registry takes, with room for its tag and digest.
const LONGEST: usize = 512;
/// What a reader is told who gave a tag.
pub(super) const REMEDY: &str = "write registry/name@sha256:…, as the push of the image prints it";

impl Image {
    /// Reads a reference.
    ///
    /// # Errors
    /// What is wrong with it, with the text in it.
    pub fn parse(text: &str) -> Result<Image, String> {
        let shown: String = text.chars().take(80).collect();
        if text.len() > LONGEST {
            return Err(format!("`{shown}…` is longer than {LONGEST} bytes"));
        }
        let (name, digest) = text.split_once('@').map_or((text, None), |(name, digest)| (name, Some(digest)));
        let named = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"./:_-".contains(&b));
        let last = name.rsplit('/').next().unwrap_or(name);
        if !named
            || !last.starts_with(|c: char| c.is_ascii_alphanumeric())
            || !name.starts_with(|c: char| c.is_ascii_alphanumeric())
        {
            return Err(format!("`{shown}` does not begin with the name of a repository"));
        }
        let Some(digest) = digest else {
            return match last.contains(':') {
                true => Err(format!("`{shown}` has a tag but no digest, so that it may mean another image tomorrow")),
                false => Ok(Image(text.to_owned())),
            };
        };
        let Some(hex) = digest.strip_prefix("sha256:") else {
            return Err(format!("`{shown}` has a digest that is not sha256"));
        };
        match hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
            true => Ok(Image(text.to_owned())),
            false => Err(format!("`{shown}` has a digest that is not 64 lower-case hexadecimal digits")),
        }
    }

    /// The whole reference.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `sha256:…`, when there is one.
    pub fn digest(&self) -> Option<&str> {
        self.0.split_once('@').map(|(_, digest)| digest)
    }
}

impl fmt::Display for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Image {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Image {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Image, D::Error> {
        Image::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, problem: Option<&str>) {
        assert_eq!(Image::parse(text).err().as_deref(), problem, "{text}");
    }

    #[test]
    fn only_a_digest_names_an_image() {
        let hex = "0123456789abcdef".repeat(4);
        check(&format!("europe-docker.pkg.dev/p/r/api:1.4.2@sha256:{hex}"), None);
        check(&format!("localhost:5000/api@sha256:{hex}"), None);
        check("localhost:5000/api", None);
        check("", Some("`` does not begin with the name of a repository"));
        check("a/:x", Some("`a/:x` does not begin with the name of a repository"));
        check("api:latest", Some("`api:latest` has a tag but no digest, so that it may mean another image tomorrow"));
        check("api@sha512:00", Some("`api@sha512:00` has a digest that is not sha256"));
        check("api@sha256:00", Some("`api@sha256:00` has a digest that is not 64 lower-case hexadecimal digits"));
        let image = format!("@sha256:{hex}");
        check(&image, Some(&format!("`{image}` does not begin with the name of a repository")));
        check(
            &format!("{}@sha256:{hex}", "a".repeat(600)),
            Some(&format!("`{}…` is longer than 512 bytes", "a".repeat(80))),
        );
        assert_eq!(Image::parse(&format!("a@sha256:{hex}")).map(|i| i.digest().map(str::len)), Ok(Some(71)));
    }
}
