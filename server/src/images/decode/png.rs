//! PNG, row by row; an interlaced picture is decoded whole.

use png::{ColorType, Decoder, Limits, Reader, Transformations};

use super::super::error::ImageError;
use super::super::pixels::{Channels, Pixels, to_usize};
use super::super::row_shrinker::RowShrinker;
use super::source::{Source, SourceReader};
use super::{Wanted, check_size};

/// Memory for everything but the pixels: rows, and chunks such as a colour profile.
const MAX_OTHER_BYTES: usize = 16 * 1024 * 1024;

pub(super) fn decode(source: &Source<'_>, wanted: Wanted) -> Result<Pixels, ImageError> {
    let mut decoder = Decoder::new_with_limits(source.reader(), Limits { bytes: MAX_OTHER_BYTES });
    decoder.set_ignore_text_chunk(true);
    decoder.set_transformations(Transformations::normalize_to_color8());
    let header = decoder.read_header_info().map_err(|_| source.error())?;
    let (width, height, interlaced) = (header.width, header.height, header.interlaced);
    check_size(width, height)?;
    let mut reader = decoder.read_info().map_err(|_| source.error())?;
    let (color_type, _) = reader.output_color_type();
    let channels = match color_type {
        ColorType::Grayscale | ColorType::Rgb | ColorType::Indexed => Channels::Rgb,
        ColorType::GrayscaleAlpha | ColorType::Rgba => Channels::Rgba,
    };
    let mut shrinker = RowShrinker::new(width, height, channels, wanted.factor(width, height));
    let mut row = Vec::with_capacity(to_usize(width) * channels.bytes());
    let mut add = |data: &[u8]| {
        expand(data, color_type, &mut row);
        shrinker.add(&row);
    };
    if interlaced {
        let (data, row_bytes) = whole(&mut reader, source)?;
        data.chunks(row_bytes).for_each(&mut add);
    } else {
        while let Some(data) = reader.next_row().map_err(|_| source.error())? {
            add(data.data());
        }
    }
    reader.finish().map_err(|_| source.error())?;
    Ok(shrinker.finish())
}

/// Decodes all rows, and returns them with the bytes of a row.
fn whole(
    reader: &mut Reader<SourceReader<'_>>,
    source: &Source<'_>,
) -> Result<(Vec<u8>, usize), ImageError> {
    let size = reader.output_buffer_size().ok_or_else(|| source.error())?;
    let mut data = vec![0; size];
    let info = reader.next_frame(&mut data).map_err(|_| source.error())?;
    Ok((data, info.line_size.max(1)))
}

/// Writes a row as RGB or RGBA.
fn expand(data: &[u8], color_type: ColorType, row: &mut Vec<u8>) {
    row.clear();
    match color_type {
        ColorType::Rgb | ColorType::Rgba | ColorType::Indexed => row.extend_from_slice(data),
        ColorType::Grayscale => row.extend(data.iter().flat_map(|grey| [*grey; 3])),
        ColorType::GrayscaleAlpha => {
            let pixels = data.as_chunks::<2>().0.iter();
            row.extend(pixels.flat_map(|[grey, alpha]| [*grey, *grey, *grey, *alpha]));
        }
    }
}

/// Returns the size that the header says.
pub(super) fn size(source: &Source<'_>) -> Option<(u32, u32)> {
    let mut decoder = Decoder::new(source.reader());
    decoder.read_header_info().ok().map(|header| (header.width, header.height))
}
