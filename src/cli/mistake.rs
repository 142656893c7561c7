//! What is wrong with the arguments, in one plain sentence.

use std::error::Error as _;
use std::num::{ParseFloatError, ParseIntError};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, Error};

use super::definition;
use crate::text::clean;

/// The sentence, without a full stop; nothing where the program's own help says it better.
pub fn sentence(error: &Error) -> Option<String> {
    let told = Told(error);
    let sentence = match error.kind() {
        ErrorKind::InvalidSubcommand => told.no_command(),
        ErrorKind::UnknownArgument => told.no_argument(),
        ErrorKind::InvalidValue => told.no_value(),
        ErrorKind::ValueValidation => told.refused_value(),
        ErrorKind::MissingRequiredArgument => told.missing(),
        ErrorKind::ArgumentConflict => told.conflict(),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => return None,
        _ => None,
    };
    Some(sentence.unwrap_or_else(|| told.as_it_came()))
}

struct Told<'a>(&'a Error);

impl Told<'_> {
    fn no_command(&self) -> Option<String> {
        let word = self.word(ContextKind::InvalidSubcommand)?;
        let command = self.command();
        // The nearest comes last.
        let near = match self.words(ContextKind::SuggestedSubcommand).pop() {
            Some(near) => vec![format!("{command} {near}")],
            None => elsewhere(&word),
        };
        let near: Vec<String> = near.iter().map(|near| format!("`{near}`")).collect();
        Some(if near.is_empty() {
            format!("there is no command “{word}”; `{command} --help` lists them")
        } else {
            format!(
                "there is no command “{word}”; did you mean {}?",
                joined(&near, "or")
            )
        })
    }

    fn no_argument(&self) -> Option<String> {
        let word = self.word(ContextKind::InvalidArg)?;
        let command = self.command();
        if !word.starts_with('-') {
            return Some(format!(
                "“{word}” is one word too many; see `{command} --help`"
            ));
        }
        Some(match self.words(ContextKind::SuggestedArg).pop() {
            Some(near) => format!("there is no flag {word}; did you mean {near}?"),
            None => format!("there is no flag {word}; `{command} --help` lists them"),
        })
    }

    fn no_value(&self) -> Option<String> {
        let name = self.word(ContextKind::InvalidArg)?;
        let value = self.word(ContextKind::InvalidValue)?;
        let values = self.words(ContextKind::ValidValue);
        let takes = if values.is_empty() {
            format!("see `{} --help`", self.command())
        } else {
            format!("it can be {}", joined(&values, "or"))
        };
        if value.is_empty() {
            let takes = if values.is_empty() {
                "write it after the flag"
            } else {
                &takes
            };
            return Some(format!("{} needs a value; {takes}", plain(&name)));
        }
        Some(match self.words(ContextKind::SuggestedValue).pop() {
            Some(near) => format!(
                "“{value}” is no value of {}; did you mean {near}?",
                plain(&name)
            ),
            None => format!("“{value}” is no value of {}; {takes}", plain(&name)),
        })
    }

    fn refused_value(&self) -> Option<String> {
        let name = self.word(ContextKind::InvalidArg)?;
        let value = self.word(ContextKind::InvalidValue)?;
        let source = self.0.source()?;
        let why = match (source.is::<ParseIntError>(), source.is::<ParseFloatError>()) {
            (true, _) => "it takes a whole number".into(),
            (_, true) => "it takes a number".into(),
            _ => in_range(&clean(&source.to_string())),
        };
        Some(format!(
            "“{value}” cannot be the value of {}: {why}",
            plain(&name)
        ))
    }

    fn missing(&self) -> Option<String> {
        let names: Vec<String> = self
            .words(ContextKind::InvalidArg)
            .iter()
            .map(|name| one_of(name))
            .collect();
        let verb = match names.len() {
            0 => return None,
            1 => "is",
            _ => "are",
        };
        Some(format!(
            "{} {verb} missing; see `{} --help`",
            joined(&names, "and"),
            self.command()
        ))
    }

    fn conflict(&self) -> Option<String> {
        let name = self.word(ContextKind::InvalidArg)?;
        let others = self.words(ContextKind::PriorArg);
        Some(if others.contains(&name) {
            format!("{} can be given once", plain(&name))
        } else {
            format!(
                "{} does not go with {}; leave one of them out",
                plain(&name),
                joined(&others, "and")
            )
        })
    }

    /// The first paragraph of what the parser says.
    fn as_it_came(&self) -> String {
        let text = self.0.render().to_string();
        let text = text.strip_prefix("error: ").unwrap_or(&text);
        let paragraph = text.split("\n\n").next().unwrap_or_default();
        clean(paragraph.trim()).into_owned()
    }

    /// The words of the command that was understood so far, from the line that says how to use it.
    fn command(&self) -> String {
        let usage = self.0.get(ContextKind::Usage).map(ToString::to_string);
        let usage = usage.unwrap_or_default();
        let words = usage.trim().trim_start_matches("Usage:");
        let is_name = |word: &&str| word.starts_with(|first: char| first.is_ascii_lowercase());
        let names: Vec<&str> = words.split_whitespace().take_while(is_name).collect();
        if names.is_empty() {
            "avara-tui".into()
        } else {
            names.join(" ")
        }
    }

    fn word(&self, kind: ContextKind) -> Option<String> {
        self.words(kind).into_iter().next()
    }

    fn words(&self, kind: ContextKind) -> Vec<String> {
        match self.0.get(kind) {
            Some(ContextValue::String(word)) => vec![clean(word).into_owned()],
            Some(ContextValue::Strings(words)) => {
                words.iter().map(|word| clean(word).into_owned()).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// The commands that have such a verb: `assign` is one of `studies`.
fn elsewhere(word: &str) -> Vec<String> {
    let program = definition();
    let has = |group: &&Command| group.find_subcommand(word).is_some();
    let groups = program.get_subcommands().filter(has);
    groups
        .map(|group| format!("avara-tui {} {word}", group.get_name()))
        .collect()
}

/// A flag by its name alone, a word of the command line in lower case: `--color <WHEN>`, `<SHELL>`.
fn plain(name: &str) -> String {
    match name.split_once([' ', '=']) {
        _ if name.starts_with(['<', '[']) => name
            .trim_matches(|c| ['<', '>', '[', ']', '.'].contains(&c))
            .to_owned(),
        Some((flag, _)) => flag.to_owned(),
        None => name.to_owned(),
    }
}

/// A group of flags of which one is needed, `<--role <ROLE>|--level <LEVEL>|…>`, by its first ones.
fn one_of(name: &str) -> String {
    let Some(group) = name.strip_prefix("<--") else {
        return name.to_owned();
    };
    let flags = group.trim_end_matches('>').split('|');
    let flags: Vec<String> = flags
        .map(|flag| format!("--{}", plain(flag.trim_start_matches("--"))))
        .collect();
    match flags.as_slice() {
        [first, second, _, _, ..] => format!("one of {first}, {second} and so on"),
        flags => format!("one of {}", joined(flags, "and")),
    }
}

/// `0 is not in 1..=60`, in words.
fn in_range(text: &str) -> String {
    let range = text.split_once(" is not in ").and_then(|(_, range)| {
        let (from, to) = range.split_once("..=")?;
        Some((from, to.parse::<u64>().ok()?))
    });
    match range {
        Some((from, to)) if to >= u32::MAX.into() => format!("it must be {from} or more"),
        Some((from, to)) => format!("it must be from {from} to {to}"),
        None => text.to_owned(),
    }
}

fn joined(words: &[String], last: &str) -> String {
    match words {
        [] => String::new(),
        [word] => word.clone(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}
