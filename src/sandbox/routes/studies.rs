//! Studies: create, list, read, change, cancel, restore, open.

use super::{ApiRequest, Written, done, page_of_studies};
use crate::sandbox::body::{self, Fields};
use crate::sandbox::reject::Reject;
use crate::sandbox::store::{NewStudy, SandboxStore, StudyFilter, StudyRecord, severity_code};
use crate::wire::{
    Ack, CustomerId, DicomUid, Match, Patch, RerouteUrlResponse, Severity, Study, StudyId,
    StudyViewerStatus, UserId,
};

pub fn create(call: ApiRequest) -> Result<Study, Reject> {
    let fields = call.fields()?;
    let uid = fields.required("studyInstanceUid", body::uid)?;
    let description = fields.required("studyDescription", body::words)?;
    let severity = fields.required("severity", body::choice)?;
    let assignee = fields.optional("assignedTo", body::parsed)?;
    let customer = fields.optional("expressCustomerId", body::parsed)?;
    let metadata = fields.optional("metadata", body::metadata)?;
    let store = &mut call.state.store;
    let assignee = assignee.map(|id| assignable(store, &id)).transpose()?;
    let customer = customer.map(|id| known_customer(store, &id)).transpose()?;
    if store.study_by_uid(uid.as_str())?.is_some() {
        return Err(
            Reject::conflict("A study with this studyInstanceUid exists already.")
                .naming("studyInstanceUid"),
        );
    }
    let study = NewStudy {
        study_id: StudyId::from_bytes(store.random_bytes()?),
        uid: uid.to_string(),
        description,
        severity,
        complete: false,
        cancelled_at: None,
        assignee,
        customer,
        creator: store.caller(),
        created_at: call.now,
        updated_at: call.now,
        metadata: serde_json::to_string(&metadata.unwrap_or_default())?,
    };
    let record = store.add_study(study)?;
    Ok(store.present(record)?)
}

pub fn list(call: ApiRequest) -> Result<Written, Reject> {
    let query = &call.query;
    let window = query.window()?;
    let assignee: Match<UserId> = query.id_or_null("assignedTo")?;
    let customer: Match<CustomerId> = query.id_or_null("expressCustomerId")?;
    let store = &mut call.state.store;
    let filter = StudyFilter {
        severity: query
            .choice("severity")?
            .map(|severity: Severity| severity_code(&severity)),
        complete: query
            .choice("studyViewerStatus")?
            .map(|status: StudyViewerStatus| status == StudyViewerStatus::Complete),
        cancelled: query.boolean("isCancelled")?,
        assignee: position(assignee, |id| store.user_position(id)),
        customer: position(customer, |id| store.customer_position(id)),
        contains: query.text("studyDescription").map(str::to_owned),
    };
    let (positions, has_more) = store.find_studies(&filter, window.offset, window.limit);
    let studies = store.studies_json(&positions)?;
    Ok(page_of_studies(&studies, positions.len(), window, has_more))
}

/// The index has positions instead of ids. An unknown id matches nothing.
fn position<T>(wanted: Match<T>, find: impl Fn(&T) -> Option<u32>) -> Match<u32> {
    match wanted {
        Match::Any => Match::Any,
        Match::Empty => Match::Empty,
        Match::Is(id) => Match::Is(find(&id).unwrap_or(u32::MAX)),
    }
}

pub fn get(call: ApiRequest) -> Result<Study, Reject> {
    let record = in_path(&call)?;
    Ok(call.state.store.present(record)?)
}

pub fn get_by_uid(call: ApiRequest) -> Result<Study, Reject> {
    let uid: DicomUid = call.path_id("studyInstanceUid")?;
    let record = by_uid(&call.state.store, &uid)?;
    Ok(call.state.store.present(record)?)
}

pub fn update(call: ApiRequest) -> Result<Study, Reject> {
    let old = in_path(&call)?;
    let fields = call.fields()?;
    let new = changed(&call.state.store, &old, &fields)?;
    let store = &mut call.state.store;
    let record = match new {
        Some(new) => store.save_study(&old, new, call.now)?,
        None => old,
    };
    Ok(store.present(record)?)
}

/// Returns the study after a PATCH, or `None` if the PATCH names no field of a study.
fn changed(
    store: &SandboxStore,
    old: &StudyRecord,
    fields: &Fields,
) -> Result<Option<StudyRecord>, Reject> {
    const KNOWN: [&str; 5] = [
        "assignedTo",
        "metadata",
        "severity",
        "studyDescription",
        "studyViewerStatus",
    ];
    let mut new = old.clone();
    match fields.patch("assignedTo", body::parsed)? {
        Patch::Keep => {}
        Patch::Clear => new.assignee = None,
        Patch::Set(id) => new.assignee = Some(assignable(store, &id)?),
    }
    match fields.patch("metadata", body::metadata)? {
        Patch::Keep => {}
        Patch::Clear => new.metadata = "{}".into(),
        Patch::Set(metadata) => new.metadata = serde_json::to_string(&metadata)?,
    }
    if let Some(severity) = fields.change("severity", body::choice)? {
        new.severity = severity_code(&severity);
    }
    if let Some(description) = fields.change("studyDescription", body::words)? {
        new.description = description;
    }
    if let Some(status) = fields.change("studyViewerStatus", body::choice::<StudyViewerStatus>)? {
        new.complete = status == StudyViewerStatus::Complete;
    }
    Ok(KNOWN.iter().any(|field| fields.has(field)).then_some(new))
}

pub fn cancel(call: ApiRequest) -> Result<Ack, Reject> {
    let old = selected(&call)?;
    if old.cancelled_at.is_some() {
        return Err(Reject::conflict("The study is cancelled already."));
    }
    let mut new = old.clone();
    new.cancelled_at = Some(call.now.timestamp_millis());
    call.state.store.save_study(&old, new, call.now)?;
    Ok(done("The study is cancelled."))
}

pub fn uncancel(call: ApiRequest) -> Result<Ack, Reject> {
    let old = selected(&call)?;
    if old.cancelled_at.is_none() {
        return Err(Reject::conflict("The study is not cancelled."));
    }
    let mut new = old.clone();
    new.cancelled_at = None;
    call.state.store.save_study(&old, new, call.now)?;
    Ok(done("The study is active again."))
}

pub fn reroute_url(call: ApiRequest) -> Result<RerouteUrlResponse, Reject> {
    let study = selected(&call)?;
    let token = call.state.store.random_bytes()?;
    call.state.store.note_link(&study.study_id)?;
    Ok(RerouteUrlResponse {
        url: call.state.links.mint(token, study.position),
    })
}

fn in_path(call: &ApiRequest) -> Result<StudyRecord, Reject> {
    by_id(&call.state.store, &call.path_id("studyId")?)
}

fn by_id(store: &SandboxStore, id: &StudyId) -> Result<StudyRecord, Reject> {
    store
        .study_by_id(id)?
        .ok_or_else(|| Reject::not_found("studyId", "No study has this studyId."))
}

fn by_uid(store: &SandboxStore, uid: &DicomUid) -> Result<StudyRecord, Reject> {
    store
        .study_by_uid(uid.as_str())?
        .ok_or_else(|| Reject::not_found("studyInstanceUid", "No study has this studyInstanceUid."))
}

/// Returns the study that a body names by id, by UID, or by both.
fn selected(call: &ApiRequest) -> Result<StudyRecord, Reject> {
    let fields = call.fields()?;
    let id = fields.optional("studyId", body::parsed)?;
    let uid = fields.optional("studyInstanceUid", body::uid)?;
    let store = &call.state.store;
    match (id, uid) {
        (None, None) => Err(Reject::bad_request(
            "Name the study by studyId, by studyInstanceUid, or by both.",
        )
        .naming("studyId")),
        (Some(id), None) => by_id(store, &id),
        (None, Some(uid)) => by_uid(store, &uid),
        (Some(id), Some(uid)) => {
            let study = by_id(store, &id)?;
            if study.uid == uid.as_str() {
                Ok(study)
            } else {
                Err(
                    Reject::bad_request("studyId and studyInstanceUid name different studies.")
                        .naming("studyInstanceUid"),
                )
            }
        }
    }
}

/// Returns the position of a user who can be assigned a study.
fn assignable(store: &SandboxStore, id: &UserId) -> Result<u32, Reject> {
    let position = store
        .user_position(id)
        .ok_or_else(|| Reject::invalid("assignedTo", "no user has this id"))?;
    if store.member(position).is_some_and(|member| member.revoked) {
        return Err(Reject::invalid(
            "assignedTo",
            "the user's access is revoked",
        ));
    }
    Ok(position)
}

fn known_customer(store: &SandboxStore, id: &CustomerId) -> Result<u32, Reject> {
    store
        .customer_position(id)
        .ok_or_else(|| Reject::invalid("expressCustomerId", "no customer has this id"))
}
