//! `config`: where the settings are, what they are, and whether the file is valid.

use std::path::Path;

use clap::Subcommand;

use crate::config::{ConfigFile, EXAMPLE, KeySource, Origin, Settings, show_span};
use crate::text::{clean, clean_path};
use crate::worklist::View;

use super::{Cli, Exit, Out, Problem, conclude};

pub const EXAMPLES: &str = "\
Examples:
  avara-tui config path
  avara-tui config show
  avara-tui config validate";

const PATH_EXAMPLES: &str = "\
Examples:
  avara-tui config path
  nano $(avara-tui config path)";

const SHOW_EXAMPLES: &str = "\
Examples:
  avara-tui config show
  avara-tui config show --profile night
  avara-tui config show --defaults

The key itself is never shown.";

const VALIDATE_EXAMPLES: &str = "\
Examples:
  avara-tui config validate
  avara-tui config validate --config new.toml

An unknown setting is reported with its line and the nearest known name.";

#[derive(Debug, Clone, Subcommand)]
pub enum ConfigCommand {
    /// Print where the configuration file is or would be
    #[command(after_help = PATH_EXAMPLES)]
    Path,
    /// Print the settings in force and where each comes from
    #[command(after_help = SHOW_EXAMPLES)]
    Show {
        /// Print an example file with every setting and its default instead
        #[arg(long)]
        defaults: bool,
    },
    /// Check the configuration file
    #[command(after_help = VALIDATE_EXAMPLES)]
    Validate,
}

/// Runs `config …`.
pub fn run_config(cli: &Cli, command: &ConfigCommand, out: &mut Out) -> Exit {
    let result = match command {
        ConfigCommand::Path => path(cli, out),
        ConfigCommand::Show { defaults: true } => out.data(EXAMPLE),
        ConfigCommand::Show { defaults: false } => show(cli, out),
        ConfigCommand::Validate => validate(cli, out),
    };
    conclude(result.map(|()| Exit::Done), out)
}

fn path(cli: &Cli, out: &mut Out) -> Result<(), Problem> {
    let path = cli.config_path().ok_or_else(no_home)?;
    out.data(&format!("{}\n", path.display()))
}

fn no_home() -> Problem {
    Problem::Usage("there is no home directory to keep a file of settings in; use --config".into())
}

fn validate(cli: &Cli, out: &mut Out) -> Result<(), Problem> {
    cli.check_given_file()?;
    let file = ConfigFile::read(Some(cli.config_path().ok_or_else(no_home)?))?;
    let path = clean_path(file.path.as_deref().unwrap_or(Path::new("")));
    out.data(&if file.exists {
        format!("{path}: in order, {}\n", contents(&file))
    } else {
        format!("{path}: there is no such file; the defaults are used\n")
    })?;
    for (line, warning) in file.theme.warnings() {
        out.note(&format!("warning: {path}, line {line}: {warning}"));
    }
    Ok(())
}

fn contents(file: &ConfigFile) -> String {
    let many = |count: usize, what: &str| match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    };
    let views = match &file.views {
        Some(views) => many(views.len(), "view"),
        None => "the built-in views".into(),
    };
    match file.profiles.len() {
        0 => views,
        profiles => format!("{}, {views}", many(profiles, "profile")),
    }
}

/// A setting and where it comes from.
struct Shown {
    name: String,
    value: String,
    origin: String,
}

fn shown(name: impl Into<String>, value: impl ToString, origin: impl ToString) -> Shown {
    Shown {
        name: name.into(),
        value: value.to_string(),
        origin: origin.to_string(),
    }
}

fn show(cli: &Cli, out: &mut Out) -> Result<(), Problem> {
    let settings = cli.settings()?;
    let file = &settings.file;
    let place = match (&file.path, file.exists) {
        (Some(path), true) => path.display().to_string(),
        (Some(path), false) => format!("{} (no such file)", path.display()),
        (None, _) => "none".into(),
    };
    let mut lines = of_profile(&settings);
    lines.extend(of_file(file));
    lines.push(if cli.global.plain {
        shown("plain", true, Origin::Flag("--plain"))
    } else {
        shown("plain", file.plain, origin_of(file, "plain"))
    });
    lines.extend(of_views(file));
    let width = lines.iter().map(|line| line.name.len()).max().unwrap_or(0);
    let mut text = format!("{:<width$}  {}\n", "file", clean(&place));
    for Shown {
        name,
        value,
        origin,
    } in lines
    {
        text.push_str(&format!("{name:<width$}  {}  ({origin})\n", clean(&value)));
    }
    out.data(&text)
}

/// Returns the settings that come from a flag, a variable or the profile. The key is neither fetched nor
/// shown.
fn of_profile(settings: &Settings) -> Vec<Shown> {
    let origins = settings.origins;
    let name = settings.profile.as_deref().unwrap_or("none");
    let me = settings.me.as_deref().unwrap_or("nobody");
    let source = settings.key_source();
    let key = match (settings.misdirected(), source) {
        (Some(error), _) => format!("refused: {error}"),
        (None, KeySource::Nowhere) => "none".into(),
        (None, KeySource::Environment(_)) => "given".into(),
        (None, KeySource::Command(_) | KeySource::File(_) | KeySource::Keyring(_)) => {
            source.to_string()
        }
    };
    let mut lines = vec![
        shown("profile", name, origins.profile),
        shown("base_url", &settings.base_url, origins.base_url),
        shown("key", key, origins.key),
        shown("me", me, origins.me),
        shown("read-only", settings.read_only, origins.read_only),
    ];
    let setting = |setting: &str| origin_of(&settings.file, &format!("profiles.{name}.{setting}"));
    let hosts = match &settings.viewer_hosts {
        Some(hosts) => hosts.join(", "),
        None => "the vendor's and the server's own".into(),
    };
    lines.push(shown("viewer_hosts", hosts, setting("viewer_hosts")));
    let bundle = match &settings.ca_bundle {
        Some(path) => path.display().to_string(),
        None => "none".into(),
    };
    lines.push(shown("ca_bundle", bundle, setting("ca_bundle")));
    lines
}

fn origin_of(file: &ConfigFile, setting: &str) -> Origin {
    file.line_of(setting).map_or(Origin::Default, Origin::File)
}

fn of_file(file: &ConfigFile) -> Vec<Shown> {
    let (targets, refresh, alerts) = (file.targets, file.refresh, file.alerts);
    let quiet = alerts.quiet.map(|quiet| quiet.to_string());
    let mut lines: Vec<Shown> = [
        ("targets.stat", show_span(targets.stat)),
        ("targets.high", show_span(targets.high)),
        ("targets.normal", show_span(targets.normal)),
        ("refresh.stat", show_span(refresh.stat)),
        ("refresh.open", show_span(refresh.open)),
        (
            "refresh.requests_per_minute",
            refresh.requests_per_minute.to_string(),
        ),
        ("lock.after", show_span(file.lock_after)),
        ("lock.watch", file.lock_watch.name().into()),
        ("alerts.bell", alerts.bell.to_string()),
        ("alerts.notify", alerts.notify.name().into()),
        ("alerts.quiet", quiet.unwrap_or_else(|| "never".into())),
        ("theme.name", file.theme.built_in.name().into()),
    ]
    .into_iter()
    .map(|(name, value)| shown(name, value, origin_of(file, name)))
    .collect();
    lines.extend(file.rebound.iter().map(|action| {
        let spec = action.spec();
        let setting = format!("keys.{}", spec.name);
        let origin = origin_of(file, &setting);
        shown(setting, file.keys.words(spec), origin)
    }));
    lines.extend(file.theme.own().map(|meaning| {
        let setting = format!("theme.colors.{}", meaning.name());
        let origin = origin_of(file, &setting);
        shown(setting, "set", origin)
    }));
    lines
}

fn of_views(file: &ConfigFile) -> Vec<Shown> {
    let origin = origin_of(file, "views");
    let views = file.views.clone().unwrap_or_else(View::defaults);
    let line = |(number, view): (usize, View)| {
        let columns: Vec<String> = view.columns.iter().map(ToString::to_string).collect();
        let value = format!(
            "{}: {}  sort {}  columns {}",
            view.name,
            view.filter.text(),
            view.sort.words().join(","),
            columns.join(",")
        );
        shown(format!("view {number}"), value, origin)
    };
    (1..).zip(views).map(line).collect()
}
