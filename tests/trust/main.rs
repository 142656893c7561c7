//! Ten thousand writes over a network that fails, by five who work on the same studies: nothing that is
//! said to be done is missing, nothing is done twice, nothing is taken back unseen, nothing that was done is
//! denied.

#![cfg(feature = "sandbox")]
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod ledger;
mod network;
mod writer;

use avara_tui::sandbox::{Faults, Options, Sandbox};

use ledger::Ledger;
use network::Network;
use writer::{Claim, Habit, Work};

const SEED: u64 = 20_261_125;
const WRITERS: usize = 5;

/// What a run showed, against what the server did.
#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    writes: usize,
    done: usize,
    /// Said to be done, and not done.
    lost: usize,
    /// Done more than once.
    duplicated: usize,
    /// Done once more after somebody else had changed the same record, which took that back.
    rolled_back: usize,
    /// Done, and said to be refused, or asked for by nobody.
    phantom: usize,
    /// A person was told that nobody knows.
    unconfirmed: usize,
}

fn run(writes: usize, habit: Habit) -> (Count, Ledger) {
    let clinic = Sandbox::start(Options {
        studies: 200,
        // A client that repeats an invitation gets what it deserves.
        faults: Faults {
            invite_twice: true,
            ..Faults::default()
        },
        ..Options::default()
    })
    .unwrap();
    let network = Network::before(&clinic.base_url(), SEED);
    let work: Vec<Work> = (0..WRITERS)
        .map(|writer| Work {
            writer,
            writers: WRITERS,
            writes: writes / WRITERS,
            network: network.clone(),
            clean_url: clinic.base_url(),
            key: clinic.api_key().to_owned(),
            habit,
            seed: SEED,
        })
        .collect();
    let claims: Vec<(String, Claim)> = std::thread::scope(|scope| {
        let running: Vec<_> = work.iter().map(|work| scope.spawn(|| work.run())).collect();
        running
            .into_iter()
            .flat_map(|it| it.join().unwrap())
            .collect()
    });
    network.come_to_rest();
    let ledger = Ledger::of(&clinic);
    (count(&claims, &ledger), ledger)
}

fn count(claims: &[(String, Claim)], ledger: &Ledger) -> Count {
    let mut count = Count {
        phantom: ledger.asked_by_nobody(claims),
        ..Count::default()
    };
    for (name, claim) in claims {
        let times = ledger.times(name);
        count.writes += 1;
        count.done += usize::from(*claim == Claim::Done);
        count.lost += usize::from(*claim == Claim::Done && times == 0);
        count.duplicated += usize::from(times > 1);
        count.rolled_back += usize::from(ledger.is_rolled_back_by(name));
        count.phantom += usize::from(*claim == Claim::Refused && times > 0);
        count.unconfirmed += usize::from(*claim == Claim::Unconfirmed);
    }
    count
}

#[test]
fn nothing_is_lost_doubled_rolled_back_or_denied() {
    const WRITES: usize = 10_000;
    let (count, ledger) = run(WRITES, Habit::Ours);
    println!("{count:?}, seed {SEED}, bound {:.0e}", 3.0 / WRITES as f64);
    assert_eq!(
        (
            count.lost,
            count.duplicated,
            count.rolled_back,
            count.phantom
        ),
        (0, 0, 0, 0),
        "{count:?}"
    );
    assert!(count.done > WRITES * 8 / 10, "{count:?}");
    let calls = ledger.calls();
    println!("effects: {calls:?}");
    assert_eq!(calls.len(), 11, "every call that writes: {calls:?}");
}

/// The planted defect: a client that sends again whatever failed, as the vendor's own does.
#[test]
fn a_client_that_repeats_blindly_does_things_twice() {
    let (count, _) = run(500, Habit::Blind);
    println!("blind: {count:?}, seed {SEED}");
    assert!(count.duplicated > 0, "{count:?}");
    assert!(count.phantom > 0, "{count:?}");
}
