//! The files of pictures beside a source.
//!
//! Only files below the folders that belong to the source are found, whatever `..` or symbolic links
//! say.

use std::path::{Path, PathBuf};

use gazette_domain::ImageName;

use crate::percent_decoded::percent_decoded;

/// Folders in which the tools keep files that become part of the site at its root.
const FOLDERS: [&str; 20] = [
    "static",
    "public",
    "assets",
    "source",
    "content",
    "src",
    "img",
    "images",
    "media",
    "uploads",
    "files",
    "docs",
    "_assets",
    "site",
    "src/assets",
    "src/static",
    "src/public",
    "content/images",
    "docs/.vuepress/public",
    ".vuepress/public",
];
/// Part of the paths of WordPress's pictures.
const WORDPRESS: &str = "/wp-content/uploads/";
/// Part of the paths of Ghost's pictures.
const GHOST: &str = "/content/images/";
/// Folder of the pictures that come with Gazette, which exports name too.
pub(super) const OWN: &str = "/pictures/";
/// Maximum length of a URL, in bytes.
const MAX_URL_BYTES: usize = 2_000;

/// Locations of the pictures of a source.
#[derive(Clone, Debug)]
pub(crate) struct PictureFiles {
    layout: Layout,
    /// Folders in which paths of the site are looked up.
    bases: Vec<PathBuf>,
    /// Folders outside of which no file is read.
    allowed: Vec<PathBuf>,
    /// Host of the old site.
    host: Option<String>,
    /// Path below which the old site was, without a slash at its end.
    base_path: String,
}

#[derive(Clone, Debug)]
enum Layout {
    /// A folder of Markdown files.
    Folder(PathBuf),
    WordPress,
    Ghost,
}

/// The result of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The file.
    File(PathBuf),
    /// No file. With the picture's address at the old site, if that is known.
    Missing(Option<String>),
    /// The URL is of another site, or of a picture that is here.
    Elsewhere,
}

impl PictureFiles {
    /// Returns the files of a folder of Markdown files: those in it, and those in the usual folders
    /// of the site's root and of the folder above.
    pub(super) fn of_folder(
        folder: &Path,
        site_root: Option<&Path>,
        host: Option<String>,
        base_path: String,
    ) -> Self {
        let root = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let mut files = Self {
            layout: Layout::Folder(root.clone()),
            bases: Vec::new(),
            allowed: vec![root.clone()],
            host,
            base_path,
        };
        let (parent, inside) = (root.parent(), [root.as_path()]);
        for above in inside.into_iter().chain(site_root).chain(parent) {
            files.bases.push(above.to_owned());
            files.add_folders(above, &FOLDERS);
        }
        files
    }

    /// Returns the files beside an export of WordPress: `wp-content/uploads` or `uploads`.
    pub(crate) fn of_wordpress(export: &Path, site_url: &str) -> Self {
        let url = url::Url::parse(site_url.trim()).ok();
        let host = url.as_ref().and_then(|url| url.host_str()).map(str::to_owned);
        Self::beside(export, Layout::WordPress, host, &["wp-content/uploads", "uploads"])
    }

    /// Returns the files beside an export of Ghost: `content/images` or `images`.
    pub(crate) fn of_ghost(export: &Path) -> Self {
        Self::beside(export, Layout::Ghost, None, &["content/images", "images"])
    }

    fn beside(export: &Path, layout: Layout, host: Option<String>, folders: &[&str]) -> Self {
        let export = export.canonicalize().unwrap_or_else(|_| export.to_owned());
        let (bases, allowed) = (Vec::new(), Vec::new());
        let mut files = Self { layout, bases, allowed, host, base_path: String::new() };
        files.add_folders(export.parent().unwrap_or(&export), folders);
        files
    }

    /// Adds those of the folders that are there, unless they lead out of `above` by a link.
    fn add_folders(&mut self, above: &Path, names: &[&str]) {
        for name in names {
            let Ok(folder) = above.join(name).canonicalize() else { continue };
            if folder.is_dir() && folder.starts_with(above) {
                self.bases.push(folder.clone());
                self.allowed.push(folder);
            }
        }
    }

    /// Finds the file of a picture. `key` is the path of the story in the source, and `page` its
    /// path at the old site.
    pub(super) fn find(&self, url: &str, key: &str, page: Option<&str>) -> Found {
        let url = url.trim();
        if url.is_empty() || url.len() > MAX_URL_BYTES || ImageName::of_path(url).is_some() {
            return Found::Elsewhere;
        }
        let Some(whole) = self.path_of(url) else { return Found::Elsewhere };
        let path = whole.split(['?', '#']).next().unwrap_or_default();
        let mut spellings = vec![path.to_owned()];
        let decoded = percent_decoded(path);
        if decoded != path {
            spellings.push(decoded);
        }
        let file = spellings
            .iter()
            .flat_map(|path| self.candidates(path, key))
            .find_map(|path| self.file(&path));
        match file {
            Some(file) => Found::File(file),
            None if self.host.is_none() && path.starts_with(OWN) => Found::Elsewhere,
            None => Found::Missing(self.old_address(&whole, page)),
        }
    }

    /// Returns the path that a URL has on the old site, or the relative path; `None` for one of
    /// another site.
    fn path_of(&self, url: &str) -> Option<String> {
        let rest = match url.split_once("://") {
            Some(("http" | "https", rest)) => rest,
            Some(_) => return None,
            None => match url.strip_prefix("//") {
                Some(rest) => rest,
                None if is_path(url) => return Some(without_alias(url)),
                None => return None,
            },
        };
        let (host, path) = rest.split_at(rest.find('/')?);
        match self.layout {
            // An export of Ghost does not name its site.
            Layout::Ghost => path.contains(GHOST).then(|| path.to_owned()),
            _ if self.is_own(host) => Some(path.to_owned()),
            // A cache of WordPress.com has the address of the site in its path.
            Layout::WordPress if host.ends_with(".wp.com") => {
                let (host, path) = path.get(1..)?.split_once('/')?;
                self.is_own(host).then(|| format!("/{path}"))
            }
            Layout::WordPress | Layout::Folder(_) => None,
        }
    }

    fn is_own(&self, host: &str) -> bool {
        let bare = |host: &str| {
            let host = host.to_ascii_lowercase();
            host.strip_prefix("www.").map(str::to_owned).unwrap_or(host)
        };
        self.host.as_deref().is_some_and(|own| bare(own) == bare(host))
    }

    /// Returns the places where the file may be, best first.
    fn candidates(&self, path: &str, key: &str) -> Vec<PathBuf> {
        let inner = path.trim_start_matches('/');
        let everywhere =
            |inner: &str| self.bases.iter().map(move |base| base.join(inner)).collect();
        match &self.layout {
            Layout::Folder(root) => {
                let mut places = Vec::new();
                if !path.starts_with('/') {
                    let (folder, name) = key.rsplit_once('/').unwrap_or(("", key));
                    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
                    places.push(root.join(folder).join(inner));
                    // Hexo keeps the files of a page in a folder of the same name.
                    places.push(root.join(folder).join(stem).join(inner));
                }
                let base = self.base_path.trim_matches('/');
                if !base.is_empty()
                    && let Some(below) =
                        inner.strip_prefix(base).and_then(|it| it.strip_prefix('/'))
                {
                    places.extend::<Vec<_>>(everywhere(below));
                }
                places.extend::<Vec<_>>(everywhere(inner));
                places
            }
            Layout::WordPress => {
                let Some((_, inner)) = path.split_once(WORDPRESS) else { return Vec::new() };
                original_names(inner)
                    .iter()
                    .flat_map(|name| -> Vec<_> { everywhere(name) })
                    .collect()
            }
            Layout::Ghost => {
                let Some((_, inner)) = path.split_once(GHOST) else { return Vec::new() };
                everywhere(original_path(inner))
            }
        }
    }

    /// Returns the real path of a file that belongs to the source.
    fn file(&self, path: &Path) -> Option<PathBuf> {
        let path = path.canonicalize().ok()?;
        let is_allowed = self.allowed.iter().any(|folder| path.starts_with(folder));
        (is_allowed && path.is_file()).then_some(path)
    }

    fn old_address(&self, path: &str, page: Option<&str>) -> Option<String> {
        let site = url::Url::parse(&format!("https://{}/", self.host.as_deref()?)).ok()?;
        let from = match page {
            _ if path.starts_with('/') => site,
            Some(page) => site.join(page).ok()?,
            None => return None,
        };
        from.join(path).ok().map(String::from)
    }
}

fn is_path(url: &str) -> bool {
    let first = url.split('/').next().unwrap_or_default();
    !first.contains(':') && !url.starts_with('#')
}

/// Replaces the names that Astro and others give to the folder of the sources.
fn without_alias(url: &str) -> String {
    let rest = ["~/", "@/"].into_iter().find_map(|alias| url.strip_prefix(alias));
    let rest = rest.or_else(|| url.strip_prefix('@').filter(|rest| rest.starts_with("assets/")));
    rest.map_or_else(|| url.to_owned(), |rest| format!("/{rest}"))
}

/// Returns the names of an upload of WordPress: its own, and those of the file of which it is a
/// smaller form, as `bridge-300x200.jpg` is of `bridge.jpg`.
fn original_names(name: &str) -> Vec<String> {
    let mut names = vec![name.to_owned()];
    let Some((stem, ending)) = name.rsplit_once('.') else { return names };
    let is_size = |size: &str| {
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        size.split_once('x').is_some_and(|(width, height)| is_number(width) && is_number(height))
    };
    let original = stem.rsplit_once('-').filter(|(_, size)| is_size(size));
    let original = original.map_or(stem, |(original, _)| original);
    names.push(format!("{original}.{ending}"));
    names.push(format!("{original}-scaled.{ending}"));
    names.extend(original.strip_suffix("-scaled").map(|stem| format!("{stem}.{ending}")));
    names
}

/// Removes the size and the format from a path of Ghost, as in `size/w1000/2024/01/a.jpg`.
fn original_path(path: &str) -> &str {
    let mut path = path;
    for mark in ["size/", "format/"] {
        if let Some((_, rest)) = path.strip_prefix(mark).and_then(|rest| rest.split_once('/')) {
            path = rest;
        }
    }
    path
}

#[cfg(test)]
mod tests;
