//! Any text as a file of bundles: none that was not made by who it says is genuine, and each is refused with a reason.
#![no_main]
use std::sync::LazyLock;

use fuzz::mutate;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use release_verify::gather::bundles::split;
use release_verify::seal::{Content, Genuine, Root, verify};

const ROOTS: [&str; 2] = [
    include_str!("../../../fixtures/release-verify/seals/staging.root.json"),
    include_str!("../../../fixtures/release-verify/verifies-a-conda-package/files/trusted_root.json"),
];

/// The genuine bundles that the seeds are made from: a change that leaves every seal whole changes none of this.
const REAL: [&str; 6] = [
    include_str!("../../../fixtures/release-verify/seals/conda-rekor-2.sigstore.json"),
    include_str!("../../../fixtures/release-verify/seals/staging-reusable-workflow.sigstore.json"),
    // Only a root of its own knows no log of its certificate.
    include_str!("../../../fixtures/release-verify/seals/other-certificate-log.sigstore.json"),
    include_str!(
        "../../../fixtures/release-verify/verifies-an-npm-package/files/dist/sigstore-2.0.0.tgz.sigstore.json"
    ),
    include_str!(
        "../../../fixtures/release-verify/verifies-a-wheel/files/dist/rfc8785-0.1.2-py3-none-any.whl.sigstore"
    ),
    include_str!(
        "../../../fixtures/release-verify/verifies-a-conda-package/files/dist/signed-package-2.1.0-hb0f4dca_0.conda.sigstore.json"
    ),
];

static LOADED: LazyLock<(Vec<Root>, Vec<Genuine>)> = LazyLock::new(|| {
    let roots: Vec<Root> = ROOTS.iter().map(|json| Root::read(json).expect("a real root").0).collect();
    let real = REAL.iter().map(|json| verify(json, &roots).expect("a real bundle")).collect();
    (roots, real)
});

const WORDS: [&str; 20] = [
    "{\"attestations\":[{\"bundle\":",
    "]}",
    "[",
    "]",
    "\n",
    "null",
    "\"mediaType\":",
    "\"tlogEntries\":[]",
    "\"rfc3161Timestamps\":[]",
    "\"signatures\":[",
    "\"inclusionPromise\":null",
    "\"inclusionProof\":null",
    "\"integratedTime\":\"0\"",
    "\"logIndex\":\"-1\"",
    "\"payload\":\"e30=\"",
    "\"kind\":\"intoto\"",
    "\"version\":\"0.0.2\"",
    "\"treeSize\":\"18446744073709551615\"",
    "\"messageSignature\":{",
    "\"publicKey\":{}",
];

fuzz_target!(|bytes: &[u8]| {
    let (roots, real) = &*LOADED;
    let bundles = split(bytes);
    assert!(!bundles.is_empty());
    for bundle in bundles {
        match bundle.and_then(|json| verify(&json, roots)) {
            // Only what the signature covers counts; the place in the log is under the promise alone.
            Ok(genuine) => {
                let known = |it: &&Genuine| (&it.content, &it.claims) == (&genuine.content, &genuine.claims);
                assert!(real.iter().any(|it| known(&it)), "forged: {genuine:?}");
                assert!(!matches!(&genuine.content, Content::Statement(it) if it.subjects.is_empty()));
            }
            Err(refused) => assert!(!refused.message.is_empty() && !refused.hint.is_empty()),
        }
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    mutate::with_words(&WORDS, data, (size, most), seed)
});
