//! Finds the browser assets.

use std::path::{Path, PathBuf};

use crate::config::Config;

/// Folder of the assets after a build, relative to the working folder.
const BUILD_FOLDER: &str = "target/site";

/// Returns the configured folder of the browser assets, or the first that exists near the
/// executable.
pub(crate) fn site_root(config: &Config) -> PathBuf {
    if let Some(root) = &config.listen.site_root {
        return root.clone();
    }
    let executable = std::env::current_exe().unwrap_or_default();
    let folder = executable.parent().unwrap_or(Path::new("."));
    let candidates = [folder.join("../site"), folder.join("site"), PathBuf::from(BUILD_FOLDER)];
    let found = candidates.iter().find(|candidate| candidate.join("pkg").is_dir());
    found.cloned().unwrap_or_else(|| PathBuf::from(BUILD_FOLDER))
}
