//! The API's address, and which addresses a token may follow.
use hyper::Uri;

use crate::error::{Error, ErrorKind, quoted};

/// `https://host[:port]/base`, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    scheme: &'static str,
    authority: String,
    base: String,
}

impl Address {
    /// Reads `GITHUB_API_URL`; a user name, a query or a fragment in it is a mistake.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let refuse = |why: &str| {
            let message = format!("could not use the API address: {why}");
            Err(Error::new(ErrorKind::Settings, message)
                .with_hint("GITHUB_API_URL is https://api.github.com, or https://HOST/api/v3 on an own server"))
        };
        let text = text.trim();
        if text.contains('@') {
            return refuse("it holds a user name or password");
        }
        let Ok(uri) = text.parse::<Uri>() else { return refuse(&format!("{} is not a URL", quoted(text))) };
        let Some((scheme, authority)) = origin(&uri) else {
            return refuse(&format!("{} is not an http or https URL", quoted(text)));
        };
        if uri.query().is_some() || text.contains('#') {
            return refuse(&format!("{} has a query or a fragment", quoted(text)));
        }
        Ok(Address { scheme, authority, base: uri.path().trim_end_matches('/').to_owned() })
    }

    /// The address of one call; `path` starts with `/` and holds what [`Repo::check`](crate::Repo) let through.
    pub(crate) fn of(&self, path: &str) -> Result<Uri, Error> {
        // An own server has GraphQL beside the REST API, not below it.
        let base =
            if path == crate::graphql::PATH { self.base.strip_suffix("/v3").unwrap_or(&self.base) } else { &self.base };
        let text = format!("{}://{}{base}{path}", self.scheme, self.authority);
        let message = format!("could not use the API address: {} is not a URL", quoted(&text));
        text.parse().map_err(|_| Error::new(ErrorKind::Settings, message))
    }

    /// Whether calls go through TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.scheme == "https"
    }

    /// Where an `upload_url` sends files: its origin and its path, when the token may go there, which is the API's own origin,
    /// or `uploads.` in the place of its `api.`; the error completes "GET …".
    pub(crate) fn uploads(&self, upload_url: &str) -> Result<(Address, String), String> {
        let url = upload_url.split('{').next().unwrap_or_default();
        let Some((uri, there)) = url.parse::<Uri>().ok().and_then(|uri| origin(&uri).map(|there| (uri, there))) else {
            return Err(format!("cannot go to {}, which is no address", quoted(url)));
        };
        let beside = self.authority.strip_prefix("api.").map(|rest| format!("uploads.{rest}"));
        if there.0 != self.scheme || there.1 != self.authority && Some(&there.1) != beside.as_ref() {
            return Err(format!("would go to {}://{}, and the token stays here", there.0, quoted(&there.1)));
        }
        if uri.query().is_some() || !uri.path().ends_with("/assets") {
            return Err(format!("cannot go to {}, which takes no assets", quoted(url)));
        }
        Ok((Address { scheme: self.scheme, authority: there.1, base: String::new() }, uri.path().to_owned()))
    }

    /// Where a redirect leads, when the token may go there: the same scheme, host and port.
    pub(crate) fn follow(&self, from: &Uri, location: &str) -> Result<Uri, String> {
        let target = match location.strip_prefix('/').filter(|rest| !rest.starts_with(['/', '\\'])) {
            Some(_) => format!("{}://{}{location}", self.scheme, self.authority),
            None => location.to_owned(),
        };
        let Some((uri, there)) = target.parse::<Uri>().ok().and_then(|uri| origin(&uri).map(|there| (uri, there)))
        else {
            return Err(format!("redirects to {}, which is no address", quoted(location)));
        };
        if there != (self.scheme, self.authority.clone()) {
            return Err(format!("redirects to {}://{}, and the token stays here", there.0, quoted(&there.1)));
        }
        if uri == *from { Err("redirects to itself".to_owned()) } else { Ok(uri) }
    }
}

/// A stranger's text as one value of a query: everything but unreserved characters as `%XX`.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Scheme and lower-case authority without the scheme's own port.
fn origin(uri: &Uri) -> Option<(&'static str, String)> {
    let (scheme, own_port) = match uri.scheme_str() {
        Some("https") => ("https", 443),
        Some("http") => ("http", 80),
        _ => return None,
    };
    let authority = uri.authority().filter(|a| !a.as_str().contains('@'))?;
    let host = authority.host().to_ascii_lowercase();
    if host.is_empty() {
        return None;
    }
    Some(match authority.port_u16() {
        Some(port) if port != own_port => (scheme, format!("{host}:{port}")),
        _ => (scheme, host),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The API's address, and where a redirect from `/a` would go.
    fn check(api_url: &str, location: &str, expected: &str) {
        let seen = match Address::parse(api_url) {
            Err(error) => error.to_string(),
            Ok(address) => {
                let from = address.of("/a").expect("a plain path");
                address.follow(&from, location).map_or_else(|why| why, |uri| uri.to_string())
            }
        };
        assert_eq!(seen, expected);
    }

    #[test]
    fn tokens_stay_at_their_host() {
        let home = "https://api.github.com";
        check(home, "/repositories/1", "https://api.github.com/repositories/1");
        check("https://GHE.example:443/api/v3/", "https://ghe.example/b", "https://ghe.example/b");
        check(
            home,
            "https://api.github.com.evil.example/",
            "redirects to https://api.github.com.evil.example, and the token stays here",
        );
        check(home, "http://api.github.com/a", "redirects to http://api.github.com, and the token stays here");
        check(
            home,
            "https://api.github.com:8443/a",
            "redirects to https://api.github.com:8443, and the token stays here",
        );
        check(home, "https://x@api.github.com/a", "redirects to https://x@api.github.com/a, which is no address");
        check(home, "//evil.example/a", "redirects to //evil.example/a, which is no address");
        check(home, "/\\evil.example", "redirects to /\\evil.example, which is no address");
        check(home, "https://api.github.com/a", "redirects to itself");
        check(home, "", "redirects to , which is no address");
    }

    #[test]
    fn files_go_to_github_only() {
        let check = |api_url: &str, upload_url: &str, expected: &str| {
            let told = match Address::parse(api_url).expect("good").uploads(upload_url) {
                Ok((address, path)) => address.of(&path).expect("good").to_string(),
                Err(why) => why,
            };
            assert_eq!(told, expected);
        };
        let github = "https://api.github.com";
        let path = "/repos/o/r/releases/1/assets";
        let good = format!("https://uploads.github.com{path}");
        check(github, &format!("{good}{{?name,label}}"), &good);
        check(
            "https://api.acme.ghe.com",
            &format!("https://uploads.acme.ghe.com{path}"),
            &format!("https://uploads.acme.ghe.com{path}"),
        );
        let own = format!("https://ghe.example/api/uploads{path}");
        check("https://ghe.example/api/v3", &format!("{own}{{?name,label}}"), &own);
        let away = |to: &str| format!("would go to {to}, and the token stays here");
        check(
            github,
            &format!("https://uploads.github.com.evil.example{path}"),
            &away("https://uploads.github.com.evil.example"),
        );
        check(github, &format!("https://uploads.github.com:8443{path}"), &away("https://uploads.github.com:8443"));
        check(github, &format!("http://uploads.github.com{path}"), &away("http://uploads.github.com"));
        check("https://ghe.example/api/v3", &good, &away("https://uploads.github.com"));
        check(
            github,
            &format!("https://x@uploads.github.com{path}"),
            "cannot go to https://x@uploads.github.com/repos/o/r/releases/1/assets, which is no address",
        );
        check(
            github,
            "https://uploads.github.com/x",
            "cannot go to https://uploads.github.com/x, which takes no assets",
        );
        check(github, "", "cannot go to , which is no address");
    }

    #[test]
    fn odd_api_addresses_are_refused() {
        let refused = |why: &str| format!("could not use the API address: {why}");
        check("https://u:p@h/", "/", &refused("it holds a user name or password"));
        check("api.github.com", "/", &refused("api.github.com is not an http or https URL"));
        check("ftp://h", "/", &refused("ftp://h is not an http or https URL"));
        check("https://h/?a=b", "/", &refused("https://h/?a=b has a query or a fragment"));
        check("https://h/#a", "/", &refused("https://h/#a has a query or a fragment"));
        check("https:// h", "/", &refused("https:// h is not a URL"));
    }

    #[test]
    fn strangers_text_is_one_value() {
        assert_eq!(encoded("octo:a/b?c&d=e#f+%2e é"), "octo%3Aa%2Fb%3Fc%26d%3De%23f%2B%252e%20%C3%A9");
    }

    proptest! {
        #[test]
        fn a_token_goes_to_two_hosts_at_most(url in "(https?://)?(uploads|api)?\\.?[a-z.@:0-9/]{0,20}(/assets)?(\\{\\?name\\})?|\\PC{0,40}") {
            let home = Address::parse("https://api.github.com").expect("the default");
            if let Ok((address, path)) = home.uploads(&url) {
                let uri = address.of(&path).expect("it was one");
                prop_assert!(matches!(uri.host(), Some("api.github.com" | "uploads.github.com")), "{}", uri);
                prop_assert_eq!((uri.scheme_str(), uri.port()), (Some("https"), None));
            }
        }

        #[test]
        fn strangers_text_comes_back(text in any::<String>()) {
            let value = encoded(&text);
            let address = Address::parse("https://api.github.com").expect("the default");
            let query = format!("b={value}&c=d");
            let uri = address.of(&format!("/a?{query}")).expect("any text is encoded");
            prop_assert_eq!(uri.query(), Some(query.as_str()));
            let mut bytes = Vec::new();
            let mut rest = value.bytes();
            while let Some(byte) = rest.next() {
                let code: String = rest.by_ref().take(if byte == b'%' { 2 } else { 0 }).map(char::from).collect();
                bytes.push(if byte == b'%' { u8::from_str_radix(&code, 16).expect("two digits") } else { byte });
            }
            prop_assert_eq!(bytes, text.into_bytes());
        }

        #[test]
        fn no_location_leads_away(location in ".{0,40}|(https?:)?[/\\\\]{0,3}[a-z.@:]{0,12}/.{0,8}") {
            let address = Address::parse("https://api.github.com").expect("the default");
            let from = address.of("/a").expect("a plain path");
            if let Ok(uri) = address.follow(&from, &location) {
                prop_assert_eq!(uri.authority().map(|a| a.as_str().to_ascii_lowercase().replace(":443", "")), Some("api.github.com".to_owned()));
                prop_assert_eq!(uri.scheme_str(), Some("https"));
            }
        }
    }
}
