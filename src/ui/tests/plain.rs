//! The screen for somebody who hears it: words in lines, and the cursor on what is selected.

use ratatui::Terminal;
use ratatui::backend::{Backend, TestBackend};
use ratatui::layout::Position;

use super::shot::lines;
use super::*;
use crate::app::tests::desk::{invitation, user};
use crate::wire::ClinicRole;

/// The screen as text, and where the cursor of the terminal stands.
fn read(desk: &Desk, width: u16, height: u16) -> (Vec<String>, Position) {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal
        .draw(|frame| {
            view(&desk.model, Theme::default(), frame);
        })
        .unwrap();
    assert!(terminal.backend().cursor_visible(), "the cursor hides");
    let position = terminal.backend_mut().get_cursor_position().unwrap();
    (lines(terminal.backend().buffer()), position)
}

fn plain() -> Desk {
    let mut desk = Desk::open(morning());
    desk.users
        .push(user(3, "Ida", "Lund", ClinicRole::Radiologist));
    desk.invitations.push(invitation(1, "Ana", "Kim", 40));
    desk.model.kernel.is_plain = true;
    desk.send(Msg::Resized(Size {
        width: 80,
        height: 24,
    }));
    desk
}

fn shown(desk: &Desk) -> String {
    let (text, Position { x, y }) = read(desk, 80, 24);
    format!("{}\ncursor: column {x}, row {y}", text.join("\n"))
}

const PLACES: [(&str, &str); 18] = [
    ("worklist", "Esc"),
    ("detail", "Enter"),
    ("filter", "/ s e v : s t a t"),
    ("complete", "/ Tab Tab"),
    ("prefix", "f"),
    ("assign", "a"),
    ("create", "c"),
    ("edit", "e"),
    ("edit_status", "e Tab Tab Tab"),
    ("review", "e x Ctrl-s"),
    ("leave", "e x Esc"),
    ("cancel", "j x"),
    ("preview", "Space j Space s h"),
    ("help", "?"),
    ("save_view", "V"),
    ("users", "g p"),
    ("invitations", "g i"),
    ("locked", "Ctrl-l"),
];

fn at(keys: &str) -> Desk {
    let mut desk = plain();
    let (first, rest) = keys.split_once(' ').unwrap_or((keys, ""));
    desk.press(first);
    if first == "e" || first == "g" {
        desk.serve();
    }
    if !rest.is_empty() {
        desk.press(rest);
    }
    if first == "g" {
        desk.serve();
    }
    desk.now += 300;
    desk.send(Msg::Ticked);
    desk
}

#[test]
fn every_screen_reads_in_lines() {
    for (name, keys) in PLACES {
        insta::assert_snapshot!(format!("{name}_80x24"), shown(&at(keys)));
    }
}

/// What a reader would spell out: corners, bars, runs of signs or of spaces.
fn stumbles(line: &str) -> bool {
    let runs = ["--", "==", "   ", "!!", "??", "+-", "| "];
    let boxes = line.chars().any(|c| ('\u{2500}'..='\u{259f}').contains(&c));
    boxes || runs.iter().any(|run| line.contains(run)) || line.starts_with(['>', '|', '+', ' '])
}

#[test]
fn nothing_that_a_reader_stumbles_over_is_on_any_screen() {
    let mut read_lines = 0;
    for (name, keys) in PLACES {
        for line in read(&at(keys), 80, 24).0 {
            assert!(!stumbles(&line), "{name}: {line}");
            read_lines += 1;
        }
    }
    println!(
        "0 of {read_lines} lines on {} screens, exhaustive",
        PLACES.len()
    );
    // The screen for the eye has plenty of them.
    assert!(
        text_of(&desk(80, 24).model, 80, 24)
            .lines()
            .filter(|line| stumbles(line))
            .count()
            > 10
    );
}

#[test]
fn the_cursor_is_on_the_selected_row_after_each_key() {
    let mut desk = plain();
    let descriptions = |desk: &Desk| {
        let (text, cursor) = read(desk, 80, 24);
        let study = desk.model.kernel.data.studies.selected_study().unwrap();
        let words = study
            .description()
            .trim()
            .chars()
            .take(12)
            .collect::<String>();
        (
            text[usize::from(cursor.y)].clone(),
            cursor.x,
            crate::text::clean(&words).into_owned(),
        )
    };
    for key in [
        "j", "j", "j", "k", "j", "j", "j", "j", "k", "G", "k", "g g", "j",
    ] {
        desk.press(key);
        let (row, x, words) = descriptions(&desk);
        assert!(row.contains(&words), "{key}: {row} is not {words}");
        assert_eq!(x, 0);
    }
}

#[test]
fn moving_the_cursor_changes_no_word() {
    let mut desk = plain();
    desk.press("j");
    let before = read(&desk, 80, 24).0;
    desk.press("j");
    assert_eq!(read(&desk, 80, 24).0, before);
}

#[test]
fn time_alone_draws_nothing() {
    let mut desk = plain();
    desk.model.kernel.needs_draw = false;
    // The lists are not read meanwhile: only the clock goes on.
    for _ in 0..9 {
        desk.now += 61_000;
        desk.send(Msg::Ticked);
        desk.calls.clear();
        assert!(!desk.model.kernel.needs_draw, "after {} ms", desk.now);
    }
    let mut usual = super::desk(80, 24);
    usual.model.kernel.needs_draw = false;
    usual.now += 61_000;
    usual.send(Msg::Ticked);
    assert!(usual.model.kernel.needs_draw, "others see the minutes pass");
}

#[test]
fn an_event_is_one_line_and_complete() {
    let mut desk = plain();
    desk.press("j s n");
    let (ticket, _) = desk.write();
    let failure = Failure::rejected(403, br#"{"error":{"message":"read-only key"}}"#, None);
    desk.reply(ticket, Err(failure));
    let text = read(&desk, 80, 24).0;
    insta::assert_snapshot!("failed_80x24", shown(&desk));
    let said = format!("{} {}", text[22], text[23]);
    assert!(
        said.contains("Not done") && said.contains("E lists"),
        "{said}"
    );
}

#[test]
fn a_new_stat_is_said_in_words() {
    let mut desk = plain();
    let new = study(20)
        .description("CT C-Spine trauma")
        .stat()
        .age(MINUTE);
    desk.clinic.push(new.build());
    desk.refresh();
    insta::assert_snapshot!("banner_80x24", shown(&desk));
}

#[test]
fn what_a_study_says_with_runs_of_spaces_is_read_without_them() {
    let gaps = study(1).description("CT Chest      - protocol   modified");
    let mut desk = Desk::open([gaps]);
    desk.send(Msg::Resized(Size {
        width: 80,
        height: 24,
    }));
    desk.model.kernel.is_plain = true;
    let text = read(&desk, 80, 24).0.join("\n");
    assert!(text.contains("CT Chest - protocol modified"), "{text}");
}

#[test]
fn a_click_means_nothing() {
    let mut desk = plain();
    let before = shown(&desk);
    desk.send(Msg::Clicked { column: 20, row: 9 });
    assert_eq!(shown(&desk), before);
}

#[test]
fn no_size_breaks_it() {
    for (_, keys) in PLACES {
        let mut desk = at(keys);
        for width in [0, 1, 7, 16, 40, 41, 61, 80, 200] {
            for height in [0, 1, 2, 5, 9, 10, 11, 13, 20, 24] {
                desk.send(Msg::Resized(Size { width, height }));
                let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
                let draw = |frame: &mut Frame<'_>| {
                    view(&desk.model, Theme::default(), frame);
                };
                terminal.draw(draw).unwrap();
            }
        }
    }
}
