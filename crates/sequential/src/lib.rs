//! Is the canary worse than stable? Statistics that stay valid however often one looks.
//!
//! ```
//! use std::time::Duration;
//! use sequential::{Answer, Judge, PodTick, Preset, ServiceTick, Tick};
//!
//! let pod = |pod: &str, requests, errors| PodTick { pod: pod.to_owned(), requests, errors, ..PodTick::default() };
//! let mut judge = Judge::new(Preset::Default, Duration::from_secs(5));
//! let stable: Vec<PodTick> = (0..9).map(|at| pod(&format!("p{at}"), 500, 5)).collect();
//! let mut service = ServiceTick { service: "api".to_owned(), stable, ..ServiceTick::default() };
//! // Ticks without a canary are history; then both arms, tick by tick.
//! (0..360).for_each(|_| judge.observe(&Tick { services: vec![service.clone()] }));
//! service.canary = vec![pod("c0", 500, 25)];
//! (0..60).for_each(|_| judge.observe(&Tick { services: vec![service.clone()] }));
//! assert_eq!(judge.verdict().answer, Answer::Worse);
//! ```
//!
//! No I/O, no clock, no randomness (but for the seeded simulations). The state serialises, and another process goes on with it. It is
//! bounded: 23 KiB as JSON for a service of twenty pods, however fine its histogram is.
//!
//! # The question
//! A series is a count of events by pod and tick, with what the events can come from: failed requests of requests, slow
//! requests of requests, restarts of pod-seconds. The canary is *worse* when its rate is above `margin` times stable's, and *not
//! worse* when it is below `tolerance` times stable's; each is shown by evidence of its own, and where neither is, the answer is
//! inconclusive and says why. No traffic, no failures in either arm, or an outage that both arms share are never "not worse".
//!
//! # Theorems
//! *Ville's inequality* (Ville 1939): a non-negative process E that starts at 1 and does not grow on average under a hypothesis
//! (an e-process) reaches 1/α, at any time at all, with a probability of at most α. So one may look at every tick, stop when one
//! likes, and go on in another process. Any *average* of e-processes with weights fixed beforehand is one again (Vovk and
//! Wang 2021), whatever depends on what: this gives the mean over services, metrics and histogram buckets, and one α for all.
//!
//! *One block of ticks.* Given the K events of both arms, with exposures n₀ and n₁, the canary's k are Binomial(K, θ(ρ)) with
//! θ(ρ) = ρn₁ / (n₀ + ρn₁), if each arm's count is Poisson and the canary's rate is ρ times stable's (Przyborowski and Wilenski
//! 1940). The rate itself drops out: it may be different in each block, so that load, time of day and an outage of everything
//! cannot deceive. The likelihood ratio of ρ against the margin has mean 1 at the margin and at most 1 below it. Blocks are closed
//! by traffic and time alone, never by events, so their product is an e-process. For counts that are Binomial instead, let ρ be the
//! ratio of odds: k is then Fisher's noncentral hypergeometric, a sum of independent indicators (Vatutin and Mikhailov 1982)
//! whose mean is not above Kθ, and a convex, growing function of it has no larger mean than under the Binomial (Hoeffding 1956,
//! 1963): the ratio is still an e-value. Both are checked by enumeration in this crate's tests.
//!
//! *The mixture* over ρ (Robbins 1970) is an average and so an e-process: a grid of log-spaced ratios from e⁻² to e⁶ times the
//! margin, with a prior that finds two- to tenfold rates soonest.
//!
//! *Evidence to a power* w ≤ 1 keeps a mean of at most 1 (Jensen), for a w that depends on the past and on K only. Thus a tick with far
//! more events than history lets expect is given no more weight than a usual one, and evidence is divided by the over-dispersion.
//!
//! *Pods.* A pod's rate is the group's times eᵘ, u ~ N(0, τ²). The evidence is therefore divided by the likelihood of the
//! margin *averaged over the canary's u*, and over τ given what stable's pods did (Dirichlet-multinomial likelihood, Mosimann
//! 1962; exponential prior of mean 0.12), so that nine pods, or one, say as little about τ as they can. Under that model the quotient
//! is a Bayes factor and an e-process in mean over u and τ (Grünwald, de Heide and Koolen 2024 for this reading of composite
//! hypotheses).
//!
//! # What is calibrated by simulation, and no theorem
//! - *The over-dispersion* φ ≥ 1 is estimated from stable's pods over blocks of one tick, 20, 60 and 180 s, at each tick from what came
//!   before it, and the largest counts. If errors come in clusters the product of ratios to the power 1/φ has a mean near 1, not
//!   provably at most 1: the first two moments are put right (quasi-likelihood, Wedderburn 1974), the tail is not. An excess counts when it is
//!   two standard errors large; a service without history is taken for φ = 4 at first.
//! - *τ for one service*: the guarantee is in mean over services, as their τ are distributed. With large, true differences of pods (σ
//!   0.5) and little to learn it from, single services may be over α; the suite has such rows.
//! - *Normal for gamma*, and one effective number of pods an arm for a product over pods: approximations of the model above.
//! - *Caps* on a pod's events in a tick (retry storms) are computed the same for all pods, from the others' rate; they can only lower the
//!   canary's count, and may lower stable's.
//! - *Latency* compares the canary above a boundary with stable above the boundary before, so that one bucket is the margin. Of a fine
//!   histogram ten boundaries are taken, by where stable's first requests lie, and at most six of them followed.
//! - *The hold* on a shared outage is a bound of three standard deviations and half as much again as history's rate; it only ever turns "not
//!   worse" into "inconclusive".
//! - *A service that first appears later* joins the mean with evidence of 1: weights are then not fixed beforehand.
//!
//! `cargo xtask judge` runs the seeded suite: ten thousand rollouts a situation, with exact intervals, beside the rules that are
//! usual ([`Rules`]).
//!
//! # Papers
//! Clopper, Pearson: The use of confidence or fiducial limits, 1934. Ville: Étude critique de la notion de collectif, 1939.
//! Przyborowski, Wilenski: Homogeneity of results in testing samples from Poisson series, 1940. Hoeffding: On the distribution of the
//! number of successes in independent trials, 1956; Probability inequalities for sums of bounded random variables, 1963. Mosimann: On the
//! compound multinomial distribution, 1962. Robbins: Statistical methods related to the law of the iterated logarithm, 1970.
//! Wedderburn: Quasi-likelihood functions, 1974. Vatutin, Mikhailov: Limit theorems for the number of empty cells, 1982. Howard, Ramdas,
//! McAuliffe, Sekhon: Time-uniform, nonparametric, nonasymptotic confidence sequences, 2021. Vovk, Wang: E-values: calibration,
//! combination and applications, 2021. Turner, Ly, Grünwald: Generic E-variables for exact sequential k-sample tests, 2024. Grünwald, de
//! Heide, Koolen: Safe testing, 2024.
mod contrast;
mod dispersion;
mod grid;
mod interval;
mod judge;
mod latency;
mod packed;
mod plan;
mod policy;
mod random;
mod rules;
mod service;
pub mod simulate;
mod special;
mod spread;
mod tick;

pub use interval::interval;
pub use judge::{Answer, Judge, ServiceVerdict, Verdict};
pub use plan::{Traffic, detectable, time_to_detect};
pub use policy::{Policy, Preset};
pub use random::Random;
pub use rules::Rules;
pub use service::{Doubt, Measured};
pub use tick::{PodRestarts, PodTick, Restarts, ServiceTick, Tick};
