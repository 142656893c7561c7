//! `studies open`: the viewer's link, checked, opened and forgotten.

use crate::cli::session::Session;
use crate::cli::{Exit, Out, Problem};
use crate::runtime::opener::{DesktopOpener, Opener, has_desktop, is_remote};
use crate::wire::RerouteUrl;

use super::OpenArgs;

pub async fn run(arguments: &OpenArgs, session: &Session, out: &mut Out) -> Result<Exit, Problem> {
    // The link is a credential, so none is made that cannot be used.
    if !arguments.print && !has_desktop() {
        let why = if is_remote() {
            "this is a remote shell, where a browser would open on another computer"
        } else {
            "there is no display for a browser"
        };
        return Err(Problem::Other(format!(
            "{why}; with --print the link is printed, and it logs in anyone who has it"
        )));
    }
    let answer = session
        .client
        .call(&RerouteUrl(arguments.study.selector()))
        .await?;
    let url = session.client.check_viewer_url(&answer.value.url)?;
    if arguments.print {
        out.data(&format!("{url}\n"))?;
        return Ok(Exit::Done);
    }
    let host = url.host_str().unwrap_or_default().to_owned();
    let opened = tokio::task::spawn_blocking(move || DesktopOpener.open(&url)).await;
    match opened {
        Ok(Ok(())) => {
            out.note(&format!("{}: opened on {host}", arguments.study));
            Ok(Exit::Done)
        }
        Ok(Err(_)) | Err(_) => Err(Problem::Other(
            "no browser took the link; with --print the link is printed, and it logs in anyone who \
             has it"
                .into(),
        )),
    }
}
