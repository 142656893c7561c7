//! The keys of the filter language, as data for the parser, the help, completion and the manual.

/// A key of the filter language.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct FilterKey {
    /// As it is typed before the colon. `meta.` is followed by a metadata key.
    pub name: &'static str,
    /// What may follow the colon, for an error: "`key` needs …".
    pub values: &'static str,
    /// What the key asks for.
    pub help: &'static str,
    pub example: &'static str,
    /// The values to offer besides live ones.
    pub words: &'static [&'static str],
    /// Other words for this key, which are understood as well.
    pub also: &'static [&'static str],
    /// Whether any text may follow, so that a value can need quotes.
    pub is_free: bool,
}

/// Every key, in the order of the help.
pub const KEYS: &[FilterKey] = &[
    FilterKey {
        name: "is",
        values: "open, complete, cancelled or any",
        help: "state; open by default",
        example: "is:open,complete",
        words: &["open", "complete", "cancelled", "any"],
        also: &["status", "state"],
        is_free: false,
    },
    FilterKey {
        name: "sev",
        values: "stat, high or normal",
        help: "severity",
        example: "sev:stat,high",
        words: &["stat", "high", "normal"],
        also: &["severity", "priority", "urgency"],
        is_free: false,
    },
    FilterKey {
        name: "to",
        values: "none, me, or part of a name, e-mail or id; with @ a whole address or a domain",
        help: "assignee",
        example: "to:none",
        words: &["none", "me"],
        also: &[
            "assigned",
            "assignee",
            "assignedto",
            "radiologist",
            "reader",
            "owner",
        ],
        is_free: true,
    },
    FilterKey {
        name: "cust",
        values: "none or a part of a name or id",
        help: "customer",
        example: "cust:northside",
        words: &["none"],
        also: &["customer", "client", "site", "facility"],
        is_free: true,
    },
    FilterKey {
        name: "desc",
        values: "a part of the description",
        help: "study description",
        example: "desc:\"ct head\"",
        words: &[],
        also: &["description", "study", "exam", "procedure", "subject"],
        is_free: true,
    },
    FilterKey {
        name: "age",
        values: "> or < and a time such as 30m, 2h or 1d",
        help: "time since the study was created",
        example: "age:>2h",
        words: &[">30m", ">1h", ">4h", ">1d", "<1h"],
        also: &["created", "older"],
        is_free: false,
    },
    FilterKey {
        name: "upd",
        values: "> or < and a time such as 30m, 2h or 1d",
        help: "time since the study was updated",
        example: "upd:<30m",
        words: &["<10m", "<30m", "<1h"],
        also: &["updated", "changed", "modified"],
        is_free: false,
    },
    FilterKey {
        name: "late",
        values: "yes or no",
        help: "open and older than its target",
        example: "late:yes",
        words: &["yes", "no"],
        also: &["overdue"],
        is_free: false,
    },
    FilterKey {
        name: "meta.",
        values: "a part of the value, or * for any value",
        help: "a metadata value; write the key in full",
        example: "meta.ordering_department:ed",
        words: &["*"],
        also: &["meta", "metadata"],
        is_free: true,
    },
    FilterKey {
        name: "uid",
        values: "a part of the UID",
        help: "Study Instance UID",
        example: "uid:1.2.840",
        words: &[],
        also: &["studyinstanceuid"],
        is_free: true,
    },
    FilterKey {
        name: "id",
        values: "a part of the id",
        help: "study id",
        example: "id:90abcdef",
        words: &[],
        also: &["studyid"],
        is_free: true,
    },
    FilterKey {
        name: "by",
        values: "a part of a name, e-mail or key description",
        help: "who entered the study",
        example: "by:gateway",
        words: &[],
        also: &["creator", "createdby", "author", "reporter"],
        is_free: true,
    },
];

/// Returns the key of this name, or the one that this is another word for.
pub(super) fn find(name: &str) -> Option<&'static FilterKey> {
    let is_it = |key: &&FilterKey| key.name == name || key.also.contains(&name);
    KEYS.iter()
        .find(|key| key.name == name)
        .or_else(|| KEYS.iter().find(is_it))
}
