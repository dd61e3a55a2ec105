//! GitHub's pages: `per_page` and `page` in, a `Link` header out.
use crate::http::Request;

/// Which part of a list a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) per_page: usize,
    pub(crate) number: usize,
}

impl Page {
    /// As GitHub reads it: 30 by default, 100 at most, nonsense is the default.
    pub(crate) fn of(request: &Request) -> Self {
        let value = |name: &str| request.query(name).and_then(|v| v.parse().ok()).filter(|n| *n > 0);
        Page { per_page: value("per_page").unwrap_or(30).min(100), number: value("page").unwrap_or(1) }
    }

    /// The indices of this page in a list of that length.
    pub(crate) fn range(self, length: usize) -> std::ops::Range<usize> {
        let start = (self.number - 1).saturating_mul(self.per_page).min(length);
        start..start.saturating_add(self.per_page).min(length)
    }

    /// The `Link` header for a list of that length at `address`, which may have a query; none when there is one page only.
    pub(crate) fn link(self, address: &str, length: usize) -> Option<String> {
        let last = length.div_ceil(self.per_page).max(1);
        let joint = if address.contains('?') { '&' } else { '?' };
        let to =
            |page: usize, rel: &str| format!("<{address}{joint}per_page={}&page={page}>; rel=\"{rel}\"", self.per_page);
        let mut links = Vec::new();
        if self.number > 1 {
            links.push(to((self.number - 1).min(last), "prev"));
        }
        if self.number < last {
            links.push(to(self.number + 1, "next"));
            links.push(to(last, "last"));
        }
        if self.number > 1 {
            links.push(to(1, "first"));
        }
        (!links.is_empty()).then(|| links.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(query: &str, length: usize, expected: (std::ops::Range<usize>, &str)) {
        let page = Page::of(&Request { target: format!("/x?{query}"), ..Request::default() });
        let rels = page.link("u", length).unwrap_or_default();
        let rels: Vec<_> = rels.split(", ").filter(|l| !l.is_empty()).map(|l| l.replace("; rel=", " ")).collect();
        assert_eq!((page.range(length), rels.join(" ").as_str()), expected);
    }

    #[test]
    fn pages_are_github_s() {
        check("", 30, (0..30, ""));
        check("", 31, (0..30, r#"<u?per_page=30&page=2> "next" <u?per_page=30&page=2> "last""#));
        check("per_page=100&page=1", 100, (0..100, ""));
        check(
            "page=2&per_page=200",
            101,
            (100..101, r#"<u?per_page=100&page=1> "prev" <u?per_page=100&page=1> "first""#),
        );
        check("per_page=0&page=x", 0, (0..0, ""));
        check(
            "page=18446744073709551615",
            3,
            (3..3, r#"<u?per_page=30&page=1> "prev" <u?per_page=30&page=1> "first""#),
        );
    }
}
