//! Studies and their eight endpoints.
//!
//! One file: the record and the eight requests about it, as the reference has them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::endpoint::{ack_response, json_body, json_response};
use super::*;

/// A clinic's own key-value pairs on a study.
pub type Metadata = BTreeMap<String, String>;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Study {
    pub study_id: StudyId,
    pub study_instance_uid: ReceivedUid,
    pub study_description: String,
    pub severity: Severity,
    pub study_viewer_status: StudyViewerStatus,
    pub is_cancelled: bool,
    /// Read strictly: a study whose assignee cannot be read must not look unassigned.
    #[serde(default)]
    pub assigned_to: Option<UserReference>,
    #[serde(
        default,
        rename = "expressCustomer",
        deserialize_with = "lenient::reference"
    )]
    pub customer: Option<CustomerReference>,
    #[serde(default, deserialize_with = "lenient::reference")]
    pub created_by_user: Option<UserReference>,
    #[serde(default, deserialize_with = "lenient::reference")]
    pub created_by_api_key: Option<ApiKeyReference>,
    #[serde(
        default,
        deserialize_with = "lenient::time",
        serialize_with = "lenient::write_time"
    )]
    pub created_at: Option<DateTime<Utc>>,
    #[serde(
        default,
        deserialize_with = "lenient::time",
        serialize_with = "lenient::write_time"
    )]
    pub updated_at: Option<DateTime<Utc>>,
    #[serde(
        default,
        deserialize_with = "lenient::time",
        serialize_with = "lenient::write_time"
    )]
    pub cancelled_at: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "lenient::metadata")]
    pub metadata: Metadata,
}

impl Study {
    /// Whether there is work to do: incomplete and not cancelled.
    pub fn is_open(&self) -> bool {
        !self.is_cancelled && self.study_viewer_status == StudyViewerStatus::Incomplete
    }
}

/// A user as other records name one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserReference {
    pub user_id: UserId,
    pub email: String,
    #[serde(default)]
    pub first_name: Option<String>,
    #[serde(default)]
    pub last_name: Option<String>,
    #[serde(default)]
    pub middle_name: Option<String>,
    #[serde(default)]
    pub suffix1: Option<String>,
    #[serde(default)]
    pub suffix2: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyReference {
    pub api_key_id: String,
    pub description: String,
    #[serde(default)]
    pub is_viewer_enabled: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerReference {
    pub express_customer_id: CustomerId,
    pub express_customer_name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateStudy {
    pub study_instance_uid: DicomUid,
    pub study_description: String,
    pub severity: Severity,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned_to: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub express_customer_id: Option<CustomerId>,
    #[serde(skip_serializing_if = "Metadata::is_empty")]
    pub metadata: Metadata,
}

impl Endpoint for CreateStudy {
    const INFO: EndpointInfo = EndpointInfo::new(
        "studies.create",
        Method::Post,
        "/v1/viewer/studies",
        CallClass::Create,
    );
    type Response = Study;

    /// The UID, because the server chooses the id.
    fn names(&self) -> Names {
        vec![(Identifier::StudyUid, self.study_instance_uid.to_string())]
    }

    json_body!();
    json_response!();
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListStudies {
    pub assigned_to: Match<UserId>,
    pub express_customer_id: Match<CustomerId>,
    pub is_cancelled: Option<bool>,
    pub severity: Option<Severity>,
    /// Contained in the description.
    pub study_description: Option<String>,
    pub study_viewer_status: Option<StudyViewerStatus>,
    pub cursor: Option<String>,
    /// 1 to 100.
    pub limit: Option<u32>,
}

impl Endpoint for ListStudies {
    const INFO: EndpointInfo = EndpointInfo::new(
        "studies.list",
        Method::Get,
        "/v1/viewer/studies",
        CallClass::Read,
    );
    type Response = Page<Study>;

    /// None. A server that ignores a filter sends studies that nobody asked for, each of them still correct
    /// in itself. They are read, and every caller filters again ([`ListStudies::admits`], or a whole filter).
    /// If they were refused, such a server would show no worklist at all; if they were left out, a reading
    /// could not tell an ignored filter from an empty list.
    fn names(&self) -> Names {
        Names::new()
    }

    fn query(&self) -> Query {
        let mut query = Query::new();
        push_match(&mut query, "assignedTo", &self.assigned_to);
        push_match(&mut query, "expressCustomerId", &self.express_customer_id);
        push(&mut query, "isCancelled", &self.is_cancelled);
        push(&mut query, "severity", &self.severity);
        push(&mut query, "studyDescription", &self.study_description);
        push(&mut query, "studyViewerStatus", &self.study_viewer_status);
        push(&mut query, "cursor", &self.cursor);
        push(&mut query, "limit", &self.limit);
        query
    }

    fn decode(body: &[u8]) -> Result<Self::Response, DecodeError> {
        Page::decode(body, "studyId")
    }
}

impl ListStudies {
    /// Whether a study has the assignee and the customer that were asked for. Other studies of a list must
    /// not be taken for theirs.
    pub fn admits(&self, study: &Study) -> bool {
        let assignee = study.assigned_to.as_ref().map(|user| user.user_id);
        let customer = study.customer.as_ref().map(|it| it.express_customer_id);
        self.assigned_to.admits(assignee.as_ref())
            && self.express_customer_id.admits(customer.as_ref())
    }
}

pub(super) fn push<T: ToString>(query: &mut Query, name: &'static str, value: &Option<T>) {
    if let Some(value) = value {
        query.push((name, value.to_string()));
    }
}

fn push_match<T: ToString>(query: &mut Query, name: &'static str, value: &Match<T>) {
    match value {
        Match::Any => {}
        // The reference writes `null`; nobody outside the vendor knows the wire form for sure, so
        // whatever comes back is filtered again.
        Match::Empty => query.push((name, "null".into())),
        Match::Is(value) => query.push((name, value.to_string())),
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetStudy {
    pub study_id: StudyId,
}

impl Endpoint for GetStudy {
    const INFO: EndpointInfo = EndpointInfo::new(
        "studies.retrieve",
        Method::Get,
        "/v1/viewer/studies/{studyId}",
        CallClass::Read,
    );
    type Response = Study;

    fn names(&self) -> Names {
        vec![(Identifier::StudyId, self.study_id.to_string())]
    }

    fn path_values(&self) -> Vec<String> {
        vec![self.study_id.to_string()]
    }

    json_response!();
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateStudy {
    #[serde(skip)]
    pub study_id: StudyId,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub assigned_to: Patch<UserId>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub metadata: Patch<Metadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub study_description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub study_viewer_status: Option<StudyViewerStatus>,
}

impl UpdateStudy {
    /// A PATCH that changes nothing yet.
    pub fn of(study_id: StudyId) -> Self {
        Self {
            study_id,
            assigned_to: Patch::Keep,
            metadata: Patch::Keep,
            severity: None,
            study_description: None,
            study_viewer_status: None,
        }
    }
}

impl Endpoint for UpdateStudy {
    const INFO: EndpointInfo = EndpointInfo::new(
        "studies.update",
        Method::Patch,
        "/v1/viewer/studies/{studyId}",
        CallClass::SetState,
    );
    type Response = Study;

    fn names(&self) -> Names {
        vec![(Identifier::StudyId, self.study_id.to_string())]
    }

    fn path_values(&self) -> Vec<String> {
        vec![self.study_id.to_string()]
    }

    json_body!();
    json_response!();
}

/// Names a study by its id, its UID, or both. If both are given they must name the same study.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StudySelector {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub study_id: Option<StudyId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub study_instance_uid: Option<DicomUid>,
}

impl From<StudyId> for StudySelector {
    fn from(study_id: StudyId) -> Self {
        Self {
            study_id: Some(study_id),
            study_instance_uid: None,
        }
    }
}

macro_rules! selector_endpoint {
    ($name:ident, $wire_name:literal, $path:literal, $class:ident, $response:ty, $reading:ident) => {
        #[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
        #[serde(transparent)]
        pub struct $name(pub StudySelector);

        impl Endpoint for $name {
            const INFO: EndpointInfo =
                EndpointInfo::new($wire_name, Method::Post, $path, CallClass::$class);
            type Response = $response;

            /// None, because the answer names no study. After a change the study is read again.
            fn names(&self) -> Names {
                Names::new()
            }

            json_body!();
            $reading!();
        }
    };
}

selector_endpoint!(
    CancelStudy,
    "studies.cancel",
    "/v1/viewer/studies/cancel",
    SetState,
    Ack,
    ack_response
);
selector_endpoint!(
    UncancelStudy,
    "studies.uncancel",
    "/v1/viewer/studies/uncancel",
    SetState,
    Ack,
    ack_response
);
selector_endpoint!(
    RerouteUrl,
    "studies.reroute_url",
    "/v1/viewer/studies/reroute-url",
    Token,
    RerouteUrlResponse,
    json_response
);

/// A link that carries authentication. It is never shown, so `Debug` leaves its text out.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RerouteUrlResponse {
    pub url: String,
}

impl std::fmt::Debug for RerouteUrlResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RerouteUrlResponse(…)")
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetStudyByUid {
    pub study_instance_uid: DicomUid,
}

impl Endpoint for GetStudyByUid {
    const INFO: EndpointInfo = EndpointInfo::new(
        "studies.retrieve_by_uid",
        Method::Get,
        "/v1/viewer/studies/by-uid/{studyInstanceUid}",
        CallClass::Read,
    );
    type Response = Study;

    fn names(&self) -> Names {
        vec![(Identifier::StudyUid, self.study_instance_uid.to_string())]
    }

    fn path_values(&self) -> Vec<String> {
        vec![self.study_instance_uid.to_string()]
    }

    json_response!();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id() -> StudyId {
        StudyId::from_bytes([7; 16])
    }

    fn body(patch: &UpdateStudy) -> String {
        String::from_utf8(patch.body().unwrap().unwrap()).unwrap()
    }

    #[test]
    fn absent_null_and_value_differ_in_a_patch() {
        let mut patch = UpdateStudy::of(id());
        assert_eq!(body(&patch), "{}");
        patch.assigned_to = Patch::Clear;
        assert_eq!(body(&patch), r#"{"assignedTo":null}"#);
        patch.assigned_to = Patch::Set(UserId::from_bytes([1; 16]));
        assert_eq!(
            body(&patch),
            r#"{"assignedTo":"usr_01010101010101010101010101010101"}"#
        );
    }

    #[test]
    fn the_query_is_camel_case_and_null_means_unassigned() {
        let list = ListStudies {
            assigned_to: Match::Empty,
            is_cancelled: Some(false),
            severity: Some(Severity::Stat),
            limit: Some(100),
            ..Default::default()
        };
        assert_eq!(
            list.query(),
            [
                ("assignedTo", "null".to_owned()),
                ("isCancelled", "false".into()),
                ("severity", "stat".into()),
                ("limit", "100".into()),
            ]
        );
    }

    #[test]
    fn a_study_is_read_whatever_its_lesser_fields_hold() {
        let study: Study = serde_json::from_str(
            r#"{"studyId":"stu_1234567890abcdef1234567890abcdef","studyInstanceUid":"1.02",
                "studyDescription":"CT","severity":"critical","studyViewerStatus":"draft",
                "isCancelled":false,"createdAt":"yesterday","updatedAt":null,"newField":[1],
                "createdByUser":{"userId":"?"},"metadata":{"a":1,"b":null,"c":"d"}}"#,
        )
        .unwrap();
        assert_eq!(study.severity, Severity::Other("critical".into()));
        assert_eq!(study.created_at, None);
        assert_eq!(study.created_by_user, None);
        assert_eq!(
            study.metadata,
            [("a".into(), "1".into()), ("c".into(), "d".into())].into()
        );
    }

    #[test]
    fn one_unreadable_study_does_not_hide_the_others() {
        let page = ListStudies::decode(
            br#"{"studies":[{"studyId":"stu_1234567890abcdef1234567890abcdef",
              "studyInstanceUid":"1.2","studyDescription":"CT","severity":"stat",
              "studyViewerStatus":"incomplete","isCancelled":false},
              {"studyId":"stu_bad","studyDescription":7},"\ud800"],"cursor":"x"}"#,
        )
        .unwrap();
        assert_eq!(page.items.len(), 1);
        assert_eq!(page.unreadable.len(), 2);
        assert_eq!(page.unreadable[0].id.as_deref(), Some("stu_bad"));
        assert_eq!(page.next(), Some("x"));
    }
}
