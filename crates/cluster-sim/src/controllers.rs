//! Controllers.
use crate::{kinds::Key, state::State, store::Change};
pub(crate) mod garbage {
    use super::*;
    pub(crate) fn collect(_: &mut State, _: &Key) {}
}
pub(crate) fn reconcile(_: &mut State, _: &Key) {}
pub(crate) fn notice(_: &mut State, _: &Change) {}
