//! Version, commit and target of this build.

use std::env::consts::{ARCH, OS};
use std::fmt;

/// Build of the program; its text is that of `--version`.
#[derive(Clone, Copy, Debug, Default)]
pub struct BuildInfo {
    commit: Option<&'static str>,
}

impl BuildInfo {
    /// Returns the build of a commit, which only a build by `make` knows.
    pub fn of_commit(commit: Option<&'static str>) -> Self {
        Self { commit: commit.filter(|commit| !commit.is_empty()) }
    }

    /// Returns the version.
    pub(crate) fn version() -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    /// Returns the commit, or `unknown`.
    pub(crate) fn commit(self) -> &'static str {
        self.commit.unwrap_or("unknown")
    }
}

impl fmt::Display for BuildInfo {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (version, commit) = (Self::version(), self.commit());
        write!(formatter, "{version} (commit {commit}, {ARCH}-{OS})")
    }
}
