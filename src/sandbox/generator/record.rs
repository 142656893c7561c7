//! The description and the metadata of a study, with the mistakes of real records.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::catalogue::{Exam, Modality, PatientClass, Site};
use super::studies::{Studies, minutes_before};

impl Studies {
    pub(super) fn description(&mut self, modality: &Modality, exam: &Exam, known: bool) -> String {
        let plain = format!("{} {}", modality.modality, exam.name);
        let clinic = &self.catalogue.clinic;
        if known || !self.random.chance(clinic.dirty_share) {
            return plain;
        }
        match self.random.between(0, 4) {
            0 => format!("{plain}  "),
            1 => plain.to_uppercase(),
            2 => format!(
                "{plain:<40} - protocol modified per attending request, see scanned requisition \
                 and prior outside imaging"
            )
            .chars()
            .take(120)
            .collect(),
            _ => {
                let legacy = &clinic.legacy_descriptions;
                let which = self.random.between(0, legacy.len() as i64) as usize;
                legacy.get(which).cloned().unwrap_or(plain)
            }
        }
    }

    /// Sometimes there is no accession number, or that of another study, usually from another site.
    pub(super) fn accession(&mut self, number: u32) -> Option<String> {
        let dirty = self.random.unit() / self.catalogue.clinic.dirty_share;
        let number = match dirty {
            ..0.3 => return None,
            0.3..0.5 => number.saturating_sub(1),
            _ => number,
        };
        Some(format!("DEMO{:07}", 1_000_000 + number))
    }

    pub(super) fn metadata(
        &mut self,
        accession: Option<String>,
        class: &PatientClass,
        modality: &Modality,
        exam: &Exam,
        site: Option<&Site>,
        created_at: DateTime<Utc>,
    ) -> String {
        let random = &mut self.random;
        let mut map = Map::new();
        let mut put = |key: &str, value: String| map.insert(key.into(), Value::String(value));
        if let Some(accession) = accession {
            put("accession_number", accession);
        }
        put("modality", modality.modality.clone());
        put("body_part", exam.part.clone());
        if let Some(site) = site {
            put("site", site.site.clone());
        }
        put("patient_class", class.code.clone());
        let department = random.between(0, class.departments.len() as i64) as usize;
        put("ordering_department", class.departments[department].clone());
        let referrers = &self.catalogue.clinic.referrers;
        let referrer = random.between(0, referrers.len() as i64) as usize;
        put("referring_physician", referrers[referrer].clone());
        if let Some(protocol) = &exam.protocol {
            put("protocol", protocol.clone());
        }
        if let Some(contrast) = &exam.contrast {
            put("contrast", contrast.clone());
        }
        let done = minutes_before(created_at, 2.0 + random.unit() * 12.0);
        put(
            "exam_completed_at",
            done.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        );
        let [fewest, most] = modality.images;
        put("image_count", random.between(fewest, most + 1).to_string());
        put(
            "priors_count",
            (random.exponential() * 1.6).floor().to_string(),
        );
        put(
            "callback_number",
            format!("155555501{:02}", random.between(50, 100)),
        );
        put("patient_key", format!("demo-{:08x}", random.word() as u32));
        Value::Object(map).to_string()
    }
}
