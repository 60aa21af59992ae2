//! Pictures of imported stories.

use gazette_domain::{Image, ImageName};

use crate::import::picture_files::OWN;
use crate::import::source_story::SourceImage;

/// Size of the pictures that Gazette has of its own. Style sheets scale it, so only the ratio matters.
const OWN_SIZE: (u32, u32) = (1200, 720);

/// Returns the picture as a story keeps it, or the reason it was not imported.
pub(super) fn picture(image: &SourceImage, headline: &str) -> Result<Image, String> {
    let url = &image.url;
    let is_forbidden = |c: char| c == '\\' || c.is_control() || c.is_whitespace();
    let is_own = url.starts_with(OWN) && !url.contains(is_forbidden) && url.len() <= 2_000;
    let stored = ImageName::of_path(url).map(|name| (name.width, name.height));
    let Some((width, height)) = stored.or(is_own.then_some(OWN_SIZE)) else {
        return Err(format!("the picture {url:.200} was not brought in"));
    };
    let alt = image.alt.clone().unwrap_or_else(|| headline.to_owned());
    let alt = alt.chars().take(500).collect();
    let SourceImage { caption, credit, .. } = image.clone();
    Ok(Image { url: url.clone(), alt, width, height, caption, credit })
}
