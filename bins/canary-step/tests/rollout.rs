//! Whole rollouts on the embedded cluster.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod stage;

use canary_step::decide::Safety;
use canary_step::driver::End;
use canary_step::record::Phase;
use stage::*;

#[test]
fn a_good_release_ships() {
    virtually(async {
        let cluster = cluster(&["api"], 9).await;
        let policy = policy(&["api"], "");
        let (end, record) = run(&cluster, beginning(&policy, NEW), Safety::default()).await.unwrap();
        assert_eq!(end, End::Over(Phase::Promoted), "{:?}", record.reasons);
        assert_eq!(image(&cluster, "api"), NEW);
        assert_eq!((leftovers(&cluster), record.doubts), (vec![], vec![]));
    });
}

#[test]
fn a_crashing_release_is_stopped() {
    virtually(async {
        let cluster = cluster(&["api"], 9).await;
        let policy = policy(&["api"], "");
        let (end, record) = run(&cluster, beginning(&policy, BAD), Safety::default()).await.unwrap();
        assert_eq!(end, End::Over(Phase::Aborted), "{:?}", record.reasons);
        assert_eq!(image(&cluster, "api"), OLD);
        assert_eq!((leftovers(&cluster), record.doubts, record.untouched), (vec![], vec![], Some(true)));
        assert!(
            !record.reasons.is_empty() && ["Exited", "CrashLoopBackOff"].contains(&record.reasons[0].signal.as_str()),
            "{:?}",
            record.reasons
        );
    });
}

#[test]
fn eight_services_ship_together() {
    virtually(async {
        let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
        let cluster = cluster(&names, 10).await;
        let policy = policy(&names, "");
        let (end, record) = run(&cluster, beginning(&policy, NEW), Safety::default()).await.unwrap();
        assert_eq!(end, End::Over(Phase::Promoted), "{:?}", record.reasons);
        assert!(names.iter().all(|name| image(&cluster, name) == NEW));
        assert_eq!((leftovers(&cluster), record.doubts), (vec![], vec![]));
    });
}

#[test]
fn in_place_a_good_release_ships_and_a_bad_one_is_put_back() {
    virtually(async {
        for (new, phase, last) in [(NEW, Phase::Promoted, NEW), (BAD, Phase::Aborted, OLD)] {
            let cluster = cluster(&["api"], 9).await;
            let policy = policy(&["api"], "router: inplace\n");
            let (end, record) = run(&cluster, beginning(&policy, new), Safety::default()).await.unwrap();
            assert_eq!(end, End::Over(phase), "{:?}", record.reasons);
            assert_eq!(image(&cluster, "api"), last);
            assert_eq!((leftovers(&cluster), record.doubts), (vec![], vec![]));
        }
    });
}
