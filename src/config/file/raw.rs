//! Tables whose settings are checked elsewhere. They are passed on as they are, with their lines.

use std::collections::BTreeMap;

use toml_edit::{Array, Item, TableLike, Value};

use super::reader::{Reader, Wrong, line_of, wrong};

/// The settings of one table by name.
pub type RawTable = BTreeMap<String, RawSetting>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawSetting {
    /// The line of its name.
    pub line: usize,
    pub value: RawValue,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RawValue {
    Text(String),
    Flag(bool),
    Number(i64),
    List(Vec<RawValue>),
    Table(RawTable),
}

/// What is wrong with a setting of such a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawFault {
    pub line: usize,
    pub message: String,
}

impl From<RawFault> for Wrong {
    fn from(fault: RawFault) -> Self {
        Self {
            line: fault.line,
            message: fault.message,
        }
    }
}

impl Reader<'_> {
    /// Returns the table of this name as it is; empty if there is none.
    pub(super) fn raw(&self, root: &dyn TableLike, name: &str) -> Result<RawTable, Wrong> {
        match self.table(root, name)? {
            Some(table) => self.raw_table(table),
            None => Ok(RawTable::new()),
        }
    }

    fn raw_table(&self, table: &dyn TableLike) -> Result<RawTable, Wrong> {
        let read = |(name, item): (&str, &Item)| {
            let span = table.get_key_value(name).and_then(|(key, _)| key.span());
            let line = line_of(self.text, span.or_else(|| item.span()));
            let value = match (item.as_table_like(), item.as_value()) {
                (Some(inner), _) => RawValue::Table(self.raw_table(inner)?),
                (None, Some(value)) => self.raw_value(value)?,
                (None, None) => return Err(self.wrong(item, UNUSABLE)),
            };
            Ok((name.to_owned(), RawSetting { line, value }))
        };
        table.iter().map(read).collect()
    }

    fn raw_value(&self, value: &Value) -> Result<RawValue, Wrong> {
        Ok(match value {
            Value::String(text) => RawValue::Text(text.value().clone()),
            Value::Boolean(flag) => RawValue::Flag(*flag.value()),
            Value::Integer(number) => RawValue::Number(*number.value()),
            Value::Array(list) => RawValue::List(self.raw_list(list)?),
            Value::InlineTable(table) => RawValue::Table(self.raw_table(table)?),
            Value::Float(_) | Value::Datetime(_) => {
                return Err(wrong(self.text, value.span(), UNUSABLE));
            }
        })
    }

    fn raw_list(&self, list: &Array) -> Result<Vec<RawValue>, Wrong> {
        list.iter().map(|value| self.raw_value(value)).collect()
    }
}

const UNUSABLE: &str =
    "this must be a text in quotes, true, false, a whole number, a list or a table of these";
