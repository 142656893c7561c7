//! Completing and recalling while a filter is typed.

use super::desk::Desk;
use crate::app::*;
use crate::worklist::testing::{HOUR, study};

fn desk() -> Desk {
    Desk::open([
        study(1)
            .description("CT Head")
            .to(1, "Kim, Ana")
            .customer(1, "Lakeside Hospital"),
        study(2)
            .description("CT Chest")
            .age(HOUR)
            .meta("modality", "CT")
            .meta("a:b", "x, y"),
        study(3).description("MR Brain").meta("Modality", "MR"),
    ])
}

fn text(desk: &Desk) -> String {
    match &desk.model.kernel.layers.overlay {
        Some(Overlay::Filter(filter_box)) => filter_box.line.text().to_owned(),
        _ => "closed".into(),
    }
}

fn after(typed: &str, keys: &str) -> String {
    let mut desk = desk();
    desk.press("/");
    desk.type_text(typed);
    desk.press(keys);
    text(&desk)
}

#[test]
fn tab_completes_keys_and_live_values() {
    for (typed, keys, expected) in [
        ("se", "Tab", "sev:"),
        ("se", "Tab Tab", "sev:stat"),
        ("SEV:H", "Tab", "SEV:high"),
        ("sev:", "Tab Tab", "sev:high"),
        ("sev:", "Tab Tab Shift-Tab", "sev:stat"),
        ("sev:", "Shift-Tab", "sev:normal"),
        ("sev:", "Ctrl-n Ctrl-n Ctrl-p", "sev:stat"),
        ("sev:stat,h", "Tab", "sev:stat,high"),
        ("-is:c", "Tab", "-is:complete"),
        ("-is:c", "Tab Tab", "-is:cancelled"),
        ("assig", "Tab", "to:"),
        ("ct to:ki", "Tab", "ct to:\"Kim, Ana\""),
        ("to:\"kim, a", "Tab", "to:\"Kim, Ana\""),
        ("to:osei", "Tab", "to:\"Osei, Ben\""),
        ("cust:hosp", "Tab", "cust:\"Lakeside Hospital\""),
        ("desc:ct", "Tab", "desc:\"CT Chest\""),
        ("meta.a", "Tab", "meta.\"a:b\":"),
        ("meta.\"a:b\":", "Tab Tab", "meta.\"a:b\":\"x, y\""),
        ("meta.modality:c", "Tab", "meta.modality:CT"),
        ("zzz", "Tab", "zzz"),
        ("zz:", "Tab", "zz:"),
        ("sev:s ct", "Left Left Left Tab", "sev:stat ct"),
        ("se:stat", "Home Right Right Tab", "sev:stat"),
        ("sev:", "Tab Esc", "sev:"),
        ("sev:", "Tab Space c", "sev:stat c"),
    ] {
        assert_eq!(after(typed, keys), expected, "{typed} {keys}");
    }
}

#[test]
fn a_candidate_is_in_force_at_once() {
    let mut desk = desk();
    desk.press("/ d e s c : m Tab");
    assert_eq!(desk.rows(), [3]);
    desk.press("Enter");
    assert_eq!(
        desk.model.kernel.data.studies.filter.text(),
        "desc:\"MR Brain\""
    );
}

#[test]
fn up_brings_kept_filters_back_newest_first() {
    let mut desk = desk();
    for filter in ["ct", "mr", "ct", "sev:stat"] {
        desk.press("/ Ctrl-u");
        desk.type_text(filter);
        desk.press("Enter");
    }
    desk.press("/ Ctrl-u x");
    let mut seen = Vec::new();
    for key in ["Up", "Up", "Up", "Up", "Down", "Down", "Down", "Down"] {
        desk.press(key);
        seen.push(text(&desk));
    }
    assert_eq!(
        seen,
        ["sev:stat", "ct", "mr", "mr", "ct", "sev:stat", "x", "x"]
    );
    desk.press("Up Enter");
    assert_eq!(desk.model.kernel.data.studies.filter.text(), "sev:stat");
}

#[test]
fn without_a_history_the_arrows_change_nothing() {
    assert_eq!(after("ct", "Up Up Down"), "ct");
}
