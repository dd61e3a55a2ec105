//! A command line of many thousand names, of which the parser of options sees only the first.
//!
//! Each name costs that parser a quarter of a kilobyte and several allocations: for 20,000 files more than all else together.
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;

/// Names at the end that the parser sees: among the first of them may be a command, or the value of an option.
const SEEN: usize = 64;

/// Parts a command line into what the parser of options has to see, and names behind it that can be nothing but files.
pub fn parted(args: Vec<OsString>) -> (Vec<OsString>, Vec<OsString>) {
    parted_behind(args, SEEN)
}

fn parted_behind(mut args: Vec<OsString>, seen: usize) -> (Vec<OsString>, Vec<OsString>) {
    // One look at each: nearly all are names.
    let options: Vec<usize> = (0..args.len()).filter(|at| is_option(&args[*at])).collect();
    // What stands behind it may be meant for GNU's own reader of options.
    if options.iter().any(|at| args[*at] == "--gnu" || args[*at].as_bytes().starts_with(b"--gnu=")) {
        return (args, Vec::new());
    }
    let last = options.iter().find(|at| args[**at] == "--").or(options.last());
    // The first is the name of the program.
    let names = last.map_or(1, |at| at + 1);
    let first: Vec<OsString> = args.drain(..(names + seen).min(args.len())).collect();
    (first, args)
}

fn is_option(arg: &OsStr) -> bool {
    arg.len() > 1 && arg.as_bytes().starts_with(b"-")
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use proptest::prelude::*;

    use super::*;
    use crate::inputs::{Format, Inputs};

    /// All that is read of a command line without a command: files, and some of the options. Nothing for one that is refused.
    type Read = (Vec<OsString>, bool, bool, bool, bool);

    fn read(args: Vec<OsString>, more: Vec<OsString>) -> Option<Read> {
        let inputs = Inputs::try_parse_from(args).ok()?;
        assert!(inputs.sums.gnu.is_none() || more.is_empty());
        // A command takes no more names: the run refuses them.
        let (false, mut sums) = (inputs.command.is_some() && !more.is_empty(), inputs.sums) else { return None };
        sums.also(more);
        let files = sums.files.into_iter().map(Into::into).collect();
        let json = sums.format == Format::Json;
        Some((files, sums.check, sums.tag, json, inputs.command.is_some()))
    }

    fn check(words: &[&str], seen: usize) {
        let args: Vec<OsString> = ["sha256sums"].iter().chain(words).map(OsString::from).collect();
        let (first, more) = parted_behind(args.clone(), seen);
        assert_eq!([first.clone(), more.clone()].concat(), args);
        assert_eq!(read(first, more), read(args, Vec::new()), "{words:?}");
    }

    #[test]
    fn only_what_can_be_nothing_but_files_is_kept_back() {
        let all: Vec<OsString> = (0..1000).map(|number| OsString::from(number.to_string())).collect();
        let (first, more) = parted(all.clone());
        assert_eq!((first.len(), more.len()), (1 + SEEN, 999 - SEEN));
        let mut late = all;
        late.push("--tag".into());
        assert_eq!(parted(late.clone()), (late, Vec::new()));
        for words in [&["a", "b", "c", "d"][..], &["--", "a", "--tag", "--gnu", "d"], &["-", "a", "-", "b"]] {
            check(words, 2);
        }
        check(&["create", "a", "b", "c"], 2);
        check(&["--format", "json", "a", "b", "c"], 2);
        check(&["--gnu", "a", "b", "--", "c", "d"], 2);
        check(&[], 2);
    }

    proptest! {
        #[test]
        fn what_is_kept_back_changes_nothing(
            words in prop::collection::vec(
                prop::sample::select(vec![
                    "a", "b", "c", "-", "--", "--tag", "-c", "--check", "--format", "json", "--format=json", "--gnu", "create", "check", "-z", "--nonsense",
                ]),
                0..9,
            ),
            seen in 2..4_usize,
        ) {
            check(&words, seen);
        }
    }
}
