//! Checks of the settings: the file, the profile, the address, the key's source.

use secrecy::SecretString;

use crate::cli::{Cli, Problem};
use crate::config::{ConfigFile, KeyError, Missing, Settings, SettingsError};
use crate::text::clean_path;

use super::Check;

/// The resolved settings.
#[derive(Default)]
pub(super) struct Setup {
    pub(super) checks: Vec<Check>,
    /// `None` if they cannot be used.
    pub(super) settings: Option<Settings>,
    pub(super) key: Option<SecretString>,
}

pub(super) fn look(cli: &Cli) -> Setup {
    if let Err(problem) = cli.check_given_file() {
        let mut checks = vec![Check::told("configuration", problem, "")];
        checks.extend(without_a_file());
        return Setup {
            checks,
            ..Setup::default()
        };
    }
    let mut setup = Setup {
        checks: vec![file(cli)],
        ..Setup::default()
    };
    match cli.settings() {
        Ok(settings) => setup.take(settings),
        // The file is already reported.
        Err(Problem::Settings(SettingsError::File(_))) => {
            setup.checks.extend(without_a_file());
        }
        Err(problem) => setup.checks.push(refused(&problem)),
    }
    setup
}

fn without_a_file() -> [Check; 3] {
    let because = "the configuration file cannot be used";
    ["profile", "base URL", "key"].map(|name| Check::skipped(name, because))
}

fn file(cli: &Cli) -> Check {
    let name = "configuration";
    let path = cli.config_path();
    match ConfigFile::read(path.clone()) {
        Err(error) => Check::broken(
            name,
            error,
            "correct it; `avara-tui config show --defaults` has every setting",
        ),
        Ok(file) => match (path, file.exists) {
            (Some(path), true) => Check::ok(name, format!("{} is in order", clean_path(&path))),
            (Some(path), false) => Check::ok(
                name,
                format!(
                    "there is no {}, so the defaults are used",
                    clean_path(&path)
                ),
            ),
            (None, _) => Check::warning(
                name,
                "there is no home directory to keep settings in",
                "name a file with --config",
            ),
        },
    }
}

/// Reports settings with which the program cannot start.
fn refused(problem: &Problem) -> Check {
    let name = match problem {
        Problem::Settings(SettingsError::BaseUrl(_) | SettingsError::EmptyBaseUrl) => "base URL",
        Problem::Settings(SettingsError::Key(_)) => "key",
        Problem::Settings(SettingsError::NoProfile(_)) => "profile",
        _ => "settings",
    };
    Check::told(name, problem, "correct it, or unset it")
}

impl Setup {
    fn take(&mut self, settings: Settings) {
        let origins = settings.origins;
        self.checks.push(match &settings.profile {
            Some(profile) => Check::ok("profile", format!("{profile} ({})", origins.profile)),
            None => Check::ok("profile", "none, so flags and environment decide"),
        });
        let base_url = format!("{} ({})", settings.base_url, origins.base_url);
        self.checks.push(Check::ok("base URL", base_url));
        let key = self.fetch_key(&settings);
        self.checks.push(key);
        self.checks.push(match &settings.me {
            Some(me) => Check::ok("me", format!("{me} ({})", origins.me)),
            None => Check::warning(
                "me",
                "not set",
                "set me in the profile, or AVARA_ME, to your e-mail address",
            ),
        });
        self.settings = Some(settings);
    }

    fn fetch_key(&mut self, settings: &Settings) -> Check {
        match settings.read_key() {
            Ok(Some(key)) => {
                self.key = Some(key);
                Check::ok("key", format!("given by {}", settings.key_source()))
            }
            Ok(None) => Check::told("key", KeyError::Missing(Missing), ""),
            Err(error) => Check::told("key", error, "name another place for it in the profile"),
        }
    }
}
