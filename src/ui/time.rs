//! Times and numbers as people read them.

use chrono::{DateTime, FixedOffset};

/// A moment (Unix milliseconds) by the workstation's offset: the time alone if it is less than a day old.
pub fn moment(at: i64, now: i64, utc_offset_seconds: i32) -> String {
    let offset = FixedOffset::east_opt(utc_offset_seconds);
    let (Some(time), Some(offset)) = (DateTime::from_timestamp_millis(at), offset) else {
        return "?".into();
    };
    let local = time.with_timezone(&offset);
    let pattern = if (now - at).abs() < 12 * 3_600_000 {
        "%H:%M:%S"
    } else {
        "%Y-%m-%d %H:%M"
    };
    local.format(pattern).to_string()
}

/// How long ago, in words: in minutes, so that it changes no more often than the ages in the table.
pub fn ago(ms: i64) -> String {
    let seconds = ms.max(0) / 1000;
    match seconds {
        0..60 => "<1 m ago".into(),
        60..3600 => format!("{} m ago", seconds / 60),
        _ => format!("{} h ago", seconds / 3600),
    }
}

/// A count with thousands set apart.
pub fn count(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_set_apart() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_000), "1,000");
        assert_eq!(count(1_234_567), "1,234,567");
    }

    #[test]
    fn ages_of_data_come_in_steps() {
        assert_eq!(ago(59_999), "<1 m ago");
        assert_eq!(ago(61_000), "1 m ago");
        assert_eq!(ago(7_200_000), "2 h ago");
    }

    #[test]
    fn a_moment_is_local() {
        let noon = 1_700_000_000_000;
        assert_eq!(moment(noon, noon, 0), "22:13:20");
        assert_eq!(moment(noon, noon, 3600), "23:13:20");
        assert_eq!(moment(noon, noon + 86_400_000, 0), "2023-11-14 22:13");
    }
}
