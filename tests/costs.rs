//! What the program costs, counted: bytes to the terminal, and memory asked for.

#![expect(clippy::unwrap_used, reason = "a test's helpers too")]

#[path = "../benches/common/mod.rs"]
mod common;
#[path = "../benches/common/stage.rs"]
mod stage;

use allocation_counter::measure;
use avara_tui::app::RecordList;
use avara_tui::app::widget::geometry::Detail;
use avara_tui::worklist::{Store, Upsert};
use common::{STUDIES, study};
use stage::Stage;

const USUAL: (u16, u16) = (120, 40);

fn stage(studies: u32, detail: Detail) -> Stage {
    let mut stage = Stage::new(studies, USUAL).unwrap();
    stage.model.kernel.data.studies.set_detail(detail);
    stage.draw().unwrap();
    stage.press("j k").unwrap();
    stage
}

/// Over a slow connection every byte of a keystroke is felt. A row is 120 cells, and its styles take as
/// many bytes again; the detail pane shows another study from end to end.
#[test]
fn moving_the_cursor_writes_two_rows_and_what_is_new_in_the_detail() {
    for studies in [100, 3_000] {
        for (detail, most) in [(Detail::Hidden, 400), (Detail::Pane, 1_500)] {
            let mut stage = stage(studies, detail);
            for _ in 0..20 {
                let bytes = stage.press("j").unwrap();
                assert!((1..=most).contains(&bytes), "{bytes} bytes, {detail:?}");
            }
        }
    }
}

#[test]
fn nothing_new_writes_nothing() {
    let mut stage = stage(100, Detail::Pane);
    let drawn = stage.drawn;
    assert_eq!(stage.draw().unwrap(), 0);
    assert_eq!(stage.drawn, drawn);
    assert!(stage.press("j").unwrap() > 0);
}

/// The memory that a key and its frame ask for goes with the screen, not with what is loaded.
#[test]
fn a_key_asks_for_no_more_memory_with_many_studies() {
    let cost = |studies| {
        let mut stage = stage(studies, Detail::Pane);
        let most = (0..20).map(|_| {
            let asked = measure(|| {
                stage.press("j").unwrap();
            });
            (asked.count_total, asked.bytes_total)
        });
        most.reduce(|a, b| (a.0.max(b.0), a.1.max(b.1))).unwrap()
    };
    let (few, many) = (cost(100), cost(20_000));
    assert!(few.0 > 10, "something is counted: {few:?}");
    assert!(many.0 * 10 <= few.0 * 11, "{few:?}, {many:?}");
    assert!(many.1 * 10 <= few.1 * 12, "{few:?}, {many:?}");
}

#[test]
fn a_study_takes_250_bytes_and_one_that_is_known_none() {
    let studies: Vec<_> = (0..STUDIES).map(study).collect();
    let mut store = Store::default();
    let loaded = measure(|| {
        for study in &studies {
            store.upsert(study);
        }
    });
    let each = loaded.bytes_current / i64::from(STUDIES);
    assert!((100..=250).contains(&each), "{each} bytes a study");
    let again = measure(|| {
        for study in &studies {
            assert!(matches!(store.upsert(study), Upsert::Same(_)));
        }
    });
    assert_eq!(again.count_total, 0);
}
