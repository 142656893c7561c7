//! The data that the clinic is drawn from, as it is in `assets/sandbox`.

use serde::Deserialize;

use crate::sandbox::random::Random;
use crate::wire::{
    ClinicRole, CustomerId, InvitationId, InvitationStatus, InvitedSource, Severity, UserId,
    UserLevel,
};

#[derive(Debug, thiserror::Error)]
#[error("The data for a generated clinic cannot be read: {0}.")]
pub struct CatalogueError(#[from] serde_json::Error);

#[derive(Debug)]
pub struct Catalogue {
    pub imaging: Vec<Modality>,
    pub clinic: ClinicData,
    pub people: People,
}

impl Catalogue {
    pub fn load() -> Result<Self, CatalogueError> {
        Ok(Self {
            imaging: serde_json::from_str(include_str!("../../../assets/sandbox/imaging.json"))?,
            clinic: serde_json::from_str(include_str!("../../../assets/sandbox/clinic.json"))?,
            people: serde_json::from_str(include_str!("../../../assets/sandbox/people.json"))?,
        })
    }
}

#[derive(Debug, Deserialize)]
pub struct Modality {
    pub modality: String,
    pub weight: ClassWeights,
    pub images: [i64; 2],
    pub exams: Vec<Exam>,
}

/// How often a modality is used for emergency patients, inpatients and outpatients.
#[derive(Debug, Deserialize)]
pub struct ClassWeights {
    #[serde(rename = "E")]
    pub emergency: f64,
    #[serde(rename = "I")]
    pub inpatient: f64,
    #[serde(rename = "O")]
    pub outpatient: f64,
}

impl ClassWeights {
    pub fn of(&self, class: &str) -> f64 {
        match class {
            "E" => self.emergency,
            "I" => self.inpatient,
            _ => self.outpatient,
        }
    }
}

#[derive(Debug, Deserialize)]
pub struct Exam {
    pub name: String,
    pub weight: f64,
    pub part: String,
    /// The subspecialty that reads it.
    pub field: String,
    pub contrast: Option<String>,
    /// A protocol whose studies are always STAT.
    pub protocol: Option<String>,
    /// The patient classes it is done for; all if absent.
    pub classes: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct ClinicData {
    /// The clinic's zone, as hours east of UTC.
    pub zone_hours: i32,
    /// How far back studies reach, however many there are.
    pub span_hours: i64,
    pub cancelled_share: f64,
    pub dirty_share: f64,
    pub without_customer_share: f64,
    pub api_keys: Vec<String>,
    pub customers: Vec<Site>,
    pub classes: Vec<PatientClass>,
    pub severities: Vec<SeverityData>,
    pub legacy_descriptions: Vec<String>,
    pub referrers: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub struct Site {
    pub id: Option<CustomerId>,
    pub name: String,
    pub site: String,
    pub weight: f64,
    /// The patient classes that come here.
    pub classes: String,
    /// The subspecialties whose exams are done here; all if absent.
    pub fields: Option<Vec<String>>,
}

impl Site {
    pub fn does(&self, class: &PatientClass, exam: &Exam) -> bool {
        self.classes.contains(&class.code)
            && self
                .fields
                .as_ref()
                .is_none_or(|fields| fields.contains(&exam.field))
    }
}

#[derive(Debug, Deserialize)]
pub struct PatientClass {
    pub code: String,
    pub weight: f64,
    pub stat: f64,
    pub high: f64,
    /// Arrivals on a weekend day, as a share of a weekday's.
    pub weekend: f64,
    pub departments: Vec<String>,
    /// Relative arrivals in each hour of the clinic's day.
    pub hours: [f64; 24],
}

#[derive(Debug, Deserialize)]
pub struct SeverityData {
    pub severity: Severity,
    pub open_share: f64,
    /// The share among open studies.
    pub unassigned: f64,
    /// The age of open studies.
    pub open_minutes: Minutes,
    /// The time from arrival to completion.
    pub read_minutes: Minutes,
}

#[derive(Debug, Deserialize)]
pub struct Minutes {
    median: f64,
    p90: f64,
    cap: f64,
}

impl Minutes {
    pub fn draw(&self, random: &mut Random) -> f64 {
        let drawn = random.lognormal(self.median, self.p90);
        if drawn <= self.cap {
            drawn
        } else {
            // Values above the cap are spread, so that they do not pile up at it.
            self.median * (1.0 + random.unit())
        }
    }
}

#[derive(Debug, Deserialize)]
pub struct People {
    pub users: Vec<PersonData>,
    /// How many of the users have their own past invitation listed.
    pub accepted_invitations: usize,
    pub invitations: Vec<InvitationData>,
}

#[derive(Debug, Deserialize)]
pub struct PersonData {
    pub id: Option<UserId>,
    #[serde(flatten)]
    pub name: NameData,
    pub role: ClinicRole,
    pub level: UserLevel,
    pub dashboard: bool,
    pub manage: bool,
    pub source: Option<InvitedSource>,
    #[serde(default)]
    pub never_logged_in: bool,
    /// A reader's subspecialty.
    pub reads: Option<String>,
    /// How much of it this reader reads.
    #[serde(default)]
    pub weight: f64,
}

#[derive(Debug, Deserialize)]
pub struct NameData {
    pub mail: String,
    pub first: String,
    pub last: String,
    pub middle: Option<String>,
    pub suffix1: Option<String>,
    pub suffix2: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct InvitationData {
    pub id: Option<InvitationId>,
    #[serde(flatten)]
    pub name: NameData,
    pub role: ClinicRole,
    pub level: UserLevel,
    pub dashboard: bool,
    pub manage: bool,
    pub status: InvitationStatus,
    pub sent_hours_ago: i64,
}
