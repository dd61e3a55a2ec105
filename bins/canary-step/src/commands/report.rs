//! `report`: the same evidence as `status`, as a report.
pub(crate) use super::status::report as run;
