//! Which columns show and where, as arithmetic that update and view share; and choosing them.

use crate::app::kernel::Kernel;
use crate::app::kernel::layers::Overlay;
use crate::app::lists::Lists;
use crate::app::message::effect::Effect;
use crate::app::widget::column_layout::{GUTTER, layout, sort_key};
use crate::app::widget::notice::Tone;
use crate::app::widget::picker::{Choice, Item, Picker, PickerPurpose};
use crate::app::widget::record_list::RecordList;
use crate::worklist::{Column, Sort, SortKey};

/// What an order is called.
pub(in crate::app) fn sort_name(sort: Sort) -> String {
    let name = match sort.key {
        SortKey::Need => "late, severity, oldest",
        SortKey::Age if sort.reversed => return "newest first".into(),
        SortKey::Age => return "oldest first".into(),
        SortKey::Severity => "severity",
        SortKey::Description => "description",
        SortKey::Assignee => "assignee",
        SortKey::Customer => "customer",
        SortKey::Updated => "updated",
    };
    if sort.reversed {
        format!("{name}, reversed")
    } else {
        name.into()
    }
}

/// Sorts the list in this order, or in its reverse if it is already in this order.
pub(in crate::app) fn sort_by(lists: &mut Lists, kernel: &mut Kernel, wanted: Sort) {
    let sort = if kernel.data.studies.sort == wanted {
        wanted.reverse()
    } else {
        wanted
    };
    // A cursor on the first row stays on the first row; a cursor further down keeps its study.
    let is_at_top = kernel.data.studies.cursor() == 0;
    kernel.data.studies.sort = sort;
    lists.rebuild_reordered(kernel);
    if is_at_top {
        kernel.data.studies.select(0);
        kernel.follow_cursor();
    }
    let above = match kernel.data.studies.top() {
        0 => String::new(),
        rows => format!("; {rows} more above"),
    };
    let text = format!("Sorted by {}{above}", sort_name(sort));
    kernel.inform(Tone::Info, &text);
}

/// A click on the titles, `x` columns from the table's edge.
pub(in crate::app) fn click_title(
    lists: &mut Lists,
    kernel: &mut Kernel,
    x: u16,
    table: u16,
) -> Vec<Effect> {
    let mut left = GUTTER;
    let clicked = layout(&kernel.data.studies.columns, table)
        .into_iter()
        .find(|(_, width)| {
            let start = left;
            left += width + 1;
            (start..left).contains(&x)
        })
        .map(|(column, _)| column.clone());
    kernel.needs_draw = true;
    match clicked.as_ref().map(sort_key) {
        Some(Some(key)) => sort_by(lists, kernel, Sort::by(key)),
        Some(None) => kernel.inform(Tone::Info, "The list cannot be sorted by this column"),
        None => {}
    }
    Vec::new()
}

/// The orders to choose from.
pub(in crate::app) fn choose_sort(kernel: &mut Kernel) {
    let orders = [
        (Sort::by(SortKey::Need), "default order"),
        (Sort::by(SortKey::Age), ""),
        (Sort::NEWEST, ""),
        (Sort::by(SortKey::Severity), ""),
        (Sort::by(SortKey::Description), ""),
        (Sort::by(SortKey::Assignee), "unassigned first"),
        (Sort::by(SortKey::Customer), ""),
        (Sort::by(SortKey::Updated), "latest first"),
    ];
    let current = kernel.data.studies.sort;
    let items = orders
        .into_iter()
        .map(|(sort, note)| {
            let note = match sort {
                _ if sort == current => "current; Enter reverses",
                _ if sort.reverse() == current => "current, reversed",
                _ => note,
            };
            Item::new(&sort_name(sort), note, "", Choice::Sort(sort))
        })
        .collect();
    let mut picker = Picker::new("Sort by", PickerPurpose::Sort, items);
    // "Newest" has its own line; other reversed orders are on the line of what they reverse.
    picker.point_at(&Choice::Sort(current.reverse()));
    picker.point_at(&Choice::Sort(current));
    kernel.layers.overlay = Some(Overlay::Picker(picker));
}

/// The columns to switch on and off.
pub(in crate::app) fn choose_columns(kernel: &mut Kernel) {
    let title = "Columns: Enter shows or hides one, Esc closes";
    let picker = Picker::new(title, PickerPurpose::Columns, items(kernel));
    kernel.layers.overlay = Some(Overlay::Picker(picker));
}

/// Switches a column and leaves the picker open for the next one.
pub(in crate::app) fn toggle(kernel: &mut Kernel, mut picker: Picker, column: Column) {
    column.toggle(&mut kernel.data.studies.columns);
    picker.set_items(items(kernel));
    kernel.layers.overlay = Some(Overlay::Picker(picker));
}

fn items(kernel: &Kernel) -> Vec<Item> {
    let table = kernel.geometry().map_or(0, |geometry| geometry.table.width);
    let shown = layout(&kernel.data.studies.columns, table);
    let mut keys: Vec<Column> = kernel
        .data
        .studies
        .store
        .meta_keys()
        .filter_map(|key| Column::named(&format!("meta.{key}")))
        .collect();
    keys.sort_by_key(Column::to_string);
    let chosen = kernel.data.studies.columns.iter().cloned();
    let mut all: Vec<Column> = Column::NAMED
        .into_iter()
        .chain(chosen)
        .chain(keys)
        .collect();
    let mut seen = std::collections::HashSet::new();
    all.retain(|column| seen.insert(column.clone()));
    all.into_iter()
        .map(|column| {
            let on = kernel.data.studies.columns.contains(&column);
            let fits = shown.iter().any(|(kept, _)| **kept == column);
            let note = match (on, fits) {
                _ if column == Column::Description => "always",
                (true, false) => "on, but does not fit now",
                (true, true) => "on",
                (false, _) => "",
            };
            let mark = if on { "[x]" } else { "[ ]" };
            let label = format!("{mark} {}", title_of(&column));
            Item::new(&label, note, "", Choice::Column(column))
        })
        .collect()
}

fn title_of(column: &Column) -> String {
    match column {
        Column::Due => "due: time left until the target".into(),
        Column::Uid => "UID".into(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::widget::column_layout::*;

    fn names(columns: &[Column], table: u16) -> String {
        let shown = layout(columns, table);
        let names: Vec<String> = shown.iter().map(|(column, _)| column.to_string()).collect();
        names.join(" ")
    }

    #[test]
    fn columns_fill_the_width_and_never_overflow_it() {
        let every = Column::NAMED.to_vec();
        for columns in [Column::DEFAULT.as_slice(), &every] {
            for width in 40..240 {
                let shown = layout(columns, width);
                let used: u16 = shown.iter().map(|(_, width)| width + 1).sum();
                assert_eq!(GUTTER + used, width, "{shown:?}");
            }
        }
    }

    #[test]
    fn narrow_tables_drop_the_less_urgent_columns_first() {
        let names = |width| names(&Column::DEFAULT, width);
        assert_eq!(names(40), "severity age description");
        assert_eq!(names(80), "severity age description assignee status");
        assert_eq!(
            names(100),
            "severity age description assignee status customer"
        );
        assert!(names(120).ends_with("customer updated"));
    }

    #[test]
    fn a_chosen_column_shows_beside_a_shorter_description() {
        let mut columns = Column::DEFAULT[..5].to_vec();
        Column::Due.toggle(&mut columns);
        assert_eq!(
            names(&columns, 80),
            "severity age due description assignee status"
        );
        Column::Description.toggle(&mut columns);
        assert!(columns.contains(&Column::Description));
    }

    #[test]
    fn titles_show_the_order_and_its_reverse() {
        let marks = |sort| {
            let marks = Column::DEFAULT.map(|column| sort_mark(&column, sort));
            marks.join(",")
        };
        assert_eq!(marks(Sort::default()), ",,,,,,");
        assert_eq!(marks(Sort::default().reverse()), "^,,,,,,");
        assert_eq!(marks(Sort::by(SortKey::Age)), ",v,,,,,");
        assert_eq!(marks(Sort::NEWEST), ",^,,,,,");
        assert_eq!(marks(Sort::by(SortKey::Assignee).reverse()), ",,,^,,,");
    }
}
