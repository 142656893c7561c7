//! The lookup on screen.

use super::*;

fn looked_up(width: u16, height: u16, text: &str) -> Desk {
    let mut desk = desk(width, height);
    desk.send(Msg::Pasted(text.into()));
    desk.serve();
    desk
}

#[test]
fn a_study_looked_up() {
    let mut desk = looked_up(80, 24, &study_id(1).to_string());
    insta::assert_snapshot!("look_80x24", shot(&desk.model, 80, 24));
    desk.press("s");
    insta::assert_snapshot!("look_prefix_80x24", shot(&desk.model, 80, 24));
    let desk = looked_up(120, 40, &study_id(12).to_string());
    insta::assert_snapshot!("look_120x40", shot(&desk.model, 120, 40));
}

#[test]
fn a_study_that_is_not_there() {
    let desk = looked_up(80, 24, "2.25.999");
    insta::assert_snapshot!("look_missing_80x24", shot(&desk.model, 80, 24));
}

#[test]
fn a_rule_that_is_broken() {
    let desk = looked_up(80, 24, "1.2.840.010008.5");
    insta::assert_snapshot!("look_typing_80x24", shot(&desk.model, 80, 24));
}

#[test]
fn no_size_breaks_the_lookup() {
    for text in [study_id(1).to_string(), "2.25.999".into(), "1.02.3".into()] {
        let mut desk = looked_up(80, 24, &text);
        for width in 0..81 {
            for height in 0..25 {
                desk.model.kernel.size = Size { width, height };
                text_of(&desk.model, width, height);
            }
        }
    }
}
