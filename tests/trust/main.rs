//! Ten thousand writes over a network that fails, by five who work on the same studies: nothing that is
//! said to be done is missing, nothing is done twice, nothing that was done is denied.

#![cfg(feature = "sandbox")]
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod network;
mod writer;

use std::collections::BTreeMap;

use avara_tui::sandbox::{Options, Sandbox};

use network::Network;
use writer::{Claim, Habit, Work};

const SEED: u64 = 20_261_125;
const WRITERS: usize = 5;

/// What a run showed, against what the server carried out.
#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    writes: usize,
    done: usize,
    /// Said to be done, and not carried out.
    lost: usize,
    /// Carried out more than once.
    duplicated: usize,
    /// Carried out, and said to be refused.
    denied: usize,
    /// A person was told that nobody knows.
    unconfirmed: usize,
}

fn run(writes: usize, habit: Habit) -> Count {
    let clinic = Sandbox::start(Options {
        studies: 200,
        ..Options::default()
    })
    .unwrap();
    let network = Network::before(&clinic.base_url(), SEED);
    let work: Vec<Work> = (0..WRITERS)
        .map(|writer| Work {
            writer,
            writes: writes / WRITERS,
            base_url: network.base_url(),
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
    count(&claims, &network.applied())
}

fn count(claims: &[(String, Claim)], applied: &BTreeMap<String, usize>) -> Count {
    let mut count = Count::default();
    for (mark, claim) in claims {
        let times = applied.get(mark).copied().unwrap_or(0);
        count.writes += 1;
        count.done += usize::from(*claim == Claim::Done);
        count.lost += usize::from(*claim == Claim::Done && times == 0);
        count.duplicated += usize::from(times > 1);
        count.denied += usize::from(*claim == Claim::Refused && times > 0);
        count.unconfirmed += usize::from(*claim == Claim::Unconfirmed);
    }
    count
}

#[test]
fn nothing_is_lost_doubled_or_denied() {
    const WRITES: usize = 10_000;
    let count = run(WRITES, Habit::Ours);
    println!("{count:?}, seed {SEED}, bound {:.0e}", 3.0 / WRITES as f64);
    assert_eq!(
        (count.lost, count.duplicated, count.denied),
        (0, 0, 0),
        "{count:?}"
    );
    assert!(count.done > WRITES * 8 / 10, "{count:?}");
}

/// The planted defect: a client that sends again whatever failed, as the vendor's own does.
#[test]
fn a_client_that_repeats_blindly_does_things_twice() {
    let count = run(500, Habit::Blind);
    println!("blind: {count:?}, seed {SEED}");
    assert!(count.duplicated > 0, "{count:?}");
}
