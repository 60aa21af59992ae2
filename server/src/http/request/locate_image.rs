//! The picture that a request names for a story.

use gazette_domain::{Caller, DeskError, Image, ImageName, ImagePatch, StoryPatch};

use crate::http::state::AppState;

/// Looks up the picture of a patch: its path, its size, and what is known about it. A picture that
/// is not of this site stays without a size, so that the desk refuses it together with other
/// broken rules.
pub(in crate::http) async fn locate_image(
    app: &AppState,
    caller: &Caller,
    patch: &mut StoryPatch,
) -> Result<(), DeskError> {
    let Some(ImagePatch::Set(image)) = &mut patch.image else { return Ok(()) };
    if image.url.starts_with(&app.site.public_url) {
        image.url.drain(..app.site.public_url.len());
    }
    match ImageName::of_path(&image.url) {
        Some(name) => locate_upload(app, caller, image, name).await?,
        None => match app.assets.picture_size(&image.url).await {
            Ok(Some(size)) => (image.width, image.height) = size,
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "a picture of the site cannot be read"),
        },
    }
    Ok(())
}

async fn locate_upload(
    app: &AppState,
    caller: &Caller,
    image: &mut Image,
    name: ImageName,
) -> Result<(), DeskError> {
    let record = app.desk.image(caller, name.id).await?;
    let Some(record) = record.filter(|it| it.name().sizes().contains(&name)) else {
        return Ok(());
    };
    let largest = record.name();
    image.url = largest.path();
    (image.width, image.height) = (largest.width, largest.height);
    if image.alt.trim().is_empty() {
        image.alt = record.alt.unwrap_or_default();
    }
    image.credit = image.credit.take().or(record.credit);
    Ok(())
}
