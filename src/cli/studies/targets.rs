//! The studies that a command changes, from its arguments or from standard input.

use std::io::{BufRead, Read};
use std::str::FromStr;

use clap::Args;

use super::StudyName;
use crate::cli::Problem;
use crate::text::clean;

/// The most that is read from standard input, in bytes: some ten thousand UIDs.
const MAX_INPUT: u64 = 1 << 20;

#[derive(Debug, Clone, Args)]
pub struct Targets {
    /// Study ids (stu_…) or DICOM Study Instance UIDs; - reads them from standard input, one a line
    #[arg(value_name = "ID|UID", required = true)]
    pub studies: Vec<Target>,
    /// Say what would be sent, and change nothing; studies and names are still read
    #[arg(long)]
    pub dry_run: bool,
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

/// Studies that are named and can be looked for.
#[derive(Debug)]
pub struct Chosen {
    pub studies: Vec<StudyName>,
    pub dry_run: bool,
}

impl Targets {
    pub fn chosen(&self) -> Result<Chosen, Problem> {
        let mut studies = Vec::new();
        let mut is_read = false;
        for target in &self.studies {
            match target {
                Target::Name(name) => studies.push(name.clone()),
                Target::Input if is_read => {
                    return Err(Problem::Usage(
                        "standard input can be read once: one -".into(),
                    ));
                }
                Target::Input => {
                    is_read = true;
                    studies.extend(read(std::io::stdin().lock())?);
                }
            }
        }
        if studies.is_empty() {
            return Err(Problem::Usage(
                "nothing was changed: standard input names no study".into(),
            ));
        }
        let dry_run = self.dry_run;
        Ok(Chosen { studies, dry_run })
    }
}

/// One name a line; empty lines are passed over. One that cannot be read stops all.
fn read(input: impl BufRead) -> Result<Vec<StudyName>, Problem> {
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
            line.parse().map_err(|error| {
                Problem::Usage(format!(
                    "line {number} of standard input, “{}”: {error}; nothing was changed",
                    clean(line)
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
        let names = read(" 1.2.3\r\n\n1.2.4".as_bytes()).unwrap();
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        assert_eq!(names, ["1.2.3", "1.2.4"]);
    }

    #[test]
    fn a_line_that_is_no_name_stops_all() {
        let problem = read("1.2.3\n1..2\n".as_bytes()).unwrap_err().to_string();
        assert!(problem.starts_with("line 2 of standard input"), "{problem}");
        let long = "1".repeat(MAX_INPUT as usize + 1);
        assert!(read(long.as_bytes()).is_err());
    }
}
