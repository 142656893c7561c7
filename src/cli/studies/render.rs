//! A study as a CSV row, and the people on it.

use crate::cli::render::{cell, csv_time, person};
use crate::wire::{Study, UserReference};

pub const CSV_HEADER: &str = "studyId,studyInstanceUid,severity,studyViewerStatus,isCancelled,\
                              createdAt,updatedAt,assignedTo,customer,description\n";

/// Returns a person for a line of text, cleaned.
pub fn named(user: &UserReference) -> String {
    person(
        user.first_name.as_deref(),
        user.last_name.as_deref(),
        &user.email,
    )
}

pub fn csv_row(study: &Study) -> String {
    let assignee = study.assigned_to.as_ref().map(|user| user.email.as_str());
    let customer = study.customer.as_ref();
    let cells = [
        study.study_id.to_string(),
        cell(study.study_instance_uid.as_str()),
        cell(study.severity.as_str()),
        cell(study.study_viewer_status.as_str()),
        study.is_cancelled.to_string(),
        csv_time(study.created_at),
        csv_time(study.updated_at),
        cell(assignee.unwrap_or_default()),
        cell(customer.map_or("", |customer| &customer.express_customer_name)),
        cell(&study.study_description),
    ];
    format!("{}\n", cells.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::render::json;
    use crate::text::is_invisible;

    #[test]
    fn json_holds_the_same_text_without_what_steers_a_terminal() {
        let description = "a\u{9b}2J\u{202e}\u{e0041}\x1b\"é";
        let record = serde_json::json!({
            "studyId": "stu_1234567890abcdef1234567890abcdef", "studyInstanceUid": "1.2",
            "studyDescription": description, "severity": "stat",
            "studyViewerStatus": "incomplete", "isCancelled": false,
        });
        let study: Study = serde_json::from_str(&record.to_string()).unwrap();
        let text = json(&study).unwrap();
        assert!(
            !text.chars().any(|c| c.is_control() || is_invisible(c)),
            "{text}"
        );
        assert_eq!(serde_json::from_str::<Study>(&text).unwrap(), study);
    }
}
