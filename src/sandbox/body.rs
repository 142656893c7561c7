//! Reading a request body by hand, so that every refusal names its field.

use std::str::FromStr;

use serde_json::{Map, Value};

use super::reject::Reject;
use crate::wire::{
    ClinicRole, DicomUid, InvitationStatus, InvitedSource, Metadata, Patch, Severity,
    StudyViewerStatus, UserLevel, rules,
};

/// What a value must be, in words that complete "FIELD is not valid: …".
type Parsed<T> = Result<T, String>;

/// The fields of a request body. Those that no endpoint knows are ignored.
#[derive(Debug)]
pub struct Fields(Map<String, Value>);

impl Fields {
    pub fn parse(body: &[u8]) -> Result<Self, Reject> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(map)) => Ok(Self(map)),
            Ok(_) => Err(Reject::bad_request("The body must be a JSON object.")),
            Err(error) => Err(Reject::bad_request(format!(
                "The body is not JSON: {error}."
            ))),
        }
    }

    pub fn has(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }

    pub fn required<T>(
        &self,
        field: &'static str,
        parse: impl Fn(&Value) -> Parsed<T>,
    ) -> Result<T, Reject> {
        let value = self.0.get(field).ok_or_else(|| Reject::missing(field))?;
        parse(value).map_err(|reason| Reject::invalid(field, reason))
    }

    /// A field of a new record: absent and `null` mean the same.
    pub fn optional<T>(
        &self,
        field: &'static str,
        parse: impl Fn(&Value) -> Parsed<T>,
    ) -> Result<Option<T>, Reject> {
        match self.patch(field, parse)? {
            Patch::Set(value) => Ok(Some(value)),
            Patch::Keep | Patch::Clear => Ok(None),
        }
    }

    /// A field of a PATCH that can be cleared.
    pub fn patch<T>(
        &self,
        field: &'static str,
        parse: impl Fn(&Value) -> Parsed<T>,
    ) -> Result<Patch<T>, Reject> {
        match self.0.get(field) {
            None => Ok(Patch::Keep),
            Some(Value::Null) => Ok(Patch::Clear),
            Some(value) => parse(value)
                .map(Patch::Set)
                .map_err(|reason| Reject::invalid(field, reason)),
        }
    }

    /// A field of a PATCH that cannot be cleared.
    pub fn change<T>(
        &self,
        field: &'static str,
        parse: impl Fn(&Value) -> Parsed<T>,
    ) -> Result<Option<T>, Reject> {
        match self.patch(field, parse)? {
            Patch::Keep => Ok(None),
            Patch::Set(value) => Ok(Some(value)),
            Patch::Clear => Err(Reject::invalid(field, "it cannot be null")),
        }
    }
}

pub fn text(value: &Value) -> Parsed<String> {
    value
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| "it must be text".into())
}

/// Text that is not empty.
pub fn words(value: &Value) -> Parsed<String> {
    let text = text(value)?;
    if text.trim().is_empty() {
        return Err("it cannot be empty".into());
    }
    Ok(text)
}

pub fn boolean(value: &Value) -> Parsed<bool> {
    value
        .as_bool()
        .ok_or_else(|| "it must be true or false".into())
}

/// An id or a UID, by the rules of its own type.
pub fn parsed<T: FromStr<Err: std::fmt::Display>>(value: &Value) -> Parsed<T> {
    text(value)?
        .parse()
        .map_err(|error: T::Err| error.to_string())
}

pub fn uid(value: &Value) -> Parsed<DicomUid> {
    parsed(value)
}

pub fn choice<T: Choice>(value: &Value) -> Parsed<T> {
    T::parse(&text(value)?)
}

/// A level that a request may set: `owner` cannot be set.
pub fn settable_level(value: &Value) -> Parsed<UserLevel> {
    match UserLevel::known(&text(value)?) {
        Some(level @ (UserLevel::Admin | UserLevel::Member)) => Ok(level),
        Some(_) => Err("owner cannot be given through the API; use admin or member".into()),
        None => Err("it must be one of admin, member".into()),
    }
}

pub fn phone(value: &Value) -> Parsed<String> {
    let text = text(value)?;
    rules::check_phone(&text)?;
    Ok(text)
}

pub fn email(value: &Value) -> Parsed<String> {
    let text = text(value)?;
    rules::check_email(&text)
        .map_err(|expected| format!("it must be {expected}"))
        .map(|()| text)
}

pub fn metadata(value: &Value) -> Parsed<Metadata> {
    let map = value
        .as_object()
        .ok_or("it must be an object whose values are text")?;
    let mut metadata = Metadata::new();
    for (key, value) in map {
        let value = value
            .as_str()
            .ok_or_else(|| format!("the value of {key} must be text"))?;
        metadata.insert(key.clone(), value.to_owned());
    }
    rules::check_metadata(&metadata)?;
    Ok(metadata)
}

/// A closed list of the reference.
pub trait Choice: Sized {
    fn parse(text: &str) -> Parsed<Self>;
}

macro_rules! choices {
    ($($name:ty),+ $(,)?) => {$(
        impl Choice for $name {
            fn parse(text: &str) -> Parsed<Self> {
                Self::known(text).ok_or_else(|| {
                    let known: Vec<&str> = Self::KNOWN.iter().map(Self::as_str).collect();
                    format!("it must be one of {}", known.join(", "))
                })
            }
        }
    )+};
}
choices!(
    ClinicRole,
    crate::wire::ExpiredFilter,
    InvitationStatus,
    InvitedSource,
    Severity,
    StudyViewerStatus,
    UserLevel,
);

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fields(value: &Value) -> Fields {
        Fields::parse(value.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn absent_null_and_value_are_told_apart() {
        let fields = fields(&json!({"a": null, "b": "x"}));
        assert_eq!(fields.patch("a", text), Ok(Patch::Clear));
        assert_eq!(fields.patch("b", text), Ok(Patch::Set("x".into())));
        assert_eq!(fields.patch("c", text), Ok(Patch::Keep));
        assert_eq!(fields.optional("a", text), Ok(None));
        assert_eq!(fields.change("c", text), Ok(None));
        assert_eq!(fields.change("a", text).unwrap_err().field, Some("a"));
        assert_eq!(fields.required("c", text).unwrap_err().field, Some("c"));
    }

    #[test]
    fn a_refusal_says_what_would_do() {
        let fields = fields(&json!({"severity": "urgent", "level": "owner", "metadata": {"a": 1}}));
        for (reject, message) in [
            (
                fields.required("severity", choice::<Severity>).unwrap_err(),
                "severity is not valid: it must be one of normal, high, stat.",
            ),
            (
                fields.required("level", settable_level).unwrap_err(),
                "level is not valid: owner cannot be given through the API; use admin or member.",
            ),
            (
                fields.required("metadata", metadata).unwrap_err(),
                "metadata is not valid: the value of a must be text.",
            ),
        ] {
            assert_eq!(reject.message, message);
        }
    }

    #[test]
    fn only_an_object_is_a_body() {
        for body in ["", "[]", "1", "{", "\"a\""] {
            assert!(Fields::parse(body.as_bytes()).is_err(), "{body}");
        }
    }
}
