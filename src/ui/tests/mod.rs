//! Whole screens, colours included.

mod endless;
mod form;
mod hostile;
mod keys;
mod lookup;
mod people;
mod person;
mod plain;
mod seen;
mod set_up;
mod shot;
mod sizes;
mod small;
mod themes;

use super::*;
use crate::app::tests::desk::Desk;
use crate::app::{Msg, Opening, Size};
use crate::wire::{Failure, RerouteUrlResponse};
use crate::worklist::testing::{DAY, HOUR, MINUTE, StudyBuilder, study, study_id};
use shot::{shot, text_of};

/// A morning's work: every severity, state and oddity that a table must show.
fn morning() -> Vec<StudyBuilder> {
    vec![
        study(1)
            .description("CT Head WO contrast (STROKE)")
            .stat()
            .age(75 * MINUTE)
            .to(1, "Kim, Ana")
            .customer(1, "Lakeside Hospital")
            .meta("accession_number", "DEMO0042")
            .meta("modality", "CT")
            .meta("ordering_department", "ED")
            .meta("patient_class", "E"),
        study(2)
            .description("CT Angio Chest PE")
            .stat()
            .age(7 * MINUTE),
        study(3)
            .description("MR Brain WO/W contrast")
            .high()
            .age(130 * MINUTE),
        study(4)
            .description("CT ABD/PEL W CON")
            .high()
            .age(5 * HOUR)
            .to(2, "Osei, Ben"),
        study(5)
            .description("XR Chest 2 views")
            .age(3 * HOUR)
            .to(1, "Kim, Ana"),
        study(6)
            .description("US Thyroid")
            .age(2 * DAY)
            .customer(2, "Klinik Überlingen"),
        study(7)
            .description("胸部CT 単純 胸部CT 単純 胸部CT 単純 胸部CT 単純")
            .age(HOUR),
        study(8)
            .description("MG Screening bilateral")
            .age(26 * HOUR),
        study(9)
            .description("evil \u{1b}[31m\u{202e}name\u{200b}")
            .age(20 * MINUTE),
        study(10)
            .description(&"long name ".repeat(12))
            .age(12 * MINUTE),
        study(11)
            .description("XR Knee 3 views left")
            .severity("critical")
            .age(3 * MINUTE),
        study(12).description("XR Hand").age(9 * MINUTE).complete(),
    ]
}

fn desk(width: u16, height: u16) -> Desk {
    let mut desk = Desk::open(morning());
    desk.send(Msg::Resized(Size { width, height }));
    desk
}

#[test]
fn the_worklist() {
    for (width, height) in [(80, 24), (120, 40), (200, 50), (40, 10)] {
        let desk = desk(width, height);
        insta::assert_snapshot!(
            format!("worklist_{width}x{height}"),
            shot(&desk.model, width, height)
        );
    }
}

#[test]
fn no_size_breaks_any_screen() {
    let screens: [fn(&mut Desk); 12] = [
        |_| {},
        |desk| desk.press("a"),
        |desk| desk.press("s"),
        |desk| desk.press("? s t a t"),
        |desk| desk.press("/ s e v : x"),
        |desk| desk.press("Enter"),
        |desk| desk.press("2 V n"),
        |desk| desk.press("C m e t a Enter Down"),
        |desk| desk.press("/ Tab Tab"),
        |desk| desk.press("/ m e t a . Shift-Tab"),
        |desk| desk.press(": s t a t"),
        |desk| {
            let url = format!("https://viewer.example.org/{}", "x".repeat(300));
            let link = RerouteUrlResponse { url };
            desk.send(Msg::Opened(Opening::NoBrowser { link }));
        },
    ];
    for screen in screens {
        let mut desk = desk(80, 24);
        screen(&mut desk);
        for width in 0..61 {
            for height in 0..21 {
                desk.model.kernel.size = Size { width, height };
                text_of(&desk.model, width, height);
            }
        }
        text_of(&desk.model, 500, 200);
    }
}

#[test]
fn a_frame_builds_only_the_rows_on_screen() {
    let mut desk = Desk::open((1..=255).map(|n| study(n).age(i64::from(n) * MINUTE)));
    desk.send(Msg::Resized(Size {
        width: 80,
        height: 24,
    }));
    let drawn = shot::draw(&desk.model, 80, 24).1;
    assert_eq!(drawn.rows, desk.model.kernel.geometry().unwrap().page());
    assert!(drawn.rows < 20);
}

#[test]
fn choosing_someone_to_assign_to() {
    let mut desk = desk(80, 24);
    desk.press("j a");
    insta::assert_snapshot!("assign_80x24", shot(&desk.model, 80, 24));
}

#[test]
fn the_keys_after_a_prefix() {
    let mut desk = desk(80, 24);
    desk.press("f");
    insta::assert_snapshot!("prefix_80x24", shot(&desk.model, 80, 24));
}

#[test]
fn the_help() {
    let mut desk = desk(120, 40);
    desk.press("?");
    insta::assert_snapshot!("help_120x40", shot(&desk.model, 120, 40));
}

#[test]
fn the_palette() {
    let mut desk = desk(80, 24);
    desk.press(": a s s i g n");
    insta::assert_snapshot!("palette_80x24", shot(&desk.model, 80, 24));
}

#[test]
fn a_view_of_ones_own_being_changed_and_saved() {
    let mut desk = desk(80, 24);
    desk.press("2 S n e w Enter C d u e Enter Ctrl-u m o d Enter");
    insta::assert_snapshot!("columns_80x24", shot(&desk.model, 80, 24));
    desk.press("Esc");
    insta::assert_snapshot!("changed_view_80x24", shot(&desk.model, 80, 24));
    desk.press("V Ctrl-u");
    desk.type_text("9 Night");
    insta::assert_snapshot!("save_view_80x24", shot(&desk.model, 80, 24));
    desk.send(Msg::Resized(Size {
        width: 40,
        height: 10,
    }));
    insta::assert_snapshot!("save_view_40x10", shot(&desk.model, 40, 10));
}

#[test]
fn the_orders_to_choose_from() {
    let mut desk = desk(80, 24);
    desk.press("S a s s Enter S");
    insta::assert_snapshot!("sort_80x24", shot(&desk.model, 80, 24));
}

#[test]
fn completing_a_filter() {
    let mut desk = desk(80, 24);
    desk.press("/");
    desk.type_text("sev:stat to:");
    desk.press("Tab Tab Tab");
    insta::assert_snapshot!("complete_80x24", shot(&desk.model, 80, 24));
    desk.send(Msg::Resized(Size {
        width: 40,
        height: 10,
    }));
    insta::assert_snapshot!("complete_40x10", shot(&desk.model, 40, 10));
}

#[test]
fn a_filter_that_cannot_be_read() {
    let mut desk = desk(80, 24);
    desk.press("/");
    desk.type_text("to:none sev:urgnt");
    insta::assert_snapshot!("filter_error_80x24", shot(&desk.model, 80, 24));
}

#[test]
fn the_detail_in_full() {
    let mut desk = desk(80, 24);
    desk.press("Enter");
    insta::assert_snapshot!("detail_80x24", shot(&desk.model, 80, 24));
}

#[test]
fn a_change_under_way_and_one_that_failed() {
    let mut desk = desk(80, 24);
    desk.press("j j s h");
    insta::assert_snapshot!("pending_80x24", shot(&desk.model, 80, 24));
    let (ticket, _) = desk.write();
    let failure = Failure::rejected(403, br#"{"error":{"message":"read-only key"}}"#, None);
    desk.reply(ticket, Err(failure));
    insta::assert_snapshot!("failed_80x24", shot(&desk.model, 80, 24));
}

#[test]
fn nothing_matches() {
    let mut desk = desk(80, 24);
    desk.press("/");
    desk.type_text("to:none sev:stat knee");
    desk.press("Enter");
    insta::assert_snapshot!("no_match_80x24", shot(&desk.model, 80, 24));
}

#[test]
fn a_refused_key_does_not_look_like_an_empty_list() {
    let mut desk = Desk::closed([]);
    while let Some((ticket, _)) = desk.calls.pop() {
        desk.reply(
            ticket,
            Err(Failure::rejected(
                401,
                br#"{"message":"no such key"}"#,
                None,
            )),
        );
    }
    insta::assert_snapshot!("refused_key_80x24", shot(&desk.model, 80, 24));
}

#[test]
fn a_new_stat_has_a_banner_that_moves_no_row() {
    for (width, height) in [(80, 24), (120, 40), (40, 10)] {
        let mut desk = desk(width, height);
        for (number, description) in [(20, "CT C-Spine trauma"), (21, "CT Angio Chest")] {
            let new = study(number).description(description).stat().age(MINUTE);
            desk.clinic.push(new.build());
        }
        desk.refresh();
        insta::assert_snapshot!(
            format!("banner_{width}x{height}"),
            shot(&desk.model, width, height)
        );
    }
}

#[test]
fn a_locked_screen_shows_nothing_of_the_work() {
    for (width, height) in [(80, 24), (120, 40), (40, 10)] {
        let mut desk = desk(width, height);
        desk.press("Ctrl-l");
        insta::assert_snapshot!(
            format!("locked_{width}x{height}"),
            shot(&desk.model, width, height)
        );
    }
}

#[test]
fn a_stale_list_is_dimmed_and_says_when_it_tries_again() {
    let mut desk = desk(80, 24);
    desk.now += 61_000;
    desk.send(Msg::Ticked);
    while let Some((ticket, _)) = desk.calls.pop() {
        let reason = "connection refused".into();
        desk.reply(ticket, Err(Failure::Unreachable { reason }));
    }
    insta::assert_snapshot!("stale_80x24", shot(&desk.model, 80, 24));
}

#[test]
fn demo_production_and_read_only_look_different() {
    let mut heads = std::collections::BTreeSet::new();
    for place in [
        crate::app::Environment::Demo,
        crate::app::Environment::Local,
        crate::app::Environment::Production,
    ] {
        for read_only in [crate::app::ReadOnly::Off, crate::app::ReadOnly::On] {
            let mut desk = desk(80, 24);
            desk.model.kernel.session.place = place;
            desk.model.kernel.session.read_only = read_only;
            let all = shot(&desk.model, 80, 24);
            heads.insert(all.lines().next().unwrap().to_owned());
        }
    }
    insta::assert_snapshot!(
        "headers",
        heads.iter().cloned().collect::<Vec<_>>().join("\n")
    );
    assert_eq!(heads.len(), 6);
}

#[test]
fn the_first_run() {
    let size = Size {
        width: 80,
        height: 24,
    };
    let run = crate::app::FirstRun {
        size,
        ..Default::default()
    };
    insta::assert_snapshot!("first_run_80x24", shot(&run, 80, 24));
}

#[test]
fn a_link_to_copy() {
    let mut desk = desk(80, 24);
    let link = RerouteUrlResponse {
        url: format!(
            "https://viewer.avarasoftware.com/r?t={}",
            "0123456789".repeat(12)
        ),
    };
    desk.send(Msg::Opened(Opening::NoBrowser { link }));
    insta::assert_snapshot!("link_80x24", shot(&desk.model, 80, 24));
}

#[test]
fn severity_and_state_read_without_colour() {
    let desk = desk(120, 40);
    let text = text_of(&desk.model, 120, 40);
    for word in [
        "!!STAT",
        "! HIGH",
        "normal",
        "??cri",
        "unassigned         incomplete",
        "1h15!",
    ] {
        assert!(text.contains(word), "{word}\n{text}");
    }
}

#[test]
fn questions_open_on_the_safe_button() {
    for (name, keys) in [
        ("cancel", "j x"),
        ("cancel_stat", "x"),
        ("preview", "Space Space s h"),
        ("preview_many", "* s h"),
    ] {
        for (width, height) in [(80, 24), (120, 40)] {
            let mut desk = desk(width, height);
            desk.press(keys);
            desk.now += 300;
            desk.send(Msg::Ticked);
            let Some(Overlay::Confirm(confirm)) = &desk.model.kernel.layers.overlay else {
                panic!("{name} asks nothing");
            };
            assert!(!confirm.on_act, "{name} opens on the button that acts");
            insta::assert_snapshot!(
                format!("{name}_{width}x{height}"),
                shot(&desk.model, width, height)
            );
        }
    }
}

#[test]
fn undo_shows_what_it_would_write() {
    let mut desk = desk(80, 24);
    desk.press("j s n");
    desk.accept_next(None);
    desk.press("u");
    insta::assert_snapshot!("undo_80x24", shot(&desk.model, 80, 24));
}

#[test]
fn marks_and_a_batch_under_way() {
    let mut desk = desk(80, 24);
    desk.press("Space j Space s h");
    desk.now += 300;
    desk.send(Msg::Ticked);
    desk.press("y");
    insta::assert_snapshot!("batch_80x24", shot(&desk.model, 80, 24));
}

#[test]
fn cancelled_studies_look_their_own_way() {
    let mut desk = Desk::open(morning().into_iter().map(|study| study.cancelled()));
    desk.press("f c");
    desk.serve();
    insta::assert_snapshot!("cancelled_80x24", shot(&desk.model, 80, 24));
}
