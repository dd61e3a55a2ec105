//! Comments of issues and pull requests: their JSON, and what posting and changing them does.
use serde_json::{Value, json};

use crate::access::{Caller, may_read, may_write, refusal, validation};
use crate::accounts::account;
use crate::http::{Answer, Request};
use crate::pages::Page;
use crate::state::{Comment, Conversation, Repository};

const LIST: &str = "rest/issues/comments#list-issue-comments";
const CREATE: &str = "rest/issues/comments#create-an-issue-comment";
const UPDATE: &str = "rest/issues/comments#update-an-issue-comment";
const LOCKED: &str = "articles/locking-conversations/";

/// GitHub takes no longer body than this.
const LONGEST: usize = 65_536;

/// One page of a conversation's comments.
pub(crate) fn list(
    caller: &Caller,
    repository: &mut Repository,
    (number, request): (&str, &Request),
) -> Result<Answer, Answer> {
    let (id, name) = (repository.id, repository.full_name());
    may_read(caller, repository, &["issues", "pull_requests"], LIST)?;
    let conversation = open(repository, number, LIST)?;
    let page = Page::of(request);
    let length = conversation.comments.len();
    let shown = &conversation.comments[page.range(length)];
    let shown: Value = shown.iter().map(|comment| comment_json(&name, &conversation, comment)).collect();
    let address = format!("{}/repositories/{id}/issues/{number}/comments", request.own_address());
    Ok(Answer::json(200, &shown).with_link(page.link(&address, length)))
}

/// Posts a comment as the caller; `id` is free.
pub(crate) fn create(
    (caller, id): (&Caller, u64),
    repository: &mut Repository,
    (number, request): (&str, &Request),
) -> Result<Answer, Answer> {
    let is_issue = repository.issues.iter().any(|issue| issue.number.to_string() == number);
    let author = may_write(caller, repository, kinds(is_issue), CREATE)?;
    let name = repository.full_name();
    let conversation = open(repository, number, CREATE)?;
    if conversation.locked {
        return Err(refusal(403, "Unable to create comment because issue is locked.", LOCKED));
    }
    let comment = Comment { id, author: Some(author), author_type: String::new(), body: Some(body(request, CREATE)?) };
    conversation.comments.push(comment.clone());
    Ok(Answer::json(201, &comment_json(&name, &conversation, &comment)))
}

/// Changes a comment, whoever wrote it.
pub(crate) fn update(
    caller: &Caller,
    repository: &mut Repository,
    (id, request): (&str, &Request),
) -> Result<Answer, Answer> {
    let name = repository.full_name();
    let place = |found: &Conversation<'_>| found.comments.iter().position(|comment| comment.id.to_string() == id);
    let is_issue = repository.conversations().any(|found| !found.is_pull && place(&found).is_some());
    may_write(caller, repository, kinds(is_issue), UPDATE)?;
    let found = repository.conversations().find_map(|found| place(&found).map(|place| (found, place)));
    let (conversation, place) = found.ok_or_else(|| refusal(404, "Not Found", UPDATE))?;
    let body = body(request, UPDATE)?;
    conversation.comments[place].body = Some(body);
    Ok(Answer::json(200, &comment_json(&name, &conversation, &conversation.comments[place])))
}

/// The permissions of which one is enough.
fn kinds(is_issue: bool) -> &'static [&'static str] {
    if is_issue { &["issues"] } else { &["issues", "pull_requests"] }
}

fn open<'a>(repository: &'a mut Repository, number: &str, page: &str) -> Result<Conversation<'a>, Answer> {
    let found = repository.conversations().find(|found| found.number.to_string() == number);
    let found = found.ok_or_else(|| refusal(404, "Not Found", page))?;
    if found.deleted { Err(refusal(410, "This issue was deleted", page)) } else { Ok(found) }
}

/// The text that a request brings, or GitHub's complaint about it.
fn body(request: &Request, page: &str) -> Result<String, Answer> {
    let sent: Value = serde_json::from_slice(&request.body).map_err(|_| refusal(400, "Problems parsing JSON", page))?;
    let text = match &sent["body"] {
        Value::String(text) => text,
        Value::Null => return Err(refusal(422, "Invalid request.\n\n\"body\" wasn't supplied.", page)),
        other => {
            let message = format!("Invalid request.\n\nFor 'properties/body', {other} is not a string.");
            return Err(refusal(422, &message, page));
        }
    };
    match text.chars().count() {
        _ if text.trim().is_empty() => Err(validation("Body cannot be blank", page)),
        length if length > LONGEST => {
            Err(validation(&format!("Body is too long (maximum is {LONGEST} characters)"), page))
        }
        _ => Ok(text.clone()),
    }
}

fn comment_json(repository: &str, conversation: &Conversation<'_>, comment: &Comment) -> Value {
    let (id, number) = (comment.id, conversation.number);
    let kind = if conversation.is_pull { "pull" } else { "issues" };
    let api = format!("https://api.github.com/repos/{repository}/issues");
    let mut value = json!({
        "id": id,
        "node_id": format!("IC_{id}"),
        "url": format!("{api}/comments/{id}"),
        "html_url": format!("https://github.com/{repository}/{kind}/{number}#issuecomment-{id}"),
        "issue_url": format!("{api}/{number}"),
        "user": comment.author.as_ref().map(|login| account(login, &comment.author_type)),
        "created_at": "2011-04-14T16:00:49Z",
        "updated_at": "2011-04-14T16:00:49Z",
        "author_association": "NONE",
        "performed_via_github_app": null,
    });
    if let Some(body) = &comment.body {
        value["body"] = json!(body);
    }
    value
}
