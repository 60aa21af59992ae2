//! Files of the site, read once at start: style sheet, islands, pictures, icons.
//!
//! Files that pages refer to have a name with the hash of their content and never change under
//! it; every file also keeps its own name, under which browsers ask again.

mod file;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{SHA384, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gazette_app::{Asset, IslandAssets};

pub(crate) use self::file::File;
use crate::encoding::Encoding;
use crate::images::size_of;

/// Files by their path below the root of the site.
#[derive(Default)]
pub struct Assets {
    named: HashMap<String, File>,
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
    /// Reads everything below `root`, which holds the public files and `pkg`.
    pub fn read(root: &Path) -> Result<Self, AssetsError> {
        if !root.join("pkg").is_dir() {
            return Err(AssetsError::Missing(root.to_owned()));
        }
        let mut assets = Self::default();
        let mut folders = vec![root.to_owned()];
        let mut forms = Vec::new();
        while let Some(folder) = folders.pop() {
            let failed = |source| AssetsError::Unreadable { path: folder.clone(), source };
            for entry in std::fs::read_dir(&folder).map_err(failed)? {
                let path = entry.map_err(failed)?.path();
                if path.is_dir() {
                    folders.push(path);
                } else if let Some(form) = Form::of(&path) {
                    forms.push(form);
                } else {
                    assets.add(root, &path)?;
                }
            }
        }
        for form in forms {
            assets.add_form(root, &form)?;
        }
        Ok(assets)
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
    pub(crate) fn named(&self, path: &str) -> Option<&File> {
        self.named.get(path)
    }

    /// Returns the size of a picture among the files.
    pub(crate) fn picture_size(&self, path: &str) -> Option<(u32, u32)> {
        size_of(&self.named(path)?.bytes)
    }

    /// Returns the file of a hashed name.
    pub(crate) fn hashed(&self, name: &str) -> Option<&File> {
        let (before, last) = name.rsplit_once('.')?;
        let with_ending =
            before.rsplit_once('.').map(|(stem, hash)| (format!("{stem}.{last}"), hash));
        let found = with_ending.and_then(|(name, hash)| self.of_hash(&name, hash));
        found.or_else(|| self.of_hash(before, last))
    }

    fn of_hash(&self, name: &str, hash: &str) -> Option<&File> {
        let mut files = self.paths.get(name)?.iter().filter_map(|path| self.named.get(path));
        files.find(|file| file.hash_in_name() == hash)
    }

    /// Returns a file under its hashed name, with its integrity value.
    fn asset(&self, path: &str) -> Option<Asset> {
        let file = self.named.get(path)?;
        let integrity = format!("sha384-{}", STANDARD.encode(digest(&SHA384, &file.bytes)));
        Some(Asset { href: self.href(path)?, integrity })
    }

    /// Returns the path of a file under its hashed name.
    fn href(&self, path: &str) -> Option<String> {
        let file = self.named.get(path)?;
        Some(format!("/assets/{}", hashed_name(file_name(path), file.hash_in_name())))
    }

    /// Adds a compressed form that the build has made of a file.
    fn add_form(&self, root: &Path, form: &Form) -> Result<(), AssetsError> {
        let modified = |path| std::fs::metadata(path).and_then(|data| data.modified()).ok();
        // A tool that builds the file alone leaves an older form behind.
        let is_current = modified(&form.path) >= modified(&form.of);
        if let Some(file) = self.named.get(&name(root, &form.of)).filter(|_| is_current) {
            file.forms.insert(form.encoding, read(&form.path)?.into());
        }
        Ok(())
    }

    fn add(&mut self, root: &Path, path: &Path) -> Result<(), AssetsError> {
        let path_on_site = name(root, path);
        let file = File::new(&path_on_site, read(path)?);
        self.paths
            .entry(file_name(&path_on_site).to_owned())
            .or_default()
            .push(path_on_site.clone());
        self.named.insert(path_on_site, file);
        Ok(())
    }
}

/// Compressed form of a file, beside it under its name with another ending.
struct Form {
    path: PathBuf,
    of: PathBuf,
    encoding: Encoding,
}

impl Form {
    fn of(path: &Path) -> Option<Self> {
        let encoding = match path.extension()?.to_str()? {
            "br" => Encoding::Brotli,
            "gz" => Encoding::Gzip,
            "zst" => Encoding::Zstd,
            _ => return None,
        };
        Some(Self { path: path.to_owned(), of: path.with_extension(""), encoding })
    }
}

fn read(path: &Path) -> Result<Vec<u8>, AssetsError> {
    std::fs::read(path).map_err(|source| AssetsError::Unreadable { path: path.to_owned(), source })
}

/// Returns the path of a file on the site.
fn name(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    format!("/{}", below.to_string_lossy().replace('\\', "/"))
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

    #[test]
    fn a_hashed_name_is_that_of_the_content() {
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
            assert_eq!(assets.hashed(name).expect("a file").bytes, content, "{name}");
            assert_eq!(assets.named(path).expect("a file").etag(), etag(content.as_bytes()));
        }
        let other = assets.named("/LICENSE").expect("a file").hash_in_name();
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
            assert!(assets.hashed(name).is_none(), "{name}");
        }
    }
}
