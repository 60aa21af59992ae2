//! Pictures: what is taken in, how it is converted, and where it is kept. Knows nothing of HTTP.

mod colour;
mod convert;
mod decode;
mod deletions;
mod encode;
mod engine;
mod error;
mod metadata;
mod orient;
mod pixels;
mod row_shrinker;
mod scale;
mod service;
mod size;
mod sniff;
mod store;

pub(crate) use self::convert::{MAX_FILE_BYTES, id_of, planned_name};
pub(crate) use self::engine::{check_images, describe_images, open_images};
pub(crate) use self::error::{ImageError, ImagesError};
pub(crate) use self::service::{Images, Place};
pub(crate) use self::size::size_of;
#[cfg(test)]
pub(crate) use self::store::FolderStore;
pub(crate) use self::store::{IMMUTABLE, ImageStore, ImageStoreError};
