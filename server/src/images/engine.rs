//! The configured store of pictures.

use std::path::PathBuf;
use std::sync::Arc;

use super::service::Images;
use super::store::{FolderStore, ImageStoreError, S3Store};
use crate::config::{Config, SettingError, SettingErrors};

const VARIABLE: &str = "GAZETTE_IMAGES";

/// Opens the configured store of pictures.
pub(crate) async fn open_images(config: &Config) -> Result<Images, SettingError> {
    if let Some(warning) = config.images.warning(&config.store) {
        tracing::warn!("{warning}");
    }
    Ok(match &config.images.bucket {
        None => Images::new(Arc::new(FolderStore::new(folder(config)))),
        Some(bucket) => Images::new(Arc::new(S3Store::open(bucket).await?)),
    })
}

/// Describes the store for the operator.
pub(crate) fn describe_images(config: &Config) -> String {
    let place = match &config.images.bucket {
        None => folder(config).display().to_string(),
        Some(bucket) => bucket.to_string(),
    };
    match config.images.warning(&config.store) {
        None => place,
        Some(warning) => format!("{place} (warning: {warning})"),
    }
}

/// Checks that the bucket can be used. One that does not answer is not an error of the
/// configuration.
pub(crate) async fn check_images(config: &Config, errors: &mut SettingErrors) {
    let Some(bucket) = &config.images.bucket else { return };
    let store = match S3Store::open(bucket).await {
        Ok(store) => store,
        Err(error) => {
            // The table may lack the same one.
            if errors.0.iter().all(|known| known.variable != error.variable) {
                errors.0.push(error);
            }
            return;
        }
    };
    match store.check().await {
        Ok(()) => {}
        Err(error @ ImageStoreError::Unreachable(_)) => {
            tracing::warn!(%bucket, %error, "the bucket of the pictures cannot be checked");
        }
        Err(error) => errors.add(VARIABLE, format!("{bucket}: {error}")),
    }
}

fn folder(config: &Config) -> PathBuf {
    config.store.data_dir.join("images")
}
