//! The command `demo`.
use std::path::PathBuf;
use std::time::Duration;

use action::{Answer, Failure, Line, OrFail, Report};
use cluster_sim::Cluster;

use crate::demo::{self, News, Release, Scenario};
use crate::evidence::{Evidence, Outcome};
use crate::inputs::{DemoInputs, Format, Sinks};
use crate::report::{Screen, tell};

/// How long a picture stays on a terminal before the next one, so that a person can follow.
const PICTURE: Duration = Duration::from_millis(50);

pub(crate) fn run(inputs: DemoInputs, report: &mut Report) -> Result<Answer, Failure> {
    let DemoInputs { scenario, seed, sinks } = inputs;
    let sinks = sinks.settings();
    let chosen = scenario.as_deref().map(named).transpose()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = runtime.or_fail(|| "start the runtime")?;
    runtime.block_on(async {
        match chosen {
            Some(scenario) => one(scenario, seed, (report, &sinks)).await,
            None => two(seed, (report, &sinks)).await,
        }
    })
}

fn named(name: &str) -> Result<Scenario, Failure> {
    Scenario::named(name).ok_or_else(|| {
        let names: Vec<&str> = Scenario::ALL.iter().map(|scenario| scenario.name()).collect();
        Failure::inputs("play the demo", format!("there is no scenario `{name}`"))
            .hint(format!("choose one of {}", names.join(", ")))
    })
}

/// One scenario: 0 when the release ships, 1 when it is stopped.
async fn one(scenario: Scenario, seed: u64, (report, sinks): (&mut Report, &Sinks)) -> Result<Answer, Failure> {
    let release = Release::new("2", "demo1", scenario);
    let cluster = open(&release, seed).await?;
    let evidence = watched(&cluster, &release, (report, sinks)).await?;
    match evidence.outcome {
        Outcome::Promoted => Ok(Answer::Yes),
        Outcome::Aborted | Outcome::RolledBack => Ok(Answer::No),
        Outcome::Frozen | Outcome::Running => {
            let text = "there is not enough evidence to go on, and the policy says hold";
            Err(Failure::outside("tell whether the new version is worse", text))
        }
    }
}

/// A bad release that is stopped, then a good one that ships, on the same cluster; each leaves its page.
async fn two(seed: u64, (report, sinks): (&mut Report, &Sinks)) -> Result<Answer, Failure> {
    let bad = Release::new("2", "demo1", Scenario::ErrorsX5);
    let good = Release::new("3", "demo2", Scenario::Good);
    let cluster = open(&bad, seed).await?;
    let stopped = watched(&cluster, &bad, (report, &beside(sinks, "stopped"))).await?;
    report.line("");
    let shipped = watched(&cluster, &good, (report, &beside(sinks, "shipped"))).await?;
    Ok(Answer::from((stopped.outcome, shipped.outcome) == (Outcome::Aborted, Outcome::Promoted)))
}

/// Where one of two rollouts leaves its files: `canary-demo-stopped.html`.
fn beside(sinks: &Sinks, which: &str) -> Sinks {
    let named = |path: PathBuf| {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let end = path.extension().map_or(String::new(), |end| format!(".{}", end.to_string_lossy()));
        path.with_file_name(format!("{stem}-{which}{end}"))
    };
    let html = sinks.html.clone().or_else(|| (sinks.format == Format::Text).then(|| PathBuf::from("canary-demo.html")));
    Sinks { html: html.map(named), evidence: sinks.evidence.clone().map(named), format: sinks.format }
}

async fn open(release: &Release, seed: u64) -> Result<Cluster, Failure> {
    demo::open(release.scenario, (seed, &release.version)).await.or_fail(|| "open the shop")
}

/// Plays a release, shows it meanwhile, and says in the end what came of it.
async fn watched(
    cluster: &Cluster,
    release: &Release,
    (report, sinks): (&mut Report, &Sinks),
) -> Result<Evidence, Failure> {
    let shown = sinks.format == Format::Text;
    if shown {
        report.line(Line::new().bold(sentence(release.scenario.about())));
    }
    let (tell_news, mut news) = demo::news();
    let mut screen = Screen::new();
    let playing = demo::play(cluster, release, &tell_news);
    tokio::pin!(playing);
    let ended = loop {
        tokio::select! {
            biased;
            Some(news) = news.recv() => if shown { show(&news, (&mut screen, report)) },
            ended = &mut playing => break ended,
        }
    };
    while let Ok(news) = news.try_recv() {
        if shown {
            show(&news, (&mut screen, report));
        }
    }
    let evidence = ended.map_err(Failure::from)?;
    if shown {
        report.line("");
    }
    tell(&evidence, (report, sinks))?;
    if let Some(path) = sinks.html.as_ref().filter(|_| shown) {
        report.line(Line::new().dim(format!("The report is in {}.", path.display())));
    }
    Ok(evidence)
}

fn show(news: &News, (screen, report): (&mut Screen, &mut Report)) {
    match news {
        News::Seen(evidence) => {
            screen.show(evidence, report);
            if report.interactive() {
                // The clock of the rollout is paused; this is the reader's.
                std::thread::park_timeout(PICTURE);
            }
        }
        // What is said stands above the next picture.
        News::Said(text) => {
            *screen = Screen::new();
            report.line(Line::new().doubtful(sentence(text)));
        }
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let text: String = letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect());
    format!("{text}.")
}
