//! Pictures of a story that are not on this site.

use gazette_domain::{DeskError, FieldError, ImageName, StoryForm};

use super::story::{MAX_NAMED, PublishCheck, error_of};
use crate::markdown::inspect;

/// Beginning of the paths of uploaded pictures.
const UPLOADED: &str = "/images/";
/// Stands for [`UPLOADED`] while the body is rendered: a picture whose name cannot be that of an
/// upload is left out otherwise.
const MARKED: &str = "/checked-pictures/";

impl PublishCheck<'_> {
    /// Returns a fault for each picture that was never uploaded or was deleted since.
    pub(super) async fn missing_pictures(
        &self,
        form: &StoryForm,
        links: &[String],
    ) -> Result<Vec<FieldError>, DeskError> {
        let mut errors = Vec::new();
        let own = self.path(form.image.trim());
        if own.starts_with(UPLOADED) && !self.has_picture(own).await? {
            let message =
                "This picture is not on this site. Upload or choose another one, or clear it.";
            errors.push(error_of("image", message));
        }
        let mut missing = Vec::new();
        for path in self.pictures_of(&form.body, links).await {
            if missing.len() < MAX_NAMED && !self.has_picture(&path).await? {
                let message = format!(
                    "The picture {path} is not on this site. Upload it again, or remove it."
                );
                missing.push(error_of("body", message));
            }
        }
        errors.extend(missing);
        Ok(errors)
    }

    /// Returns the paths of uploaded pictures that the body shows or links to.
    async fn pictures_of(&self, body: &str, links: &[String]) -> Vec<String> {
        if !body.contains(UPLOADED) {
            return Vec::new();
        }
        let html = self.bodies.render(&body.replace(UPLOADED, MARKED)).await;
        let shown = html.rendered().map(|rendered| inspect(&rendered.html).pictures);
        let shown = shown.unwrap_or_default().into_iter().filter_map(|source| {
            let name = self.path(&source).strip_prefix(MARKED)?.to_owned();
            Some([UPLOADED, &name].concat())
        });
        let mut paths: Vec<String> = shown.collect();
        for link in links {
            let path = self.path(link).to_owned();
            if path.starts_with(UPLOADED) && !paths.contains(&path) {
                paths.push(path);
            }
        }
        paths
    }

    async fn has_picture(&self, path: &str) -> Result<bool, DeskError> {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let Some(name) = ImageName::of_path(path) else { return Ok(false) };
        let record = self.desk.image(self.caller, name.id).await?;
        Ok(record.is_some_and(|record| record.name().sizes().contains(&name)))
    }

    fn path<'a>(&self, url: &'a str) -> &'a str {
        url.strip_prefix(self.public_url).unwrap_or(url)
    }
}
