//! Reads files that anything could be in place of: ordinary files only, and never without a limit.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// What to do with a symbolic link in place of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Links {
    Follow,
    Refuse,
}

/// Why a file is not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("it is not an ordinary file")]
    NotRegular,
    #[error("it is larger than {}", show_limit(*.0))]
    TooLarge(u64),
    #[error("it is a link; give the path of the file itself")]
    Link,
    #[error("it cannot be read: {0}")]
    Io(#[from] io::Error),
}

impl ReadError {
    pub fn is_absence(&self) -> bool {
        matches!(self, Self::Io(error) if error.kind() == io::ErrorKind::NotFound)
    }
}

/// Returns a limit in the largest unit that it is a multiple of.
fn show_limit(bytes: u64) -> String {
    const KIB: u64 = 1 << 10;
    const MIB: u64 = 1 << 20;
    match bytes {
        bytes if bytes >= MIB && bytes.is_multiple_of(MIB) => format!("{} MiB", bytes / MIB),
        bytes if bytes >= KIB && bytes.is_multiple_of(KIB) => format!("{} KiB", bytes / KIB),
        bytes => format!("{bytes} bytes"),
    }
}

/// Returns the content of an ordinary file of at most `limit` bytes.
pub fn read(path: &Path, limit: u64, links: Links) -> Result<Vec<u8>, ReadError> {
    read_open(&open(path, links)?, limit)
}

/// Returns what follows in an open file, if it is at most `limit` bytes.
pub fn read_open(file: &File, limit: u64) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    // The length that the system says may be wrong, as below /proc.
    file.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(ReadError::TooLarge(limit));
    }
    Ok(bytes)
}

/// Opens an ordinary file. The open file is checked, so that nobody can replace it in between.
pub fn open(path: &Path, links: Links) -> Result<File, ReadError> {
    let file = open_any(path, links)?;
    if file.metadata()?.is_file() {
        Ok(file)
    } else {
        Err(ReadError::NotRegular)
    }
}

#[cfg(unix)]
fn open_any(path: &Path, links: Links) -> Result<File, ReadError> {
    use rustix::fs::{Mode, OFlags};
    use rustix::io::Errno;
    // Non-blocking, so that a pipe in its place does not block the program.
    let mut flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    if links == Links::Refuse {
        flags |= OFlags::NOFOLLOW;
    }
    match rustix::fs::open(path, flags, Mode::empty()) {
        Ok(descriptor) => Ok(descriptor.into()),
        Err(Errno::LOOP | Errno::MLINK) if links == Links::Refuse => Err(ReadError::Link),
        // A socket, or a device without a driver.
        Err(Errno::NXIO) => Err(ReadError::NotRegular),
        Err(error) => Err(ReadError::Io(error.into())),
    }
}

#[cfg(not(unix))]
fn open_any(path: &Path, links: Links) -> Result<File, ReadError> {
    if links == Links::Refuse && std::fs::symlink_metadata(path)?.is_symlink() {
        return Err(ReadError::Link);
    }
    Ok(File::open(path)?)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    use tempfile::TempDir;

    use super::*;

    fn reason(path: &Path, links: Links) -> String {
        read(path, 4, links).unwrap_err().to_string()
    }

    #[test]
    fn a_file_is_read_up_to_the_limit_and_no_further() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "1234").unwrap();
        assert_eq!(read(&path, 4, Links::Refuse).unwrap(), b"1234");
        fs::write(&path, "12345").unwrap();
        assert_eq!(reason(&path, Links::Refuse), "it is larger than 4 bytes");
        assert_eq!(show_limit(4 << 20), "4 MiB");
        assert_eq!(show_limit(4 << 10), "4 KiB");
        let missing = read(&folder.path().join("none"), 4, Links::Follow);
        assert!(missing.unwrap_err().is_absence());
    }

    #[test]
    fn what_is_not_an_ordinary_file_is_refused_and_holds_nothing_up() {
        let folder = TempDir::new().unwrap();
        let pipe = folder.path().join("pipe");
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, mode).unwrap();
        let socket = folder.path().join("socket");
        let _listener = UnixListener::bind(&socket).unwrap();
        let device = Path::new("/dev/zero");
        for path in [&pipe, &socket, folder.path(), device] {
            for links in [Links::Follow, Links::Refuse] {
                assert_eq!(reason(path, links), "it is not an ordinary file");
            }
        }
    }

    #[test]
    fn a_link_is_followed_only_if_it_may_be() {
        let folder = TempDir::new().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "1").unwrap();
        symlink(&file, &link).unwrap();
        assert_eq!(read(&link, 4, Links::Follow).unwrap(), b"1");
        assert!(reason(&link, Links::Refuse).starts_with("it is a link"));
        fs::remove_file(&link).unwrap();
        symlink("/dev/zero", &link).unwrap();
        assert_eq!(reason(&link, Links::Follow), "it is not an ordinary file");
    }
}
