//! The next step towards a release, from what is wanted and what is there: pure.
//!
//! Every step makes the server more like what is wanted, so a run that was killed is taken up where it stopped, and no step
//! is taken twice. Nothing is public before the last step, and that one is only taken when all else is in place.
#![deny(clippy::disallowed_methods)]
use github::{Asset, AssetState, Release, ReleaseText};

/// The release as it is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// The tag, which must exist.
    pub(crate) tag: String,
    /// The commit that it must point at.
    pub(crate) commit: String,
    /// What it says; the body holds [`marker`].
    pub(crate) text: ReleaseText,
    /// Its files, in the order in which they are sent.
    pub(crate) files: Vec<WantedFile>,
    /// Whether it is published in the end, or stays a draft.
    pub(crate) public: bool,
}

/// A file of the release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WantedFile {
    /// Its name on GitHub.
    pub(crate) name: String,
    /// Bytes.
    pub(crate) size: u64,
    /// `sha256:` and 64 hexadecimal digits, as GitHub writes it.
    pub(crate) digest: String,
}

/// What is on the server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// The commit that the tag points at there.
    pub(crate) tag: Option<String>,
    /// The published release of the tag.
    pub(crate) public: Option<Release>,
    /// The drafts of the tag, in any order; beside a public release only those that this run made or met before.
    pub(crate) drafts: Vec<Release>,
}

/// What comes next. Numbers are those of releases and assets on the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// No: for these reasons.
    Refuse(Vec<String>),
    /// Could not tell: the server gives no evidence about this file.
    NoDigest(String),
    /// Make the draft.
    Create,
    /// Delete a draft of ours that is one too many.
    DeleteDraft(u64),
    /// Correct what the draft says.
    Change(u64),
    /// Delete a file of the draft.
    DeleteAsset {
        /// The release.
        release: u64,
        /// The asset.
        asset: u64,
        /// Its name.
        name: String,
        /// Why, in words.
        why: &'static str,
    },
    /// Send a file to the draft.
    Upload {
        /// The release.
        release: u64,
        /// Which of the wanted files.
        file: usize,
    },
    /// Make the draft public.
    Publish(u64),
    /// All is as wanted, at this address.
    Done(String),
}

/// The line that marks a draft as made by this tool for this tag; people do not see it. Text copied from a release of
/// another tag does not make a draft ours.
pub(crate) fn marker(tag: &str) -> String {
    let mut name = String::with_capacity(tag.len());
    for byte in tag.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b'/' | b'+' => name.push(char::from(byte)),
            // Two hyphens would end a comment early.
            b'-' if !name.ends_with('-') => name.push('-'),
            _ => name.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("<!-- release-changelog {name} -->")
}

/// The next step.
pub(crate) fn next(wanted: &Wanted, seen: &Seen) -> Step {
    if let Some(reason) = wrong_tag(wanted, seen) {
        return Step::Refuse(vec![reason]);
    }
    let marker = marker(&wanted.tag);
    let is_ours =
        |draft: &&Release| draft.body.as_ref().is_some_and(|body| body.lines().any(|line| line.trim() == marker));
    let (mut ours, others): (Vec<&Release>, Vec<&Release>) = seen.drafts.iter().partition(is_ours);
    if let Some(public) = &seen.public {
        // Another run was first: a draft that nobody can publish any more would only stay in the way.
        return ours.first().map_or_else(|| published(wanted, public), |draft| Step::DeleteDraft(draft.id));
    }
    if !others.is_empty() {
        return Step::Refuse(others.into_iter().map(foreign).collect());
    }
    // Two runs at once must choose the same: the one that was made first stays.
    ours.sort_by_key(|draft| draft.id);
    match ours.as_slice() {
        [] => Step::Create,
        [draft] => with_draft(wanted, draft),
        [_, .., last] => Step::DeleteDraft(last.id),
    }
}

fn wrong_tag(wanted: &Wanted, seen: &Seen) -> Option<String> {
    let Wanted { tag, commit, .. } = wanted;
    match &seen.tag {
        None => {
            Some(format!("there is no tag {tag} in the repository on the server; push it first, a release makes none"))
        }
        Some(there) if there != commit => Some(format!(
            "the tag {tag} points at {there} on the server and at {commit} here; fetch tags, and run again"
        )),
        Some(_) => None,
    }
}

fn foreign(draft: &Release) -> String {
    format!(
        "there is a draft of {} that was made otherwise: {}; delete it or publish it yourself",
        draft.tag_name, draft.html_url
    )
}

/// A public release is never changed: it is this one, or it is refused.
fn published(wanted: &Wanted, public: &Release) -> Step {
    let mut reasons = Vec::new();
    if public.tag_name != wanted.tag {
        reasons.push(format!("it is of the tag {}", public.tag_name));
    }
    if !same(public.name.as_deref(), &wanted.text.name) {
        reasons.push("its title differs".to_owned());
    }
    if !same(public.body.as_deref(), &wanted.text.body) {
        reasons.push("its notes differ".to_owned());
    }
    if public.prerelease != wanted.text.prerelease {
        let is = if public.prerelease { "a pre-release" } else { "no pre-release" };
        reasons.push(format!("it is {is}"));
    }
    for file in &wanted.files {
        match public.assets.iter().find(|asset| asset.name == file.name).map(|asset| state(asset, file)) {
            None => reasons.push(format!("it has no {}", file.name)),
            Some(State::Right) => {}
            Some(State::Unknown) => return Step::NoDigest(file.name.clone()),
            Some(State::Wrong(why)) => reasons.push(format!("its {} {why}", file.name)),
        }
    }
    let known = |asset: &&Asset| wanted.files.iter().any(|file| file.name == asset.name);
    reasons
        .extend(public.assets.iter().filter(|asset| !known(asset)).map(|asset| format!("it has {} too", asset.name)));
    if reasons.is_empty() {
        return Step::Done(public.html_url.clone());
    }
    let head = format!("{} is published already, and is never changed: {}", wanted.tag, public.html_url);
    Step::Refuse(std::iter::once(head).chain(reasons).collect())
}

fn with_draft(wanted: &Wanted, draft: &Release) -> Step {
    let ReleaseText { name, body, prerelease } = &wanted.text;
    if !same(draft.name.as_deref(), name) || !same(draft.body.as_deref(), body) || draft.prerelease != *prerelease {
        return Step::Change(draft.id);
    }
    for asset in &draft.assets {
        if let Some(step) = misplaced(wanted, draft, asset) {
            return step;
        }
    }
    let missing = |file: &WantedFile| !draft.assets.iter().any(|asset| asset.name == file.name);
    match wanted.files.iter().position(missing) {
        Some(file) => Step::Upload { release: draft.id, file },
        None if wanted.public => Step::Publish(draft.id),
        None => Step::Done(draft.html_url.clone()),
    }
}

/// What to do about a file of our draft that is not as wanted.
fn misplaced(wanted: &Wanted, draft: &Release, asset: &Asset) -> Option<Step> {
    let delete = |why| Some(Step::DeleteAsset { release: draft.id, asset: asset.id, name: asset.name.clone(), why });
    let Some(file) = wanted.files.iter().find(|file| file.name == asset.name) else {
        let login = |of: &Option<github::Author>| of.as_ref().map(|author| author.login.clone());
        if login(&asset.uploader).is_some() && login(&asset.uploader) == login(&draft.author) {
            return delete("is not part of this release");
        }
        let by = login(&asset.uploader).unwrap_or_else(|| "nobody known".to_owned());
        return Some(Step::Refuse(vec![format!(
            "the draft has {}, uploaded by {by}, which is not part of this release; delete it, or list it in `assets`: {}",
            asset.name, draft.html_url
        )]));
    };
    match state(asset, file) {
        State::Right => None,
        State::Unknown => Some(Step::NoDigest(file.name.clone())),
        State::Wrong(why) => delete(why),
    }
}

enum State {
    Right,
    Wrong(&'static str),
    Unknown,
}

fn state(asset: &Asset, file: &WantedFile) -> State {
    match (&asset.state, &asset.digest) {
        (AssetState::Starter, _) => State::Wrong("was only half uploaded"),
        (AssetState::Other(_), _) => State::Wrong("is not whole"),
        (AssetState::Uploaded, _) if asset.size != file.size => State::Wrong("is of another length"),
        (AssetState::Uploaded, None) => State::Unknown,
        (AssetState::Uploaded, Some(digest)) if *digest != file.digest => State::Wrong("has another digest"),
        (AssetState::Uploaded, Some(_)) => State::Right,
    }
}

/// The same text, but for how lines end and for white space at the end, which an editor on the website may change.
fn same(there: Option<&str>, here: &str) -> bool {
    let plain = |text: &str| text.replace("\r\n", "\n").trim_end().to_owned();
    plain(there.unwrap_or_default()) == plain(here)
}

#[cfg(test)]
mod tests;
