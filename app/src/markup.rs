//! Parts of pages as HTML text.

use leptos::prelude::*;
use leptos::tachys::html::InertElement;

/// A part of a page that is written already.
///
/// Leptos' `AnyView` keeps a view of any type for later, and with it the code that builds it,
/// hydrates it and waits for it in a browser: most of the server's code once. Pages are written
/// once, on the server, so their parts are too, at once.
pub type Markup = InertElement;

/// Writes views of different types as one type.
pub trait IntoMarkup {
    /// Writes the view.
    fn into_markup(self) -> Markup;
}

impl<V: RenderHtml> IntoMarkup for V {
    fn into_markup(self) -> Markup {
        Markup::new(self.to_html())
    }
}
