//! Files of the site: style sheet, islands, pictures, icons.
//!
//! Files that pages refer to have a name with the hash of their content and never change under
//! it; every file also keeps its own name, under which browsers ask again.

mod file;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_lc_rs::digest::{SHA384, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gazette_app::{Asset, IslandAssets};
use tokio::task::spawn_blocking;

pub(crate) use self::file::File;
use crate::encoding::Encoding;
use crate::images::size_of;

/// Files by their path below the root of the site.
#[derive(Default)]
pub struct Assets {
    named: HashMap<String, Arc<File>>,
    /// The paths of each file name.
    paths: HashMap<String, Vec<String>>,
}

/// Error reading the site's files.
#[derive(Debug, thiserror::Error)]
pub enum AssetsError {
    /// The folder does not exist.
    #[error(
        "the browser assets are not in {0}; run `make build`, or set LEPTOS_SITE_ROOT to their folder"
    )]
    Missing(PathBuf),
    /// A file cannot be read.
    #[error("{path}: {source}")]
    Unreadable {
        /// File or folder.
        path: PathBuf,
        /// Error of the system.
        source: std::io::Error,
    },
}

impl Assets {
    /// Lists everything below `root`, which holds the public files and `pkg`, and reads what pages
    /// name by its hash.
    ///
    /// # Errors
    /// [`AssetsError`] when there is no `pkg`, or a file cannot be read.
    pub fn read(root: &Path) -> Result<Self, AssetsError> {
        if !root.join("pkg").is_dir() {
            return Err(AssetsError::Missing(root.to_owned()));
        }
        let mut assets = Self::default();
        let mut forms: HashMap<PathBuf, Vec<(Encoding, PathBuf)>> = HashMap::new();
        let mut files = Vec::new();
        for path in list(root)? {
            match Encoding::of_ending(&path) {
                Some(encoding) => {
                    forms.entry(path.with_extension("")).or_default().push((encoding, path));
                }
                None => files.push(path),
            }
        }
        for path in files {
            let built_forms = forms.remove(&path).unwrap_or_default();
            assets.add(name(root, &path), File::new(path, built_forms));
        }
        for (path, file) in &assets.named {
            if is_named_by_hash(path) { file.read().map(drop)? } else { file.check()? }
        }
        Ok(assets)
    }

    /// Starts to make the hashes that names of files in pages contain, which takes longer than most
    /// of a start. It needs a Tokio runtime.
    pub(crate) fn hash_ahead(&self) {
        let named_by_hash = self.named.iter().filter(|(path, _)| is_named_by_hash(path));
        let files: Vec<_> = named_by_hash.map(|(_, file)| Arc::clone(file)).collect();
        spawn_blocking(move || {
            for content in files.iter().filter_map(|file| file.read().ok()) {
                content.hash();
            }
        });
    }

    /// Returns a style sheet by its name without the ending.
    pub fn stylesheet(&self, name: &str) -> Asset {
        self.asset(&format!("/pkg/{name}.css"))
            .unwrap_or(Asset { href: String::new(), integrity: String::new() })
    }

    /// Returns a script by its name without the ending.
    pub fn script(&self, name: &str) -> Option<Asset> {
        self.asset(&format!("/{name}.js"))
    }

    /// Returns the files that start the islands of a module, if all of them were built.
    pub fn islands(&self, module: &str) -> Option<IslandAssets> {
        Some(IslandAssets {
            boot: self.asset("/islands.js")?,
            module: self.href(&format!("/pkg/{module}.js"))?,
            wasm: self.href(&format!("/pkg/{module}.wasm"))?,
        })
    }

    /// Returns the paths of the raster forms that pictures have.
    pub fn rasters(&self) -> HashSet<String> {
        let rasters = self.named.keys().filter_map(|path| gazette_app::raster_path(path));
        rasters.filter(|path| self.named.contains_key(path)).collect()
    }

    /// Returns the file of a path.
    pub(crate) fn named(&self, path: &str) -> Option<&Arc<File>> {
        self.named.get(path)
    }

    /// Returns the size of a picture among the files.
    pub(crate) async fn picture_size(&self, path: &str) -> Result<Option<(u32, u32)>, AssetsError> {
        let Some(file) = self.named(path) else { return Ok(None) };
        Ok(size_of(&file.load().await?.bytes))
    }

    /// Returns the file of a hashed name.
    pub(crate) async fn hashed(&self, name: &str) -> Result<Option<&Arc<File>>, AssetsError> {
        let Some((before, last)) = name.rsplit_once('.') else { return Ok(None) };
        if let Some((stem, hash)) = before.rsplit_once('.')
            && let Some(file) = self.of_hash(&format!("{stem}.{last}"), hash).await?
        {
            return Ok(Some(file));
        }
        self.of_hash(before, last).await
    }

    async fn of_hash(&self, name: &str, hash: &str) -> Result<Option<&Arc<File>>, AssetsError> {
        let paths = self.paths.get(name).into_iter().flatten();
        for file in paths.filter_map(|path| self.named.get(path)) {
            if file.load().await?.hash_in_name() == hash {
                return Ok(Some(file));
            }
        }
        Ok(None)
    }

    /// Returns a file under its hashed name, with its integrity value.
    fn asset(&self, path: &str) -> Option<Asset> {
        let content = self.named.get(path)?.read().ok()?;
        let integrity = format!("sha384-{}", STANDARD.encode(digest(&SHA384, &content.bytes)));
        Some(Asset { href: self.href(path)?, integrity })
    }

    /// Returns the path of a file under its hashed name.
    fn href(&self, path: &str) -> Option<String> {
        let content = self.named.get(path)?.read().ok()?;
        Some(format!("/assets/{}", hashed_name(file_name(path), content.hash_in_name())))
    }

    fn add(&mut self, path: String, file: File) {
        self.paths.entry(file_name(&path).to_owned()).or_default().push(path.clone());
        self.named.insert(path, Arc::new(file));
    }
}

/// Returns the paths of all files below a folder.
fn list(root: &Path) -> Result<Vec<PathBuf>, AssetsError> {
    let (mut files, mut folders) = (Vec::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        let failed = |source| AssetsError::Unreadable { path: folder.clone(), source };
        for entry in std::fs::read_dir(&folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    Ok(files)
}

/// Returns the path of a file on the site.
fn name(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    format!("/{}", below.to_string_lossy().replace('\\', "/"))
}

/// Checks for a file that pages name by its hash.
fn is_named_by_hash(path: &str) -> bool {
    path.starts_with("/pkg/") || path.rsplit('.').next() == Some("js")
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Puts the hash before the ending: `gazette.css` becomes `gazette.Ab3….css`.
fn hashed_name(name: &str, hash: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}.{hash}.{ending}"),
        None => format!("{name}.{hash}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::etag::etag;

    #[tokio::test]
    async fn a_hashed_name_is_that_of_the_content() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        for (path, content) in
            [("pkg/a.b.css", "one"), ("a.b.css", "two"), ("LICENSE", "three"), (".x", "four")]
        {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            std::fs::write(path, content).expect("a file");
        }
        let assets = Assets::read(root).expect("files");
        for (path, content) in
            [("/pkg/a.b.css", "one"), ("/a.b.css", "two"), ("/LICENSE", "three"), ("/.x", "four")]
        {
            let href = assets.href(path).expect("a name");
            let name = href.strip_prefix("/assets/").expect("a path");
            let file = assets.hashed(name).await.expect("read").expect("a file");
            let file = file.load().await.expect("content");
            assert_eq!(file.bytes, content, "{name}");
            let file = assets.named(path).expect("a file").load().await.expect("content");
            assert_eq!(file.etag(), etag(content.as_bytes()));
        }
        let other = assets.named("/LICENSE").expect("a file").read().expect("content");
        let other = other.hash_in_name();
        for name in [
            "",
            ".",
            "..",
            "a.b.css",
            "a.css",
            "LICENSE",
            "a.b..css",
            "a.b.AAAAAAAAAAAA.css",
            ".css",
            &format!("a.b.{other}.css"),
        ] {
            assert!(assets.hashed(name).await.expect("read").is_none(), "{name}");
        }
    }
    #[tokio::test]
    async fn files_that_pages_do_not_name_are_read_when_they_are_asked_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        std::fs::create_dir(root.join("pkg")).expect("a folder");
        let (style, picture) = (root.join("pkg/gazette.css"), root.join("picture.svg"));
        for path in [&style, &picture] {
            std::fs::write(path, "first").expect("a file");
        }
        let assets = Assets::read(root).expect("files");
        std::fs::write(&style, "second").expect("a file");
        std::fs::remove_file(&picture).expect("removed");
        let style = assets.named("/pkg/gazette.css").expect("a file");
        assert_eq!(style.load().await.expect("content").bytes, "first");
        let file = assets.named("/picture.svg").expect("a file");
        let error = file.load().await.map(|content| content.bytes.clone());
        assert!(matches!(error, Err(AssetsError::Unreadable { path, .. }) if path == picture));
        std::fs::write(&picture, "third").expect("a file");
        assert_eq!(file.load().await.expect("content").bytes, "third");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_is_not_there_is_an_error_of_the_start() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("pkg")).expect("a folder");
        let link = folder.path().join("picture.svg");
        std::os::unix::fs::symlink("nowhere", &link).expect("a link");
        let read = Assets::read(folder.path()).map(drop);
        assert!(matches!(read, Err(AssetsError::Unreadable { path, .. }) if path == link));
    }
}
