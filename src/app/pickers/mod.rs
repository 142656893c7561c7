//! What the pickers offer.

pub mod palette;

use crate::app::access::Access;
use crate::app::action::{ACTIONS, Action, Group};
use crate::app::edit::targets::SelectedStudies;
use crate::app::kernel::Kernel;
use crate::app::kernel::layers::Overlay;
use crate::app::lists::Lists;
use crate::app::message::effect::Effect;
use crate::app::reading::fetch;
use crate::app::widget::form::Form;
use crate::app::widget::form::field::FieldKind;
use crate::app::widget::form::pick::Source;
use crate::app::widget::picker::{Choice, Item, Picker, PickerPurpose};
use crate::app::writes::Writes;
use crate::app::writes::aim::targets;
use crate::sync::Trouble;
use crate::wire::{ClinicRole, Severity, UserId};
use crate::worklist::{Load, Scope, workload};

fn open(kernel: &mut Kernel, picker: Picker) {
    kernel.layers.overlay = Some(Overlay::Picker(picker));
}

fn term(label: &str, note: &str, value: Option<&str>) -> Item {
    Item::new(label, note, "", Choice::Term(value.map(str::to_owned)))
}

pub(in crate::app) fn severity(kernel: &mut Kernel) {
    let items = vec![
        term("stat", "immediate", Some("stat")),
        term("stat or high", "", Some("stat,high")),
        term("high", "urgent", Some("high")),
        term("normal", "routine", Some("normal")),
        term("any severity", "", None),
    ];
    let purpose = PickerPurpose::Filter { key: "sev" };
    open(kernel, Picker::new("Filter by severity", purpose, items));
}

pub(in crate::app) fn status(kernel: &mut Kernel) {
    let items = vec![
        term("open", "incomplete and not cancelled", Some("open")),
        term("complete", "", Some("complete")),
        term("cancelled", "", Some("cancelled")),
        term("any status", "", Some("any")),
    ];
    let purpose = PickerPurpose::Filter { key: "is" };
    open(kernel, Picker::new("Filter by status", purpose, items));
}

pub(in crate::app) fn customer(kernel: &mut Kernel) {
    let mut customers: Vec<_> = kernel
        .data
        .studies
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
    let purpose = PickerPurpose::Filter { key: "cust" };
    open(kernel, Picker::new("Filter by customer", purpose, items));
}

pub(in crate::app) fn filter_assignee(access: &mut Access, kernel: &mut Kernel) -> Vec<Effect> {
    let purpose = PickerPurpose::Filter { key: "to" };
    let mut picker = Picker::new("Filter by assignee", purpose, Vec::new());
    picker.set_items(items_of(access, kernel, &picker.purpose));
    picker.may_grow = may_grow(kernel);
    open(kernel, picker);
    fetch::read_people(kernel)
}

pub(in crate::app) fn assignee(
    access: &mut Access,
    writes: &mut Writes,
    kernel: &mut Kernel,
) -> Vec<Effect> {
    let Some(targets) = targets(writes, kernel) else {
        return Vec::new();
    };
    let title = match &targets {
        SelectedStudies::One(study) => {
            let severity = severity_word(&study.severity);
            format!("Assign {severity} {}", study.description)
        }
        SelectedStudies::Marked { shown, hidden } if hidden.is_empty() => {
            format!("Assign {} marked", shown.len())
        }
        SelectedStudies::Marked { shown, hidden } => {
            let all = shown.len() + hidden.len();
            format!(
                "Assign {} of {all} marked; {} are hidden",
                shown.len(),
                hidden.len()
            )
        }
    };
    let purpose = PickerPurpose::Assign { targets };
    let mut picker = Picker::new(&title, purpose, Vec::new());
    picker.set_items(items_of(access, kernel, &picker.purpose));
    picker.may_grow = may_grow(kernel);
    open(kernel, picker);
    fetch::read_people(kernel)
}

fn severity_word(severity: &Severity) -> String {
    severity.as_str().to_uppercase()
}

/// Fills an open picker of people again, after more of them became known.
pub(in crate::app) fn refill_people(access: &mut Access, kernel: &mut Kernel) {
    refill(access, kernel);
    let Some(Overlay::Picker(picker)) = &kernel.layers.overlay else {
        return;
    };
    let purpose = picker.purpose.clone();
    if !matches!(
        purpose,
        PickerPurpose::Assign { .. }
            | PickerPurpose::Rehome { .. }
            | PickerPurpose::Filter { key: "to" }
    ) {
        return;
    }
    let items = items_of(access, kernel, &purpose);
    let empty = why_nobody(kernel, "No user matches");
    let may_grow = may_grow(kernel);
    if let Some(Overlay::Picker(picker)) = &mut kernel.layers.overlay {
        picker.set_items(items);
        picker.may_grow = may_grow;
        picker.empty = empty;
    }
}

/// Whether there may be more people than are known: not every user is read, or one could not be.
pub(in crate::app) fn may_grow(kernel: &Kernel) -> bool {
    let reading = &kernel.data.users.reading;
    !reading.is_loaded() || reading.unreadable > 0
}

/// Why there is no user to choose; `matched` once the list itself has been read.
pub(in crate::app) fn why_nobody(kernel: &Kernel, matched: &str) -> String {
    let reading = &kernel.data.users.reading;
    match &reading.trouble {
        Some(Trouble::Failed(failure)) if !reading.is_under_way() => failure.sentence(),
        Some(Trouble::Paging(why)) if !reading.is_under_way() => {
            format!("Not all users were loaded: the server's paging failed, {why}")
        }
        _ if reading.is_loaded() => matched.to_owned(),
        _ => "Loading the users".to_owned(),
    }
}

/// People to choose from: the users, and everyone who already has a study, each with their open studies.
pub(in crate::app) fn items_of(
    access: &Access,
    kernel: &Kernel,
    purpose: &PickerPurpose,
) -> Vec<Item> {
    let loads = workload(&kernel.data.studies.store, kernel.server_now());
    let complete = kernel.data.sync.is_loaded(Scope::Open);
    let mut known: std::collections::BTreeMap<UserId, (String, String, String)> = kernel
        .data
        .studies
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
    known.extend(kernel.data.users.iter().map(|person| {
        let words = (
            person.name.to_string(),
            person.role.to_string(),
            person.email.to_string(),
        );
        (person.id, words)
    }));
    let mut people: Vec<_> = known.into_iter().collect();
    if let PickerPurpose::Rehome { from, .. } = purpose {
        people.retain(|(id, _)| id != from);
    }
    // Users who were revoked here cannot read what is assigned to them: last, and marked.
    people.sort_by(|(x, a), (y, b)| {
        (access.is_revoked(*x).cmp(&access.is_revoked(*y)))
            .then_with(|| reads_studies(&b.1).cmp(&reads_studies(&a.1)))
            .then_with(|| a.0.cmp(&b.0))
    });
    let mut items = Vec::with_capacity(people.len() + 3);
    if matches!(purpose, PickerPurpose::Filter { .. }) {
        items.push(term("all assignees", "", None));
        items.push(term("unassigned", "", Some("none")));
        if kernel.session.me.is_some() {
            items.push(term("me", "", Some("me")));
        }
    }
    items.extend(people.into_iter().map(|(id, (name, role, email))| {
        let standing = access.standing(id).filter(|it| it.is_revoked);
        let role = standing.map_or(role, |it| it.words(kernel.session.utc_offset));
        let note = load_note(&role, loads.get(&id).filter(|_| complete), complete);
        let choice = match purpose {
            PickerPurpose::Filter { .. } => Choice::Term(Some(email.clone())),
            PickerPurpose::Assign { .. }
            | PickerPurpose::Rehome { .. }
            | PickerPurpose::Offboard(_)
            | PickerPurpose::Help
            | PickerPurpose::Activity
            | PickerPurpose::Sort
            | PickerPurpose::Field
            | PickerPurpose::Clinic
            | PickerPurpose::Unresolved
            | PickerPurpose::Resolve(_)
            | PickerPurpose::Columns => Choice::Person(id),
        };
        Item::new(&name, &note, &email, choice)
    }));
    items
}

/// People for a form's field.
pub(in crate::app) fn people(access: &Access, kernel: &Kernel) -> Vec<Item> {
    items_of(access, kernel, &PickerPurpose::Field)
}

/// Customers for a form's field: the API lists none, so those seen on studies.
pub(in crate::app) fn customers(kernel: &Kernel) -> Vec<Item> {
    let seen = kernel.data.studies.store.customers();
    let mut items: Vec<Item> = seen
        .map(|customer| {
            let id = customer.id.to_string();
            Item::new(&customer.name, "", &id, Choice::Customer(customer.id))
        })
        .collect();
    items.sort_by(|a, b| a.label.cmp(&b.label));
    items
}

/// Roles for a form's field: those of the reference, and any other that a user has.
pub(in crate::app) fn roles(kernel: &Kernel) -> Vec<Item> {
    let held = kernel
        .data
        .users
        .iter()
        .map(|it| &it.user.profile.clinic_role);
    let offered = kernel
        .data
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
pub(in crate::app) fn help(lists: &Lists, kernel: &mut Kernel, reason_of: palette::ReasonOf) {
    let mut items = Vec::with_capacity(ACTIONS.len());
    for group in Group::ALL {
        for spec in ACTIONS.iter().filter(|spec| spec.group == group) {
            if spec.action == Action::ShowHelp || !spec.on.has(kernel.screen) {
                continue;
            }
            items.push(palette::item(lists, kernel, spec, reason_of));
        }
    }
    let title = "Actions on this screen: type to search, Enter runs one";
    open(kernel, Picker::new(title, PickerPurpose::Help, items));
}

/// Refreshes the people in what is open.
pub fn refill(access: &mut Access, kernel: &mut Kernel) {
    let is_form = |overlay: &mut Overlay| matches!(overlay, Overlay::Form(_));
    if let Some(Overlay::Form(mut form)) = kernel.layers.overlay.take_if(is_form) {
        fill(access, kernel, &mut form);
        kernel.layers.overlay = Some(Overlay::Form(form));
        kernel.needs_draw = true;
    }
}

pub(in crate::app) fn fill(access: &Access, kernel: &Kernel, form: &mut Form) {
    for field in &mut form.fields {
        if let FieldKind::Pick(pick) = &mut field.kind {
            pick.set_items(match pick.source {
                Source::People => people(access, kernel),
                Source::Customers => customers(kernel),
                Source::Roles => roles(kernel),
            });
            pick.list.may_grow = pick.source == Source::People && may_grow(kernel);
            pick.list.empty = match pick.source {
                Source::People => why_nobody(kernel, pick.expected()),
                Source::Customers | Source::Roles => pick.expected().into(),
            };
        }
    }
}
