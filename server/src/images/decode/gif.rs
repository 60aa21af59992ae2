//! GIF; of an animation the first frame, on its canvas.

use gif::{ColorOutput, DecodeOptions, Frame, MemoryLimit};

use super::super::error::ImageError;
use super::super::pixels::{Channels, Pixels, to_usize};
use super::super::row_shrinker::RowShrinker;
use super::source::Source;
use super::{MAX_PIXELS, Wanted, check_size};

/// Bytes of a pixel.
const RGBA: usize = 4;

pub(super) fn decode(source: &Source<'_>, wanted: Wanted) -> Result<Pixels, ImageError> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::RGBA);
    options.check_frame_consistency(true);
    let limit = std::num::NonZeroU64::new(MAX_PIXELS * 4);
    options.set_memory_limit(limit.map_or(MemoryLimit::Unlimited, MemoryLimit::Bytes));
    let mut decoder = options.read_info(source.reader()).map_err(|_| source.error())?;
    let (width, height) = (u32::from(decoder.width()), u32::from(decoder.height()));
    check_size(width, height)?;
    if width == 0 || height == 0 {
        return Err(source.error());
    }
    check_end(source)?;
    let frame = decoder.read_next_frame().map_err(|_| source.error())?;
    let frame = frame.ok_or_else(|| source.error())?;
    let factor = wanted.factor(width, height);
    let mut shrinker = RowShrinker::new(width, height, Channels::Rgba, factor);
    let mut row = vec![0; to_usize(width) * RGBA];
    for y in 0..height {
        row.fill(0);
        draw(frame, y, &mut row);
        shrinker.add(&row);
    }
    Ok(shrinker.finish())
}

/// Checks that no later frame breaks off.
fn check_end(source: &Source<'_>) -> Result<(), ImageError> {
    let mut options = DecodeOptions::new();
    options.skip_frame_decoding(true);
    let mut decoder = options.read_info(source.reader()).map_err(|_| source.error())?;
    while decoder.next_frame_info().map_err(|_| source.error())?.is_some() {
        source.check_time()?;
    }
    Ok(())
}

/// Draws the part of the frame that is in a row of the canvas.
fn draw(frame: &Frame<'_>, y: u32, row: &mut [u8]) {
    let Some(y) = y.checked_sub(frame.top.into()) else { return };
    let bytes = usize::from(frame.width) * RGBA;
    let begin = to_usize(y) * bytes;
    let Some(pixels) = frame.buffer.get(begin..begin + bytes) else { return };
    let left = usize::from(frame.left) * RGBA;
    if let Some(place) = row.get_mut(left..left + bytes) {
        place.copy_from_slice(pixels);
    }
}

/// Returns the size that the header says.
pub(super) fn size(source: &Source<'_>) -> Option<(u32, u32)> {
    let decoder = DecodeOptions::new().read_info(source.reader()).ok()?;
    Some((decoder.width().into(), decoder.height().into()))
}
