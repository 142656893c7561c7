//! Stopping until a shell continues us.

use std::fs;
use std::io;

use rustix::process::{
    Pid, Signal, getpgid, getpgrp, getpid, getppid, getsid, kill_current_process_group,
};

/// How many processes of our own job to look past, at most.
const DEPTH: usize = 16;

/// Stops the job that we belong to, as Ctrl-Z does elsewhere, and comes back when it is continued.
///
/// By a signal that nobody can catch, since we catch the other one. So whether there is a shell that
/// could continue us has to be seen first: where there is none, stopping would be for ever.
pub(super) fn stop() -> io::Result<()> {
    if has_shell() {
        kill_current_process_group(Signal::STOP)?;
    }
    Ok(())
}

/// Whether someone of another job in the same session watches over this one.
pub(super) fn has_shell() -> bool {
    let (Ok(session), job) = (getsid(None), getpgrp()) else {
        return false;
    };
    let mut parent = getppid();
    for _ in 0..DEPTH {
        let Some(process) = parent else {
            return false;
        };
        if getsid(Some(process)) != Ok(session) {
            return false;
        }
        if getpgid(Some(process)) != Ok(job) {
            return true;
        }
        parent = parent_of(process);
    }
    false
}

/// The parent of another process, where the system tells.
fn parent_of(process: Pid) -> Option<Pid> {
    if process == getpid() {
        return getppid();
    }
    let told = fs::read_to_string(format!("/proc/{}/stat", process.as_raw_nonzero())).ok()?;
    // The name, in brackets, may hold anything.
    let (_, after) = told.rsplit_once(')')?;
    Pid::from_raw(after.split_whitespace().nth(1)?.parse().ok()?)
}
