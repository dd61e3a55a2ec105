//! Horizontal bars: a share of a whole, and the share that it should reach.
use maud::{Markup, html};

use crate::State;
use crate::escape::visible;

/// A share of a whole in hundredths of a percent, from nothing to all of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(u16);

/// All of it.
const WHOLE: u16 = 10_000;

impl Share {
    /// `part` of `whole`, cut off; more than all is all; `None` of nothing.
    pub fn of(part: u64, whole: u64) -> Option<Self> {
        let share = (u128::from(part) * u128::from(WHOLE)).checked_div(u128::from(whole))?;
        Some(Self(u16::try_from(share).unwrap_or(WHOLE).min(WHOLE)))
    }

    /// Reads `72.22`, or `70`; `None` of anything else, or more than 100.
    pub fn of_percent(text: &str) -> Option<Self> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(decimals) {
            return None;
        }
        let decimals: String = decimals.chars().chain("00".chars()).take(2).collect();
        let share = whole.parse::<u16>().ok()?.checked_mul(100)?.checked_add(decimals.parse().ok()?)?;
        (share <= WHOLE).then_some(Self(share))
    }

    /// `72.22%`, as SVG and CSS read it.
    pub(crate) fn css(self) -> String {
        format!("{}.{:02}%", self.0 / 100, self.0 % 100)
    }
}

/// A horizontal bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    share: Share,
    state: State,
    threshold: Option<Share>,
    label: String,
}

impl Bar {
    /// A bar that is full up to `share`; `label` says the same in words, and stands beside it in a table.
    pub fn new(share: Share, state: State, label: impl Into<String>) -> Self {
        Self { share, state, threshold: None, label: label.into() }
    }

    /// Marks what should be reached.
    pub fn threshold(mut self, threshold: Option<Share>) -> Self {
        self.threshold = threshold;
        self
    }

    pub(crate) fn label(&self) -> &str {
        &self.label
    }

    pub(crate) fn markup(&self) -> Markup {
        let aim = self.threshold.map(|aim| format!(", of {} that are needed", aim.css())).unwrap_or_default();
        html! {
            svg class={ "bar " (self.state.class()) } role="img" aria-label={ (visible(&self.label)) (aim) } {
                rect class="track" width="100%" height="6" y="3" rx="1.5" {}
                @if self.share > Share(0) { rect class="fill" width=(self.share.css()) height="6" y="3" rx="1.5" {} }
                @if let Some(aim) = self.threshold {
                    line class="aim-gap" x1=(aim.css()) x2=(aim.css()) y1="0" y2="12" {}
                    line class="aim" x1=(aim.css()) x2=(aim.css()) y1="0" y2="12" {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_cut_off() {
        assert_eq!(Share::of(69_996, 100_000), Some(Share(6_999)));
        assert_eq!(Share::of(13, 18), Some(Share(7_222)));
        assert_eq!(Share::of(5, 0), None);
        assert_eq!(Share::of(u64::MAX, 1), Some(Share(WHOLE)));
        assert_eq!(Share::of(u64::MAX, u64::MAX), Some(Share(WHOLE)));
    }

    #[test]
    fn percentages_are_read() {
        assert_eq!(Share::of_percent("72.22"), Some(Share(7_222)));
        assert_eq!(Share::of_percent("70"), Some(Share(7_000)));
        assert_eq!(Share::of_percent("70.5"), Some(Share(7_050)));
        assert_eq!(Share::of_percent("69.9999"), Some(Share(6_999)));
        assert_eq!(Share::of_percent("100"), Some(Share(WHOLE)));
        for odd in ["", ".", "1.", ".5", "-1", "+1", "100.01", "1e2", "NaN", "70 %", "700000", "\"70"] {
            assert_eq!(Share::of_percent(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_bar_says_what_it_shows() {
        let bar = Bar::new(Share(7_222), State::Bad, "a \"b\"").threshold(Some(Share(8_000)));
        let svg = bar.markup().into_string();
        assert!(svg.contains("aria-label=\"a &quot;b&quot;, of 80.00% that are needed\""), "{svg}");
        assert!(svg.contains("width=\"72.22%\"") && svg.contains("x1=\"80.00%\""), "{svg}");
    }
}
