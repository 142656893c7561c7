use crate::app::edit::shown::Shown;

#[derive(Debug, Clone, PartialEq)]
pub enum SelectedStudies {
    One(Box<Shown>),
    Marked {
        shown: Vec<Shown>,
        /// Marked, but not on the list as it is filtered now.
        hidden: Vec<Shown>,
    },
}
