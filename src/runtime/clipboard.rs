//! The clipboard: through a tool of the desktop, or through the terminal if there is none.
//!
//! Over ssh a tool would fill the clipboard of another computer, so the terminal is asked: it runs where the
//! user sits.

use std::env;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::text::clean;

use super::opener::{detach, is_remote, took};

/// The length that every terminal accepts in one OSC 52 sequence.
const MAX_BYTES: usize = 50_000;

/// How a text reaches the clipboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// A tool of the desktop has it.
    Tool(&'static str),
    /// This sequence is to be written to the terminal. It contains the text, so `Debug` hides it.
    Terminal(Sequence),
}

#[derive(Clone, PartialEq, Eq)]
pub struct Sequence(pub String);

impl std::fmt::Debug for Sequence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sequence(…)")
    }
}

impl Way {
    /// For the user. Whether a terminal obeys cannot be known, so the way is named.
    pub fn told(&self) -> String {
        match self {
            Self::Tool(name) => (*name).to_owned(),
            Self::Terminal(_) => "OSC 52, through the terminal".into(),
        }
    }
}

/// Takes texts. The real clipboard starts the desktop's tool; in tests the texts are recorded.
pub trait Clipboard: Send + Sync {
    /// Copies a text. Blocks for a moment, to see whether a tool fails. An error says why it cannot be done.
    fn copy(&self, text: &str) -> Result<Way, String>;
}

/// The clipboard of the desktop that the terminal is on.
#[derive(Debug, Clone, Copy)]
pub struct DesktopClipboard;

impl Clipboard for DesktopClipboard {
    fn copy(&self, text: &str) -> Result<Way, String> {
        let text = tidy(text);
        if text.len() > MAX_BYTES {
            return Err("it is too long".into());
        }
        let has = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
        if !is_remote() {
            for tool in tools(&has) {
                if is_installed(tool.name) && fill(&tool, &text) {
                    return Ok(Way::Tool(tool.name));
                }
            }
        }
        Ok(Way::Terminal(osc52(&text, has("TMUX"))))
    }
}

/// Returns the tool that would be used here, if there is one; else the terminal is asked.
pub fn likely_tool() -> Option<&'static str> {
    let has = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    if is_remote() {
        return None;
    }
    let mut tools = tools(&has).into_iter();
    tools
        .find(|tool| is_installed(tool.name))
        .map(|tool| tool.name)
}

/// Removes control characters: pasted into a shell, a line end would run the text. Tabs separate cells and
/// stay.
fn tidy(text: &str) -> String {
    let cells: Vec<_> = text.split('\t').map(clean).collect();
    cells.join("\t")
}

struct Tool {
    name: &'static str,
    arguments: &'static [&'static str],
    is_utf16: bool,
}

const fn tool(name: &'static str, arguments: &'static [&'static str]) -> Tool {
    Tool {
        name,
        arguments,
        is_utf16: false,
    }
}

/// Returns the tools that can work on this desktop, the best first.
fn tools(has: &dyn Fn(&str) -> bool) -> Vec<Tool> {
    let mut tools = Vec::new();
    if cfg!(target_os = "macos") {
        tools.push(tool("pbcopy", &[]));
    }
    if cfg!(windows) || has("WSL_DISTRO_NAME") {
        tools.push(Tool {
            is_utf16: true,
            ..tool("clip.exe", &[])
        });
    }
    if has("WAYLAND_DISPLAY") {
        tools.push(tool("wl-copy", &[]));
    }
    if has("DISPLAY") {
        tools.push(tool("xclip", &["-selection", "clipboard"]));
        tools.push(tool("xsel", &["-ib"]));
    }
    tools
}

/// Whether a program of this name is on the search path.
pub(super) fn is_installed(name: &str) -> bool {
    let is_there = |directory: &Path| directory.join(name).is_file();
    env::var_os("PATH")
        .is_some_and(|path| env::split_paths(&path).any(|directory| is_there(&directory)))
}

/// Gives the text to a tool through its standard input, where no other user can read it.
fn fill(tool: &Tool, text: &str) -> bool {
    let mut command = Command::new(tool.name);
    let spawned = detach(command.args(tool.arguments))
        .stdin(Stdio::piped())
        .spawn();
    let Ok(mut child) = spawned else {
        return false;
    };
    let bytes = if tool.is_utf16 && !text.is_ascii() {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    } else {
        text.as_bytes().to_vec()
    };
    let mut stdin = child.stdin.take();
    let is_written = stdin
        .as_mut()
        .is_some_and(|stdin| stdin.write_all(&bytes).is_ok());
    // The tool reads until the end, so the pipe must be closed.
    drop(stdin);
    took(child) && is_written
}

/// The sequence that asks a terminal to fill its clipboard. Base64 holds nothing a terminal obeys.
fn osc52(text: &str, in_tmux: bool) -> Sequence {
    let plain = format!("\x1b]52;c;{}\x07", BASE64_STANDARD.encode(text));
    if !in_tmux {
        return Sequence(plain);
    }
    // Depending on its settings, tmux either takes the sequence itself or lets a wrapped one through.
    let wrapped = plain.replace('\x1b', "\x1b\x1b");
    Sequence(format!("{plain}\x1bPtmux;{wrapped}\x1b\\"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(variables: &[&str]) -> Vec<&'static str> {
        tools(&|name| variables.contains(&name))
            .iter()
            .map(|tool| tool.name)
            .collect()
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn only_tools_of_this_desktop_are_tried() {
        assert_eq!(names(&[]), Vec::<&str>::new());
        assert_eq!(names(&["DISPLAY"]), ["xclip", "xsel"]);
        assert_eq!(
            names(&["WAYLAND_DISPLAY", "DISPLAY"]),
            ["wl-copy", "xclip", "xsel"]
        );
        assert_eq!(names(&["WSL_DISTRO_NAME"]), ["clip.exe"]);
    }

    #[test]
    fn the_terminal_gets_base64_and_tmux_lets_it_through() {
        assert_eq!(osc52("foo", false).0, "\x1b]52;c;Zm9v\x07");
        assert_eq!(
            osc52("foo", true).0,
            "\x1b]52;c;Zm9v\x07\x1bPtmux;\x1b\x1b]52;c;Zm9v\x07\x1b\\"
        );
        assert!(!format!("{:?}", osc52("foo", false)).contains("Zm9v"));
    }

    #[test]
    fn nothing_that_runs_when_pasted_is_copied() {
        assert_eq!(tidy("a\tb\nrm -rf\r\x1b[201~"), "a\tb rm -rf ␛[201~");
        for c in ('\0'..='\x1f')
            .chain('\x7f'..='\u{9f}')
            .filter(|c| *c != '\t')
        {
            let text = tidy(&format!("a{c}b"));
            assert!(!text.contains(char::is_control), "{c:?} as {text:?}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_tool_gets_the_text_by_its_input_and_may_fail() {
        let shell = |script: &'static [&'static str]| fill(&tool("sh", script), "1.2.3");
        assert!(shell(&["-c", "test \"$(cat)\" = 1.2.3"]));
        assert!(!shell(&["-c", "test \"$(cat)\" = other"]));
        assert!(!shell(&["-c", "exit 1"]));
        assert!(shell(&["-c", "cat; sleep 1"]), "it stays to serve");
        assert!(!fill(&tool("no-such-tool-here", &[]), "1.2.3"));
    }
}
