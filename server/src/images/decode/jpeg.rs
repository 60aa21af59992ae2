//! JPEG. The decoder shrinks by 2, 4 or 8 while it decodes, which saves most of the memory.

use jpeg_decoder::{Decoder, Error, PixelFormat, UnsupportedFeature};

use super::super::error::ImageError;
use super::super::pixels::{Channels, Pixels};
use super::source::Source;
use super::{Wanted, check_size};

/// Memory for the decoded picture; the size was checked before.
const MAX_DECODED_BYTES: usize = 256 * 1024 * 1024;

pub(super) fn decode(source: &Source<'_>, wanted: Wanted) -> Result<Pixels, ImageError> {
    let mut decoder = Decoder::new(source.reader());
    decoder.set_max_decoding_buffer_size(MAX_DECODED_BYTES);
    decoder.read_info().map_err(|error| explain(source, &error))?;
    let info = decoder.info().ok_or_else(|| source.error())?;
    check_size(info.width.into(), info.height.into())?;
    let (width, height) = wanted.size(info.width.into(), info.height.into());
    let side = |length| u16::try_from(length).unwrap_or(u16::MAX);
    let scaled = decoder.scale(side(width), side(height));
    let (width, height) = scaled.map_err(|error| explain(source, &error))?;
    let data = decoder.decode().map_err(|error| explain(source, &error))?;
    let data = match info.pixel_format {
        PixelFormat::RGB24 => data,
        PixelFormat::L8 => data.into_iter().flat_map(|grey| [grey; 3]).collect(),
        PixelFormat::CMYK32 => rgb_of_cmyk(&data),
        PixelFormat::L16 => return Err(source.unsupported("16 bits a channel")),
    };
    Ok(Pixels { width: width.into(), height: height.into(), channels: Channels::Rgb, data })
}

/// Converts ink to light without a profile, as browsers do it for pictures without one.
fn rgb_of_cmyk(data: &[u8]) -> Vec<u8> {
    let light = |ink: u8, black: u8| {
        let product = u16::from(u8::MAX - ink) * u16::from(u8::MAX - black);
        u8::try_from(product / u16::from(u8::MAX)).unwrap_or(u8::MAX)
    };
    let pixels = data.as_chunks::<4>().0.iter();
    pixels.flat_map(|[c, m, y, k]| [light(*c, *k), light(*m, *k), light(*y, *k)]).collect()
}

fn explain(source: &Source<'_>, error: &Error) -> ImageError {
    match error {
        Error::Unsupported(UnsupportedFeature::ArithmeticEntropyCoding) => {
            source.unsupported("arithmetic coding")
        }
        Error::Unsupported(UnsupportedFeature::SamplePrecision(_)) => {
            source.unsupported("more than 8 bits a channel")
        }
        Error::Unsupported(UnsupportedFeature::Hierarchical) => {
            source.unsupported("the hierarchical mode")
        }
        Error::Unsupported(_) => source.unsupported("a rare form of the format"),
        Error::Format(_) | Error::Io(_) | Error::Internal(_) => source.error(),
    }
}

/// Returns the size that the header says.
pub(super) fn size(source: &Source<'_>) -> Option<(u32, u32)> {
    let mut decoder = Decoder::new(source.reader());
    decoder.read_info().ok()?;
    decoder.info().map(|info| (info.width.into(), info.height.into()))
}
