//! Pieces of a line of text, and the rules that let emphasis in Markdown be recognized.

/// A formatting that Markdown can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// Emphasis.
    Emphasis,
    /// Strong emphasis.
    Strong,
    /// Text that no longer holds.
    Struck,
    /// A link with the index of its target.
    Link(usize),
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text as it is shown.
    Text(String),
    /// Markdown or HTML that is written as it is.
    Raw(String),
    /// Beginning of a formatting.
    Open(Mark),
    /// End of a formatting.
    Close(Mark),
    /// Line break.
    Break,
}

/// Collects pieces with single spaces, none of them at an inner edge of a formatting.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    pieces: Vec<Piece>,
    open: Vec<Mark>,
}

impl Pieces {
    /// Adds text of HTML, whose white space counts as one space.
    pub(super) fn text(&mut self, text: &str) {
        let mut words = String::with_capacity(text.len());
        let mut had_space = self.ends_with_space();
        for c in text.chars() {
            if matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}' | '\u{b}') {
                if !had_space && words.is_empty() {
                    self.space();
                } else if !had_space {
                    words.push(' ');
                }
                had_space = true;
            } else if !c.is_control() {
                words.push(c);
                had_space = false;
            }
        }
        if !words.is_empty() {
            self.push_text(&words);
        }
    }

    /// Adds a line break.
    pub(super) fn line_break(&mut self) {
        self.trim_end();
        self.outside_opened(Piece::Break);
    }

    /// Adds Markdown or HTML that is written as it is.
    pub(super) fn raw(&mut self, text: String) {
        if !text.is_empty() {
            self.pieces.push(Piece::Raw(text));
        }
    }

    /// Checks whether the last piece is code, whose signs would join those of a next one.
    pub(super) fn ends_with_code(&self) -> bool {
        matches!(self.pieces.last(), Some(Piece::Raw(text)) if text.ends_with('`'))
    }

    /// Begins a formatting; `false` if it holds already.
    pub(super) fn open(&mut self, mark: Mark) -> bool {
        let is_link = matches!(mark, Mark::Link(_));
        let holds = |open: &Mark| *open == mark || is_link && matches!(open, Mark::Link(_));
        if self.open.iter().any(holds) {
            return false;
        }
        self.open.push(mark);
        if self.pieces.last() == Some(&Piece::Close(mark)) {
            self.pieces.pop();
        } else {
            self.pieces.push(Piece::Open(mark));
        }
        true
    }

    /// Ends a formatting that [`Self::open`] began.
    pub(super) fn close(&mut self, mark: Mark) {
        self.open.pop();
        let mut space = None;
        match self.pieces.last_mut() {
            Some(Piece::Text(text)) if text.ends_with(' ') => {
                text.pop();
                space = Some(Piece::Text(" ".to_owned()));
                if text.is_empty() {
                    self.pieces.pop();
                }
            }
            Some(Piece::Break) => space = self.pieces.pop(),
            _ => {}
        }
        if self.pieces.last() == Some(&Piece::Open(mark)) {
            self.pieces.pop();
        } else {
            self.pieces.push(Piece::Close(mark));
        }
        match space {
            Some(Piece::Text(_)) if !self.ends_with_space() => self.push_text(" "),
            Some(Piece::Break) => self.pieces.push(Piece::Break),
            _ => {}
        }
    }

    /// Returns the pieces without space and breaks at their ends.
    pub(super) fn finish(mut self) -> Vec<Piece> {
        loop {
            self.trim_end();
            let is_end_empty = match self.pieces.as_slice() {
                [.., Piece::Break] => true,
                // Space of other kinds, in a line of its own.
                [.., Piece::Break, Piece::Text(text)] => text.trim().is_empty(),
                _ => false,
            };
            if !is_end_empty {
                return self.pieces;
            }
            self.pieces.pop();
        }
    }

    fn space(&mut self) {
        if !self.ends_with_space() {
            self.outside_opened(Piece::Text(" ".to_owned()));
        }
    }

    /// Adds a piece before the formattings that have no content yet.
    fn outside_opened(&mut self, piece: Piece) {
        let opened = self.pieces.iter().rev().take_while(|piece| matches!(piece, Piece::Open(_)));
        let at = self.pieces.len() - opened.count();
        if at == 0 {
            return;
        }
        match (self.pieces.get_mut(at - 1), piece) {
            (Some(Piece::Text(text)), Piece::Text(more)) => text.push_str(&more),
            (_, piece) => self.pieces.insert(at, piece),
        }
    }

    fn push_text(&mut self, words: &str) {
        match self.pieces.last_mut() {
            Some(Piece::Text(text)) => text.push_str(words),
            _ => self.pieces.push(Piece::Text(words.to_owned())),
        }
    }

    fn trim_end(&mut self) {
        if let Some(Piece::Text(text)) = self.pieces.last_mut()
            && text.ends_with(' ')
        {
            text.pop();
            if text.is_empty() {
                self.pieces.pop();
            }
        }
    }

    fn ends_with_space(&self) -> bool {
        let last = self.pieces.iter().rev().find(|piece| !matches!(piece, Piece::Open(_)));
        match last {
            None | Some(Piece::Break) => true,
            Some(Piece::Text(text)) => text.ends_with(' '),
            // A closed formatting never ends with space.
            Some(Piece::Close(_) | Piece::Raw(_) | Piece::Open(_)) => false,
        }
    }
}
