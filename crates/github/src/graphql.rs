//! The one GraphQL query: who wrote commits, by login.
use std::collections::HashMap;
use std::fmt::Write as _;

use hyper::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::call::{Call, Needs};
use crate::{Client, Error, Repo};

/// Where queries go. They change nothing, though they are sent by `POST`.
pub(crate) const PATH: &str = "/graphql";

/// Commits of one query.
const AT_A_TIME: usize = 100;

#[derive(Deserialize)]
struct Answer {
    data: Option<Data>,
    #[serde(default)]
    errors: Vec<Problem>,
}

#[derive(Deserialize)]
struct Data {
    /// By alias; null for what is no commit there.
    repository: Option<HashMap<String, Option<Value>>>,
}

#[derive(Deserialize)]
struct Problem {
    message: String,
}

impl Client {
    /// The login of each commit's author, in the order of the ids; `None` where GitHub knows no account for the address or
    /// no such commit. One call for each 100 ids, which are full and in hexadecimal digits.
    ///
    /// # Errors
    /// An id of another form; a call that fails; an answer without the repository.
    pub fn commit_logins(&self, repo: &Repo, ids: &[&str]) -> Result<Vec<Option<String>>, Error> {
        repo.check()?;
        let deadline = self.deadline();
        let mut logins = Vec::with_capacity(ids.len());
        for some in ids.chunks(AT_A_TIME) {
            let call = query(repo, some)?;
            let answer: Answer = call.read(&self.send(&call, deadline)?)?;
            let Some(found) = answer.data.and_then(|data| data.repository) else {
                let told = answer.errors.first().map_or("no repository", |problem| problem.message.as_str());
                return Err(call.bad_answer(&format!("answered {}", crate::error::quoted(told))));
            };
            logins.extend((0..some.len()).map(|at| login(found.get(&format!("c{at}"))?.as_ref()?)));
        }
        Ok(logins)
    }
}

fn query(repo: &Repo, ids: &[&str]) -> Result<Call, Error> {
    let call =
        Call::get("look up who wrote the commits".to_owned(), PATH.to_owned(), Needs::Permission("contents: read"));
    let mut fields = String::new();
    for (at, id) in ids.iter().enumerate() {
        // The ids become part of the query itself.
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(call.bad_answer(&format!("was not sent: {} is no id", crate::error::quoted(id))));
        }
        // Writing to a string cannot fail.
        let _ = write!(fields, "c{at}:object(oid:\"{id}\"){{...on Commit{{author{{user{{login}}}}}}}} ");
    }
    let text = format!("query($owner:String!,$name:String!){{repository(owner:$owner,name:$name){{{fields}}}}}");
    let body = json!({ "query": text, "variables": { "owner": repo.owner, "name": repo.name } });
    Ok(Call { method: Method::POST, body: body.to_string().into(), ..call })
}

/// A login that is one: it becomes part of notes.
fn login(commit: &Value) -> Option<String> {
    let login = commit["author"]["user"]["login"].as_str()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_[]".contains(&byte);
    (!login.is_empty() && login.len() <= 100 && login.bytes().all(plain)).then(|| login.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(answer: Value, expected: Option<&str>) {
        assert_eq!(login(&answer).as_deref(), expected, "{answer}");
    }

    #[test]
    fn only_logins_are_logins() {
        check(json!({ "author": { "user": { "login": "octo-cat" } } }), Some("octo-cat"));
        check(json!({ "author": { "user": null } }), None);
        check(json!({}), None);
        check(json!({ "author": { "user": { "login": "a\n@b" } } }), None);
    }

    #[test]
    fn a_query_holds_ids_only() {
        let repo = Repo { owner: "o".into(), name: "r".into() };
        let call = query(&repo, &["0123abcd"]).unwrap();
        let body: Value = serde_json::from_slice(&call.body).unwrap();
        assert!(body["query"].as_str().unwrap().contains("c0:object(oid:\"0123abcd\")"));
        assert_eq!(body["variables"], json!({ "owner": "o", "name": "r" }));
        assert!(!call.is_once_only() && call.good_status() == 200);
        assert!(query(&repo, &["\"}"]).is_err());
    }
}
