//! From settings to a client. The key is fetched here and goes nowhere else.

use secrecy::SecretString;

use crate::api::{Client, ClientError, Connection, Site};
use crate::config::{Settings, SettingsError};

/// Why there is no client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error(transparent)]
    Client(#[from] ClientError),
}

/// Fetches the key and returns a client with it; `None` if no key is set.
///
/// A program that gives the key may take ten seconds, so call this before the terminal is taken over.
pub fn connect(settings: &Settings) -> Result<Option<Client>, ConnectError> {
    let key = settings.read_key().map_err(SettingsError::Key)?;
    key.map(|key| connect_with(settings, key)).transpose()
}

/// Returns a client with a key that was fetched already.
pub fn connect_with(settings: &Settings, key: SecretString) -> Result<Client, ConnectError> {
    let base_url = settings.base_url.clone();
    Ok(Client::for_site(
        Connection { base_url, key },
        site(settings)?,
    )?)
}

/// Returns what the profile says about the site.
pub fn site(settings: &Settings) -> Result<Site, ConnectError> {
    Ok(Site {
        ca_bundle: settings.read_ca_bundle()?,
        viewer_hosts: settings.viewer_hosts.clone(),
    })
}
