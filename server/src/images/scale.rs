//! Scaling with a good filter.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{U8x3, U8x4};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};

use super::error::ImageError;
use super::pixels::{Channels, Pixels, to_usize};

/// Scales a picture to a size.
///
/// The sides are scaled one after the other, so that the source is freed before the last step.
pub(super) fn scale(pixels: Pixels, width: u32, height: u32) -> Result<Pixels, ImageError> {
    let narrow_height = pixels.height;
    let narrow = resize(pixels, width, narrow_height)?;
    resize(narrow, width, height)
}

/// Scales a picture and keeps it.
pub(super) fn scaled(pixels: &Pixels, width: u32, height: u32) -> Result<Pixels, ImageError> {
    scale(pixels.clone(), width, height)
}

fn resize(pixels: Pixels, width: u32, height: u32) -> Result<Pixels, ImageError> {
    if (pixels.width, pixels.height) == (width, height) {
        return Ok(pixels);
    }
    match pixels.channels {
        Channels::Rgb => resize_as::<U8x3>(&pixels, width, height),
        Channels::Rgba => resize_as::<U8x4>(&pixels, width, height),
    }
}

/// Resizes a picture of one kind of pixel. `Resizer::resize` would bring the code of every kind along.
fn resize_as<P: PixelTrait>(
    pixels: &Pixels,
    width: u32,
    height: u32,
) -> Result<Pixels, ImageError> {
    // Sizes and lengths agree, so this does not happen.
    let failed = || ImageError::Damaged("a picture");
    let channels = pixels.channels;
    let mut data = vec![0; to_usize(width) * to_usize(height) * channels.bytes()];
    let source = TypedImageRef::<P>::from_buffer(pixels.width, pixels.height, &pixels.data);
    let source = source.map_err(|_| failed())?;
    let target = TypedImage::<P>::from_buffer(width, height, &mut data);
    let mut target = target.map_err(|_| failed())?;
    let filter = ResizeAlg::Convolution(FilterType::Lanczos3);
    let options = ResizeOptions::new().resize_alg(filter);
    Resizer::new().resize_typed(&source, &mut target, &options).map_err(|_| failed())?;
    Ok(Pixels { width, height, channels, data })
}
