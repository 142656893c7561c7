//! Each write of the API meets each fault, at its first, second and third request: what the screen says in
//! the end is what was expected, and agrees with what the server did.
//!
//! *Attempt N* is the N-th request that carries the write, no matter what sends it: the program, which repeats
//! some writes once by itself, or a person who reads "not done" or "unconfirmed" and asks again. The N - 1
//! requests before it get a 503 and are not applied, so the program has to take each of them for one that
//! may have been. The request after it, and every read, meet no fault.

#![cfg(feature = "sandbox")]
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod calls;
mod clinic;
mod desk;
mod expected;
mod mixed;

#[path = "../common/mod.rs"]
mod common;

use std::sync::Mutex;

use avara_tui::sandbox::Fault;

use clinic::{Clinic, Write};
use desk::{Desk, Habit};
use expected::{Ending, Said, expected, is_honest};
use mixed::{Mix, Which};

/// Sandboxes that run at a time.
const WORKERS: usize = 3;

#[derive(Debug, Clone, Copy)]
pub struct Case {
    pub write: Write,
    pub fault: Fault,
    pub attempt: usize,
}

/// What a case came to.
#[derive(Debug)]
struct Finding {
    case: Case,
    /// What was expected.
    wanted: Ending,
    /// What was found.
    found: Ending,
    /// What the screen shows, where that is not as expected.
    screen: String,
}

impl Finding {
    fn is_as_expected(&self) -> bool {
        self.wanted == self.found
    }
}

/// Plays the cases, those of one write on one sandbox.
fn play(cases: &[Case], habit: Habit) -> Vec<Finding> {
    let queue: Mutex<Vec<Write>> = Mutex::new(Write::ALL.to_vec());
    std::thread::scope(|scope| {
        let work = || {
            let mut findings = Vec::new();
            while let Some(write) = { queue.lock().unwrap().pop() } {
                let own: Vec<Case> = cases
                    .iter()
                    .copied()
                    .filter(|case| case.write == write)
                    .collect();
                findings.extend(play_write(&own, habit));
            }
            findings
        };
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap())
            .collect()
    })
}

fn play_write(cases: &[Case], habit: Habit) -> Vec<Finding> {
    let Some(first) = cases.first() else {
        return Vec::new();
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut clinic = Clinic::open(first.write);
    cases
        .iter()
        .map(|case| runtime.block_on(play_case(&mut clinic, *case, habit)))
        .collect()
}

async fn play_case(clinic: &mut Clinic, case: Case, habit: Habit) -> Finding {
    let target = clinic.prepare().await;
    let mut desk = Desk::open(clinic, case, habit).await;
    desk.begin(&target).await;
    // Told that it was not done, or perhaps not, a person asks again until the fault has struck.
    while desk.requests < case.attempt && desk.said() != Said::Done {
        let before = desk.requests;
        desk.ask_again().await;
        if desk.requests == before {
            // Nothing went out: the count of requests will tell.
            break;
        }
    }
    let told = desk.screen();
    let said = desk.said();
    desk.wait_for_what_is_late().await;
    let found = Ending {
        said,
        applied: clinic.applied(),
        requests: desk.requests,
    };
    drop(desk);
    clinic.tidy_up(&target).await;
    Finding {
        case,
        wanted: expected(case),
        found,
        screen: told,
    }
}

fn all_cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for write in Write::ALL {
        for fault in Fault::ALL {
            for attempt in 1..=3 {
                cases.push(Case {
                    write,
                    fault,
                    attempt,
                });
            }
        }
    }
    cases
}

#[test]
fn every_write_ends_as_expected_whatever_its_requests_meet() {
    let cases = all_cases();
    let findings = play(&cases, Habit::Ours);
    let wrong: Vec<&Finding> = findings.iter().filter(|it| !it.is_as_expected()).collect();
    println!(
        "{} cases: {} writes x {} faults x 3 attempts, exhaustive; {} not as expected, bound {:.1e}",
        findings.len(),
        Write::ALL.len(),
        Fault::ALL.len(),
        wrong.len(),
        3.0 / findings.len() as f64
    );
    for finding in &wrong {
        let Finding {
            case,
            wanted,
            found,
            screen,
        } = finding;
        println!("{case:?}\n  wanted {wanted:?}\n  found  {found:?}\n{screen}");
    }
    let dishonest = findings.iter().filter(|it| !is_honest(it.found));
    assert_eq!(dishonest.count(), 0);
    assert_eq!(findings.len(), cases.len());
    assert!(wrong.is_empty(), "{} cases", wrong.len());
}

/// The planted defects: a model that takes any answer for a success, and a client that sends again whatever
/// failed.
#[test]
fn the_credulous_and_the_blind_are_caught() {
    let cases = |write, fault| {
        [Case {
            write,
            fault,
            attempt: 1,
        }]
    };
    let credulous = play(
        &cases(Write::RevokeAccess, Fault::Unsuccessful),
        Habit::Credulous,
    );
    assert_eq!(credulous[0].found.said, Said::Done, "{credulous:?}");
    assert_eq!(credulous[0].found.applied, 0, "{credulous:?}");
    assert!(!credulous[0].is_as_expected());
    assert!(!is_honest(credulous[0].found));
    let blind = play(&cases(Write::Invite, Fault::ResetAfterApply), Habit::Blind);
    assert!(blind[0].found.applied > 1, "{blind:?}");
    assert!(!blind[0].is_as_expected());
    assert!(!is_honest(blind[0].found));
}

/// Names that an answer about a record carries.
const NAMES: [&str; 5] = [
    "studyId",
    "studyInstanceUid",
    "userId",
    "invitationId",
    "email",
];

/// An answer that names another record is believed nowhere: no write follows it, and nothing is called done
/// for it. Each write, each name, and each place where the answer can be wrong.
#[test]
fn no_answer_about_another_record_is_believed_by_the_program() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (mut cases, mut mixed) = (0, 0);
    for write in Write::ALL {
        let mut clinic = Clinic::mixed(write);
        for which in [Which::Reads, Which::Writes, Which::WritesAndReads] {
            for field in NAMES {
                cases += 1;
                mixed += runtime.block_on(play_mixed(&mut clinic, Mix { which, field }));
            }
        }
    }
    println!("{cases} cases, {mixed} of them with an answer about another record");
    assert!(mixed >= 25, "{mixed}");
}

/// Returns 1 where an answer was mixed up, and 0 where none has the name.
async fn play_mixed(clinic: &mut Clinic, mix: Mix) -> usize {
    let write = clinic.write;
    let target = clinic.prepare().await;
    let network = clinic.network.clone().unwrap();
    let case = Case {
        write,
        fault: Fault::ErrorBeforeApply,
        // No request meets a fault of the sandbox.
        attempt: 0,
    };
    let mut desk = Desk::open(clinic, case, Habit::Ours).await;
    // What is made gets its id and its user from the server: no question can name them.
    let is_new = matches!(
        (write, mix.field),
        (Write::Create, "studyId") | (Write::Invite, "userId")
    );
    if is_new {
        drop(desk);
        clinic.tidy_up(&target).await;
        return 0;
    }
    network.mix(Some(mix));
    desk.begin(&target).await;
    let (said, passed, screen) = (desk.said(), network.passed(), desk.screen());
    drop(desk);
    network.mix(None);
    let applied = clinic.applied();
    let told = format!("{write:?} {mix:?} {passed:?} {said:?} {applied}\n{screen}");
    if passed.before > 0 {
        assert_eq!((passed.writes, applied), (0, 0), "a write followed: {told}");
        assert_ne!(said, Said::Done, "{told}");
    }
    if passed.after > 0 {
        assert!(passed.writes <= 1, "sent again: {told}");
        // An invitation is looked for in a list, where every record has its own names.
        let looks = mix.which != Which::Writes && write != Write::Invite;
        // Only a look at the right record may show that it was done after all.
        assert!(!looks || said != Said::Done, "called done: {told}");
        assert!(said != Said::Done || applied == 1, "{told}");
    }
    clinic.tidy_up(&target).await;
    usize::from(passed.before + passed.after > 0)
}

#[test]
fn the_table_expects_no_lie() {
    for case in all_cases() {
        let ending = expected(case);
        assert!(is_honest(ending), "{case:?}: {ending:?}");
    }
}
