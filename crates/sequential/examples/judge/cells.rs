//! The situations of the suite, and what is to be reached in each.
use sequential::simulate::Situation;

/// What is to be reached.
#[derive(Clone, Copy)]
pub(crate) enum Goal {
    /// At most this share of healthy releases is called worse.
    FalseAborts(f64),
    /// At least this share of bad releases is found, half of these within so many seconds.
    Found(f64, f64),
}

/// One row of the table.
pub(crate) struct Cell {
    pub(crate) name: &'static str,
    pub(crate) situation: Situation,
    pub(crate) services: usize,
    pub(crate) goal: Goal,
}

/// The rows.
pub(crate) fn cells() -> Vec<Cell> {
    let mut cells = healthy();
    cells.extend(bad());
    cells.extend(restarting());
    let group = Cell {
        services: 8,
        ..cell("8 services, healthy, 100 × 1 %", rates(100.0, 0.01, 1.0), Goal::FalseAborts(0.01))
    };
    cells.push(group);
    cells
}

fn healthy() -> Vec<Cell> {
    let few = rates(100.0, 0.001, 1.0);
    let many = rates(1000.0, 0.01, 1.0);
    let outage = Situation { outage: Some((60.0, 0.2)), ..few.clone() };
    let clustered = Situation { clustering: 0.01, ..many.clone() };
    let spread = |spread| Situation { spread, ..many.clone() };
    let minutes = Situation { bad_minutes: Some((1.0, 0.05)), ..few };
    vec![
        cell("healthy, 100 × 1 %", rates(100.0, 0.01, 1.0), Goal::FalseAborts(0.003)),
        cell("healthy, 1000 × 0.1 %", rates(1000.0, 0.001, 1.0), Goal::FalseAborts(0.003)),
        cell("shared outage 60 s at 20 %, 100 × 0.1 %", outage, Goal::FalseAborts(0.005)),
        cell("clustered (ICC 0.01), 1000 × 1 %", clustered, Goal::FalseAborts(0.02)),
        cell("pods differ (σ 0.2), 1000 × 1 %", spread(0.2), Goal::FalseAborts(0.005)),
        cell("pods differ (σ 0.5), 1000 × 1 %", spread(0.5), Goal::FalseAborts(0.05)),
        cell("bad minutes, 100 × 0.1 %", minutes, Goal::FalseAborts(0.03)),
        cell("×1.2, 1000 × 1 %", rates(1000.0, 0.01, 1.2), Goal::FalseAborts(0.005)),
    ]
}

fn bad() -> Vec<Cell> {
    vec![
        // All that a table in whole percent calls 100.
        cell("×10, 100 × 0.1 %", rates(100.0, 0.001, 10.0), Goal::Found(0.995, 65.0)),
        cell("×5, 100 × 0.1 %", rates(100.0, 0.001, 5.0), Goal::Found(0.62, 155.0)),
        cell("×3, 100 × 1 %", rates(100.0, 0.01, 3.0), Goal::Found(0.99, 90.0)),
        cell("×2, 1000 × 1 %", rates(1000.0, 0.01, 2.0), Goal::Found(0.995, 50.0)),
        cell("30 % errors, 1 × 0.1 %", rates(1.0, 0.001, 300.0), Goal::Found(0.79, 150.0)),
    ]
}

/// Restarts in pod-seconds, beside errors that do not differ; and a canary that answers nothing at first.
fn restarting() -> Vec<Cell> {
    let few = rates(100.0, 0.001, 1.0);
    let restarts = |hourly: f64, ratio: f64| Situation { restarts: Some((hourly, ratio)), ..few.clone() };
    let differ = Situation { spread: 0.5, ..restarts(1.0, 1.0) };
    let slow = Situation { start: 90.0, ..restarts(0.1, 1.0) };
    vec![
        cell("healthy, a restart per pod-hour", restarts(1.0, 1.0), Goal::FalseAborts(0.003)),
        cell("healthy, a restart per pod-hour, pods differ (σ 0.5)", differ, Goal::FalseAborts(0.005)),
        cell("healthy, slow start (90 s)", slow, Goal::FalseAborts(0.003)),
        cell("a restart in 30 s, stable 0.1 an hour", restarts(0.1, 1200.0), Goal::Found(0.95, 150.0)),
        cell("a restart a minute, stable 0.1 an hour", restarts(0.1, 600.0), Goal::Found(0.5, 225.0)),
    ]
}

fn rates(requests: f64, errors: f64, ratio: f64) -> Situation {
    Situation { requests, errors, ratio, ..Situation::default() }
}

fn cell(name: &'static str, situation: Situation, goal: Goal) -> Cell {
    Cell { name, situation, services: 1, goal }
}
