//! Any bytes as what a step leaves behind: the oracle reads or refuses, and never panics.
#![no_main]
use action::oracle;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let lines = data.split(|byte| *byte == b'\n').count();
    for read in [oracle::output, oracle::state, oracle::env] {
        match read(data) {
            Ok(records) => assert!(records.len() <= lines),
            Err(refused) => assert!(refused.line >= 1 && refused.line <= lines + 1, "{refused}"),
        }
    }
    let _ = (oracle::path(data), oracle::summary(data));
    let log = oracle::log(data);
    let commands = log.commands.windows(2).all(|pair| pair[0].line < pair[1].line);
    assert!(commands, "the lines of commands go up");
});
