use proptest::prelude::*;

use crate::wire::Severity;
use crate::worklist::testing::{DAY, HOUR, MINUTE, NOW, store, study};
use crate::worklist::{Age, Targets, Urgency, severity_rank};

#[test]
fn an_age_is_shown_in_the_units_that_matter() {
    for (ms, shown) in [
        (i64::MIN, "0m"),
        (-1, "0m"),
        (0, "0m"),
        (MINUTE - 1, "0m"),
        (7 * MINUTE, "7m"),
        (HOUR - 1, "59m"),
        (HOUR, "1h00"),
        (65 * MINUTE, "1h05"),
        (DAY - 1, "23h59"),
        (DAY, "1d00h"),
        (2 * DAY + 3 * HOUR, "2d03h"),
        (100 * DAY - 1, "99d23h"),
        (120 * DAY + 5 * HOUR, "120d"),
        (i64::MAX, "99999d"),
    ] {
        assert_eq!(Age(ms).to_string(), shown, "{ms}");
    }
    assert_eq!(format!("{:>6}|{:<6}|", Age(HOUR), Age(0)), "  1h00|0m    |");
}

#[test]
fn urgency_grows_with_age_for_open_studies_only() {
    let targets = Targets::default();
    for (study, expected) in [
        (study(1).stat().age(30 * MINUTE - 1), Urgency::Fine),
        (study(1).stat().age(30 * MINUTE), Urgency::Warning),
        (study(1).stat().age(HOUR), Urgency::Warning),
        (study(1).stat().age(HOUR + 1), Urgency::Late),
        (study(1).high().age(2 * HOUR), Urgency::Warning),
        (study(1).high().age(4 * HOUR + 1), Urgency::Late),
        (study(1).age(12 * HOUR - 1), Urgency::Fine),
        (study(1).age(DAY + 1), Urgency::Late),
        (study(1).severity("critical").age(HOUR + 1), Urgency::Late),
        (study(1).stat().age(-DAY), Urgency::Fine),
        (study(1).stat().ageless(), Urgency::Fine),
        (study(1).age(9 * DAY).complete(), Urgency::Fine),
        (study(1).age(9 * DAY).cancelled(), Urgency::Fine),
        (study(1).age(9 * DAY).status("draft"), Urgency::Fine),
    ] {
        let store = store([study.clone()]);
        let view = store.get(store.slots().next().unwrap());
        assert_eq!(targets.urgency(view, NOW), expected, "{study:?}");
    }
}

#[test]
fn an_unknown_severity_is_taken_for_the_gravest() {
    let unknown = Severity::Other("critical".into());
    assert_eq!(severity_rank(&unknown), severity_rank(&Severity::Stat));
    assert!(severity_rank(&Severity::Stat) < severity_rank(&Severity::High));
    assert!(severity_rank(&Severity::High) < severity_rank(&Severity::Normal));
    let targets = Targets::default();
    assert_eq!(targets.target_ms(&unknown), targets.stat);
}

proptest! {
    #[test]
    fn an_age_fits_six_columns(ms in any::<i64>()) {
        prop_assert!(Age(ms).to_string().len() <= 6);
    }
}
