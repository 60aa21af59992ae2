//! Conversion of an uploaded file to the files that readers get.

use std::time::{Duration, Instant};

use aws_lc_rs::digest::{SHA256, digest};
use bytes::Bytes;
use gazette_domain::{ImageFormat, ImageId, ImageName};

use super::colour::to_srgb;
use super::decode::{Wanted, check_size, decode, size};
use super::encode::{encode, smallest_format};
use super::error::ImageError;
use super::metadata::{self, Rights};
use super::orient::orient;
use super::pixels::{Channels, Pixels};
use super::scale::{scale, scaled};
use super::sniff::{SourceFormat, sniff};

/// Maximum size of an uploaded file.
pub(crate) const MAX_FILE_BYTES: usize = 20 * 1024 * 1024;
/// Time after which a picture is given up.
const MAX_DECODING_TIME: Duration = Duration::from_secs(20);
/// Maximum number of scans of a JPEG. Programs write about ten; each costs a pass over the pixels.
const MAX_SCANS: usize = 100;
/// Width at which the formats are compared.
const COMPARED_WIDTH: u32 = 960;

/// A converted picture.
#[derive(Debug)]
pub(super) struct Converted {
    /// Name of the largest size.
    pub(super) name: ImageName,
    /// Files of all sizes, the largest first.
    pub(super) files: Vec<(ImageName, Bytes)>,
    /// Metadata of the file.
    pub(super) rights: Rights,
}

/// Returns the id of a file.
pub(crate) fn id_of(bytes: &[u8]) -> ImageId {
    let hash = digest(&SHA256, bytes);
    let first = hash.as_ref().first_chunk::<16>().copied().unwrap_or_default();
    ImageId::new(u128::from_be_bytes(first))
}

/// Returns the name that a picture would get, as far as its header tells: its format may become
/// another one. Nothing is decoded.
pub(crate) fn planned_name(bytes: &[u8]) -> Result<ImageName, ImageError> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(ImageError::TooLarge);
    }
    let format = sniff(bytes)?;
    let size = size(format, bytes, Instant::now() + MAX_DECODING_TIME);
    let (width, height) = size.ok_or(ImageError::Damaged(format.name()))?;
    check_size(width, height)?;
    let (width, height) = if metadata::read(format, bytes).orientation.is_swapped() {
        ImageName::largest_size(height, width)
    } else {
        ImageName::largest_size(width, height)
    };
    let format = match format {
        SourceFormat::Jpeg => ImageFormat::Jpeg,
        SourceFormat::Png | SourceFormat::Webp | SourceFormat::Gif => ImageFormat::Png,
    };
    Ok(ImageName { id: id_of(bytes), width, height, format })
}

/// Converts a file. It takes time and memory: call it through the queue.
///
/// # Errors
/// The reason for which the file is refused.
pub(super) fn convert(bytes: Bytes) -> Result<Converted, ImageError> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(ImageError::TooLarge);
    }
    let format = sniff(&bytes)?;
    let id = id_of(&bytes);
    let metadata = metadata::read(format, &bytes);
    if metadata.scans > MAX_SCANS {
        let feature = "more than 100 passes over the picture";
        return Err(ImageError::UnsupportedFeature { format: format.name(), feature });
    }
    let swapped = metadata.orientation.is_swapped();
    let wanted = Wanted { swapped, deadline: Instant::now() + MAX_DECODING_TIME };
    let decoded = decode(format, &bytes, wanted)?;
    drop(bytes);
    let (width, height) = wanted.size(decoded.width, decoded.height);
    let largest = orient(scale(decoded, width, height)?, metadata.orientation);
    let largest = to_srgb(largest, metadata.profile.as_deref()).without_needless_alpha();
    let format = target_format(format, &largest)?;
    let name = ImageName { id, width: largest.width, height: largest.height, format };
    Ok(Converted { name, files: files(name, largest)?, rights: metadata.rights })
}

/// Encodes every size, each from the next larger one.
fn files(name: ImageName, largest: Pixels) -> Result<Vec<(ImageName, Bytes)>, ImageError> {
    let mut pixels = largest;
    let mut files = Vec::new();
    for size in name.sizes() {
        pixels = scale(pixels, size.width, size.height)?;
        files.push((size, encode(&pixels, name.format)?.into()));
    }
    Ok(files)
}

/// Returns the format to store a picture in. A photograph is not worth the comparison.
fn target_format(source: SourceFormat, pixels: &Pixels) -> Result<ImageFormat, ImageError> {
    if source == SourceFormat::Jpeg && pixels.channels == Channels::Rgb {
        return Ok(ImageFormat::Jpeg);
    }
    let id = ImageId::new(0);
    let (width, height) = (pixels.width, pixels.height);
    let name = ImageName { id, width, height, format: ImageFormat::Png };
    let compared = name.at_least(COMPARED_WIDTH);
    smallest_format(&scaled(pixels, compared.width, compared.height)?)
}

#[cfg(test)]
mod tests;
