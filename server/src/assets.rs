//! Files of the site, read once at start: style sheet, islands, pictures, icons.
//!
//! Files that pages refer to have a name with the hash of their content and never change under
//! it; every file also keeps its own name, under which browsers ask again.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, SHA384, digest};
use axum::http::HeaderValue;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use gazette_app::{Asset, IslandAssets};

use crate::encoding::{EncodedForms, Encoding};
use crate::etag::etag;
use crate::images::size_of;

/// Files by their path below the root of the site.
#[derive(Default)]
pub struct Assets {
    named: HashMap<String, File>,
    hashed: HashMap<String, String>,
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

/// File as it is served.
pub(crate) struct File {
    pub(crate) bytes: Bytes,
    /// Its compressed forms, as far as the build made them; others are made when needed.
    pub(crate) forms: Arc<EncodedForms>,
    pub(crate) content_type: HeaderValue,
    pub(crate) etag: String,
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
            module: self.asset(&format!("/pkg/{module}.js"))?.href,
            wasm: self.asset(&format!("/pkg/{module}.wasm"))?.href,
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
        self.hashed.get(name).and_then(|path| self.named.get(path))
    }

    /// Returns a file under its hashed name, with its integrity value.
    fn asset(&self, path: &str) -> Option<Asset> {
        let file = self.named.get(path)?;
        let integrity = format!("sha384-{}", STANDARD.encode(digest(&SHA384, &file.bytes)));
        Some(Asset { href: format!("/assets/{}", hashed_name(path, &file.bytes)), integrity })
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
        let bytes = read(path)?;
        let name = name(root, path);
        let etag = etag(&bytes);
        self.hashed.insert(hashed_name(&name, &bytes), name.clone());
        let content_type = HeaderValue::from_static(content_type(&name));
        let (bytes, forms) = (bytes.into(), Arc::default());
        self.named.insert(name, File { bytes, forms, content_type, etag });
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

/// Puts the hash before the ending: `gazette.css` becomes `gazette.Ab3….css`.
fn hashed_name(path: &str, bytes: &[u8]) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let hash = URL_SAFE_NO_PAD.encode(digest(&SHA256, bytes));
    let hash = hash.get(..12).unwrap_or(&hash);
    match name.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}.{hash}.{ending}"),
        None => format!("{name}.{hash}"),
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "gif" => "image/gif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        "json" => "application/json",
        "xml" => "application/xml",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
