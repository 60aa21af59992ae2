//! The picture of a story, in the sizes in which it is stored.

use gazette_domain::{Image, ImageName};

/// Addresses of a picture for an `img` element.
pub struct Sources {
    /// Value of `src`: a size that suits most screens.
    pub src: String,
    /// Value of `srcset`; `None` for a picture in one size.
    pub srcset: Option<String>,
    /// Value of `sizes`, if there is a `srcset`.
    pub sizes: Option<&'static str>,
}

/// Width of the size that browsers without `srcset` load.
const USUAL_WIDTH: u32 = 960;

/// Returns the addresses of a picture that is shown as wide as `sizes` says.
pub fn sources(image: &Image, sizes: &'static str) -> Sources {
    let name = ImageName::of_path(&image.url);
    let srcset = name.and_then(|name| name.srcset());
    let src = name.map_or_else(|| image.url.clone(), |name| name.at_least(USUAL_WIDTH).path());
    Sources { src, sizes: srcset.is_some().then_some(sizes), srcset }
}
