//! Settings from the environment, and those that make no sense.
use github::{Client, Repo, Settings, Token};

use crate::support::told;

/// The settings that these variables make, or what the client says about them.
fn check(variables: &[(&str, &str)], expected: &str) {
    let lookup = |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
    let token = lookup("token").map(|token| Token::new(&token));
    let settings = Settings::from_env(&lookup("agent").unwrap_or("test".to_owned()), token, lookup);
    let seen = match Client::new(&settings) {
        Err(error) => told(&error),
        Ok(_) => {
            let Settings { api_url, network: n, .. } = settings;
            let proxies = [n.https_proxy, n.http_proxy, n.no_proxy].map(Option::unwrap_or_default).join(" ");
            format!("{api_url} {proxies} {:?} {:?} {:?}", n.root_file, n.root_folder, n.extra_roots)
        }
    };
    assert_eq!(seen, expected);
}

#[test]
fn the_environment_is_read() {
    check(&[], "https://api.github.com    None None []");
    check(&[("GITHUB_API_URL", ""), ("HTTPS_PROXY", " ")], "https://api.github.com    None None []");
    check(
        &[
            ("GITHUB_API_URL", "https://ghe.example/api/v3"),
            ("https_proxy", "http://one:1"),
            ("HTTPS_PROXY", "http://two:2"),
            ("ALL_PROXY", "http://all:3"),
            ("NO_PROXY", "a,b"),
            ("SSL_CERT_FILE", "/f"),
            ("SSL_CERT_DIR", "/d"),
            ("NODE_EXTRA_CA_CERTS", "/e"),
        ],
        r#"https://ghe.example/api/v3 http://one:1 http://all:3 a,b Some("/f") Some("/d") ["/e"]"#,
    );
}

#[test]
fn nonsense_is_refused_before_any_call() {
    check(
        &[("GITHUB_API_URL", "github.com")],
        "Settings: could not use the API address: github.com is not an http or https URL [GITHUB_API_URL is https://api.github.com, or https://HOST/api/v3 on an own server]",
    );
    check(
        &[("token", " \n")],
        "Settings: could not use the token: it is empty, or holds spaces or other odd characters [no hint]",
    );
    check(
        &[("token", "a\r\nX-Evil: 1")],
        "Settings: could not use the token: it is empty, or holds spaces or other odd characters [no hint]",
    );
    check(
        &[("token", "t\u{e9}")],
        "Settings: could not use the token: it is empty, or holds spaces or other odd characters [no hint]",
    );
    check(&[("agent", "a\nb")], "Settings: could not use the user agent: it is empty or no header's text [no hint]");
    check(&[("agent", "")], "Settings: could not use the user agent: it is empty or no header's text [no hint]");
    check(
        &[("HTTPS_PROXY", "socks5://u:p@h:1")],
        "Settings: could not use the proxy: HTTPS_PROXY starts with socks5://, and only http:// proxies are served [HTTPS_PROXY is http://HOST:PORT]",
    );
    check(
        &[("HTTPS_PROXY", "https://h:1")],
        "Settings: could not use the proxy: HTTPS_PROXY starts with https://, and only http:// proxies are served [HTTPS_PROXY is http://HOST:PORT]",
    );
    check(
        &[("HTTPS_PROXY", "http://")],
        "Settings: could not use the proxy: HTTPS_PROXY is not an address [HTTPS_PROXY is http://HOST:PORT]",
    );
    check(&[("token", "\nghs_x\n"), ("HTTPS_PROXY", "proxy:3128")], "https://api.github.com proxy:3128   None None []");
}

#[test]
fn repositories_are_names_and_not_paths() {
    let read = |text: &str| Repo::parse(text).map_err(|e| e.to_string());
    assert_eq!(read("octo/demo.js"), Ok(Repo { owner: "octo".to_owned(), name: "demo.js".to_owned() }));
    for text in
        ["octo/", "/demo", "octo/..", "../demo", "./demo", "a/b/c", "a/b?c", "a/%2e", "a/b\n", "a/\u{e9}", "a/b#"]
    {
        let expected = format!("could not address the repository: {text:?} is not the owner/name of a repository");
        assert_eq!(read(text), Err(expected));
    }
    assert_eq!(
        read("octo"),
        Err("could not address the repository: \"octo/\" is not the owner/name of a repository".to_owned())
    );
}
