//! Every theme on every screen: what is drawn can be read, with colours and without.

use super::shot::Scene;
use crate::app::FirstRun;
use std::collections::BTreeMap;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use super::shot::{draw_in, lines, shot_in};
use super::*;
use crate::app::tests::desk::{invitation, user};
use crate::app::{Environment, ReadOnly};
use crate::theme::{BuiltIn, Meaning, READABLE, ratio};
use crate::wire::ClinicRole;

const NO_COLOURS: &str = "no-colours";

fn themes() -> impl Iterator<Item = (&'static str, Theme)> {
    let built_in = BuiltIn::ALL.into_iter();
    let none = BuiltIn::Terminal.palette().without_colors();
    built_in
        .map(|it| (it.name(), Theme::of(it.palette())))
        .chain([(NO_COLOURS, Theme::of(&none))])
}

#[test]
fn the_worklist_the_form_and_the_question_in_every_theme() {
    for (name, theme) in themes() {
        for (screen, keys) in [("worklist", "Esc"), ("form", "e"), ("question", "j x")] {
            let mut desk = desk(80, 24);
            desk.press(keys);
            desk.serve();
            desk.now += 300;
            desk.send(Msg::Ticked);
            insta::assert_snapshot!(
                format!("{screen}_{name}_80x24"),
                shot_in(&desk.model, theme, 80, 24)
            );
        }
    }
}

/// Every screen with everything on it that has a look of its own.
fn screens() -> Vec<(&'static str, Size, Box<dyn Scene>)> {
    let mut screens = Vec::new();
    for keys in [
        "Esc",
        "Enter",
        "/ s e v : x",
        "/ Tab Tab",
        "f",
        "a",
        "c",
        "c Ctrl-s",
        "e",
        "x",
        "?",
        ": a",
        "S",
        "C",
        "V",
        "@",
        "g u",
        "Space j Space s h",
        "j j s h",
        "f c",
        "Ctrl-l",
        "g p",
        "g p Enter",
        "g p e",
        "g p x",
        "g i",
        "g i x",
        "g p /",
    ] {
        let mut desk = Desk::open(morning());
        desk.users
            .push(user(3, "Ida", "Lund", ClinicRole::Radiologist));
        desk.invitations.push(invitation(1, "Ana", "Kim", 40));
        desk.invitations.push(invitation(2, "Bo", "Ek", 1));
        desk.send(Msg::Resized(Size {
            width: 120,
            height: 40,
        }));
        let new = study(20)
            .description("CT C-Spine trauma")
            .stat()
            .age(MINUTE);
        desk.clinic.push(new.build());
        desk.refresh();
        desk.press(keys);
        if keys.starts_with('g') || keys == "e" {
            desk.serve();
        }
        desk.now += 300;
        desk.send(Msg::Ticked);
        screens.push((keys, desk));
    }
    for place in [
        Environment::Demo,
        Environment::Local,
        Environment::Production,
    ] {
        let mut desk = desk(80, 24);
        desk.model.kernel.session.place = place;
        desk.model.kernel.session.read_only = ReadOnly::On;
        screens.push(("a place", desk));
    }
    let mut stale = desk(80, 24);
    stale.now += 61_000;
    stale.send(Msg::Ticked);
    while let Some((ticket, _)) = stale.calls.pop() {
        let reason = "connection refused".into();
        stale.reply(ticket, Err(Failure::Unreachable { reason }));
    }
    screens.push(("stale", stale));
    let mut cancelled = Desk::open(morning().into_iter().map(|study| study.cancelled()));
    cancelled.press("f c");
    cancelled.serve();
    screens.push(("cancelled", cancelled));
    let scene = |(name, desk): (_, Desk)| -> (_, _, Box<dyn Scene>) {
        (name, desk.model.kernel.size, Box::new(desk.model))
    };
    let mut screens: Vec<_> = screens.into_iter().map(scene).collect();
    let size = Size {
        width: 80,
        height: 24,
    };
    let first = FirstRun {
        size,
        ..FirstRun::default()
    };
    screens.push(("first run", size, Box::new(first)));
    screens
}

fn pair_of(cell: &Cell) -> (Color, Color) {
    if cell.modifier.contains(Modifier::REVERSED) {
        (cell.bg, cell.fg)
    } else {
        (cell.fg, cell.bg)
    }
}

fn rgb(color: Color) -> [u8; 3] {
    match color {
        Color::Rgb(red, green, blue) => [red, green, blue],
        other => panic!("{other:?} is the terminal's"),
    }
}

/// The pairs of colours in which anything is written.
fn pairs(buffer: &Buffer) -> impl Iterator<Item = (Color, Color)> {
    let written = buffer
        .content
        .iter()
        .filter(|cell| !cell.symbol().trim().is_empty());
    written.map(pair_of)
}

/// Not the pairs of the palette but those on the screen: what lies over what is the panes' doing.
#[test]
fn everything_that_is_written_reads_in_every_theme_that_paints_its_ground() {
    let screens = screens();
    let mut measured = 0;
    let painted = BuiltIn::ALL
        .into_iter()
        .filter(|it| *it != BuiltIn::Terminal);
    for built_in in painted {
        let (name, theme) = (built_in.name(), Theme::of(built_in.palette()));
        let mut seen = BTreeMap::new();
        for (screen, size, scene) in &screens {
            let Size { width, height } = *size;
            let buffer = draw_in(&**scene, theme, width, height).0;
            let mut before = 1;
            for cell in &buffer.content {
                let (faint, width) = (
                    cell.modifier.contains(Modifier::DIM),
                    crate::text::width(cell.symbol()),
                );
                assert!(!faint, "{name} {screen}: faint, so not measurable");
                // The second half of a wide character is never sent.
                let is_hole = (cell.fg, cell.bg) == (Color::Reset, Color::Reset) && before < 2;
                assert!(!is_hole, "{name} {screen}: a hole in the ground");
                before = width;
            }
            for (fg, bg) in pairs(&buffer) {
                seen.entry((rgb(fg), rgb(bg))).or_insert(*screen);
            }
        }
        for ((fg, bg), screen) in &seen {
            let contrast = ratio(*fg, *bg);
            assert!(
                contrast >= READABLE,
                "{name} on “{screen}”: {fg:02x?} on {bg:02x?} is {contrast:.2}"
            );
            measured += 1;
        }
        // Each meaning was on one of the screens, so none is left unmeasured.
        for meaning in Meaning::ALL {
            let (fg, bg) = built_in.palette().pair(meaning);
            let pair = (fg.rgb().unwrap(), bg.rgb().unwrap());
            assert!(seen.contains_key(&pair), "{name}: {meaning:?} was not seen");
        }
    }
    println!("{measured} pairs on {} screens, exhaustive", screens.len());
}

#[test]
fn without_colours_there_is_none() {
    let theme = Theme::of(&BuiltIn::Dark.palette().without_colors());
    for (screen, _, scene) in screens() {
        let buffer = draw_in(&*scene, theme, 80, 24).0;
        for cell in &buffer.content {
            assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset), "{screen}");
        }
    }
}

/// What a row says besides the study's own words, without colours: its text and its modifiers.
fn look(builder: StudyBuilder) -> (String, Vec<Modifier>) {
    let other = study(99).description("other").stat().age(70 * MINUTE);
    let desk = Desk::open([builder.description("CT Head"), other]);
    let theme = Theme::of(&BuiltIn::Terminal.palette().without_colors());
    let buffer = draw_in(&desk.model, theme, 80, 24).0;
    let texts = lines(&buffer);
    let y = texts
        .iter()
        .position(|line| line.contains("CT Head") && !line.starts_with('>'));
    let y = y.expect("the study is listed, and not under the cursor") as u16;
    let modifiers = (0..80).map(|x| buffer[(x, y)].modifier).collect();
    (texts[usize::from(y)].clone(), modifiers)
}

#[test]
fn severity_and_age_are_told_apart_without_colours() {
    let words = ["!!STAT", "! HIGH", "normal", "??cri"];
    let same_age = |builder: StudyBuilder| look(builder.age(10 * MINUTE));
    let all = [
        same_age(study(1).stat()),
        same_age(study(1).high()),
        same_age(study(1)),
        same_age(study(1).severity("critical")),
    ];
    for ((text, _), word) in all.iter().zip(words) {
        assert!(text.contains(word), "{text}");
    }
    // A minute more or less is another text in any case; the look must differ besides.
    let (fine, soon, late) = (3 * HOUR / 2, 230 * MINUTE, 241 * MINUTE);
    let at = |age| look(study(1).high().age(age));
    assert!(at(late).0.contains("4h01!"), "{}", at(late).0);
    assert!(!at(soon).0.contains('!') || at(soon).0.matches('!').count() == 1);
    assert_ne!(
        at(fine).1,
        at(soon).1,
        "what is soon late looks like what is not"
    );
    assert_ne!(at(soon).1, at(late).1);
}

#[test]
fn what_has_no_modifier_of_its_own_has_a_mark_or_a_word() {
    let theme = Theme::of(&BuiltIn::Terminal.palette().without_colors());
    let mut desk = desk(80, 24);
    let new = study(20).description("US Abdomen").high().age(HOUR);
    desk.clinic.push(new.build());
    desk.refresh();
    let text = lines(&draw_in(&desk.model, theme, 80, 24).0);
    let row = text
        .iter()
        .find(|line| line.contains("US Abdomen"))
        .unwrap();
    assert!(row.trim_start().starts_with('+'), "new has no mark: {row}");
    desk.press("j s n");
    desk.accept_next(None);
    let text = lines(&draw_in(&desk.model, theme, 80, 24).0);
    let status = &text[22];
    assert!(!status.trim().is_empty(), "what succeeded says nothing");
}
