//! WebP; of an animation the first frame.

use image_webp::{DecodingError, WebPDecoder};

use super::super::error::ImageError;
use super::super::pixels::{Channels, Pixels, to_usize};
use super::super::row_shrinker::RowShrinker;
use super::source::Source;
use super::{Wanted, check_size};

/// Memory for chunks besides the pixels.
const MAX_CHUNK_BYTES: usize = 32 * 1024 * 1024;

pub(super) fn decode(source: &Source<'_>, wanted: Wanted) -> Result<Pixels, ImageError> {
    let explain = |error: DecodingError| match error {
        DecodingError::UnsupportedFeature(_) => source.unsupported("a rare form of the format"),
        _ => source.error(),
    };
    let mut decoder = WebPDecoder::new(source.reader()).map_err(explain)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    decoder.set_memory_limit(MAX_CHUNK_BYTES);
    let channels = if decoder.has_alpha() { Channels::Rgba } else { Channels::Rgb };
    let size = decoder.output_buffer_size().ok_or_else(|| source.error())?;
    let mut data = vec![0; size];
    if decoder.is_animated() {
        decoder.read_frame(&mut data).map_err(explain)?;
    } else {
        decoder.read_image(&mut data).map_err(explain)?;
    }
    source.check_time()?;
    let factor = wanted.factor(width, height);
    if factor == 1 {
        return Ok(Pixels { width, height, channels, data });
    }
    let mut shrinker = RowShrinker::new(width, height, channels, factor);
    data.chunks(to_usize(width) * channels.bytes()).for_each(|row| shrinker.add(row));
    Ok(shrinker.finish())
}

/// Returns the size that the header says.
pub(super) fn size(source: &Source<'_>) -> Option<(u32, u32)> {
    WebPDecoder::new(source.reader()).ok().map(|decoder| decoder.dimensions())
}
