//! Creating and editing a study in a form.

use super::desk::Desk;
use crate::app::widget::form::FormStage;
use crate::app::widget::form::dialog::Question;
use crate::app::*;
use crate::wire::*;
use crate::worklist::Filter;
use crate::worklist::testing::{HOUR, MINUTE, study, study_id, user_id};

/// Two studies; the first, under the cursor, has a customer and two pairs of metadata.
fn desk() -> Desk {
    Desk::open([
        study(1)
            .uid("2.25.1")
            .description("CT HEAD")
            .stat()
            .age(5 * MINUTE)
            .customer(1, "Lakeside")
            .meta("accession", "A1")
            .meta("site", "North"),
        study(2).uid("2.25.2").description("MR KNEE").age(HOUR),
    ])
}

fn form(desk: &Desk) -> &Form {
    match &desk.model.kernel.layers.overlay {
        Some(Overlay::Form(form)) => form,
        other => panic!("no form but {other:?}; {}", desk.notice()),
    }
}

fn message(desk: &Desk) -> &str {
    form(desk).message.as_ref().map_or("", |m| m.text.as_str())
}

fn problem(desk: &Desk, name: &str) -> String {
    form(desk)
        .field(name)
        .unwrap()
        .problem()
        .unwrap_or_default()
}

fn value(desk: &Desk, name: &str) -> String {
    form(desk).field(name).unwrap().value()
}

fn focused(desk: &Desk) -> &str {
    form(desk).focused().map_or("Save", |field| field.name)
}

fn question(desk: &Desk) -> Option<&Question> {
    form(desk).asking().map(|dialog| &dialog.question)
}

/// Presses keys in a dialog, after it has begun to listen.
fn answer(desk: &mut Desk, keys: &str) {
    desk.now += 300;
    desk.press(keys);
}

/// An edit form that has read its study.
fn editing() -> Desk {
    let mut desk = desk();
    desk.press("e");
    assert_eq!(form(&desk).stage, FormStage::Reading);
    desk.serve();
    desk
}

/// A creation that is filled in.
fn creating(uid: &str) -> Desk {
    let mut desk = desk();
    desk.press("c");
    desk.type_text(uid);
    desk.press("Tab");
    desk.type_text("US NECK");
    desk.press("Tab h");
    desk
}

/// Saves an edit up to the PATCH.
fn save(desk: &mut Desk) {
    desk.press("Ctrl-s");
    assert!(matches!(question(desk), Some(Question::Review(_))));
    answer(desk, "y");
    desk.serve();
}

fn body(update: &UpdateStudy) -> String {
    String::from_utf8(update.body().unwrap().unwrap()).unwrap()
}

#[test]
fn a_study_is_created_with_everything_that_was_typed() {
    let mut desk = creating("2.25.77");
    desk.press("Tab o s e Enter l a k e Enter");
    desk.type_text("accession");
    desk.press("Tab");
    desk.type_text("A77");
    desk.press("Ctrl-s");
    assert_eq!(form(&desk).stage, FormStage::Checking);
    assert!(!desk.has_write(), "the UID is looked up first");
    desk.serve();
    let (ticket, create) = desk.creation();
    assert_eq!(create.study_instance_uid.as_str(), "2.25.77");
    assert_eq!(create.study_description, "US NECK");
    assert_eq!(create.severity, Severity::High);
    assert_eq!(create.assigned_to, Some(user_id(2)));
    assert_eq!(create.express_customer_id.unwrap().as_bytes()[0], 1);
    assert_eq!(create.metadata, [("accession".into(), "A77".into())].into());
    let study = desk.add(&create);
    let id = study.study_id;
    desk.reply(ticket, Ok(Reply::Study(Box::new(study))));
    assert!(desk.model.kernel.layers.overlay.is_none());
    assert_eq!(desk.notice(), "Created high study: US NECK");
    assert_eq!(desk.model.kernel.data.studies.selected(), Some(id));
}

#[test]
fn a_uid_is_checked_while_it_is_typed_and_an_unfinished_form_is_not_sent() {
    let mut desk = desk();
    desk.press("c");
    desk.type_text("1.02");
    assert!(problem(&desk, "studyInstanceUid").contains("begin with 0"));
    desk.press("Ctrl-s");
    assert_eq!(focused(&desk), "studyInstanceUid");
    assert_eq!(message(&desk), "Nothing was sent: correct Study UID first");
    assert!(problem(&desk, "studyDescription").contains("required"));
    desk.press("Backspace Backspace 3 Ctrl-s");
    assert_eq!(focused(&desk), "studyDescription");
    assert!(desk.calls.is_empty());
}

#[test]
fn a_uid_that_exists_is_said_and_the_study_can_be_opened_instead() {
    let mut desk = creating("2.25.2");
    desk.press("Ctrl-s");
    desk.serve();
    assert!(matches!(question(&desk), Some(Question::Exists(_))));
    answer(&mut desk, "Enter");
    assert!(problem(&desk, "studyInstanceUid").contains("MR KNEE"));
    assert_eq!(value(&desk, "studyDescription"), "US NECK");
    desk.press("Ctrl-s");
    desk.serve();
    answer(&mut desk, "y");
    desk.serve();
    assert_eq!(form(&desk).title.as_str(), "Edit MR KNEE");
    assert_eq!(desk.selected(), Some(2));
    assert!(!desk.has_write());
}

#[test]
fn a_uid_that_is_taken_is_said_while_the_rest_is_typed() {
    let mut desk = desk();
    desk.press("c");
    desk.type_text("2.25.2");
    desk.press("Tab U S");
    desk.serve();
    assert!(
        question(&desk).is_none(),
        "no question jumps under her fingers"
    );
    assert!(problem(&desk, "studyInstanceUid").contains("MR KNEE"));
    assert_eq!(value(&desk, "studyDescription"), "US");
    desk.press("Ctrl-s");
    assert!(matches!(question(&desk), Some(Question::Exists(_))));
    answer(&mut desk, "n");
    // Another UID is another study, and an answer about the old one says nothing of it.
    desk.press("0 Tab Shift-Tab 1 Tab");
    assert_eq!(problem(&desk, "studyInstanceUid"), "");
    desk.serve();
    desk.press("Ctrl-s");
    desk.serve();
    assert_eq!(desk.creation().1.study_instance_uid.as_str(), "2.25.201");
}

#[test]
fn what_the_server_refuses_stands_beside_its_field() {
    for (status, body, name) in [
        (
            400,
            r#"{"error":{"message":"no user has this id","field":"assignedTo"}}"#,
            "assignedTo",
        ),
        (
            409,
            r#"{"message":"there is one already"}"#,
            "studyInstanceUid",
        ),
        (
            422,
            r#"{"detail":"too long","field":"metadata.site"}"#,
            "metadata",
        ),
        (
            422,
            r#"{"error":"study_description is odd","field":"study_description"}"#,
            "studyDescription",
        ),
        (400, r#"{"error":"severity is not valid"}"#, "severity"),
    ] {
        let mut desk = creating("2.25.77");
        desk.press("Ctrl-s");
        desk.serve();
        let (ticket, _) = desk.creation();
        desk.reply(
            ticket,
            Err(Failure::rejected(status, body.as_bytes(), None)),
        );
        desk.serve();
        assert!(!problem(&desk, name).is_empty(), "{body}");
        assert_eq!(focused(&desk), name);
        assert!(message(&desk).starts_with("Nothing was saved"));
        assert_eq!(value(&desk, "studyDescription"), "US NECK");
        // It can be sent again.
        desk.press("Ctrl-s");
        desk.serve();
        desk.accept_creation();
        assert_eq!(desk.notice(), "Created high study: US NECK");
    }
}

#[test]
fn an_unclear_creation_is_looked_for_a_minute_and_never_sent_again() {
    let mut desk = creating("2.25.77");
    desk.press("Ctrl-s");
    desk.serve();
    let (ticket, create) = desk.creation();
    desk.reply(ticket, Err(Failure::TimedOut));
    assert_eq!(form(&desk).stage, FormStage::Rechecking);
    desk.serve();
    for _ in 0..59 {
        assert_eq!(form(&desk).stage, FormStage::Rechecking);
        desk.pass(1);
    }
    desk.pass(1);
    assert!(message(&desk).starts_with("Unconfirmed"));
    assert_eq!(value(&desk, "studyInstanceUid"), "2.25.77");
    assert!(!desk.has_write());

    desk.press("Ctrl-s");
    desk.serve();
    let (ticket, _) = desk.creation();
    desk.reply(ticket, Err(Failure::rejected(502, b"", None)));
    desk.serve();
    desk.pass(20);
    // Carried out late, found at the next look.
    desk.add(&create);
    desk.pass(20);
    assert!(desk.model.kernel.layers.overlay.is_none());
    assert_eq!(desk.notice(), "It was created after all: US NECK");
    assert!(!desk.has_write());
}

#[test]
fn an_edit_sends_what_changed_and_nothing_else() {
    let mut desk = editing();
    assert_eq!(focused(&desk), "studyDescription");
    desk.type_text(" WO");
    desk.press("Tab n");
    save(&mut desk);
    let (ticket, update) = desk.write();
    assert_eq!(
        body(&update),
        r#"{"severity":"normal","studyDescription":"CT HEAD WO"}"#
    );
    let study = desk.apply(&update);
    desk.reply(ticket, Ok(Reply::Study(Box::new(study))));
    assert!(desk.model.kernel.layers.overlay.is_none());
    assert_eq!(
        desk.notice(),
        "Saved CT HEAD WO: description, severity  (u undoes)"
    );
    assert_eq!(desk.selected(), Some(1));
}

/// What one edit types, beginning in the first field, and the field that it changes.
const EDITS: [(&str, &str); 5] = [
    ("x", "studyDescription"),
    ("n", "severity"),
    ("k i m Enter Shift-Tab", "assignedTo"),
    ("c", "studyViewerStatus"),
    ("x", "metadata"),
];

#[test]
fn for_any_set_of_edits_the_patch_has_exactly_their_fields() {
    for set in 1..1 << EDITS.len() {
        let mut desk = editing();
        let mut wanted = Vec::new();
        for (i, (keys, name)) in EDITS.iter().enumerate() {
            if set >> i & 1 == 1 {
                desk.press(keys);
                wanted.push((*name).to_owned());
            }
            desk.press("Tab");
        }
        save(&mut desk);
        let map: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(&body(&desk.write().1)).unwrap();
        let sent: Vec<String> = map.keys().cloned().collect();
        wanted.sort();
        assert_eq!(sent, wanted);
    }
}

#[test]
fn metadata_goes_whole_and_the_answer_is_checked() {
    let mut desk = editing();
    for _ in 0..4 {
        desk.press("Tab");
    }
    assert_eq!(focused(&desk), "metadata");
    desk.press("Tab");
    desk.type_text("2");
    save(&mut desk);
    let (ticket, update) = desk.write();
    assert_eq!(
        body(&update),
        r#"{"metadata":{"accession":"A12","site":"North"}}"#
    );
    let unchanged = desk.server(study_id(1)).clone();
    desk.reply(ticket, Ok(Reply::Study(Box::new(unchanged))));
    assert!(message(&desk).contains("does not show: metadata accession"));
    assert!(value(&desk, "metadata").contains("A12"));
    // Saved again, it is there.
    save(&mut desk);
    desk.accept_write();
    assert_eq!(
        desk.notice(),
        "Saved CT HEAD: metadata accession  (u undoes)"
    );
}

#[test]
fn a_study_that_leaves_the_list_by_its_edit_is_said() {
    let mut desk = desk();
    desk.press("f t Enter e");
    desk.serve();
    desk.press("Down Down Down c");
    save(&mut desk);
    desk.server(study_id(1)).is_cancelled = true;
    desk.accept_write();
    assert_eq!(
        desk.notice(),
        "Saved CT HEAD: status (cancelled)  (u undoes)"
    );

    let mut desk = creating("2.25.77");
    desk.model.kernel.data.studies.filter = Filter::parse("desc:knee").unwrap();
    desk.press("Ctrl-s");
    desk.serve();
    desk.accept_creation();
    assert!(desk.notice().ends_with("(hidden by the filter)"));
}

#[test]
fn an_edit_without_changes_says_so_and_sends_nothing() {
    let mut desk = editing();
    desk.press("Ctrl-s");
    assert_eq!(message(&desk), "Nothing has changed yet");
    desk.press("Esc");
    assert!(desk.model.kernel.layers.overlay.is_none());
    assert!(desk.calls.is_empty());
}

#[test]
fn a_field_that_someone_else_changed_is_asked_about() {
    for (keys, severity, description, body_sent) in [
        (
            "t",
            "normal",
            "CT HEAD WO",
            Some(r#"{"studyDescription":"CT HEAD WO"}"#),
        ),
        (
            "m",
            "high",
            "CT HEAD WO",
            Some(r#"{"severity":"high","studyDescription":"CT HEAD WO"}"#),
        ),
        ("Enter", "high", "CT HEAD WO", None),
    ] {
        let mut desk = editing();
        desk.type_text(" WO");
        desk.press("Tab h");
        let theirs = desk.server(study_id(1));
        theirs.severity = Severity::Normal;
        theirs.metadata.insert("new".into(), "theirs".into());
        save(&mut desk);
        assert!(matches!(question(&desk), Some(Question::Conflict(_))));
        assert!(!desk.has_write());
        answer(&mut desk, keys);
        assert_eq!(value(&desk, "severity"), severity);
        assert_eq!(value(&desk, "studyDescription"), description);
        desk.serve();
        match body_sent {
            Some(sent) => assert_eq!(body(&desk.write().1), sent),
            None => {
                assert!(problem(&desk, "severity").contains("normal"));
                assert!(!desk.has_write());
            }
        }
    }
}

#[test]
fn two_people_may_edit_different_pairs() {
    let mut desk = editing();
    desk.press("Tab Tab Tab Tab Tab 2");
    let theirs = desk.server(study_id(1));
    theirs.metadata.insert("site".into(), "South".into());
    save(&mut desk);
    assert_eq!(
        body(&desk.write().1),
        r#"{"metadata":{"accession":"A12","site":"South"}}"#
    );
}

#[test]
fn a_change_while_a_conflict_is_decided_is_not_overwritten_either() {
    let mut desk = editing();
    desk.press("Tab h");
    desk.server(study_id(1)).severity = Severity::Normal;
    save(&mut desk);
    desk.server(study_id(1)).severity = "critical".into();
    answer(&mut desk, "m");
    desk.serve();
    assert!(matches!(question(&desk), Some(Question::Conflict(_))));
    assert!(!desk.has_write());
}

#[test]
fn a_study_deleted_meanwhile_loses_nothing_that_was_typed() {
    let mut desk = editing();
    desk.type_text(" WO");
    desk.clinic.remove(0);
    save(&mut desk);
    assert!(message(&desk).contains("no longer exists"));
    assert_eq!(value(&desk, "studyDescription"), "CT HEAD WO");
    assert!(!desk.has_write());

    // Deleted between the last look and the PATCH.
    let mut desk = editing();
    desk.type_text(" WO");
    save(&mut desk);
    let (ticket, _) = desk.write();
    desk.reply(ticket, Err(Failure::rejected(404, b"", None)));
    assert!(message(&desk).contains("no longer exists"));
    assert_eq!(value(&desk, "studyDescription"), "CT HEAD WO");

    let mut desk = Desk::open([study(1)]);
    desk.clinic.clear();
    desk.press("e");
    desk.serve();
    assert_eq!(form(&desk).stage, FormStage::Unread);
    desk.press("Esc");
    assert!(desk.model.kernel.layers.overlay.is_none());
}

#[test]
fn an_unclear_edit_is_read_and_compared() {
    let mut desk = editing();
    desk.type_text(" WO");
    save(&mut desk);
    let (ticket, update) = desk.write();
    desk.reply(ticket, Err(Failure::TimedOut));
    desk.serve();
    let (ticket, again) = desk.write();
    assert_eq!(again, update);
    desk.reply(ticket, Err(Failure::TimedOut));
    desk.serve();
    assert!(!desk.has_write());
    assert!(message(&desk).starts_with("Unconfirmed: not done so far"));
    assert_eq!(value(&desk, "studyDescription"), "CT HEAD WO");

    save(&mut desk);
    let (ticket, _) = desk.write();
    desk.apply(&update);
    desk.reply(ticket, Err(Failure::TimedOut));
    desk.serve();
    assert_eq!(
        desk.notice(),
        "Saved after all CT HEAD WO: description  (u undoes)"
    );
    assert!(!desk.has_write());
}

#[test]
fn an_unclear_edit_of_what_someone_else_has_changed_is_asked_about() {
    let mut desk = editing();
    desk.type_text(" WO");
    save(&mut desk);
    let (ticket, update) = desk.write();
    desk.server(update.study_id).study_description = "CT HEAD W".into();
    desk.reply(ticket, Err(Failure::TimedOut));
    desk.serve();
    assert!(!desk.has_write());
    let question = form(&desk).asking().map(|dialog| &dialog.question);
    assert!(
        matches!(question, Some(Question::Conflict(_))),
        "{question:?}"
    );
}

#[test]
fn leaving_asks_if_something_was_typed_and_opens_on_the_safe_button() {
    let mut desk = editing();
    desk.type_text("x");
    desk.press("Esc");
    assert!(matches!(question(&desk), Some(Question::Leave)));
    answer(&mut desk, "Enter");
    assert_eq!(value(&desk, "studyDescription"), "CT HEADx");
    desk.press("Esc");
    answer(&mut desk, "n");
    desk.press("Esc");
    answer(&mut desk, "y");
    assert!(desk.model.kernel.layers.overlay.is_none());
}

#[test]
fn keys_answer_while_a_call_is_under_way_and_a_late_reply_changes_nothing() {
    let mut desk = editing();
    desk.type_text("x");
    desk.press("Ctrl-s");
    answer(&mut desk, "y");
    assert_eq!(form(&desk).stage, FormStage::Checking);
    desk.press("z Esc");
    assert_eq!(value(&desk, "studyDescription"), "CT HEADx");
    let (ticket, _) = desk.calls.pop().unwrap();
    answer(&mut desk, "y");
    assert!(desk.effects.contains(&Effect::Abort(ticket)));
    let late = desk.server(study_id(1)).clone();
    desk.reply(ticket, Ok(Reply::Study(Box::new(late))));
    assert!(desk.model.kernel.layers.overlay.is_none());
    assert!(!desk.has_write());
}

#[test]
fn an_answer_behind_the_question_whether_to_leave_sends_nothing() {
    let mut desk = editing();
    desk.type_text("x");
    desk.press("Ctrl-s");
    answer(&mut desk, "y");
    desk.press("Esc");
    desk.serve();
    assert!(!desk.has_write());
    answer(&mut desk, "n");
    assert_eq!(form(&desk).stage, FormStage::Editing);
}

#[test]
fn the_second_ctrl_c_discards_what_was_typed() {
    let mut desk = editing();
    desk.type_text("x");
    desk.press("Ctrl-c");
    assert!(matches!(question(&desk), Some(Question::Leave)));
    answer(&mut desk, "Ctrl-c");
    assert!(desk.model.kernel.layers.overlay.is_none());
    assert!(!desk.has_write() && !desk.model.shell.leaving);
    // Esc goes back, as before.
    let mut desk = editing();
    desk.type_text("x");
    desk.press("Ctrl-c");
    answer(&mut desk, "Esc");
    assert!(question(&desk).is_none());
    assert_eq!(value(&desk, "studyDescription"), "CT HEADx");
}

#[test]
fn the_second_ctrl_c_leaves_while_the_server_has_not_answered() {
    let mut desk = editing();
    desk.type_text("x");
    save(&mut desk);
    desk.press("Ctrl-c");
    assert!(matches!(question(&desk), Some(Question::LeaveUnanswered)));
    answer(&mut desk, "Ctrl-c");
    assert!(desk.model.kernel.layers.overlay.is_none());
    desk.accept_write();
    assert_eq!(desk.notice(), "Saved CT HEADx: description  (u undoes)");
}

#[test]
fn a_write_goes_on_without_its_form_and_what_came_of_it_is_reported() {
    let sent = || {
        let mut desk = editing();
        desk.type_text("x");
        save(&mut desk);
        desk.press("Esc");
        assert!(matches!(question(&desk), Some(Question::LeaveUnanswered)));
        answer(&mut desk, "y");
        assert!(desk.model.kernel.layers.overlay.is_none());
        desk
    };
    let mut desk = sent();
    desk.press("s h");
    assert!(desk.notice().contains("waiting"), "{}", desk.notice());
    desk.press("q");
    assert!(desk.model.shell.leaving && desk.effects.is_empty());
    desk.accept_write();
    assert_eq!(desk.notice(), "Saved CT HEADx: description  (u undoes)");
    assert!(matches!(desk.effects[..], [Effect::Leave(_)]));

    let mut desk = sent();
    let (ticket, _) = desk.write();
    desk.reply(ticket, Err(Failure::rejected(422, b"", None)));
    assert_eq!(value(&desk, "studyDescription"), "CT HEADx");
}

#[test]
fn the_51st_pair_and_the_1001st_character_are_said_and_kept() {
    let mut builder = study(1);
    for n in 0..50 {
        builder = builder.meta(&format!("k{n:02}"), "v");
    }
    let mut desk = Desk::open([builder]);
    desk.press("e");
    desk.serve();
    desk.press("Tab Tab Tab Tab Shift-Tab Shift-Tab Shift-Tab Shift-Tab Shift-Tab Shift-Tab");
    assert_eq!(focused(&desk), "metadata");
    desk.press("Shift-Tab k Tab");
    assert_eq!(problem(&desk, "metadata"), "51 fields; at most 50");
    desk.press("Ctrl-s");
    assert!(message(&desk).contains("correct Metadata"));
    assert!(desk.calls.is_empty());
    desk.press("Ctrl-x Up Ctrl-x k Tab");
    desk.send(Msg::Pasted("x".repeat(1001)));
    assert!(problem(&desk, "metadata").contains("1001 characters; at most 1000"));
    assert!(value(&desk, "metadata").contains(&"x".repeat(1001)));
}

#[test]
fn a_paste_of_a_megabyte_is_left_out_and_said() {
    let mut desk = editing();
    desk.type_text(" WO");
    desk.send(Msg::Pasted("y".repeat(1 << 20)));
    assert!(
        message(&desk).contains("Nothing was pasted"),
        "{}",
        message(&desk)
    );
    assert_eq!(value(&desk, "studyDescription"), "CT HEAD WO");
    desk.send(Msg::Pasted(" contrast\n".into()));
    assert_eq!(value(&desk, "studyDescription"), "CT HEAD WOcontrast");
}

#[test]
fn read_only_opens_no_form() {
    for keys in ["c", "e"] {
        let mut desk = desk();
        desk.press("!");
        desk.press(keys);
        assert!(desk.is_refused());
        assert!(desk.notice().contains("Read-only"));
    }
}

#[test]
fn the_list_stands_still_behind_a_form() {
    let mut desk = editing();
    let before = desk.rows();
    desk.clinic.push(study(9).stat().age(HOUR).build());
    desk.refresh();
    assert_eq!(desk.rows(), before);
    desk.press("Esc");
    desk.now += 1000;
    desk.send(Msg::Ticked);
    assert_ne!(desk.rows(), before);
    assert_eq!(desk.selected(), Some(1));
}

#[test]
fn the_people_read_meanwhile_can_be_chosen() {
    let mut desk = Desk::closed([study(1)]);
    desk.press("c Tab");
    desk.type_text("x");
    desk.press("Tab Tab k i m");
    desk.serve();
    desk.press("Enter");
    let assignee = value(&desk, "assignedTo");
    assert!(assignee.contains(&user_id(1).to_string()), "{assignee}");
}

#[test]
fn a_saved_edit_is_undone_as_one_and_leaves_what_others_changed_since() {
    let mut desk = Desk::open([study(1).description("CT HEAD").meta("site", "North")]);
    let before = desk.clinic.clone();
    desk.press("e");
    desk.serve();
    desk.type_text(" WO");
    desk.press("Ctrl-s");
    desk.serve();
    desk.now += 300;
    desk.press("y");
    desk.serve();
    desk.accept_next(None);
    assert_eq!(desk.server(study_id(1)).study_description, "CT HEAD WO");
    assert!(desk.notice().contains("(u undoes)"), "{}", desk.notice());
    // Someone else adds metadata meanwhile: undoing the description must not take that away.
    desk.server(study_id(1))
        .metadata
        .insert("room".into(), "2".into());
    desk.press("u");
    desk.now += 300;
    desk.press("y");
    desk.serve();
    desk.accept_next(None);
    assert_eq!(desk.server(study_id(1)).metadata.len(), 2);
    desk.server(study_id(1)).metadata.remove("room");
    assert_eq!(desk.clinic, before);
}
