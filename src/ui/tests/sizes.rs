//! Any size of the terminal, wherever the program is.

use super::*;
use crate::app::tests::desk::invitation;

/// What to press to get everywhere.
const PLACES: [&str; 16] = [
    "Esc", "Enter", "/", "f s", "f a", "a", "c", "e", "x", "?", ":", "g u", "S", "C", "V", "@",
];
const PEOPLE: [&str; 5] = ["g p", "g p /", "g p e", "g i", "g i x"];

#[test]
fn no_size_is_too_small_or_too_large_anywhere() {
    let mut frames = 0;
    for keys in PLACES.into_iter().chain(PEOPLE) {
        let mut desk = Desk::open(morning());
        desk.invitations.push(invitation(1, "Ana", "Kim", 40));
        desk.press(keys);
        desk.serve();
        let sizes = (0..=60_u16).flat_map(|width| (0..=20_u16).map(move |height| (width, height)));
        let large = [(500, 200), (200, 1), (1, 200), (61, 21), (300, 12)];
        for (width, height) in sizes.chain(large) {
            desk.send(Msg::Resized(Size { width, height }));
            shot::draw(&desk.model, width, height);
            frames += 1;
        }
    }
    println!(
        "0 panics in {frames} frames (exhaustive, no seed); bound {:.1e}",
        3.0 / frames as f64
    );
    assert!(frames >= 10_000, "{frames}");
}

#[test]
fn what_a_terminal_may_claim_decides_nothing_by_itself() {
    let mut desk = Desk::open(morning());
    let size = Size {
        width: u16::MAX,
        height: u16::MAX,
    };
    desk.send(Msg::Resized(size));
    desk.press("j j G g g PgDn Ctrl-d Enter J J a Esc ?");
    // What is drawn is as large as the terminal really is.
    shot::draw(&desk.model, 80, 24);
}
