//! One growing buffer for the text that no two studies share.

/// The bytes that may be dead before a rebuild is worth its time.
const TOLERATED: usize = 1 << 16;

/// Where a text lies in the arena.
#[derive(Copy, Clone, Debug)]
pub(super) struct Span {
    start: usize,
    len: u32,
}

impl Span {
    pub(super) const EMPTY: Self = Self { start: 0, len: 0 };
}

#[derive(Default, Clone, Debug)]
pub(super) struct Arena {
    text: String,
    dead: usize,
}

impl Arena {
    pub(super) fn push(&mut self, text: &str) -> Span {
        // Growing by a quarter wastes less than doubling, and 100,000 studies still move it only ~40 times.
        if self.text.capacity() - self.text.len() < text.len() {
            let more = text.len().max(self.text.len() / 4);
            self.text.reserve_exact(more);
        }
        let start = self.text.len();
        self.text.push_str(text);
        Span {
            start,
            len: u32::try_from(text.len()).unwrap_or(u32::MAX),
        }
    }

    pub(super) fn get(&self, span: Span) -> &str {
        self.text
            .get(span.start..span.start.saturating_add(span.len as usize))
            .unwrap_or_default()
    }

    /// Gives the text up. Its bytes stay until the owner rebuilds the arena.
    pub(super) fn release(&mut self, span: Span) {
        self.dead += span.len as usize;
    }

    /// Bytes in use, dead ones included.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    pub(super) fn is_wasteful(&self) -> bool {
        self.dead > TOLERATED && self.dead > self.text.len() / 2
    }

    /// Keeps only the given texts, and moves their spans.
    pub(super) fn rebuild<'a>(&mut self, spans: impl Iterator<Item = &'a mut Span>) {
        let mut kept = Self::default();
        for span in spans {
            *span = kept.push(self.get(*span));
        }
        *self = kept;
    }
}
