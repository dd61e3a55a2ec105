//! The names of the signals: Kubernetes' own where it has one.
use serde::{Deserialize, Serialize};

/// What a signal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each is the reason that Kubernetes writes, and `meaning` explains it")]
pub enum Kind {
    #[serde(rename = "OOMKilled")]
    OomKilled,
    InvalidImageName,
    ErrImageNeverPull,
    ErrImagePull,
    ImagePullBackOff,
    ImageInspectError,
    RegistryUnavailable,
    SignatureValidationFailed,
    CreateContainerConfigError,
    CreateContainerError,
    RunContainerError,
    StartError,
    PostStartHookError,
    CrashLoopBackOff,
    Exited,
    Evicted,
    ReadinessFlaps,
    ProgressDeadlineExceeded,
    ReplicaFailure,
    Unschedulable,
    GuardLost,
}

impl Kind {
    /// All of them, the most telling first.
    pub const ALL: [Kind; 21] = [
        Kind::OomKilled,
        Kind::InvalidImageName,
        Kind::ErrImageNeverPull,
        Kind::ErrImagePull,
        Kind::ImagePullBackOff,
        Kind::ImageInspectError,
        Kind::RegistryUnavailable,
        Kind::SignatureValidationFailed,
        Kind::CreateContainerConfigError,
        Kind::CreateContainerError,
        Kind::RunContainerError,
        Kind::StartError,
        Kind::PostStartHookError,
        Kind::CrashLoopBackOff,
        Kind::Exited,
        Kind::Evicted,
        Kind::ReadinessFlaps,
        Kind::ProgressDeadlineExceeded,
        Kind::ReplicaFailure,
        Kind::Unschedulable,
        Kind::GuardLost,
    ];

    /// The name in policies and reports.
    pub fn word(self) -> &'static str {
        match self {
            Kind::OomKilled => "OOMKilled",
            Kind::InvalidImageName => "InvalidImageName",
            Kind::ErrImageNeverPull => "ErrImageNeverPull",
            Kind::ErrImagePull => "ErrImagePull",
            Kind::ImagePullBackOff => "ImagePullBackOff",
            Kind::ImageInspectError => "ImageInspectError",
            Kind::RegistryUnavailable => "RegistryUnavailable",
            Kind::SignatureValidationFailed => "SignatureValidationFailed",
            Kind::CreateContainerConfigError => "CreateContainerConfigError",
            Kind::CreateContainerError => "CreateContainerError",
            Kind::RunContainerError => "RunContainerError",
            Kind::StartError => "StartError",
            Kind::PostStartHookError => "PostStartHookError",
            Kind::CrashLoopBackOff => "CrashLoopBackOff",
            Kind::Exited => "Exited",
            Kind::Evicted => "Evicted",
            Kind::ReadinessFlaps => "ReadinessFlaps",
            Kind::ProgressDeadlineExceeded => "ProgressDeadlineExceeded",
            Kind::ReplicaFailure => "ReplicaFailure",
            Kind::Unschedulable => "Unschedulable",
            Kind::GuardLost => "GuardLost",
        }
    }

    /// What it means, for the documentation.
    pub fn meaning(self) -> &'static str {
        match self {
            Kind::OomKilled => "a container used more memory than its limit",
            Kind::InvalidImageName => "the image's name is no name",
            Kind::ErrImageNeverPull => "the image is not on the node, and may not be pulled",
            Kind::ErrImagePull => "the image is not there or may not be pulled; other errors wait for ImagePullBackOff",
            Kind::ImagePullBackOff => "the image could not be pulled more than once",
            Kind::ImageInspectError => "the node could not read the image",
            Kind::RegistryUnavailable => "the registry is out of reach",
            Kind::SignatureValidationFailed => "the image's signature is not accepted",
            Kind::CreateContainerConfigError => "a ConfigMap, a Secret or a key of one is missing",
            Kind::CreateContainerError => "the container could not be made",
            Kind::RunContainerError => "the container could not be started",
            Kind::StartError => "its program could not be started",
            Kind::PostStartHookError => "its postStart hook failed",
            Kind::CrashLoopBackOff => "it ended again and again",
            Kind::Exited => "a server or sidecar ended, with 0 too, or an init container failed",
            Kind::Evicted => "the kubelet evicted the pod for what it used itself",
            Kind::ReadinessFlaps => "a pod was ready and not ready again more often than `flaps`",
            Kind::ProgressDeadlineExceeded => "not all pods were ready within `readyWithin`",
            Kind::ReplicaFailure => "pods could not be created",
            Kind::Unschedulable => "no node had room in time",
            Kind::GuardLost => "the dead-man switch fell or was removed",
        }
    }

    /// The signal of a reason that a waiting container has.
    pub(super) fn of_waiting(reason: &str) -> Option<Kind> {
        let word = match reason {
            // Without its parameters, an image reference is no name.
            "ErrInvalidImageName" => "InvalidImageName",
            "ContainerCannotRun" => "StartError",
            other => other,
        };
        Kind::ALL[1..14].iter().copied().find(|kind| kind.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_serialised_form_and_each_stands_once() {
        for (at, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(serde_json::to_value(kind).ok(), Some(kind.word().into()));
            assert_eq!(Kind::ALL.iter().position(|other| *other == kind), Some(at));
            assert_eq!(kind as usize, at, "the order of the list is that of the type");
        }
    }
}
