//! The files of the site, read once at start: style sheet, islands, pictures, icons.
//!
//! What pages refer to is served under a name with the hash of its content and never
//! changes there; everything else is served under its own name and asked for again.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{SHA256, SHA384, digest};
use axum::extract::{Request, State};
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, ETAG};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use gazette_app::{Asset, IslandAssets};

use crate::http::error::AppError;
use crate::http::extract::Segment;
use crate::http::reply;
use crate::http::state::AppState;

const FOR_EVER: &str = "public, max-age=31536000, immutable";
const FOR_AN_HOUR: &str = "public, max-age=3600";

/// The files, by their path below the root of the site.
#[derive(Default)]
pub struct Assets {
    named: HashMap<String, File>,
    hashed: HashMap<String, String>,
}

/// Why the files cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum AssetsError {
    /// The folder is not there.
    #[error(
        "the browser assets are not in {0}; `make build` makes them, LEPTOS_SITE_ROOT says where they are"
    )]
    Missing(PathBuf),
    /// A file cannot be read.
    #[error("{path}: {source}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

struct File {
    bytes: Bytes,
    content_type: HeaderValue,
    etag: String,
}

impl Assets {
    /// Reads everything below `root`, which holds the public files and `pkg`.
    pub fn read(root: &Path) -> Result<Self, AssetsError> {
        if !root.join("pkg").is_dir() {
            return Err(AssetsError::Missing(root.to_owned()));
        }
        let mut assets = Self::default();
        let mut folders = vec![root.to_owned()];
        while let Some(folder) = folders.pop() {
            let failed = |source| AssetsError::Unreadable { path: folder.clone(), source };
            for entry in std::fs::read_dir(&folder).map_err(failed)? {
                let path = entry.map_err(failed)?.path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    assets.add(root, &path)?;
                }
            }
        }
        Ok(assets)
    }

    /// The style sheet.
    pub fn stylesheet(&self) -> Asset {
        self.asset("/pkg/gazette.css")
            .unwrap_or(Asset { href: String::new(), integrity: String::new() })
    }

    /// What boots the islands, when all of it was built.
    pub fn islands(&self) -> Option<IslandAssets> {
        Some(IslandAssets {
            boot: self.asset("/islands.js")?,
            module: self.asset("/pkg/gazette.js")?.href,
            wasm: self.asset("/pkg/gazette.wasm")?.href,
        })
    }

    /// A file under its lasting name, with its integrity value.
    fn asset(&self, path: &str) -> Option<Asset> {
        let file = self.named.get(path)?;
        let integrity = format!("sha384-{}", STANDARD.encode(digest(&SHA384, &file.bytes)));
        Some(Asset { href: format!("/assets/{}", hashed_name(path, &file.bytes)), integrity })
    }

    fn add(&mut self, root: &Path, path: &Path) -> Result<(), AssetsError> {
        let bytes = std::fs::read(path)
            .map_err(|source| AssetsError::Unreadable { path: path.to_owned(), source })?;
        let below = path.strip_prefix(root).unwrap_or(path);
        let name = format!("/{}", below.to_string_lossy().replace('\\', "/"));
        let etag = reply::etag(&bytes);
        self.hashed.insert(hashed_name(&name, &bytes), name.clone());
        let content_type = HeaderValue::from_static(content_type(&name));
        self.named.insert(name, File { bytes: bytes.into(), content_type, etag });
        Ok(())
    }
}

/// `GET /assets/{file}`: a file whose name says its content.
pub(super) async fn hashed(
    State(app): State<AppState>,
    Segment(name): Segment,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let path = app.assets.hashed.get(&name);
    let file = path.and_then(|path| app.assets.named.get(path)).ok_or_else(AppError::not_found)?;
    Ok(serve(file, FOR_EVER, &headers))
}

/// Any other address: a file of the site, or nothing.
pub(super) async fn named(
    State(app): State<AppState>,
    request: Request,
) -> Result<Response, AppError> {
    let file = app.assets.named.get(request.uri().path()).ok_or_else(AppError::not_found)?;
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut response = AppError::method_not_allowed().into_response();
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return Ok(response);
    }
    Ok(serve(file, FOR_AN_HOUR, request.headers()))
}

fn serve(file: &File, cache_control: &'static str, headers: &HeaderMap) -> Response {
    let mut response = if reply::is_known(&file.etag, headers) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let content_type = [(CONTENT_TYPE, file.content_type.clone())];
        (content_type, file.bytes.clone()).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache_control));
    if let Ok(etag) = HeaderValue::from_str(&file.etag) {
        headers.insert(ETAG, etag);
    }
    response
}

/// `gazette.css` with its hash before the ending.
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
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
