//! Studies for tests.

use chrono::DateTime;

use crate::wire::{
    ApiKeyReference, CustomerId, CustomerReference, ReceivedUid, Severity, Study, StudyId,
    StudyViewerStatus, UserId, UserReference,
};

use super::Store;

/// A moment in Unix milliseconds at which tests take place: 2026-03-02 12:00 UTC, a Monday.
pub const NOW: i64 = 1_772_452_800_000;
pub const MINUTE: i64 = 60_000;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

/// Builds a `wire::Study`; without further calls an open, normal, unassigned CT from one minute ago.
#[derive(Clone, Debug)]
pub struct StudyBuilder(Study);

pub fn study(number: u8) -> StudyBuilder {
    StudyBuilder(Study {
        study_id: study_id(number),
        study_instance_uid: ReceivedUid::Malformed(format!("2.25.{number}").into()),
        study_description: "CT CHEST".into(),
        severity: Severity::Normal,
        study_viewer_status: StudyViewerStatus::Incomplete,
        is_cancelled: false,
        assigned_to: None,
        customer: None,
        created_by_user: None,
        created_by_api_key: None,
        created_at: DateTime::from_timestamp_millis(NOW - MINUTE),
        updated_at: DateTime::from_timestamp_millis(NOW - MINUTE),
        cancelled_at: None,
        metadata: Default::default(),
    })
}

pub fn study_id(number: u8) -> StudyId {
    StudyId::from_bytes([number; 16])
}

pub fn user_id(number: u8) -> UserId {
    UserId::from_bytes([number; 16])
}

pub fn customer_id(number: u8) -> CustomerId {
    CustomerId::from_bytes([number; 16])
}

/// A user reference from "Last, First".
pub fn user(number: u8, name: &str) -> UserReference {
    let (last, first) = name.split_once(", ").unwrap_or((name, ""));
    UserReference {
        user_id: user_id(number),
        email: format!("{}@example.org", last.to_lowercase()),
        first_name: Some(first.into()),
        last_name: Some(last.into()),
        middle_name: None,
        suffix1: None,
        suffix2: None,
    }
}

/// A store that holds the given studies.
pub fn store(studies: impl IntoIterator<Item = StudyBuilder>) -> Store {
    let mut store = Store::default();
    for study in studies {
        store.upsert(&study.build());
    }
    store
}

impl StudyBuilder {
    pub fn description(mut self, text: &str) -> Self {
        self.0.study_description = text.into();
        self
    }

    pub fn uid(mut self, uid: &str) -> Self {
        self.0.study_instance_uid = match uid.parse() {
            Ok(uid) => ReceivedUid::Valid(uid),
            Err(_) => ReceivedUid::Malformed(uid.into()),
        };
        self
    }

    pub fn severity(mut self, severity: &str) -> Self {
        self.0.severity = severity.into();
        self
    }

    pub fn stat(self) -> Self {
        self.severity("stat")
    }

    pub fn high(self) -> Self {
        self.severity("high")
    }

    pub fn status(mut self, status: &str) -> Self {
        self.0.study_viewer_status = status.into();
        self
    }

    pub fn complete(self) -> Self {
        self.status("complete")
    }

    pub fn cancelled(mut self) -> Self {
        self.0.is_cancelled = true;
        self.0.cancelled_at = DateTime::from_timestamp_millis(NOW);
        self
    }

    /// Created this long before [`NOW`].
    pub fn age(mut self, ms: i64) -> Self {
        self.0.created_at = DateTime::from_timestamp_millis(NOW - ms);
        self
    }

    pub fn ageless(mut self) -> Self {
        self.0.created_at = None;
        self
    }

    /// Updated this long before [`NOW`].
    pub fn updated(mut self, ms: i64) -> Self {
        self.0.updated_at = DateTime::from_timestamp_millis(NOW - ms);
        self
    }

    /// Assigned to a user named "Last, First".
    pub fn to(mut self, number: u8, name: &str) -> Self {
        self.0.assigned_to = Some(user(number, name));
        self
    }

    pub fn customer(mut self, number: u8, name: &str) -> Self {
        self.0.customer = Some(CustomerReference {
            express_customer_id: customer_id(number),
            express_customer_name: name.into(),
        });
        self
    }

    /// Entered by a user named "Last, First".
    pub fn by(mut self, number: u8, name: &str) -> Self {
        self.0.created_by_user = Some(user(number, name));
        self
    }

    /// Entered by a key with this description.
    pub fn by_key(mut self, description: &str) -> Self {
        self.0.created_by_api_key = Some(ApiKeyReference {
            api_key_id: "00000000-0000-4000-8000-000000000000".into(),
            description: description.into(),
            is_viewer_enabled: None,
        });
        self
    }

    pub fn meta(mut self, key: &str, value: &str) -> Self {
        self.0.metadata.insert(key.into(), value.into());
        self
    }

    pub fn build(self) -> Study {
        self.0
    }
}
