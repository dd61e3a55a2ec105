//! Which service the evidence is against, and what it is made of.
use crate::contrast::Contrast;
use crate::judge::Judge;

/// The evidence against one service, as natural logarithms of e-values: 0 is none, and below 0 speaks for the service.
#[derive(Clone, Debug, PartialEq)]
pub struct Blame<'a> {
    /// The service.
    pub service: &'a str,
    /// All of it.
    pub ln_evidence: f64,
    /// By errors.
    pub errors: f64,
    /// By restarts, where they are counted.
    pub restarts: Option<f64>,
    /// By latency, where there are histograms.
    pub latency: Option<f64>,
}

impl Judge {
    /// The evidence against each service, in the order in which they were first seen.
    pub fn blame(&self) -> impl Iterator<Item = Blame<'_>> {
        self.services.iter().map(|service| Blame {
            service: &service.name,
            ln_evidence: service.ln_worse(),
            errors: service.errors.ln_worse(),
            restarts: service.restarts.as_ref().map(Contrast::ln_worse),
            latency: service.latency.mean(Contrast::ln_worse),
        })
    }
}
