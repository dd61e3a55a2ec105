//! What became of the release on GitHub: an address, or the reasons of a refusal.
use action::{Annotation, Answer, Report};

use crate::apply::Released;

/// Tells it; a refusal is a "no" with each of its reasons.
pub(crate) fn write(report: &mut Report, released: Released) -> Answer {
    match released {
        Released::Not => Answer::Yes,
        Released::There { url, before } => {
            report.output("release-url", &url);
            let how = if before { "was there before, and is as it should be" } else { "is as it should be" };
            report.progress(format!("the release {how}: {url}"));
            Answer::Yes
        }
        Released::Refused(reasons) => {
            for reason in reasons {
                report.annotate(Annotation::error(reason).title("release-refused"));
            }
            Answer::No
        }
    }
}
