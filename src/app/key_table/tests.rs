use super::*;

#[test]
fn the_usual_keys_have_no_conflict() {
    let sequences = default_sequences().unwrap();
    assert_eq!(KeyTable::build(&sequences).err(), None);
    assert_eq!(KeyTable::with(&[]).as_ref(), Ok(&**KeyTable::usual()));
}
