//! Numbers, times and names as people read them.
use crate::evidence::Evidence;

/// `42 s`, `3 min 05 s`, `1 h 02 min`.
pub(super) fn span(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 if seconds.is_multiple_of(60) => format!("{} min", seconds / 60),
        60..3_600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3_600, seconds / 60 % 60),
    }
}

/// `3:05`, `1:02:07`: time since the start, for columns.
pub(super) fn clock(seconds: u64) -> String {
    match seconds {
        0..3_600 => format!("{}:{:02}", seconds / 60, seconds % 60),
        _ => format!("{}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60),
    }
}

/// `10:03:12 UTC`: the time of day so many seconds after the start; nothing where the start cannot be read.
pub(super) fn moment(evidence: &Evidence, at: u64) -> Option<String> {
    let start: jiff::Timestamp = evidence.started_at.parse().ok()?;
    let at = start.checked_add(jiff::SignedDuration::from_secs(i64::try_from(at).ok()?)).ok()?;
    Some(at.strftime("%H:%M:%S UTC").to_string())
}

/// An image by its last path segment and enough of its digest: `api@4291429142…`, `api:1.4.2`.
pub(super) fn image(reference: &str) -> String {
    let last = reference.rsplit('/').next().unwrap_or(reference);
    match reference.split_once("@sha256:") {
        Some((name, hex)) => {
            let last = name.rsplit('/').next().unwrap_or(name);
            let named = last.split_once(':').map_or(last, |(name, _)| name);
            format!("{named}@{}…", hex.chars().take(10).collect::<String>())
        }
        None => last.to_owned(),
    }
}

/// A version by its tag, or by enough of its digest: `1.4.1`, `4291429`.
pub(super) fn version(reference: &str) -> String {
    let name = reference.split_once('@').map_or(reference, |(name, _)| name);
    let last = name.rsplit('/').next().unwrap_or(name);
    match (last.split_once(':'), reference.split_once("@sha256:")) {
        (Some((_, tag)), _) => tag.to_owned(),
        (None, Some((_, hex))) => hex.chars().take(7).collect(),
        (None, None) => last.to_owned(),
    }
}

/// A share without digits that say nothing: `1 %`, `0.5 %`.
pub(super) fn alpha(share: f64) -> String {
    let text = format!("{:.3}", share * 100.0);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

/// `1 pod`, `3 pods`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    page::counted(count as u64, noun)
}

/// A share in percent with as many digits as say something: `0`, `0.012 %`, `1.2 %`, `34 %`.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        _ if !percent.is_finite() => "–".to_owned(),
        p if p <= 0.0 => "0 %".to_owned(),
        p if p < 0.1 => format!("{p:.3} %"),
        p if p < 10.0 => format!("{p:.2} %"),
        p => format!("{p:.0} %"),
    }
}

/// Seconds as `340 ms`, `1.2 s`.
pub(super) fn latency(seconds: f64) -> String {
    match seconds {
        _ if !seconds.is_finite() => "–".to_owned(),
        s if s < 1.0 => format!("{:.0} ms", s * 1_000.0),
        s => format!("{s:.1} s"),
    }
}

/// An E-value: `0.8`, `12`, `3.1e7`.
pub(super) fn evidence(e: f64) -> String {
    match e {
        _ if e.is_nan() => "–".to_owned(),
        e if e >= 1e15 => "over 10¹⁵".to_owned(),
        e if e >= 10_000.0 => format!("{e:.0e}"),
        e if e >= 10.0 => format!("{e:.0}"),
        e if e >= 0.1 => format!("{e:.1}"),
        _ => "under 0.1".to_owned(),
    }
}

/// The first so many letters, with an ellipsis where there are more.
pub(super) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => text.chars().take(most.saturating_sub(1)).chain(['…']).collect(),
    }
}

/// Names in a sentence: `a`, `a and b`, `a, b and 3 more`.
pub(super) fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [one, two] => format!("{one} and {two}"),
        [one, two, three] => format!("{one}, {two} and {three}"),
        [one, two, rest @ ..] => format!("{one}, {two} and {} more", rest.len()),
    }
}

/// With a capital at its start.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_people_read_them() {
        assert_eq!([span(42), span(185), span(120), span(3_720)], ["42 s", "3 min 05 s", "2 min", "1 h 02 min"]);
        assert_eq!([clock(65), clock(3_727)], ["1:05", "1:02:07"]);
        assert_eq!(image("europe-docker.pkg.dev/p/r/api:1.4@sha256:4291429142914291"), "api@4291429142…");
        let versions =
            [version("r:5000/api:1.4@sha256:4291429142"), version("r:5000/api@sha256:4291429142"), version("api")];
        assert_eq!((versions, alpha(0.01)), (["1.4".into(), "4291429".into(), "api".into()], "1 %".into()));
        assert_eq!([image("r/api:1.4.2"), image("")], ["api:1.4.2", ""]);
        assert_eq!(
            [percent(0.0), percent(0.0001), percent(0.0123), percent(0.34)],
            ["0 %", "0.010 %", "1.23 %", "34 %"]
        );
        assert_eq!([latency(0.3404), latency(1.24), latency(f64::NAN)], ["340 ms", "1.2 s", "–"]);
        assert_eq!(
            [evidence(0.04), evidence(0.84), evidence(12.3), evidence(3.1e7)],
            ["under 0.1", "0.8", "12", "3e7"]
        );
        assert_eq!([cut("api", 3), cut("apis", 3)], ["api", "ap…"]);
        assert_eq!(list(&["a", "b", "c", "d", "e"]), "a, b and 3 more");
        assert_eq!(sentence("é is fine"), "É is fine");
    }
}
