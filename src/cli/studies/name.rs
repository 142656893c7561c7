//! How a person names a study: by its id or by its UID.

use std::fmt;
use std::str::FromStr;

use crate::cli::Problem;
use crate::cli::session::Session;
use crate::wire::{DicomUid, GetStudy, GetStudyByUid, Study, StudyId, StudySelector};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StudyName {
    Id(StudyId),
    Uid(DicomUid),
}

impl FromStr for StudyName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.starts_with(StudyId::PREFIX) {
            return text
                .parse()
                .map(Self::Id)
                .map_err(|error| error.to_string());
        }
        let uid = text.parse().map(Self::Uid);
        uid.map_err(|error| format!("neither a study id (stu_…) nor a DICOM UID: {error}"))
    }
}

impl fmt::Display for StudyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Uid(uid) => uid.fmt(f),
        }
    }
}

impl StudyName {
    pub async fn read(&self, session: &Session) -> Result<Study, Problem> {
        let client = &session.client;
        let answer = match self.clone() {
            Self::Id(study_id) => client.call(&GetStudy { study_id }).await,
            Self::Uid(study_instance_uid) => {
                client.call(&GetStudyByUid { study_instance_uid }).await
            }
        };
        Ok(answer?.value)
    }

    /// The study's id; a UID is looked up.
    pub async fn id(&self, session: &Session) -> Result<StudyId, Problem> {
        match self {
            Self::Id(id) => Ok(*id),
            Self::Uid(_) => Ok(self.read(session).await?.study_id),
        }
    }

    pub fn selector(&self) -> StudySelector {
        match self.clone() {
            Self::Id(id) => id.into(),
            Self::Uid(uid) => StudySelector {
                study_id: None,
                study_instance_uid: Some(uid),
            },
        }
    }
}
