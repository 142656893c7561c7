//! The small tables of the file: targets, refresh, lock, alerts.

use toml_edit::{Item, TableLike};

use crate::app::Watch;
use crate::sync::Pace;
use crate::worklist::{Targets, nearest};

use super::reader::{Reader, SpanRule, Wrong};

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const YEAR: i64 = 365 * 24 * HOUR;

/// The screen locks when nobody has touched a key for this long, in milliseconds.
pub const LOCK_AFTER: i64 = 10 * MINUTE;

const REFRESH_STAT: SpanRule = SpanRule {
    what: "the time between two readings of STAT studies",
    within: 5 * SECOND..=5 * MINUTE,
    such_as: "from \"5s\" to \"5m\"",
};
const REFRESH_OPEN: SpanRule = SpanRule {
    what: "the time between two readings of open studies",
    within: 15 * SECOND..=HOUR,
    such_as: "from \"15s\" to \"1h\"",
};
const LOCK: SpanRule = SpanRule {
    what: "the time to the lock",
    within: MINUTE..=15 * MINUTE,
    such_as: "from \"1m\" to \"15m\"",
};
const REQUESTS: std::ops::RangeInclusive<i64> = 30..=6_000;

/// How the user is told of a new STAT study.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alerts {
    pub bell: bool,
    pub notify: Notify,
    /// The hours without a sound or a notification.
    pub quiet: Option<Quiet>,
}

impl Default for Alerts {
    fn default() -> Self {
        Self {
            bell: true,
            notify: Notify::Off,
            quiet: None,
        }
    }
}

/// The sequence that asks a terminal for a notification on the desktop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Notify {
    #[default]
    Off,
    Osc9,
    Osc777,
}

impl Notify {
    const ALL: [Self; 3] = [Self::Off, Self::Osc9, Self::Osc777];

    /// Returns it as written in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Osc9 => "osc9",
            Self::Osc777 => "osc777",
        }
    }
}

/// Hours of the day, in minutes after local midnight. They run past midnight if they end before they begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quiet {
    from: u16,
    to: u16,
}

impl Quiet {
    /// Reads hours such as `22:00-06:00`.
    pub fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once('-')?;
        let (from, to) = (minute_of_day(from.trim())?, minute_of_day(to.trim())?);
        (from != to).then_some(Self { from, to })
    }

    /// Whether a minute of the day is quiet, from the first to just before the last.
    pub fn covers(self, minute: u16) -> bool {
        if self.from < self.to {
            (self.from..self.to).contains(&minute)
        } else {
            minute >= self.from || minute < self.to
        }
    }
}

impl std::fmt::Display for Quiet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (from, to) = (self.from, self.to);
        let [from_hour, from_minute, to_hour, to_minute] = [from / 60, from % 60, to / 60, to % 60];
        write!(
            f,
            "{from_hour:02}:{from_minute:02}-{to_hour:02}:{to_minute:02}"
        )
    }
}

fn minute_of_day(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let number = |digits: &str, below: u16| {
        let is_plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits
            .parse::<u16>()
            .ok()
            .filter(|number| is_plain && *number < below)
    };
    Some(number(hour, 24)? * 60 + number(minute, 60)?)
}

impl Reader<'_> {
    pub(super) fn targets(&self, table: &dyn TableLike) -> Result<Targets, Wrong> {
        self.known(table, &["stat", "high", "normal"], "target")?;
        let mut targets = Targets::default();
        for (name, what, place) in [
            ("stat", "the target of stat", &mut targets.stat),
            ("high", "the target of high", &mut targets.high),
            ("normal", "the target of normal", &mut targets.normal),
        ] {
            if let Some(item) = table.get(name) {
                let rule = SpanRule {
                    what,
                    within: 1..=YEAR,
                    such_as: "such as \"60m\", \"4h\" or \"1d\"",
                };
                *place = self.span(item, &rule)?;
            }
        }
        Ok(targets)
    }

    pub(super) fn refresh(&self, table: &dyn TableLike) -> Result<Pace, Wrong> {
        let keys = ["stat", "open", "requests_per_minute"];
        self.known(table, &keys, "setting of [refresh]")?;
        let mut pace = Pace::default();
        if let Some(item) = table.get("stat") {
            pace.stat = self.span(item, &REFRESH_STAT)?;
        }
        if let Some(item) = table.get("open") {
            pace.open = self.span(item, &REFRESH_OPEN)?;
        }
        if let Some(item) = table.get("requests_per_minute") {
            pace.requests_per_minute = self.requests(item)?;
        }
        Ok(pace)
    }

    fn requests(&self, item: &Item) -> Result<u32, Wrong> {
        let number = item.as_integer().filter(|n| REQUESTS.contains(n));
        let number = number.and_then(|n| u32::try_from(n).ok());
        number.ok_or_else(|| {
            let (least, most) = (REQUESTS.start(), REQUESTS.end());
            let message = format!("requests_per_minute must be a number from {least} to {most}");
            self.wrong(item, message)
        })
    }

    pub(super) fn lock(&self, table: &dyn TableLike) -> Result<(i64, Watch), Wrong> {
        self.known(table, &["after", "watch"], "setting of [lock]")?;
        let after = table.get("after").map(|item| self.span(item, &LOCK));
        let watch = table.get("watch").map(|item| self.watch(item));
        let after = after.transpose()?.unwrap_or(LOCK_AFTER);
        Ok((after, watch.transpose()?.unwrap_or_default()))
    }

    fn watch(&self, item: &Item) -> Result<Watch, Wrong> {
        let word = self.text_of(item, "watch")?.trim();
        let known = Watch::ALL.into_iter().find(|watch| watch.name() == word);
        known.ok_or_else(|| {
            let near = nearest(&word.to_lowercase(), Watch::ALL.map(Watch::name));
            let near = near.map(|near| format!("; did you mean “{near}”?"));
            let message = "watch must be \"counts\" or \"off\"";
            self.wrong(item, format!("{message}{}", near.unwrap_or_default()))
        })
    }

    pub(super) fn alerts(&self, table: &dyn TableLike) -> Result<Alerts, Wrong> {
        self.known(table, &["bell", "notify", "quiet"], "setting of [alerts]")?;
        let mut alerts = Alerts::default();
        if let Some(item) = table.get("bell") {
            alerts.bell = self.flag(item, "bell")?;
        }
        if let Some(item) = table.get("notify") {
            alerts.notify = self.notify(item)?;
        }
        if let Some(item) = table.get("quiet") {
            alerts.quiet = self.quiet(item)?;
        }
        Ok(alerts)
    }

    fn notify(&self, item: &Item) -> Result<Notify, Wrong> {
        let word = self.text_of(item, "notify")?.trim();
        let known = Notify::ALL.into_iter().find(|way| way.name() == word);
        known.ok_or_else(|| {
            let near = nearest(&word.to_lowercase(), Notify::ALL.map(Notify::name));
            let near = near.map(|near| format!("; did you mean “{near}”?"));
            let message = "notify must be \"off\", \"osc9\" or \"osc777\"";
            self.wrong(item, format!("{message}{}", near.unwrap_or_default()))
        })
    }

    /// No text means no quiet hours.
    fn quiet(&self, item: &Item) -> Result<Option<Quiet>, Wrong> {
        let text = self.text_of(item, "quiet")?.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let message = "quiet must be hours of the day such as \"22:00-06:00\", or \"\" for none";
        let quiet = Quiet::parse(text).ok_or_else(|| self.wrong(item, message));
        quiet.map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_may_span_midnight() {
        let quiet = |text: &str| Quiet::parse(text).unwrap();
        let night = quiet("22:00-06:00");
        for (hour, minute, is_quiet) in [
            (21, 59, false),
            (22, 0, true),
            (0, 0, true),
            (5, 59, true),
            (6, 0, false),
            (12, 0, false),
        ] {
            assert_eq!(
                night.covers(hour * 60 + minute),
                is_quiet,
                "{hour}:{minute}"
            );
        }
        let noon = quiet("12:00-13:30");
        assert!(noon.covers(12 * 60) && !noon.covers(13 * 60 + 30) && !noon.covers(0));
        assert_eq!(quiet("22:00 - 06:05").to_string(), "22:00-06:05");
    }

    #[test]
    fn anything_else_is_no_hours() {
        for text in [
            "22:00",
            "22-06",
            "24:00-06:00",
            "22:60-06:00",
            "9:00-10:00",
            "+9:00-10:00",
            "08:00-08:00",
        ] {
            assert_eq!(Quiet::parse(text), None, "{text}");
        }
    }
}
