//! The trait through which the client calls an endpoint and the sandbox routes it.

use super::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    Get,
    Post,
    Patch,
}

impl std::fmt::Display for Method {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
        })
    }
}

/// Query parameters in wire names, not yet percent-encoded.
pub type Query = Vec<(&'static str, String)>;

/// A response that is not what the reference describes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct DecodeError(pub String);

impl From<serde_json::Error> for DecodeError {
    fn from(error: serde_json::Error) -> Self {
        Self(error.to_string())
    }
}

/// One endpoint of the API. The implementing type is its request.
pub trait Endpoint: Sync + 'static {
    const INFO: EndpointInfo;
    type Response: Named + Send + 'static;

    /// Returns the names that the answer must carry to be about the requested record. The client refuses any
    /// other answer. Empty where an answer names no single record; each such endpoint says what its callers
    /// check instead.
    fn names(&self) -> Names;

    /// Returns the values for the placeholders of the path, in their order.
    fn path_values(&self) -> Vec<String> {
        Vec::new()
    }

    fn query(&self) -> Query {
        Vec::new()
    }

    /// Returns the JSON body. An error here is a defect of the request's own types.
    fn body(&self) -> Option<serde_json::Result<Vec<u8>>> {
        None
    }

    fn decode(body: &[u8]) -> Result<Self::Response, DecodeError>;

    /// Returns the failure that a decoded answer reports although its status said success.
    fn refusal(_response: &Self::Response) -> Option<Failure> {
        None
    }

    /// Returns the path with its placeholders filled. Ids and UIDs contain no character that needs encoding.
    fn path(&self) -> String {
        let mut path = String::with_capacity(Self::INFO.path.len() + 40);
        let mut values = self.path_values().into_iter();
        for segment in Self::INFO.path.split_inclusive('/') {
            let name = segment.trim_end_matches('/');
            if name.starts_with('{') {
                path.push_str(&values.next().unwrap_or_default());
                path.push_str(&segment[name.len()..]);
            } else {
                path.push_str(segment);
            }
        }
        path
    }
}

/// What is fixed about an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndpointInfo {
    /// The name of the vendor's clients, for example `studies.list`.
    pub name: &'static str,
    pub method: Method,
    /// Path template; placeholders are written `{studyId}`.
    pub path: &'static str,
    pub class: CallClass,
}

impl EndpointInfo {
    pub const fn new(
        name: &'static str,
        method: Method,
        path: &'static str,
        class: CallClass,
    ) -> Self {
        Self {
            name,
            method,
            path,
            class,
        }
    }
}

/// All endpoints, in the order of the reference.
pub const ENDPOINTS: [EndpointInfo; 18] = [
    CreateStudy::INFO,
    ListStudies::INFO,
    GetStudy::INFO,
    UpdateStudy::INFO,
    CancelStudy::INFO,
    UncancelStudy::INFO,
    RerouteUrl::INFO,
    GetStudyByUid::INFO,
    InviteUser::INFO,
    ListUsers::INFO,
    GetUser::INFO,
    UpdateUser::INFO,
    RevokeAccess::INFO,
    ReactivateUser::INFO,
    ListInvitations::INFO,
    GetInvitation::INFO,
    UpdateInvitation::INFO,
    RevokeInvitation::INFO,
];

/// Implement `body` and `decode` the way most endpoints do.
macro_rules! json_body {
    () => {
        fn body(&self) -> Option<serde_json::Result<Vec<u8>>> {
            Some(serde_json::to_vec(self))
        }
    };
}
macro_rules! json_response {
    () => {
        fn decode(body: &[u8]) -> Result<Self::Response, $crate::wire::DecodeError> {
            Ok(serde_json::from_slice(body)?)
        }
    };
}
/// An answer that only acknowledges: `success: false` is a failure although the status is 200.
macro_rules! ack_response {
    () => {
        fn decode(body: &[u8]) -> Result<Self::Response, $crate::wire::DecodeError> {
            Ok(serde_json::from_slice(body)?)
        }

        fn refusal(ack: &Self::Response) -> Option<$crate::wire::Failure> {
            (!ack.success).then(|| $crate::wire::Failure::Unsuccessful {
                message: ack.message.clone(),
            })
        }
    };
}
pub(super) use {ack_response, json_body, json_response};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_in_place() {
        let study_id: StudyId = "stu_1234567890abcdef1234567890abcdef".parse().unwrap();
        assert_eq!(
            GetStudy { study_id }.path(),
            "/v1/viewer/studies/stu_1234567890abcdef1234567890abcdef"
        );
        assert_eq!(ListUsers::default().path(), "/v1/viewer/users");
    }

    #[test]
    fn no_two_endpoints_share_method_and_path() {
        for (i, a) in ENDPOINTS.iter().enumerate() {
            for b in &ENDPOINTS[i + 1..] {
                assert!((a.method, a.path) != (b.method, b.path), "{}", a.name);
            }
        }
    }
}
