//! Pods.
use crate::{failure::Failure, kinds::Key, route::Query, state::State};
#[derive(Debug)]
pub(crate) struct Run;
pub(crate) fn step(_: &mut State, _: &Key, _: &str, _: u64) {}
pub(crate) fn gone(_: &mut State, _: &Key, _: &str) {}
pub(crate) fn log(_: &State, _: &Key, _: &Query) -> Result<String, Failure> {
    Ok(String::new())
}
