//! Blocks of Markdown within quotes and list items.

/// Separator of two blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gap {
    /// Nothing: the first block.
    None,
    /// The next line.
    Line,
    /// A blank line.
    Blank,
}

/// Markdown that is being written.
#[derive(Debug)]
pub(super) struct Output {
    text: String,
    /// Beginning of every line.
    prefix: String,
    /// Beginning of the next line in place of the prefix.
    first: Option<String>,
    gap: Gap,
    is_tight: bool,
}

/// Start of an inner container.
#[derive(Debug)]
pub(super) struct Outer {
    prefix_bytes: usize,
    is_tight: bool,
    text_bytes: usize,
    first: Option<String>,
    gap: Gap,
}

impl Output {
    /// Starts without text.
    pub(super) fn new() -> Self {
        Self {
            text: String::new(),
            prefix: String::new(),
            first: None,
            gap: Gap::None,
            is_tight: false,
        }
    }

    /// Writes a block.
    pub(super) fn block(&mut self, block: &str) {
        self.between();
        for (index, line) in block.split('\n').enumerate() {
            if index > 0 {
                self.text.push('\n');
            }
            let start = self.first.take();
            let start = start.as_deref().unwrap_or(&self.prefix);
            self.text.push_str(if line.is_empty() { start.trim_end() } else { start });
            self.text.push_str(line);
        }
        self.gap = if self.is_tight { Gap::Line } else { Gap::Blank };
    }

    /// Begins a container whose lines begin with `prefix`, the first one with `marker`.
    pub(super) fn begin(&mut self, marker: &str, prefix: &str, is_tight: bool) -> Outer {
        let outer = Outer {
            prefix_bytes: self.prefix.len(),
            is_tight: self.is_tight,
            text_bytes: self.text.len(),
            first: self.first.clone(),
            gap: self.gap,
        };
        self.between();
        let first = self.first.take().unwrap_or_else(|| self.prefix.clone());
        self.first = Some(first + marker);
        self.prefix.push_str(prefix);
        self.is_tight = is_tight;
        outer
    }

    /// Ends a container. One without content leaves nothing.
    pub(super) fn end(&mut self, outer: Outer) {
        self.prefix.truncate(outer.prefix_bytes);
        self.is_tight = outer.is_tight;
        if self.first.is_some() {
            self.text.truncate(outer.text_bytes);
            (self.first, self.gap) = (outer.first, outer.gap);
        } else {
            self.gap = if self.is_tight { Gap::Line } else { Gap::Blank };
        }
    }

    /// Puts the next block on the next line.
    pub(super) fn tighten(&mut self) {
        if self.gap == Gap::Blank {
            self.gap = Gap::Line;
        }
    }

    /// Returns the text.
    pub(super) fn finish(self) -> String {
        self.text
    }

    fn between(&mut self) {
        match self.gap {
            Gap::None => {}
            Gap::Line => self.text.push('\n'),
            Gap::Blank => {
                self.text.push('\n');
                self.text.push_str(self.prefix.trim_end());
                self.text.push('\n');
            }
        }
        self.gap = Gap::None;
    }
}
