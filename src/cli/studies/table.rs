//! The list as a table for people.

use crate::cli::columns::{Step, lines};
use crate::text::clean;
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

/// Half an id is of no use, so its column is left out as a whole.
const STEPS: [Step; 8] = [
    (CUSTOMER, 8),
    (DESCRIPTION, 20),
    (ASSIGNED_TO, 14),
    (CUSTOMER, 0),
    (STATUS, 0),
    (DESCRIPTION, 10),
    (ASSIGNED_TO, 9),
    (ID, 0),
];
/// Returns the lines of the table. Without a width only the longest cells are cut.
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
    lines(&rows, &STEPS, columns)
}

fn cells(study: StudyView<'_>, now: i64, targets: &Targets) -> [String; 7] {
    let age = study
        .age_ms(now)
        .map_or("?".into(), |age| Age(age).to_string());
    let status = if study.is_cancelled() {
        "cancelled".to_owned()
    } else {
        clean(study.status().as_str()).into_owned()
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

/// Returns the mark of the worklist, which can be told apart without colour.
fn severity(severity: &Severity) -> String {
    match severity {
        Severity::Stat => "!!STAT".into(),
        Severity::High => "! HIGH".into(),
        Severity::Normal => "  norm".into(),
        Severity::Other(text) => format!("?{}", clean(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::width;
    use crate::worklist::testing::{HOUR, NOW, store, study};

    fn drawn(columns: Option<usize>) -> Vec<String> {
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
            for line in drawn(Some(columns)) {
                assert!(width(&line) <= columns, "{columns}: {line}");
                if let Some(at) = line.find("stu_") {
                    assert_eq!(line.len() - at, 36, "{columns}: {line}");
                }
            }
        }
        assert!(drawn(Some(80))[1].contains("stu_") && drawn(Some(80))[1].contains("胸部CT"));
        assert!(!drawn(Some(60))[1].contains("stu_"));
    }

    #[test]
    fn columns_stay_straight_whatever_the_script() {
        let lines = drawn(None);
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
