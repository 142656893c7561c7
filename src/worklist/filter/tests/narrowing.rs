use crate::wire::{Endpoint, ListStudies, Match, Severity, UserId};
use crate::worklist::testing::user_id;
use crate::worklist::{Filter, Scope};

const KIM: &str = "usr_01010101010101010101010101010101";

#[test]
fn the_scope_is_the_smallest_that_holds_every_match() {
    for (text, scope) in [
        ("", Scope::Open),
        ("sev:stat", Scope::Open),
        ("is:open", Scope::Open),
        ("is:complete", Scope::Complete),
        ("is:cancelled,cancelled", Scope::Cancelled),
        ("is:any", Scope::Any),
        ("is:open,complete", Scope::Any),
        ("-is:cancelled", Scope::Any),
        ("-is:complete is:open", Scope::Open),
        ("is:any is:complete", Scope::Complete),
        ("is:complete is:cancelled", Scope::Complete),
    ] {
        assert_eq!(Filter::parse(text).unwrap().scope(), scope, "{text}");
    }
}

/// The query of a filter's request, as `name=value` words.
fn query(text: &str, me: Option<UserId>) -> String {
    let filter = Filter::parse(text).unwrap();
    let request = filter.narrow(ListStudies::default(), me);
    let words = request
        .query()
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"));
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn the_server_gets_only_what_it_filters_exactly() {
    for (text, expected) in [
        ("is:any sev:stat", "severity=stat"),
        ("is:any sev:stat,high", ""),
        ("is:any -sev:stat", ""),
        ("is:any to:none", "assignedTo=null"),
        ("is:any to:kim", ""),
        ("is:any to:none,me", ""),
        ("is:any to:me", ""),
        ("is:any -to:none", ""),
        ("is:any cust:none", "expressCustomerId=null"),
        ("is:any cust:north", ""),
        ("is:any desc:\"ct head\"", ""),
        ("is:any desc:ct,mr", ""),
        ("is:any ct age:>1h meta.mrn:1 uid:2.25 late:yes", ""),
        ("is:complete", "studyViewerStatus=complete"),
        ("is:cancelled", "isCancelled=true"),
        ("", "isCancelled=false studyViewerStatus=incomplete"),
    ] {
        assert_eq!(query(text, None), expected, "{text}");
    }
    let assigned = format!("assignedTo={KIM}");
    assert_eq!(query(&format!("is:any to:{KIM}"), None), assigned);
    assert_eq!(query("is:any to:me", Some(user_id(1))), assigned);
    let customer = "cus_02020202020202020202020202020202";
    assert_eq!(
        query(&format!("is:any cust:{customer}"), None),
        format!("expressCustomerId={customer}")
    );
}

#[test]
fn what_the_caller_already_asks_stays() {
    let base = ListStudies {
        severity: Some(Severity::Stat),
        is_cancelled: Some(true),
        limit: Some(100),
        ..ListStudies::default()
    };
    let filter = Filter::parse("sev:high to:none").unwrap();
    let request = filter.narrow(base.clone(), None);
    assert_eq!(request.severity, base.severity);
    assert_eq!(request.is_cancelled, base.is_cancelled);
    assert_eq!(request.limit, base.limit);
    assert_eq!(request.assigned_to, Match::Empty);
}

#[test]
fn only_a_filter_without_a_condition_asks_for_everything() {
    for (text, expected) in [
        ("is:any", true),
        ("is:any is:any", true),
        ("is:open,any", true),
        ("", false),
        ("is:open", false),
        ("-is:any", false),
        ("is:any sev:stat", false),
        ("is:any head", false),
    ] {
        assert_eq!(
            Filter::parse(text).unwrap().is_everything(),
            expected,
            "{text}"
        );
    }
}
