//! Any text as a policy of canary-step: a policy that is the same when it is printed and read, or a problem whose place is in the text.
#![no_main]
use canary_step::policy::Policy;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match Policy::read(text, &["api".to_owned()]) {
        Ok(policy) => {
            let printed = serde_json::to_string(&policy).expect("a policy is JSON");
            assert_eq!(Policy::read(&printed, &[]), Ok(policy), "{printed}");
        }
        Err(problem) => {
            // YAML ends a line at either character.
            let lines = text.split(['\n', '\r']).count();
            assert!(problem.at.line >= 1 && problem.at.column >= 1, "{problem}");
            assert!(problem.at.line <= lines + 1, "{problem}, and there are {lines} lines");
        }
    }
});
