//! What a certificate says of the run that asked for it.
use serde::{Deserialize, Serialize};
use sigstore_verify::SubjectAltName;
use sigstore_verify::crypto::CertificateInfo;

/// Fulcio's claims, from the extensions under 1.3.6.1.4.1.57264.1; null where a certificate does not say.
///
/// The meanings are published at <https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md>.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The subject: for a workflow its repository's address, its path, `@` and its ref. A reusable workflow is named, not
    /// the one that calls it.
    pub subject: Option<String>,
    /// Who identified the subject.
    pub issuer: Option<String>,
    /// The commit that the signing workflow's file was taken from.
    pub signer_commit: Option<String>,
    /// The repository that the run belongs to.
    pub repository: Option<String>,
    /// Its number.
    pub repository_id: Option<String>,
    /// The ref that the run was for.
    pub source_ref: Option<String>,
    /// The commit that the run was for.
    pub source_commit: Option<String>,
    /// The workflow that was started, which may call the signing one.
    pub started_workflow: Option<String>,
    /// The event that started it.
    pub trigger: Option<String>,
    /// `github-hosted` or `self-hosted`.
    pub runner: Option<String>,
    /// The address of the run.
    pub run: Option<String>,
    /// The signer's address of its own, which has to be the subject; not shown, since it says the same.
    #[serde(skip)]
    pub signer: Option<String>,
}

impl Claims {
    /// Reads them. Certificates of before 2023 have the older extensions alone.
    pub(crate) fn of(certificate: &CertificateInfo) -> Self {
        let said = &certificate.ci_claims;
        let old = &said.deprecated_github;
        let or = |new: &Option<String>, old: &Option<String>| new.clone().or_else(|| old.clone());
        let uri = |name: &String| format!("https://github.com/{name}");
        Self {
            subject: certificate.identity.as_ref().map(|subject| match subject {
                SubjectAltName::Uri(uri) => uri.clone(),
                // An address of mail is shown as one, and never equals a workflow's.
                other => format!("mailto:{other}"),
            }),
            issuer: certificate.issuer.clone(),
            signer_commit: said.build_signer_digest.clone(),
            repository: or(&said.source_repository_uri, &old.workflow_repository.as_ref().map(uri)),
            repository_id: said.source_repository_identifier.clone(),
            source_ref: or(&said.source_repository_ref, &old.workflow_ref),
            source_commit: or(&said.source_repository_digest, &old.workflow_sha),
            started_workflow: said.build_config_uri.clone(),
            trigger: or(&said.build_trigger, &old.workflow_trigger),
            runner: said.runner_environment.clone(),
            run: said.run_invocation_uri.clone(),
            signer: said.build_signer_uri.clone(),
        }
    }
}
