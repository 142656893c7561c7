//! Keeps the memory of the program, and the key in it, out of dumps.

/// Forbids core dumps, and on Linux also that other processes of the same user read this one's memory. The
/// superuser still can. Call this before a key is read.
pub fn forbid() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};
        let limit = rustix::process::Rlimit {
            current: Some(0),
            ..getrlimit(Resource::Core)
        };
        // If the system refuses this, there is nothing better to do than to go on.
        let _ = setrlimit(Resource::Core, limit);
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};

    #[test]
    fn the_process_can_no_longer_be_dumped() {
        super::forbid();
        assert_eq!(getrlimit(Resource::Core).current, Some(0));
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
    }
}
