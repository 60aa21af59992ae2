//! Pictures as other sites can show them: they do not know SVG.

use gazette_domain::{Image, ImageName};

use crate::frame::Site;

/// Width and height of the raster form of a picture of the site, which `scripts/pictures.mjs` draws.
const RASTER_SIZE: (u32, u32) = (1200, 630);
/// Width that suits the large form of a link.
const SHARED_WIDTH: u32 = 1200;
/// Smallest width that search engines take.
const MIN_WIDTH: u32 = 640;
const VECTOR: &str = ".svg";
const RASTER: &str = ".jpg";

/// A picture of a story for other sites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedPicture {
    /// Path.
    pub path: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Description.
    pub alt: String,
}

impl SharedPicture {
    /// Returns the media type, as the ending says.
    pub(crate) fn media_type(&self) -> &'static str {
        match self.path.rsplit('.').next().unwrap_or_default() {
            "png" => "image/png",
            "webp" => "image/webp",
            "gif" => "image/gif",
            _ => "image/jpeg",
        }
    }
}

/// Returns the path of the raster form of a picture of the site.
pub fn raster_path(path: &str) -> Option<String> {
    path.strip_suffix(VECTOR).map(|stem| format!("{stem}{RASTER}"))
}

impl Site {
    /// Returns the form of a picture that other sites show beside a link.
    pub(crate) fn shared_picture(&self, image: &Image) -> Option<SharedPicture> {
        match ImageName::of_path(&image.url) {
            Some(name) => Some(of_name(name.at_least(SHARED_WIDTH), image)),
            None => self.raster_pictures(image).into_iter().next(),
        }
    }

    /// Returns the forms of a picture in which search engines look for one that suits them.
    pub(crate) fn raster_pictures(&self, image: &Image) -> Vec<SharedPicture> {
        let picture = |path: String, width, height| {
            let alt = image.alt.clone();
            vec![SharedPicture { path, width, height, alt }]
        };
        if let Some(name) = ImageName::of_path(&image.url) {
            let sizes = name.sizes();
            let large = sizes.iter().filter(|size| size.width >= MIN_WIDTH);
            let mut large: Vec<_> = large.map(|size| of_name(*size, image)).collect();
            if large.is_empty() {
                large.push(of_name(name, image));
            }
            return large;
        }
        let (width, height) = RASTER_SIZE;
        match raster_path(&image.url) {
            Some(path) if self.rasters.contains(&path) => picture(path, width, height),
            Some(_) => Vec::new(),
            None => picture(image.url.clone(), image.width, image.height),
        }
    }
}

fn of_name(name: ImageName, image: &Image) -> SharedPicture {
    let (width, height) = (name.width, name.height);
    SharedPicture { path: name.path(), width, height, alt: image.alt.clone() }
}
