mod attention;
mod behind;
mod bulk;
mod clinics;
mod conflicts;
pub(crate) mod desk;
mod earlier;
pub(crate) mod endless;
mod filter_box;
mod form;
mod lock;
mod news;
mod people;
mod person;
mod random;
mod simulation;
mod views;

use super::*;
use crate::resolve::Found;
use crate::wire::*;
use crate::worklist::testing::{HOUR, MINUTE, study, study_id};
use desk::{Desk, page};

/// A STAT (1), a high (2) and a normal study (3), none of them late.
fn three() -> Desk {
    Desk::open([
        study(3).description("XR HAND").age(10 * MINUTE),
        study(1).description("CT HEAD").stat().age(5 * MINUTE),
        study(2).description("MR KNEE").high().age(HOUR),
    ])
}

#[test]
fn it_starts_by_asking_for_stat_all_open_and_the_users() {
    let desk = Desk::closed([]);
    let calls: Vec<&Call> = desk.calls.iter().map(|(_, call)| call).collect();
    assert!(matches!(
        calls[..],
        [
            Call::ListStudies(ListStudies {
                severity: Some(Severity::Stat),
                ..
            }),
            Call::ListStudies(_),
            Call::ListStudies(_),
            Call::ListStudies(_),
            Call::ListUsers(_),
        ]
    ));
    assert!(desk.model.kernel.needs_draw);
}

#[test]
fn the_first_page_shows_before_the_rest_is_read_and_nothing_is_counted() {
    let mut desk = Desk::closed([study(1).stat()]);
    let (ticket, _) = desk.calls.remove(1);
    let first = Page {
        cursor: Some("next".into()),
        has_more: true,
        ..page(vec![study(1).build(), study(2).build()])
    };
    desk.reply(ticket, Ok(Reply::Studies(first)));
    assert_eq!(desk.rows().len(), 2);
    assert_eq!(desk.model.lists.counts(&desk.model.kernel), None);
}

#[test]
fn until_a_key_is_pressed_the_cursor_stays_on_top_while_pages_arrive() {
    let first = |desk: &mut Desk, studies: Vec<Study>| {
        let (ticket, _) = desk.calls.remove(1);
        let page = Page {
            cursor: Some(format!("{}", studies.len())),
            has_more: true,
            ..page(studies)
        };
        desk.reply(ticket, Ok(Reply::Studies(page)));
        desk.calls.rotate_right(1);
    };
    let mut desk = Desk::closed([]);
    first(&mut desk, vec![study(3).build()]);
    desk.calls.swap(0, 1);
    first(
        &mut desk,
        vec![study(1).stat().build(), study(2).high().build()],
    );
    assert_eq!(desk.selected(), Some(1));
    let mut desk = Desk::closed([]);
    first(&mut desk, vec![study(3).build()]);
    desk.press("s");
    desk.calls.swap(0, 1);
    first(
        &mut desk,
        vec![study(1).stat().build(), study(2).high().build()],
    );
    assert_eq!((desk.rows(), desk.selected()), (vec![1, 2, 3], Some(3)));
}

#[test]
fn stat_comes_first_and_the_cursor_stands_on_it() {
    let desk = three();
    assert_eq!(desk.rows(), [1, 2, 3]);
    assert_eq!(desk.selected(), Some(1));
    assert_eq!(
        desk.model
            .lists
            .counts(&desk.model.kernel)
            .unwrap()
            .stat_open,
        1
    );
}

#[test]
fn a_name_and_enter_assign_the_study_under_the_cursor() {
    let mut desk = three();
    desk.press("j a k i m Enter");
    let (ticket, update) = desk.write();
    assert_eq!(
        update,
        UpdateStudy {
            assigned_to: Patch::Set(UserId::from_bytes([1; 16])),
            ..UpdateStudy::of(study_id(2))
        }
    );
    // Nothing shows as done until the server says so.
    let shown = desk.study(study_id(2));
    assert!(shown.assignee().is_none());
    assert!(desk.model.writes.changes.pending(study_id(2)).is_some());
    let answer = desk.apply(&update);
    desk.reply(ticket, Ok(Reply::Study(Box::new(answer))));
    let shown = desk.study(study_id(2));
    assert_eq!(shown.assignee().unwrap().name.as_str(), "Kim, Ana");
    assert_eq!(desk.notice(), "Assigned to Kim, Ana: MR KNEE  (u undoes)");
}

#[test]
fn each_change_sends_its_own_field_and_no_other() {
    let bare = UpdateStudy::of(study_id(3));
    for (keys, expected) in [
        (
            "s s",
            UpdateStudy {
                severity: Some(Severity::Stat),
                ..bare.clone()
            },
        ),
        (
            "s h",
            UpdateStudy {
                severity: Some(Severity::High),
                ..bare.clone()
            },
        ),
        (
            "m c",
            UpdateStudy {
                study_viewer_status: Some(StudyViewerStatus::Complete),
                ..bare.clone()
            },
        ),
    ] {
        let mut desk = three();
        desk.press("G");
        desk.press(keys);
        assert_eq!(desk.write().1, expected, "{keys}");
    }
}

#[test]
fn what_is_so_already_is_not_sent() {
    let mut desk = three();
    desk.press("s s");
    assert!(!desk.has_write());
    assert!(desk.notice().starts_with("Already stat"));
}

#[test]
fn a_refused_change_leaves_the_row_and_stays_visible_until_dismissed() {
    let mut desk = three();
    desk.press("s n");
    let (ticket, _) = desk.write();
    let refused = Failure::rejected(403, br#"{"message":"not yours"}"#, None);
    desk.reply(ticket, Err(refused));
    let shown = desk.study(study_id(1));
    assert_eq!(*shown.severity(), Severity::Stat);
    desk.press("j k");
    desk.refresh();
    assert!(desk.model.writes.changes.is_shown());
    desk.press("Esc");
    assert!(
        !desk.model.writes.changes.is_shown(),
        "Esc puts the line away"
    );
    assert!(
        desk.model.writes.changes.has_failed(study_id(1)),
        "and no more"
    );
    desk.press("E Enter");
    desk.type_text("dismiss");
    desk.press("Enter");
    assert!(!desk.model.writes.changes.has_failed(study_id(1)));
}

#[test]
fn an_unclear_answer_is_looked_up_and_sent_once_more_only_if_nothing_happened() {
    let unclear = [Failure::TimedOut, Failure::rejected(502, b"", None)];
    for (applied, failure) in [true, false].into_iter().zip(unclear) {
        let mut desk = three();
        desk.press("s n");
        let (ticket, update) = desk.write();
        if applied {
            desk.apply(&update);
        }
        desk.reply(ticket, Err(failure.clone()));
        assert!(!desk.has_write());
        assert!(desk.model.writes.changes.pending(study_id(1)).is_some());
        desk.serve();
        assert_eq!(desk.has_write(), !applied);
        if !applied {
            // The second attempt fails as well: it is looked at again, and that is the end.
            let (ticket, again) = desk.write();
            assert_eq!(again, update);
            desk.reply(ticket, Err(failure));
            desk.serve();
            assert!(!desk.has_write());
        }
        assert_eq!(desk.model.writes.changes.has_failed(study_id(1)), !applied);
        let shown = desk.study(study_id(1));
        assert_eq!(*shown.severity() == Severity::Normal, applied);
    }
}

#[test]
fn a_conflict_with_our_own_late_success_is_a_success() {
    for late in [true, false] {
        let mut desk = three();
        desk.press("s n");
        let (ticket, update) = desk.write();
        desk.reply(ticket, Err(Failure::TimedOut));
        desk.serve();
        let (ticket, _) = desk.write();
        // The first attempt is carried out only now, and the second one refused for it.
        if late {
            desk.apply(&update);
        }
        desk.reply(ticket, Err(Failure::rejected(409, b"", None)));
        desk.serve();
        assert!(!desk.has_write());
        assert_eq!(desk.model.writes.changes.has_failed(study_id(1)), !late);
    }
}

#[test]
fn what_someone_else_made_of_it_meanwhile_is_shown_and_left_alone() {
    let mut desk = three();
    desk.press("s n");
    let (ticket, _) = desk.write();
    desk.server(study_id(1)).severity = Severity::High;
    desk.reply(ticket, Err(Failure::TimedOut));
    desk.serve();
    assert!(!desk.has_write());
    let conflict = desk.model.writes.changes.conflicts()[0].clone();
    assert_eq!(conflict.theirs, Change::Severity(Severity::High));
    // Trying again overwrites nothing either: that takes a decision.
    desk.press("R");
    desk.serve();
    assert!(!desk.has_write());
    assert!(desk.model.writes.changes.has_conflict(study_id(1)));
}

#[test]
fn the_journal_is_told_what_a_look_has_shown() {
    let mut desk = three();
    desk.press("s n");
    let (ticket, update) = desk.write();
    desk.reply(ticket, Err(Failure::TimedOut));
    desk.serve();
    let (ticket, _) = desk.write();
    desk.apply(&update);
    desk.reply(ticket, Err(Failure::TimedOut));
    desk.serve();
    let told: Vec<_> = desk
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::RecordOutcome { target, found } => Some((target.clone(), *found)),
            _ => None,
        })
        .collect();
    let id = study_id(1).to_string();
    assert_eq!(told, [(id.clone(), Found::NotDone), (id, Found::Done)]);
}

#[test]
fn when_even_the_look_up_fails_it_is_called_unconfirmed() {
    let mut desk = three();
    desk.press("s n");
    let (ticket, _) = desk.write();
    desk.reply(ticket, Err(Failure::TimedOut));
    let (ticket, call) = desk.calls.pop().unwrap();
    assert!(matches!(call, Call::GetStudy(_)));
    desk.reply(ticket, Err(Failure::TimedOut));
    assert!(desk.model.writes.changes.failed()[0].got == Got::Unconfirmed);
}

#[test]
fn an_answer_that_does_not_show_the_change_is_a_failure() {
    let mut desk = three();
    desk.press("s n");
    let (ticket, _) = desk.write();
    let unchanged = desk.server(study_id(1)).clone();
    desk.reply(ticket, Ok(Reply::Study(Box::new(unchanged))));
    assert!(desk.model.writes.changes.has_failed(study_id(1)));
}

#[test]
fn one_change_at_a_time_for_a_study() {
    let mut desk = three();
    desk.press("s n s h");
    assert_eq!(desk.write().1.severity, Some(Severity::Normal));
}

#[test]
fn a_stale_reply_changes_nothing() {
    let mut desk = three();
    let before = desk.rows();
    desk.reply(Ticket(1), Ok(Reply::Studies(page(vec![study(9).build()]))));
    desk.reply(
        Ticket(999),
        Ok(Reply::Studies(page(vec![study(9).build()]))),
    );
    assert_eq!(desk.rows(), before);
    assert_eq!(desk.model.kernel.data.studies.store.len(), 3);
}

#[test]
fn a_completed_study_stays_under_the_cursor_until_the_cursor_leaves() {
    let mut desk = three();
    desk.press("j m c");
    desk.accept_write();
    desk.refresh();
    assert_eq!((desk.rows(), desk.selected()), (vec![1, 2, 3], Some(2)));
    desk.press("j");
    desk.refresh();
    assert_eq!((desk.rows(), desk.selected()), (vec![1, 3], Some(3)));
}

#[test]
fn a_study_raised_to_stat_does_not_jump_away_under_the_cursor() {
    let mut desk = three();
    desk.press("G s s");
    desk.accept_write();
    assert_eq!((desk.rows(), desk.selected()), (vec![1, 2, 3], Some(3)));
    desk.press("k");
    desk.send(Msg::Ticked);
    assert_eq!((desk.rows(), desk.selected()), (vec![3, 1, 2], Some(2)));
}

#[test]
fn a_study_completed_by_someone_else_is_looked_up_before_it_leaves() {
    let mut desk = three();
    desk.server(study_id(2)).study_viewer_status = StudyViewerStatus::Complete;
    desk.refresh();
    let shown = desk.study(study_id(2));
    assert_eq!(*shown.status(), StudyViewerStatus::Complete);
    desk.refresh();
    assert_eq!(desk.rows(), [1, 3]);
}

#[test]
fn a_study_that_a_walk_merely_missed_stays() {
    let mut desk = three();
    desk.now += 60_001;
    desk.send(Msg::Ticked);
    // The server shifted a page: the walk did not meet study 3, which is still open.
    while let Some(at) = desk
        .calls
        .iter()
        .position(|(_, call)| matches!(call, Call::ListStudies(_)))
    {
        let (ticket, _) = desk.calls.remove(at);
        let met = vec![study(1).stat().build(), study(2).high().build()];
        desk.reply(ticket, Ok(Reply::Studies(page(met))));
    }
    assert_eq!(desk.rows().len(), 3);
    desk.serve();
    assert_eq!(desk.rows().len(), 3);
}

#[test]
fn a_study_that_no_longer_exists_leaves() {
    let mut desk = three();
    desk.clinic.retain(|study| study.study_id != study_id(2));
    desk.refresh();
    desk.refresh();
    assert_eq!(desk.rows(), [1, 3]);
}

#[test]
fn a_new_unassigned_stat_rings_once() {
    let mut desk = three();
    assert!(
        desk.effects.is_empty(),
        "what is there at the start is no news"
    );
    desk.clinic.push(
        study(4)
            .description("CT C-SPINE")
            .stat()
            .age(MINUTE)
            .build(),
    );
    desk.refresh();
    desk.refresh();
    assert_eq!(desk.effects, [Effect::Ring]);
    let (banner, more) = desk.model.lists.banner(&desk.model.kernel).unwrap();
    assert_eq!((&*banner, more), ("CT C-SPINE", 0));
    assert_eq!(desk.rows()[..2], [1, 4]);
    assert_eq!(desk.selected(), Some(1), "the cursor stays on its study");
}

#[test]
fn the_list_stands_still_while_someone_is_chosen() {
    let mut desk = three();
    desk.press("a");
    desk.clinic.push(study(4).stat().age(30 * MINUTE).build());
    desk.refresh();
    assert_eq!(desk.rows(), [1, 2, 3]);
    desk.press("o s e i Enter");
    assert_eq!(desk.write().1.study_id, study_id(1));
    assert_eq!(desk.rows(), [4, 1, 2, 3]);
}

#[test]
fn read_only_refuses_every_change_and_says_why() {
    let mut desk = three();
    desk.press("!");
    for keys in ["s n", "m c", "A u", "a"] {
        desk.press(keys);
        assert!(desk.notice().contains("Read-only"), "{keys}");
        // What opens for a choice is opened all the same, so that letters meant for it do nothing.
        assert_eq!(desk.is_refused(), keys == "a");
        assert!(!desk.has_write());
    }
    desk.press("Esc");
    desk.press("! s n");
    assert!(desk.has_write());
    let mut forced = three();
    forced.model.kernel.session.read_only = ReadOnly::Forced;
    forced.press("! s n");
    assert!(!forced.has_write());
}

#[test]
fn the_filter_applies_as_it_is_typed_and_esc_brings_the_old_one_back() {
    let mut desk = three();
    desk.press("/");
    desk.type_text("sev:stat,high");
    assert_eq!(desk.rows(), [1, 2]);
    desk.press("Enter");
    desk.press("/");
    desk.type_text(" knee");
    assert_eq!(desk.rows(), [2]);
    desk.press("Esc");
    assert_eq!(desk.rows(), [1, 2]);
    desk.press("Esc");
    assert_eq!(desk.rows(), [1, 2, 3]);
}

/// The cursor once stayed on what half a word had found, and the most urgent rows were above the screen.
#[test]
fn typing_a_filter_leaves_the_cursor_on_its_study_or_on_the_first_row() {
    let on = |desk: &Desk| desk.model.kernel.data.studies.selected();
    let mut desk = three();
    desk.press("j");
    let before = on(&desk);
    assert_eq!(before, Some(study_id(2)));
    desk.press("/");
    desk.type_text("sev:stat");
    assert_eq!(on(&desk), Some(study_id(1)));
    desk.type_text(",high");
    assert_eq!(on(&desk), before);
    desk.press("Esc");
    assert_eq!(on(&desk), before);
    desk.press("/");
    desk.type_text("sev:normal");
    desk.press("Ctrl-u");
    desk.type_text("sev:stat,normal");
    assert_eq!(desk.rows(), [1, 3]);
    assert_eq!(on(&desk), Some(study_id(1)));
    assert_eq!(desk.model.kernel.data.studies.top(), 0);
}

#[test]
fn a_wrong_filter_leaves_the_old_one_in_force_and_cannot_be_kept() {
    let mut desk = three();
    desk.press("/");
    desk.type_text("sev:stat");
    assert_eq!(desk.rows(), [1]);
    desk.type_text(",urgnt");
    assert_eq!(desk.rows(), [1, 2, 3]);
    desk.press("Enter");
    let Some(Overlay::Filter(filter_box)) = &desk.model.kernel.layers.overlay else {
        panic!("the box closed over a wrong filter");
    };
    assert!(filter_box.error().is_some());
}

#[test]
fn quick_filters_edit_the_filter() {
    let mut desk = three();
    desk.press("f s h i g h Enter");
    assert_eq!(desk.model.kernel.data.studies.filter.text(), "sev:high");
    desk.press("f a u n a s s Enter");
    assert_eq!(
        desk.model.kernel.data.studies.filter.text(),
        "sev:high to:none"
    );
    desk.press("f x");
    assert_eq!(desk.model.kernel.data.studies.filter.text(), "");
}

#[test]
fn complete_studies_are_read_when_a_filter_asks_for_them() {
    let mut desk = Desk::open([study(1), study(2).complete()]);
    assert_eq!(desk.rows(), [1]);
    desk.press("f t c o m p Enter");
    assert!(desk.calls.iter().any(|(_, call)| matches!(
        call,
        Call::ListStudies(ListStudies {
            study_viewer_status: Some(StudyViewerStatus::Complete),
            ..
        })
    )));
    desk.serve();
    assert_eq!(desk.rows(), [2]);
}

#[test]
fn leaving_waits_for_changes_under_way_unless_asked_twice() {
    let leave = Effect::Leave(ExitReason::Quit);
    let mut desk = three();
    desk.press("q");
    assert_eq!(desk.effects, std::slice::from_ref(&leave));
    let mut desk = three();
    desk.press("s n q");
    assert!(desk.effects.is_empty());
    desk.accept_write();
    assert_eq!(desk.effects, std::slice::from_ref(&leave));
    let mut desk = three();
    desk.press("s n q q");
    assert_eq!(desk.effects, [leave]);
}

#[test]
fn esc_never_quits() {
    let mut desk = three();
    desk.press("Esc Esc Esc Esc Esc");
    assert!(desk.effects.is_empty());
}

#[test]
fn a_paste_outside_an_input_is_never_keys() {
    let mut desk = three();
    desk.send(Msg::Pasted("s s m c q".into()));
    assert!(!desk.has_write() && desk.effects.is_empty());
    desk.press("/");
    desk.send(Msg::Pasted("knee\n".into()));
    assert_eq!(desk.rows(), [2]);
}

#[test]
fn me_is_found_among_the_users() {
    let mut desk = Desk::closed([study(1)]);
    desk.model.kernel.session.me_wanted = Some("RUIZ@example.org".into());
    desk.serve();
    desk.press("A m");
    assert_eq!(
        desk.write().1.assigned_to,
        Patch::Set(UserId::from_bytes([3; 16]))
    );
    let mut desk = three();
    desk.press("A m");
    assert!(desk.notice().contains("--me"), "{}", desk.notice());
}

#[test]
fn a_link_is_asked_for_at_the_moment_of_opening() {
    for closes in ["Esc", "Ctrl-c"] {
        let mut desk = three();
        desk.press("o");
        desk.serve();
        assert!(matches!(desk.effects[..], [Effect::OpenLink(_)]));
        let link = RerouteUrlResponse {
            url: "https://viewer.example.org/t".into(),
        };
        desk.send(Msg::Opened(Opening::NoBrowser { link }));
        assert!(matches!(
            desk.model.kernel.layers.overlay,
            Some(Overlay::Link(_))
        ));
        desk.press(closes);
        assert!(desk.model.kernel.layers.overlay.is_none(), "{closes}");
        assert!(!desk.model.shell.leaving);
    }
}

#[test]
fn a_refused_key_is_not_asked_with_again_until_a_person_does() {
    let mut desk = Desk::closed([study(1)]);
    while let Some((ticket, _)) = desk.calls.pop() {
        desk.reply(ticket, Err(Failure::rejected(401, b"", None)));
    }
    desk.now += 10 * 60_000;
    desk.send(Msg::Ticked);
    assert!(desk.calls.is_empty());
    assert!(desk.model.kernel.is_stale());
    desk.press("r");
    desk.serve();
    assert_eq!(desk.rows(), [1]);
    assert!(!desk.model.kernel.is_stale());
}

#[test]
fn the_word_about_a_refresh_makes_room_for_what_came_of_it() {
    for fails in [false, true] {
        let mut desk = three();
        desk.press("r");
        assert_eq!(desk.notice(), "Refreshing");
        let (first, _) = desk.calls.remove(0);
        desk.reply(first, Err(Failure::TimedOut));
        assert_eq!(desk.notice(), "Refreshing");
        if fails {
            let (second, _) = desk.calls.remove(0);
            desk.reply(second, Err(Failure::TimedOut));
        }
        desk.serve();
        assert_eq!(desk.notice(), "");
    }
}

#[test]
fn a_wrong_workstation_clock_does_not_change_ages() {
    let mut desk = Desk::closed([]);
    let (ticket, _) = desk.calls.remove(0);
    let server_time = Some(desk.now + 3 * HOUR);
    let outcome = Ok(Reply::Studies(page(vec![study(1).build()])));
    desk.send(Msg::Replied {
        ticket,
        outcome,
        server_time,
    });
    assert_eq!(desk.model.kernel.server_now(), desk.now + 3 * HOUR);
}

#[test]
fn nothing_to_do_means_nothing_to_draw() {
    let mut desk = three();
    desk.model.kernel.needs_draw = false;
    desk.now += 1_500;
    desk.send(Msg::Ticked);
    assert!(!desk.model.kernel.needs_draw);
}

#[test]
fn every_prefix_shows_its_keys_and_an_unknown_key_says_so() {
    let mut desk = three();
    desk.press("s");
    assert_eq!(desk.model.kernel.typed.len(), 1);
    desk.press("Esc z");
    assert!(desk.notice().contains('z'));
    assert!(!desk.has_write());
}

#[test]
fn a_wait_that_the_server_asks_for_is_counted_down_second_by_second() {
    let mut desk = Desk::closed([study(1)]);
    let effects = start(&mut desk.model);
    desk.note(effects);
    let walks: Vec<Ticket> = (desk.calls.iter())
        .filter(|(_, call)| matches!(call, Call::ListStudies(_)))
        .map(|(ticket, _)| *ticket)
        .collect();
    let wait = Some(std::time::Duration::from_secs(120));
    desk.calls.clear();
    for ticket in walks {
        desk.reply(ticket, Err(Failure::rejected(429, b"", wait)));
    }
    for second in 1..=3 {
        let wakes = desk.model.next_wake().unwrap();
        assert!(wakes - desk.now <= 1_000, "{second}");
        desk.now = wakes;
        desk.model.kernel.needs_draw = false;
        desk.send(Msg::Ticked);
        assert!(desk.model.kernel.needs_draw);
    }
    assert!(
        !desk
            .calls
            .iter()
            .any(|(_, call)| matches!(call, Call::ListStudies(_)))
    );
}
