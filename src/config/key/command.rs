//! A key from a program: no shell, no terminal, ten seconds.

use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use secrecy::zeroize::Zeroizing;

use crate::text::clean;

use super::{LONGEST, Secret, secret_text};

/// How often to check whether a program that has closed its output has ended.
const STEP: Duration = Duration::from_millis(10);
/// How many characters of a program's error output are shown.
const COMPLAINT: usize = 200;
/// How long to wait for its error output, which is in the pipe when it has ended.
const LAST_WORDS: Duration = Duration::from_millis(100);

/// Why a program gave no key. Its output is not repeated, because it may contain one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandFault {
    #[error("was not found; check api_key_command")]
    Missing,
    #[error("cannot be run: {0}")]
    Unrunnable(String),
    #[error(
        "gave no answer within {0} seconds and was ended; it may wait for somebody to unlock something"
    )]
    TooSlow(u64),
    #[error("failed ({how}){}; run it in a terminal to see why", said(.complaint))]
    Failed { how: String, complaint: String },
    #[error("gave nothing{}", said(.complaint))]
    Empty { complaint: String },
    #[error("gave something that is not a key: it is longer than 4 KiB, or it is not text")]
    NoKey,
}

fn said(complaint: &str) -> String {
    match complaint {
        "" => String::new(),
        complaint => format!(" and said: {complaint}"),
    }
}

/// Runs a program for at most `patience`, and returns its output.
pub(super) fn run(words: &[String], patience: Duration) -> Result<Secret, CommandFault> {
    let deadline = Instant::now() + patience;
    let mut child = spawn(words)?;
    let output = child.stdout.take().map(follow);
    let errors = child.stderr.take().map(follow);
    let ended = wait(&mut child, output, deadline);
    end(&mut child);
    let complaint = errors
        .and_then(|errors| errors.recv_timeout(LAST_WORDS).ok())
        .map(|bytes| complaint(&bytes))
        .unwrap_or_default();
    let Some((status, output)) = ended else {
        return Err(CommandFault::TooSlow(patience.as_secs()));
    };
    if !status.success() {
        let how = status.to_string();
        return Err(CommandFault::Failed { how, complaint });
    }
    if output.len() > LONGEST {
        return Err(CommandFault::NoKey);
    }
    let text = secret_text(output).ok_or(CommandFault::NoKey)?;
    if text.trim().is_empty() {
        Err(CommandFault::Empty { complaint })
    } else {
        Ok(text)
    }
}

/// Keeps this program's own variables, such as the key, from a program to be started.
pub fn hide_variables(command: &mut Command) -> &mut Command {
    for (name, _) in std::env::vars_os() {
        if name.as_encoded_bytes().starts_with(b"AVARA_") {
            command.env_remove(name);
        }
    }
    command
}

/// Starts the program in a process group of its own, so that it can be ended with everything that it started.
fn spawn(words: &[String]) -> Result<Child, CommandFault> {
    let (program, arguments) = words.split_first().ok_or(CommandFault::Missing)?;
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    hide_variables(&mut command);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => CommandFault::Missing,
        _ => CommandFault::Unrunnable(error.to_string()),
    })
}

/// Reads to the end, but keeps only the length of a key and one byte more, which is enough to refuse it.
fn follow(mut from: impl Read + Send + 'static) -> Receiver<Zeroizing<Vec<u8>>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut kept = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
        let start = from
            .by_ref()
            .take(LONGEST as u64 + 1)
            .read_to_end(&mut kept);
        let rest = start.and_then(|_| io::copy(&mut from, &mut io::sink()));
        // A broken pipe ends the reading, and a reader that gave up waiting does not want the result.
        drop((rest, sender.send(kept)));
    });
    receiver
}

type Output = Zeroizing<Vec<u8>>;

fn wait(
    child: &mut Child,
    output: Option<Receiver<Output>>,
    deadline: Instant,
) -> Option<(ExitStatus, Output)> {
    let left = || deadline.saturating_duration_since(Instant::now());
    let output = output?.recv_timeout(left()).ok()?;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some((status, output)),
            Ok(None) if !left().is_zero() => std::thread::sleep(STEP),
            Ok(None) | Err(_) => return None,
        }
    }
}

/// Ends the program and everything it has started, and reaps it.
fn end(child: &mut Child) {
    #[cfg(unix)]
    if let Some(group) = i32::try_from(child.id())
        .ok()
        .and_then(rustix::process::Pid::from_raw)
    {
        // In most cases it has ended already.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

fn complaint(bytes: &[u8]) -> String {
    let text = clean(&String::from_utf8_lossy(bytes)).into_owned();
    text.trim().chars().take(COMPLAINT).collect()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Result<String, CommandFault> {
        let words = ["sh", "-c", script].map(str::to_owned);
        run(&words, Duration::from_secs(20)).map(|text| text.trim().to_owned())
    }

    #[test]
    fn the_output_is_the_key_and_the_noise_is_not() {
        assert_eq!(
            shell("echo noise >&2; printf '2f6c-key\\r\\n'").unwrap(),
            "2f6c-key"
        );
        assert_eq!(
            shell("printf 2f6c-key; head -c 1000000 /dev/zero >&2").unwrap(),
            "2f6c-key"
        );
    }

    #[test]
    fn no_shell_sees_the_arguments() {
        let words = ["echo", "$HOME;`id`", "|", "cat"].map(str::to_owned);
        let text = run(&words, Duration::from_secs(20)).unwrap();
        assert_eq!(text.trim(), "$HOME;`id` | cat");
    }

    #[test]
    fn a_program_that_fails_is_reported_by_its_own_words_cleaned() {
        let fault = shell("printf 'locked\\033[2J\\n' >&2; echo key; exit 3").unwrap_err();
        assert_eq!(
            fault.to_string(),
            "failed (exit status: 3) and said: locked␛[2J; run it in a terminal to see why"
        );
        assert_eq!(shell("true").unwrap_err().to_string(), "gave nothing");
        let words = ["/nonexistent/program".to_owned()];
        assert_eq!(
            run(&words, Duration::ZERO).unwrap_err(),
            CommandFault::Missing
        );
        assert_eq!(run(&[], Duration::ZERO).unwrap_err(), CommandFault::Missing);
        assert!(matches!(
            run(&["/".to_owned()], Duration::ZERO),
            Err(CommandFault::Unrunnable(_))
        ));
    }

    #[test]
    fn what_is_not_a_key_is_not_taken_for_one() {
        assert_eq!(
            shell("head -c 5000 /dev/zero | tr '\\0' k").unwrap_err(),
            CommandFault::NoKey
        );
        assert_eq!(shell("printf '\\377'").unwrap_err(), CommandFault::NoKey);
    }

    /// The pipe that only its grandchild holds open by then closes when that is gone.
    #[test]
    fn a_program_that_does_not_end_is_ended_with_its_children() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, mode).unwrap();
        let script = format!("(exec 9>'{}'; sleep 1000) & wait", pipe.display());
        let reader = std::thread::spawn(move || std::fs::read(pipe).unwrap());
        let words = ["sh".to_owned(), "-c".to_owned(), script];
        let fault = run(&words, Duration::from_secs(1)).unwrap_err();
        assert_eq!(fault, CommandFault::TooSlow(1));
        assert_eq!(reader.join().unwrap(), b"");
    }

    #[test]
    fn it_has_no_input_and_no_variable_of_ours() {
        assert_eq!(
            shell("cat; env | grep -c ^AVARA_ | tr -d 0; echo end").unwrap(),
            "end"
        );
    }
}
