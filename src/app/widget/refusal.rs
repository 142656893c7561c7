use crate::text::SafeText;

/// What was asked for and cannot be done now. It has the keys until Esc.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What was asked for.
    pub title: SafeText,
    pub reason: SafeText,
    /// Keys other than Esc came since: they were swallowed.
    pub has_swallowed: bool,
}
