//! What others do: marks, the alert, the bell, and what a person is told who comes back.

use super::*;
use crate::worklist::testing::NOW;

fn new_stat(number: u8, description: &str) -> Study {
    study(number)
        .description(description)
        .stat()
        .age(MINUTE)
        .build()
}

fn banner(desk: &Desk) -> Option<String> {
    desk.model
        .lists
        .banner(&desk.model.kernel)
        .map(|(text, more)| format!("{text} +{more}"))
}

#[test]
fn the_banner_stands_until_the_study_was_seen() {
    let mut desk = three();
    desk.clinic.push(new_stat(4, "CT C-SPINE"));
    desk.clinic.push(new_stat(5, "CT ANGIO"));
    desk.refresh();
    assert_eq!(banner(&desk).as_deref(), Some("CT C-SPINE +1"));
    desk.press("b");
    assert_eq!(desk.selected(), Some(4));
    assert_eq!(banner(&desk).as_deref(), Some("CT ANGIO +0"));
    desk.press("B");
    assert_eq!(banner(&desk), None);
    desk.refresh();
    assert_eq!(banner(&desk), None, "once per study");
    assert_eq!(desk.effects, [Effect::Ring]);
}

#[test]
fn the_cursor_on_it_is_enough() {
    let mut desk = three();
    desk.clinic.push(new_stat(4, "CT C-SPINE"));
    desk.refresh();
    assert!(banner(&desk).is_some());
    desk.press("j");
    assert_eq!(desk.selected(), Some(4));
    assert_eq!(banner(&desk), None);
}

#[test]
fn a_stat_that_somebody_took_needs_no_banner() {
    let mut desk = three();
    desk.clinic.push(new_stat(4, "CT C-SPINE"));
    desk.refresh();
    let taken = study(4).stat().to(1, "Kim, Ana").build();
    *desk.clinic.last_mut().unwrap() = taken;
    desk.refresh();
    assert_eq!(banner(&desk), None);
}

#[test]
fn a_study_that_becomes_stat_raises_the_banner_too() {
    let mut desk = three();
    desk.clinic[2].severity = Severity::Stat;
    desk.refresh();
    assert_eq!(banner(&desk).as_deref(), Some("MR KNEE +0"));
    assert_eq!(desk.effects, [Effect::Ring]);
}

#[test]
fn a_filter_does_not_hide_the_way_to_a_new_stat() {
    let mut desk = three();
    desk.press("/");
    desk.type_text("desc:knee");
    desk.press("Enter");
    desk.clinic.push(new_stat(4, "CT C-SPINE"));
    desk.refresh();
    desk.press("b");
    assert!(desk.model.kernel.layers.lookup.is_some());
}

#[test]
fn what_others_finished_keeps_its_row_with_a_mark_and_the_reason() {
    let mut desk = three();
    desk.clinic[1].study_viewer_status = StudyViewerStatus::Complete;
    desk.refresh();
    assert!(desk.notice().contains("Completed by someone else: CT HEAD"));
    assert!(desk.rows().contains(&1));
    let context = desk.model.kernel.filter_context();
    let study = desk.study(study_id(1));
    assert_eq!(
        desk.model.kernel.data.studies.mark(study, &context),
        Mark::Leaving
    );
    desk.clinic[2].is_cancelled = true;
    desk.refresh();
    assert!(desk.notice().contains("Cancelled by someone else: MR KNEE"));
}

#[test]
fn braces_walk_what_others_changed() {
    let mut desk = three();
    desk.press("G");
    desk.clinic[0].severity = Severity::High;
    desk.clinic.push(study(5).description("US ABDOMEN").build());
    desk.refresh();
    desk.press("g g }");
    let first = desk.selected();
    desk.press("}");
    desk.press("{");
    assert!([Some(3), Some(5)].contains(&first), "{first:?}");
    desk.press("g g }");
    desk.press("}");
    desk.press("}");
    assert!(desk.notice().contains("No changes below"));
}

#[test]
fn a_user_who_comes_back_sees_what_happened() {
    let mut desk = three();
    desk.press("j");
    desk.send(Msg::Focused(false));
    desk.clinic.push(new_stat(4, "CT C-SPINE"));
    desk.clinic.push(study(5).build());
    desk.clinic[1].study_viewer_status = StudyViewerStatus::Complete;
    for _ in 0..5 {
        desk.refresh();
    }
    desk.send(Msg::Focused(true));
    assert_eq!(
        desk.notice(),
        "While you were away: 2 new, 1 STAT, 1 completed"
    );
}

#[test]
fn the_first_key_comes_back_from_nowhere() {
    let mut desk = three();
    desk.clinic.push(study(5).build());
    desk.refresh();
    desk.press("j");
    assert!(!desk.notice().contains("away"), "{}", desk.notice());
}

#[test]
fn without_focus_events_a_long_rest_counts_as_away() {
    let mut desk = three();
    desk.press("j");
    desk.clinic.push(study(5).build());
    for _ in 0..6 {
        desk.refresh();
    }
    desk.press("k");
    assert_eq!(desk.notice(), "While you were away: 1 new");
    desk.press("j");
    desk.clinic.push(study(6).build());
    desk.refresh();
    desk.press("k");
    assert!(!desk.notice().contains("1 new, 1 new"));
}

#[test]
fn a_reading_that_brings_nothing_draws_nothing() {
    let mut desk = three();
    desk.now += 10_000;
    desk.send(Msg::Ticked);
    desk.serve();
    desk.model.kernel.needs_draw = false;
    for _ in 0..4 {
        desk.now += 10_000;
        desk.send(Msg::Ticked);
        desk.serve();
        assert!(
            !desk.model.kernel.needs_draw,
            "after {} s",
            (desk.now - NOW) / 1_000
        );
    }
    desk.clinic[0].severity = Severity::High;
    desk.now += 20_000;
    desk.send(Msg::Ticked);
    desk.serve();
    assert!(desk.model.kernel.needs_draw);
}
