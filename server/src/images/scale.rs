//! Scaling with a good filter.

use fast_image_resize::images::Image;
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use super::error::ImageError;
use super::pixels::{Channels, Pixels};

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
    // Sizes and lengths agree, so this does not happen.
    let failed = || ImageError::Damaged("a picture");
    let channels = pixels.channels;
    let pixel_type = match channels {
        Channels::Rgb => PixelType::U8x3,
        Channels::Rgba => PixelType::U8x4,
    };
    let source = Image::from_vec_u8(pixels.width, pixels.height, pixels.data, pixel_type);
    let source = source.map_err(|_| failed())?;
    let mut target = Image::new(width, height, pixel_type);
    let filter = ResizeAlg::Convolution(FilterType::Lanczos3);
    let options = ResizeOptions::new().resize_alg(filter);
    Resizer::new().resize(&source, &mut target, &options).map_err(|_| failed())?;
    Ok(Pixels { width, height, channels, data: target.into_vec() })
}
