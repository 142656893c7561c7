//! The program behind a network of which each answer takes the same time, and servers that do not end
//! their lists. Time is passed in: a minute takes as long as its messages take to be worked off.

use crate::app::tests::desk::{session, user};
use crate::app::*;
use crate::sync::admits;
use crate::wire::*;
use crate::worklist::testing::{NOW, StudyBuilder, study};

/// More messages at one moment than any budget allows.
const TOO_MANY_AT_ONCE: u32 = 20_000;

/// What is wrong with a server's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Every list is the list of everything.
    FiltersIgnored,
    /// One of the open studies has a status that this version does not know.
    UnknownStatus,
    /// One of the open studies is cancelled.
    CancelledIsOpen,
    /// One of the open studies is complete.
    CompleteIsOpen,
    /// Each page has a new cursor and new studies.
    NewForEver,
    /// Each page has a new cursor, new complete studies, and one that is open: all of these in turn.
    ClosedForEver,
    /// Each page has a new cursor and the same study.
    SameStudy,
    SameCursor,
    EmptyPage,
    /// Each page has a new cursor and a hundred records that cannot be read.
    Unreadable,
    /// Two cursors in turn, and new studies.
    TwoCursors,
    /// There is more, but not where.
    NoCursor,
    /// Each page takes longer than the one before.
    Slower,
}

/// A study with a number of its own, of which there are more than a byte tells.
pub fn numbered(builder: StudyBuilder, number: u32) -> Study {
    let mut study = builder.build();
    let mut id = [0xee; 16];
    id[..4].copy_from_slice(&number.to_be_bytes());
    study.study_id = StudyId::from_bytes(id);
    study
}

pub struct Server {
    pub fault: Fault,
    pub studies: Vec<Study>,
    /// A STAT study that has come in. Its list begins with it, whatever else is wrong.
    pub arrival: Option<Study>,
    /// The lists of people never end either.
    pub people_repeat: bool,
    /// Records and cursors that were made up.
    made: u32,
    /// Whose turn it was last, where studies come in turn.
    turn: usize,
    pub page: usize,
}

impl Server {
    pub fn new(fault: Fault) -> Self {
        let mut studies: Vec<Study> = (0..30)
            .map(|n| match n % 5 {
                0 => study(n).stat().description(&format!("Stat {n}")).build(),
                1 => study(n).high().description(&format!("High {n}")).build(),
                _ => study(n).description(&format!("Plain {n}")).build(),
            })
            .collect();
        for n in 30..60 {
            studies.push(study(n).complete().description("Done").build());
        }
        Self {
            fault,
            studies,
            arrival: None,
            people_repeat: false,
            made: 1_000,
            turn: 0,
            page: 10,
        }
    }

    /// Milliseconds that this answer takes longer than others.
    pub fn delay(&self, call: &Call) -> i64 {
        match (self.fault, call) {
            (Fault::Slower, Call::ListStudies(list)) => 400 * offset(list) as i64,
            _ => 0,
        }
    }

    pub fn answer(&mut self, call: &Call) -> Result<Reply, Failure> {
        match call {
            Call::ListStudies(list) => Ok(Reply::Studies(self.list(list))),
            Call::GetStudy(get) => self
                .studies
                .iter()
                .chain(&self.arrival)
                .find(|study| study.study_id == get.study_id)
                .map(|study| Reply::Study(Box::new(study.clone())))
                .ok_or_else(|| Failure::rejected(404, b"", None)),
            Call::ListUsers(_) => {
                let users = vec![user(1, "Ana", "Kim", ClinicRole::Radiologist)];
                Ok(Reply::Users(self.people(users)))
            }
            Call::ListInvitations(_) => Ok(Reply::Invitations(self.people(Vec::new()))),
            other => panic!("not asked for by reading: {other:?}"),
        }
    }

    fn people<T>(&mut self, items: Vec<T>) -> Page<T> {
        let cursor = self.people_repeat.then(|| self.new_cursor());
        page(items, cursor)
    }

    fn new_cursor(&mut self) -> String {
        self.made += 1;
        format!("made-{}", self.made)
    }

    fn list(&mut self, list: &ListStudies) -> Page<Study> {
        let is_stat = list.severity == Some(Severity::Stat);
        let is_first = list.cursor.is_none();
        let mut page = self.faulty(list);
        if is_stat
            && is_first
            && let Some(arrival) = &self.arrival
        {
            page.items.insert(0, arrival.clone());
        }
        page
    }

    fn faulty(&mut self, list: &ListStudies) -> Page<Study> {
        let is_open = list.study_viewer_status == Some(StudyViewerStatus::Incomplete);
        match self.fault {
            Fault::FiltersIgnored => self.honest(
                &ListStudies {
                    cursor: list.cursor.clone(),
                    ..ListStudies::default()
                },
                None,
            ),
            Fault::UnknownStatus if is_open => {
                let odd = numbered(study(0).status("archived").description("Odd one"), 1);
                self.honest(list, Some(odd))
            }
            Fault::CancelledIsOpen if is_open => {
                let odd = numbered(study(0).cancelled().description("Odd one"), 1);
                self.honest(list, Some(odd))
            }
            Fault::CompleteIsOpen if is_open => {
                let odd = numbered(study(0).complete().description("Odd one"), 1);
                self.honest(list, Some(odd))
            }
            Fault::NewForEver => {
                let items = (0..self.page).map(|_| self.made_up(list)).collect();
                page(items, Some(self.new_cursor()))
            }
            Fault::ClosedForEver => {
                self.turn += 1;
                let open = self.studies[self.turn % 30].clone();
                let closed = (0..self.page).map(|_| {
                    self.made += 1;
                    numbered(study(0).complete().description("Made up"), self.made)
                });
                let items = closed.chain([open]).collect();
                page(items, Some(self.new_cursor()))
            }
            Fault::TwoCursors => {
                let next = if list.cursor.as_deref() == Some("a") {
                    "b"
                } else {
                    "a"
                };
                page(vec![self.made_up(list)], Some(next.into()))
            }
            Fault::SameStudy => {
                let same = self.studies[..1].to_vec();
                page(same, Some(self.new_cursor()))
            }
            Fault::SameCursor => page(self.studies[..10].to_vec(), Some("same".into())),
            Fault::EmptyPage => page(Vec::new(), Some(self.new_cursor())),
            Fault::NoCursor => Page {
                has_more: true,
                ..page(self.studies[..10].to_vec(), None)
            },
            Fault::Unreadable => Page {
                unreadable: (0..100)
                    .map(|_| Unreadable {
                        id: None,
                        reason: "odd".into(),
                    })
                    .collect(),
                ..page(Vec::new(), Some(self.new_cursor()))
            },
            Fault::UnknownStatus
            | Fault::CancelledIsOpen
            | Fault::CompleteIsOpen
            | Fault::Slower => self.honest(list, None),
        }
    }

    /// A study that nobody has seen, of the kind that was asked for.
    fn made_up(&mut self, list: &ListStudies) -> Study {
        self.made += 1;
        let mut builder = study(0).description("Made up");
        if let Some(severity) = &list.severity {
            builder = builder.severity(severity.as_str());
        }
        if list.study_viewer_status == Some(StudyViewerStatus::Complete) {
            builder = builder.complete();
        }
        if list.is_cancelled == Some(true) {
            builder = builder.cancelled();
        }
        numbered(builder, self.made)
    }

    /// A page as it should be, with a study first that is none of it.
    fn honest(&self, list: &ListStudies, odd: Option<Study>) -> Page<Study> {
        let found: Vec<&Study> = odd
            .iter()
            .chain(self.studies.iter().filter(|study| admits(list, study)))
            .collect();
        let offset = offset(list);
        let items: Vec<Study> = found
            .iter()
            .skip(offset)
            .take(self.page)
            .map(|study| (*study).clone())
            .collect();
        let next = offset + items.len();
        page(items, (next < found.len()).then(|| next.to_string()))
    }
}

fn offset(list: &ListStudies) -> usize {
    let cursor = list.cursor.as_deref().unwrap_or("0");
    // A cursor that was made up before the fault was mended.
    cursor.parse().unwrap_or(0)
}

fn page<T>(items: Vec<T>, cursor: Option<String>) -> Page<T> {
    Page {
        items,
        unreadable: Vec::new(),
        has_more: cursor.is_some(),
        cursor,
    }
}

/// The program and a server, an answer's time apart.
pub struct Net {
    pub model: Model,
    pub server: Server,
    pub now: i64,
    latency: i64,
    /// Answers under way, by the time at which they arrive.
    under_way: Vec<(i64, Ticket, Call)>,
    /// When each request was made.
    pub requests: Vec<i64>,
    /// And what it was.
    calls: Vec<Call>,
    pub rings: u32,
    at_once: (i64, u32),
}

impl Net {
    pub fn new(server: Server, latency: i64) -> Self {
        let size = Size {
            width: 120,
            height: 40,
        };
        let mut model = Model::new(session(), Screen::Worklist, size, NOW);
        let effects = start(&mut model);
        let mut net = Self {
            model,
            server,
            now: NOW,
            latency,
            under_way: Vec::new(),
            requests: Vec::new(),
            calls: Vec::new(),
            rings: 0,
            at_once: (NOW, 0),
        };
        net.carry_out(effects);
        net
    }

    pub fn send(&mut self, msg: Msg) {
        let effects = update(&mut self.model, msg, self.now);
        self.model.drawn(self.model.kernel.now);
        self.carry_out(effects);
    }

    /// How many requests of this kind were made.
    pub fn count(&self, is_it: fn(&Call) -> bool) -> usize {
        self.calls.iter().filter(|call| is_it(call)).count()
    }

    pub fn press(&mut self, keys: &str) {
        for chord in crate::input::parse_sequence(keys).unwrap() {
            self.send(Msg::Key(chord));
        }
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Call { ticket, call } => {
                    let takes = self.latency + self.server.delay(&call);
                    self.requests.push(self.now);
                    self.calls.push(call.clone());
                    self.under_way.push((self.now + takes, ticket, call));
                }
                Effect::Abort(ticket) => self.under_way.retain(|(_, it, _)| *it != ticket),
                Effect::Ring => self.rings += 1,
                _ => {}
            }
        }
    }

    /// Lives until so many seconds after the start.
    pub fn live_until(&mut self, seconds: i64) {
        let end = NOW + 1_000 * seconds;
        loop {
            let reply = (0..self.under_way.len()).min_by_key(|at| self.under_way[*at].0);
            let replies_at = reply.map(|at| self.under_way[at].0);
            let wakes_at = self.model.next_wake().map(|at| at.max(self.now));
            let Some(next) = [replies_at, wakes_at].into_iter().flatten().min() else {
                break;
            };
            if next > end {
                break;
            }
            self.pass_to(next);
            match reply {
                Some(at) if replies_at == Some(next) => {
                    let (_, ticket, call) = self.under_way.remove(at);
                    let outcome = self.server.answer(&call);
                    self.send(Msg::Replied {
                        ticket,
                        outcome,
                        server_time: None,
                    });
                }
                _ => self.send(Msg::Ticked),
            }
        }
        self.now = end;
    }

    /// Neither the network nor the program's own alarm keeps it busy for ever at one moment.
    fn pass_to(&mut self, next: i64) {
        self.now = next;
        if self.at_once.0 != next {
            self.at_once = (next, 0);
        }
        self.at_once.1 += 1;
        assert!(
            self.at_once.1 < TOO_MANY_AT_ONCE,
            "a loop at {}",
            next - NOW
        );
    }

    /// The most requests that were made within a minute.
    pub fn busiest_minute(&self) -> usize {
        let times = &self.requests;
        let until = |at: i64| times.partition_point(|time| *time < at + 60_000);
        (0..times.len())
            .map(|from| until(times[from]) - from)
            .max()
            .unwrap_or(0)
    }

    /// Whether a study shows by its description.
    pub fn shows(&self, description: &str) -> bool {
        let list = &self.model.kernel.data.studies;
        list.rows()
            .iter()
            .any(|slot| list.store.get(*slot).description() == description)
    }
}
