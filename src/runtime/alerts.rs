//! What the terminal is sent when an unassigned STAT study comes in: the bell, and a notification for the
//! desktop. Only counts, because it may show on a locked screen or a projector.

use crate::config::{Alerts, Notify};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60;

/// Returns the bytes for the terminal; none in quiet hours. `now` is Unix milliseconds, `utc_offset` seconds.
pub fn sequence(
    alerts: Alerts,
    waiting: usize,
    now: i64,
    utc_offset: i32,
    in_tmux: bool,
) -> String {
    let minute = (now / MINUTE + i64::from(utc_offset) / 60).rem_euclid(DAY);
    let minute = u16::try_from(minute).unwrap_or(0);
    if alerts.quiet.is_some_and(|quiet| quiet.covers(minute)) {
        return String::new();
    }
    let bell = if alerts.bell { "\x07" } else { "" };
    format!("{bell}{}", notification(alerts.notify, waiting, in_tmux))
}

fn notification(way: Notify, waiting: usize, in_tmux: bool) -> String {
    let words = match waiting {
        0 | 1 => "1 new STAT study".to_owned(),
        many => format!("{many} new STAT studies"),
    };
    let plain = match way {
        Notify::Off => return String::new(),
        Notify::Osc9 => format!("\x1b]9;avara-tui: {words}\x1b\\"),
        Notify::Osc777 => format!("\x1b]777;notify;avara-tui;{words}\x1b\\"),
    };
    if in_tmux {
        format!("\x1bPtmux;{}\x1b\\", plain.replace('\x1b', "\x1b\x1b"))
    } else {
        plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Quiet;

    /// 2026-01-05, 23:30 in UTC.
    const LATE: i64 = 1_767_655_800_000;

    fn sent(alerts: Alerts, waiting: usize) -> String {
        sequence(alerts, waiting, LATE, 0, false)
    }

    #[test]
    fn only_the_bell_is_on_by_itself() {
        assert_eq!(sent(Alerts::default(), 3), "\x07");
        let off = Alerts {
            bell: false,
            ..Alerts::default()
        };
        assert_eq!(sent(off, 3), "");
    }

    #[test]
    fn a_notification_holds_a_count_and_nothing_else() {
        let with = |notify| Alerts {
            bell: false,
            notify,
            ..Alerts::default()
        };
        assert_eq!(
            sent(with(Notify::Osc9), 1),
            "\x1b]9;avara-tui: 1 new STAT study\x1b\\"
        );
        assert_eq!(
            sent(with(Notify::Osc777), 2),
            "\x1b]777;notify;avara-tui;2 new STAT studies\x1b\\"
        );
        assert_eq!(
            sequence(with(Notify::Osc9), 1, LATE, 0, true),
            "\x1bPtmux;\x1b\x1b]9;avara-tui: 1 new STAT study\x1b\x1b\\\x1b\\"
        );
    }

    #[test]
    fn quiet_hours_are_those_of_the_workstation() {
        let alerts = Alerts {
            notify: Notify::Osc9,
            quiet: Quiet::parse("22:00-06:00"),
            ..Alerts::default()
        };
        let hour = 3_600;
        for (offset, is_quiet) in [
            (0, true),
            (6 * hour, true),
            (7 * hour, false),
            (-2 * hour, false),
        ] {
            let sent = sequence(alerts, 1, LATE, offset, false);
            assert_eq!(sent.is_empty(), is_quiet, "{offset}");
        }
    }
}
