//! Handing a link to the browser.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use url::Url;

use crate::config::{BASE_URL_VARIABLE, KEY_VARIABLE, ME_VARIABLE};

/// How long a program is watched for failing; one that is still there by then has not failed.
const WATCH: Duration = Duration::from_millis(500);
const STEP: Duration = Duration::from_millis(20);

/// No browser took the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoBrowser;

/// Opens links. The real one starts the desktop's opener; tests record.
pub trait Opener: Send + Sync {
    /// Blocks for a moment, to see whether the opener fails.
    fn open(&self, link: &Url) -> Result<(), NoBrowser>;
}

/// The desktop's own opener, unless this is a remote shell: what opens there shows on another desk.
#[derive(Debug, Clone, Copy)]
pub struct Desktop;

impl Opener for Desktop {
    fn open(&self, link: &Url) -> Result<(), NoBrowser> {
        if is_remote() {
            return Err(NoBrowser);
        }
        for mut command in open::commands(link.as_str()) {
            if let Ok(child) = detach(&mut command).spawn()
                && took(child)
            {
                return Ok(());
            }
        }
        Err(NoBrowser)
    }
}

/// A shell over ssh.
pub fn is_remote() -> bool {
    ["SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Apart from our terminal and its signals, and without the key in its environment.
pub(super) fn detach(command: &mut Command) -> &mut Command {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .env_remove(KEY_VARIABLE)
        .env_remove(BASE_URL_VARIABLE)
        .env_remove(ME_VARIABLE)
}

/// The program did not fail. One that stays, to go on with its work, has not.
pub(super) fn took(mut child: Child) -> bool {
    let start = Instant::now();
    while start.elapsed() < WATCH {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => std::thread::sleep(STEP),
            Err(_) => return false,
        }
    }
    // Somebody must take its end in, or it stays in the process table as long as we run.
    std::thread::spawn(move || child.wait());
    true
}
