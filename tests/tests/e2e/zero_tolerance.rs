//! zero-tolerance on pull requests: code that only pretends stops the run, its honest twin is built and tested.
use crate::monorepo::{Monorepo, pull_request};

const FAKE: &str = "export interface Stock {\n  sku: string;\n  left: number;\n}\n\nexport async function loadStock(sku: string): Promise<Stock> {\n  \
                    await new Promise((resolve) => setTimeout(resolve, 300));\n  return { sku, left: Math.floor(Math.random() * 40) };\n}\n";
const HONEST: &str = "export interface Stock {\n  sku: string;\n  left: number;\n}\n\nexport async function loadStock(sku: string): Promise<Stock> {\n  \
                      const answer = await fetch(`/api/stock/${encodeURIComponent(sku)}`);\n  if (!answer.ok) {\n    \
                      throw new Error(`stock of ${sku}: HTTP ${String(answer.status)}`);\n  }\n  const body = (await answer.json()) as { left: number };\n  \
                      return { sku, left: body.left };\n}\n";

#[test]
fn a_fake_stops_the_run() {
    let Some(mut monorepo) = Monorepo::new() else { return };
    monorepo.change("feat(frontend): show stock", &[("frontend/src/stock.ts", "", FAKE)]);
    let run = monorepo.run("pull_request", &pull_request(), "zero-tolerance.yml");
    assert_eq!(run.jobs(), ["Fake code failure", "Zero tolerance status failure"], "{}", run.log);
    assert_eq!(
        (monorepo.ended("fake-code-detector"), monorepo.ended("job-gate")),
        (vec!["1".to_owned()], vec!["1".to_owned()])
    );
}

#[test]
fn its_honest_twin_is_built_and_tested() {
    let Some(mut monorepo) = Monorepo::new() else { return };
    monorepo.change("feat(frontend): show stock", &[("frontend/src/stock.ts", "", HONEST)]);
    let run = monorepo.run("pull_request", &pull_request(), "zero-tolerance.yml");
    assert_eq!(run.jobs(), ["Fake code success", "Front end success", "Zero tolerance status success"], "{}", run.log);
    assert_eq!(monorepo.ended("job-gate"), ["0"]);
}
