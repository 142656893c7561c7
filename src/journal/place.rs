//! The journal's file and its folder. Both are this user's own and no links, or nothing is touched.

use std::fs::{DirBuilder, File};
use std::io;
use std::path::Path;

use crate::files::{self, Links, ReadError};

/// Why something in the journal's place is not used.
#[derive(Debug, thiserror::Error)]
pub enum PlaceFault {
    #[error("it is a link, which is not followed; move it away, and a new one is begun")]
    Link,
    #[error("its folder is a link, which is not followed; set XDG_STATE_HOME to another folder")]
    LinkedFolder,
    #[error("it is not an ordinary file; move it away, and a new one is begun")]
    NotRegular,
    #[error("it or its folder belongs to another user; set XDG_STATE_HOME to a folder of your own")]
    Owner,
    #[error("it is larger than 256 MiB; move it away, and a new one is begun")]
    TooLarge,
    #[error("{}", plain(.0))]
    Io(#[from] io::Error),
}

fn plain(error: &io::Error) -> String {
    use io::ErrorKind;
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "the disk is full".into(),
        ErrorKind::PermissionDenied => "it may not be written".into(),
        ErrorKind::ReadOnlyFilesystem => "the disk is read-only".into(),
        _ => error.to_string(),
    }
}

impl From<ReadError> for PlaceFault {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::NotRegular => Self::NotRegular,
            ReadError::TooLarge(_) => Self::TooLarge,
            ReadError::Link => Self::Link,
            ReadError::Io(error) => Self::Io(error),
        }
    }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// Opens the file to read it.
pub(super) fn open_to_read(path: &Path) -> Result<File, PlaceFault> {
    if std::fs::symlink_metadata(folder_of(path))?.is_symlink() {
        return Err(PlaceFault::LinkedFolder);
    }
    Ok(files::open(path, Links::Refuse)?)
}

/// Opens the file to add to it, for this user only. Creates it and its folder if needed.
///
/// What is there is opened and checked first. Its mode is set through the open file, so that it can only be
/// the mode of what was checked.
#[cfg(unix)]
pub(super) fn open_to_append(path: &Path) -> Result<File, PlaceFault> {
    use rustix::fs::{Mode, OFlags, openat};
    use rustix::io::Errno;
    let folder = own_folder(folder_of(path))?;
    let name = path.file_name().unwrap_or_default();
    // Non-blocking, so that a pipe in its place does not block the program.
    let flags = OFlags::RDWR
        | OFlags::APPEND
        | OFlags::NOFOLLOW
        | OFlags::NONBLOCK
        | OFlags::NOCTTY
        | OFlags::CLOEXEC;
    let mode = Mode::from_raw_mode(0o600);
    let mut opened = openat(&folder, name, flags, mode);
    let is_new = matches!(opened, Err(Errno::NOENT));
    if is_new {
        opened = openat(&folder, name, flags | OFlags::CREATE, mode);
    }
    let file: File = match opened {
        Ok(descriptor) => descriptor.into(),
        Err(Errno::LOOP | Errno::MLINK) => return Err(PlaceFault::Link),
        Err(Errno::NXIO | Errno::ISDIR) => return Err(PlaceFault::NotRegular),
        Err(error) => return Err(PlaceFault::Io(error.into())),
    };
    if !file.metadata()?.is_file() {
        return Err(PlaceFault::NotRegular);
    }
    check_owner(&file)?;
    close_to_others(&file, 0o600)?;
    close_to_others(&folder, 0o700)?;
    if is_new {
        // The name of the new file must survive a crash too.
        let _ = folder.sync_all();
    }
    Ok(file)
}

/// Opens the folder, which is made if there is none.
#[cfg(unix)]
fn own_folder(path: &Path) -> Result<File, PlaceFault> {
    use std::os::unix::fs::DirBuilderExt;
    let is_there = match std::fs::symlink_metadata(path) {
        Ok(about) if about.is_symlink() => return Err(PlaceFault::LinkedFolder),
        Ok(_) => true,
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => return Err(error.into()),
    };
    if !is_there {
        DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    }
    let folder = open_folder(path)?;
    if !is_there {
        let _ = folder.sync_all();
    }
    Ok(folder)
}

#[cfg(unix)]
fn open_folder(path: &Path) -> Result<File, PlaceFault> {
    use rustix::fs::{Mode, OFlags, open};
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let folder: File = open(path, flags, Mode::empty())
        .map_err(io::Error::from)?
        .into();
    check_owner(&folder)?;
    Ok(folder)
}

#[cfg(unix)]
fn check_owner(file: &File) -> Result<(), PlaceFault> {
    use std::os::unix::fs::MetadataExt;
    if file.metadata()?.uid() == rustix::process::geteuid().as_raw() {
        Ok(())
    } else {
        Err(PlaceFault::Owner)
    }
}

/// Takes the rights of others away.
#[cfg(unix)]
fn close_to_others(file: &File, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        file.set_permissions(std::fs::Permissions::from_mode(mode))?;
    }
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn open_to_append(path: &Path) -> Result<File, PlaceFault> {
    DirBuilder::new().recursive(true).create(folder_of(path))?;
    match open_to_read(path) {
        Ok(_) => {}
        Err(PlaceFault::Io(error)) if error.kind() == io::ErrorKind::NotFound => {}
        Err(fault) => return Err(fault),
    }
    let mut options = std::fs::OpenOptions::new();
    options.read(true).append(true).create(true);
    Ok(options.open(path)?)
}
