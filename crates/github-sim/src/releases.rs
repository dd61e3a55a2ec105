//! Releases: their JSON, and what making, changing, publishing and deleting them does.
use serde_json::{Value, json};

use crate::access::{Caller, invalid, may_read, may_write, refusal};
use crate::accounts::account;
use crate::assets::asset_json;
use crate::http::{Answer, Request, encode};
use crate::pages::Page;
use crate::state::{Release, Repository};

const LIST: &str = "rest/releases/releases#list-releases";
const GET: &str = "rest/releases/releases#get-a-release";
const BY_TAG: &str = "rest/releases/releases#get-a-release-by-tag-name";
const LATEST: &str = "rest/releases/releases#get-the-latest-release";
const CREATE: &str = "rest/releases/releases#create-a-release";
const UPDATE: &str = "rest/releases/releases#update-a-release";
const DELETE: &str = "rest/releases/releases#delete-a-release";

/// GitHub takes no longer body than this.
const LONGEST: usize = 125_000;

/// The release that is looked for, where this caller may see it: who may not write sees no draft.
pub(crate) fn visible<'a>(
    (caller, repository): (&Caller, &'a Repository),
    is_it: impl Fn(&Release) -> bool,
    page: &str,
) -> Result<&'a Release, Answer> {
    may_read(caller, repository, &["contents"], page)?;
    let writes = may_write(caller, repository, &["contents"], page).is_ok();
    let found = repository.releases.iter().find(|release| is_it(release) && (writes || !release.draft));
    found.ok_or_else(|| refusal(404, "Not Found", page))
}

/// `GET …/releases`: one page, newest first.
pub(crate) fn list(caller: &Caller, repository: &Repository, request: &Request) -> Result<Answer, Answer> {
    may_read(caller, repository, &["contents"], LIST)?;
    let writes = may_write(caller, repository, &["contents"], LIST).is_ok();
    let mut seen: Vec<&Release> = repository.releases.iter().filter(|release| writes || !release.draft).collect();
    seen.sort_by_key(|release| std::cmp::Reverse(release.id));
    let page = Page::of(request);
    let shown = seen[page.range(seen.len())].iter().map(|release| release_json(repository, release, request)).collect();
    let address = format!("{}/repositories/{}/releases", request.own_address(), repository.id);
    Ok(Answer::json(200, &shown).with_link(page.link(&address, seen.len())))
}

/// `GET …/releases/{id}`, `…/tags/{tag}`, which finds no draft, and `…/latest`.
pub(crate) fn get(
    caller: &Caller,
    repository: &Repository,
    (rest, request): (&[&str], &Request),
) -> Result<Answer, Answer> {
    let release = match rest {
        ["tags", tag] => visible((caller, repository), |r| r.tag_name == *tag && !r.draft, BY_TAG),
        ["latest"] => visible((caller, repository), |r| Some(r.id) == repository.latest, LATEST),
        [id] => visible((caller, repository), |r| r.id.to_string() == *id, GET),
        _ => Err(refusal(404, "Not Found", "rest")),
    }?;
    Ok(Answer::json(200, &release_json(repository, release, request)))
}

/// `POST …/releases`; `id` is free.
pub(crate) fn create(
    (caller, id): (&Caller, u64),
    repository: &mut Repository,
    request: &Request,
) -> Result<Answer, Answer> {
    let author = may_write(caller, repository, &["contents"], CREATE)?;
    let sent: Value =
        serde_json::from_slice(&request.body).map_err(|_| refusal(400, "Problems parsing JSON", CREATE))?;
    if sent["tag_name"].as_str().is_none_or(str::is_empty) {
        return Err(invalid("Release", ("missing_field", "tag_name"), CREATE));
    }
    let new = Release { id, author, draft: true, target_commitish: "main".to_owned(), ..Release::default() };
    let publish = sent["draft"] != json!(true);
    let release = changed(new, &sent, CREATE)?;
    repository.releases.push(release);
    if publish && let Err(refused) = make_public(repository, (id, &sent), CREATE) {
        repository.releases.pop();
        return Err(refused);
    }
    answer(repository, (id, 201), request)
}

/// `PATCH …/releases/{id}`.
pub(crate) fn update(
    caller: &Caller,
    repository: &mut Repository,
    (id, request): (&str, &Request),
) -> Result<Answer, Answer> {
    may_write(caller, repository, &["contents"], UPDATE)?;
    let sent: Value =
        serde_json::from_slice(&request.body).map_err(|_| refusal(400, "Problems parsing JSON", UPDATE))?;
    let at = repository.releases.iter().position(|release| release.id.to_string() == id);
    let at = at.ok_or_else(|| refusal(404, "Not Found", UPDATE))?;
    let old = repository.releases[at].clone();
    let new = changed(old.clone(), &sent, UPDATE)?;
    let fixed = |release: &Release| (release.tag_name.clone(), release.prerelease);
    if old.immutable && (fixed(&old) != fixed(&new) || sent["draft"] == json!(true)) {
        return Err(refusal(422, "Cannot change an immutable release but for its title and notes.", UPDATE));
    }
    let id = old.id;
    let publish = old.draft && sent["draft"] == json!(false);
    repository.releases[at] = Release { draft: old.draft || sent["draft"] == json!(true), ..new };
    if publish && let Err(refused) = make_public(repository, (id, &sent), UPDATE) {
        repository.releases[at] = old;
        return Err(refused);
    }
    answer(repository, (id, 200), request)
}

/// `DELETE …/releases/{id}`; the tag stays.
pub(crate) fn delete(caller: &Caller, repository: &mut Repository, id: &str) -> Result<Answer, Answer> {
    may_write(caller, repository, &["contents"], DELETE)?;
    let at = repository.releases.iter().position(|release| release.id.to_string() == id);
    let gone = repository.releases.remove(at.ok_or_else(|| refusal(404, "Not Found", DELETE))?);
    repository.latest = repository.latest.filter(|latest| *latest != gone.id);
    let numbers = gone.assets.iter().map(|asset| asset.id).chain([gone.id, repository.last_deleted]);
    repository.last_deleted = numbers.max().unwrap_or_default();
    Ok(Answer::nothing())
}

/// The release with what was sent of its texts; `draft` is the caller's business.
fn changed(mut release: Release, sent: &Value, page: &str) -> Result<Release, Answer> {
    let text = |name: &str| sent[name].as_str().map(str::to_owned);
    release.tag_name = text("tag_name").unwrap_or(release.tag_name);
    release.target_commitish = text("target_commitish").unwrap_or(release.target_commitish);
    release.name = text("name").or(release.name);
    release.body = text("body").or(release.body);
    release.prerelease = sent["prerelease"].as_bool().unwrap_or(release.prerelease);
    if release.body.as_ref().is_some_and(|body| body.chars().count() > LONGEST) {
        return Err(invalid("Release", ("custom", "body"), page));
    }
    Ok(release)
}

/// Publishes a draft as GitHub does: a tag that does not exist is made, wherever the target is.
fn make_public(repository: &mut Repository, (id, sent): (u64, &Value), page: &str) -> Result<(), Answer> {
    let Some(release) = repository.releases.iter().find(|release| release.id == id).cloned() else { return Ok(()) };
    let taken = repository.releases.iter().any(|other| !other.draft && other.tag_name == release.tag_name);
    if taken {
        return Err(invalid("Release", ("already_exists", "tag_name"), page));
    }
    if repository.tag(&release.tag_name).is_none() {
        let is_commit = release.target_commitish.len() == 40;
        let target = if is_commit { release.target_commitish } else { repository.head_sha.clone() };
        repository.set_tag(&release.tag_name, Some(&target));
    }
    let immutable = repository.immutable_releases;
    if let Some(public) = repository.releases.iter_mut().find(|release| release.id == id) {
        (public.draft, public.immutable) = (false, immutable);
    }
    // `legacy` compares dates and versions; here it keeps a latest that there is.
    let leads = match sent["make_latest"].as_str() {
        Some("false") => false,
        Some("legacy") => repository.latest.is_none(),
        _ => true,
    };
    if leads && !release.prerelease {
        repository.latest = Some(id);
    }
    Ok(())
}

fn answer(repository: &Repository, (id, status): (u64, u16), request: &Request) -> Result<Answer, Answer> {
    let release = repository.releases.iter().find(|release| release.id == id);
    let release = release.ok_or_else(|| refusal(404, "Not Found", "rest"))?;
    Ok(Answer::json(status, &release_json(repository, release, request)))
}

fn release_json(repository: &Repository, release: &Release, request: &Request) -> Value {
    let (full, id) = (repository.full_name(), release.id);
    let (api, page) = (format!("https://api.github.com/repos/{full}"), format!("https://github.com/{full}/releases"));
    let tag = if release.draft { format!("untagged-{id:020x}") } else { encode(&release.tag_name) };
    let ball = |kind: &str| (!release.draft).then(|| format!("{api}/{kind}/{tag}"));
    json!({
        "url": format!("{api}/releases/{id}"),
        "assets_url": format!("{api}/releases/{id}/assets"),
        "upload_url": format!("{}/repos/{full}/releases/{id}/assets{{?name,label}}", request.uploads_address()),
        "html_url": format!("{page}/tag/{tag}"),
        "id": id,
        "node_id": format!("RE_{id}"),
        "author": account(if release.author.is_empty() { "github-actions[bot]" } else { &release.author }, ""),
        "tag_name": release.tag_name,
        "target_commitish": release.target_commitish,
        "name": release.name,
        "body": release.body,
        "draft": release.draft,
        "prerelease": release.prerelease,
        "immutable": release.immutable,
        "created_at": "2011-04-14T16:00:49Z",
        "updated_at": "2011-04-14T16:00:49Z",
        "published_at": (!release.draft).then_some("2011-04-14T16:00:49Z"),
        "tarball_url": ball("tarball"),
        "zipball_url": ball("zipball"),
        "assets": release.assets.iter().map(|asset| asset_json(repository, release, asset)).collect::<Vec<_>>(),
    })
}
