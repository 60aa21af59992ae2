//! Reasons for which a picture is refused, in words for the person who sent it.

use super::store::ImageStoreError;

/// A picture cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ImageError {
    /// The file is too large.
    #[error(
        "The picture is larger than 20 MiB. Save it at a smaller size or quality and try again."
    )]
    TooLarge,
    /// The file has no content.
    #[error("The file is empty. Choose a JPEG, PNG, WebP or GIF picture.")]
    Empty,
    /// The content is of another type, whatever the name says.
    #[error(
        "This file is {0}, not a picture that can be used here. Save it as JPEG, PNG, WebP or GIF and try again."
    )]
    Unsupported(&'static str),
    /// The content is of a supported format, but of a kind that few programs write.
    #[error(
        "This {format} uses {feature}, which is not supported. Open it in a picture editor, save it as a plain JPEG or PNG, and try again."
    )]
    UnsupportedFeature {
        /// Format of the file.
        format: &'static str,
        /// Part of the format.
        feature: &'static str,
    },
    /// The picture has too many pixels.
    #[error(
        "The picture has {width} × {height} pixels; at most 50 million are allowed. Make it smaller and try again."
    )]
    TooManyPixels {
        /// Width, as its header says.
        width: u32,
        /// Height, as its header says.
        height: u32,
    },
    /// The picture is longer than the formats that browsers show.
    #[error(
        "The picture has {width} × {height} pixels; no side may be longer than 65,500. Cut it and try again."
    )]
    TooLong {
        /// Width, as its header says.
        width: u32,
        /// Height, as its header says.
        height: u32,
    },
    /// The content breaks off.
    #[error(
        "The picture is incomplete: the file breaks off. Copy or download it again and try again."
    )]
    Truncated,
    /// The content breaks the rules of its format.
    #[error(
        "The picture is damaged and cannot be read as {0}. Open it in a picture editor, save it again, and try again."
    )]
    Damaged(&'static str),
    /// The content takes too long to decode.
    #[error(
        "The picture takes too long to read. Open it in a picture editor, save it again at a smaller size, and try again."
    )]
    TooSlow,
}

/// Pictures cannot be taken in or read right now.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ImagesError {
    /// The picture itself is at fault.
    #[error(transparent)]
    Refused(#[from] ImageError),
    /// Too many pictures wait for their turn.
    #[error("too many pictures wait to be converted")]
    Busy,
    /// The store of pictures failed.
    #[error(transparent)]
    Store(#[from] ImageStoreError),
}
