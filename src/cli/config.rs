//! `config`: where the settings are, what they are, and whether the file is right.

use clap::Subcommand;

use crate::config::{BASE_URL_VARIABLE, ConfigFile, EXAMPLE, ME_VARIABLE, Settings};
use crate::text::clean;
use crate::worklist::{Age, View};

use super::{Cli, Exit, Out, Problem, conclude};

#[derive(Debug, Clone, Subcommand)]
pub enum ConfigCommand {
    /// Print where the configuration file is or would be
    Path,
    /// Print the settings in force and where each comes from
    Show {
        /// Print an example file with every setting and its default instead
        #[arg(long)]
        defaults: bool,
    },
    /// Check the configuration file
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
    let file = ConfigFile::read(Some(cli.config_path().ok_or_else(no_home)?))?;
    let path = file.path.as_deref().unwrap_or(std::path::Path::new(""));
    let views = match &file.views {
        Some(views) if views.len() == 1 => "1 view".into(),
        Some(views) => format!("{} views", views.len()),
        None => "the built-in views".into(),
    };
    out.data(&match file.exists {
        true => format!("{}: in order, {views}\n", path.display()),
        false => format!(
            "{}: there is no such file; the defaults hold\n",
            path.display()
        ),
    })
}

fn show(cli: &Cli, out: &mut Out) -> Result<(), Problem> {
    let settings = cli.settings()?;
    let file = &settings.file;
    let place = match (&file.path, file.exists) {
        (Some(path), true) => path.display().to_string(),
        (Some(path), false) => format!("{} (no such file)", path.display()),
        (None, _) => "none".into(),
    };
    let from_file = match file.exists {
        true => "file, or default where it says nothing",
        false => "default",
    };
    let mut text = format!("file       {place}\n");
    for (name, value, origin) in told(cli, &settings) {
        text.push_str(&format!("{name:<10} {}  ({origin})\n", clean(&value)));
    }
    let targets = file.targets;
    text.push_str(&format!(
        "targets    stat {}, high {}, normal {}  ({from_file})\n",
        Age(targets.stat),
        Age(targets.high),
        Age(targets.normal)
    ));
    let origin = if file.views.is_some() {
        "file"
    } else {
        "default"
    };
    let views = file.views.clone().unwrap_or_else(View::defaults);
    for (number, view) in (1..).zip(views) {
        let columns: Vec<String> = view.columns.iter().map(ToString::to_string).collect();
        text.push_str(&format!(
            "view {number}     {}: {}  sort {}  columns {}  ({origin})\n",
            view.name,
            clean(view.filter.text()),
            view.sort.words().join(","),
            columns.join(",")
        ));
    }
    out.data(&text)
}

/// The settings that are not in the file. A key's value is never told.
fn told(cli: &Cli, settings: &Settings) -> Vec<(&'static str, String, &'static str)> {
    let said = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let base = if said(BASE_URL_VARIABLE) {
        BASE_URL_VARIABLE
    } else {
        "default"
    };
    let me = match (&cli.global.me, said(ME_VARIABLE)) {
        (Some(_), _) => "--me",
        (None, true) => ME_VARIABLE,
        (None, false) => "default",
    };
    let key = if settings.key.is_some() {
        "given"
    } else {
        "none"
    };
    let read_only = if settings.read_only {
        "--read-only"
    } else {
        "default"
    };
    vec![
        ("server", settings.base_url.to_string(), base),
        ("key", key.into(), "AVARA_API_KEY"),
        (
            "me",
            settings.me.clone().unwrap_or_else(|| "nobody".into()),
            me,
        ),
        ("read-only", settings.read_only.to_string(), read_only),
    ]
}
