//! Lists in pages of 100: whether another page follows.
//!
//! The pages asked for are always the next numbers; `Link` is only believed about whether there is one. So a `Link` that
//! leads elsewhere or back cannot, and a proxy that drops `Link` does not end a list early.
use serde::de::DeserializeOwned;

use crate::call::Call;
use crate::client::Client;
use crate::error::Error;

/// Entries of a full page, the most that GitHub gives.
pub(crate) const FULL: usize = 100;

/// What follows a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Follows {
    /// Nothing.
    Nothing,
    /// Perhaps a page: this one is full and there is no `Link` at all.
    Perhaps,
    /// A page, says `Link`.
    Page,
}

impl Client {
    /// Takes every entry of a list in GitHub's order, from so many pages at most; says what follows the last page read.
    ///
    /// An error of `take` completes "GET …".
    pub(crate) fn entries<T: DeserializeOwned>(
        &self,
        (call, most): (&Call, usize),
        mut take: impl FnMut(T) -> Result<(), String>,
    ) -> Result<Follows, Error> {
        let deadline = self.deadline();
        let mut next = Follows::Nothing;
        for page in 1..=most {
            let call = call.page(page);
            let reply = self.send(&call, deadline)?;
            let entries: Vec<T> = call.read(&reply)?;
            let link = reply.headers.get("link").map(|v| v.to_str().unwrap_or("\u{fffd}"));
            next = follows(link, page, entries.len()).map_err(|what| call.bad_answer(&format!("answered {what}")))?;
            for entry in entries {
                take(entry).map_err(|what| call.bad_answer(&what))?;
            }
            if next == Follows::Nothing {
                break;
            }
        }
        Ok(next)
    }
}

/// Reads the `Link` header of page `number` with `entries` entries; the error completes "answered …".
pub(crate) fn follows(link: Option<&str>, number: usize, entries: usize) -> Result<Follows, String> {
    if entries > FULL {
        return Err(format!("{entries} entries on a page of {FULL}"));
    }
    let Some(link) = link else {
        return Ok(if entries >= FULL { Follows::Perhaps } else { Follows::Nothing });
    };
    let Some(next) = next_page(link)? else { return Ok(Follows::Nothing) };
    if next <= number {
        return Err(format!("a Link header that leads from page {number} back to page {next}"));
    }
    if next > number + 1 {
        return Err(format!("a Link header that leads from page {number} to page {next}"));
    }
    Ok(Follows::Page)
}

/// The page number of `rel="next"`: RFC 8288, with GitHub's `page` query.
fn next_page(link: &str) -> Result<Option<usize>, String> {
    let unreadable = || "a Link header that cannot be read".to_owned();
    let mut rest = link.trim();
    while !rest.is_empty() {
        let (target, after) = rest.strip_prefix('<').and_then(|r| r.split_once('>')).ok_or_else(unreadable)?;
        let (parameters, later) = after.split_once(",").unwrap_or((after, ""));
        let is_next = parameters.split(';').map(str::trim).any(|p| {
            let value = p.strip_prefix("rel=").unwrap_or_default().trim_matches('"');
            value.split_ascii_whitespace().any(|rel| rel.eq_ignore_ascii_case("next"))
        });
        if is_next {
            let (_, query) = target.split_once('?').ok_or_else(unreadable)?;
            let page = query.split('&').find_map(|pair| pair.strip_prefix("page="));
            return page.and_then(|p| p.parse().ok()).map(Some).ok_or_else(unreadable);
        }
        rest = later.trim_start();
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(link: Option<&str>, page_and_entries: (usize, usize), expected: Result<Follows, &str>) {
        let seen = follows(link, page_and_entries.0, page_and_entries.1);
        assert_eq!(seen, expected.map_err(str::to_owned), "{link:?}");
    }

    #[test]
    fn the_next_page_is_known() {
        check(None, (1, 99), Ok(Follows::Nothing));
        check(None, (1, 100), Ok(Follows::Perhaps));
        check(None, (1, 101), Err("101 entries on a page of 100"));
        let both = r#"<https://h/x?per_page=100&page=1>; rel="prev", <https://h/x?per_page=100&page=3>; rel="next""#;
        check(Some(both), (2, 100), Ok(Follows::Page));
        check(Some(both), (2, 7), Ok(Follows::Page));
        check(Some(both), (1, 100), Err("a Link header that leads from page 1 to page 3"));
        check(Some(both), (3, 100), Err("a Link header that leads from page 3 back to page 3"));
        check(Some(r#"<https://h/x?page=1>; rel="first""#), (9, 100), Ok(Follows::Nothing));
        check(Some("<https://h/x,y?page=2>;title=x; rel=NEXT"), (1, 100), Ok(Follows::Page));
        check(Some(r#"<https://h/x?after=abc>; rel="next""#), (1, 100), Err("a Link header that cannot be read"));
        check(Some("nonsense"), (1, 100), Err("a Link header that cannot be read"));
        check(Some(""), (1, 100), Ok(Follows::Nothing));
    }

    proptest! {
        #[test]
        fn no_header_goes_elsewhere(link in "(<[a-z?=&0-9,]{0,12}>;? ?(rel=\"?next\"?)?,? ?){0,4}|.{0,30}", number in 1usize..40, entries in 0usize..101) {
            if follows(Some(&link), number, entries) == Ok(Follows::Page) {
                let page = format!("page={}", number + 1);
                prop_assert!(link.contains(&page));
            }
        }
    }
}
