//! What the configuration file says, or where it is wrong.

use std::fs;
use std::io::{ErrorKind, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml_edit::{Document, Item, TableLike, Value};

use crate::worklist::{Column, Filter, Sort, Targets, View, nearest, span_ms};

/// A larger file is no file of settings.
const LARGEST: u64 = 1 << 20;
const YEAR: i64 = 365 * 86_400_000;

/// An example with every setting and its default.
pub const EXAMPLE: &str = include_str!("../../assets/config.toml");

/// The settings of the file; the defaults where there is none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ConfigFile {
    /// Where the file is or would be; unknown where there is no home directory.
    pub path: Option<PathBuf>,
    pub exists: bool,
    /// The views of the file, if it has any.
    pub views: Option<Vec<View>>,
    pub targets: Targets,
}

/// Why a file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{}: {message}", path.display(), line.map(|line| format!(", line {line}")).unwrap_or_default())]
pub struct FileError {
    pub path: PathBuf,
    pub line: Option<usize>,
    pub message: String,
}

impl ConfigFile {
    /// Reads the file at `path`. That it is missing is no error.
    pub fn read(path: Option<PathBuf>) -> Result<Self, FileError> {
        let Some(path) = path else {
            return Ok(Self::default());
        };
        let text = read_text(&path)?;
        let exists = text.is_some();
        let (views, targets) = parse(&text.unwrap_or_default()).map_err(|wrong| FileError {
            path: path.clone(),
            line: Some(wrong.line),
            message: wrong.message,
        })?;
        Ok(Self {
            path: Some(path),
            exists,
            views,
            targets,
        })
    }
}

/// Where the platform keeps such a file: `~/.config/avara-tui/config.toml`, or below `XDG_CONFIG_HOME`.
pub fn usual_path() -> Option<PathBuf> {
    use etcetera::BaseStrategy;
    let base = etcetera::choose_base_strategy().ok()?;
    Some(base.config_dir().join("avara-tui").join("config.toml"))
}

/// The file's text, or nothing where there is no file.
pub(super) fn read_text(path: &Path) -> Result<Option<String>, FileError> {
    let wrong = |message: String| FileError {
        path: path.to_owned(),
        line: None,
        message,
    };
    let file = match fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(wrong(format!("it cannot be read: {error}"))),
    };
    let mut bytes = Vec::new();
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| wrong(format!("it cannot be read: {error}")))?;
    if bytes.len() as u64 > LARGEST {
        return Err(wrong("it is larger than 1 MiB".into()));
    }
    let text = String::from_utf8(bytes);
    text.map(Some)
        .map_err(|_| wrong("it is not text in UTF-8".into()))
}

/// What is wrong in a text, and on which line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) line: usize,
    pub(super) message: String,
}

type Said = (Option<Vec<View>>, Targets);

pub(super) fn parse(text: &str) -> Result<Said, Wrong> {
    let document = Document::parse(text).map_err(|error| {
        let message = error.message().trim().replace('\n', ", ");
        wrong(text, error.span(), format!("this is not TOML: {message}"))
    })?;
    let reader = Reader { text };
    let root = document.as_table();
    reader.known(root, &["views", "targets"], "a setting")?;
    let views = root
        .get("views")
        .map(|item| reader.views(item))
        .transpose()?;
    let targets = match root.get("targets") {
        Some(item) => reader.targets(item)?,
        None => Targets::default(),
    };
    Ok((views, targets))
}

fn wrong(text: &str, span: Option<Range<usize>>, message: impl Into<String>) -> Wrong {
    let at = span.map_or(0, |span| span.start).min(text.len());
    let before = text.as_bytes().iter().take(at);
    Wrong {
        line: before.filter(|byte| **byte == b'\n').count() + 1,
        message: message.into(),
    }
}

struct Reader<'a> {
    text: &'a str,
}

impl Reader<'_> {
    fn wrong(&self, item: &Item, message: impl Into<String>) -> Wrong {
        wrong(self.text, item.span(), message)
    }

    /// Refuses a key that is not in the list, with the one that was probably meant.
    fn known(&self, table: &dyn TableLike, keys: &[&str], what: &str) -> Result<(), Wrong> {
        for (name, item) in table.iter() {
            if keys.contains(&name) {
                continue;
            }
            let span = table.get_key_value(name).and_then(|(key, _)| key.span());
            let near = match nearest(&name.to_lowercase(), keys.iter().copied()) {
                Some(near) => format!("did you mean “{near}”?"),
                None => format!("there are {}", keys.join(", ")),
            };
            let message = format!("“{name}” is no {what}; {near}").replace("no a ", "no ");
            return Err(wrong(self.text, span.or_else(|| item.span()), message));
        }
        Ok(())
    }

    fn views(&self, item: &Item) -> Result<Vec<View>, Wrong> {
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
            "a setting of a view",
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

    fn text_of<'i>(&self, item: &'i Item, what: &str) -> Result<&'i str, Wrong> {
        item.as_str()
            .ok_or_else(|| self.wrong(item, format!("{what} must be a text in quotes")))
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

    fn words<'i>(&self, item: &'i Item, what: &str) -> Result<Vec<&'i str>, Wrong> {
        let message = || format!("{what} must be a list of texts, such as [\"age\"]");
        let list = item.as_array().ok_or_else(|| self.wrong(item, message()))?;
        let word = |value: &'i Value| value.as_str().ok_or_else(|| self.wrong(item, message()));
        list.iter().map(word).collect()
    }

    fn sort(&self, item: &Item) -> Result<Sort, Wrong> {
        let words = self.words(item, "sort")?;
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
                  description, assignee, customer, updated; - before it turns it round"
                .into(),
        };
        Err(self.wrong(item, message))
    }

    fn columns(&self, item: &Item) -> Result<Vec<Column>, Wrong> {
        let mut columns = Vec::new();
        for name in self.words(item, "columns")? {
            let column = Column::named(name).ok_or_else(|| {
                let names = Column::NAMED.map(|column| column.to_string());
                let near = match nearest(&name.to_lowercase(), names.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean “{near}”?"),
                    None => format!("there are {} and meta.KEY", names.join(", ")),
                };
                self.wrong(item, format!("“{name}” is no column; {near}"))
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

    fn targets(&self, item: &Item) -> Result<Targets, Wrong> {
        let Some(table) = item.as_table_like() else {
            return Err(self.wrong(item, "the targets are a table that begins with [targets]"));
        };
        self.known(table, &["stat", "high", "normal"], "a target")?;
        let mut targets = Targets::default();
        for (name, place) in [
            ("stat", &mut targets.stat),
            ("high", &mut targets.high),
            ("normal", &mut targets.normal),
        ] {
            if let Some(item) = table.get(name) {
                *place = self.span(item, name)?;
            }
        }
        Ok(targets)
    }

    fn span(&self, item: &Item, name: &str) -> Result<i64, Wrong> {
        let span = item.as_str().and_then(|text| span_ms(text.trim()));
        span.filter(|ms| (1..=YEAR).contains(ms)).ok_or_else(|| {
            let message =
                format!("the target of {name} must be a time such as \"60m\", \"4h\" or \"1d\"");
            self.wrong(item, message)
        })
    }
}

#[cfg(test)]
mod tests;
