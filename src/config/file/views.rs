//! The views of the file.

use toml_edit::{Item, TableLike};

use crate::worklist::{Column, Filter, Sort, View, nearest};

use super::reader::{Reader, Wrong, wrong};

/// How such a list is written.
const SUCH_AS: &str = "[\"age\"]";

impl Reader<'_> {
    pub(super) fn views(&self, item: &Item) -> Result<Vec<View>, Wrong> {
        let Some(tables) = item.as_array_of_tables() else {
            return Err(self.wrong(
                item,
                "each view is a table of its own that begins with [[views]]",
            ));
        };
        let mut views: Vec<View> = Vec::new();
        for table in tables {
            let here = |message: String| wrong(self.text, table.span(), message);
            if views.len() == View::MOST {
                return Err(here(format!("there can be at most {} views", View::MOST)));
            }
            let view = self.view(table, &here)?;
            if views.iter().any(|other| other.is_called(&view.name)) {
                return Err(here(format!("two views are called “{}”", view.name)));
            }
            views.push(view);
        }
        Ok(views)
    }

    fn view(&self, table: &dyn TableLike, here: &dyn Fn(String) -> Wrong) -> Result<View, Wrong> {
        self.known(
            table,
            &["name", "filter", "sort", "columns"],
            "setting of a view",
        )?;
        let Some(name) = table.get("name") else {
            return Err(here("this view has no name".into()));
        };
        let mut view = View::plain(&self.name(name)?, "");
        if let Some(item) = table.get("filter") {
            view.filter = self.filter(item)?;
        }
        if let Some(item) = table.get("sort") {
            view.sort = self.sort(item)?;
        }
        if let Some(item) = table.get("columns") {
            view.columns = self.columns(item)?;
        }
        Ok(view)
    }

    fn name(&self, item: &Item) -> Result<String, Wrong> {
        let name = self.text_of(item, "a view's name")?.trim();
        if name.is_empty() {
            return Err(self.wrong(item, "a view needs a name"));
        }
        if name.chars().any(char::is_control) {
            return Err(self.wrong(item, "a view's name is one line of plain text"));
        }
        if name.chars().count() > View::LONGEST_NAME {
            let most = View::LONGEST_NAME;
            return Err(self.wrong(item, format!("a view's name has at most {most} characters")));
        }
        Ok(name.to_owned())
    }

    fn filter(&self, item: &Item) -> Result<Filter, Wrong> {
        let text = self.text_of(item, "a filter")?;
        Filter::parse(text.trim()).map_err(|error| {
            let near = error
                .suggestion
                .as_ref()
                .map(|near| format!("; did you mean “{near}”?"));
            self.wrong(
                item,
                format!("the filter: {error}{}", near.unwrap_or_default()),
            )
        })
    }

    fn sort(&self, item: &Item) -> Result<Sort, Wrong> {
        let words = self.words(item, "sort", SUCH_AS)?;
        if let Some(sort) = Sort::of_words(words.iter().copied()) {
            return Ok(sort);
        }
        let known: Vec<&str> = Sort::all_words().collect();
        let odd = words
            .iter()
            .map(|word| word.trim_start_matches('-'))
            .find(|word| !known.contains(word));
        let near = odd.and_then(|odd| nearest(odd, known.iter().copied()));
        let message = match (odd, near) {
            (Some(odd), Some(near)) => {
                format!("the list cannot be sorted by “{odd}”; did you mean “{near}”?")
            }
            _ => "sort must be [\"late\", \"severity\", \"age\"] or one of oldest, newest, severity, \
                  description, assignee, customer, updated; - before it reverses it"
                .into(),
        };
        Err(self.wrong(item, message))
    }

    fn columns(&self, item: &Item) -> Result<Vec<Column>, Wrong> {
        let mut columns = Vec::new();
        for name in self.words(item, "columns", SUCH_AS)? {
            let column = Column::named(name).ok_or_else(|| {
                let names = Column::NAMED.map(|column| column.to_string());
                let near = match nearest(&name.to_lowercase(), names.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean “{near}”?"),
                    None => format!("there are {} and meta.KEY", names.join(", ")),
                };
                self.wrong(item, format!("“{name}” is not a column; {near}"))
            })?;
            if columns.contains(&column) {
                return Err(self.wrong(item, format!("the column “{name}” stands here twice")));
            }
            columns.push(column);
        }
        if !columns.contains(&Column::Description) {
            Column::Description.toggle(&mut columns);
        }
        Ok(columns)
    }
}
