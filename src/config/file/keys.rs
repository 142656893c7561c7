//! `[keys]`: the actions that have other keys than the default ones.

use std::sync::Arc;

use toml_edit::{Item, TableLike};

use crate::app::{Action, KeyTable, Rebinding, action_named};
use crate::text::clean;

use super::reader::{Reader, Wrong};

impl Reader<'_> {
    /// The keys in force, and the actions that the file names.
    pub(super) fn keys(
        &self,
        table: &dyn TableLike,
    ) -> Result<(Arc<KeyTable>, Vec<Action>), Wrong> {
        let read = |(name, item): (&str, &Item)| {
            let action = action_named(&clean(name))
                .map_err(|message| self.wrong_key(table, name, message))?;
            let keys = self.sequences(name, item)?;
            Ok(Rebinding { action, keys })
        };
        let wishes: Result<Vec<Rebinding>, Wrong> = table.iter().map(read).collect();
        let wishes = wishes?;
        let keys = KeyTable::with(&wishes).map_err(|refused| {
            let name = refused.action.spec().name;
            self.wrong_key(table, name, format!("{name}: {}", refused.message))
        })?;
        let named = wishes.iter().map(|wish| wish.action).collect();
        Ok((Arc::new(keys), named))
    }

    /// Reads one sequence, several, or none.
    fn sequences(&self, name: &str, item: &Item) -> Result<Vec<String>, Wrong> {
        if let Some(text) = item.as_str() {
            return Ok(vec![text.to_owned()]);
        }
        let texts = item.as_array().and_then(|list| {
            let texts = list.iter().map(|value| value.as_str().map(str::to_owned));
            texts.collect::<Option<Vec<String>>>()
        });
        texts.ok_or_else(|| {
            let message =
                format!("{name} must be keys such as \"g p\", a list of such, or [] for none");
            self.wrong(item, message)
        })
    }
}
