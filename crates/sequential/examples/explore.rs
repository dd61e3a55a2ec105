//! explore
use sequential::{simulate::*, *};
use std::time::{Duration, Instant};
fn main() {
    let runs: u64 = std::env::args().nth(1).map_or(400, |a| a.parse().unwrap());
    let only: Option<String> = std::env::args().nth(2);
    let s = |r: f64, e: f64, x: f64| Situation { requests: r, errors: e, ratio: x, ..Situation::default() };
    let cells: Vec<(&str, Situation, usize)> = vec![
        ("healthy 100x1%  <=.3", s(100., 0.01, 1.), 1),
        ("healthy 1000x.1% <=.3", s(1000., 0.001, 1.), 1),
        ("outage <=.5", Situation { outage: Some((60., 0.2)), ..s(100., 0.001, 1.) }, 1),
        ("icc .01 <=2", Situation { clustering: 0.01, ..s(1000., 0.01, 1.) }, 1),
        ("sigma .2 <=.5", Situation { spread: 0.2, ..s(1000., 0.01, 1.) }, 1),
        ("sigma .5 <=5", Situation { spread: 0.5, ..s(1000., 0.01, 1.) }, 1),
        ("bad minute <=3", Situation { bad_minutes: Some((1., 0.05)), ..s(100., 0.001, 1.) }, 1),
        ("x1.2 <=.5", s(1000., 0.01, 1.2), 1),
        ("x10 100/65", s(100., 0.001, 10.), 1),
        ("x5 62/155", s(100., 0.001, 5.), 1),
        ("x3 99/90", s(100., 0.01, 3.), 1),
        ("x2 100/50", s(1000., 0.01, 2.), 1),
        ("30% 79/150", s(1., 0.001, 300.), 1),
        ("eight", s(100., 0.01, 1.), 8),
        // others
        ("nohist healthy 100x1%", Situation { times: (5., 0., 300.), ..s(100., 0.01, 1.) }, 1),
        ("nohist x10 100x1%", Situation { times: (5., 0., 300.), ..s(100., 0.01, 10.) }, 1),
        ("nohist icc .01", Situation { clustering: 0.01, times: (5., 0., 300.), ..s(1000., 0.01, 1.) }, 1),
        ("nohist sigma .5", Situation { spread: 0.5, times: (5., 0., 300.), ..s(1000., 0.01, 1.) }, 1),
        ("nohist sigma .2", Situation { spread: 0.2, times: (5., 0., 300.), ..s(1000., 0.01, 1.) }, 1),
        ("nohist bad", Situation { bad_minutes: Some((1., 0.05)), times: (5., 0., 300.), ..s(100., 0.001, 1.) }, 1),
        ("nohist outage", Situation { outage: Some((60., 0.2)), times: (5., 0., 300.), ..s(100., 0.001, 1.) }, 1),
        ("1 stable healthy", Situation { pods: (1, 1), ..s(100., 0.01, 1.) }, 1),
        ("1 stable sigma .5", Situation { pods: (1, 1), spread: 0.5, ..s(1000., 0.01, 1.) }, 1),
        ("1 stable sigma .2", Situation { pods: (1, 1), spread: 0.2, ..s(1000., 0.01, 1.) }, 1),
        ("1 stable x10", Situation { pods: (1, 1), ..s(100., 0.01, 10.) }, 1),
        ("2 stable sigma.5", Situation { pods: (2, 1), spread: 0.5, ..s(1000., 0.01, 1.) }, 1),
        ("10/10 healthy", Situation { pods: (10, 10), ..s(1000., 0.01, 1.) }, 1),
        ("10/10 sigma .5", Situation { pods: (10, 10), spread: 0.5, ..s(1000., 0.01, 1.) }, 1),
        ("10/10 x1.5", Situation { pods: (10, 10), ..s(1000., 0.01, 1.5) }, 1),
        ("10/10 icc.05", Situation { pods: (10, 10), clustering: 0.05, ..s(1000., 0.01, 1.) }, 1),
        ("3/1 outage 50% 10rps", Situation { pods: (3, 1), outage: Some((60., 0.5)), ..s(10., 0.01, 1.) }, 1),
        ("9/1 15s ticks healthy", Situation { times: (15., 600., 900.), ..s(200., 0.005, 1.) }, 1),
        ("outage + icc.05", Situation { clustering: 0.05, outage: Some((60., 0.2)), ..s(100., 0.001, 1.) }, 1),
        ("icc .1 100x1%", Situation { clustering: 0.1, ..s(100., 0.01, 1.) }, 1),
        ("icc .02 1000x.1%", Situation { clustering: 0.02, ..s(1000., 0.001, 1.) }, 1),
        ("bad 3/h 20% 100x1%", Situation { bad_minutes: Some((3., 0.2)), ..s(100., 0.01, 1.) }, 1),
        ("bad 1/h 50% 1000x.1%", Situation { bad_minutes: Some((1., 0.5)), ..s(1000., 0.001, 1.) }, 1),
        ("1rps .1% healthy", s(1., 0.001, 1.), 1),
        ("1rps 10% healthy", s(1., 0.1, 1.), 1),
        ("5rps 50% healthy", s(5., 0.5, 1.), 1),
        ("x3 1000x1% icc .01", Situation { clustering: 0.01, ..s(1000., 0.01, 3.) }, 1),
        ("x3 1000x1% sigma .2", Situation { spread: 0.2, ..s(1000., 0.01, 3.) }, 1),
    ];
    for (name, situation, services) in cells {
        if only.as_ref().is_some_and(|o| !name.contains(o.as_str())) {
            continue;
        }
        let start = Instant::now();
        let (mut found, mut nw, mut ats, mut ticks) = (0, 0, vec![], 0_u64);
        let mut cross50 = 0;
        for run in 0..runs {
            let mut random = Random::new(run * 7919 + 13);
            let mut sims: Vec<_> =
                (0..services).map(|i| Simulation::new(&format!("s{i}"), &situation, &mut random)).collect();
            let mut judge = Judge::new(Preset::Default, Duration::from_secs_f64(situation.times.0));
            let mut tick = Tick::default();
            tick.services = sims.iter().map(|s| s.tick.clone()).collect();
            loop {
                let mut on = false;
                for (i, sim) in sims.iter_mut().enumerate() {
                    on = sim.step(&mut random);
                    if on {
                        if sim.tick.canary.len() != tick.services[i].canary.len() {
                            tick.services[i] = sim.tick.clone();
                        } else {
                            tick.services[i].clone_from(&sim.tick);
                        }
                    }
                }
                if !on {
                    break;
                }
                ticks += (services * (situation.pods.0 + situation.pods.1)) as u64;
                judge.observe(&tick);
                if situation.ratio > 1.3 && judge.verdict().answer == Answer::Worse {
                    break;
                }
            }
            let v = judge.verdict();
            if v.answer == Answer::Worse {
                found += 1;
                ats.push(v.at.unwrap());
            }
            if v.answer == Answer::NotWorse {
                nw += 1;
            }
            if judge.ln_evidence() > 0.0 {
                cross50 += 1;
            }
        }
        ats.sort_by(f64::total_cmp);
        let med = ats.get(ats.len() / 2).copied().unwrap_or(f64::NAN);
        println!(
            "{name:28} worse {:6.2}% median {med:5.0}  not-worse {:5.1}%  E>1 {:4.1}%  {:.0} ns/podtick",
            100. * found as f64 / runs as f64,
            100. * nw as f64 / runs as f64,
            100. * cross50 as f64 / runs as f64,
            start.elapsed().as_nanos() as f64 / ticks as f64
        );
    }
}
