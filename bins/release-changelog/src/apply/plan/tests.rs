//! Each state of the server and the step that follows, and that steps lead to the release from anywhere.
use super::*;
use github::{Author, AuthorKind};
use proptest::prelude::*;

fn digest(of: &str) -> String {
    format!("sha256:{}", of.repeat(64))
}

fn wanted() -> Wanted {
    let file = |name: &str, of: &str| WantedFile { name: name.to_owned(), size: 3, digest: digest(of) };
    Wanted {
        tag: "v1.2.0".to_owned(),
        commit: "c".repeat(40),
        text: ReleaseText {
            name: "1.2.0".to_owned(),
            body: format!("notes\n\n{}\n", marker("v1.2.0")),
            prerelease: false,
        },
        files: vec![file("a", "a"), file("SHA256SUMS", "5")],
        public: true,
    }
}

fn asset(name: &str, of: &str) -> Asset {
    let uploader = Some(Author { login: "bot".to_owned(), kind: AuthorKind::Bot });
    Asset {
        id: name.len() as u64,
        name: name.to_owned(),
        state: AssetState::Uploaded,
        size: 3,
        digest: Some(digest(of)),
        uploader,
    }
}

/// A draft as it is wanted.
fn draft(id: u64) -> Release {
    let text = wanted().text;
    Release {
        id,
        tag_name: "v1.2.0".to_owned(),
        name: Some(text.name),
        body: Some(text.body),
        draft: true,
        prerelease: false,
        immutable: false,
        author: Some(Author { login: "bot".to_owned(), kind: AuthorKind::Bot }),
        html_url: format!("url-{id}"),
        upload_url: String::new(),
        assets: vec![asset("a", "a"), asset("SHA256SUMS", "5")],
    }
}

fn told(step: &Step) -> String {
    match step {
        Step::Refuse(reasons) => format!("no: {}", reasons.join(" | ")),
        Step::DeleteAsset { name, why, .. } => format!("delete {name}: it {why}"),
        Step::Upload { file, .. } => format!("upload {}", wanted().files[*file].name),
        other => format!("{other:?}"),
    }
}

fn check_seen(seen: &Seen, expected: &str) {
    assert_eq!(told(&next(&wanted(), seen)), expected);
}

/// One draft that differs from the wanted one.
fn check(change: impl FnOnce(&mut Release), expected: &str) {
    let mut one = draft(7);
    change(&mut one);
    check_seen(&Seen { tag: Some("c".repeat(40)), public: None, drafts: vec![one] }, expected);
}

/// A public release that differs from the wanted one.
fn check_public(change: impl FnOnce(&mut Release), expected: &str) {
    let mut one = Release { draft: false, ..draft(7) };
    change(&mut one);
    check_seen(&Seen { tag: Some("c".repeat(40)), public: Some(one), drafts: Vec::new() }, expected);
}

#[test]
fn the_tag_must_be_there_and_be_the_commit() {
    let none = "no: there is no tag v1.2.0 in the repository on the server; push it first, a release makes none";
    check_seen(&Seen::default(), none);
    let other = Seen { tag: Some("d".repeat(40)), public: Some(draft(1)), drafts: vec![draft(2)] };
    let (there, here) = ("d".repeat(40), "c".repeat(40));
    check_seen(
        &other,
        &format!("no: the tag v1.2.0 points at {there} on the server and at {here} here; fetch tags, and run again"),
    );
}

#[test]
fn drafts_are_made_found_and_refused() {
    let with = |drafts: Vec<Release>| Seen { tag: Some("c".repeat(40)), public: None, drafts };
    check_seen(&with(Vec::new()), "Create");
    check_seen(&with(vec![draft(9), draft(7), draft(8)]), "DeleteDraft(9)");
    check_seen(&with(vec![draft(7), draft(8)]), "DeleteDraft(8)");
    let foreign = |id, body: Option<&str>| Release { body: body.map(str::to_owned), ..draft(id) };
    let why = "no: there is a draft of v1.2.0 that was made otherwise: url-8; delete it or publish it yourself";
    check_seen(&with(vec![foreign(8, Some("by hand"))]), why);
    check_seen(&with(vec![foreign(8, None)]), why);
    check_seen(&with(vec![draft(7), foreign(8, Some(&marker("v1.1.0")))]), why);
    check_seen(&with(vec![draft(7), foreign(8, Some(&format!("`{}`", marker("v1.2.0"))))]), why);
}

#[test]
fn a_draft_of_ours_is_made_right() {
    check(|_| {}, "Publish(7)");
    check(|draft| draft.name = Some("x".to_owned()), "Change(7)");
    check(|draft| draft.name = None, "Change(7)");
    check(|draft| draft.prerelease = true, "Change(7)");
    check(|draft| draft.body = draft.body.as_ref().map(|body| format!("more\n{body}")), "Change(7)");
    check(|draft| draft.body = draft.body.as_ref().map(|body| body.replace('\n', "\r\n") + " \n"), "Publish(7)");
    check(|draft| drop(draft.assets.remove(0)), "upload a");
    check(|draft| drop(draft.assets.remove(1)), "upload SHA256SUMS");
    check(|draft| draft.assets.clear(), "upload a");
    check(|draft| draft.assets[0].state = AssetState::Starter, "delete a: it was only half uploaded");
    check(|draft| draft.assets[0].state = AssetState::Other("open".to_owned()), "delete a: it is not whole");
    check(|draft| draft.assets[0].size = 4, "delete a: it is of another length");
    check(|draft| draft.assets[1] = asset("SHA256SUMS", "6"), "delete SHA256SUMS: it has another digest");
    check(|draft| draft.assets[0].digest = Some(digest("A")), "delete a: it has another digest");
    check(|draft| draft.assets[0].digest = None, "NoDigest(\"a\")");
    check(|draft| draft.assets.push(asset("old", "a")), "delete old: it is not part of this release");
    let by = |login: Option<&str>| {
        let uploader = login.map(|login| Author { login: login.to_owned(), kind: AuthorKind::User });
        move |draft: &mut Release| draft.assets.push(Asset { uploader, ..asset("old", "a") })
    };
    let why = |by: &str| {
        format!(
            "no: the draft has old, uploaded by {by}, which is not part of this release; delete it, or list it in `assets`: url-7"
        )
    };
    check(by(Some("ann")), &why("ann"));
    check(by(None), &why("nobody known"));
}

#[test]
fn a_draft_may_be_all_that_is_wanted() {
    let wanted = Wanted { public: false, ..wanted() };
    let seen = Seen { tag: Some("c".repeat(40)), public: None, drafts: vec![draft(7)] };
    assert_eq!(next(&wanted, &seen), Step::Done("url-7".to_owned()));
}

#[test]
fn what_is_public_is_this_one_or_refused() {
    let no = |why: &str| format!("no: v1.2.0 is published already, and is never changed: url-7 | {why}");
    check_public(|_| {}, "Done(\"url-7\")");
    check_public(|release| release.immutable = true, "Done(\"url-7\")");
    check_public(|release| release.tag_name = "v1".to_owned(), &no("it is of the tag v1"));
    check_public(|release| release.name = None, &no("its title differs"));
    check_public(|release| release.body = None, &no("its notes differ"));
    check_public(|release| release.prerelease = true, &no("it is a pre-release"));
    check_public(|release| drop(release.assets.remove(0)), &no("it has no a"));
    check_public(|release| release.assets[0] = asset("a", "b"), &no("its a has another digest"));
    check_public(|release| release.assets[1].state = AssetState::Starter, &no("its SHA256SUMS was only half uploaded"));
    check_public(|release| release.assets.push(asset("more", "a")), &no("it has more too"));
    check_public(|release| release.assets[0].digest = None, "NoDigest(\"a\")");
}

#[test]
fn drafts_of_ours_do_not_outlive_the_release() {
    let public = Some(Release { draft: false, ..draft(7) });
    let with = |drafts| Seen { tag: Some("c".repeat(40)), public: public.clone(), drafts };
    check_seen(&with(vec![draft(8), draft(9)]), "DeleteDraft(8)");
    check_seen(&with(vec![Release { body: None, ..draft(8) }]), "Done(\"url-7\")");
}

#[test]
fn marks_are_comments() {
    assert_eq!(marker("cli/v1.2.0-rc.1+b_x"), "<!-- release-changelog cli/v1.2.0-rc.1+b_x -->");
    assert_eq!(marker("a-->b--"), "<!-- release-changelog a-%2D%3Eb-%2D -->");
}

/// What the server would be after a step.
fn taken(seen: &mut Seen, step: &Step, wanted: &Wanted, number: u64) {
    let known = |drafts: &mut Vec<Release>, id: u64| drafts.iter().position(|draft| draft.id == id).unwrap_or_default();
    match step {
        Step::Create => seen.drafts.push(Release { assets: Vec::new(), ..draft(number) }),
        Step::DeleteDraft(id) => seen.drafts.retain(|draft| draft.id != *id),
        Step::Change(id) => {
            let at = known(&mut seen.drafts, *id);
            let assets = seen.drafts[at].assets.clone();
            seen.drafts[at] = Release { assets, ..draft(*id) };
        }
        Step::DeleteAsset { release, asset, .. } => {
            let at = known(&mut seen.drafts, *release);
            seen.drafts[at].assets.retain(|known| known.id != *asset);
        }
        Step::Upload { release, file } => {
            let at = known(&mut seen.drafts, *release);
            let WantedFile { name, size, digest } = wanted.files[*file].clone();
            let new = Asset { id: number, size, digest: Some(digest), ..asset(&name, "a") };
            assert!(!seen.drafts[at].assets.iter().any(|known| known.name == name), "GitHub refuses a second {name}");
            seen.drafts[at].assets.push(new);
        }
        Step::Publish(id) => {
            let at = known(&mut seen.drafts, *id);
            let public = Release { draft: false, ..seen.drafts.remove(at) };
            let is_there = |file: &WantedFile| {
                public.assets.iter().any(|a| a.name == file.name && a.digest.as_ref() == Some(&file.digest))
            };
            assert!(wanted.files.iter().all(is_there), "public and not whole: {public:?}");
            assert_eq!(public.assets.len(), wanted.files.len());
            seen.public = Some(public);
        }
        Step::Refuse(_) | Step::NoDigest(_) | Step::Done(_) => {}
    }
}

fn any_asset() -> impl Strategy<Value = Asset> {
    let states =
        prop::sample::select(vec![AssetState::Uploaded, AssetState::Starter, AssetState::Other("open".to_owned())]);
    let name = prop::sample::select(vec!["a", "SHA256SUMS", "old"]);
    (name, states, "[a5]", 2u64..5, any::<u32>()).prop_map(|(name, state, of, size, id)| Asset {
        id: u64::from(id) + 1_000,
        state,
        size,
        ..asset(name, &of)
    })
}

fn any_draft() -> impl Strategy<Value = Release> {
    (1u64..50, prop::collection::vec(any_asset(), 0..4), any::<[bool; 3]>()).prop_map(
        |(id, assets, [title, pre, body])| {
            let mut one = draft(id);
            let mut names = std::collections::BTreeSet::new();
            one.assets = assets.into_iter().filter(|asset| names.insert(asset.name.clone())).collect();
            one.prerelease = pre;
            one.name = one.name.filter(|_| title);
            one.body = one.body.map(|text| if body { text } else { format!("old\n{text}") });
            one
        },
    )
}

proptest! {
    #[test]
    fn every_state_of_ours_leads_to_the_release(drafts in prop::collection::vec(any_draft(), 0..4), public: bool) {
        let wanted = Wanted { public, ..wanted() };
        let mut ids = std::collections::BTreeSet::new();
        let drafts = drafts.into_iter().filter(|draft| ids.insert(draft.id)).collect();
        let mut seen = Seen { tag: Some("c".repeat(40)), public: None, drafts };
        for number in 100..130 {
            let step = next(&wanted, &seen);
            if let Step::Done(_) = step {
                prop_assert_eq!(seen.public.is_some(), public);
                prop_assert_eq!(seen.drafts.len(), usize::from(!public));
                return Ok(());
            }
            prop_assert!(!matches!(step, Step::Refuse(_) | Step::NoDigest(_)), "{:?}", step);
            taken(&mut seen, &step, &wanted, number);
        }
        prop_assert!(false, "no end: {:?}", seen);
    }
}
