use crate::worklist::{Column, Sort, SortKey};

/// In front of the columns: cursor, news, change under way, and a space.
pub const GUTTER: u16 = 4;

/// How wide the description must stay for columns shown by default, and for those that were chosen.
const COMFORT: u16 = 32;

const TIGHT: u16 = 16;

/// Assignee and status show on any screen that has room for a few words beside them.
const FEW_WORDS: u16 = 11;

/// Columns that a column takes. The description takes what the others leave.
pub(in crate::app) fn width(column: &Column) -> u16 {
    match column {
        Column::Severity | Column::Age => 6,
        Column::Due => 7,
        Column::Description => 0,
        Column::Assignee | Column::Customer => 18,
        Column::Status => 10,
        Column::Updated => 8,
        Column::Created => 16,
        Column::Id => 36,
        Column::Uid => 44,
        Column::Meta(_) => 16,
    }
}

/// How wide the description must be for this column to show beside it.
fn needs(column: &Column, chosen: bool) -> u16 {
    match column {
        Column::Severity | Column::Age | Column::Description => 0,
        Column::Assignee | Column::Status => FEW_WORDS,
        _ if chosen => TIGHT,
        _ => COMFORT,
    }
}

/// The columns that fit, with their widths. Narrow tables drop the less urgent ones.
pub fn layout(columns: &[Column], table: u16) -> Vec<(&Column, u16)> {
    let chosen = columns != Column::DEFAULT;
    let mut kept: Vec<&Column> = columns.iter().collect();
    loop {
        let fixed: u16 = kept.iter().map(|column| width(column) + 1).sum();
        let description = table.saturating_sub(GUTTER + fixed);
        let last = (0..kept.len()).max_by_key(|place| kept[*place].rank());
        match last {
            Some(place) if description < needs(kept[place], chosen) => {
                kept.remove(place);
            }
            _ => {
                return kept
                    .into_iter()
                    .map(|column| match column {
                        Column::Description => (column, description.max(1)),
                        other => (other, width(other)),
                    })
                    .collect();
            }
        }
    }
}

/// The order that a column stands for, if the list can be sorted by it.
pub(in crate::app) fn sort_key(column: &Column) -> Option<SortKey> {
    match column {
        Column::Severity => Some(SortKey::Severity),
        Column::Age | Column::Created => Some(SortKey::Age),
        Column::Description => Some(SortKey::Description),
        Column::Assignee => Some(SortKey::Assignee),
        Column::Customer => Some(SortKey::Customer),
        Column::Updated => Some(SortKey::Updated),
        Column::Due => Some(SortKey::Need),
        Column::Status | Column::Id | Column::Uid | Column::Meta(_) => None,
    }
}

/// The mark in a column's title: `v` if the list is sorted by it, `^` if in reverse.
///
/// The default order has no mark: it does not depend on a single column.
pub fn sort_mark(column: &Column, sort: Sort) -> &'static str {
    let marks = match sort.key {
        SortKey::Need => *column == Column::Severity && sort.reversed,
        key => sort_key(column) == Some(key),
    };
    match (marks, sort.reversed) {
        (false, _) => "",
        (true, false) => "v",
        (true, true) => "^",
    }
}
