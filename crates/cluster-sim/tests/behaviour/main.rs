//! What canary-step leans on, each behaviour once: on the embedded cluster always, and on a real one when
//! `CANARY_TEST_KUBECONFIG` names its kubeconfig (`cargo xtask test cluster` starts one).
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod autoscaling;
mod faults;
mod fences;
mod generations;
mod ground;
mod guards;
mod inplace;
mod leases;
mod lists;
mod manifests;
mod namespaces;
mod pages;
mod reply;
mod rollouts;
mod watches;
mod writes;

use std::io::Write;
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::Arc;

use ground::{Ground, Where};
use libtest_mimic::{Arguments, Trial};

/// What is done on a cluster.
type See = dyn Fn(Ground) -> Pin<Box<dyn Future<Output = ()>>> + Send + Sync;

/// One behaviour: its name, and what is to be seen on a cluster.
struct Behaviour {
    name: String,
    see: Arc<See>,
}

/// A function as a behaviour of the same name.
fn seen<F: Future<Output = ()> + 'static>(see: fn(Ground) -> F) -> Behaviour {
    // The type of its future is called after the function.
    let name = std::any::type_name::<F>().trim_end_matches("::{{closure}}");
    let name = name.split_once("::").map_or(name, |(_, name)| name).to_owned();
    Behaviour { name, see: Arc::new(move |ground| Box::pin(see(ground))) }
}

fn behaviours() -> Vec<Behaviour> {
    let all = [
        autoscaling::all,
        faults::all,
        fences::all,
        generations::all,
        guards::all,
        inplace::all,
        leases::all,
        lists::all,
        namespaces::all,
        pages::all,
        rollouts::all,
        watches::all,
        writes::all,
    ];
    all.into_iter().flat_map(|all| all()).collect()
}

fn trials(place: &Where) -> Vec<Trial> {
    let trial = |behaviour: Behaviour| {
        let place = place.clone();
        let (name, see) = (format!("{}::{}", place.name(), behaviour.name), behaviour.see);
        Trial::test(name, move || {
            place.run(|ground| see(ground));
            Ok(())
        })
    };
    behaviours().into_iter().map(trial).collect()
}

fn main() -> ExitCode {
    let mut all = trials(&Where::Embedded);
    // Where the other comes in a run of its own, there is nothing to say.
    let only = std::env::var("CANARY_TEST_ONLY").is_ok_and(|only| only == "embedded");
    match Where::real() {
        Ok(real) => all.extend(trials(&real)),
        Err(why) if !only && std::env::var("CI").as_deref() == Ok("true") => {
            all.push(Trial::test("real", move || Err(why.into())));
        }
        Err(why) if !only => drop(writeln!(std::io::stderr(), "not run: {why}")),
        Err(_) => {}
    }
    libtest_mimic::run(&Arguments::from_args(), all).exit_code()
}
