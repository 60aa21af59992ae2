//! Facts about the pictures on this site.

use gazette_domain::ImageName;

/// Size of a picture, and its other widths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PictureFacts {
    /// Width in pixels.
    pub(crate) width: u32,
    /// Height in pixels.
    pub(crate) height: u32,
    /// Value of `srcset`, empty if there is only one width.
    pub(crate) srcset: String,
}

/// Looks up the pictures on this site.
///
/// Called on the thread that renders, for each picture of a body. A rendering is kept under its
/// body: facts of a URL must not change, unless [`Pictures::version`] does.
pub(crate) trait Pictures: Send + Sync {
    /// Returns the facts of the picture with this path, or `None` if it is unknown.
    fn facts(&self, url: &str) -> Option<PictureFacts>;

    /// Returns a number that changes when the facts of a picture do.
    fn version(&self) -> u64 {
        0
    }

    /// Returns the origin of this site, if it is known: its pictures may be named with it.
    fn origin(&self) -> Option<&str> {
        None
    }
}

/// Knows the pictures that were uploaded or imported: their names tell everything.
#[derive(Default)]
pub(crate) struct StoredPictures {
    origin: Option<String>,
}

impl StoredPictures {
    /// Knows the pictures of the site at an origin.
    pub(crate) fn of(origin: &str) -> Self {
        Self { origin: Some(origin.to_owned()) }
    }
}

impl Pictures for StoredPictures {
    fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    fn facts(&self, url: &str) -> Option<PictureFacts> {
        let name = ImageName::of_path(url)?;
        let srcset = name.srcset().unwrap_or_default();
        Some(PictureFacts { width: name.width, height: name.height, srcset })
    }
}

/// Knows no pictures.
pub(super) struct NoPictures;

impl Pictures for NoPictures {
    fn facts(&self, _: &str) -> Option<PictureFacts> {
        None
    }
}
