//! What a client is made from: address, token, network, limits.
use std::path::PathBuf;
use std::time::Duration;

use crate::error::{Error, ErrorKind};

/// A secret that authenticates calls; it has no `Debug` and no `Display`:
///
/// ```compile_fail
/// println!("{:?}", github::Token::new("secret"));
/// ```
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// Takes the secret as GitHub handed it out; white space around it, such as a file's last newline, is dropped.
    pub fn new(secret: impl AsRef<str>) -> Self {
        Token(secret.as_ref().trim().to_owned())
    }

    /// The secret itself, for the one header that carries it.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

/// A repository's address on its server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repo {
    /// The user or organisation.
    pub owner: String,
    /// The repository's own name.
    pub name: String,
}

impl Repo {
    /// Reads `owner/name`, as in `GITHUB_REPOSITORY`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let (owner, name) = text.split_once('/').unwrap_or((text, ""));
        let repo = Repo { owner: owner.to_owned(), name: name.to_owned() };
        repo.check().map(|()| repo)
    }

    /// Names become parts of a path, so nothing else than GitHub's own alphabet may be in them.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let plain = |text: &str| {
            let alphabet = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
            !text.is_empty() && text != "." && text != ".." && text.len() <= 255 && text.bytes().all(alphabet)
        };
        if plain(&self.owner) && plain(&self.name) {
            return Ok(());
        }
        let cause = format!("{:?} is not the owner/name of a repository", format!("{}/{}", self.owner, self.name));
        Err(Error::new(ErrorKind::Settings, format!("could not address the repository: {cause}")))
    }
}

/// How calls leave this machine; no `Debug`, since a proxy's address may hold a password.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Network {
    /// Proxy for `https` addresses: `http://[user:password@]host:port`; the connection through it is a `CONNECT` tunnel.
    pub https_proxy: Option<String>,
    /// Proxy for `http` addresses, also used as a tunnel.
    pub http_proxy: Option<String>,
    /// Hosts, domains, addresses and networks reached without a proxy, separated by commas; read as curl reads it.
    pub no_proxy: Option<String>,
    /// A PEM file of roots in place of the system's (`SSL_CERT_FILE`).
    pub root_file: Option<PathBuf>,
    /// A folder of PEM files of roots in place of the system's (`SSL_CERT_DIR`).
    pub root_folder: Option<PathBuf>,
    /// PEM files of roots trusted as well (`NODE_EXTRA_CA_CERTS`, which self-hosted runners set for private authorities).
    pub extra_roots: Vec<PathBuf>,
}

/// Bounds on time, repetition and memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Attempts per call, the first included.
    pub attempts: u32,
    /// Time for one attempt, from the name's resolution to the body's last byte.
    pub attempt_time: Duration,
    /// Time for one method of the client: all pages, attempts and waits together.
    pub total_time: Duration,
    /// Longest single wait that GitHub may ask for; longer ones are a failure at once.
    pub longest_wait: Duration,
    /// The slowest upload that is waited for: an attempt gets a second more for so many bytes.
    pub upload_bytes_per_second: u64,
    /// Bytes of one answer's body.
    pub answer_bytes: usize,
}

impl Default for Limits {
    /// 5 attempts of 30 s, waits of 60 s at most, 5 minutes in all, 32 MiB an answer; uploads of 256 KiB/s at least.
    fn default() -> Self {
        Limits {
            attempts: 5,
            attempt_time: Duration::from_secs(30),
            total_time: Duration::from_secs(300),
            longest_wait: Duration::from_secs(60),
            upload_bytes_per_second: 256 << 10,
            answer_bytes: 32 << 20,
        }
    }
}

/// What a client is made from; no `Debug`, since it holds secrets.
#[derive(Clone)]
pub struct Settings {
    /// `GITHUB_API_URL`: `https://api.github.com`, or `https://host/api/v3` on an own server.
    pub api_url: String,
    /// Without one, only public repositories can be read.
    pub token: Option<Token>,
    /// What the calls say they come from; GitHub refuses calls without it.
    pub user_agent: String,
    /// Proxies and roots.
    pub network: Network,
    /// Bounds on time, repetition and memory.
    pub limits: Limits,
}

impl Settings {
    /// Where GitHub's own API is.
    pub const GITHUB_COM: &'static str = "https://api.github.com";

    /// Reads `GITHUB_API_URL`, the proxy variables (lower case first, then upper case, then `ALL_PROXY`), `SSL_CERT_FILE`,
    /// `SSL_CERT_DIR` and `NODE_EXTRA_CA_CERTS` through `lookup`; empty ones are absent. The token is the caller's input.
    pub fn from_env(user_agent: &str, token: Option<Token>, lookup: impl Fn(&str) -> Option<String>) -> Self {
        let find = |names: &[&str]| {
            names.iter().find_map(|name| lookup(name).map(|v| v.trim().to_owned()).filter(|v| !v.is_empty()))
        };
        let network = Network {
            https_proxy: find(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]),
            http_proxy: find(&["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]),
            no_proxy: find(&["no_proxy", "NO_PROXY"]),
            root_file: find(&["SSL_CERT_FILE"]).map(PathBuf::from),
            root_folder: find(&["SSL_CERT_DIR"]).map(PathBuf::from),
            extra_roots: find(&["NODE_EXTRA_CA_CERTS"]).map(PathBuf::from).into_iter().collect(),
        };
        Settings {
            api_url: find(&["GITHUB_API_URL"]).unwrap_or_else(|| Settings::GITHUB_COM.to_owned()),
            token,
            user_agent: user_agent.to_owned(),
            network,
            limits: Limits::default(),
        }
    }
}
