//! Looking a study up in the middle of something else.

use super::*;
use crate::app::Overlay;
use crate::app::tests::desk::Desk;
use crate::app::{Msg, Opening, Ticket};
use crate::wire::DicomUid;
use crate::wire::{RerouteUrlResponse, Severity};
use crate::worklist::testing::{HOUR, MINUTE, study, study_id};

const UID: &str = "2.25.4711";
const NOWHERE: &str = "2.25.9999";

/// Three open studies on the list, and a complete one (7) that is not loaded.
fn desk() -> Desk {
    Desk::open([
        study(1).description("CT HEAD").stat().age(5 * MINUTE),
        study(2).description("MR KNEE").high().age(HOUR),
        study(3).description("XR HAND").age(10 * MINUTE),
        study(7).description("US THYROID").uid(UID).complete(),
    ])
}

fn paste(desk: &mut Desk, text: &str) {
    desk.send(Msg::Pasted(text.into()));
}

fn stage(desk: &Desk) -> &Stage {
    &desk
        .model
        .kernel
        .layers
        .lookup
        .as_ref()
        .expect("the lookup is open")
        .stage
}

fn found(desk: &Desk) -> Option<u8> {
    match stage(desk) {
        Stage::Found { study, .. } => Some(study.as_bytes()[0]),
        _ => None,
    }
}

fn picker_text(desk: &Desk) -> String {
    match &desk.model.kernel.layers.overlay {
        Some(Overlay::Picker(picker)) => picker.line.text().to_owned(),
        other => panic!("{other:?}"),
    }
}

fn asked(desk: &mut Desk) -> (Ticket, Call) {
    assert_eq!(desk.calls.len(), 1, "{:?}", desk.calls);
    desk.calls.remove(0)
}

#[test]
fn a_loaded_study_is_found_without_a_question_and_enter_goes_to_it() {
    let mut desk = desk();
    desk.press("g u");
    desk.type_text(&study_id(3).to_string());
    desk.press("Enter");
    assert_eq!((found(&desk), desk.calls.len()), (Some(3), 0));
    assert_eq!(desk.selected(), Some(1));
    desk.press("Enter");
    assert!(desk.model.kernel.layers.lookup.is_none());
    assert_eq!(desk.selected(), Some(3));
}

#[test]
fn a_uid_that_is_not_loaded_is_asked_for_by_uid() {
    let mut desk = desk();
    paste(&mut desk, &format!("  {UID}\r\n"));
    let (ticket, call) = asked(&mut desk);
    assert!(
        matches!(&call, Call::GetStudyByUid(get) if get.study_instance_uid.as_str() == UID),
        "{call:?}"
    );
    assert_eq!(*stage(&desk), Stage::Asking);
    let study = desk.server(study_id(7)).clone();
    desk.reply(ticket, Ok(Reply::Study(Box::new(study))));
    assert_eq!(found(&desk), Some(7));
    assert_eq!(desk.rows(), [1, 2, 3]);
    let reason = why_unlisted(&desk.model.kernel, study_id(7)).unwrap();
    assert_eq!(reason, "Not in the list: it is complete");
    desk.press("Enter");
    assert_eq!((found(&desk), desk.notice()), (Some(7), reason.as_str()));
    desk.press("Esc");
    assert!(desk.model.kernel.layers.lookup.is_none());
    assert_eq!((desk.rows(), desk.selected()), (vec![1, 2, 3], Some(1)));
}

#[test]
fn a_closed_study_that_is_loaded_shows_at_once_and_is_read_again() {
    let mut desk = desk();
    paste(&mut desk, UID);
    desk.serve();
    desk.press("Esc");
    paste(&mut desk, UID);
    assert_eq!(found(&desk), Some(7));
    let (ticket, call) = asked(&mut desk);
    assert!(matches!(call, Call::GetStudy(_)));
    desk.reply(ticket, Err(Failure::TimedOut));
    assert!(matches!(stage(&desk), Stage::Found { doubt: Some(_), .. }));
    desk.press("r");
    desk.serve();
    assert!(matches!(stage(&desk), Stage::Found { doubt: None, .. }));
}

#[test]
fn a_half_typed_picker_is_as_it_was_after_the_look() {
    let mut desk = desk();
    desk.press("j a k i Down");
    let before = format!("{:?}", desk.model.kernel.layers.overlay);
    paste(&mut desk, UID);
    desk.serve();
    assert_eq!(found(&desk), Some(7));
    desk.press("Enter");
    assert_eq!(found(&desk), Some(7), "Enter sweeps nothing away");
    desk.press("Esc");
    assert!(desk.model.kernel.layers.lookup.is_none());
    assert_eq!(format!("{:?}", desk.model.kernel.layers.overlay), before);
    desk.press("Enter");
    assert_eq!(desk.write().1.study_id, study_id(2));
}

#[test]
fn in_an_input_a_paste_is_text_and_a_chord_looks_up() {
    let mut desk = desk();
    desk.press("/ c t Space");
    paste(&mut desk, UID);
    assert!(desk.model.kernel.layers.lookup.is_none());
    let text = |desk: &Desk| match &desk.model.kernel.layers.overlay {
        Some(Overlay::Filter(filter_box)) => filter_box.line.text().to_owned(),
        other => panic!("{other:?}"),
    };
    assert_eq!(text(&desk), format!("ct {UID}"));
    desk.press("Ctrl-g");
    paste(&mut desk, UID);
    desk.serve();
    assert_eq!(found(&desk), Some(7));
    desk.press("Esc");
    assert_eq!(text(&desk), format!("ct {UID}"));
}

#[test]
fn text_that_is_not_a_name_opens_nothing() {
    let mut desk = desk();
    for text in ["ct head", "1.5", "7", "", "1.2.3 4.5.6", "stu_ 1"] {
        paste(&mut desk, text);
        assert!(desk.model.kernel.layers.lookup.is_none(), "{text:?}");
    }
}

#[test]
fn a_broken_rule_is_named_when_it_is_broken_and_nothing_is_sent() {
    let mut desk = desk();
    desk.press("g u");
    let complaint = |desk: &Desk| {
        desk.model
            .kernel
            .layers
            .lookup
            .as_ref()
            .unwrap()
            .complaint()
    };
    for unfinished in ["1.2.840.", "stu_12ab", "st"] {
        desk.type_text(unfinished);
        assert_eq!(complaint(&desk), None, "{unfinished}");
        desk.press("Enter");
        assert!(complaint(&desk).is_some(), "{unfinished}");
        desk.press("Ctrl-u");
    }
    desk.type_text("1.02");
    assert!(complaint(&desk).unwrap().contains("begin with 0"));
    desk.press("Enter");
    assert_eq!((stage(&desk), desk.calls.len()), (&Stage::Typing, 0));
}

#[test]
fn a_study_whose_uid_breaks_the_rules_is_found_where_it_is_loaded() {
    let mut desk = Desk::open([study(4).uid("1.02.3")]);
    paste(&mut desk, "1.02.3");
    assert_eq!((found(&desk), desk.calls.len()), (Some(4), 0));
}

#[test]
fn only_the_newest_question_is_answered() {
    let mut desk = desk();
    paste(&mut desk, NOWHERE);
    let (stale, _) = asked(&mut desk);
    paste(&mut desk, UID);
    assert!(desk.effects.contains(&Effect::Abort(stale)));
    desk.reply(stale, Err(Failure::rejected(404, b"", None)));
    assert_eq!(*stage(&desk), Stage::Asking);
    let (late, _) = asked(&mut desk);
    desk.press("Esc");
    let study = desk.server(study_id(7)).clone();
    desk.reply(late, Ok(Reply::Study(Box::new(study))));
    assert!(desk.model.kernel.layers.lookup.is_none());
    assert!(
        desk.model
            .kernel
            .data
            .studies
            .store
            .find(study_id(7))
            .is_none()
    );
}

#[test]
fn an_answer_about_another_study_is_not_believed() {
    let mut desk = desk();
    paste(&mut desk, NOWHERE);
    let (ticket, _) = asked(&mut desk);
    let other = desk.server(study_id(7)).clone();
    desk.reply(ticket, Ok(Reply::Study(Box::new(other))));
    assert!(matches!(stage(&desk), Stage::Failed(_)));
}

#[test]
fn what_is_not_found_can_be_created_by_its_uid_but_not_by_its_id() {
    let mut desk = desk();
    paste(&mut desk, NOWHERE);
    desk.serve();
    assert_eq!(*stage(&desk), Stage::Missing);
    let wish = desk
        .model
        .kernel
        .layers
        .lookup
        .as_ref()
        .unwrap()
        .wants_create();
    assert_eq!(wish.map(DicomUid::as_str), Some(NOWHERE));
    desk.press("c");
    let Some(Overlay::Form(form)) = &desk.model.kernel.layers.overlay else {
        panic!("no form");
    };
    assert_eq!(form.fields[0].value(), NOWHERE);
    desk.press("Esc");
    desk.now += 300;
    desk.press("y");
    paste(&mut desk, &study_id(99).to_string());
    desk.serve();
    assert_eq!(*stage(&desk), Stage::Missing);
    assert_eq!(
        desk.model
            .kernel
            .layers
            .lookup
            .as_ref()
            .unwrap()
            .wants_create(),
        None
    );
}

#[test]
fn a_failure_is_reported_and_r_asks_again() {
    let mut desk = desk();
    paste(&mut desk, UID);
    let (ticket, _) = asked(&mut desk);
    desk.reply(ticket, Err(Failure::rejected(403, b"", None)));
    assert!(matches!(stage(&desk), Stage::Failed(_)));
    desk.press("r");
    desk.serve();
    assert_eq!(found(&desk), Some(7));
}

#[test]
fn a_change_from_the_look_is_of_its_study_and_the_cursor_stays() {
    let mut desk = desk();
    paste(&mut desk, UID);
    desk.serve();
    desk.press("s s");
    let (ticket, update) = desk.write();
    assert_eq!(update.study_id, study_id(7));
    let study = desk.apply(&update);
    desk.reply(ticket, Ok(Reply::Study(Box::new(study))));
    assert_eq!((found(&desk), desk.selected()), (Some(7), Some(1)));
    assert_eq!(desk.server(study_id(7)).severity, Severity::Stat);
    desk.press("m i");
    desk.accept_write();
    desk.press("Enter");
    assert_eq!((desk.selected(), desk.rows().len()), (Some(7), 4));
}

#[test]
fn assigning_from_a_look_over_a_half_typed_picker_brings_both_back() {
    let mut desk = desk();
    desk.press("j a o s");
    paste(&mut desk, UID);
    desk.serve();
    desk.press("a k i m");
    assert_eq!(picker_text(&desk), "kim");
    desk.press("Enter");
    assert_eq!(desk.write().1.study_id, study_id(7));
    assert_eq!((found(&desk), picker_text(&desk)), (Some(7), "os".into()));
    desk.press("Esc Enter");
    assert_eq!(desk.write().1.study_id, study_id(2));
}

#[test]
fn read_only_holds_in_the_look_too() {
    let mut desk = desk();
    desk.press("!");
    paste(&mut desk, UID);
    desk.serve();
    desk.press("s s");
    assert!(!desk.has_write());
}

#[test]
fn a_link_without_a_browser_shows_over_the_look() {
    let mut desk = desk();
    paste(&mut desk, UID);
    desk.serve();
    desk.press("o");
    desk.serve();
    let url = "https://viewer.example.org/t".into();
    let link = RerouteUrlResponse { url };
    desk.send(Msg::Opened(Opening::NoBrowser { link }));
    assert!(matches!(
        desk.model.kernel.layers.overlay,
        Some(Overlay::Link(_))
    ));
    desk.press("Esc");
    assert!(desk.model.kernel.layers.overlay.is_none());
    assert_eq!(found(&desk), Some(7));
}

#[test]
fn the_list_stands_still_behind_the_look() {
    let mut desk = desk();
    paste(&mut desk, UID);
    desk.serve();
    desk.clinic.push(study(9).stat().age(3 * HOUR).build());
    desk.refresh();
    assert_eq!(desk.rows(), [1, 2, 3]);
    desk.press("Esc");
    assert_eq!((desk.rows().len(), desk.selected()), (4, Some(1)));
}
