//! What a pod is told to do wrong.
use crate::state::State;
use serde_json::Value;
pub(crate) struct Behaviour {
    pub(crate) ends: i64,
}
impl Behaviour {
    pub(crate) fn of(_: &State, _: &Value) -> Self {
        Self { ends: 500 }
    }
}
