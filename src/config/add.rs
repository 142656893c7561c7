//! Writing a new profile into the configuration file, and its key beside it.

use std::path::{Path, PathBuf};

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use toml_edit::{Array, DocumentMut, Item, Table, Value};

use super::ProfileKey;
use super::file::{check_profile_name, parse, read_text};
use super::save::{HEAD, create_folders, write_atomically, write_new};

/// A profile to be written.
#[derive(Debug, Clone)]
pub struct NewProfile {
    pub name: String,
    pub base_url: String,
    pub me: Option<String>,
    pub key: NewKey,
}

/// Where the key of a new profile is kept.
#[derive(Debug, Clone)]
pub enum NewKey {
    /// In a file of its own, which is written too.
    File(SecretString),
    Command(Vec<String>),
    Nowhere,
}

/// Adds a profile to the file at `path`, and makes it the one in use. Comments and everything else stay.
/// Leaves nothing behind if something fails.
pub fn add_profile(path: Option<&Path>, profile: &NewProfile) -> Result<(), String> {
    let path = path.ok_or("there is no home directory to keep a file of settings in")?;
    check_profile_name(&profile.name)?;
    let text = read_text(path).map_err(|error| error.to_string())?;
    let text = text.unwrap_or_else(|| HEAD.into());
    let key_name = format!("{}.key", profile.name);
    let key = match &profile.key {
        NewKey::File(_) => Some(ProfileKey::File(PathBuf::from(&key_name))),
        NewKey::Command(words) => Some(ProfileKey::Command(words.clone())),
        NewKey::Nowhere => None,
    };
    let edited = with_profile(&text, profile, key.as_ref())
        .map_err(|reason| format!("{}: {reason}", path.display()))?;

    let folder = path.parent().unwrap_or(Path::new("."));
    let cannot = |what: &Path, error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            format!("{} is there already; choose another name", what.display())
        }
        _ => format!("{} cannot be written: {error}", what.display()),
    };
    create_folders(folder).map_err(|error| cannot(folder, error))?;
    let key_path = folder.join(key_name);
    if let NewKey::File(key) = &profile.key {
        let line = Zeroizing::new(format!("{}\n", key.expose_secret()));
        write_new(&key_path, &line).map_err(|error| cannot(&key_path, error))?;
    }
    write_atomically(path, &edited).map_err(|error| {
        if matches!(profile.key, NewKey::File(_)) {
            // The error is already reported.
            let _ = std::fs::remove_file(&key_path);
        }
        cannot(path, error)
    })
}

/// Returns the text of the file with the profile in it.
fn with_profile(
    text: &str,
    profile: &NewProfile,
    key: Option<&ProfileKey>,
) -> Result<String, String> {
    let file = parse(text).map_err(|wrong| format!("line {}: {}", wrong.line, wrong.message))?;
    if file.profiles.contains_key(&profile.name) {
        let name = &profile.name;
        return Err(format!(
            "there is a profile “{name}” already; choose another name"
        ));
    }
    let mut document: DocumentMut = text.parse().map_err(|_| "it is not TOML".to_owned())?;
    let is_first = document.is_empty();
    let mut table = table_of(profile, key);
    if is_first {
        // A file that has only comments still begins with them.
        let head = document.trailing().as_str().unwrap_or_default().to_owned();
        table.decor_mut().set_prefix(head);
        document.set_trailing("");
    }
    let profiles = document.entry("profiles").or_insert_with(|| {
        let mut profiles = Table::new();
        profiles.set_implicit(true);
        Item::Table(profiles)
    });
    let profiles = profiles
        .as_table_like_mut()
        .ok_or("“profiles” is not a table")?;
    profiles.insert(&profile.name, Item::Table(table));
    if !file.profiles.is_empty() {
        document["default_profile"] = toml_edit::value(&profile.name);
    }
    let edited = document.to_string();
    // What is written must be readable at the next start.
    let read = parse(&edited).map_err(|wrong| wrong.message)?;
    if read.default_profile.as_ref() == Some(&profile.name) {
        Ok(edited)
    } else {
        Err("the profile could not be made the one in use".into())
    }
}

fn table_of(profile: &NewProfile, key: Option<&ProfileKey>) -> Table {
    let mut table = Table::new();
    table.decor_mut().set_prefix("\n");
    table["base_url"] = toml_edit::value(&profile.base_url);
    match key {
        Some(ProfileKey::File(path)) => {
            table["api_key_file"] = toml_edit::value(path.to_string_lossy().as_ref());
        }
        Some(ProfileKey::Command(words)) => {
            let words = words.iter().map(String::as_str).collect::<Array>();
            table["api_key_command"] = Item::Value(Value::Array(words));
        }
        // Nobody is asked for one when a clinic is set up.
        Some(ProfileKey::Keyring(_)) | None => {}
    }
    if let Some(me) = &profile.me {
        table["me"] = toml_edit::value(me);
    }
    table
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::config::{ConfigFile, EXAMPLE};

    fn profile(name: &str, key: NewKey) -> NewProfile {
        NewProfile {
            name: name.into(),
            base_url: "https://api.example.org".into(),
            me: Some("kim@example.org".into()),
            key,
        }
    }

    fn file_key() -> NewKey {
        NewKey::File("2f6c-key".to_owned().into())
    }

    #[test]
    fn the_first_profile_makes_the_file_and_its_key_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("below/avara-tui/config.toml");
        add_profile(Some(&path), &profile("main", file_key())).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(
            text,
            format!(
                "{HEAD}[profiles.main]\nbase_url = \"https://api.example.org\"\n\
                 api_key_file = \"main.key\"\nme = \"kim@example.org\"\n"
            )
        );
        let key = path.with_file_name("main.key");
        assert_eq!(fs::read_to_string(&key).unwrap(), "2f6c-key\n");
        let file = ConfigFile::read(Some(path.clone())).unwrap();
        assert_eq!(file.default_profile.as_deref(), Some("main"));
        #[cfg(unix)]
        for (path, mode) in [
            (key.as_path(), 0o600),
            (&path, 0o600),
            (path.parent().unwrap(), 0o700),
        ] {
            use std::os::unix::fs::MetadataExt;
            assert_eq!(fs::metadata(path).unwrap().mode() & 0o777, mode, "{path:?}");
        }
    }

    #[test]
    fn another_profile_joins_and_every_comment_stays() {
        let words = vec!["pass".to_owned(), "show".into(), "avara".into()];
        let one = with_profile(EXAMPLE, &profile("one", NewKey::Nowhere), None).unwrap();
        let key = ProfileKey::Command(words);
        let two = with_profile(&one, &profile("night shift", NewKey::Nowhere), Some(&key)).unwrap();
        for line in EXAMPLE.lines() {
            assert!(two.lines().any(|kept| kept == line), "{line}");
        }
        let file = parse(&two).unwrap();
        assert_eq!(file.default_profile.as_deref(), Some("night shift"));
        assert_eq!(file.profiles.len(), 2);
        assert_eq!(file.profiles["night shift"].key, Some(key));
    }

    #[test]
    fn nothing_is_written_where_something_is_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        let told = |name: &str| add_profile(Some(&path), &profile(name, file_key())).unwrap_err();
        let is_empty = || fs::read_dir(folder.path()).unwrap().count() == 0;
        assert_eq!(told(" "), "a profile needs a name");
        assert_eq!(
            told("a/b"),
            "a profile's name is made of letters, digits, spaces and - _ ."
        );
        assert!(is_empty());
        fs::write(&path, "veiws = 1").unwrap();
        assert!(told("main").contains("did you mean “views”?"));
        fs::write(&path, "[profiles.main]\n").unwrap();
        assert!(told("main").ends_with("there is a profile “main” already; choose another name"));
        fs::write(folder.path().join("night.key"), "old").unwrap();
        assert!(told("night").ends_with("night.key is there already; choose another name"));
        assert_eq!(
            fs::read_to_string(folder.path().join("night.key")).unwrap(),
            "old"
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), "[profiles.main]\n");
        assert!(add_profile(None, &profile("main", file_key())).is_err());
    }
}
