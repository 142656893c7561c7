//! The trait through which a record is kept of each write, before it goes out and after it has ended.

use std::fmt;

use crate::wire::{EndpointInfo, Failure};

/// Keeps a record of writes. Both calls may block for as long as a disk takes.
pub trait WriteRecorder: fmt::Debug + Send + Sync {
    /// Notes that a write is about to be sent. If this fails, it is not sent; the error says why, in plain
    /// words. Returns the name of this attempt.
    fn before(
        &self,
        info: &EndpointInfo,
        path_values: Vec<String>,
        body: &[u8],
    ) -> Result<String, String>;

    /// Notes that the attempt has ended: well, or with this failure.
    fn after(
        &self,
        operation: &str,
        info: &EndpointInfo,
        path_values: Vec<String>,
        body: &[u8],
        failure: Option<&Failure>,
    );
}
