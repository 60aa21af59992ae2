//! Pictures of imported stories.

use gazette_domain::{Image, ImageName};

use crate::import::source_story::SourceImage;

/// The assumed size of a picture that was not imported. Style sheets scale it, so only the ratio matters.
const PICTURE_SIZE: (u32, u32) = (1200, 720);

/// Returns the picture as a story keeps it, or the reason it was not imported.
///
/// A path on this site is taken as it is.
pub(super) fn picture(image: &SourceImage, headline: &str) -> Result<Image, String> {
    let url = &image.url;
    let is_forbidden = |c: char| c == '\\' || c.is_control() || c.is_whitespace();
    let is_path = url.starts_with('/') && !url.starts_with("//") && !url.contains(is_forbidden);
    if !is_path || url.starts_with(gazette_domain::SIGN_IN_PREFIX) || url.len() > 2_000 {
        return Err(format!("the picture {url:.200} was not brought in"));
    }
    let name = ImageName::of_path(url);
    let (width, height) = name.map_or(PICTURE_SIZE, |name| (name.width, name.height));
    let alt = image.alt.clone().unwrap_or_else(|| headline.to_owned());
    let alt = alt.chars().take(500).collect();
    let SourceImage { caption, credit, .. } = image.clone();
    Ok(Image { url: url.clone(), alt, width, height, caption, credit })
}
