//! Any size, at any time.

use vt100::Screen;

use crate::clinic::Clinic;
use crate::terminal::Terminal;

const ROOM: &str = "Terminal too small";

fn rows(screen: &Screen) -> Vec<String> {
    screen.rows(0, screen.size().1.get()).collect()
}

/// The frame fills the screen from the first row to the last, each part in its place.
fn is_whole(screen: &Screen) -> bool {
    let rows = rows(screen);
    let width = usize::from(screen.size().1.get());
    rows[0].starts_with(" LOCAL ")
        && rows[0].trim_end().chars().count() == width - 1
        && rows[1].starts_with(" 1 Mine")
        && rows[2].starts_with(" / ")
        && rows[3].trim_start().starts_with("SEV")
        && rows.last().unwrap().starts_with(" a assign")
        && rows[4..].iter().any(|row| row.starts_with('>'))
}

fn loaded(clinic: &Clinic, columns: u16, rows: u16) -> Terminal {
    let program = clinic.worklist().size(columns, rows).start();
    program.wait_for("a whole frame", is_whole);
    program.wait_for_text("updated <1 m ago");
    program
}

#[test]
fn a_terminal_of_one_cell_harms_nothing() {
    let clinic = Clinic::open();
    for (columns, rows) in [(1, 1), (2, 2), (1, 24), (80, 1)] {
        let mut program = clinic.worklist().size(columns, rows).start();
        program.wait_for("T", |screen| {
            screen.contents().contains('T') || columns == 1
        });
        program.resize(80, 24);
        program.wait_for("a whole frame", is_whole);
        program.resize(columns, rows);
        program.wait_for("the list is gone", |screen| {
            !screen.contents().contains("LOCAL")
        });
        program.keys("q");
        assert_eq!(program.wait_exit(), 0, "{columns}x{rows}");
        program.assert_restored();
    }
}

#[test]
fn a_terminal_that_claims_a_size_that_cannot_be_is_drawn_on_and_given_back() {
    let clinic = Clinic::open();
    for (columns, rows) in [(65_535, 65_535), (65_535, 24), (80, 65_535), (0, 0)] {
        let mut program = loaded(&clinic, columns, rows);
        program.resize(80, 24);
        program.wait_for("a whole frame", is_whole);
        program.resize(columns, rows);
        program.wait_for("a whole frame", is_whole);
        program.keys("q");
        assert_eq!(program.wait_exit(), 0, "{columns}x{rows}");
        program.assert_restored();
    }
}

#[test]
fn a_table_on_a_terminal_without_a_size_has_80_columns() {
    let clinic = Clinic::open();
    let list = || {
        clinic
            .worklist()
            .arg("studies")
            .arg("list")
            .arg("--limit=3")
    };
    let mut usual = list().size(80, 24).start();
    assert_eq!(usual.wait_exit(), 0);
    let mut unknown = list().size(0, 0).start();
    assert_eq!(unknown.wait_exit(), 0);
    assert!(usual.text().contains("DESCRIPTI"), "{}", usual.text());
    assert_eq!(usual.text(), unknown.text());
}

#[test]
fn a_little_too_small_asks_for_room_and_says_how_to_leave() {
    let clinic = Clinic::open();
    let mut program = clinic.worklist().size(39, 9).start();
    program.wait_for_text(ROOM);
    program.wait_for_text("quits");
    program.resize(40, 10);
    program.wait_for("the list at 40x10", |screen| {
        let rows = rows(screen);
        rows[0].starts_with(" LOCAL ") && rows[3..].iter().any(|row| row.starts_with('>'))
    });
    program.resize(80, 24);
    program.wait_for("the list at 80x24", is_whole);
    program.resize(80, 9);
    program.wait_for_text(ROOM);
    program.keys("q");
    assert_eq!(program.wait_exit(), 0);
    program.assert_restored();
}

/// Many sizes, tiny and huge ones among them, as fast as the terminal takes them.
fn storm(program: &Terminal, sizes: usize) {
    let mut random = fastrand::Rng::with_seed(1);
    for _ in 0..sizes {
        program.resize(random.u16(2..182), random.u16(2..62));
    }
}

#[test]
fn a_storm_of_sizes_ends_in_a_whole_frame() {
    let clinic = Clinic::open();
    let mut program = loaded(&clinic, 80, 24);
    storm(&program, 10_000);
    program.resize(100, 30);
    program.wait_for("a whole frame at 100x30", is_whole);
    program.keys("q");
    assert_eq!(program.wait_exit(), 0);
    program.assert_restored();
}

#[test]
fn a_storm_over_an_open_box_ends_with_the_box_in_its_place() {
    let clinic = Clinic::open();
    for (keys, shown) in [
        ("?", "Actions on this screen"),
        ("a", "Assign "),
        ("f", "Filter by f"),
        ("/sev:stat,high", "Enter keep"),
    ] {
        let mut program = loaded(&clinic, 80, 24);
        program.keys(keys);
        program.wait_for_text(shown);
        storm(&program, 300);
        program.resize(90, 28);
        program.wait_for("the box at 90x28", |screen| {
            let rows = rows(screen);
            rows[0].starts_with(" LOCAL ")
                && rows[2].starts_with(" / ")
                && screen.contents().contains(shown)
        });
        program.keys("\x03\x03");
        assert_eq!(program.wait_exit(), 0, "{keys}");
        program.assert_restored();
    }
}
