//! A key in a file that nobody else can read.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use secrecy::zeroize::Zeroizing;

use super::{LONGEST, Secret, secret_text};
use crate::files::{self, Links, ReadError};

/// Why the content of a file is not used as a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileFault {
    #[error("there is no such file; put the key into it, or name another")]
    Missing,
    #[error("it is a link; give the path of the file itself")]
    Link,
    #[error("it is not an ordinary file; name a file that holds the key and nothing else")]
    NotAFile,
    #[error("it belongs to another user; copy the key into a file of your own")]
    Owner,
    #[error("its mode is {0:04o}, but only you may read it; set it with chmod 600")]
    Mode(u32),
    #[error("it cannot be read: {0}")]
    Unreadable(String),
    #[error("it is empty; put the key into it")]
    Empty,
    #[error("it is not a key file: it is larger than 4 KiB, or it is not text")]
    NoKey,
}

/// Reads the very file that was checked: it is opened once, and the open file is asked for its owner and
/// mode, so that nobody can replace it in between.
pub(super) fn read(path: &Path) -> Result<Secret, FileFault> {
    let file = open(path)?;
    check(&file)?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
    file.take(LONGEST as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() > LONGEST {
        return Err(FileFault::NoKey);
    }
    let text = secret_text(bytes).ok_or(FileFault::NoKey)?;
    if text.trim().is_empty() {
        Err(FileFault::Empty)
    } else {
        Ok(text)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn unreadable(error: io::Error) -> FileFault {
    match error.kind() {
        io::ErrorKind::NotFound => FileFault::Missing,
        _ => FileFault::Unreadable(error.to_string()),
    }
}

fn open(path: &Path) -> Result<File, FileFault> {
    files::open(path, Links::Refuse).map_err(|error| match error {
        ReadError::Link => FileFault::Link,
        ReadError::NotRegular => FileFault::NotAFile,
        ReadError::TooLarge(_) => FileFault::NoKey,
        ReadError::Io(error) => unreadable(error),
    })
}

#[cfg(unix)]
fn check(file: &File) -> Result<(), FileFault> {
    use std::os::unix::fs::MetadataExt;
    let about = file.metadata().map_err(unreadable)?;
    if about.uid() != rustix::process::geteuid().as_raw() {
        return Err(FileFault::Owner);
    }
    check_mode(about.mode() & 0o7777)
}

/// Whether only its owner may read it, and perhaps write it.
#[cfg(unix)]
fn check_mode(mode: u32) -> Result<(), FileFault> {
    match mode {
        0o600 | 0o400 => Ok(()),
        mode => Err(FileFault::Mode(mode)),
    }
}

/// On other systems a file below the home directory inherits the rights of its owner.
#[cfg(not(unix))]
fn check(_: &File) -> Result<(), FileFault> {
    Ok(())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};

    use tempfile::TempDir;

    use super::*;

    fn folder_with(text: &str, mode: u32) -> (TempDir, std::path::PathBuf) {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        (folder, path)
    }

    /// The modes with which a file is used as a key.
    fn accepted(read: impl Fn(&Path) -> bool) -> Vec<u32> {
        let (_folder, path) = folder_with("2f6c-key\n", 0o600);
        let modes = (0..0o1000).filter(|mode| {
            fs::set_permissions(&path, Permissions::from_mode(*mode)).unwrap();
            read(&path)
        });
        modes.collect()
    }

    #[test]
    fn of_all_512_file_modes_two_are_accepted() {
        let modes = accepted(|path| match read(path) {
            Ok(_) => true,
            // Without the right to open it, the system says so first; root has it always.
            Err(FileFault::Mode(_) | FileFault::Unreadable(_)) => false,
            Err(fault) => panic!("{fault}"),
        });
        assert_eq!(modes, [0o400, 0o600]);
        println!("512 modes, {} accepted", modes.len());
        // This finds a check that only looks at what others may do.
        let careless = accepted(|path| fs::metadata(path).unwrap().mode() & 0o077 == 0);
        assert_eq!(careless.len(), 8);
    }

    #[test]
    fn special_bits_are_refused_too() {
        for mode in [0o4600, 0o2600, 0o1600, 0o4400] {
            assert_eq!(check_mode(mode), Err(FileFault::Mode(mode)));
        }
        assert_eq!(
            FileFault::Mode(0o644).to_string(),
            "its mode is 0644, but only you may read it; set it with chmod 600"
        );
    }

    #[test]
    fn a_link_is_not_followed_wherever_it_leads() {
        let (folder, path) = folder_with("2f6c-key", 0o600);
        let link = folder.path().join("link");
        symlink(&path, &link).unwrap();
        assert_eq!(read(&link).unwrap_err(), FileFault::Link);
        fs::remove_file(&path).unwrap();
        assert_eq!(read(&link).unwrap_err(), FileFault::Link);
        assert_eq!(read(&path).unwrap_err(), FileFault::Missing);
    }

    #[test]
    fn only_an_ordinary_file_of_ones_own_is_read() {
        let (folder, path) = folder_with("2f6c-key", 0o600);
        assert_eq!(read(folder.path()).unwrap_err(), FileFault::NotAFile);
        assert_eq!(
            read(Path::new("/dev/null")).unwrap_err(),
            FileFault::NotAFile
        );
        // Only root can give a file away; elsewhere the case cannot be made.
        if chown(&path, Some(12_345), None).is_ok() {
            assert_eq!(read(&path).unwrap_err(), FileFault::Owner);
        }
    }

    #[test]
    fn a_pipe_in_its_place_holds_nothing_up() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("key");
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        rustix::fs::mkfifoat(rustix::fs::CWD, &path, mode).unwrap();
        assert_eq!(read(&path).unwrap_err(), FileFault::NotAFile);
    }

    #[test]
    fn what_is_not_a_key_is_not_taken_for_one() {
        for (text, fault) in [("", FileFault::Empty), (" \r\n", FileFault::Empty)] {
            assert_eq!(read(&folder_with(text, 0o600).1).err(), Some(fault.clone()));
        }
        let (_folder, path) = folder_with(&"k".repeat(LONGEST + 1), 0o600);
        assert_eq!(read(&path).unwrap_err(), FileFault::NoKey);
        fs::write(&path, b"\xff\xfe").unwrap();
        assert_eq!(read(&path).unwrap_err(), FileFault::NoKey);
    }
}
