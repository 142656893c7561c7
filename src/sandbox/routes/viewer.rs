//! The page behind a reroute URL: it says which study the viewer would show.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::sandbox::reject::Reject;
use crate::sandbox::server::{App, Shared};
use crate::sandbox::store::StoreError;
use crate::wire::Study;

pub const PATH: &str = "/viewer/{token}";

pub async fn open(
    State(app): State<App>,
    method: Method,
    token: Result<Path<String>, PathRejection>,
) -> Response {
    // A HEAD comes from a link preview, which must not spend the link.
    if method == Method::HEAD {
        return html(StatusCode::OK, String::new());
    }
    let token = token.as_ref().map_or("", |Path(token)| token.as_str());
    match spend(&mut app.lock(), token) {
        Ok(Some(study)) => html(StatusCode::OK, describe(&study)),
        Ok(None) => html(StatusCode::GONE, expired()),
        Err(error) => Reject::from(error).into_response(),
    }
}

fn spend(state: &mut Shared, token: &str) -> Result<Option<Study>, StoreError> {
    let Some(position) = state.links.spend(token) else {
        return Ok(None);
    };
    let record = state.store.study(position)?;
    state.store.present(record).map(Some)
}

fn describe(study: &Study) -> String {
    page(
        &study.study_description,
        &[
            ("Severity", study.severity.as_str()),
            ("Status", study.study_viewer_status.as_str()),
            ("Cancelled", if study.is_cancelled { "yes" } else { "no" }),
            ("Study UID", study.study_instance_uid.as_str()),
            ("Study id", &study.study_id.to_string()),
        ],
        "The Avara Viewer would show this study here. This link is used up now.",
    )
}

fn expired() -> String {
    page(
        "This link has expired",
        &[],
        "A link opens a study once, within 60 seconds. Ask for a new one.",
    )
}

fn page(title: &str, rows: &[(&str, &str)], note: &str) -> String {
    let rows: String = rows
        .iter()
        .map(|(name, value)| format!("<tr><th>{}<td>{}\n", escape(name), escape(value)))
        .collect();
    include_str!("../../../assets/sandbox/viewer.html")
        .replace("<!--rows-->", &rows)
        .replace("<!--note-->", &escape(note))
        .replace("<!--title-->", &escape(title))
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

fn html(status: StatusCode, body: String) -> Response {
    let mut response = (status, body).into_response();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        ),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_study_is_markup() {
        let page = page("<script>alert('x')</script>", &[("a", "\"&<")], "n");
        assert!(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"));
        assert!(page.contains("&quot;&amp;&lt;"));
        assert!(!page.contains("<script"));
    }
}
