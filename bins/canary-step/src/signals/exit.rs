//! What an ended container says: code, signal, reason.
use serde_json::Value;

use super::{quoted, text, time};

/// The end of a run of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Exit {
    pub(super) code: i64,
    pub(super) reason: String,
    /// Seconds since 1970.
    pub(super) at: Option<u64>,
    /// The termination message: with `FallbackToLogsOnError` the end of the log.
    pub(super) message: String,
}

impl Exit {
    /// The `terminated` under a container state.
    pub(super) fn of(status: &Value, state: &str) -> Option<Exit> {
        let ended = status.pointer(state)?.get("terminated").filter(|ended| !ended.is_null())?;
        Some(Exit {
            code: ended.get("exitCode").and_then(Value::as_i64).unwrap_or(-1),
            reason: text(ended, "/reason").unwrap_or_default().to_owned(),
            at: time(ended, "/finishedAt"),
            message: text(ended, "/message").unwrap_or_default().to_owned(),
        })
    }

    /// Whether the node, not the program, ended it: nobody knows its exit, or its sandbox was lost in a reboot.
    pub(super) fn by_node(&self) -> bool {
        matches!(self.reason.as_str(), "ContainerStatusUnknown" | "Unknown")
    }

    pub(super) fn out_of_memory(&self) -> bool {
        self.reason == "OOMKilled"
    }

    pub(super) fn not_started(&self) -> bool {
        matches!(self.reason.as_str(), "StartError" | "ContainerCannotRun")
    }

    /// `exit code 1`, `exit code 137 (killed)`.
    pub(super) fn words(&self) -> String {
        let meaning = match self.code {
            126 => " (not executable)",
            127 => " (command not found)",
            134 => " (aborted)",
            137 => " (killed)",
            139 => " (segmentation fault)",
            143 => " (terminated)",
            _ => "",
        };
        format!("exit code {}{meaning}", self.code)
    }

    /// The last lines of the message, bounded.
    pub(super) fn lines(&self) -> Vec<String> {
        let lines: Vec<&str> = self.message.lines().filter(|line| !line.trim().is_empty()).collect();
        lines[lines.len().saturating_sub(20)..].iter().map(|line| quoted(line)).collect()
    }
}
