//! Contrast as the Web Content Accessibility Guidelines 2.1 define it.

use super::Ink;

/// The least contrast at which text of ordinary size reads well (success criterion 1.4.3).
pub const READABLE: f64 = 4.5;

impl Ink {
    /// Its red, green and blue; nothing where the terminal decides.
    pub fn rgb(self) -> Option<[u8; 3]> {
        match self {
            Self::Default | Self::Indexed(0..16) => None,
            Self::Indexed(number) => Some(indexed(number)),
            Self::Rgb(red, green, blue) => Some([red, green, blue]),
        }
    }
}

/// A colour above the first sixteen: a cube of six steps each way, then 24 greys (xterm, 256colres.pl).
pub(super) fn indexed(number: u8) -> [u8; 3] {
    let step = |at: u8| match at {
        0 => 0,
        at => 55 + 40 * at,
    };
    match number {
        232.. => [8 + 10 * (number - 232); 3],
        number => {
            let at = number.saturating_sub(16);
            [step(at / 36), step(at / 6 % 6), step(at % 6)]
        }
    }
}

/// The contrast of two colours, from 1 for the same to 21 for black and white.
pub fn ratio(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance([red, green, blue]: [u8; 3]) -> f64 {
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

/// Light from a value of sRGB, both from 0 to 1.
pub(super) fn linear(value: u8) -> f64 {
    let value = f64::from(value) / 255.0;
    if value <= 0.04045 {
        value / 12.92
    } else {
        ((value + 0.055) / 1.055).powf(2.4)
    }
}
