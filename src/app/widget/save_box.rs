use crate::app::widget::line::LineEdit;

/// The name being typed for what is on screen.
#[derive(Debug, Clone)]
pub struct SaveBox {
    pub line: LineEdit,
    /// Why the name cannot be taken.
    pub error: Option<String>,
}
