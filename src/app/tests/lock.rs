//! The idle lock: nothing is shown, read or done until the key was read again.

use super::*;
use crate::input::parse_sequence;

const TEN_MINUTES: i64 = 10 * MINUTE;

fn locking() -> Desk {
    let mut desk = three();
    desk.model.kernel.session.lock_after = Some(TEN_MINUTES);
    desk
}

/// Where nothing is read while the screen is hidden, and the key is forgotten.
fn forgetting() -> Desk {
    let mut desk = locking();
    desk.model.kernel.session.watch = Watch::Off;
    desk
}

fn knows_nothing(desk: &Desk) -> bool {
    desk.model.kernel.data.studies.store.is_empty()
        && desk.model.kernel.data.users.iter().next().is_none()
}

#[test]
fn it_locks_at_once_from_anywhere_and_forgets_everything() {
    for before in ["j", "a", "/", "? s", "g p", "g i", "Enter", "s", "g u", "x"] {
        let mut desk = forgetting();
        desk.press(before);
        desk.press("Ctrl-l");
        assert!(desk.model.shell.lock.is_locked(), "after {before}");
        assert!(knows_nothing(&desk), "after {before}");
        assert!(desk.effects.contains(&Effect::ForgetKey), "after {before}");
        assert!(desk.effects.contains(&Effect::Repaint), "after {before}");
        assert!(
            desk.model.kernel.layers.overlay.is_none() && desk.model.kernel.layers.lookup.is_none()
        );
    }
}

#[test]
fn it_locks_itself_after_ten_minutes_without_a_key() {
    let mut desk = forgetting();
    for _ in 0..9 {
        desk.refresh();
    }
    assert!(!desk.model.shell.lock.is_locked());
    assert!(
        desk.model
            .next_wake()
            .is_some_and(|at| at <= desk.now + MINUTE)
    );
    desk.press("j");
    for _ in 0..9 {
        desk.refresh();
    }
    assert!(
        !desk.model.shell.lock.is_locked(),
        "a key counts as being there"
    );
    desk.refresh();
    assert!(desk.model.shell.lock.is_locked());
    desk.calls.clear();
    desk.now += 60 * MINUTE;
    desk.send(Msg::Ticked);
    assert!(desk.calls.is_empty(), "nothing is read while it is locked");
    assert_eq!(desk.model.next_wake(), None);
}

#[test]
fn the_key_that_ends_a_long_absence_does_nothing_else() {
    // Asleep with the lid closed: no tick came in between.
    for key in ["s s", "x", "m c", ".", "q", "Enter"] {
        let mut desk = locking();
        desk.effects.clear();
        desk.now += 8 * 60 * MINUTE;
        let first = parse_sequence(key).unwrap()[0];
        desk.send(Msg::Key(first));
        assert!(desk.model.shell.lock.is_locked(), "{key}");
        assert!(!desk.has_write(), "{key}");
        let left = [Effect::Leave(ExitReason::Quit), Effect::ReadKey];
        assert!(
            !desk.effects.contains(&left[1]) || key == "Enter",
            "{key}: {:?}",
            desk.effects
        );
    }
}

#[test]
fn enter_reads_the_key_again_and_then_everything() {
    let mut desk = three();
    desk.press("2");
    desk.press("Ctrl-l");
    desk.calls.clear();
    desk.press("j a s s");
    assert!(desk.model.shell.lock.is_locked());
    desk.press("Enter");
    assert!(desk.effects.contains(&Effect::ReadKey));
    desk.send(Msg::KeyRead(Err("There is no API key any more".into())));
    assert_eq!(
        desk.model.shell.lock.complaint(),
        Some("There is no API key any more")
    );
    desk.press("Enter");
    desk.send(Msg::KeyRead(Ok(())));
    desk.serve();
    assert!(!desk.model.shell.lock.is_locked());
    assert_eq!(desk.rows().len(), 3);
    assert!(
        !desk.model.kernel.data.studies.filter.text().is_empty(),
        "the view stays"
    );
}

#[test]
fn a_change_under_way_is_waited_for_and_its_failure_is_not_lost() {
    let mut desk = forgetting();
    desk.press("s h");
    desk.serve();
    assert!(desk.has_write());
    desk.press("Ctrl-l");
    assert!(desk.model.shell.lock.is_locked());
    assert!(!desk.effects.contains(&Effect::ForgetKey));
    desk.press("q");
    assert!(!desk.effects.contains(&Effect::Leave(ExitReason::Quit)));
    let (ticket, _) = desk.write();
    desk.reply(ticket, Err(Failure::rejected(403, b"", None)));
    assert!(desk.effects.contains(&Effect::ForgetKey));
    assert!(knows_nothing(&desk));
    desk.press("Enter");
    desk.send(Msg::KeyRead(Ok(())));
    desk.serve();
    assert_eq!(desk.model.writes.changes.failed().len(), 1);
}

#[test]
fn answers_that_come_late_bring_nothing_back() {
    let mut desk = three();
    desk.now += 61_000;
    desk.send(Msg::Ticked);
    let late: Vec<Ticket> = desk.calls.iter().map(|(ticket, _)| *ticket).collect();
    assert!(!late.is_empty());
    desk.press("Ctrl-l");
    for ticket in late {
        let studies = Reply::Studies(page(vec![study(1).build()]));
        desk.send(Msg::Replied {
            ticket,
            outcome: Ok(studies),
            server_time: None,
        });
    }
    assert!(knows_nothing(&desk));
}

#[test]
fn a_form_that_was_being_filled_in_comes_back() {
    let mut desk = three();
    desk.press("c");
    desk.type_text("2.25.77");
    desk.press("Ctrl-l");
    assert!(desk.model.shell.lock.is_locked());
    desk.press("Enter");
    desk.send(Msg::KeyRead(Ok(())));
    desk.serve();
    assert!(matches!(
        desk.model.kernel.layers.overlay,
        Some(Overlay::Form(_))
    ));
}
