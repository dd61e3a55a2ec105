//! Comments of issues and pull requests, and who the token writes as.
use hyper::Method;
use serde::Deserialize;
use serde_json::json;

use crate::call::{Call, Needs};
use crate::client::Client;
use crate::error::Error;
use crate::pages::Follows;
use crate::settings::Repo;

const READS: Needs = Needs::Permission("pull-requests: read");
const WRITES: Needs = Needs::Permission("pull-requests: write");

/// What kind of account wrote something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuthorKind {
    /// `User`
    User,
    /// `Bot`: an app, such as the one behind a workflow's own token.
    Bot,
    /// Any other word: `Organization`, `Mannequin`, or one of the future.
    Other,
}

/// Who wrote something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// The account's name; an app's ends in `[bot]`.
    pub login: String,
    /// What kind of account it is.
    pub kind: AuthorKind,
}

/// One comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Its number, unique on its server.
    pub id: u64,
    /// Who wrote it; nobody once the account is deleted.
    pub author: Option<Author>,
    /// Its Markdown as written; arbitrary text.
    pub body: Option<String>,
    /// Where people read it.
    pub html_url: String,
}

/// The comments of an issue or a pull request, oldest first, as far as they were read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comments {
    /// At most [`Comments::LIMIT`].
    pub comments: Vec<Comment>,
    /// There are more, or there may be: what is not in the list may still exist.
    pub more: bool,
}

impl Comments {
    /// So many comments are read and no more.
    pub const LIMIT: usize = PAGES * crate::pages::FULL;
}

const PAGES: usize = 100;

#[derive(Deserialize)]
struct WireComment {
    id: u64,
    user: Option<WireUser>,
    body: Option<String>,
    html_url: String,
}

#[derive(Deserialize)]
pub(crate) struct WireUser {
    login: String,
    r#type: String,
}

impl WireUser {
    pub(crate) fn author(self) -> Author {
        let kind = match self.r#type.as_str() {
            "User" => AuthorKind::User,
            "Bot" => AuthorKind::Bot,
            _ => AuthorKind::Other,
        };
        Author { login: self.login, kind }
    }
}

impl From<WireComment> for Comment {
    fn from(wire: WireComment) -> Self {
        Comment { id: wire.id, author: wire.user.map(WireUser::author), body: wire.body, html_url: wire.html_url }
    }
}

impl Client {
    /// `GET /repos/{owner}/{repo}/issues/{number}/comments`, all pages; `number` is an issue's or a pull request's.
    ///
    /// Needs `pull-requests: read` (for an issue `issues: read`) where the repository is private.
    pub fn issue_comments(&self, repo: &Repo, number: u64) -> Result<Comments, Error> {
        let what = format!("list the comments of {number}");
        let call = on(repo, (what, format!("/issues/{number}/comments")), READS)?;
        let mut comments = Vec::new();
        let end = self.entries((&call, PAGES), |wire: WireComment| {
            comments.push(wire.into());
            Ok(())
        })?;
        Ok(Comments { comments, more: end != Follows::Nothing })
    }

    /// `POST /repos/{owner}/{repo}/issues/{number}/comments`; needs `pull-requests: write` (for an issue `issues: write`).
    ///
    /// Never repeated while it may have been carried out: then the error is [`ErrorKind::MaybeDone`](crate::ErrorKind), and
    /// [`Client::issue_comments`] tells. GitHub takes no empty body and none over 65,536 characters.
    pub fn create_comment(&self, repo: &Repo, number: u64, body: &str) -> Result<Comment, Error> {
        let what = format!("comment on {number}");
        let call = on(repo, (what, format!("/issues/{number}/comments")), WRITES)?;
        self.write(Call { method: Method::POST, body: text(body).into(), ..call })
    }

    /// `PATCH /repos/{owner}/{repo}/issues/comments/{id}`; needs `pull-requests: write` (for an issue `issues: write`).
    ///
    /// A token that may write may also change what others wrote, so ask for the author first.
    pub fn update_comment(&self, repo: &Repo, id: u64, body: &str) -> Result<Comment, Error> {
        let call = on(repo, (format!("change comment {id}"), format!("/issues/comments/{id}")), WRITES)?;
        self.write(Call { method: Method::PATCH, body: text(body).into(), ..call })
    }

    /// `GET /user`: the login of the token's user; a workflow's own token has none, and is
    /// [`ErrorKind::Forbidden`](crate::ErrorKind).
    pub fn current_login(&self) -> Result<String, Error> {
        let call = Call::get("ask whose token this is".to_owned(), "/user".to_owned(), Needs::User);
        let user: WireUser = call.read(&self.send(&call, self.deadline())?)?;
        Ok(user.login)
    }

    fn write(&self, call: Call) -> Result<Comment, Error> {
        let comment: WireComment = call.read(&self.send(&call, self.deadline())?)?;
        Ok(comment.into())
    }
}

fn on(repo: &Repo, (what, path): (String, String), needs: Needs) -> Result<Call, Error> {
    repo.check()?;
    let Repo { owner, name } = repo;
    Ok(Call::get(format!("{what} in {owner}/{name}"), format!("/repos/{owner}/{name}{path}"), needs))
}

fn text(body: &str) -> String {
    json!({ "body": body }).to_string()
}
