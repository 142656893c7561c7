//! Carries out the faults of a request: the part that sees requests and answers.

use std::time::Duration;

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use chrono::TimeDelta;
use tokio::time::sleep;

use super::line::Cut;
use super::schedule::Outage;
use super::{Fault, Line, RetryAfter};
use crate::sandbox::reject::Reject;
use crate::sandbox::server::App;
use crate::sandbox::{clock, routes};

/// More than any request has. A longer body is cut to this before it is thrown away.
const MAX_BODY: usize = 4 << 20;

const PORTAL: &str = "<!doctype html><title>Sign in</title>\
    <p>Accept the terms of use to go on to the internet.</p>";

/// Lets a request through to its endpoint, wholly, partly or not at all.
pub async fn inject(
    State(app): State<App>,
    ConnectInfo(line): ConnectInfo<Line>,
    request: Request,
    next: Next,
) -> Response {
    let Some(endpoint) = routes::endpoint(&request) else {
        return next.run(request).await;
    };
    let (fault, delay) = {
        let mut schedule = app.schedule();
        let fault = schedule.next(endpoint.method, request.uri().path());
        (fault, schedule.faults().delay)
    };
    let answer = match fault {
        None => next.run(request).await,
        Some(Fault::Refuse) => {
            app.close(Outage::Brief).await;
            cut(&line, Cut::Reset)
        }
        Some(Fault::ResetMidRequest) => cut(&line, Cut::Reset),
        Some(fault) if fault.applies() => after(fault, &line, delay, request, next).await,
        Some(fault) => {
            // The whole request has come, but does not reach the endpoint.
            let _ = to_bytes(request.into_body(), MAX_BODY).await;
            instead(fault, &line)
        }
    };
    let outage = app.schedule().outage();
    match outage {
        None => answer,
        Some(outage) => {
            line.spare();
            app.close(outage).await;
            last(answer)
        }
    }
}

/// Marks an answer as the last one of its connection.
fn last(mut answer: Response) -> Response {
    let close = HeaderValue::from_static("close");
    answer.headers_mut().insert(header::CONNECTION, close);
    answer
}

/// Returns an answer that is never seen.
fn cut(line: &Line, cut: Cut) -> Response {
    line.cut(cut);
    StatusCode::OK.into_response()
}

/// Returns what comes instead of the endpoint's answer. The endpoint is not called.
fn instead(fault: Fault, line: &Line) -> Response {
    let reject = |status, message: &str| Reject::new(status, message).into_response();
    match fault {
        Fault::TlsAbort => cut(line, Cut::Alert),
        Fault::ErrorBeforeApply => reject(
            StatusCode::SERVICE_UNAVAILABLE,
            "The service is not available. Nothing was done.",
        ),
        Fault::TooMany(retry_after) => too_many(retry_after.unwrap_or(RetryAfter::One)),
        Fault::Unsuccessful => routes::written(&serde_json::json!({
            "success": false,
            "message": "The service could not do this.",
        })),
        Fault::Html => Html(PORTAL).into_response(),
        Fault::Unauthorized => reject(StatusCode::UNAUTHORIZED, "The API key has expired."),
        Fault::Forbidden => reject(StatusCode::FORBIDDEN, "The API key may not do this."),
        _ => cut(line, Cut::Reset),
    }
}

fn too_many(retry_after: RetryAfter) -> Response {
    let date = |minutes| {
        let time = clock::now() + TimeDelta::minutes(minutes);
        time.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
    };
    let value = match retry_after {
        RetryAfter::Zero => "0".into(),
        RetryAfter::One => "1".into(),
        RetryAfter::TwoMinutes => "120".into(),
        RetryAfter::PastDate => date(-60),
        RetryAfter::FutureDate => date(2),
        RetryAfter::Garbage => "soon".into(),
    };
    let mut answer = Reject::new(StatusCode::TOO_MANY_REQUESTS, "Too many requests.");
    answer.message.push_str(" Nothing was done.");
    let mut answer = answer.into_response();
    if let Ok(value) = HeaderValue::from_str(&value) {
        answer.headers_mut().insert(header::RETRY_AFTER, value);
    }
    answer
}

/// Calls the endpoint, and spoils its answer.
async fn after(
    fault: Fault,
    line: &Line,
    delay: Duration,
    request: Request,
    next: Next,
) -> Response {
    if fault == Fault::LateApply {
        return late(delay, request, next).await;
    }
    let answer = next.run(request).await;
    let length = answer.body().size_hint().exact().unwrap_or(0) as usize;
    match fault {
        Fault::CutStatusLine => line.cut(Cut::StatusLine),
        Fault::CutHeaders => line.cut(Cut::Headers),
        Fault::CutBody => line.cut(Cut::Body(length)),
        Fault::DelayAfterApply => sleep(delay).await,
        Fault::ErrorAfterApply => {
            let lost = "The gateway lost the service's answer.";
            return Reject::new(StatusCode::BAD_GATEWAY, lost).into_response();
        }
        Fault::ConflictAfterApply => {
            return Reject::conflict("This was done before.").into_response();
        }
        _ => return cut(line, Cut::Reset),
    }
    answer
}

/// Goes on when the caller is gone, as a server behind a queue does.
async fn late(delay: Duration, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_BODY).await.unwrap_or_default();
    let work = tokio::spawn(async move {
        sleep(delay).await;
        next.run(Request::from_parts(parts, Body::from(body))).await
    });
    match work.await {
        Ok(answer) => answer,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
