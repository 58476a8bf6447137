//! Numbers that come out the same in every run.

/// `SplitMix64`.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Numbers that begin at a seed; the nth number of seed s is what seed s + n gamma gives first.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Numbers for the item that a counter stands at: neighbors share nothing.
    pub fn at(seed: u64, counted: u64) -> Self {
        let mut seeds = Self(seed ^ counted.wrapping_mul(0xd134_2543_de82_ef95));
        Self(seeds.number())
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        number ^ (number >> 31)
    }

    /// A number below a bound, which is far below 2^64.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.number().checked_rem(bound).unwrap_or_default()
    }

    /// A number from 0 to just below 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    pub fn fraction(&mut self) -> f64 {
        (self.number() >> 11) as f64 / (1_u64 << 53) as f64
    }
}
