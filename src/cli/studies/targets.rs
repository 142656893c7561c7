//! The studies that a command changes, from its arguments or from standard input, and the conditions.

use std::io::{BufRead, Read};
use std::str::FromStr;

use clap::Args;

use super::base::{Assignee, Base};
use super::listed::{Aim, aim};
use super::{StudyName, severity_parser, status_parser};
use crate::cli::Problem;
use crate::cli::session::Session;
use crate::cli::writing::check_allowed;
use crate::text::{clean, clip};
use crate::wire::{Severity, StudyViewerStatus};

/// The most that is read from standard input, in bytes: some twenty thousand studies in full.
const MAX_INPUT: u64 = 32 << 20;
/// How much of a line a message about it shows, in columns.
const SHOWN: usize = 100;

#[derive(Debug, Clone, Args)]
pub struct TargetArgs {
    /// Study ids (stu_…) or DICOM Study Instance UIDs; - reads them from standard input, one a line, or
    /// the lines of `studies list --jsonl`
    #[arg(value_name = "ID|UID", required = true)]
    pub studies: Vec<Target>,
    /// Show what would be sent, and change nothing; studies and names are still read
    #[arg(long)]
    pub dry_run: bool,
    /// Change a study only if it is assigned to this user: a name or part of one, a whole e-mail address, a
    /// user id (usr_…), "me", or "none"
    #[arg(long, value_name = "WHO", help_heading = "Conditions")]
    pub if_assignee: Option<String>,
    /// Change a study only if it has this severity
    #[arg(long, value_name = "LEVEL", help_heading = "Conditions", value_parser = severity_parser())]
    pub if_severity: Option<Severity>,
    /// Change a study only if it has this status
    #[arg(long, value_name = "STATUS", help_heading = "Conditions", value_parser = status_parser())]
    pub if_status: Option<StudyViewerStatus>,
    /// Change a study even if it has changed since it was listed, or differs from --if-…
    #[arg(long, help_heading = "Conditions")]
    pub force: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Name(StudyName),
    Input,
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "-" => Ok(Self::Input),
            name => name.parse().map(Self::Name),
        }
    }
}

/// How each study is changed.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    pub dry_run: bool,
    /// Whether to change a study that is no longer as it was.
    pub force: bool,
    /// The conditions, whatever the study was like before.
    pub only_if: Base,
}

/// Studies that are named, and how they are changed.
#[derive(Debug)]
pub struct Chosen {
    pub aims: Vec<Aim>,
    pub terms: Terms,
}

impl TargetArgs {
    /// Returns the studies and the conditions. All are read before anything is sent.
    pub async fn admitted(&self, session: &Session) -> Result<Chosen, Problem> {
        check_allowed(session, self.dry_run)?;
        let aims = self.aims()?;
        let terms = Terms {
            dry_run: self.dry_run,
            force: self.force,
            only_if: self.only_if(session).await?,
        };
        Ok(Chosen { aims, terms })
    }

    async fn only_if(&self, session: &Session) -> Result<Base, Problem> {
        let assignee = match self.if_assignee.as_deref() {
            None => None,
            Some(who) if who.trim().eq_ignore_ascii_case("none") => Some(None),
            Some(who) => {
                let somebody = session.somebody(who).await?;
                Some(Some(Assignee {
                    id: somebody.id,
                    words: somebody.words,
                }))
            }
        };
        Ok(Base {
            assignee,
            severity: self.if_severity.clone(),
            status: self.if_status.clone(),
            ..Base::default()
        })
    }

    fn aims(&self) -> Result<Vec<Aim>, Problem> {
        let mut aims = Vec::new();
        let mut is_read = false;
        for target in &self.studies {
            match target {
                Target::Name(name) => aims.push(name.clone().into()),
                Target::Input if is_read => {
                    return Err(Problem::Usage(
                        "standard input can be read once: one -".into(),
                    ));
                }
                Target::Input => {
                    is_read = true;
                    aims.extend(read(std::io::stdin().lock())?);
                }
            }
        }
        Ok(aims)
    }
}

/// Reads one study a line, skipping empty lines. One that cannot be read stops the command.
fn read(input: impl BufRead) -> Result<Vec<Aim>, Problem> {
    let mut text = String::new();
    let size = input
        .take(MAX_INPUT + 1)
        .read_to_string(&mut text)
        .map_err(|error| Problem::Other(format!("standard input cannot be read: {error}")))?;
    if size as u64 > MAX_INPUT {
        return Err(Problem::Usage(format!(
            "standard input is longer than {} MiB; nothing was changed",
            MAX_INPUT >> 20
        )));
    }
    text.lines()
        .enumerate()
        .map(|(number, line)| (number + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty())
        .map(|(number, line)| {
            aim(line).map_err(|error| {
                Problem::Usage(format!(
                    "line {number} of standard input, “{}”: {}; nothing was changed",
                    clip(&clean(line), SHOWN),
                    clean(&error)
                ))
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_one_a_line() {
        let id = "stu_1234567890abcdef1234567890abcdef";
        let lines = format!(" 1.2.3\r\n\n{{\"studyId\":\"{id}\"}}\n1.2.4");
        let aims = read(lines.as_bytes()).unwrap();
        let names: Vec<String> = aims.iter().map(|aim| aim.name.to_string()).collect();
        assert_eq!(names, ["1.2.3", id, "1.2.4"]);
    }

    #[test]
    fn a_line_that_is_not_a_name_stops_all() {
        for lines in ["1.2.3\n1..2\n", "1.2.3\n{\"studyId\":7}\n", "1.2.3\n[\n"] {
            let problem = read(lines.as_bytes()).unwrap_err().to_string();
            assert!(problem.starts_with("line 2 of standard input"), "{problem}");
        }
        let long = "1".repeat(MAX_INPUT as usize + 1);
        assert!(read(long.as_bytes()).is_err());
        let line = format!("{{\"studyId\":\"{}", "x".repeat(10_000));
        let problem = read(line.as_bytes()).unwrap_err().to_string();
        assert!(problem.len() < 600, "{problem}");
    }
}
