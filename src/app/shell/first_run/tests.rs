use super::*;
use crate::app::message::secret::Secret;
use crate::input::parse_sequence;
use crate::wire::Failure;

const KEY: &str = "canary-key-5f2c";

pub(crate) fn model() -> FirstRun {
    let size = Size {
        width: 80,
        height: 24,
    };
    FirstRun {
        size,
        ..FirstRun::default()
    }
}

fn press(model: &mut FirstRun, keys: &str) -> Vec<Effect> {
    let chords = parse_sequence(keys).unwrap();
    let press = |chord| model.update(Msg::Key(chord));
    chords.into_iter().flat_map(press).collect()
}

fn type_text(model: &mut FirstRun, text: &str) {
    for c in text.chars() {
        model.update(Msg::Key(Chord::plain(Key::Char(c))));
    }
}

pub(crate) fn person(number: u8, name: &str) -> Candidate {
    Candidate {
        id: UserId::from_bytes([number; 16]),
        name: name.into(),
        email: format!(
            "{}@example.org",
            name.split(',').next().unwrap().to_lowercase()
        ),
    }
}

fn people() -> TrialFound {
    let people = vec![person(1, "Kim, Dana"), person(2, "Ortiz, Lee")];
    TrialFound {
        people: Some(people),
    }
}

/// A model whose test call is under way.
fn trying() -> (FirstRun, KeyTrial) {
    let mut model = model();
    press(&mut model, "s Tab");
    type_text(&mut model, KEY);
    match press(&mut model, "Enter").pop() {
        Some(Effect::TryOut(trial)) => (model, trial),
        other => panic!("{other:?}"),
    }
}

fn told(model: &FirstRun) -> String {
    let notice = model.notice.as_ref();
    notice
        .map(|notice| notice.text.to_string())
        .unwrap_or_default()
}

#[test]
fn from_an_address_and_a_key_to_what_is_kept() {
    let (mut model, trial) = trying();
    assert_eq!(trial.address, DEFAULT_BASE_URL);
    assert_eq!(trial.key, Secret::new(KEY));
    model.update(Msg::TriedOut(trial.number, Ok(people())));
    assert_eq!(model.stage, SetupStage::Me);
    type_text(&mut model, "lee ORT");
    press(&mut model, "Enter");
    let effects = press(&mut model, "Ctrl-s");
    let expected = Setup {
        profile: "main".into(),
        address: DEFAULT_BASE_URL.into(),
        me: Some(UserId::from_bytes([2; 16])),
        key: Secret::new(KEY),
        keep: Keep::File,
    };
    assert_eq!(effects, [Effect::Keep(Box::new(expected))]);
    let effects = model.update(Msg::Kept(Ok(())));
    assert_eq!(effects, [Effect::Leave(ExitReason::SetUp)]);
    assert!(model.key.is_empty(), "it is not needed any more");
}

#[test]
fn nothing_is_asked_for_before_it_can_be_right() {
    let mut model = model();
    assert_eq!(press(&mut model, "s Tab Enter"), []);
    assert_eq!(told(&model), "Type or paste your clinic's API key");
    type_text(&mut model, "two words");
    assert_eq!(press(&mut model, "Enter"), []);
    assert!(told(&model).contains("invalid character"));
    press(&mut model, "Ctrl-u");
    type_text(&mut model, KEY);
    press(&mut model, "Shift-Tab Ctrl-u");
    for (address, words) in [
        ("api.example.org", "it is not an address like"),
        (
            "http://api.example.org",
            "http:// would send the key in the clear",
        ),
        ("https://kim@example.org", "it must not hold a user name"),
    ] {
        model.update(Msg::Pasted(address.into()));
        assert_eq!(press(&mut model, "Ctrl-s"), [], "{address}");
        assert!(told(&model).contains(words), "{address}: {}", told(&model));
        assert_eq!(model.spot, Spot::Address);
        press(&mut model, "Ctrl-u");
    }
}

#[test]
fn a_failed_test_says_which_part_is_wrong_and_keeps_nothing() {
    let unreachable = |reason: &str| Failure::Unreachable {
        reason: reason.into(),
    };
    let rejected = |status| Failure::rejected(status, b"", None);
    for (failure, part, spot) in [
        (rejected(401), Part::Key, Spot::Key),
        (rejected(403), Part::Permission, Spot::Key),
        (rejected(404), Part::Address, Spot::Address),
        (rejected(500), Part::Server, Spot::Try),
        (
            Failure::Redirected { status: 302 },
            Part::Address,
            Spot::Address,
        ),
        (
            unreachable("the name api.exmaple.org was not found"),
            Part::Address,
            Spot::Address,
        ),
        (
            unreachable("connection refused"),
            Part::Address,
            Spot::Address,
        ),
        (
            unreachable("the server's certificate is not trusted (UnknownIssuer)"),
            Part::Tls,
            Spot::Try,
        ),
        (unreachable("there is no network"), Part::Network, Spot::Try),
        (Failure::TimedOut, Part::Network, Spot::Try),
    ] {
        let (mut model, trial) = trying();
        let outcome = Err(SetupFault::from(failure));
        let effects = model.update(Msg::TriedOut(trial.number, outcome));
        assert_eq!(effects, [], "{part:?}");
        assert_eq!((model.stage, model.spot), (SetupStage::Server, spot));
        let words = told(&model);
        assert!(
            words.starts_with(part.title()) && words.ends_with(part.advice()),
            "{words}"
        );
    }
}

#[test]
fn an_answer_that_nobody_waits_for_changes_nothing() {
    let (mut model, trial) = trying();
    press(&mut model, "Esc");
    model.update(Msg::TriedOut(trial.number, Ok(people())));
    assert_eq!(model.stage, SetupStage::Server);
    let again = press(&mut model, "Enter");
    assert!(matches!(&again[..], [Effect::TryOut(next)] if next.number > trial.number));
    model.update(Msg::TriedOut(trial.number, Ok(people())));
    assert_eq!(model.stage, SetupStage::Trying);
}

#[test]
fn a_key_that_may_not_list_users_will_do() {
    let (mut model, trial) = trying();
    let found = TrialFound { people: None };
    model.update(Msg::TriedOut(trial.number, Ok(found)));
    assert_eq!(model.stage, SetupStage::Keep);
    assert!(told(&model).contains("cannot list users"));
    press(&mut model, "Tab Right Right");
    let effects = press(&mut model, "Ctrl-s");
    assert!(matches!(&effects[..], [Effect::Keep(setup)]
            if setup.me.is_none() && setup.keep == Keep::Environment));
    model.update(Msg::Kept(Err("the disk is full".into())));
    assert_eq!(told(&model), "Nothing was saved: the disk is full");
}

#[test]
fn a_program_is_named_before_it_is_asked() {
    let (mut model, trial) = trying();
    model.update(Msg::TriedOut(trial.number, Ok(people())));
    press(&mut model, "Enter Tab Right");
    assert_eq!(press(&mut model, "Ctrl-s"), []);
    assert_eq!(model.spot, Spot::Command);
    type_text(&mut model, " pass  show avara ");
    let effects = press(&mut model, "Ctrl-s");
    let words = ["pass", "show", "avara"].map(str::to_owned).to_vec();
    assert!(matches!(&effects[..], [Effect::Keep(setup)] if setup.keep == Keep::Command(words)));
}

#[test]
fn escape_leads_back_and_forgets_the_key() {
    let (mut model, trial) = trying();
    model.update(Msg::TriedOut(trial.number, Ok(people())));
    press(&mut model, "Enter");
    assert_eq!(model.stage, SetupStage::Keep);
    press(&mut model, "Esc");
    assert_eq!(model.stage, SetupStage::Me);
    press(&mut model, "Esc");
    assert_eq!(model.stage, SetupStage::Server);
    press(&mut model, "Esc");
    assert_eq!(model.stage, SetupStage::Welcome);
    assert!(model.key.is_empty());
    assert_eq!(press(&mut model, "q"), [Effect::Leave(ExitReason::Quit)]);
    assert_eq!(press(&mut model, "d"), [Effect::Leave(ExitReason::Demo)]);
}

#[test]
fn the_key_shows_in_no_debug_output() {
    let (mut model, trial) = trying();
    assert!(!format!("{model:?}{trial:?}").contains("canary"));
    model.update(Msg::TriedOut(trial.number, Ok(people())));
    press(&mut model, "Enter");
    let effects = press(&mut model, "Ctrl-s");
    assert!(!format!("{model:?}{effects:?}").contains("canary"));
}

#[test]
fn the_key_is_edited_blind() {
    let mut line = HiddenLine::default();
    line.paste("  abcd\n");
    assert_eq!(line.len(), 4);
    line.press(Chord::plain(Key::Backspace));
    line.press(Chord::plain(Key::Char('é')));
    assert_eq!(line.len(), 4);
    assert!(line.key().is_err());
    line.press(Chord::plain(Key::Backspace));
    assert_eq!(line.key().unwrap(), Secret::new("abc"));
    line.paste(&"k".repeat(5_000));
    assert!(line.is_empty(), "no key is so long");
    line.press(Chord::ctrl('u'));
    assert!(line.is_empty());
}
