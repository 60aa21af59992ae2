//! Tests of the pipeline from Markdown to HTML.

use super::RenderError;
use super::pictures::NoPictures;
use super::render::{self, Rendered};

mod limits;
mod whole;

fn render(markdown: &str) -> Result<Rendered, RenderError> {
    render::render(markdown, &NoPictures)
}

fn to_html(markdown: &str) -> String {
    render(markdown).expect("within the limits").html
}
