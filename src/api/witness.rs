//! Who is told of each write before it goes out and after it has ended.

use std::fmt;

use crate::wire::{EndpointInfo, Failure};

/// Keeps a record of writes. Both calls may block for as long as a disk takes.
pub trait Witness: fmt::Debug + Send + Sync {
    /// A write is about to be sent. It is not, if this fails: the error says why, for a person. Answers
    /// what names this attempt.
    fn before(
        &self,
        info: &EndpointInfo,
        path_values: Vec<String>,
        body: &[u8],
    ) -> Result<String, String>;

    /// The attempt has ended: well, or with this failure.
    fn after(
        &self,
        operation: &str,
        info: &EndpointInfo,
        path_values: Vec<String>,
        body: &[u8],
        failure: Option<&Failure>,
    );
}
