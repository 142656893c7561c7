//! Whether a person has seen what a cursor is on.
//!
//! A key means what was on screen when it was pressed. Where the program itself moved a cursor, or changed
//! what it is on, no key can have been meant for that before it was drawn.

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sight {
    /// What the cursor is on has not been drawn like this.
    is_unseen: bool,
    /// The rows around the cursor are others than those that were drawn.
    is_rearranged: bool,
}

impl Sight {
    /// Everything has been drawn as it is.
    pub fn drawn(&mut self) {
        *self = Self::default();
    }

    /// The program moved the cursor, or changed what it is on.
    pub fn surprise(&mut self) {
        self.is_unseen = true;
    }

    /// A person moved the cursor, which was on what they had seen if `was_clear`. `to_another` says that it
    /// is on another record now, and `is_alone` that no other record was drawn beside the one before.
    pub fn moved(&mut self, was_clear: bool, to_another: bool, is_alone: bool) {
        if !was_clear {
            return;
        }
        // They moved it themselves, so it is no surprise; but it may be among rows that they never saw.
        self.calm();
        if to_another {
            self.step();
            self.is_unseen |= is_alone;
        }
    }

    /// A person moved the cursor away from what surprised them.
    pub fn calm(&mut self) {
        self.is_unseen = false;
    }

    /// Rows came, went or changed places.
    pub fn rearrange(&mut self) {
        self.is_rearranged = true;
    }

    /// A person moved the cursor: among rows that they saw, or into the unknown.
    pub fn step(&mut self) {
        self.is_unseen |= self.is_rearranged;
    }

    /// Whether a key can mean what the cursor is on.
    pub fn is_clear(&self) -> bool {
        !self.is_unseen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_among_rows_that_were_drawn_is_seen() {
        let mut sight = Sight::default();
        sight.step();
        assert!(sight.is_clear());
    }

    #[test]
    fn a_step_among_rows_that_moved_is_not_seen_until_they_are_drawn() {
        let mut sight = Sight::default();
        sight.rearrange();
        assert!(sight.is_clear(), "the row under the cursor is the same");
        sight.step();
        assert!(!sight.is_clear());
        sight.drawn();
        assert!(sight.is_clear());
    }

    #[test]
    fn what_the_program_chose_is_not_seen_however_often_one_steps_from_it() {
        let mut sight = Sight::default();
        sight.surprise();
        sight.step();
        assert!(!sight.is_clear());
    }

    #[test]
    fn a_move_from_what_was_drawn_alone_is_into_the_unseen() {
        let moved = |was_clear, to_another, is_alone| {
            let mut sight = Sight::default();
            sight.surprise();
            sight.moved(was_clear, to_another, is_alone);
            sight.is_clear()
        };
        assert!(moved(true, true, false));
        assert!(!moved(true, true, true));
        assert!(moved(true, false, true), "it did not move");
        assert!(!moved(false, true, false), "what it was on was not seen");
    }
}
