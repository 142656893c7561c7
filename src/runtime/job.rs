//! Stops until a shell continues us.

use std::io;

use rustix::process::{Signal, kill_current_process_group};

/// How many processes of our own job to skip, at most.
const DEPTH: usize = 16;

/// A process among the others, in numbers that are good only for comparison: a process outside of our
/// container has the number 0.
#[derive(Clone, Copy)]
struct Place {
    parent: i32,
    job: i32,
    session: i32,
}

/// Stops the job that we belong to, as Ctrl-Z does elsewhere, and returns when it is continued.
///
/// It uses a signal that nobody can catch, because we catch the other one. So it has to check first whether
/// there is a shell that can continue us: without one, we would stop for ever.
pub(super) fn stop() -> io::Result<()> {
    if has_shell() {
        kill_current_process_group(Signal::STOP)?;
    }
    Ok(())
}

/// Whether a process of another job in the same session watches over this one.
pub(super) fn has_shell() -> bool {
    let Some(own) = place::own() else {
        return false;
    };
    let mut parent = own.parent;
    for _ in 0..DEPTH {
        let Some(place) = place::of(parent).filter(|place| place.session == own.session) else {
            return false;
        };
        if place.job != own.job {
            return true;
        }
        parent = place.parent;
    }
    false
}

/// Whether this job has the terminal. If that cannot be told, it counts as ours.
pub(super) fn is_in_front() -> bool {
    match rustix::termios::tcgetpgrp(std::io::stdin()) {
        Ok(front) => front == rustix::process::getpgrp(),
        Err(_) => true,
    }
}

/// Reads the system's own table, whose numbers fit together even if we are in a container and the shell is
/// not. A system call returns no number for such a shell, which rustix treats as a bug.
#[cfg(any(target_os = "linux", target_os = "android"))]
mod place {
    use super::Place;
    use std::fs;

    pub(super) fn own() -> Option<Place> {
        read("self")
    }

    pub(super) fn of(process: i32) -> Option<Place> {
        (process > 0).then(|| read(&process.to_string()))?
    }

    fn read(process: &str) -> Option<Place> {
        parse(&fs::read_to_string(format!("/proc/{process}/stat")).ok()?)
    }

    /// Returns the numbers after the name, which is in brackets and may contain anything (proc(5)).
    fn parse(stat: &str) -> Option<Place> {
        let (_, after) = stat.rsplit_once(')')?;
        let mut numbers = after.split_whitespace().skip(1).map(str::parse);
        let mut next = || numbers.next()?.ok();
        Some(Place {
            parent: next()?,
            job: next()?,
            session: next()?,
        })
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_name_may_hold_anything() {
            let place = parse("7 (a) b (1 2 3) S 4 5 6 34816 9").unwrap();
            assert_eq!((place.parent, place.job, place.session), (4, 5, 6));
            for torn in [
                "",
                "7 (a",
                "7 (a)",
                "7 (a) S",
                "7 (a) S 4 5",
                "7 (a) S 4 x 6",
            ] {
                assert!(parse(torn).is_none(), "{torn}");
            }
        }

        #[test]
        fn own_parent_is_found() {
            let own = own().unwrap();
            assert_eq!(of(own.parent).is_some(), own.parent > 0);
            assert!(of(0).is_none());
        }
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod place {
    use super::Place;
    use rustix::process::{Pid, getpgid, getpgrp, getppid, getsid};

    pub(super) fn own() -> Option<Place> {
        Some(Place {
            parent: Pid::as_raw(getppid()),
            job: getpgrp().as_raw_nonzero().get(),
            session: getsid(None).ok()?.as_raw_nonzero().get(),
        })
    }

    /// The parents of other processes are not told here, so this looks only at our own.
    pub(super) fn of(process: i32) -> Option<Place> {
        let process = Pid::from_raw(process)?;
        Some(Place {
            parent: 0,
            job: getpgid(Some(process)).ok()?.as_raw_nonzero().get(),
            session: getsid(Some(process)).ok()?.as_raw_nonzero().get(),
        })
    }
}
