use crate::wire::RerouteUrlResponse;

/// What is to be put into the clipboard.
#[derive(Debug, Clone, PartialEq)]
pub enum Clip {
    Text {
        /// What it is, for the line that tells of it.
        what: String,
        text: String,
    },
    /// A credential: checked and copied, never shown. Its `Debug` hides it.
    Link(RerouteUrlResponse),
}

/// How copying went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Copying {
    /// Handed to the clipboard by this way.
    Done {
        what: Copied,
        way: String,
    },
    Failed {
        what: Copied,
        reason: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Copied {
    Text(String),
    Link,
}

impl Copied {
    pub(in crate::app) fn words(&self) -> &str {
        match self {
            Self::Text(what) => what,
            Self::Link => "a viewer link",
        }
    }
}

impl Clip {
    pub fn what(&self) -> Copied {
        match self {
            Self::Text { what, .. } => Copied::Text(what.clone()),
            Self::Link(_) => Copied::Link,
        }
    }
}
