//! What the pickers offer.

use crate::wire::{ClinicRole, Severity, UserId};
use crate::worklist::{Load, Scope, workload};

use super::bulk::{self, Targets};
use super::picker::{Choice, Item, Picker, Purpose};
use super::{ACTIONS, Action, Effect, Group, Model, Overlay, Trouble, form, palette, reply};

fn open(model: &mut Model, picker: Picker) {
    model.overlay = Some(Overlay::Picker(picker));
}

fn term(label: &str, note: &str, value: Option<&str>) -> Item {
    Item::new(label, note, "", Choice::Term(value.map(str::to_owned)))
}

pub(super) fn severity(model: &mut Model) {
    let items = vec![
        term("stat", "immediate", Some("stat")),
        term("stat or high", "", Some("stat,high")),
        term("high", "urgent", Some("high")),
        term("normal", "routine", Some("normal")),
        term("any severity", "", None),
    ];
    let purpose = Purpose::Filter { key: "sev" };
    open(model, Picker::new("Filter by severity", purpose, items));
}

pub(super) fn status(model: &mut Model) {
    let items = vec![
        term("open", "incomplete and not cancelled", Some("open")),
        term("complete", "", Some("complete")),
        term("cancelled", "", Some("cancelled")),
        term("any status", "", Some("any")),
    ];
    let purpose = Purpose::Filter { key: "is" };
    open(model, Picker::new("Filter by status", purpose, items));
}

pub(super) fn customer(model: &mut Model) {
    let mut customers: Vec<_> = model
        .list
        .store
        .customers()
        .map(|customer| term(&customer.name, "", Some(&customer.name)))
        .collect();
    customers.sort_by(|a, b| a.label.cmp(&b.label));
    let mut items = vec![
        term("any customer", "", None),
        term("no customer", "", Some("none")),
    ];
    items.extend(customers);
    let purpose = Purpose::Filter { key: "cust" };
    open(model, Picker::new("Filter by customer", purpose, items));
}

pub(super) fn filter_assignee(model: &mut Model) -> Vec<Effect> {
    let purpose = Purpose::Filter { key: "to" };
    let mut picker = Picker::new("Filter by assignee", purpose, Vec::new());
    picker.set_items(items_of(model, &picker.purpose));
    picker.may_grow = may_grow(model);
    open(model, picker);
    reply::read_people(model)
}

pub(super) fn assignee(model: &mut Model) -> Vec<Effect> {
    let Some(targets) = bulk::targets(model) else {
        return Vec::new();
    };
    let title = match &targets {
        Targets::One(study) => {
            let severity = severity_word(&study.severity);
            format!("Assign {severity} {}", study.description)
        }
        Targets::Marked { shown, hidden } if hidden.is_empty() => {
            format!("Assign {} marked", shown.len())
        }
        Targets::Marked { shown, hidden } => {
            let all = shown.len() + hidden.len();
            format!(
                "Assign {} of {all} marked; {} are hidden",
                shown.len(),
                hidden.len()
            )
        }
    };
    let purpose = Purpose::Assign { targets };
    let mut picker = Picker::new(&title, purpose, Vec::new());
    picker.set_items(items_of(model, &picker.purpose));
    picker.may_grow = may_grow(model);
    open(model, picker);
    reply::read_people(model)
}

fn severity_word(severity: &Severity) -> String {
    severity.as_str().to_uppercase()
}

/// Fills an open picker of people again, after more of them became known.
pub(super) fn refill_people(model: &mut Model) {
    form::refill(model);
    let Some(Overlay::Picker(picker)) = &model.overlay else {
        return;
    };
    let purpose = picker.purpose.clone();
    if !matches!(
        purpose,
        Purpose::Assign { .. } | Purpose::Rehome { .. } | Purpose::Filter { key: "to" }
    ) {
        return;
    }
    let items = items_of(model, &purpose);
    let empty = why_nobody(model, "Nobody matches");
    let may_grow = may_grow(model);
    if let Some(Overlay::Picker(picker)) = &mut model.overlay {
        picker.set_items(items);
        picker.may_grow = may_grow;
        picker.empty = empty;
    }
}

/// Whether there may be more people than are known: not every user is read, or one could not be.
pub(super) fn may_grow(model: &Model) -> bool {
    let reading = &model.people.reading;
    !reading.is_loaded() || reading.unreadable > 0
}

/// Why there is nobody to choose, where the list itself has been read: `matched`.
pub(super) fn why_nobody(model: &Model, matched: &str) -> String {
    let reading = &model.people.reading;
    match &reading.trouble {
        Some(Trouble::Failed(failure)) if !reading.is_under_way() => failure.sentence(),
        Some(Trouble::Paging(why)) if !reading.is_under_way() => {
            format!("Not all users were read: the server's paging failed, {why}")
        }
        _ if reading.is_loaded() => matched.to_owned(),
        _ => "Reading the users".to_owned(),
    }
}

/// People to choose from: the users, and whoever already has a study. Each with what is on her list.
pub(super) fn items_of(model: &Model, purpose: &Purpose) -> Vec<Item> {
    let loads = workload(&model.list.store, model.server_now());
    let complete = model.sync.is_loaded(Scope::Open);
    let mut known: std::collections::BTreeMap<UserId, (String, String, String)> = model
        .list
        .store
        .people()
        .map(|person| {
            let words = (
                person.name.to_string(),
                String::new(),
                person.email.to_string(),
            );
            (person.id, words)
        })
        .collect();
    known.extend(model.people.iter().map(|person| {
        let words = (
            person.name.to_string(),
            person.role.to_string(),
            person.email.to_string(),
        );
        (person.id, words)
    }));
    let mut people: Vec<_> = known.into_iter().collect();
    if let Purpose::Rehome { from, .. } = purpose {
        people.retain(|(id, _)| id != from);
    }
    // Whoever was revoked here cannot read what is assigned to her: last, and marked.
    people.sort_by(|(x, a), (y, b)| {
        (model
            .access
            .is_revoked(*x)
            .cmp(&model.access.is_revoked(*y)))
        .then_with(|| reads_studies(&b.1).cmp(&reads_studies(&a.1)))
        .then_with(|| a.0.cmp(&b.0))
    });
    let mut items = Vec::with_capacity(people.len() + 3);
    if matches!(purpose, Purpose::Filter { .. }) {
        items.push(term("anyone or nobody", "", None));
        items.push(term("unassigned", "", Some("none")));
        if model.session.me.is_some() {
            items.push(term("me", "", Some("me")));
        }
    }
    items.extend(people.into_iter().map(|(id, (name, role, email))| {
        let standing = model.access.standing(id).filter(|it| it.is_revoked);
        let role = standing.map_or(role, |it| it.words(model.session.utc_offset));
        let note = load_note(&role, loads.get(&id).filter(|_| complete), complete);
        let choice = match purpose {
            Purpose::Filter { .. } => Choice::Term(Some(email.clone())),
            Purpose::Assign { .. }
            | Purpose::Rehome { .. }
            | Purpose::Leaver(_)
            | Purpose::Help
            | Purpose::Activity
            | Purpose::Sort
            | Purpose::Field
            | Purpose::Clinic
            | Purpose::Unresolved
            | Purpose::Resolve(_)
            | Purpose::Columns => Choice::Person(id),
        };
        Item::new(&name, &note, &email, choice)
    }));
    items
}

/// People for a form's field.
pub(super) fn people(model: &Model) -> Vec<Item> {
    items_of(model, &Purpose::Field)
}

/// Customers for a form's field: the API lists none, so those seen on studies.
pub(super) fn customers(model: &Model) -> Vec<Item> {
    let seen = model.list.store.customers();
    let mut items: Vec<Item> = seen
        .map(|customer| {
            let id = customer.id.to_string();
            Item::new(&customer.name, "", &id, Choice::Customer(customer.id))
        })
        .collect();
    items.sort_by(|a, b| a.label.cmp(&b.label));
    items
}

/// Roles for a form's field: those of the reference, and whichever else somebody has.
pub(super) fn roles(model: &Model) -> Vec<Item> {
    let held = model.people.iter().map(|it| &it.user.profile.clinic_role);
    let offered = model
        .invitations
        .iter()
        .map(|it| &it.invitation.profile.clinic_role);
    let mut others: Vec<&ClinicRole> = held.chain(offered).filter(|it| !it.is_known()).collect();
    others.sort();
    others.dedup();
    ClinicRole::KNOWN
        .iter()
        .chain(others)
        .map(|role| Item::new(role.as_str(), "", "", Choice::Role(role.clone())))
        .collect()
}

/// Roles that read studies come first.
fn reads_studies(role: &str) -> bool {
    matches!(role, "Radiologist" | "Cardiologist" | "Neurologist")
}

fn load_note(role: &str, load: Option<&Load>, complete: bool) -> String {
    match load {
        Some(load) if load.stat > 0 => {
            format!("{role:<24} {:>3} open, {} STAT", load.open, load.stat)
        }
        Some(load) => format!("{role:<24} {:>3} open", load.open),
        None if complete => format!("{role:<24}   0 open"),
        None => role.to_owned(),
    }
}

/// Everything that can be done here, to search and to run.
pub(super) fn help(model: &mut Model) {
    let mut items = Vec::with_capacity(ACTIONS.len());
    for group in Group::ALL {
        for spec in ACTIONS.iter().filter(|spec| spec.group == group) {
            if spec.action == Action::ShowHelp || !spec.on.has(model.screen) {
                continue;
            }
            items.push(palette::item(model, spec));
        }
    }
    let title = "What you can do here: type to search, Enter does it";
    open(model, Picker::new(title, Purpose::Help, items));
}
