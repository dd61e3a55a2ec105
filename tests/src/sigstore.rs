//! A Sigstore of one's own, for what no public bundle says: an authority, a certificate log, a transparency log, and runs of
//! workflows that sign. All keys are made when it is, so that none is committed; all seals are real.
use base64::prelude::{BASE64_STANDARD, Engine as _};
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PublicKeyData as _, SanType, SerialNumber, SigningKey as _,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::time::{Duration, SystemTime};

/// The arc of Fulcio's extensions, <https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md>.
const FULCIO: [u64; 8] = [1, 3, 6, 1, 4, 1, 57264, 1];
/// Where a certificate carries the timestamps of certificate logs (RFC 6962).
const TIMESTAMPS: [u64; 10] = [1, 3, 6, 1, 4, 1, 11129, 2, 4, 2];
/// How long a certificate of Fulcio lives, in seconds.
const LIFE: u64 = 600;

/// The instance.
pub struct Sigstore {
    authority: Issuer<'static, KeyPair>,
    authority_der: Vec<u8>,
    certificate_log: KeyPair,
    log: KeyPair,
    since: u64,
}

/// A run that signs.
#[derive(Clone, Debug)]
pub struct Run {
    /// The address of the signing workflow, with its ref.
    pub signer: String,
    /// The address of the repository.
    pub repository: String,
    /// The full ref.
    pub reference: String,
    /// The commit.
    pub commit: String,
    /// The event that started it.
    pub trigger: String,
    /// When its certificate begins, in seconds since 1970.
    pub certified_at: u64,
    /// When the log took the signature.
    pub signed_at: u64,
}

impl Run {
    /// The run of `.github/workflows/release.yml` on a pushed tag.
    pub fn on_tag((repository, tag): (&str, &str), commit: &str, at: u64) -> Self {
        let reference = format!("refs/tags/{tag}");
        Self {
            signer: format!("{repository}/.github/workflows/release.yml@{reference}"),
            repository: repository.to_owned(),
            reference,
            commit: commit.to_owned(),
            trigger: "push".to_owned(),
            certified_at: at,
            signed_at: at + 5,
        }
    }

    /// What `actions/attest` says of files, by name and SHA-256 in hex.
    pub fn provenance(&self, subjects: &[(&str, String)]) -> Value {
        let subject = |(name, sha256): &(&str, String)| json!({"name": name, "digest": {"sha256": sha256}});
        let workflow = self.signer.strip_prefix(&format!("{}/", self.repository)).unwrap_or(&self.signer);
        let path = workflow.split('@').next().unwrap_or(workflow);
        json!({
            "_type": "https://in-toto.io/Statement/v1",
            "subject": subjects.iter().map(subject).collect::<Vec<_>>(),
            "predicateType": "https://slsa.dev/provenance/v1",
            "predicate": {
                "buildDefinition": {
                    "buildType": "https://actions.github.io/buildtypes/workflow/v1",
                    "externalParameters": {
                        "workflow": {"ref": self.reference, "repository": self.repository, "path": path}
                    },
                    "resolvedDependencies": [{
                        "uri": format!("git+{}@{}", self.repository, self.reference),
                        "digest": {"gitCommit": self.commit}
                    }]
                },
                "runDetails": {"builder": {"id": self.signer}}
            }
        })
    }
}

impl Sigstore {
    /// An instance that has been trusted since a time, in seconds since 1970.
    ///
    /// # Panics
    /// When keys cannot be made.
    pub fn new(since: u64) -> Self {
        let key = key();
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "an authority of a test");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        (params.not_before, params.not_after) = (time(since).into(), time(since + 10 * 365 * 86_400).into());
        let certificate = params.self_signed(&key).expect("an authority signs itself");
        let authority_der = certificate.der().to_vec();
        Self {
            authority: Issuer::new(params, key),
            authority_der,
            certificate_log: self::key(),
            log: self::key(),
            since,
        }
    }

    /// Its trusted root.
    pub fn trusted_root(&self) -> Value {
        let since = iso(self.since);
        let log = |key: &KeyPair| {
            json!({
                "baseUrl": "https://log.example",
                "hashAlgorithm": "SHA2_256",
                "publicKey": {
                    "rawBytes": base64(&key.subject_public_key_info()),
                    "keyDetails": "PKIX_ECDSA_P256_SHA_256",
                    "validFor": {"start": since}
                },
                "logId": {"keyId": base64(&id(key))}
            })
        };
        json!({
            "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "tlogs": [log(&self.log)],
            "ctlogs": [log(&self.certificate_log)],
            "certificateAuthorities": [{
                "subject": {"commonName": "an authority of a test"},
                "uri": "https://authority.example",
                "certChain": {"certificates": [{"rawBytes": base64(&self.authority_der)}]},
                "validFor": {"start": since}
            }],
            "timestampAuthorities": []
        })
    }

    /// Signs a statement in a run: a bundle.
    ///
    /// # Panics
    /// When something cannot be signed.
    pub fn attest(&self, run: &Run, statement: &Value) -> Value {
        let key = key();
        let certificate = self.certify(run, &key);
        let (kind, payload) = ("application/vnd.in-toto+json", statement.to_string());
        let signed = format!("DSSEv1 {} {kind} {} {payload}", kind.len(), payload.len());
        let signature = base64(&key.sign(signed.as_bytes()).expect("a key signs"));
        let pem = format!(
            "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
            base64(&certificate).as_bytes().chunks(64).map(String::from_utf8_lossy).collect::<Vec<_>>().join("\n")
        );
        let body = json!({
            "apiVersion": "0.0.1",
            "kind": "dsse",
            "spec": {
                "envelopeHash": {"algorithm": "sha256", "value": hex(&sha256(payload.as_bytes()))},
                "payloadHash": {"algorithm": "sha256", "value": hex(&sha256(payload.as_bytes()))},
                "signatures": [{"signature": signature, "verifier": base64(pem.as_bytes())}]
            }
        });
        json!({
            "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": {
                "certificate": {"rawBytes": base64(&certificate)},
                "tlogEntries": [self.entry(&body.to_string(), run.signed_at)]
            },
            "dsseEnvelope": {
                "payload": base64(payload.as_bytes()),
                "payloadType": kind,
                "signatures": [{"sig": signature}]
            }
        })
    }

    /// A certificate as Fulcio gives it: first without, then with the timestamp of the certificate log.
    fn certify(&self, run: &Run, key: &KeyPair) -> Vec<u8> {
        let mut params = CertificateParams::default();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.serial_number = Some(SerialNumber::from_slice(&sha256(run.signer.as_bytes())[..16]));
        params.subject_alt_names = vec![SanType::URI(run.signer.clone().try_into().expect("an address is ASCII"))];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::CodeSigning];
        (params.not_before, params.not_after) = (time(run.certified_at).into(), time(run.certified_at + LIFE).into());
        let claims = [
            (8, "https://token.actions.githubusercontent.com"),
            (9, &run.signer),
            (11, "github-hosted"),
            (12, &run.repository),
            (13, &run.commit),
            (14, &run.reference),
            (18, &run.signer),
            (20, &run.trigger),
        ];
        for (number, value) in claims {
            let oid: Vec<u64> = FULCIO.into_iter().chain([number]).collect();
            params.custom_extensions.push(CustomExtension::from_oid_content(&oid, der(0x0c, value.as_bytes())));
        }
        let bare = params.signed_by(key, &self.authority).expect("an authority signs").der().to_vec();
        let list = der(0x04, &self.timestamp(&bare, run.certified_at));
        params.custom_extensions.push(CustomExtension::from_oid_content(&TIMESTAMPS, list));
        params.signed_by(key, &self.authority).expect("an authority signs").der().to_vec()
    }

    /// The list with one timestamp, as RFC 6962 lays it out.
    fn timestamp(&self, certificate: &[u8], at: u64) -> Vec<u8> {
        let content = to_be_signed(certificate);
        let mut signed = vec![0, 0];
        signed.extend((at * 1000).to_be_bytes());
        signed.extend([0, 1]);
        signed.extend(id(self.authority.key()));
        signed.extend(&(content.len() as u32).to_be_bytes()[1..]);
        signed.extend(content);
        signed.extend([0, 0]);
        let signature = self.certificate_log.sign(&signed).expect("a key signs");
        let mut one = vec![0];
        one.extend(id(&self.certificate_log));
        one.extend((at * 1000).to_be_bytes());
        one.extend([0, 0, 4, 3]);
        one.extend((signature.len() as u16).to_be_bytes());
        one.extend(signature);
        let length = one.len() as u16;
        [(length + 2).to_be_bytes().to_vec(), length.to_be_bytes().to_vec(), one].concat()
    }

    /// An entry of the log, the second of two, with all its seals.
    fn entry(&self, body: &str, at: u64) -> Value {
        let leaf = sha256(&[&[0], body.as_bytes()].concat());
        let first = sha256(b"\0the first entry");
        let root = sha256(&[&[1], &first[..], &leaf[..]].concat());
        let state = format!("log.example - 1\n2\n{}\n", base64(&root));
        let seal = [&id(&self.log)[..4], &self.log.sign(state.as_bytes()).expect("a key signs")].concat();
        let promise = format!(
            r#"{{"body":"{}","integratedTime":{at},"logID":"{}","logIndex":1}}"#,
            base64(body.as_bytes()),
            hex(&id(&self.log))
        );
        json!({
            "logIndex": "1",
            "logId": {"keyId": base64(&id(&self.log))},
            "kindVersion": {"kind": "dsse", "version": "0.0.1"},
            "integratedTime": at.to_string(),
            "inclusionPromise": {
                "signedEntryTimestamp": base64(&self.log.sign(promise.as_bytes()).expect("a key signs"))
            },
            "inclusionProof": {
                "logIndex": "1",
                "rootHash": base64(&root),
                "treeSize": "2",
                "hashes": [base64(&first)],
                "checkpoint": {"envelope": format!("{state}\n\u{2014} log.example {}\n", base64(&seal))}
            },
            "canonicalizedBody": base64(body.as_bytes())
        })
    }
}

fn key() -> KeyPair {
    KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).expect("a key can be made")
}

/// The id of a log, and the hash of an authority's key: SHA-256 of its key.
fn id(key: &KeyPair) -> [u8; 32] {
    sha256(&key.subject_public_key_info())
}

fn time(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// `2026-01-01T00:00:00Z`.
fn iso(seconds: u64) -> String {
    jiff::Timestamp::try_from(time(seconds)).expect("a time of this age").to_string()
}

fn base64(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The SHA-256 of a file's bytes, in hex.
pub fn digest(bytes: &[u8]) -> String {
    hex(&sha256(bytes))
}

/// A DER value.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut out = vec![tag];
    match length {
        0..=127 => out.push(length as u8),
        128..=255 => out.extend([0x81, length as u8]),
        _ => out.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    out.extend(content);
    out
}

/// The signed part of a certificate: the first value within the outermost one, both of two bytes of length.
fn to_be_signed(certificate: &[u8]) -> &[u8] {
    let inner = &certificate[4..];
    assert_eq!((certificate[1], inner[1]), (0x82, 0x82), "a certificate has some hundred bytes");
    &inner[..4 + usize::from(u16::from_be_bytes([inner[2], inner[3]]))]
}
