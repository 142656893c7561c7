//! A small generator (SplitMix64) and the distributions that the clinic is drawn from.
//!
//! A seed must give the same clinic in every version, which no crate promises.

/// SplitMix64 (Steele, Lea, Flood 2014): one word of state, equidistributed, good enough for fiction.
#[derive(Debug, Clone)]
pub struct Random(u64);

/// How far a word moves the state: 2⁶⁴ by the golden ratio.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The sequence of the seed 0, after so many words of it.
    pub fn at(place: u64) -> Self {
        Self(place.wrapping_mul(STEP))
    }

    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.word() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Uniform in `low..high`; `low` if the range is empty.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + (self.unit() * (high - low).max(0) as f64) as i64
    }

    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of `items`, each as likely as its weight. `None` if nothing has weight.
    pub fn weighted<'a, T>(&mut self, items: &'a [T], weight: impl Fn(&T) -> f64) -> Option<&'a T> {
        let total: f64 = items.iter().map(&weight).sum();
        let mut left = self.unit() * total;
        let mut last = None;
        for item in items {
            let share = weight(item);
            if share <= 0.0 {
                continue;
            }
            if left < share {
                return Some(item);
            }
            left -= share;
            last = Some(item);
        }
        last
    }

    /// Exponential with mean 1: the gap between arrivals of a Poisson process.
    pub fn exponential(&mut self) -> f64 {
        -(1.0 - self.unit()).ln()
    }

    /// Lognormal, given the two numbers that turnaround studies publish.
    pub fn lognormal(&mut self, median: f64, p90: f64) -> f64 {
        const Z90: f64 = 1.281_551_565_5;
        let sigma = (p90 / median).ln() / Z90;
        median * (sigma * self.normal()).exp()
    }

    /// Standard normal (Box–Muller).
    fn normal(&mut self) -> f64 {
        let radius = (2.0 * self.exponential()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    pub fn bytes(&mut self) -> [u8; 16] {
        let wide = u128::from(self.word()) << 64 | u128::from(self.word());
        wide.to_be_bytes()
    }
}

/// Marks 16 random bytes as a version 4 UUID (RFC 9562 §5.4).
pub fn uuid_v4(mut bytes: [u8; 16]) -> [u8; 16] {
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    bytes
}

/// The UUID in its 8-4-4-4-12 form.
pub fn uuid_text(bytes: [u8; 16]) -> String {
    let hex = format!("{:032x}", u128::from_be_bytes(uuid_v4(bytes)));
    [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ]
    .join("-")
}

/// A DICOM UID under the UUID root 2.25 (PS3.5 §B.2), which nobody's archive uses for patients.
pub fn uuid_uid(bytes: [u8; 16]) -> String {
    format!("2.25.{}", u128::from_be_bytes(uuid_v4(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_splitmix64() {
        // The first outputs for seed 1234567, from the reference implementation.
        let mut random = Random::new(1_234_567);
        assert_eq!(random.word(), 6_457_827_717_110_365_317);
        assert_eq!(random.word(), 3_203_168_211_198_807_973);
        let mut random = Random::new(0);
        let words: Vec<u64> = (0..5).map(|_| random.word()).collect();
        assert_eq!(Random::at(4).word(), words[4]);
    }

    #[test]
    fn the_distributions_have_the_numbers_they_are_named_by() {
        let mut random = Random::new(1);
        let mut draws: Vec<f64> = (0..20_000).map(|_| random.lognormal(28.0, 70.0)).collect();
        draws.sort_by(f64::total_cmp);
        assert!((26.0..30.0).contains(&draws[10_000]), "{}", draws[10_000]);
        assert!((65.0..75.0).contains(&draws[18_000]), "{}", draws[18_000]);
        let mean = (0..20_000).map(|_| random.exponential()).sum::<f64>() / 20_000.0;
        assert!((0.97..1.03).contains(&mean), "{mean}");
    }

    #[test]
    fn weightless_items_are_never_drawn() {
        let mut random = Random::new(2);
        for _ in 0..1000 {
            assert_eq!(random.weighted(&[0.0, 1.0, 0.0], |w| *w), Some(&1.0));
        }
        assert_eq!(random.weighted(&[0.0], |w| *w), None);
    }

    #[test]
    fn uuid_forms_are_well_formed() {
        assert_eq!(
            uuid_text([0xff; 16]),
            "ffffffff-ffff-4fff-bfff-ffffffffffff"
        );
        assert!(
            uuid_uid([0xff; 16])
                .parse::<crate::wire::DicomUid>()
                .is_ok()
        );
    }
}
