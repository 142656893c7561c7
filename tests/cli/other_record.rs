//! A server that answers one request, or all of them, about another record than the one asked for.

use std::sync::{Arc, Mutex};

use avara_tui::wire::{Identifier, UserId};
use serde_json::{Value, json};

use super::common::{Server, json as answer};
use super::questions::{self, other};
use super::{Ran, finish, program};

/// Which answers are about the other record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    None,
    /// That to the n-th request.
    Nth(usize),
    All,
    /// Those to changes, which the server makes to the other record too.
    Changes,
}

/// Two records of each kind, the second one with every name another.
struct Records {
    studies: [Value; 2],
    users: [Value; 2],
    invitations: [Value; 2],
}

const NAMES: [Identifier; 5] = [
    Identifier::StudyId,
    Identifier::StudyUid,
    Identifier::UserId,
    Identifier::InvitationId,
    Identifier::Email,
];

fn twins(record: Value) -> [Value; 2] {
    let mut twin = record.clone();
    for name in NAMES {
        if twin.get(name.field()).is_some() {
            twin[name.field()] = json!(other(name));
        }
    }
    [record, twin]
}

impl Records {
    fn new(set_up: &Value) -> Self {
        let mut study = questions::study();
        merge(&mut study, set_up);
        let mut studies = twins(study);
        // The other study is somebody else's.
        let assignee = studies[1].pointer_mut("/assignedTo/userId");
        if let Some(id) = assignee.filter(|id| **id == user()) {
            *id = json!(other(Identifier::UserId));
        }
        Self {
            studies,
            users: twins(questions::user()),
            invitations: twins(questions::invitation()),
        }
    }

    fn kind(&mut self, path: &str) -> (&mut [Value; 2], &'static str) {
        if path.starts_with("/v1/viewer/studies") {
            (&mut self.studies, "studies")
        } else if path.starts_with("/v1/viewer/users/invitations") {
            (&mut self.invitations, "invitations")
        } else {
            (&mut self.users, "users")
        }
    }

    /// Does what a request asks for, and gives the body of the answer; of the other record if `is_wrong`.
    /// `strikes`: the other record is changed, too.
    fn answer(&mut self, request: &str, is_wrong: bool, strikes: bool) -> Value {
        let (head, body) = request.split_once("\r\n\r\n").unwrap_or((request, ""));
        let mut words = head.split(' ');
        let (method, target) = (words.next().unwrap(), words.next().unwrap());
        let path = target.split('?').next().unwrap();
        let last = path.rsplit('/').next().unwrap();
        let body: Value = serde_json::from_str(body).unwrap_or_default();
        let (records, plural) = self.kind(path);
        let named = |text: &str| records.iter().position(|one| has_name(one, text));
        if method == "GET" && last == plural {
            return json!({ plural: listed(records, is_wrong), "hasMore": false });
        }
        if let Some(at) = named(last) {
            let at = if strikes { 1 - at } else { at };
            if method == "PATCH" {
                patch(&mut records[at], &body);
            }
            let shown = if is_wrong && !strikes { 1 - at } else { at };
            return records[shown].clone();
        }
        let in_body = NAMES
            .iter()
            .find_map(|name| named(body[name.field()].as_str()?));
        if last == "studies" || last == "users" {
            // Made, and known from then on.
            let mut made = records[0].clone();
            merge(&mut made, &body);
            let mut shown = made.clone();
            if is_wrong {
                let name = if last == "users" {
                    Identifier::Email
                } else {
                    Identifier::StudyUid
                };
                shown[name.field()] = json!(other(name));
            }
            if !strikes {
                records[0] = made;
            }
            return shown;
        }
        if let Some(at) = in_body {
            let at = if strikes { 1 - at } else { at };
            match last {
                "cancel" => records[at]["isCancelled"] = json!(true),
                "uncancel" => records[at]["isCancelled"] = json!(false),
                "revoke" => records[at]["status"] = json!("revoked"),
                _ => {}
            }
        }
        json!({"success": true})
    }
}

fn has_name(record: &Value, text: &str) -> bool {
    NAMES.iter().any(|name| record[name.field()] == text)
}

/// A wrong list shows each record with the id of the other one.
fn listed(records: &[Value; 2], is_wrong: bool) -> Vec<Value> {
    let mut listed = records.to_vec();
    if is_wrong {
        let own = ["invitationId", "studyId", "userId"];
        let id = own
            .iter()
            .find(|id| records[0].get(**id).is_some())
            .unwrap();
        for (at, one) in listed.iter_mut().enumerate() {
            one[*id] = records[1 - at][*id].clone();
        }
    }
    listed
}

fn merge(record: &mut Value, fields: &Value) {
    for (field, value) in fields.as_object().into_iter().flatten() {
        record[field] = value.clone();
    }
}

fn patch(record: &mut Value, fields: &Value) {
    merge(record, fields);
    if let Some(user) = fields["assignedTo"].as_str() {
        record["assignedTo"] = json!({"userId": user, "email": questions::EMAIL});
    }
}

struct Clinic {
    server: Server,
    records: Arc<Mutex<Records>>,
}

impl Clinic {
    fn open(set_up: &Value, wrong: Wrong) -> Self {
        let records = Arc::new(Mutex::new(Records::new(set_up)));
        let shared = records.clone();
        let server = Server::answering(move |number, request| {
            let is_change = !request.starts_with("GET ");
            let is_wrong = match wrong {
                Wrong::None => false,
                Wrong::Nth(nth) => number == nth,
                Wrong::All => true,
                Wrong::Changes => is_change,
            };
            let strikes = wrong == Wrong::Changes && is_change;
            let body = shared.lock().unwrap().answer(request, is_wrong, strikes);
            answer(200, &body.to_string())
        });
        Self { server, records }
    }

    fn run(&self, arguments: &[String]) -> Ran {
        let url = format!("http://{}", self.server.address);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        finish(&mut program(&url, &arguments))
    }

    /// Where in the order of requests the changes stand.
    fn changes(&self) -> Vec<usize> {
        let requests = self.server.requests();
        let numbered = requests.iter().enumerate();
        let changes = numbered.filter(|(_, request)| !request.starts_with("GET "));
        changes.map(|(number, _)| number).collect()
    }

    /// The other records, which nobody ever asks to change.
    fn others(&self) -> [Value; 3] {
        let records = self.records.lock().unwrap();
        [&records.studies, &records.users, &records.invitations].map(|two| two[1].clone())
    }
}

struct Verb {
    line: String,
    /// What the study is like before.
    set_up: Value,
    /// Whatever the message must name one of.
    asked: Vec<String>,
}

fn study() -> String {
    questions::study_id().to_string()
}

fn user() -> String {
    questions::user_id().to_string()
}

fn invitation() -> String {
    questions::invitation_id().to_string()
}

/// Every verb that changes something, by every name that it takes.
fn verbs() -> Vec<Verb> {
    let (id, uid, email) = (study(), questions::UID, questions::EMAIL);
    let (user, invitation) = (user(), invitation());
    let held =
        json!({"assignedTo": {"userId": UserId::from_bytes([9; 16]), "email": "x@example.org"}});
    let hers = json!({"assignedTo": {"userId": &user, "email": email}});
    let mut verbs = Vec::new();
    let mut verb = |line: String, set_up: &Value, asked: &[&str]| {
        verbs.push(Verb {
            line,
            set_up: set_up.clone(),
            asked: asked.iter().map(|it| (*it).to_owned()).collect(),
        });
    };
    for name in [id.as_str(), uid] {
        let asked = [id.as_str(), uid];
        verb(format!("studies assign {name} --to {user}"), &held, &asked);
        verb(format!("studies unassign {name}"), &held, &asked);
        verb(
            format!("studies severity high {name}"),
            &Value::Null,
            &asked,
        );
        verb(format!("studies complete {name}"), &Value::Null, &asked);
        let complete = json!({"studyViewerStatus": "complete"});
        verb(format!("studies reopen {name}"), &complete, &asked);
        verb(format!("studies cancel {name}"), &Value::Null, &asked);
        let cancelled = json!({"isCancelled": true});
        verb(format!("studies uncancel {name}"), &cancelled, &asked);
        verb(
            format!("studies edit {name} --meta room=4"),
            &Value::Null,
            &asked,
        );
    }
    let asked = [id.as_str(), uid, &user, email];
    verb(format!("studies assign {id} --to {email}"), &held, &asked);
    for name in [user.as_str(), email] {
        let asked = [user.as_str(), email, &id];
        verb(
            format!("users edit {name} --last-name X"),
            &Value::Null,
            &asked,
        );
        verb(format!("users revoke {name} --yes"), &Value::Null, &asked);
        verb(
            format!("users revoke {name} --unassign --yes"),
            &hers,
            &asked,
        );
        verb(format!("users reactivate {name}"), &Value::Null, &asked);
    }
    let asked = [invitation.as_str(), &user];
    verb(
        format!("invitations edit {invitation} --last-name X"),
        &Value::Null,
        &asked,
    );
    verb(
        format!("invitations revoke {invitation} --yes"),
        &Value::Null,
        &asked,
    );
    verb(
        format!("invitations revoke --user {user} --yes"),
        &Value::Null,
        &asked,
    );
    verbs
}

impl Verb {
    fn arguments(&self) -> Vec<String> {
        self.line.split(' ').map(str::to_owned).collect()
    }

    fn run(&self, wrong: Wrong) -> (Clinic, Ran) {
        let clinic = Clinic::open(&self.set_up, wrong);
        let ran = clinic.run(&self.arguments());
        (clinic, ran)
    }

    /// Nothing is called done, and what was asked for is named.
    fn check_undone(&self, ran: &Ran, good: &Ran, case: &str) {
        assert_ne!(ran.code, 0, "{case}: {ran:?}");
        assert_eq!(ran.stdout, "", "{case}: {ran:?}");
        for line in good
            .stderr
            .lines()
            .filter(|line| !line.contains("stay with"))
        {
            // A study may have been moved well before the answer that was wrong.
            let is_earlier = line.contains("unassigned") && self.line.starts_with("users revoke");
            assert!(is_earlier || !ran.stderr.contains(line), "{case}: {ran:?}");
        }
        let is_named = self.asked.iter().any(|asked| ran.stderr.contains(asked));
        assert!(is_named, "{case}: {ran:?}");
    }
}

#[test]
fn no_change_follows_an_answer_about_another_record() {
    let (mut before, mut after) = (0, 0);
    for verb in verbs() {
        let (clinic, good) = verb.run(Wrong::None);
        assert_eq!(good.code, 0, "{}: {good:?}", verb.line);
        let (requests, changes) = (clinic.server.requests(), clinic.changes());
        let others = clinic.others();
        assert!(!changes.is_empty(), "{}", verb.line);
        for (nth, request) in requests.iter().enumerate() {
            // What only says yes names nobody, and nobody's studies are of no account.
            let is_nameless = request.starts_with("POST ")
                || request.starts_with("GET /v1/viewer/studies?")
                    && (verb.set_up.is_null() || nth > changes[0]);
            let case = format!("{}, answer {nth}", verb.line);
            let (clinic, ran) = verb.run(Wrong::Nth(nth));
            let sent = clinic.changes();
            assert_eq!(clinic.others(), others, "{case}: {ran:?}");
            if is_nameless {
                assert_eq!((ran.code, &sent), (0, &changes), "{case}: {ran:?}");
            } else if changes.contains(&nth) {
                // The answer to a change: a look shows it, and nothing is sent again.
                let is_found = ran.code == 0 && ran.stderr.contains("it was found so");
                assert!(
                    is_found || ran.stderr.contains("unconfirmed"),
                    "{case}: {ran:?}"
                );
                let repeated = sent.iter().filter(|at| requests_same(&clinic, **at, nth));
                assert_eq!(repeated.count(), 1, "{case}: {ran:?}");
                after += 1;
            } else {
                verb.check_undone(&ran, &good, &case);
                // Whatever stood behind it in the order is not sent.
                let earlier = changes.iter().filter(|at| **at < nth).count();
                assert!(sent.len() <= earlier, "{case}: {ran:?}");
                before += 1;
            }
        }
        let (clinic, ran) = verb.run(Wrong::All);
        verb.check_undone(&ran, &good, &format!("{}, all", verb.line));
        assert_eq!(
            clinic.changes(),
            Vec::<usize>::new(),
            "{}: {ran:?}",
            verb.line
        );
    }
    println!("{before} wrong answers before a change, {after} to one");
    assert!(before > 40 && after > 10, "{before} {after}");
}

fn requests_same(clinic: &Clinic, one: usize, other: usize) -> bool {
    let requests = clinic.server.requests();
    requests[one].lines().next() == requests[other].lines().next()
}

#[test]
fn a_change_that_struck_another_record_is_unconfirmed_and_never_sent_again() {
    for verb in verbs() {
        // What only says yes cannot be seen to strike anybody, where the API shows no state.
        if verb.line.starts_with("users re") {
            continue;
        }
        let (_, good) = verb.run(Wrong::None);
        let (clinic, ran) = verb.run(Wrong::Changes);
        verb.check_undone(&ran, &good, &verb.line);
        assert!(ran.stderr.contains("unconfirmed"), "{}: {ran:?}", verb.line);
        assert_eq!(clinic.changes().len(), 1, "{}: {ran:?}", verb.line);
    }
}

#[test]
fn what_is_made_is_made_once_and_is_the_one_that_was_asked_for() {
    let create = "studies create --uid 1.2.77 --description CT --severity stat --wait 0";
    let invite = "users invite --email new@example.org --first-name N --last-name W \
                  --role Radiologist --level member --yes --wait 0";
    for (line, asked) in [(create, "1.2.77"), (invite, "new@example.org")] {
        let verb = Verb {
            line: line.into(),
            set_up: Value::Null,
            asked: vec![asked.into()],
        };
        let (clinic, good) = verb.run(Wrong::None);
        assert_eq!(
            (good.code, clinic.changes().len()),
            (0, 1),
            "{line}: {good:?}"
        );
        let made = clinic.changes()[0];
        // Made, and answered as another: a look by its own name finds it.
        let (clinic, ran) = verb.run(Wrong::Nth(made));
        assert_eq!(
            (ran.code, clinic.changes().len()),
            (0, 1),
            "{line}: {ran:?}"
        );
        assert!(
            ran.stderr.contains("found") && ran.stderr.contains(asked),
            "{ran:?}"
        );
        // Answered as another and not there: nobody knows.
        let (clinic, ran) = verb.run(Wrong::Changes);
        verb.check_undone(&ran, &good, line);
        assert_eq!(clinic.changes().len(), 1, "{line}: {ran:?}");
        assert!(ran.stderr.contains("unconfirmed"), "{line}: {ran:?}");
    }
}

#[test]
fn a_record_that_is_shown_is_the_one_that_was_asked_for() {
    for (line, asked) in [
        (format!("studies get {}", study()), study()),
        (
            format!("studies get {} --json", questions::UID),
            questions::UID.into(),
        ),
        (format!("users get {}", user()), user()),
        (
            format!("users get {}", questions::EMAIL),
            questions::EMAIL.into(),
        ),
        (
            format!("invitations get {} --json", invitation()),
            invitation(),
        ),
    ] {
        let verb = Verb {
            line,
            set_up: Value::Null,
            asked: vec![asked],
        };
        let (_, good) = verb.run(Wrong::None);
        assert_eq!(good.code, 0, "{}: {good:?}", verb.line);
        let (_, ran) = verb.run(Wrong::All);
        verb.check_undone(&ran, &good, &verb.line);
    }
}
