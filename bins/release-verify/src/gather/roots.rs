//! The trusted roots: built in, or from files of one root or of one a line.
use std::path::{Path, PathBuf};

use action::{Failure, OrFail as _};
use jiff::Timestamp;
use serde_json::Value;
use sigstore_verify::trust_root::{SIGSTORE_GITHUB_TRUSTED_ROOT, SIGSTORE_PRODUCTION_TRUSTED_ROOT, TrustedRoot};

use super::{bounded, days, shown};
use crate::record::RootRow;
use crate::seal::Root;

/// The day that the built-in roots are of: when the version of `sigstore-trust-root` was released that carries them.
pub const BUILT_IN_SINCE: &str = "2026-10-23";
/// That version; a test holds it against Cargo.lock, so that the day above is not forgotten.
pub const BUILT_IN_VERSION: &str = "0.15.1";

const LARGEST: u64 = 4 << 20;
/// More than there are instances of Sigstore.
const MOST: usize = 32;

/// The roots of the files, or those that are built in.
pub(crate) fn read(files: &[PathBuf], now: Timestamp) -> Result<(Vec<Root>, Vec<RootRow>), Failure> {
    if files.is_empty() {
        return built_in(now);
    }
    let (mut roots, mut rows) = (Vec::new(), Vec::new());
    for path in files {
        let bytes = bounded(path, LARGEST, "the trusted root")?;
        let doing = || format!("read the trusted root {}", shown(path));
        for value in serde_json::Deserializer::from_slice(&bytes).into_iter::<Value>() {
            let value = value.or_bad_input(doing)?;
            let (root, parsed) = Root::read(&value.to_string()).map_err(|why| wrong(path, &why))?;
            rows.push(row(path, &parsed, now));
            roots.push(root);
        }
        if roots.is_empty() || roots.len() > MOST {
            return Err(wrong(path, &format!("it has {} roots, and one to {MOST} make sense", roots.len())));
        }
    }
    Ok((roots, rows))
}

fn wrong(path: &Path, why: &str) -> Failure {
    Failure::inputs(format!("read the trusted root {}", shown(path)), why)
        .hint("give a `trusted_root.json` of Sigstore's, or what `gh attestation trusted-root` prints")
}

fn built_in(now: Timestamp) -> Result<(Vec<Root>, Vec<RootRow>), Failure> {
    let since = midnight(BUILT_IN_SINCE);
    let (mut roots, mut rows) = (Vec::new(), Vec::new());
    for (whose, json) in [("Sigstore", SIGSTORE_PRODUCTION_TRUSTED_ROOT), ("GitHub", SIGSTORE_GITHUB_TRUSTED_ROOT)] {
        let (root, _) = Root::read(json).map_err(|why| Failure::outside("use the built-in trusted root", why))?;
        let as_of = BUILT_IN_SINCE.to_owned();
        rows.push(RootRow { origin: format!("built in: {whose}"), as_of, age_days: days(since, now) });
        roots.push(root);
    }
    Ok((roots, rows))
}

/// A root of a file is as old as its newest key: nothing else in it has a date.
fn row(path: &Path, root: &TrustedRoot, now: Timestamp) -> RootRow {
    let logs = root.tlogs.iter().map(|log| log.public_key.valid_for);
    let certificate_logs = root.ctlogs.iter().map(|log| log.public_key.valid_for);
    let authorities = root.certificate_authorities.iter().map(|authority| authority.valid_for);
    let clocks = root.timestamp_authorities.iter().map(|authority| authority.valid_for);
    let all = logs.chain(certificate_logs).chain(authorities).chain(clocks);
    let newest = all.flatten().map(|range| range.start).max().unwrap_or(Timestamp::UNIX_EPOCH);
    let as_of = newest.strftime("%Y-%m-%d").to_string();
    RootRow { origin: shown(path), as_of, age_days: days(newest, now) }
}

fn midnight(day: &str) -> Timestamp {
    format!("{day}T00:00:00Z").parse().unwrap_or(Timestamp::UNIX_EPOCH)
}
