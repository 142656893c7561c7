//! What is copied, and what is said about it.

use super::*;
use crate::app::tests::desk::Desk;
use crate::app::{Msg, Overlay, Reply};
use crate::wire::{Failure, RerouteUrlResponse};
use crate::worklist::testing::{MINUTE, study, study_id};

fn desk() -> Desk {
    let study = study(1)
        .description("CT \tHEAD\n")
        .uid("2.25.4711")
        .stat()
        .age(5 * MINUTE)
        .to(1, "Kim, Ana");
    Desk::open([study])
}

fn copied(keys: &str) -> String {
    let mut desk = desk();
    desk.press(keys);
    match &desk.effects[..] {
        [Effect::Copy(Clip::Text { text, .. })] => text.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn help_and_palette_copy_the_command_of_an_action() {
    let id = study_id(1);
    let severity = format!("avara-tui studies severity high {id}");
    assert_eq!(copied(": s e t _ h i g h Ctrl-y"), severity);
    assert_eq!(copied("? s e t _ h i g h Ctrl-y"), severity);
    // The list stays, and what cannot be done has no command.
    let mut desk = desk();
    desk.press("! ? s e t _ h i g h");
    let picker = |desk: &Desk| match &desk.model.kernel.layers.overlay {
        Some(Overlay::Picker(picker)) => picker.current().cloned().unwrap(),
        other => panic!("{other:?}"),
    };
    let item = picker(&desk);
    let said: Vec<&str> = item.more.iter().map(|line| line.as_str()).collect();
    assert_eq!(
        said,
        ["set_high", "Read-only is on; ! switches it off"],
        "the reason where the command would be"
    );
    desk.press("Ctrl-y");
    assert!(desk.effects.is_empty());
    assert_eq!(picker(&desk), item);
}

#[test]
fn each_fact_has_its_key() {
    let id = study_id(1).to_string();
    assert_eq!(copied("y u"), "2.25.4711");
    assert_eq!(copied("y i"), id);
    assert_eq!(copied("y c"), format!("avara-tui studies get {id}"));
    let row = copied("y r");
    let cells: Vec<&str> = row.split('\t').collect();
    assert_eq!(
        cells,
        [
            "stat",
            "5m",
            "CT  HEAD",
            "Kim, Ana",
            "incomplete",
            "",
            "2.25.4711",
            &id
        ]
    );
}

#[test]
fn no_copied_text_is_a_formula_whatever_separator_a_spreadsheet_takes() {
    for text in [
        "=1", "+1", " -1", "@x", "a;=1", "a;\"=1", "a,@x", "a\t=1", "a\n=1", "＝1",
    ] {
        for keys in ["y r", "y u"] {
            let study = study(1).description(text).uid(text).to(1, text);
            let mut desk = Desk::open([study]);
            desk.press(keys);
            let [Effect::Copy(Clip::Text { text: copied, .. })] = &desk.effects[..] else {
                panic!("{:?}", desk.effects);
            };
            for cell in copied.split(['\t', ';', ',']) {
                let begin = cell.trim_start_matches([' ', '"']);
                let signs = ['=', '+', '-', '@', '＝'];
                assert!(!begin.starts_with(signs), "{keys}: {text:?} as {copied:?}");
            }
        }
    }
}

#[test]
fn a_link_is_asked_for_when_it_is_wanted_and_printed_nowhere() {
    let mut desk = desk();
    desk.press("y l y l");
    assert_eq!(desk.calls.len(), 1);
    let (ticket, call) = desk.calls.remove(0);
    assert!(matches!(call, Call::RerouteUrl(_)));
    let url = "https://viewer.example.org/secret".into();
    desk.reply(ticket, Ok(Reply::Link(RerouteUrlResponse { url })));
    assert!(matches!(desk.effects[..], [Effect::Copy(Clip::Link(_))]));
    assert!(!format!("{:?}", desk.effects).contains("secret"));
    desk.send(Msg::Copied(Copying::Done {
        what: Copied::Link,
        way: "xclip".into(),
    }));
    let notice = desk.notice();
    assert!(
        notice.contains("Anyone with it can open the study") && notice.contains("xclip"),
        "{notice}"
    );
}

#[test]
fn without_a_link_nothing_is_copied() {
    let mut desk = desk();
    desk.press("y l");
    let (ticket, _) = desk.calls.remove(0);
    desk.reply(ticket, Err(Failure::rejected(403, b"", None)));
    assert!(desk.effects.is_empty());
    assert!(desk.notice().starts_with("No viewer link"));
}

#[test]
fn it_says_by_which_way_a_text_was_copied() {
    let mut desk = desk();
    let what = Copied::Text("the UID".into());
    let way = "OSC 52, through the terminal".into();
    desk.send(Msg::Copied(Copying::Done {
        what: what.clone(),
        way,
    }));
    assert_eq!(
        desk.notice(),
        "Copied the UID (OSC 52, through the terminal)"
    );
    let reason = "it is too long".into();
    desk.send(Msg::Copied(Copying::Failed { what, reason }));
    assert_eq!(desk.notice(), "Could not copy the UID: it is too long");
}
