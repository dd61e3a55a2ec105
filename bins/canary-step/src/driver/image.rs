//! A new image as it is asked for: whole, or a tag of the image that runs.

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Image {
    /// The whole reference.
    Whole(String),
    /// A tag for the image of the policy, or of what runs.
    Tag(String),
}

impl Image {
    /// The reference, where `base` is an image of the same repository.
    #[must_use]
    pub fn resolve(&self, base: &str) -> String {
        match self {
            Self::Whole(image) => image.clone(),
            Self::Tag(tag) => format!("{}:{tag}", repository(base)),
        }
    }

    /// Whether `image` is what is asked for.
    #[must_use]
    pub fn is(&self, image: &str) -> bool {
        self.resolve(image) == image
    }
}

/// An image without tag and digest; a colon before the last slash is a port.
fn repository(image: &str) -> &str {
    let name = image.split('@').next().unwrap_or(image);
    let last = name.rfind('/').map_or(0, |at| at + 1);
    name[last..].find(':').map_or(name, |at| &name[..last + at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_goes_onto_the_repository() {
        let check = |base: &str, expected: &str| assert_eq!(Image::Tag("2".to_owned()).resolve(base), expected);
        check("api", "api:2");
        check("api:1", "api:2");
        check("localhost:5000/api", "localhost:5000/api:2");
        check("localhost:5000/a/api:1@sha256:00", "localhost:5000/a/api:2");
        assert!(Image::Tag("1".to_owned()).is("x/api:1") && !Image::Tag("1".to_owned()).is("x/api:2"));
        assert!(Image::Whole("a:1".to_owned()).is("a:1") && !Image::Whole("a:1".to_owned()).is("b:1"));
    }
}
