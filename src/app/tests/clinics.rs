//! Going from one clinic of the configuration file to another.

use super::*;

fn clinic(name: &str) -> Clinic {
    Clinic {
        name: name.into(),
        host: format!("{name}.example.org"),
    }
}

fn between_two() -> Desk {
    let mut desk = three();
    desk.model.shell.clinics = Clinics {
        all: vec![clinic("lakeside"), clinic("harbour")],
        current: Some("lakeside".into()),
    };
    desk
}

#[test]
fn the_other_clinic_is_two_keys_and_enter_away() {
    let mut desk = between_two();
    desk.press("g c h a r Enter");
    assert_eq!(
        desk.effects.last(),
        Some(&Effect::Leave(ExitReason::Clinic("harbour".into())))
    );
}

#[test]
fn the_clinic_on_screen_cannot_be_chosen() {
    let mut desk = between_two();
    desk.effects.clear();
    desk.press("g c l a k e Enter");
    assert_eq!(desk.effects, []);
}

#[test]
fn without_another_clinic_the_reason_is_shown() {
    let mut desk = between_two();
    desk.model.shell.clinics.all.truncate(1);
    desk.press("g c");
    assert!(desk.is_refused());
    assert!(desk.notice().contains("names no other clinic"));
    desk.press("Esc");
    desk.model.kernel.session.place = Environment::Demo;
    desk.press("g c");
    assert!(desk.notice().contains("The demo has only one clinic"));
}

/// What was sent is not cut off: neither before the list of clinics is open nor while it is.
#[test]
fn nobody_is_revoked_while_a_change_is_under_way() {
    let mut desk = between_two();
    desk.press("s h");
    desk.press("g c");
    assert!(desk.is_refused());
    assert!(desk.notice().contains("still being saved"));
    let leaves = |effect: &Effect| matches!(effect, Effect::Leave(_));
    assert!(!desk.effects.iter().any(leaves));
}
