//! A model with an imaginary server behind it: answers are given when the test says so.

use crate::app::*;
use crate::input::Chord;
use crate::input::parse_sequence;
use crate::wire::*;
use crate::worklist::StudyView;
use crate::worklist::testing::{NOW, StudyBuilder};

pub struct Desk {
    pub model: Model,
    pub now: i64,
    /// What the server holds.
    pub clinic: Vec<Study>,
    pub users: Vec<User>,
    pub invitations: Vec<Invitation>,
    /// Users whose access the server has revoked.
    pub revoked: std::collections::BTreeSet<UserId>,
    /// Calls not yet answered.
    pub calls: Vec<(Ticket, Call)>,
    /// Every other effect, oldest first.
    pub effects: Vec<Effect>,
    /// How often the clinic carried out a write, by study.
    pub applied: std::collections::BTreeMap<StudyId, u32>,
    /// A frame is drawn after each message. Off while keys come faster than frames.
    pub draws: bool,
    /// The read before each change is answered at once.
    pub checks: bool,
}

pub fn session() -> Session {
    Session {
        place: Environment::Local,
        host: "127.0.0.1:4010".into(),
        key_source: "AVARA_API_KEY".into(),
        read_only: ReadOnly::Off,
        me_wanted: None,
        me: None,
        has_outage: false,
        refresh: Pace::default(),
        lock_after: None,
        watch: Watch::default(),
        utc_offset: 0,
    }
}

pub fn user(number: u8, first: &str, last: &str, role: ClinicRole) -> User {
    User {
        user_id: UserId::from_bytes([number; 16]),
        email: format!("{}@example.org", last.to_lowercase()),
        profile: Profile {
            first_name: first.into(),
            last_name: last.into(),
            middle_name: None,
            suffix1: None,
            suffix2: None,
            phone_number: None,
            clinic_role: role,
            level: UserLevel::Member,
            can_manage_studies: true,
            has_dashboard_access: false,
        },
        invited_source: InvitedSource::Dashboard,
        created_at: None,
        last_login_at: None,
    }
}

/// A pending invitation to the user of the same number, sent a day ago and valid for `hours` more.
pub fn invitation(number: u8, first: &str, last: &str, hours: i64) -> Invitation {
    let invited = user(number, first, last, ClinicRole::Radiologist);
    let time = chrono::DateTime::from_timestamp_millis;
    Invitation {
        invitation_id: InvitationId::from_bytes([number; 16]),
        user_id: invited.user_id,
        email: invited.email,
        profile: invited.profile,
        status: InvitationStatus::Sent,
        invited_source: InvitedSource::Dashboard,
        clinic_id: "3f2b8c1e-0000-4000-8000-000000000001".into(),
        inviter_id: Some(UserId::from_bytes([3; 16])),
        invited_by_api_key_id: None,
        created_at: time(NOW - 24 * 3_600_000),
        updated_at: None,
        expiry: time(NOW + hours * 3_600_000),
    }
}

impl Desk {
    /// A desk before any answer came.
    pub fn closed(clinic: impl IntoIterator<Item = StudyBuilder>) -> Self {
        Self::of(clinic.into_iter().map(StudyBuilder::build).collect())
    }

    /// A desk before any answer came, over these very records.
    pub fn of(clinic: Vec<Study>) -> Self {
        let size = Size {
            width: 80,
            height: 24,
        };
        let mut model = Model::new(session(), Screen::Worklist, size, NOW);
        let effects = start(&mut model);
        let mut desk = Self {
            model,
            now: NOW,
            clinic,
            users: vec![
                user(1, "Ana", "Kim", ClinicRole::Radiologist),
                user(2, "Ben", "Osei", ClinicRole::Radiologist),
                user(3, "Dana", "Ruiz", ClinicRole::PatientCareCoordinator),
            ],
            invitations: Vec::new(),
            revoked: Default::default(),
            calls: Vec::new(),
            effects: Vec::new(),
            applied: Default::default(),
            draws: true,
            checks: true,
        };
        desk.note(effects);
        desk
    }

    /// A desk with everything loaded.
    pub fn open(clinic: impl IntoIterator<Item = StudyBuilder>) -> Self {
        let mut desk = Self::closed(clinic);
        desk.serve();
        desk
    }

    pub fn note(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Call { ticket, call } => self.calls.push((ticket, call)),
                other => self.effects.push(other),
            }
        }
    }

    pub fn send(&mut self, msg: Msg) {
        let effects = update(&mut self.model, msg, self.now);
        self.note(effects);
        if self.draws {
            // Whether a frame is due is for the tests to see.
            let needs_draw = self.model.kernel.needs_draw;
            self.model.drawn(self.model.kernel.now);
            self.model.kernel.needs_draw = needs_draw;
        }
        if self.checks {
            self.serve_checks();
        }
    }

    /// A study as the list holds it.
    pub fn study(&self, id: StudyId) -> StudyView<'_> {
        self.model.kernel.data.studies.store.find(id).unwrap()
    }

    /// The user under the cursor.
    pub fn user(&self) -> &ListedUser {
        self.model.kernel.data.users.selected().unwrap()
    }

    /// Whether a call reads a study before it is changed.
    pub fn is_check(&self, ticket: Ticket) -> bool {
        use crate::app::message::purpose::CallPurpose;
        matches!(
            self.model.kernel.requests.purpose(ticket),
            Some(CallPurpose::Check(_))
        )
    }

    /// Answers the reads that come before changes.
    pub fn serve_checks(&mut self) {
        let found = |desk: &Self| {
            let mut calls = desk.calls.iter();
            calls.position(|(ticket, _)| desk.is_check(*ticket))
        };
        while let Some(at) = found(self) {
            let (ticket, call) = self.calls.remove(at);
            let outcome = self.answer(&call);
            self.reply(ticket, outcome);
        }
    }

    /// Answers writes and reads until none is left, and lets the request budget fill up meanwhile.
    pub fn answer_writes(&mut self, mut failure: impl FnMut(usize) -> Option<Failure>) {
        let mut number = 0;
        loop {
            while self.has_write() {
                number += 1;
                self.accept_next(failure(number));
                self.serve();
            }
            if self.model.writes.changes.pending_count() == 0 {
                return;
            }
            self.now += 1_000;
            self.send(Msg::Ticked);
            self.serve();
        }
    }

    /// Presses keys faster than frames are drawn.
    pub fn burst(&mut self, keys: &str) {
        self.draws = false;
        self.press(keys);
        self.draws = true;
        self.model.drawn(self.model.kernel.now);
    }

    pub fn press(&mut self, keys: &str) {
        for chord in parse_sequence(keys).unwrap() {
            self.send(Msg::Key(chord));
        }
    }

    /// Types text, one key a character.
    pub fn type_text(&mut self, text: &str) {
        for c in text.chars() {
            self.send(Msg::Key(Chord::plain(crate::input::Key::Char(c))));
        }
    }

    pub fn reply(&mut self, ticket: Ticket, outcome: Result<Reply, Failure>) {
        self.send(Msg::Replied {
            ticket,
            outcome,
            server_time: None,
        });
    }

    /// Answers every read, and the reads that follow from it, out of the clinic.
    pub fn serve(&mut self) {
        while let Some(at) = self.calls.iter().position(|(_, call)| !call.is_write()) {
            let (ticket, call) = self.calls.remove(at);
            let outcome = self.answer(&call);
            self.reply(ticket, outcome);
        }
    }

    pub fn answer(&self, call: &Call) -> Result<Reply, Failure> {
        match call {
            Call::ListStudies(list) => {
                let items = self.clinic.iter().filter(|s| is_listed(list, s)).cloned();
                Ok(Reply::Studies(page(items.collect())))
            }
            Call::ListUsers(list) => {
                let users = self
                    .users
                    .iter()
                    .filter(|user| list.email.as_ref().is_none_or(|email| *email == user.email));
                Ok(Reply::Users(page(users.cloned().collect())))
            }
            Call::GetUser(get) => self
                .users
                .iter()
                .find(|user| user.user_id == get.user_id)
                .map(|user| Reply::User(Box::new(user.clone())))
                .ok_or_else(|| Failure::rejected(404, b"", None)),
            // Every invitation, whatever is asked: the client does not rely on the server's filters.
            Call::ListInvitations(_) => Ok(Reply::Invitations(page(self.invitations.clone()))),
            Call::GetInvitation(get) => self
                .invitations
                .iter()
                .find(|invitation| invitation.invitation_id == get.invitation_id)
                .map(|invitation| Reply::Invitation(Box::new(invitation.clone())))
                .ok_or_else(|| Failure::rejected(404, b"", None)),
            Call::GetStudy(get) => self
                .clinic
                .iter()
                .find(|study| study.study_id == get.study_id)
                .map(|study| Reply::Study(Box::new(study.clone())))
                .ok_or_else(|| Failure::rejected(404, b"", None)),
            Call::GetStudyByUid(get) => self
                .clinic
                .iter()
                .find(|study| study.study_instance_uid.as_str() == get.study_instance_uid.as_str())
                .map(|study| Reply::Study(Box::new(study.clone())))
                .ok_or_else(|| Failure::rejected(404, b"", None)),
            Call::RerouteUrl(_) => Ok(Reply::Link(RerouteUrlResponse {
                url: "https://viewer.example.org/t".into(),
            })),
            Call::CreateStudy(_)
            | Call::UpdateStudy(_)
            | Call::InviteUser(_)
            | Call::UpdateUser(_)
            | Call::UpdateInvitation(_)
            | Call::CancelStudy(_)
            | Call::UncancelStudy(_)
            | Call::RevokeAccess(_)
            | Call::ReactivateUser(_)
            | Call::RevokeInvitation(_) => {
                panic!("a write is not served by itself")
            }
        }
    }

    /// Lets the refresh interval pass and answers what is asked then.
    /// Lets time pass second by second, every read answered at once.
    pub fn pass(&mut self, seconds: i64) {
        for _ in 0..seconds {
            self.now += 1_000;
            self.send(Msg::Ticked);
            self.serve();
        }
    }

    pub fn refresh(&mut self) {
        self.now += self.model.kernel.session.refresh.open + 1;
        self.send(Msg::Ticked);
        self.serve();
    }

    /// The one write that waits for its answer.
    pub fn write(&mut self) -> (Ticket, UpdateStudy) {
        let writes: Vec<_> = self
            .calls
            .iter()
            .filter_map(|(ticket, call)| match call {
                Call::UpdateStudy(update) => Some((*ticket, update.clone())),
                _ => None,
            })
            .collect();
        assert_eq!(writes.len(), 1, "{writes:?}");
        self.calls.retain(|(ticket, _)| *ticket != writes[0].0);
        writes[0].clone()
    }

    pub fn has_write(&self) -> bool {
        self.calls.iter().any(|(_, call)| call.is_write())
    }

    /// Carries the waiting write out in the clinic and answers it.
    pub fn accept_write(&mut self) {
        let (ticket, update) = self.write();
        let study = self.apply(&update);
        self.reply(ticket, Ok(Reply::Study(Box::new(study))));
    }

    pub fn writes(&self) -> usize {
        self.calls
            .iter()
            .filter(|(_, call)| call.is_write())
            .count()
    }

    /// Answers the call that was put last: carried out, or with this failure.
    pub fn accept_last(&mut self, failure: Option<Failure>) {
        let Some((ticket, call)) = self.calls.pop() else {
            return;
        };
        let outcome = match failure {
            Some(failure) => Err(failure),
            None => Ok(self.carry_out(&call)),
        };
        self.reply(ticket, outcome);
    }

    /// Answers the write that has waited longest: carried out, or with this failure.
    pub fn accept_next(&mut self, failure: Option<Failure>) {
        let at = self
            .calls
            .iter()
            .position(|(_, call)| call.is_write())
            .unwrap_or_else(|| {
                panic!(
                    "no write waits: {}, {:?}",
                    self.notice(),
                    self.model.writes.changes.failed()
                )
            });
        let (ticket, call) = self.calls.remove(at);
        let outcome = match failure {
            Some(failure) => Err(failure),
            None => Ok(self.carry_out(&call)),
        };
        self.reply(ticket, outcome);
    }

    fn carry_out(&mut self, call: &Call) -> Reply {
        let (id, is_cancelled) = match call {
            Call::UpdateStudy(update) => return Reply::Study(Box::new(self.apply(update))),
            Call::CreateStudy(create) => return Reply::Study(Box::new(self.add(create))),
            Call::CancelStudy(cancel) => (cancel.0.study_id.unwrap(), true),
            Call::UncancelStudy(uncancel) => (uncancel.0.study_id.unwrap(), false),
            Call::InviteUser(invite) => return Reply::User(Box::new(self.invite(invite))),
            Call::UpdateUser(update) => {
                let mut users = self.users.iter_mut();
                let user = users.find(|it| it.user_id == update.user_id).unwrap();
                user.profile.apply(&update.profile);
                return Reply::User(Box::new(user.clone()));
            }
            Call::UpdateInvitation(update) => {
                let mut invitations = self.invitations.iter_mut();
                let invitation = invitations
                    .find(|it| it.invitation_id == update.invitation_id)
                    .unwrap();
                invitation.profile.apply(&update.profile);
                return Reply::Invitation(Box::new(invitation.clone()));
            }
            Call::RevokeAccess(revoke) => {
                self.revoked.insert(revoke.user_id);
                return Reply::Done;
            }
            Call::ReactivateUser(reactivate) => {
                self.revoked.remove(&reactivate.user_id);
                return Reply::Done;
            }
            Call::RevokeInvitation(revoke) => {
                for invitation in &mut self.invitations {
                    if Some(invitation.invitation_id) == revoke.invitation_id {
                        invitation.status = InvitationStatus::Revoked;
                    }
                }
                return Reply::Done;
            }
            read => panic!("{read:?} is no write"),
        };
        self.server(id).is_cancelled = is_cancelled;
        Reply::Done
    }

    /// Adds an invitation to the clinic. Returns what the server would answer.
    pub fn invite(&mut self, invite: &InviteUser) -> User {
        let number = 100 + self.invitations.len() as u8;
        let Profile {
            first_name,
            last_name,
            clinic_role,
            ..
        } = &invite.profile;
        let mut record = invitation(number, first_name, last_name, 168);
        let mut user = user(number, first_name, last_name, clinic_role.clone());
        record.email.clone_from(&invite.email);
        record.profile.clone_from(&invite.profile);
        user.email.clone_from(&invite.email);
        user.profile.clone_from(&invite.profile);
        self.invitations.push(record);
        user
    }

    /// The one write of this kind that waits for its answer.
    pub fn take_write(&mut self) -> (Ticket, Call) {
        assert_eq!(self.writes(), 1);
        let at = self.calls.iter().position(|(_, call)| call.is_write());
        self.calls.remove(at.unwrap())
    }

    pub fn apply(&mut self, update: &UpdateStudy) -> Study {
        *self.applied.entry(update.study_id).or_default() += 1;
        let users = self.users.clone();
        let study = self.server(update.study_id);
        match update.assigned_to {
            Patch::Keep => {}
            Patch::Clear => study.assigned_to = None,
            Patch::Set(id) => {
                let user = users.iter().find(|user| user.user_id == id).unwrap();
                study.assigned_to = Some(UserReference {
                    user_id: id,
                    email: user.email.clone(),
                    first_name: Some(user.profile.first_name.clone()),
                    last_name: Some(user.profile.last_name.clone()),
                    middle_name: None,
                    suffix1: None,
                    suffix2: None,
                });
            }
        }
        match &update.metadata {
            Patch::Keep => {}
            Patch::Clear => study.metadata.clear(),
            Patch::Set(metadata) => study.metadata = metadata.clone(),
        }
        if let Some(description) = &update.study_description {
            study.study_description.clone_from(description);
        }
        if let Some(severity) = &update.severity {
            study.severity = severity.clone();
        }
        if let Some(status) = &update.study_viewer_status {
            study.study_viewer_status = status.clone();
        }
        study.clone()
    }

    /// The one creation that waits for its answer.
    pub fn creation(&mut self) -> (Ticket, CreateStudy) {
        let is_creation = |call: &Call| matches!(call, Call::CreateStudy(_));
        let at = self.calls.iter().position(|(_, call)| is_creation(call));
        let (ticket, call) = self.calls.remove(at.expect("a creation waits"));
        assert!(!self.calls.iter().any(|(_, call)| is_creation(call)));
        let Call::CreateStudy(create) = call else {
            unreachable!()
        };
        (ticket, create)
    }

    /// Takes a new study into the clinic.
    pub fn add(&mut self, create: &CreateStudy) -> Study {
        let number = 200 + self.clinic.len() as u8;
        let mut study = crate::worklist::testing::study(number).build();
        study.study_instance_uid = create.study_instance_uid.clone().into();
        study
            .study_description
            .clone_from(&create.study_description);
        study.severity = create.severity.clone();
        study.metadata = create.metadata.clone();
        study.customer = create.express_customer_id.map(|id| CustomerReference {
            express_customer_id: id,
            express_customer_name: "Lakeside".into(),
        });
        self.clinic.push(study.clone());
        let mut update = UpdateStudy::of(study.study_id);
        if let Some(id) = create.assigned_to {
            update.assigned_to = Patch::Set(id);
        }
        self.apply(&update)
    }

    /// Carries the waiting creation out in the clinic and answers it.
    pub fn accept_creation(&mut self) {
        let (ticket, create) = self.creation();
        let study = self.add(&create);
        self.reply(ticket, Ok(Reply::Study(Box::new(study))));
    }

    /// The server's own record of a study.
    pub fn server(&mut self, id: StudyId) -> &mut Study {
        self.clinic
            .iter_mut()
            .find(|study| study.study_id == id)
            .unwrap()
    }

    /// The studies on the list, by the number they were built with.
    pub fn rows(&self) -> Vec<u8> {
        let list = &self.model.kernel.data.studies;
        list.rows()
            .iter()
            .map(|slot| list.store.get(*slot).id().as_bytes()[0])
            .collect()
    }

    pub fn selected(&self) -> Option<u8> {
        self.model
            .kernel
            .data
            .studies
            .selected()
            .map(|id| id.as_bytes()[0])
    }

    /// What was asked for cannot be done now, and the keys that follow are swallowed.
    pub fn is_refused(&self) -> bool {
        matches!(self.model.kernel.layers.overlay, Some(Overlay::Refused(_)))
    }

    /// What the program said last: why something cannot be done, or else the status line.
    pub fn notice(&self) -> &str {
        if let Some(Overlay::Refused(refusal)) = &self.model.kernel.layers.overlay {
            return &refusal.reason;
        }
        self.model
            .kernel
            .notice
            .as_ref()
            .map_or("", |notice| notice.text.as_str())
    }
}

pub fn page<T>(items: Vec<T>) -> Page<T> {
    Page {
        items,
        unreadable: Vec::new(),
        cursor: None,
        has_more: false,
    }
}

fn is_listed(list: &ListStudies, study: &Study) -> bool {
    list.severity.as_ref().is_none_or(|s| *s == study.severity)
        && list.is_cancelled.is_none_or(|c| c == study.is_cancelled)
        && list
            .study_viewer_status
            .as_ref()
            .is_none_or(|s| *s == study.study_viewer_status)
}
