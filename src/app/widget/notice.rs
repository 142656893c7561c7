//! One line about what just happened.

use crate::text::SafeText;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Info,
    Good,
    Bad,
}

/// One line about what just happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub tone: Tone,
    pub text: SafeText,
    /// It is about a refresh that is under way, and goes when that ends.
    pub is_refreshing: bool,
}
