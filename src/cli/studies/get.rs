//! `studies get`: one study, as text or as JSON.

use crate::cli::render::{self, json, long_time};
use crate::cli::session::Session;
use crate::cli::{Exit, Out, Problem};
use crate::wire::Study;

use super::GetStudyArgs;
use super::render::named;

pub async fn run(
    arguments: &GetStudyArgs,
    session: &Session,
    out: &mut Out,
) -> Result<Exit, Problem> {
    let study = arguments.study.read(session).await?;
    if arguments.json {
        out.data(&json(&study)?)?;
        out.data("\n")?;
    } else {
        out.data(&sheet(&study))?;
    }
    Ok(Exit::Done)
}

fn sheet(study: &Study) -> String {
    let mut rows = vec![
        ("description".to_owned(), study.study_description.clone()),
        ("severity".into(), study.severity.to_string()),
        ("status".into(), status(study)),
        (
            "assigned to".into(),
            study
                .assigned_to
                .as_ref()
                .map(named)
                .unwrap_or_else(|| "nobody".into()),
        ),
    ];
    let mut push = |name: &str, value: Option<String>| {
        rows.extend(value.map(|value| (name.to_owned(), value)));
    };
    let customer = study.customer.as_ref();
    push(
        "customer",
        customer.map(|customer| customer.express_customer_name.clone()),
    );
    push("created", long_time(study.created_at));
    push("updated", long_time(study.updated_at));
    push("cancelled", long_time(study.cancelled_at));
    push("created by", study.created_by_user.as_ref().map(named));
    let key = study.created_by_api_key.as_ref();
    push("created by key", key.map(|key| key.description.clone()));
    push("uid", Some(study.study_instance_uid.as_str().into()));
    push("id", Some(study.study_id.to_string()));
    for (key, value) in &study.metadata {
        push(&format!("meta.{key}"), Some(value.clone()));
    }
    render::sheet(&rows)
}

fn status(study: &Study) -> String {
    if study.is_cancelled {
        format!("cancelled ({})", study.study_viewer_status)
    } else {
        study.study_viewer_status.to_string()
    }
}
