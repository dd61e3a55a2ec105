//! Real public bundles are verified offline, and each tampering is refused with a message that says what is wrong.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]
mod world;

use std::fs;

use serde_json::{Value, json};
use world::{CONDA, NPM, Ran, WHEEL, World, flip, replace, rewrite};

const ENTRY: &str = "/verificationMaterial/tlogEntries/0";
const CHECKPOINT: &str = "/verificationMaterial/tlogEntries/0/inclusionProof/checkpoint";

/// Plays a tampered release: it is a no (1) or cannot be told (2), and a finding says so.
#[track_caller]
fn check(case: &str, (exit, said): (i32, &str), tamper: impl FnOnce(&mut World)) -> Ran {
    let mut world = World::of(case);
    let before = world.run();
    assert_eq!(before.exit, Some(0), "{case} is not good to begin with: {before:?}");
    tamper(&mut world);
    let ran = world.run();
    let findings = ran.findings();
    assert_eq!(ran.exit, Some(exit), "{findings:#?} {}", ran.stderr);
    assert!(findings.iter().any(|finding| finding.starts_with(said)), "{said} is not in {findings:#?}");
    assert!(findings.iter().all(|finding| !finding.ends_with("| ")), "no remedy: {findings:#?}");
    assert_eq!(ran.record["verdict"], if exit == 1 { "fail" } else { "unknown" });
    ran
}

fn at<'a>(bundle: &'a mut Value, pointer: &str) -> &'a mut Value {
    bundle.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}"))
}

fn entry<'a>(bundle: &'a mut Value, pointer: &str) -> &'a mut Value {
    at(bundle, &format!("{ENTRY}{pointer}"))
}

fn certificate(bundle: &mut Value) -> &mut Value {
    let new = bundle.pointer("/verificationMaterial/certificate").is_some();
    at(
        bundle,
        if new {
            "/verificationMaterial/certificate/rawBytes"
        } else {
            "/verificationMaterial/x509CertificateChain/certificates/0/rawBytes"
        },
    )
}

#[test]
fn real_bundles_are_verified() {
    for (case, signed) in
        [(CONDA, "2025-09-01T12:13:59Z"), (NPM, "2023-08-18T16:05:35Z"), (WHEEL, "2024-03-19T22:41:16Z")]
    {
        let ran = World::of(case).run();
        assert_eq!(ran.exit, Some(0), "{ran:?}");
        assert_eq!(ran.record["bundles"][0]["signed_at"], json!([signed]), "{case}");
        assert_eq!((&ran.record["verdict"], &ran.record["verified"]), (&json!("pass"), &json!(1)));
    }
}

#[test]
fn a_changed_payload_is_refused() {
    let payload = "/dsseEnvelope/payload";
    check(CONDA, (1, "attestation signature: the signature does not fit"), |world| {
        world.edit(|bundle| replace(at(bundle, payload), "sigstore-example", "sigstore-exampl3"));
    });
    check(NPM, (1, "attestation signature: the signature does not fit"), |world| {
        world.edit(|bundle| replace(at(bundle, payload), "refs/heads/main", "refs/heads/mine"));
    });
}

#[test]
fn a_changed_subject_digest_is_refused() {
    let digest = "54303491a8418fbed24344b513546182c29b43bf282ceb433af65e2299f9271f";
    check(CONDA, (1, "attestation signature: "), |world| {
        world.edit(|bundle| replace(at(bundle, "/dsseEnvelope/payload"), digest, &digest.replace('5', "6")));
    });
}

#[test]
fn a_changed_signature_is_refused() {
    for case in [CONDA, NPM] {
        check(case, (1, "attestation signature: "), |world| {
            world.edit(|bundle| flip(at(bundle, "/dsseEnvelope/signatures/0/sig"), 20));
        });
    }
    check(WHEEL, (1, "attestation signature: "), |world| {
        world.edit(|bundle| flip(at(bundle, "/messageSignature/signature"), 20));
    });
}

#[test]
fn another_certificate_is_refused() {
    let other = serde_json::from_slice(&fs::read(World::of(NPM).bundle()).unwrap());
    let mut other: Value = other.unwrap();
    check(CONDA, (1, "attestation signed-outside-certificate: "), |world| {
        world.edit(|bundle| *certificate(bundle) = certificate(&mut other).clone());
    });
}

#[test]
fn a_changed_certificate_is_refused() {
    // The repository's name in it, as long as the real one: the authority's signature no longer fits.
    for (case, from, to) in [(CONDA, "prefix-dev/", "prefix-evl/"), (NPM, "sigstore-js", "sigstore-jz")] {
        check(case, (1, "attestation certificate: "), |world| {
            world.edit(|bundle| {
                rewrite(certificate(bundle), |bytes| {
                    for at in 0..bytes.len() - from.len() {
                        if bytes[at..].starts_with(from.as_bytes()) {
                            bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
                        }
                    }
                });
            });
        });
    }
}

#[test]
fn a_changed_inclusion_proof_is_refused() {
    for case in [CONDA, NPM, WHEEL] {
        check(case, (1, "attestation inclusion-proof: "), |world| {
            world.edit(|bundle| flip(entry(bundle, "/inclusionProof/hashes/0"), 3));
        });
    }
    check(CONDA, (1, "attestation inclusion-proof: "), |world| {
        world.edit(|bundle| *entry(bundle, "/inclusionProof/logIndex") = json!("7"));
    });
}

#[test]
fn a_changed_promise_is_refused() {
    for case in [CONDA, NPM, WHEEL] {
        check(case, (1, "attestation inclusion-promise: "), |world| {
            world.edit(|bundle| flip(entry(bundle, "/inclusionPromise/signedEntryTimestamp"), 20));
        });
    }
}

#[test]
fn a_changed_time_is_refused() {
    for seconds in ["1756728900", "1656728839", "4102444800"] {
        check(CONDA, (1, "attestation inclusion-promise: "), |world| {
            world.edit(|bundle| *entry(bundle, "/integratedTime") = json!(seconds));
        });
    }
}

#[test]
fn a_changed_checkpoint_is_refused() {
    let envelope = "/inclusionProof/checkpoint/envelope";
    check(CONDA, (1, "attestation checkpoint: "), |world| {
        world.edit(|bundle| {
            let field = entry(bundle, envelope);
            let text = field.as_str().unwrap().replacen("rekor.sigstore.dev", "rekor.sigstore.evl", 1);
            *field = json!(text);
        });
    });
    // A root that is not the proof's own: the bundle contradicts itself before any key is asked.
    check(CONDA, (2, "attestation unreadable-bundle: "), |world| {
        world.edit(|bundle| {
            let mut lines: Vec<String> =
                entry(bundle, envelope).as_str().unwrap().split('\n').map(str::to_owned).collect();
            let mut root = json!(lines[2]);
            flip(&mut root, 4);
            lines[2] = root.as_str().unwrap().to_owned();
            *entry(bundle, envelope) = json!(lines.join("\n"));
        });
    });
}

#[test]
fn a_changed_log_entry_is_refused() {
    check(CONDA, (1, "attestation inclusion-promise: "), |world| {
        world.edit(|bundle| flip(entry(bundle, "/canonicalizedBody"), 60));
    });
}

#[test]
fn another_log_is_refused() {
    check(CONDA, (1, "attestation unknown-log: "), |world| {
        world.edit(|bundle| flip(entry(bundle, "/logId/keyId"), 0));
    });
}

#[test]
fn an_entry_of_another_signature_is_refused() {
    // Every seal of the entry is genuine, and it is of the npm package.
    let mut other: Value = serde_json::from_slice(&fs::read(World::of(NPM).bundle()).unwrap()).unwrap();
    check(CONDA, (1, "attestation signed-outside-certificate: "), |world| {
        world.edit(|bundle| *at(bundle, ENTRY) = at(&mut other, ENTRY).clone());
    });
    check(CONDA, (1, "attestation signed-outside-certificate: "), |world| {
        world.edit(|bundle| {
            let entries = at(bundle, "/verificationMaterial/tlogEntries").as_array_mut().unwrap();
            entries.push(at(&mut other, ENTRY).clone());
        });
    });
}

#[test]
fn seals_that_were_taken_off_are_missed() {
    for (pointer, field, exit, said) in [
        (ENTRY, "inclusionPromise", 1, "attestation no-time: "),
        (ENTRY, "integratedTime", 1, "attestation no-time: "),
        (ENTRY, "inclusionProof", 2, "attestation no-proof: "),
        (CHECKPOINT, "envelope", 2, "attestation no-proof: "),
        ("/verificationMaterial", "tlogEntries", 1, "attestation "),
        ("/dsseEnvelope", "signatures", 2, "attestation unreadable-bundle: "),
        ("/verificationMaterial", "certificate", 2, "attestation unreadable-bundle: "),
    ] {
        check(CONDA, (exit, said), |world| {
            world.edit(|bundle| drop(at(bundle, pointer).as_object_mut().unwrap().remove(field).unwrap()));
        });
    }
}

#[test]
fn an_old_bundle_needs_a_proof_too() {
    check(NPM, (2, "attestation no-proof: "), |world| {
        world.edit(|bundle| drop(at(bundle, ENTRY).as_object_mut().unwrap().remove("inclusionProof").unwrap()));
    });
}

#[test]
fn what_is_no_bundle_cannot_be_told() {
    let unreadable = (2, "attestation unreadable-bundle: ");
    check(CONDA, unreadable, |world| {
        let bytes = fs::read(world.bundle()).unwrap();
        fs::write(world.bundle(), &bytes[..bytes.len() / 2]).unwrap();
    });
    check(CONDA, unreadable, |world| {
        world.edit(|bundle| bundle["mediaType"] = json!("application/vnd.dev.sigstore.bundle+json;version=9.9"));
    });
    for empty in ["", "[]", r#"{"attestations": []}"#, "null", "{}"] {
        check(CONDA, unreadable, |world| fs::write(world.bundle(), empty).unwrap());
    }
    check(CONDA, (2, "attestation no-attestation: "), |world| fs::remove_file(world.bundle()).unwrap());
}

#[test]
fn another_payload_type_cannot_be_told() {
    check(CONDA, (2, "attestation payload-type: "), |world| {
        world.edit(|bundle| *at(bundle, "/dsseEnvelope/payloadType") = json!("text/plain"));
    });
}

#[test]
fn two_signatures_cannot_be_told() {
    check(
        CONDA,
        (2, "attestation unreadable-bundle: this is no bundle that can be read: DSSE envelope must"),
        |world| {
            world.edit(|bundle| {
                let signatures = at(bundle, "/dsseEnvelope/signatures").as_array_mut().unwrap();
                signatures.push(signatures[0].clone());
            });
        },
    );
}

#[test]
fn one_bad_bundle_beside_a_good_one_is_no_yes() {
    check(CONDA, (1, "attestation signature: "), |world| {
        let good = fs::read_to_string(world.bundle()).unwrap();
        world.edit(|bundle| flip(at(bundle, "/dsseEnvelope/signatures/0/sig"), 20));
        fs::write(world.asset("good.sigstore.json"), good).unwrap();
    });
}

#[test]
fn a_changed_asset_is_refused() {
    let conda = "signed-package-2.1.0-hb0f4dca_0.conda";
    let ran = check(CONDA, (1, "assets digest-differs: "), |world| {
        let mut bytes = fs::read(world.asset(conda)).unwrap();
        bytes[100] ^= 1;
        fs::write(world.asset(conda), bytes).unwrap();
    });
    assert!(ran.findings().iter().any(|finding| finding.starts_with("attestation digest-differs: ")));
    // With a list that was changed along, the attestation alone says so.
    check(CONDA, (1, "attestation digest-differs: "), |world| {
        fs::write(world.asset(conda), "other").unwrap();
        let digest = "d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa";
        fs::write(world.asset("SHA256SUMS"), format!("{digest}  {conda}\n")).unwrap();
    });
    check(WHEEL, (1, "attestation not-attested: "), |world| {
        fs::write(world.asset("rfc8785-0.1.2-py3-none-any.whl"), "other").unwrap();
    });
    check(NPM, (1, "attestation not-attested: "), |world| {
        fs::write(world.asset("sigstore-2.0.0.tgz"), "other").unwrap();
    });
}

#[test]
fn a_missing_and_an_extra_asset_are_refused() {
    check(CONDA, (1, "assets missing: "), |world| {
        fs::remove_file(world.asset("signed-package-2.1.0-hb0f4dca_0.conda")).unwrap();
    });
    check(CONDA, (1, "assets unlisted: "), |world| fs::write(world.asset("extra.sh"), "x").unwrap());
    check(CONDA, (1, "attestation not-attested: "), |world| fs::write(world.asset("x.sigstore.exe"), "x").unwrap());
    check(NPM, (1, "attestation missing: "), |world| {
        fs::rename(world.asset("sigstore-2.0.0.tgz"), world.root().join("elsewhere")).unwrap();
        fs::write(world.asset("other.tgz"), "x").unwrap();
    });
    check(NPM, (2, "assets no-assets: "), |world| {
        fs::remove_file(world.asset("sigstore-2.0.0.tgz")).unwrap();
        world.set("--without", "attestation");
        world.args.extend(["--without", "sums"].map(str::to_owned));
        fs::remove_file(world.bundle()).unwrap();
    });
    check(CONDA, (2, "assets no-file: "), |world| fs::create_dir(world.asset("folder")).unwrap());
    check(CONDA, (2, "assets no-file: "), |world| {
        std::os::unix::fs::symlink("SHA256SUMS", world.asset("link")).unwrap();
    });
}

#[test]
fn a_changed_list_is_refused() {
    let list = |text: &'static str| move |world: &mut World| fs::write(world.asset("SHA256SUMS"), text).unwrap();
    let other =
        "54303491a8418fbed24344b513546182c29b43bf282ceb433af65e2299f9271e  signed-package-2.1.0-hb0f4dca_0.conda\n";
    check(CONDA, (1, "assets digest-differs: "), list(other));
    check(CONDA, (2, "sums bad-line: "), list("nothing\n"));
    check(CONDA, (2, "sums empty-sums: "), list(""));
    check(CONDA, (2, "sums no-sums: "), |world| fs::remove_file(world.asset("SHA256SUMS")).unwrap());
    check(CONDA, (2, "sums several-sums: "), |world| {
        fs::copy(world.asset("SHA256SUMS"), world.asset("checksums.txt")).unwrap();
    });
}

#[test]
fn another_name_is_refused() {
    check(CONDA, (1, "attestation name-differs: "), |world| {
        fs::rename(world.asset("signed-package-2.1.0-hb0f4dca_0.conda"), world.asset("b.conda")).unwrap();
        let list = fs::read_to_string(world.asset("SHA256SUMS")).unwrap();
        fs::write(world.asset("SHA256SUMS"), list.replace("signed-package-2.1.0-hb0f4dca_0", "b")).unwrap();
    });
    check(NPM, (1, "attestation name-differs: "), |world| world.set("--subject-names", "same"));
    check(WHEEL, (2, "attestation no-name: "), |world| world.set("--subject-names", "same"));
}

#[test]
fn another_policy_is_refused() {
    for (name, value, said) in [
        ("--issuer", "https://accounts.google.com", "policy issuer-differs: "),
        ("--repository", "prefix-dev/sigstore", "policy repository-differs: "),
        ("--repository", "prefix-dev/sigstore-example-evil", "policy repository-differs: "),
        ("--repository", "Prefix-Dev/sigstore-example", "policy repository-differs: "),
        ("--signer-workflow", ".github/workflows/action.yam", "policy signer-differs: "),
        ("--signer-workflow", "prefix-dev/other/.github/workflows/action.yaml", "policy signer-differs: "),
        ("--signer-ref", "refs/tags/v2.1.0", "policy signer-ref-differs: "),
        ("--source-ref", "refs/tags/v2.1.0", "policy ref-differs: "),
        ("--source-ref", "refs/heads/mai", "policy ref-differs: "),
        ("--commit", "193b5bd7d3985809503963ae400594ea16df31ce", "policy commit-differs: "),
        ("--triggers", "release", "policy trigger-differs: "),
        ("--repository-id", "1", "policy repository-id-differs: "),
    ] {
        check(CONDA, (1, said), |world| {
            if name == "--signer-workflow" && value.starts_with("prefix-dev") {
                world.set("--signer-ref", "refs/heads/main");
            }
            world.set(name, value);
        });
    }
    check(CONDA, (2, "policy signer-unsaid: "), |world| world.drop_arg("--signer-workflow"));
    check(CONDA, (2, "attestation other-predicate: "), |world| world.drop_arg("--predicate-types"));
}

#[test]
fn another_root_is_refused() {
    let root = |change: fn(&mut Value)| {
        move |world: &mut World| {
            let path = world.root().join("trusted_root.json");
            let mut root: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            change(&mut root);
            fs::write(path, root.to_string()).unwrap();
        }
    };
    check(CONDA, (1, "attestation certificate: "), root(|root| root["certificateAuthorities"] = json!([])));
    check(CONDA, (1, "attestation certificate-log: "), root(|root| drop(root["ctlogs"].as_array_mut().unwrap().pop())));
    check(CONDA, (1, "attestation no-root: "), root(|root| root["tlogs"] = json!([])));
    check(
        CONDA,
        (1, "attestation unknown-log: "),
        root(|root| {
            root["tlogs"][0]["publicKey"]["validFor"] =
                json!({"start": "2020-01-01T00:00:00Z", "end": "2025-01-01T00:00:00Z"});
        }),
    );
}

#[test]
fn no_commit_is_no_yes() {
    for case in [CONDA, NPM, WHEEL] {
        check(case, (2, "tag no-clone: "), |world| world.drop_arg("--commit"));
    }
}
