//! The list as a table for people.

use crate::text::{clean, clip, width};
use crate::wire::Severity;
use crate::worklist::{Age, Slot, Store, StudyView, Targets, Urgency};

const TITLES: [&str; 7] = [
    "SEVERITY",
    "AGE",
    "DESCRIPTION",
    "ASSIGNED TO",
    "STATUS",
    "CUSTOMER",
    "ID",
];
const DESCRIPTION: usize = 2;
const ASSIGNED_TO: usize = 3;
const STATUS: usize = 4;
const CUSTOMER: usize = 5;
const ID: usize = 6;

/// How a table that is too wide gives room, step by step: a column, and how narrow it may become.
/// At 0 it goes as a whole; half an id names no study.
const STEPS: [(usize, usize); 8] = [
    (CUSTOMER, 8),
    (DESCRIPTION, 20),
    (ASSIGNED_TO, 14),
    (CUSTOMER, 0),
    (STATUS, 0),
    (DESCRIPTION, 10),
    (ASSIGNED_TO, 9),
    (ID, 0),
];
/// Between two columns.
const GAP: usize = 2;
/// No cell is wider, however much room there is.
const MAX_CELL: usize = 60;

/// The table's lines. Without a width nothing but the longest cells is cut.
pub fn table(
    store: &Store,
    slots: &[Slot],
    now: i64,
    targets: &Targets,
    columns: Option<usize>,
) -> Vec<String> {
    let titles = TITLES.map(str::to_owned);
    let rows: Vec<[String; 7]> = std::iter::once(titles)
        .chain(
            slots
                .iter()
                .map(|slot| cells(store.get(*slot), now, targets)),
        )
        .collect();
    let widths = widths(&rows, columns);
    let line = |row: &[String; 7]| {
        let mut line = String::new();
        for (cell, cell_width) in row.iter().zip(widths).filter(|(_, width)| *width > 0) {
            let cell = clip(cell, cell_width);
            line.push_str(&cell);
            line.push_str(&" ".repeat(cell_width - width(&cell) + GAP));
        }
        clip(line.trim_end(), columns.unwrap_or(usize::MAX)).into_owned()
    };
    rows.iter().map(line).collect()
}

fn cells(study: StudyView<'_>, now: i64, targets: &Targets) -> [String; 7] {
    let age = study
        .age_ms(now)
        .map_or("?".into(), |age| Age(age).to_string());
    let status = match study.is_cancelled() {
        true => "cancelled".to_owned(),
        false => clean(study.status().as_str()).into_owned(),
    };
    [
        severity(study.severity()),
        match targets.urgency(study, now) {
            Urgency::Late => format!("{age} late"),
            Urgency::Warning | Urgency::Fine => age,
        },
        study.description().to_owned(),
        study
            .assignee()
            .map_or("-".into(), |person| person.name.to_string()),
        status,
        study
            .customer()
            .map_or("".into(), |customer| customer.name.to_string()),
        study.id().to_string(),
    ]
}

/// As the worklist marks it: told apart without colour.
fn severity(severity: &Severity) -> String {
    match severity {
        Severity::Stat => "!!STAT".into(),
        Severity::High => "! HIGH".into(),
        Severity::Normal => "  norm".into(),
        Severity::Other(text) => format!("?{}", clean(text)),
    }
}

fn widths(rows: &[[String; 7]], columns: Option<usize>) -> [usize; 7] {
    let mut widths: [usize; 7] = std::array::from_fn(|column| {
        let cells = rows.iter().map(|row| width(&row[column]));
        cells.max().unwrap_or(0).min(MAX_CELL)
    });
    let Some(columns) = columns else {
        return widths;
    };
    for (column, least) in STEPS {
        let shown = widths.iter().filter(|width| **width > 0);
        let taken: usize = shown.map(|width| width + GAP).sum();
        let missing = taken.saturating_sub(columns + GAP);
        let narrowed = match least {
            0 if missing > 0 => 0,
            _ => widths[column].saturating_sub(missing).max(least),
        };
        widths[column] = widths[column].min(narrowed);
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worklist::testing::{HOUR, NOW, store, study};

    fn lines(columns: Option<usize>) -> Vec<String> {
        let long = "CT Abdomen and Pelvis with and without contrast, three phases, and the chest";
        let store = store([
            study(1)
                .stat()
                .age(2 * HOUR)
                .description("胸部CT")
                .to(1, "Kim"),
            study(2)
                .description(long)
                .to(2, "Featherstonehaugh")
                .customer(1, "Lakeside"),
        ]);
        let slots: Vec<Slot> = store.slots().collect();
        table(&store, &slots, NOW, &Targets::default(), columns)
    }

    #[test]
    fn a_table_fits_and_shows_ids_whole_or_not_at_all() {
        for columns in 0..200 {
            for line in lines(Some(columns)) {
                assert!(width(&line) <= columns, "{columns}: {line}");
                if let Some(at) = line.find("stu_") {
                    assert_eq!(line.len() - at, 36, "{columns}: {line}");
                }
            }
        }
        assert!(lines(Some(80))[1].contains("stu_") && lines(Some(80))[1].contains("胸部CT"));
        assert!(!lines(Some(60))[1].contains("stu_"));
    }

    #[test]
    fn columns_stay_straight_whatever_the_script() {
        let lines = lines(None);
        let place = |line: &str| line.find("stu_").map(|at| width(&line[..at]));
        assert_eq!(place(&lines[1]), place(&lines[2]));
        assert!(
            lines[1].starts_with("!!STAT    2h00 late  胸部CT "),
            "{}",
            lines[1]
        );
        assert!(lines[2].contains("…"), "{}", lines[2]);
    }
}
