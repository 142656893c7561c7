//! The words of the line of views, which the screen draws and a click finds.

use crate::app::kernel::Kernel;
use crate::app::lists::views::ALL;
use crate::app::lists::{Lists, views};
use crate::app::message::effect::Effect;
use crate::app::widget::record_list::RecordList;
use crate::text;

/// Names are cut to one of these where the line is too long; the current view's stays readable.
const NAME_WIDTHS: [usize; 7] = [24, 12, 10, 8, 6, 4, 0];

const CURRENT_NAME: usize = 10;

/// A label and the number of its view; none for what separates two views.
type Label = (Option<usize>, String);

impl Lists {
    /// The labels of a line of this width, as long as they fit.
    pub fn view_labels(&self, kernel: &Kernel, width: u16) -> Vec<Label> {
        let fits = |labels: &Vec<Label>| {
            let total: usize = labels.iter().map(|(_, label)| text::width(label)).sum();
            total <= usize::from(width)
        };
        let mut lines = NAME_WIDTHS.iter().map(|width| labels(self, kernel, *width));
        lines.find(fits).unwrap_or_else(|| labels(self, kernel, 0))
    }
}

fn labels(lists: &Lists, kernel: &Kernel, name_width: usize) -> Vec<Label> {
    let (current, changed) = lists.current_view(kernel);
    let label = |number: usize, name: &str, count: Option<usize>| {
        let is_current = number == current;
        let width = if is_current {
            name_width.max(CURRENT_NAME)
        } else {
            name_width
        };
        // Its key; a view without one has its name alone, as long as there is room for names.
        let key = kernel.view_key(number);
        let mut label = match key {
            None if width == 0 => number.to_string(),
            key => key.unwrap_or_default().to_owned(),
        };
        if width > 0 {
            label.push_str(if key.is_some() { " " } else { "" });
            label.push_str(&text::clip(name, width));
        }
        if is_current && changed {
            label.push('*');
        }
        if let Some(count) = count {
            label.push_str(&format!(" {count}"));
        }
        if is_current {
            (Some(number), format!("[{label}]"))
        } else {
            (Some(number), format!(" {label} "))
        }
    };
    let mut labels = Vec::new();
    for (number, view, count) in lists.views.iter() {
        labels.push(label(number, &view.name, count));
        labels.push((None, "|".into()));
    }
    labels.push(label(ALL, "all", None));
    labels
}

/// A click on the line, `x` columns from its left.
pub(in crate::app) fn click(
    lists: &mut Lists,
    kernel: &mut Kernel,
    x: u16,
    width: u16,
) -> Vec<Effect> {
    let mut end = 0;
    let clicked = lists
        .view_labels(kernel, width)
        .into_iter()
        .find(|(_, label)| {
            end += text::width(label);
            usize::from(x) < end
        });
    if let Some((Some(number), _)) = clicked {
        kernel.needs_draw = true;
        kernel.data.studies.claim_cursor();
        views::choose(lists, kernel, number);
    }
    Vec::new()
}
