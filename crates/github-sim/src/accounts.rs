//! The JSON of accounts, and who a token is.
use serde_json::{Value, json};

use crate::access::{Caller, not_accessible, refusal};
use crate::http::Answer;

const USER: &str = "rest/users/users#get-the-authenticated-user";

/// Whether a login is an app's: no person's holds brackets.
pub(crate) fn is_app(login: &str) -> bool {
    login.ends_with("[bot]")
}

/// An account as it stands in other things; an empty `kind` is read off the login.
pub(crate) fn account(login: &str, kind: &str) -> Value {
    let kind = match kind {
        "" if is_app(login) => "Bot",
        "" => "User",
        kind => kind,
    };
    let name = crate::http::encode(login);
    let url = format!("https://api.github.com/users/{name}");
    json!({
        "login": login,
        "id": 1,
        "node_id": "MDQ6VXNlcjE=",
        "avatar_url": "https://github.com/images/error/octocat_happy.gif",
        "gravatar_id": "",
        "url": url,
        "html_url": format!("https://github.com/{name}"),
        "followers_url": format!("{url}/followers"),
        "following_url": format!("{url}/following{{/other_user}}"),
        "gists_url": format!("{url}/gists{{/gist_id}}"),
        "starred_url": format!("{url}/starred{{/owner}}{{/repo}}"),
        "subscriptions_url": format!("{url}/subscriptions"),
        "organizations_url": format!("{url}/orgs"),
        "repos_url": format!("{url}/repos"),
        "events_url": format!("{url}/events{{/privacy}}"),
        "received_events_url": format!("{url}/received_events"),
        "type": kind,
        "site_admin": false,
    })
}

/// `GET /user`.
pub(crate) fn user(caller: &Caller) -> Result<Answer, Answer> {
    let Caller::Bearer(token) = caller else { return Err(refusal(401, "Requires authentication", USER)) };
    if is_app(token.login()) {
        return Err(not_accessible(token, USER));
    }
    let mut user = account(token.login(), "");
    for field in ["name", "company", "location", "email", "hireable", "bio"] {
        user[field] = Value::Null;
    }
    for field in ["public_repos", "public_gists", "followers", "following"] {
        user[field] = json!(0);
    }
    user["blog"] = json!("");
    user["created_at"] = json!("2008-01-14T04:33:35Z");
    user["updated_at"] = json!("2008-01-14T04:33:35Z");
    Ok(Answer::json(200, &user))
}
