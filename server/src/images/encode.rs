//! Encoding without metadata.

use std::collections::HashMap;

use gazette_domain::ImageFormat;
use image_webp::{ColorType as WebpColor, WebPEncoder};
use jpeg_encoder::{ColorType as JpegColor, Encoder as JpegEncoder, SamplingFactor};
use png::{BitDepth, ColorType, Compression, Encoder as PngEncoder, Filter};

use super::error::ImageError;
use super::pixels::{Channels, Pixels};

const JPEG_QUALITY: u8 = 82;
/// Maximum number of colours of a PNG with a palette.
const MAX_PALETTE: usize = 256;

/// Returns the format in which a picture is smallest; one with transparent parts is never a JPEG.
pub(super) fn smallest_format(pixels: &Pixels) -> Result<ImageFormat, ImageError> {
    let mut sizes = Vec::new();
    for format in ImageFormat::ALL {
        if format == ImageFormat::Jpeg && pixels.channels == Channels::Rgba {
            continue;
        }
        // A picture may be too long for a format.
        if let Ok(bytes) = encode(pixels, format) {
            sizes.push((bytes.len(), format));
        }
    }
    let smallest = sizes.into_iter().min_by_key(|(size, _)| *size);
    smallest.map(|(_, format)| format).ok_or_else(failed)
}

/// Encodes a picture.
pub(super) fn encode(pixels: &Pixels, format: ImageFormat) -> Result<Vec<u8>, ImageError> {
    match format {
        ImageFormat::Jpeg => jpeg(pixels),
        ImageFormat::Png => png(pixels),
        ImageFormat::Webp => webp(pixels),
    }
}

fn jpeg(pixels: &Pixels) -> Result<Vec<u8>, ImageError> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new(&mut bytes, JPEG_QUALITY);
    encoder.set_optimized_huffman_tables(true);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    let side = |length| u16::try_from(length).map_err(|_| failed());
    let (width, height) = (side(pixels.width)?, side(pixels.height)?);
    let color = match pixels.channels {
        Channels::Rgb => JpegColor::Rgb,
        Channels::Rgba => JpegColor::Rgba,
    };
    encoder.encode(&pixels.data, width, height, color).map_err(|_| failed())?;
    Ok(bytes)
}

fn png(pixels: &Pixels) -> Result<Vec<u8>, ImageError> {
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new(&mut bytes, pixels.width, pixels.height);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Balanced);
    let palette = Palette::of(pixels);
    let data = if let Some(palette) = &palette {
        encoder.set_color(ColorType::Indexed);
        encoder.set_filter(Filter::NoFilter);
        encoder.set_palette(&palette.colours);
        if pixels.channels == Channels::Rgba {
            encoder.set_trns(&palette.opacities);
        }
        &palette.indices
    } else {
        encoder.set_color(match pixels.channels {
            Channels::Rgb => ColorType::Rgb,
            Channels::Rgba => ColorType::Rgba,
        });
        encoder.set_filter(Filter::Adaptive);
        &pixels.data
    };
    let mut writer = encoder.write_header().map_err(|_| failed())?;
    writer.write_image_data(data).map_err(|_| failed())?;
    writer.finish().map_err(|_| failed())?;
    Ok(bytes)
}

fn webp(pixels: &Pixels) -> Result<Vec<u8>, ImageError> {
    let color = match pixels.channels {
        Channels::Rgb => WebpColor::Rgb8,
        Channels::Rgba => WebpColor::Rgba8,
    };
    let mut bytes = Vec::new();
    let encoder = WebPEncoder::new(&mut bytes);
    encoder.encode(&pixels.data, pixels.width, pixels.height, color).map_err(|_| failed())?;
    Ok(bytes)
}

/// A picture with few colours: the colours, and the number of each pixel's.
struct Palette {
    colours: Vec<u8>,
    opacities: Vec<u8>,
    indices: Vec<u8>,
}

impl Palette {
    /// Returns `None` for a picture with too many colours.
    fn of(pixels: &Pixels) -> Option<Self> {
        let mut numbers: HashMap<[u8; 4], u8> = HashMap::new();
        let mut palette = Self { colours: Vec::new(), opacities: Vec::new(), indices: Vec::new() };
        let mut last = None;
        for pixel in pixels.data.chunks_exact(pixels.channels.bytes()) {
            let (rgb, rest) = pixel.split_first_chunk::<3>()?;
            let [red, green, blue] = *rgb;
            let colour = [red, green, blue, rest.first().copied().unwrap_or(u8::MAX)];
            let number = match last {
                Some((before, number)) if before == colour => number,
                _ => match numbers.get(&colour) {
                    Some(number) => *number,
                    None if numbers.len() == MAX_PALETTE => return None,
                    None => {
                        let number = u8::try_from(numbers.len()).ok()?;
                        numbers.insert(colour, number);
                        palette.colours.extend([red, green, blue]);
                        palette.opacities.extend(colour.last());
                        number
                    }
                },
            };
            last = Some((colour, number));
            palette.indices.push(number);
        }
        Some(palette)
    }
}

/// Sizes and lengths agree and memory does not fail, so only a picture too long for a format does.
fn failed() -> ImageError {
    ImageError::Damaged("a picture")
}
