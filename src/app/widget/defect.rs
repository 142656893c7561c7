/// Faults that tests plant to see that they would be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defect {
    RefusedOpenerLetsKeysThrough,
    TooSmallStillActs,
    UnlockSelectsTheFirstRow,
    UnseenIsTaken,
    BaseIsReadAgain,
}

#[cfg(test)]
thread_local! {
    static PLANTED: std::cell::Cell<Option<Defect>> = const { std::cell::Cell::new(None) };
}

/// Plants a fault in this thread, for one test.
#[cfg(test)]
pub fn plant(defect: Option<Defect>) {
    PLANTED.with(|planted| planted.set(defect));
}

#[cfg(test)]
pub(in crate::app) fn planted(defect: Defect) -> bool {
    PLANTED.with(|planted| planted.get() == Some(defect))
}

#[cfg(not(test))]
pub(in crate::app) const fn planted(_: Defect) -> bool {
    false
}
