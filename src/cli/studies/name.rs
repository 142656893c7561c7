//! How studies are named: by id or by UID.

use std::fmt;
use std::str::FromStr;

use crate::cli::Problem;
use crate::cli::session::Session;
use crate::wire::{
    DicomUid, Failure, GetStudy, GetStudyByUid, Identifier, ReceivedUid, Study, StudyId,
    StudySelector, check_names,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StudyName {
    Id(StudyId),
    Uid(DicomUid),
    /// As in a list: by its id, and a UID that may break the standard.
    Both(StudyId, ReceivedUid),
}

impl From<&Study> for StudyName {
    fn from(listed: &Study) -> Self {
        Self::Both(listed.study_id, listed.study_instance_uid.clone())
    }
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
            Self::Id(id) | Self::Both(id, _) => id.fmt(f),
            Self::Uid(uid) => uid.fmt(f),
        }
    }
}

impl StudyName {
    pub async fn read(&self, session: &Session) -> Result<Study, Problem> {
        let client = &session.client;
        let answer = match self.clone() {
            Self::Id(study_id) | Self::Both(study_id, _) => {
                client.call(&GetStudy { study_id }).await
            }
            Self::Uid(study_instance_uid) => {
                client.call(&GetStudyByUid { study_instance_uid }).await
            }
        };
        Ok(answer?.value)
    }

    /// Reads a study by its id, right before a change. A UID is looked up first, and the record with the id
    /// must have the same UID, because a change goes by the id alone.
    pub async fn confirmed(&self, session: &Session) -> Result<Study, Failure> {
        let client = &session.client;
        let study_id = match self {
            Self::Id(id) | Self::Both(id, _) => *id,
            Self::Uid(uid) => {
                let study_instance_uid = uid.clone();
                let request = GetStudyByUid { study_instance_uid };
                client.call(&request).await?.value.study_id
            }
        };
        let study = client.call(&GetStudy { study_id }).await?.value;
        if let Some(uid) = self.uid() {
            check_names(&[(Identifier::StudyUid, uid.to_owned())], &study)?;
        }
        Ok(study)
    }

    fn uid(&self) -> Option<&str> {
        match self {
            Self::Id(_) => None,
            Self::Uid(uid) => Some(uid.as_str()),
            Self::Both(_, uid) => Some(uid.as_str()),
        }
    }

    pub fn selector(&self) -> StudySelector {
        match self.clone() {
            Self::Id(id) | Self::Both(id, _) => id.into(),
            Self::Uid(uid) => StudySelector {
                study_id: None,
                study_instance_uid: Some(uid),
            },
        }
    }
}
