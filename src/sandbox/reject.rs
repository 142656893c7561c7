//! A refused request: a status and `{"error":{"message": …, "field": …}}`.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::store::StoreError;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    pub status: StatusCode,
    pub message: String,
    /// The wire name of the field or parameter at fault.
    pub field: Option<&'static str>,
}

impl Reject {
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            field: None,
        }
    }

    pub fn naming(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }

    /// A value that breaks a rule. `reason` completes "FIELD is not valid: …".
    pub fn invalid(field: &'static str, reason: impl std::fmt::Display) -> Self {
        Self::bad_request(format!("{field} is not valid: {reason}.")).naming(field)
    }

    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub fn missing(field: &'static str) -> Self {
        Self::bad_request(format!("{field} is missing.")).naming(field)
    }

    pub fn not_found(field: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message).naming(field)
    }

    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, message)
    }
}

impl From<StoreError> for Reject {
    fn from(error: StoreError) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
    }
}

impl From<serde_json::Error> for Reject {
    fn from(error: serde_json::Error) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            format!("The sandbox could not write its answer: {error}."),
        )
    }
}

impl IntoResponse for Reject {
    fn into_response(self) -> Response {
        let mut error = json!({ "message": self.message });
        if let Some(field) = self.field {
            error["field"] = field.into();
        }
        let body = json!({ "error": error }).to_string();
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
