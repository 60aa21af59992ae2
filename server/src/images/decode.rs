//! Decoding within limits: the size is read from the header before memory is spent.

mod gif;
mod jpeg;
mod png;
mod source;
mod webp;

use std::time::Instant;

use gazette_domain::ImageName;

use self::source::Source;
use super::error::ImageError;
use super::pixels::Pixels;
use super::sniff::SourceFormat;

/// Maximum number of pixels.
const MAX_PIXELS: u64 = 50_000_000;
/// Maximum length of a side, which a JPEG can just store.
const MAX_SIDE: u32 = 65_500;

/// Size of the decoded picture that is needed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// `true` if the sides are swapped when the orientation is applied.
    pub(super) swapped: bool,
    /// Time at which decoding gives up.
    pub(super) deadline: Instant,
}

/// Decodes a picture, the first frame of an animation. The result may be smaller than the picture,
/// but not smaller than the largest stored size.
pub(super) fn decode(
    format: SourceFormat,
    bytes: &[u8],
    wanted: Wanted,
) -> Result<Pixels, ImageError> {
    let source = Source::new(format, bytes, wanted.deadline);
    match format {
        SourceFormat::Jpeg => jpeg::decode(&source, wanted),
        SourceFormat::Png => png::decode(&source, wanted),
        SourceFormat::Webp => webp::decode(&source, wanted),
        SourceFormat::Gif => gif::decode(&source, wanted),
    }
}

/// Returns width and height as the header of a picture says.
pub(super) fn size(format: SourceFormat, bytes: &[u8], deadline: Instant) -> Option<(u32, u32)> {
    let source = Source::new(format, bytes, deadline);
    match format {
        SourceFormat::Jpeg => jpeg::size(&source),
        SourceFormat::Png => png::size(&source),
        SourceFormat::Webp => webp::size(&source),
        SourceFormat::Gif => gif::size(&source),
    }
}

/// Refuses a size that the header names, before anything is decoded.
pub(super) fn check_size(width: u32, height: u32) -> Result<(), ImageError> {
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(ImageError::TooManyPixels { width, height });
    }
    if width.max(height) > MAX_SIDE {
        return Err(ImageError::TooLong { width, height });
    }
    Ok(())
}

impl Wanted {
    /// Returns the largest stored size of a picture of this size, before its orientation is
    /// applied.
    pub(super) fn size(self, width: u32, height: u32) -> (u32, u32) {
        if self.swapped {
            let (width, height) = ImageName::largest_size(height, width);
            (height, width)
        } else {
            ImageName::largest_size(width, height)
        }
    }

    /// Returns the whole factor by which a picture may be shrunk.
    fn factor(self, width: u32, height: u32) -> u32 {
        let (wanted_width, wanted_height) = self.size(width, height);
        (width / wanted_width.max(1)).min(height / wanted_height.max(1)).max(1)
    }
}
