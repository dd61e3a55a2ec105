//! The programs that are gates of a step: asked beside the loop, so that hard signals and the lease do not wait for them.
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::decide::Programs;
use crate::policy::{Gate, Span};
use crate::program::{self, Ended};

/// What is quoted of a program's last line.
const QUOTED: usize = 300;

/// The programs of the current step; what still runs is ended when this goes.
#[derive(Default)]
pub(super) struct Gates {
    said: Arc<Mutex<Programs>>,
    over: Arc<Notify>,
    task: Option<JoinHandle<()>>,
}

impl Gates {
    /// Asks the programs, one after the other; the first that does not say yes is the last.
    pub(super) fn ask(&mut self, gates: &[Gate]) {
        self.forget();
        let programs: Vec<(Vec<String>, Span)> = gates.iter().filter_map(program).collect();
        let (said, over) = (self.said.clone(), self.over.clone());
        tell(&said, Programs::Running);
        self.task = Some(tokio::spawn(async move {
            let mut answer = Programs::Yes;
            for (argv, within) in programs {
                answer = judged(&argv, program::run(&argv, within.duration()).await);
                if answer != Programs::Yes {
                    break;
                }
            }
            tell(&said, answer);
            over.notify_one();
        }));
    }

    /// What they say.
    pub(super) fn say(&self) -> Programs {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Resolves when they have said it.
    pub(super) async fn over(&self) {
        self.over.notified().await;
    }

    /// Ends what runs; the next step asks anew.
    pub(super) fn forget(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
        }
        // One that was just over tells nobody any more.
        (self.said, self.over) = <_>::default();
    }
}

impl Drop for Gates {
    fn drop(&mut self) {
        self.forget();
    }
}

fn tell(said: &Mutex<Programs>, answer: Programs) {
    *said.lock().unwrap_or_else(PoisonError::into_inner) = answer;
}

fn program(gate: &Gate) -> Option<(Vec<String>, Span)> {
    match gate {
        Gate::Command { argv, within } => Some((argv.clone(), *within)),
        Gate::NotWorse | Gate::Hold => None,
    }
}

/// 0 is yes and 1 is no; everything else is neither.
fn judged(argv: &[String], ended: Result<Ended, String>) -> Programs {
    let name = argv.first().map_or("", String::as_str);
    let Ended { code, printed } = match ended {
        Ok(ended) => ended,
        Err(why) => return Programs::Unknown(format!("the gate {why}")),
    };
    let last = printed.lines().rev().map(str::trim).find(|line| !line.is_empty());
    let last: String = last.map_or_else(String::new, |line| format!(": {line}")).chars().take(QUOTED).collect();
    match code {
        Some(0) => Programs::Yes,
        Some(1) => Programs::No(format!("the gate {name} says no{last}")),
        Some(code) => Programs::Unknown(format!("the gate {name} could not tell (it ended with {code}){last}")),
        None => Programs::Unknown(format!("the gate {name} could not tell (a signal ended it){last}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: Option<i32>, printed: &str, expected: &Programs) {
        let ended = Ok(Ended { code, printed: printed.to_owned() });
        assert_eq!(&judged(&["./smoke.sh".to_owned()], ended), expected);
    }

    #[test]
    fn only_nought_is_a_yes_and_only_one_is_a_no() {
        let unknown = |text: &str| Programs::Unknown(format!("the gate ./smoke.sh could not tell {text}"));
        check(Some(0), "fine\n", &Programs::Yes);
        check(
            Some(1),
            "checkout is slow\n \n",
            &Programs::No("the gate ./smoke.sh says no: checkout is slow".to_owned()),
        );
        check(Some(2), "", &unknown("(it ended with 2)"));
        check(Some(127), "x", &unknown("(it ended with 127): x"));
        check(None, "", &unknown("(a signal ended it)"));
        let late = judged(&[], Err("sleep: it did not end within 1 s".to_owned()));
        assert_eq!(late, Programs::Unknown("the gate sleep: it did not end within 1 s".to_owned()));
    }
}
