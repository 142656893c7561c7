//! Writes a view into the configuration file, which keeps its comments, its order and everything else.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, Value};

use crate::worklist::{Column, Sort, View};

use super::file::{parse, read_text};

/// The beginning of a file that this program creates.
pub(super) const HEAD: &str =
    "# Settings of avara-tui; `avara-tui config show --defaults` prints them all.\n\n";

/// Writes `view` in place of the view called `replaces`, or after the others. A file without views gets
/// `all`, for its views stand in for the built-in ones. Returns the path, or the plain reason.
pub fn save_view(
    path: Option<&Path>,
    view: &View,
    replaces: Option<&str>,
    all: &[View],
) -> Result<PathBuf, String> {
    let path = path.ok_or("there is no home directory to keep a file of settings in")?;
    let text = read_text(path).map_err(|error| error.to_string())?;
    let text = text.unwrap_or_else(|| HEAD.into());
    let edited = with_view(&text, view, replaces, all)
        .map_err(|reason| format!("{}: {reason}", path.display()))?;
    write_atomically(path, &edited)
        .map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    Ok(path.to_owned())
}

/// Returns the text of the file with the view in it.
fn with_view(
    text: &str,
    view: &View,
    replaces: Option<&str>,
    all: &[View],
) -> Result<String, String> {
    parse(text).map_err(|wrong| format!("line {}: {}", wrong.line, wrong.message))?;
    let mut document: DocumentMut = text.parse().map_err(|_| "it is not TOML".to_owned())?;
    match document
        .get_mut("views")
        .and_then(Item::as_array_of_tables_mut)
    {
        Some(views) => put(views, view, replaces)?,
        None => {
            let mut views = ArrayOfTables::new();
            all.iter().for_each(|view| add(&mut views, view));
            keep_head(&mut document, &mut views);
            document.insert("views", Item::ArrayOfTables(views));
        }
    }
    let edited = document.to_string();
    // What is written must be readable at the next start.
    parse(&edited).map_err(|wrong| wrong.message)?;
    Ok(edited)
}

/// A file that has only comments still begins with them.
fn keep_head(document: &mut DocumentMut, views: &mut ArrayOfTables) {
    let head = document.trailing().as_str().unwrap_or_default().to_owned();
    if let Some(first) = views.get_mut(0).filter(|_| document.is_empty()) {
        first.decor_mut().set_prefix(head);
        document.set_trailing("");
    }
}

fn put(views: &mut ArrayOfTables, view: &View, replaces: Option<&str>) -> Result<(), String> {
    let is_it = |table: &&mut Table| {
        let name = table.get("name").and_then(Item::as_str).unwrap_or_default();
        let same = |wanted: &str| wanted.to_lowercase() == name.trim().to_lowercase();
        replaces.is_some_and(same) || same(&view.name)
    };
    if let Some(table) = views.iter_mut().find(is_it) {
        fill(table, view);
        return Ok(());
    }
    if views.len() >= View::MOST {
        return Err(format!("it holds {} views already", View::MOST));
    }
    add(views, view);
    Ok(())
}

fn add(views: &mut ArrayOfTables, view: &View) {
    let mut table = Table::new();
    table.decor_mut().set_prefix("\n");
    fill(&mut table, view);
    views.push(table);
}

/// The default order and columns are written only where others were.
fn fill(table: &mut Table, view: &View) {
    set(table, "name", Value::from(view.name.as_str()));
    set(table, "filter", Value::from(view.filter.text()));
    if view.sort != Sort::default() || table.contains_key("sort") {
        set(table, "sort", list(view.sort.words()));
    }
    if view.columns != Column::DEFAULT || table.contains_key("columns") {
        set(
            table,
            "columns",
            list(view.columns.iter().map(Column::to_string)),
        );
    }
}

fn list(words: impl IntoIterator<Item = String>) -> Value {
    Value::Array(words.into_iter().collect::<Array>())
}

/// Keeps a value that means the same as it is written, and the comment after it in any case.
fn set(table: &mut Table, key: &str, mut value: Value) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) if says(old) == says(&value) => {}
        Some(old) => {
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        None => {
            table.insert(key, Item::Value(value));
        }
    }
}

fn says(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        other => other.as_str().into_iter().collect(),
    }
}

/// Replaces the file so that a reader sees the old one or the new one, never half of it. Only the owner can
/// read it.
pub(super) fn write_atomically(path: &Path, text: &str) -> io::Result<()> {
    // A link to the file stays a link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().unwrap_or(Path::new("."));
    create_folders(folder)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = folder.join(format!(".{name}.{}.new", std::process::id()));
    let written = write_new(&draft, text).and_then(|()| fs::rename(&draft, &path));
    if written.is_err() {
        // The error is already reported.
        let _ = fs::remove_file(&draft);
    }
    written
}

pub(super) fn create_folders(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

pub(super) fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests;
