//! How the page looks: one style sheet, in which every colour is a variable with a value for light and one for dark.

/// The style sheet.
pub(crate) const CSS: &str = include_str!("style.css");

#[cfg(test)]
mod tests {
    use super::CSS;

    /// The value of a colour in the light (0) or the dark (1) half.
    fn colour(name: &str, half: usize) -> [f64; 3] {
        let marker = format!("--{name}: #");
        let values: Vec<&str> = CSS.split(&marker).skip(1).map(|rest| &rest[..6]).collect();
        assert_eq!(values.len(), 2, "{name} has a value for light and one for dark");
        let part = |at: usize| f64::from(u8::from_str_radix(&values[half][at..at + 2], 16).unwrap()) / 255.0;
        [part(0), part(2), part(4)]
    }

    /// <https://www.w3.org/TR/WCAG22/#dfn-relative-luminance>
    fn luminance(colour: [f64; 3]) -> f64 {
        let linear = colour.map(|part| if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    fn check(front: &str, back: &str, least: f64) {
        for half in [0, 1] {
            let (a, b) = (luminance(colour(front, half)), luminance(colour(back, half)));
            let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
            assert!(contrast >= least, "{front} on {back}, half {half}: {contrast:.2}, but {least} are needed");
        }
    }

    #[test]
    fn text_can_be_read_in_light_and_dark() {
        let tints = ["good-tint", "bad-tint", "doubtful-tint", "added-tint", "esc-tint"];
        for back in ["page", "card", "raised"].into_iter().chain(tints) {
            check("ink", back, 7.0);
            check("soft", back, 4.5);
        }
        for state in ["good", "bad", "doubtful", "neutral", "added"] {
            for back in ["page", "card", "raised"] {
                check(state, back, 4.5);
            }
        }
        for state in ["good", "bad", "doubtful", "added"] {
            check(state, &format!("{state}-tint"), 4.5);
        }
        check("esc", "esc-tint", 4.5);
    }

    #[test]
    fn drawings_can_be_seen_in_light_and_dark() {
        for state in ["good", "bad", "doubtful", "neutral"] {
            check(state, "track", 3.0);
            check("card", state, 3.0);
        }
        check("ink", "track", 3.0);
    }

    #[test]
    fn nothing_is_fetched() {
        for word in ["url(", "@import", "http", "//", "expression", "</"] {
            assert!(!CSS.contains(word), "{word}");
        }
        assert_eq!(CSS.matches('{').count(), CSS.matches('}').count());
    }
}
