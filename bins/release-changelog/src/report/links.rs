//! Addresses on the website: commits, pull requests, comparisons.

/// Where the repository is shown; empty links where that is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Links {
    base: Option<String>,
}

impl Links {
    /// By the address from the workflow, or else by that of the remote.
    pub(crate) fn new(website: Option<&str>, remote: Option<&str>) -> Self {
        let website = website.map(str::to_owned).or_else(|| remote.and_then(of_remote));
        Self { base: website.filter(|url| is_plain(url)) }
    }

    /// A short id, linked.
    pub(crate) fn commit(&self, id: &str) -> String {
        let short = id.get(..7).unwrap_or(id);
        match &self.base {
            Some(base) => format!("([{short}]({base}/commit/{id}))"),
            None => format!("({short})"),
        }
    }

    /// A pull request, linked.
    pub(crate) fn pull(&self, number: u64) -> String {
        match &self.base {
            Some(base) => format!("([#{number}]({base}/pull/{number}))"),
            None => format!("(#{number})"),
        }
    }

    /// The comparison of two revisions; `None` where either cannot stand in an address.
    pub(crate) fn compare(&self, from: Option<&str>, to: &str) -> Option<String> {
        let (base, from) = (self.base.as_ref()?, from?);
        (is_revision(from) && is_revision(to)).then(|| format!("{base}/compare/{from}...{to}"))
    }
}

/// `https://host/owner/name` of any way to write a remote; a user and password are never shown.
fn of_remote(url: &str) -> Option<String> {
    let path = match url.split_once("://") {
        Some(("https" | "http" | "ssh" | "git", rest)) => {
            let (host, path) = rest.split_once('/')?;
            let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
            // The port of SSH is not that of the website.
            let host = if url.starts_with("http") { host } else { host.split(':').next()? };
            format!("{host}/{path}")
        }
        Some(_) => return None,
        None => {
            let (host, path) = url.split_once(':')?;
            let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
            format!("{host}/{path}")
        }
    };
    let path = path.trim_end_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    (path.matches('/').count() >= 2 && path.contains('.')).then(|| format!("https://{path}"))
}

fn is_plain(url: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/:".contains(c);
    url.chars().all(plain) && (url.starts_with("https://") || url.starts_with("http://"))
}

fn is_revision(name: &str) -> bool {
    !name.is_empty() && !name.contains("..") && name.chars().all(|c| c.is_ascii_alphanumeric() || "-._/+@".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(remote: &str, expected: Option<&str>) {
        assert_eq!(Links::new(None, Some(remote)).base.as_deref(), expected, "{remote}");
    }

    #[test]
    fn remotes_become_addresses() {
        check("https://github.com/o/r.git", Some("https://github.com/o/r"));
        check("https://user:secret@github.com/o/r", Some("https://github.com/o/r"));
        check("git@github.com:o/r.git", Some("https://github.com/o/r"));
        check("ssh://git@ghe.example:2222/o/r.git", Some("https://ghe.example/o/r"));
        check("/srv/git/r.git", None);
        check("../r", None);
        check("https://github.com/o/r)(x", None);
        check("file:///srv/r", None);
    }

    #[test]
    fn only_plain_names_are_linked() {
        let links = Links::new(Some("https://github.com/o/r"), None);
        assert_eq!(links.compare(Some("v1"), "v2").as_deref(), Some("https://github.com/o/r/compare/v1...v2"));
        for odd in ["main~2", "a b", "a)b", "a..b", "HEAD@{1}"] {
            assert_eq!(links.compare(Some(odd), "v2"), None, "{odd}");
        }
        assert_eq!(Links::default().pull(3), "(#3)");
    }
}
