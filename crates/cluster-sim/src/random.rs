//! Seeded randomness: `SplitMix64`, and the few distributions that traffic needs.

/// A generator whose numbers follow from its seed alone.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

/// What names end in: no vowels, so that no words come about (as Kubernetes does).
const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

impl Random {
    /// The generator of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any number (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `[0, 1)`.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are what a double holds")]
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A whole number in `low..=high`.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high - low).unwrap_or(0) + 1;
        low + i64::try_from(self.next() % width).unwrap_or(0)
    }

    /// A standard normal number (Box and Muller, 1958).
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// How many of `n` trials succeed when each does with probability `p`: exact while few are expected, else the normal limit.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "bounded by n"
    )]
    pub(crate) fn binomial(&mut self, n: u64, p: f64) -> u64 {
        if n == 0 || p <= 0.0 {
            return 0;
        }
        if p > 0.5 {
            return n - self.binomial(n, 1.0 - p);
        }
        let mean = n as f64 * p;
        if mean > 40.0 {
            let drawn = mean + (mean * (1.0 - p)).sqrt() * self.normal();
            return drawn.round().clamp(0.0, n as f64) as u64;
        }
        // Waiting times between successes are geometric.
        let (mut successes, mut at) = (0, 0.0);
        loop {
            at += ((1.0 - self.unit()).ln() / (1.0 - p).ln()).floor() + 1.0;
            if at > n as f64 {
                return successes;
            }
            successes += 1;
        }
    }

    /// How many events happen when `mean` are expected: exact while few are, else the normal limit.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative, and bounded by the mean"
    )]
    pub(crate) fn poisson(&mut self, mean: f64) -> u64 {
        if mean > 40.0 {
            return (mean + mean.sqrt() * self.normal()).round().max(0.0) as u64;
        }
        let (mut events, mut left) = (0, (-mean).exp());
        let mut product = self.unit();
        while product > left {
            events += 1;
            product *= self.unit();
            left = left.max(f64::MIN_POSITIVE);
        }
        events
    }

    /// The random end of a name.
    pub(crate) fn suffix(&mut self, length: usize) -> String {
        (0..length).map(|_| letter(self.next())).collect()
    }

    /// An identity in the form of the API's.
    pub(crate) fn uid(&mut self) -> String {
        let (a, b) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
            a >> 32,
            a >> 16 & 0xffff,
            a & 0xfff,
            b >> 52,
            b & 0xffff_ffff_ffff
        )
    }
}

/// One letter of a name's end.
#[expect(clippy::cast_possible_truncation, reason = "below 27")]
pub(crate) fn letter(number: u64) -> char {
    char::from(LETTERS[(number % LETTERS.len() as u64) as usize])
}
