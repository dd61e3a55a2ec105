//! Traffic.
use crate::{failure::Failure, kinds::Key, state::State};
#[derive(Debug, Default)]
pub(crate) struct Traffic;
pub(crate) fn page(_: &State, _: &Key, _: &str, _: &str) -> Result<String, Failure> {
    Ok(String::new())
}
