//! The rules: one file each. A rule is data and one function.
use crate::finding::Severity;
use crate::guards::Sink;
use crate::model::Module;

/// Which modules a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// What is shipped.
    Production,
    /// Tests.
    Tests,
}

/// A rule.
pub(crate) struct Rule {
    /// `FK103`.
    pub(crate) id: &'static str,
    /// `constant-answer`.
    pub(crate) name: &'static str,
    pub(crate) severity: Severity,
    pub(crate) scope: Scope,
    /// What it finds, in one sentence.
    pub(crate) about: &'static str,
    /// Why that matters and what is not meant, for its page.
    pub(crate) details: &'static str,
    /// The shortest honest way out.
    pub(crate) repair: &'static str,
    /// What it finds, and the honest neighbour that it does not.
    pub(crate) bad: &'static str,
    pub(crate) good: &'static str,
    pub(crate) check: fn(&Module<'_>, &mut Sink),
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}

mod fk101_not_implemented;
mod fk101_refusal;
mod fk102_empty_body;
mod fk103_constant_answer;
mod fk103_hollow_document;
mod fk103_ignored_question;
mod fk103_one_number;
mod fk103_one_variant;
mod fk103_promise;
mod fk103_request_fields;
mod fk103_requests;
mod fk103_unread_field;
mod fk103_unrun;
mod fk103_unrun_work;
mod fk104_alone;
mod fk104_answer_lookup;
mod fk105_known_test;
mod fk105_leaves;
mod fk105_one_answer_branches;
mod fk105_predicates;
mod fk106_dead_result;
mod fk106_measured;
mod fk106_never_filled;
mod fk106_never_read;
mod fk106_no_outcome;
mod fk106_only_sized;
mod fk107_cast_stub;
mod fk108_catch_all_proxy;
mod fk109_commented_out_work;
mod fk110_dead_switch;
mod fk110_decided;
mod fk110_endless;
mod fk111_one_turn_loop;
mod fk112_echo;
mod fk112_echoed_input;
mod fk112_first_part;
mod fk201_random_as_data;
mod fk202_entity_literals;
mod fk203_generated_rows;
mod fk204_hash_as_metric;
mod fk204_position;
mod fk205_literal_metrics;
mod fk206_clock_remainder;
mod fk206_synthetic_series;
mod fk207_seeded_repository;
mod fk208_sample_import;
mod fk209_filler_text;
mod fk210_placeholder_endpoint;
mod fk301_sleep_as_work;
mod fk302_timer_as_response;
mod fk303_booked;
mod fk303_log_only_effect;
pub(crate) mod fk304_success_without_work;
mod fk305_unused_collaborator;
mod fk306_result_ignored;
mod fk307_fake_progress;
mod fk308_canned_assistant;
mod fk309_step_theatre;
mod fk310_drop_the_buffer;
mod fk401_always_true;
mod fk402_crypto_less_crypto;
mod fk403_literal_credential;
mod fk404_literal_identity;
mod fk405_env_bypass;
mod fk406_test_special_case;
mod fk407_constant_health;
mod fk501_catch_to_success;
mod fk502_alike;
mod fk502_catch_to_sample;
mod fk503_silent_catch;
mod fk504_failure_as_empty;
mod fk601_vacuous_assert;
mod fk602_no_assert;
mod fk603_never_run_assert;
mod fk604_unawaited_assert;
mod fk605_disabled_test;
mod fk606_mocked_subject;
mod fk607_swallowed_test;
mod fk608_existence_only;
pub(crate) mod fk609_weakened_test;
mod fk701_admits_fake;
mod fk702_todo_implement;
mod fk703_coming_soon;
mod fk801_dead_handler;
mod fk802_submit_nowhere;
mod fk90x_suppressions;

pub(crate) use fk90x_suppressions::{FK901, FK902, FK903, FK904};

/// All rules, in the order of their ids.
pub(crate) static ALL: &[&Rule] = &[
    &fk101_not_implemented::RULE,
    &fk102_empty_body::RULE,
    &fk103_constant_answer::RULE,
    &fk104_answer_lookup::RULE,
    &fk105_one_answer_branches::RULE,
    &fk106_dead_result::RULE,
    &fk107_cast_stub::RULE,
    &fk108_catch_all_proxy::RULE,
    &fk109_commented_out_work::RULE,
    &fk110_dead_switch::RULE,
    &fk111_one_turn_loop::RULE,
    &fk112_echoed_input::RULE,
    &fk201_random_as_data::RULE,
    &fk202_entity_literals::RULE,
    &fk203_generated_rows::RULE,
    &fk204_hash_as_metric::RULE,
    &fk205_literal_metrics::RULE,
    &fk206_synthetic_series::RULE,
    &fk207_seeded_repository::RULE,
    &fk208_sample_import::RULE,
    &fk209_filler_text::RULE,
    &fk210_placeholder_endpoint::RULE,
    &fk301_sleep_as_work::RULE,
    &fk302_timer_as_response::RULE,
    &fk303_log_only_effect::RULE,
    &fk304_success_without_work::RULE,
    &fk305_unused_collaborator::RULE,
    &fk306_result_ignored::RULE,
    &fk307_fake_progress::RULE,
    &fk308_canned_assistant::RULE,
    &fk309_step_theatre::RULE,
    &fk310_drop_the_buffer::RULE,
    &fk401_always_true::RULE,
    &fk402_crypto_less_crypto::RULE,
    &fk403_literal_credential::RULE,
    &fk404_literal_identity::RULE,
    &fk405_env_bypass::RULE,
    &fk406_test_special_case::RULE,
    &fk407_constant_health::RULE,
    &fk501_catch_to_success::RULE,
    &fk502_catch_to_sample::RULE,
    &fk503_silent_catch::RULE,
    &fk504_failure_as_empty::RULE,
    &fk601_vacuous_assert::RULE,
    &fk602_no_assert::RULE,
    &fk603_never_run_assert::RULE,
    &fk604_unawaited_assert::RULE,
    &fk605_disabled_test::RULE,
    &fk606_mocked_subject::RULE,
    &fk607_swallowed_test::RULE,
    &fk608_existence_only::RULE,
    &fk609_weakened_test::RULE,
    &fk701_admits_fake::RULE,
    &fk702_todo_implement::RULE,
    &fk703_coming_soon::RULE,
    &fk801_dead_handler::RULE,
    &fk802_submit_nowhere::RULE,
    &FK901,
    &FK902,
    &FK903,
    &FK904,
];

/// The rule of an id, in any case of letters.
pub(crate) fn by_id(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id.eq_ignore_ascii_case(id))
}
