//! Summary of a story whose author left it empty.

use crate::markdown::BodyRenderer;

/// Returns the excerpt of a body; `None` if it cannot be rendered.
pub(crate) async fn excerpt(bodies: &BodyRenderer, body: &str) -> Option<String> {
    let html = bodies.render(body).await;
    html.rendered().ok().map(|rendered| rendered.excerpt.clone())
}
