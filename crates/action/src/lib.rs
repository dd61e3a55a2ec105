//! The GitHub Actions contract: inputs, outputs, annotations, summary, events, cancellation, exit codes.
