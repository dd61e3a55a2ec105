//! What services must be to each other: each there once, and no circle.
use std::collections::{BTreeMap, BTreeSet};

use super::{Position, Problem, Service};

/// Checks a policy whose fields are fine one by one. `places` are those of the services.
pub(super) fn services(services: &[Service], places: &[Position], start: Position) -> Result<(), Problem> {
    if services.is_empty() {
        return Err(Problem::new(start, "services", "there is no service in it")
            .hint("name them in the policy, one `- name` a line, or by the input `services`"));
    }
    let place = |at: usize| places.get(at).copied().unwrap_or(start);
    let mut names = BTreeSet::new();
    let mut deployments = BTreeMap::new();
    for (at, service) in services.iter().enumerate() {
        if !names.insert(service.name.as_str()) {
            let message = format!("`{}` is there twice", service.name);
            return Err(Problem::new(place(at), "services", message).hint("remove one of them"));
        }
        if let Some(first) = deployments.insert(&service.deployment, &service.name) {
            let message = format!("`{first}` and `{}` mean the same deployment `{}`", service.name, service.deployment);
            return Err(Problem::new(place(at), "services", message).hint("give each service its own `deployment`"));
        }
    }
    for (at, service) in services.iter().enumerate() {
        if let Some(unknown) = service.depends_on.iter().find(|name| !names.contains(name.as_str())) {
            let field = format!("services.{}.dependsOn", service.name);
            let message = format!("`{unknown}` is not a service of this policy");
            return Err(Problem::new(place(at), field, message).hint("name a service of the same file, or drop it"));
        }
    }
    order(services).map_err(|stuck| {
        let names: Vec<&str> = stuck.iter().map(|at| services[*at].name.as_str()).collect();
        let message = format!("`dependsOn` goes in a circle through {}", names.join(", "));
        Problem::new(place(stuck[0]), "services", message).hint("drop one of these dependencies")
    })?;
    Ok(())
}

/// The order of promotion; the services that wait for each other in a circle, where there is one.
pub(super) fn order(services: &[Service]) -> Result<Vec<usize>, Vec<usize>> {
    let index: BTreeMap<&str, usize> = services.iter().enumerate().map(|(at, s)| (s.name.as_str(), at)).collect();
    let mut waits: Vec<BTreeSet<usize>> = Vec::new();
    let mut wanted_by = vec![Vec::new(); services.len()];
    for (at, service) in services.iter().enumerate() {
        let before: BTreeSet<usize> =
            service.depends_on.iter().filter_map(|name| index.get(name.as_str())).copied().collect();
        before.iter().for_each(|other| wanted_by[*other].push(at));
        waits.push(before);
    }
    let key = |at: usize| (services[at].order, at);
    let mut free: BTreeSet<(i32, usize)> = (0..services.len()).filter(|at| waits[*at].is_empty()).map(key).collect();
    let mut sorted = Vec::new();
    while let Some((_, next)) = free.pop_first() {
        sorted.push(next);
        for &other in &wanted_by[next] {
            waits[other].remove(&next);
            if waits[other].is_empty() {
                free.insert(key(other));
            }
        }
    }
    match sorted.len() == services.len() {
        true => Ok(sorted),
        false => Err(circle(&waits)),
    }
}

/// Those of the waiting ones that others of them wait for, directly or not: the circles, without what only hangs on them.
fn circle(waits: &[BTreeSet<usize>]) -> Vec<usize> {
    let mut stuck: BTreeSet<usize> = (0..waits.len()).filter(|at| !waits[*at].is_empty()).collect();
    loop {
        let wanted: BTreeSet<usize> = stuck.iter().flat_map(|at| &waits[*at]).copied().collect();
        let before = stuck.len();
        stuck.retain(|at| wanted.contains(at));
        if stuck.len() == before {
            return stuck.into_iter().collect();
        }
    }
}
