//! The record in its ConfigMap: written by compare-and-swap, and never over what a later driver wrote.
use std::time::Duration;

use serde_json::{Value, json};

use super::Trouble;
use crate::cluster::{ApiError, Change, Cluster, Kind};
use crate::decide::object;
use crate::names;
use crate::record::{KEY, LIMIT, Record, SCHEMA};
use crate::runbook;

/// How often a write is tried whose answers are lost or busy.
const TRIES: u32 = 8;

/// Where the record stands.
#[derive(Debug, Clone)]
pub struct Keeper {
    name: String,
    object: Option<Value>,
}

impl Keeper {
    /// Reads the record of a group, if there is one.
    ///
    /// # Errors
    /// The cluster does not answer, or what stands there is no record of ours.
    pub async fn load(cluster: &Cluster, group: &str) -> Result<(Self, Option<Record>), Trouble> {
        let name = names::record(group);
        let object = patient(|| cluster.get(Kind::ConfigMap, &name)).await?;
        let record = object.as_ref().map(read).transpose().map_err(Trouble::Record)?;
        Ok((Self { name, object }, record))
    }

    /// Writes the record; when it returns, this very record stands there.
    ///
    /// # Errors
    /// Another driver has written since, the record is too large, or the cluster does not answer.
    pub async fn write(&mut self, cluster: &Cluster, record: &mut Record) -> Result<(), Trouble> {
        record.writes += 1;
        let text = fitted(record)?;
        let mut last = None;
        for attempt in 0..TRIES {
            let (change, name) = self.change(record, &text);
            match cluster.send(Kind::ConfigMap, &name, (&change, false)).await {
                Ok(object) => {
                    self.object = Some(object);
                    return Ok(());
                }
                Err(error) if error.may_pass() || matches!(error, ApiError::NotFound(_)) => last = Some(error),
                Err(error) => return Err(error.into()),
            }
            tokio::time::sleep(Duration::from_millis(200 << attempt.min(4))).await;
            match cluster.get(Kind::ConfigMap, &self.name).await {
                Ok(object) => {
                    if self.adopt(object, record)? {
                        return Ok(());
                    }
                }
                Err(error) if error.may_pass() => last = Some(error),
                Err(error) => return Err(error.into()),
            }
        }
        Err(last.map_or_else(|| Trouble::Record("the record could not be written".to_owned()), Trouble::Api))
    }

    /// Takes what stands there as the base of the next try; whether it is this very write already.
    fn adopt(&mut self, object: Option<Value>, record: &Record) -> Result<bool, Trouble> {
        if let Some(there) = object.as_ref().map(read).transpose().map_err(Trouble::Record)? {
            let ours = (&there.holder, there.token) == (&record.holder, record.token);
            if there.token > record.token || (there.token == record.token && !ours) {
                let url = if there.run.url.is_empty() { String::new() } else { format!(" ({})", there.run.url) };
                return Err(Trouble::LockLost(format!("{}{url} took the rollout over", there.holder)));
            }
            if ours && there.writes == record.writes {
                self.object = object;
                return Ok(true);
            }
        }
        self.object = object;
        Ok(false)
    }

    fn change(&self, record: &Record, text: &str) -> (Change, String) {
        let mut data = json!({ KEY: text });
        for (name, saved) in &record.services {
            // For people with kubectl alone.
            data[runbook::key(name)] = json!(runbook::restore(saved, record.policy.router).to_string());
        }
        let body = match &self.object {
            Some(object) => {
                let mut body = object.clone();
                body["data"] = data;
                return (Change::Replace(body), self.name.clone());
            }
            None => json!({
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": { "name": self.name, "labels": { names::GROUP: record.group } },
                "data": data,
            }),
        };
        (Change::Create(body), self.name.clone())
    }
}

/// The record in a ConfigMap.
///
/// # Errors
/// What is wrong with it.
pub fn read(object: &Value) -> Result<Record, String> {
    let name = object::name(object);
    let text = object.pointer("/data").and_then(|data| data.get(KEY)).and_then(Value::as_str);
    let text = text.ok_or_else(|| format!("the ConfigMap {name} has no {KEY}: it is not a record of canary-step"))?;
    let value: Value = serde_json::from_str(text).map_err(|error| format!("{KEY} in the ConfigMap {name}: {error}"))?;
    let schema = value.get("schema").and_then(Value::as_u64).unwrap_or(0);
    if schema > u64::from(SCHEMA) {
        return Err(format!("the record in the ConfigMap {name} is of a later version ({schema}) of canary-step"));
    }
    serde_json::from_value(value).map_err(|error| format!("{KEY} in the ConfigMap {name}: {error}"))
}

/// The text of the record; series give way before it gets too large.
fn fitted(record: &mut Record) -> Result<String, Trouble> {
    let patches = record.services.values().map(|saved| runbook::restore(saved, record.policy.router).to_string().len());
    let patches: usize = patches.sum();
    loop {
        let text = serde_json::to_string(record).map_err(|error| Trouble::Record(error.to_string()))?;
        if text.len() + patches <= LIMIT {
            return Ok(text);
        }
        let longest = record.series.values().map(Vec::len).max().unwrap_or(0);
        if longest < 8 {
            let text = format!("the record would be {} bytes, and a ConfigMap holds {LIMIT}", text.len());
            return Err(Trouble::Record(text));
        }
        for series in record.series.values_mut() {
            let mut at = 0;
            series.retain(|_| {
                at += 1;
                at % 2 == 0
            });
        }
    }
}

/// Asks again while that may help, for about ten seconds.
pub(super) async fn patient<T, F: Future<Output = Result<T, ApiError>>>(ask: impl Fn() -> F) -> Result<T, ApiError> {
    let mut tries = 0;
    loop {
        match ask().await {
            Err(error) if error.may_pass() && tries < TRIES => {
                tries += 1;
                tokio::time::sleep(Duration::from_millis(200 << tries.min(4))).await;
            }
            other => return other,
        }
    }
}
