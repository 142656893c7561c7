//! Closed lists of the reference that may grow: an unknown value is kept as text, never refused.

macro_rules! wire_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)+
            /// A value that this program does not know yet, as the server wrote it.
            Other(Box<str>),
        }

        impl $name {
            /// The values of the reference, in its order.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),+];

            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(text) => text,
                }
            }

            pub fn is_known(&self) -> bool {
                !matches!(self, Self::Other(_))
            }

            /// Returns the value of the reference that is exactly `text`.
            pub fn known(text: &str) -> Option<Self> {
                match text {
                    $($text => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::known(text).unwrap_or_else(|| Self::Other(text.into()))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let read = |text: &str| Ok::<_, std::convert::Infallible>(Self::from(text));
                super::lenient::text(deserializer, read)
            }
        }
    };
}

wire_enum!(
    /// Priority level of a study.
    Severity { Normal = "normal", High = "high", Stat = "stat" }
);
wire_enum!(
    StudyViewerStatus { Incomplete = "incomplete", Complete = "complete" }
);
wire_enum!(
    /// Access level. `owner` can be read, never set.
    UserLevel { Owner = "owner", Admin = "admin", Member = "member" }
);
wire_enum!(InvitedSource { Dashboard = "dashboard", Api = "api" });
wire_enum!(
    InvitationStatus { Sent = "sent", Accepted = "accepted", Rejected = "rejected", Revoked = "revoked" }
);
wire_enum!(
    /// Which invitations a list holds, by their expiry.
    ExpiredFilter { All = "all", Expired = "expired", NotExpired = "not-expired" }
);
wire_enum!(
    /// A user's clinical or organizational role.
    ClinicRole {
        Radiologist = "Radiologist",
        Cardiologist = "Cardiologist",
        Neurologist = "Neurologist",
        Urologist = "Urologist",
        Gynecologist = "Gynecologist",
        Endocrinologist = "Endocrinologist",
        Doctor = "Doctor",
        Surgeon = "Surgeon",
        Physician = "Physician",
        PhysicianAssistant = "Physician Assistant",
        NursePractitioner = "Nurse Practitioner",
        RegisteredNurse = "Registered Nurse",
        PatientCareCoordinator = "Patient Care Coordinator",
        FrontDeskOperator = "Front Desk Operator",
        ImagingTechnologist = "Imaging Technologist",
        PacsAdministrator = "PACS Administrator",
        SoftwareEngineer = "Software Engineer",
        RevenueCycleManager = "Revenue Cycle Manager",
        AdministrativeDirector = "Administrative Director",
        AdministrativeAssistant = "Administrative Assistant",
        // The reference's own value "Other", not the fallback below.
        OtherRole = "Other",
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_value_survives_the_round_trip() {
        let severity: Severity = serde_json::from_str("\"critical\"").unwrap();
        assert_eq!(severity, Severity::Other("critical".into()));
        assert_eq!(serde_json::to_string(&severity).unwrap(), "\"critical\"");
    }

    #[test]
    fn the_reference_has_21_roles() {
        assert_eq!(ClinicRole::KNOWN.len(), 21);
    }
}
