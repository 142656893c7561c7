//! What the configuration file says, or where it is wrong.

mod keys;
mod profiles;
mod raw;
mod reader;
mod sections;
mod theme;
mod views;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml_edit::{Document, TableLike};

use crate::app::Watch;
use crate::app::{Action, KeyTable};
use crate::files::{self, Links};
use crate::sync::Pace;
use crate::text::{clean, clean_path};
use crate::worklist::{Targets, View};

pub(super) use profiles::no_profile;
pub use profiles::{ClinicProfile, ProfileKey, check_profile_name};
pub(super) use reader::Wrong;
pub use reader::show_span;
pub use sections::{Alerts, LOCK_AFTER, Notify, Quiet};
pub use theme::ConfiguredTheme;

use reader::{Reader, line_of, wrong};

/// A larger file is not a file of settings.
const LARGEST: u64 = 1 << 20;

/// An example with every setting and its default.
pub const EXAMPLE: &str = include_str!("../../assets/config.toml");

const SETTINGS: [&str; 10] = [
    "default_profile",
    "profiles",
    "views",
    "targets",
    "refresh",
    "lock",
    "alerts",
    "keys",
    "theme",
    "plain",
];

/// The settings of the file, or the defaults if there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfigFile {
    /// Where the file is or would be; unknown if there is no home directory.
    pub path: Option<PathBuf>,
    pub exists: bool,
    /// The profile in use if none is asked for.
    pub default_profile: Option<String>,
    pub profiles: BTreeMap<String, ClinicProfile>,
    /// The views of the file, if it has any.
    pub views: Option<Vec<View>>,
    pub targets: Targets,
    pub refresh: Pace,
    /// The screen locks when nobody has touched a key for this long, in milliseconds.
    pub lock_after: i64,
    /// What goes on while the screen is locked.
    pub lock_watch: Watch,
    pub alerts: Alerts,
    /// The keys in force, and the actions whose keys the file names.
    pub keys: Arc<KeyTable>,
    pub rebound: Vec<Action>,
    pub theme: ConfiguredTheme,
    /// The worklist in lines, for screen readers.
    pub plain: bool,
    /// The line of each setting by its dotted name, such as `targets.stat`.
    lines: BTreeMap<String, usize>,
}

impl Default for ConfigFile {
    fn default() -> Self {
        Self {
            path: None,
            exists: false,
            default_profile: None,
            profiles: BTreeMap::new(),
            views: None,
            targets: Targets::default(),
            refresh: Pace::default(),
            lock_after: LOCK_AFTER,
            lock_watch: Watch::default(),
            alerts: Alerts::default(),
            keys: KeyTable::standard().clone(),
            rebound: Vec::new(),
            theme: ConfiguredTheme::default(),
            plain: false,
            lines: BTreeMap::new(),
        }
    }
}

/// Why a file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{}: {}", clean_path(path), line.map(|line| format!(", line {line}")).unwrap_or_default(), clean(message))]
pub struct FileError {
    pub path: PathBuf,
    pub line: Option<usize>,
    pub message: String,
}

impl ConfigFile {
    /// Reads the file at `path`. A missing file is not an error.
    pub fn read(path: Option<PathBuf>) -> Result<Self, FileError> {
        let Some(path) = path else {
            return Ok(Self::default());
        };
        let text = read_text(&path)?;
        let exists = text.is_some();
        let said = parse(&text.unwrap_or_default()).map_err(|wrong| FileError {
            path: path.clone(),
            line: Some(wrong.line),
            message: wrong.message,
        })?;
        Ok(Self {
            path: Some(path),
            exists,
            ..said
        })
    }

    /// Returns the line of a setting, by its dotted name; `None` if the file does not have it.
    pub fn line_of(&self, setting: &str) -> Option<usize> {
        self.lines.get(setting).copied()
    }

    /// Returns where a path in the file leads: from the home directory after `~/`, else from the file's
    /// folder.
    pub fn place_of(&self, path: &Path) -> PathBuf {
        let home = || etcetera::home_dir().ok();
        if let (Ok(rest), Some(home)) = (path.strip_prefix("~"), home()) {
            return home.join(rest);
        }
        let folder = self.path.as_deref().and_then(Path::parent);
        folder.unwrap_or(Path::new("")).join(path)
    }
}

/// Returns where the platform keeps such a file: `~/.config/avara-tui/config.toml`, or below
/// `XDG_CONFIG_HOME`.
pub fn usual_path() -> Option<PathBuf> {
    use etcetera::BaseStrategy;
    let base = etcetera::choose_base_strategy().ok()?;
    Some(base.config_dir().join("avara-tui").join("config.toml"))
}

/// Returns the file's text; `None` if there is no file.
pub(super) fn read_text(path: &Path) -> Result<Option<String>, FileError> {
    let wrong = |message: String| FileError {
        path: path.to_owned(),
        line: None,
        message,
    };
    let bytes = match files::read(path, LARGEST, Links::Follow) {
        Ok(bytes) => bytes,
        Err(error) if error.is_absence() => return Ok(None),
        Err(error) => return Err(wrong(error.to_string())),
    };
    let text = String::from_utf8(bytes);
    text.map(Some)
        .map_err(|_| wrong("it is not text in UTF-8".into()))
}

pub(super) fn parse(text: &str) -> Result<ConfigFile, Wrong> {
    let document = Document::parse(text).map_err(|error| {
        let message = error.message().trim().replace('\n', ", ");
        wrong(text, error.span(), format!("this is not TOML: {message}"))
    })?;
    let reader = Reader { text };
    let root = document.as_table();
    reader.no_profile_settings(root)?;
    reader.known(root, &SETTINGS, "setting")?;
    let mut file = ConfigFile {
        profiles: reader.profiles(root)?,
        theme: theme::read(&reader.raw(root, "theme")?)?,
        ..ConfigFile::default()
    };
    file.default_profile = reader.default_profile(root, &file.profiles)?;
    if let Some(item) = root.get("plain") {
        file.plain = reader.flag(item, "plain")?;
    }
    if let Some(item) = root.get("views") {
        file.views = Some(reader.views(item)?);
    }
    if let Some(table) = reader.table(root, "targets")? {
        file.targets = reader.targets(table)?;
    }
    if let Some(table) = reader.table(root, "refresh")? {
        file.refresh = reader.refresh(table)?;
    }
    if let Some(table) = reader.table(root, "keys")? {
        (file.keys, file.rebound) = reader.keys(table)?;
    }
    if let Some(table) = reader.table(root, "lock")? {
        (file.lock_after, file.lock_watch) = reader.lock(table)?;
    }
    if let Some(table) = reader.table(root, "alerts")? {
        file.alerts = reader.alerts(table)?;
    }
    note_lines(text, "", root, &mut file.lines);
    Ok(file)
}

/// Notes the line of every setting below `table`, whose own name is `prefix`.
fn note_lines(
    text: &str,
    prefix: &str,
    table: &dyn TableLike,
    lines: &mut BTreeMap<String, usize>,
) {
    for (name, item) in table.iter() {
        let path = match prefix {
            "" => name.to_owned(),
            prefix => format!("{prefix}.{name}"),
        };
        if let Some(inner) = item.as_table_like() {
            note_lines(text, &path, inner, lines);
        }
        let key = table.get_key_value(name).and_then(|(key, _)| key.span());
        if let Some(span) = key.or_else(|| item.span()) {
            lines.insert(path, line_of(text, Some(span)));
        }
    }
}

#[cfg(test)]
mod tests;
