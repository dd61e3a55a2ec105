//! Seeded random numbers for simulations: the same seed, the same series, on every machine.

/// xoshiro256++ (Blackman and Vigna 2019).
#[derive(Clone, Debug)]
pub struct Random {
    state: [u64; 4],
}

impl Random {
    /// From a seed, spread by splitmix64.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut seed = seed;
        let state = std::array::from_fn(|_| {
            seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = seed;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^ (mixed >> 31)
        });
        Self { state }
    }

    fn next(&mut self) -> u64 {
        let [a, b, c, d] = self.state;
        let answer = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let (c, d) = (c ^ a, d ^ b);
        self.state = [a ^ d, b ^ c, c ^ (b << 17), d.rotate_left(45)];
        answer
    }

    /// Uniform in (0, 1).
    pub fn uniform(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// A whole number below `bound`, which is at least 1.
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u64
    }

    /// Standard normal (Box and Muller 1958).
    pub fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// Poisson with a mean; by multiplication of uniforms below 12, by a rounded normal with Cornish–Fisher's correction for
    /// skew above 400, and by halving with a gamma variate in between.
    pub fn poisson(&mut self, mean: f64) -> u64 {
        if mean < 12.0 {
            let (limit, mut product, mut count) = ((-mean).exp(), self.uniform(), 0);
            while product > limit {
                product *= self.uniform();
                count += 1;
            }
            return count;
        }
        if mean > 400.0 {
            let z = self.normal();
            return (mean + mean.sqrt() * z + (z * z - 1.0) / 6.0 + 0.5).max(0.0) as u64;
        }
        // The time of the m-th event is Gamma(m); what comes before and after it is Binomial or Poisson (Ahrens, Dieter 1974).
        let m = (mean * 7.0 / 8.0).floor();
        let time = self.gamma(m);
        if time > mean { self.binomial(m as u64 - 1, mean / time) } else { m as u64 + self.poisson(mean - time) }
    }

    /// Binomial; trial by trial when small, else by splitting at a beta variate (Relles 1972).
    pub fn binomial(&mut self, trials: u64, chance: f64) -> u64 {
        let (mut trials, mut chance, mut count) = (trials, chance, 0);
        while trials > 24 {
            if chance <= 0.0 {
                return count;
            }
            let mean = trials as f64 * chance;
            if mean < 6.0 {
                return count + self.rare(trials, chance);
            }
            let middle = trials / 2 + 1;
            let split = self.beta(middle as f64, (trials + 1 - middle) as f64);
            if split <= chance {
                count += middle;
                trials -= middle;
                chance = (chance - split) / (1.0 - split);
            } else {
                trials = middle - 1;
                chance /= split;
            }
        }
        count + (0..trials).filter(|_| self.uniform() < chance).count() as u64
    }

    /// Few successes in many trials: by the gaps between them.
    fn rare(&mut self, trials: u64, chance: f64) -> u64 {
        let (ln, mut at, mut count) = ((-chance).ln_1p(), 0.0, 0);
        loop {
            at += (self.uniform().ln() / ln).floor() + 1.0;
            if at > trials as f64 {
                return count;
            }
            count += 1;
        }
    }

    /// Gamma with a shape > 0 and scale 1 (Marsaglia and Tsang 2000).
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            return self.gamma(shape + 1.0) * self.uniform().powf(1.0 / shape);
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = (1.0 + c * x).powi(3);
            if v > 0.0 && self.uniform().ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }

    /// Beta with two shapes > 0.
    pub fn beta(&mut self, a: f64, b: f64) -> f64 {
        let x = self.gamma(a);
        x / (x + self.gamma(b))
    }
}
