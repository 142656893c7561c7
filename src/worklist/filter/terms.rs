//! A parsed filter: what each term asks for.

use std::ops::Range;

use crate::wire::{CustomerId, Severity, UserId};

use crate::worklist::needle::Needle;

#[derive(Clone, Debug)]
pub(super) struct Term {
    /// In bytes of the filter's text, with the sign.
    pub(super) span: Range<usize>,
    pub(super) is_negated: bool,
    /// The canonical key: `sev`, `meta.department`; empty for free words.
    pub(super) key: String,
    /// One value without its quotes; several as typed.
    pub(super) value: String,
    pub(super) test: Test,
}

/// Holds if any of its alternatives does.
#[derive(Clone, Debug)]
pub(super) enum Test {
    Is(Vec<State>),
    Severity(Vec<Severity>),
    Assignee(Vec<Who>),
    Customer(Vec<Owner>),
    Description(Vec<Needle>),
    Age(Vec<Bound>),
    Updated(Vec<Bound>),
    Late(Vec<bool>),
    /// The metadata key in lower case.
    Meta(String, Vec<Value>),
    Uid(Vec<Needle>),
    Id(Vec<Needle>),
    By(Vec<Needle>),
    Word(Vec<Needle>),
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum State {
    Open,
    Complete,
    Cancelled,
    Any,
}

#[derive(Clone, Debug)]
pub(super) enum Who {
    Nobody,
    Me,
    Id(UserId),
    /// A whole address or a domain, cleaned as the addresses in the store are.
    Address(Box<str>),
    Named(Needle),
}

#[derive(Clone, Debug)]
pub(super) enum Owner {
    Nobody,
    Id(CustomerId),
    Named(Needle),
}

#[derive(Clone, Debug)]
pub(super) enum Value {
    Present,
    Holds(Needle),
}

/// A limit on a time span, in milliseconds.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    MoreThan(i64),
    AtLeast(i64),
    LessThan(i64),
    AtMost(i64),
}
