//! Several processes, one journal.

use std::collections::BTreeMap;
use std::fs;

use avara_tui::journal::{entries, unresolved, verify};

use super::Order;
use super::child::ATTEMPTS;

#[test]
fn two_processes_with_a_thousand_lines_each_make_one_chain() {
    let directory = tempfile::tempdir().unwrap();
    let order = |number| Order {
        task: "append",
        base_url: "https://api.example.org".into(),
        key: "k".into(),
        journal: directory.path().join("avara-tui/journal.jsonl"),
        number,
    };
    let children = [order(0).start(), order(1).start()];
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let bytes = fs::read(order(0).journal).unwrap();
    let report = verify(&bytes, None);
    assert_eq!((report.entries, report.bad), (4 * ATTEMPTS as u64, None));
    assert!(unresolved(&bytes).is_empty());
    let pids: Vec<u32> = entries(&bytes).map(|entry| entry.pid).collect();
    let turns = pids.windows(2).filter(|pair| pair[0] != pair[1]).count();
    let mut lines: BTreeMap<u32, usize> = BTreeMap::new();
    pids.iter()
        .for_each(|pid| *lines.entry(*pid).or_default() += 1);
    println!("{lines:?} lines by process, {turns} turns");
    assert!(lines.values().all(|count| *count == 2 * ATTEMPTS));
    assert!(turns > 1, "they did not write at the same time");
}
