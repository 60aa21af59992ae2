//! The content of the files of pictures.

use std::path::Path;

use bytes::Bytes;

use crate::images::{ImageError, MAX_FILE_BYTES};

/// Reads a file within the limit of its size, or returns the reason.
pub(super) async fn picture_bytes(path: &Path) -> Result<Bytes, String> {
    let path = path.to_owned();
    let read = tokio::task::spawn_blocking(move || {
        let size = std::fs::metadata(&path)?.len();
        let is_too_large = usize::try_from(size).is_ok_and(|size| size > MAX_FILE_BYTES);
        Ok::<_, std::io::Error>(if is_too_large { None } else { Some(std::fs::read(path)?) })
    });
    match read.await {
        Ok(Ok(Some(bytes))) => Ok(bytes.into()),
        Ok(Ok(None)) => Err(ImageError::TooLarge.to_string()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("the file cannot be read".to_owned()),
    }
}
