//! The vendor's shapes as literal JSON, whole, bare and with what newer versions may add.

use avara_tui::wire::*;

const STUDY: &str = r#"{
  "studyId": "stu_1234567890abcdef1234567890abcdef",
  "studyInstanceUid": "1.2.840.10008.5.1.4.1.1.2",
  "studyDescription": "Brain MRI with Contrast",
  "severity": "high",
  "studyViewerStatus": "incomplete",
  "isCancelled": true,
  "cancelledAt": "2019-12-27T18:11:19.117Z",
  "createdAt": "2019-12-27T18:11:19Z",
  "updatedAt": "2019-12-27T19:11:19.117000+01:00",
  "assignedTo": {
    "email": "kim@example.org", "userId": "usr_1234567890abcdef1234567890abcdef",
    "firstName": "Sarah", "lastName": "Kim", "middleName": "J",
    "suffix1": "MD", "suffix2": null
  },
  "createdByApiKey": {
    "apiKeyId": "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e",
    "description": "PACS", "isViewerEnabled": true
  },
  "createdByUser": {
    "email": "lee@example.org", "userId": "usr_0000000000000000000000000000000a"
  },
  "expressCustomer": {
    "expressCustomerId": "cus_1234567890abcdef1234567890abcdef",
    "expressCustomerName": "Lakeside General"
  },
  "metadata": {"modality": "MR"}
}"#;

const BARE_STUDY: &str = r#"{"studyId":"stu_1234567890abcdef1234567890abcdef",
  "studyInstanceUid":"1.2","studyDescription":"","severity":"normal",
  "studyViewerStatus":"complete","isCancelled":false}"#;

const USER: &str = r#"{
  "userId": "usr_1234567890abcdef1234567890abcdef", "email": "kim@example.org",
  "firstName": "Sarah", "lastName": "Kim", "clinicRole": "Physician Assistant",
  "level": "owner", "canManageStudies": true, "hasDashboardAccess": true,
  "invitedSource": "dashboard", "createdAt": "2019-12-27T18:11:19.117Z",
  "lastLoginAt": null, "middleName": null, "phoneNumber": "15555550123",
  "suffix1": "MD", "suffix2": null
}"#;

const INVITATION: &str = r#"{
  "invitationId": "inv_1234567890abcdef1234567890abcdef",
  "userId": "usr_1234567890abcdef1234567890abcdef", "email": "kim@example.org",
  "firstName": "Sarah", "lastName": "Kim", "clinicRole": "Radiologist",
  "level": "member", "canManageStudies": false, "hasDashboardAccess": false,
  "status": "sent", "invitedSource": "api",
  "clinicId": "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e", "inviterId": null,
  "invitedByApiKeyId": "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e",
  "createdAt": "2019-12-27T18:11:19.117Z", "updatedAt": "2019-12-27T18:11:19.117Z",
  "expiry": "2020-01-03T18:11:19.117Z"
}"#;

/// The object with one more field at its beginning.
fn with(object: &str, field: &str) -> String {
    object.replacen('{', &format!("{{{field},"), 1)
}

fn study(json: &str) -> Study {
    GetStudy::decode(json.as_bytes()).unwrap()
}

#[test]
fn a_whole_study_is_read_field_by_field() {
    let study = study(STUDY);
    assert_eq!(
        study.study_id.to_string(),
        "stu_1234567890abcdef1234567890abcdef"
    );
    assert_eq!(
        study.study_instance_uid.as_str(),
        "1.2.840.10008.5.1.4.1.1.2"
    );
    assert_eq!(study.study_description, "Brain MRI with Contrast");
    assert_eq!(study.severity, Severity::High);
    assert_eq!(study.study_viewer_status, StudyViewerStatus::Incomplete);
    assert!(study.is_cancelled);
    assert_eq!(
        study.cancelled_at.unwrap().timestamp_millis(),
        1_577_470_279_117
    );
    assert_eq!(
        study.created_at.unwrap().timestamp_millis(),
        1_577_470_279_000
    );
    assert_eq!(study.updated_at, study.cancelled_at);
    let assignee = study.assigned_to.unwrap();
    assert_eq!(assignee.email, "kim@example.org");
    assert_eq!(
        (assignee.suffix1.as_deref(), assignee.suffix2),
        (Some("MD"), None)
    );
    let key = study.created_by_api_key.unwrap();
    assert_eq!(
        (key.description.as_str(), key.is_viewer_enabled),
        ("PACS", Some(true))
    );
    assert_eq!(study.created_by_user.unwrap().first_name, None);
    assert_eq!(
        study.customer.unwrap().express_customer_name,
        "Lakeside General"
    );
    assert_eq!(study.metadata["modality"], "MR");
}

#[test]
fn what_is_optional_may_be_absent_or_null() {
    let bare = study(BARE_STUDY);
    let nulls = r#""assignedTo":null,"cancelledAt":null,"createdAt":null,"updatedAt":null,
        "createdByApiKey":null,"createdByUser":null,"expressCustomer":null,"metadata":null"#;
    assert_eq!(bare, study(&with(BARE_STUDY, nulls)));
    assert!(bare.assigned_to.is_none() && bare.created_at.is_none() && bare.metadata.is_empty());
}

#[test]
fn what_newer_versions_add_is_not_an_error() {
    let added = r#""priority":{"rank":[1,null,{"x":"y"}]}"#;
    assert_eq!(study(&with(STUDY, added)), study(STUDY));
    for json in [USER, INVITATION] {
        let json = with(json, added);
        let is_user = json.contains("lastLoginAt");
        let read = if is_user {
            GetUser::decode(json.as_bytes()).map(drop)
        } else {
            GetInvitation::decode(json.as_bytes()).map(drop)
        };
        read.unwrap();
    }
    let odd = STUDY
        .replace("\"high\"", "\"critical\"")
        .replace("\"incomplete\"", "\"draft\"");
    let odd = study(&odd);
    assert_eq!(
        (odd.severity.as_str(), odd.study_viewer_status.as_str()),
        ("critical", "draft")
    );
    let odd = USER
        .replace("Physician Assistant", "Chief Wizard")
        .replace("\"owner\"", "\"guest\"");
    let odd = GetUser::decode(odd.as_bytes()).unwrap();
    assert_eq!(
        (odd.profile.clinic_role.as_str(), odd.profile.level.as_str()),
        ("Chief Wizard", "guest")
    );
    let odd = INVITATION.replace("\"sent\"", "\"bounced\"");
    assert_eq!(
        GetInvitation::decode(odd.as_bytes())
            .unwrap()
            .status
            .as_str(),
        "bounced"
    );
}

#[test]
fn a_user_and_an_invitation_are_read() {
    let user = GetUser::decode(USER.as_bytes()).unwrap();
    assert_eq!(user.profile.clinic_role, ClinicRole::PhysicianAssistant);
    assert_eq!(
        (user.profile.level, user.last_login_at),
        (UserLevel::Owner, None)
    );
    let invitation = GetInvitation::decode(INVITATION.as_bytes()).unwrap();
    assert_eq!(invitation.inviter_id, None);
    assert_eq!(
        invitation.expiry.unwrap().timestamp_millis(),
        1_578_075_079_117
    );
    let inviter = INVITATION.replace(
        "\"inviterId\": null",
        "\"inviterId\": \"usr_0000000000000000000000000000000a\"",
    );
    assert!(
        GetInvitation::decode(inviter.as_bytes())
            .unwrap()
            .inviter_id
            .is_some()
    );
    let absent = INVITATION.replace("\"inviterId\": null,", "");
    assert_eq!(
        GetInvitation::decode(absent.as_bytes()).unwrap(),
        invitation
    );
}

#[test]
fn each_list_has_its_own_name_for_its_records() {
    let end = r#""cursor":"eyJvZmZzZXQiOjIwfQ==","hasMore":true"#;
    let page = |name: &str, record: &str| format!(r#"{{"{name}":[{record}],{end}}}"#);
    let studies = ListStudies::decode(page("studies", STUDY).as_bytes()).unwrap();
    assert_eq!(studies.items, [study(STUDY)]);
    assert_eq!(studies.next(), Some("eyJvZmZzZXQiOjIwfQ=="));
    let users = ListUsers::decode(page("users", USER).as_bytes()).unwrap();
    assert_eq!((users.items.len(), users.next().is_some()), (1, true));
    let invitations = ListInvitations::decode(page("invitations", INVITATION).as_bytes()).unwrap();
    assert_eq!(
        (invitations.items.len(), invitations.next().is_some()),
        (1, true)
    );
}

#[test]
fn a_page_ends_the_list_unless_it_names_the_next_one() {
    for (rest, next) in [
        (r#","cursor":"a","hasMore":true"#, Some("a")),
        (r#","cursor":"a""#, Some("a")),
        (r#","cursor":"a","hasMore":null"#, Some("a")),
        (r#","cursor":"a","hasMore":false"#, None),
        (r#","cursor":"","hasMore":true"#, None),
        (r#","cursor":null,"hasMore":true"#, None),
        (r#","hasMore":false"#, None),
        ("", None),
    ] {
        let page = ListStudies::decode(format!(r#"{{"studies":[]{rest}}}"#).as_bytes()).unwrap();
        assert_eq!(page.next(), next, "{rest}");
    }
}

#[test]
fn one_record_that_cannot_be_read_costs_no_other() {
    let no_severity = BARE_STUDY.replace("\"severity\":\"normal\",", "");
    let wrong_type = BARE_STUDY.replace("false", "\"no\"");
    let lone_surrogate = BARE_STUDY.replace("\"\"", "\"\\ud800\"");
    let bad_assignee = with(BARE_STUDY, r#""assignedTo":{"userId":"?"}"#);
    for bad in [
        &no_severity,
        &wrong_type,
        &lone_surrogate,
        &bad_assignee,
        "null",
        "7",
    ] {
        let page = format!(r#"{{"studies":[{STUDY},{bad},{BARE_STUDY}],"hasMore":false}}"#);
        let page = ListStudies::decode(page.as_bytes()).unwrap();
        assert_eq!((page.items.len(), page.unreadable.len()), (2, 1), "{bad}");
    }
}

#[test]
fn acknowledgements_and_links_are_read() {
    let ack = CancelStudy::decode(br#"{"success":true,"newField":1}"#).unwrap();
    assert_eq!((ack.success, &ack.message), (true, &None));
    assert_eq!(CancelStudy::refusal(&ack), None);
    let no = br#"{"success":false,"message":"Already cancelled"}"#;
    let refused = Some(Failure::Unsuccessful {
        message: Some("Already cancelled".into()),
    });
    assert_eq!(
        CancelStudy::refusal(&CancelStudy::decode(no).unwrap()),
        refused
    );
    assert_eq!(
        UncancelStudy::refusal(&UncancelStudy::decode(no).unwrap()),
        refused
    );
    assert_eq!(
        RevokeAccess::refusal(&RevokeAccess::decode(no).unwrap()),
        refused
    );
    assert_eq!(
        ReactivateUser::refusal(&ReactivateUser::decode(no).unwrap()),
        refused
    );
    assert_eq!(
        RevokeInvitation::refusal(&RevokeInvitation::decode(no).unwrap()),
        refused
    );
    let link = RerouteUrl::decode(br#"{"url":"https://viewer.example.org/?t=1"}"#).unwrap();
    assert_eq!(link.url, "https://viewer.example.org/?t=1");
    assert_eq!(RerouteUrl::refusal(&link), None);
}
