//! Reading a body whose size cannot be trusted.

use reqwest::Response;
use url::Url;

use super::refusal;
use crate::wire::Failure;

/// How much of an error's body can matter for its message.
const ERROR_BODY: usize = 64 << 10;

/// Reads the whole body, or fails as soon as it is known to be longer than `limit` bytes.
pub(super) async fn read(
    mut response: Response,
    limit: u64,
    base_url: &Url,
) -> Result<Vec<u8>, Failure> {
    let announced = response.content_length().unwrap_or(0);
    if announced > limit {
        return Err(Failure::TooLarge { limit });
    }
    // The announced length is only the server's word: no memory is allocated before the bytes come.
    let mut body = Vec::with_capacity(announced.min(1 << 20) as usize);
    loop {
        let chunk = response.chunk().await;
        match chunk.map_err(|error| refusal::failure(error, base_url))? {
            None => return Ok(body),
            Some(chunk) if (body.len() + chunk.len()) as u64 > limit => {
                return Err(Failure::TooLarge { limit });
            }
            Some(chunk) => body.extend_from_slice(&chunk),
        }
    }
}

/// Reads the start of an error's body. The status is known already, so an error here only costs the message.
pub(super) async fn read_start(mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        body.extend_from_slice(&chunk);
        if body.len() > ERROR_BODY {
            break;
        }
    }
    body
}
