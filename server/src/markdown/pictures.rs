//! What is known of the pictures on this site.

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
}

/// Knows no pictures.
pub(crate) struct NoPictures;

impl Pictures for NoPictures {
    fn facts(&self, _: &str) -> Option<PictureFacts> {
        None
    }
}
