//! Files that appear complete or not at all.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

/// A file that is written beside its place. Dropped before it is finished, it disappears.
pub(crate) struct UnfinishedFile {
    file: File,
    place: PathBuf,
    path: PathBuf,
    is_finished: bool,
}

impl UnfinishedFile {
    /// Creates a file that only this user can read: what is written may hold password hashes.
    pub(crate) fn create(place: &Path) -> Result<Self> {
        // Never replaced by a file: a device, such as /dev/stdout.
        if std::fs::metadata(place).is_ok_and(|found| !found.is_file()) {
            bail!("{} is not a file; name a new or existing file", place.display());
        }
        let mut name = place.as_os_str().to_owned();
        name.push(".unfinished");
        let path = PathBuf::from(name);
        let file =
            private_file(&path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self { file, place: place.to_owned(), path, is_finished: false })
    }

    /// Returns the file.
    pub(crate) fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// Moves the file to its place, durably. A file that was there is replaced.
    pub(crate) fn finish(mut self) -> Result<()> {
        let finish = || -> io::Result<()> {
            self.file.sync_all()?;
            std::fs::rename(&self.path, &self.place)?;
            // The new name is durable only after the folder was synced.
            let folder = self.place.parent().filter(|folder| !folder.as_os_str().is_empty());
            File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
        };
        finish().with_context(|| format!("cannot write {}", self.place.display()))?;
        self.is_finished = true;
        Ok(())
    }
}

impl Drop for UnfinishedFile {
    fn drop(&mut self) {
        if !self.is_finished {
            // An incomplete file must not be mistaken for a complete one.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

fn private_file(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true).mode(0o600);
    match options.open(path) {
        // Left over from a command that was killed, and perhaps readable for others.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            std::fs::remove_file(path)?;
            options.open(path)
        }
        opened => opened,
    }
}
