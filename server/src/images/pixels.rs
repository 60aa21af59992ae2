//! Decoded pixels.

/// Pixels of a picture: rows from the top, 8 bits a channel, sRGB unless a profile says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pixels {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) channels: Channels,
    pub(super) data: Vec<u8>,
}

/// Channels of a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Channels {
    /// Red, green and blue.
    Rgb,
    /// Red, green, blue and opacity, not premultiplied.
    Rgba,
}

impl Channels {
    /// Returns the bytes of a pixel.
    pub(super) fn bytes(self) -> usize {
        match self {
            Self::Rgb => 3,
            Self::Rgba => 4,
        }
    }
}

impl Pixels {
    /// Returns the bytes of a row.
    pub(super) fn row_bytes(&self) -> usize {
        to_usize(self.width) * self.channels.bytes()
    }

    /// Drops the opacity of a picture that is opaque everywhere.
    #[must_use]
    pub(super) fn without_needless_alpha(self) -> Self {
        let is_opaque = || self.data.as_chunks::<4>().0.iter().all(|pixel| pixel[3] == u8::MAX);
        if self.channels == Channels::Rgb || !is_opaque() {
            return self;
        }
        let pixels = self.data.as_chunks::<4>().0.iter();
        let data = pixels.flat_map(|[r, g, b, _]| [*r, *g, *b]).collect();
        Self { channels: Channels::Rgb, data, ..self }
    }
}

/// Returns a length in pixels as an index.
pub(super) fn to_usize(length: u32) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}
