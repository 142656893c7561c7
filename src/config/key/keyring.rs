//! A key in the system's own store: Secret Service, Keychain or Credential Manager.

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use keyring_core::{CredentialStore, Entry, Error};
use secrecy::zeroize::Zeroizing;

use super::{Secret, secret_text};

/// The name under which this program's entries are kept.
const SERVICE: &str = "avara-tui";

/// Why the system's store gave no key. Its own message is left out, because it may contain the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyringFault {
    #[error("cannot be reached; start it, or name another place for the key")]
    Absent,
    #[error("is locked or denies access; unlock it and start again")]
    Locked,
    #[error("has no such entry; add one for the service {SERVICE} with this name as its user")]
    NoEntry,
    #[error("has several such entries; remove all but one")]
    Ambiguous,
    #[error("holds something that is not text")]
    NoKey,
    #[error("gave no answer within {0} seconds; it may wait for somebody to unlock it")]
    TooSlow(u64),
}

/// Asks the system's store for at most `patience`, because it may wait for somebody to unlock it.
pub(super) fn read(user: &str, patience: Duration) -> Result<Secret, KeyringFault> {
    let user = user.to_owned();
    within(patience, move || {
        let store = system_store().map_err(|_| KeyringFault::Absent)?;
        read_from(&store, &user)
    })
}

fn within(
    patience: Duration,
    ask: impl FnOnce() -> Result<Secret, KeyringFault> + Send + 'static,
) -> Result<Secret, KeyringFault> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || sender.send(ask()));
    let answer = receiver.recv_timeout(patience);
    answer.unwrap_or(Err(KeyringFault::TooSlow(patience.as_secs())))
}

fn read_from(store: &Arc<CredentialStore>, user: &str) -> Result<Secret, KeyringFault> {
    let entry = store.build(SERVICE, user, None).map_err(fault)?;
    let bytes = Zeroizing::new(Entry::get_secret(&entry).map_err(fault)?);
    secret_text(bytes).ok_or(KeyringFault::NoKey)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn fault(error: Error) -> KeyringFault {
    match error {
        Error::NoEntry => KeyringFault::NoEntry,
        Error::NoStorageAccess(_) => KeyringFault::Locked,
        Error::Ambiguous(_) => KeyringFault::Ambiguous,
        Error::BadEncoding(_) | Error::BadDataFormat(..) => KeyringFault::NoKey,
        _ => KeyringFault::Absent,
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn system_store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(target_os = "macos")]
fn system_store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(windows)]
fn system_store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

#[cfg(test)]
mod tests {
    use keyring_core::mock;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(20);

    #[test]
    fn an_entry_is_found_by_its_name_and_what_is_missing_is_told_apart() {
        let store: Arc<CredentialStore> = mock::Store::new().unwrap();
        assert_eq!(
            read_from(&store, "main").unwrap_err(),
            KeyringFault::NoEntry
        );
        let entry = store.build(SERVICE, "main", None).unwrap();
        entry.set_password("2f6c-key").unwrap();
        let store = store.clone();
        let text = within(PATIENCE, move || read_from(&store, "main")).unwrap();
        assert_eq!(*text, "2f6c-key");
        for (error, expected) in [
            (
                Error::NoStorageAccess("locked".into()),
                KeyringFault::Locked,
            ),
            (
                Error::PlatformFailure("no bus".into()),
                KeyringFault::Absent,
            ),
            (Error::Ambiguous(Vec::new()), KeyringFault::Ambiguous),
            (Error::BadEncoding(b"canary".to_vec()), KeyringFault::NoKey),
        ] {
            let fault = fault(error);
            assert_eq!(fault, expected);
            assert!(!fault.to_string().contains("canary"));
        }
    }

    #[test]
    fn a_store_that_waits_for_somebody_is_not_waited_for() {
        let (hold, held) = channel::<()>();
        let fault = within(Duration::from_secs(1), move || {
            // Ends when the test does.
            let _ = held.recv();
            Err(KeyringFault::NoEntry)
        });
        assert_eq!(fault.unwrap_err(), KeyringFault::TooSlow(1));
        drop(hold);
    }
}
