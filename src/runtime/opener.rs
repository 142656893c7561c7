//! Opens a link in the browser.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use url::Url;

use crate::config::hide_variables;

use super::clipboard::is_installed;

/// How long to watch whether a program fails. One that still runs after that has not failed.
const WATCH: Duration = Duration::from_millis(500);
const STEP: Duration = Duration::from_millis(20);

/// No browser opened the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoBrowser;

/// Opens links. The real opener starts that of the desktop; in tests the links are recorded.
pub trait Opener: Send + Sync {
    /// Opens a link. Blocks for a moment, to see whether the opener fails.
    fn open(&self, link: &Url) -> Result<(), NoBrowser>;
}

/// The desktop's own opener, unless this is a remote shell, where the browser would open on another computer.
#[derive(Debug, Clone, Copy)]
pub struct DesktopOpener;

impl Opener for DesktopOpener {
    fn open(&self, link: &Url) -> Result<(), NoBrowser> {
        if !has_desktop() {
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

/// Returns the program that would be asked first to open a link, if any is installed.
pub fn installed() -> Option<String> {
    let programs = open::commands("https://example.org").into_iter();
    let mut names = programs.map(|command| command.get_program().to_string_lossy().into_owned());
    names.find(|name| std::path::Path::new(name).is_file() || is_installed(name))
}

/// Whether there is a screen here that a browser can use.
pub fn has_desktop() -> bool {
    !is_remote() && has_display(&is_set)
}

/// Whether this is a shell over ssh.
pub fn is_remote() -> bool {
    ["SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"]
        .into_iter()
        .any(is_set)
}

fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// Without a display an opener may start a browser for terminals, which the user could neither see nor leave.
fn has_display(is_set: &dyn Fn(&str) -> bool) -> bool {
    let needs_one = cfg!(all(unix, not(target_os = "macos")));
    let displays = ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"];
    !needs_one || displays.into_iter().any(is_set)
}

/// Starts a program without our terminal and its signals, and without the key and our other variables in its
/// environment.
pub(super) fn detach(command: &mut Command) -> &mut Command {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    hide_variables(command)
}

/// Whether the program did not fail. One that keeps running has not failed.
pub(super) fn took(mut child: Child) -> bool {
    let start = Instant::now();
    while start.elapsed() < WATCH {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => std::thread::sleep(STEP),
            Err(_) => return false,
        }
    }
    // It must be reaped, or it stays in the process table as long as we run.
    std::thread::spawn(move || child.wait());
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_browser_needs_a_display() {
        let with = |names: &'static [&str]| has_display(&|name| names.contains(&name));
        assert!(!with(&[]));
        assert!(!with(&["TERM"]));
        assert!(with(&["DISPLAY"]));
        assert!(with(&["WAYLAND_DISPLAY"]));
        assert!(with(&["WSL_DISTRO_NAME"]));
    }
}
