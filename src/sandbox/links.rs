//! Links into the viewer: each carries a token that opens one study, once, for a minute.

use std::collections::HashMap;
use std::time::{Duration, Instant};

pub const LIFETIME: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub struct Links {
    base_url: String,
    /// The study's position and when the link was made.
    open: HashMap<String, (u32, Instant)>,
}

impl Links {
    pub fn new(base_url: String) -> Self {
        Self {
            base_url,
            open: HashMap::new(),
        }
    }

    /// Returns a link to the study at `position`, made of 16 random bytes.
    pub fn mint(&mut self, token: [u8; 16], position: u32) -> String {
        self.mint_at(token, position, Instant::now())
    }

    /// Returns the study that a token opens, and uses the token up.
    pub fn spend(&mut self, token: &str) -> Option<u32> {
        self.spend_at(token, Instant::now())
    }

    fn mint_at(&mut self, token: [u8; 16], position: u32, now: Instant) -> String {
        self.open.retain(|_, (_, made)| now - *made < LIFETIME);
        let token = format!("{:032x}", u128::from_be_bytes(token));
        let url = format!("{}/viewer/{token}", self.base_url);
        self.open.insert(token, (position, now));
        url
    }

    fn spend_at(&mut self, token: &str, now: Instant) -> Option<u32> {
        let (position, made) = self.open.remove(token)?;
        (now - made < LIFETIME).then_some(position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_opens_once_within_a_minute() {
        let mut links = Links::new("http://127.0.0.1:4010".into());
        let now = Instant::now();
        let url = links.mint_at([0xab; 16], 7, now);
        assert_eq!(
            url,
            format!("http://127.0.0.1:4010/viewer/{}", "ab".repeat(16))
        );
        let token = "ab".repeat(16);
        let last = now + LIFETIME - Duration::from_nanos(1);
        assert_eq!(links.spend_at(&token, last), Some(7));
        assert_eq!(links.spend_at(&token, last), None);
        links.mint_at([0xab; 16], 7, now);
        assert_eq!(links.spend_at(&token, now + LIFETIME), None);
    }

    #[test]
    fn expired_links_are_forgotten() {
        let mut links = Links::new(String::new());
        let now = Instant::now();
        links.mint_at([1; 16], 1, now);
        links.mint_at([2; 16], 2, now + LIFETIME);
        assert_eq!(links.open.len(), 1);
    }
}
