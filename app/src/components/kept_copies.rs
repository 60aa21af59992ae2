//! Unsaved text of the viewer that only this browser has.

use leptos::prelude::*;

use crate::frame::{Asset, Frame};

/// Shows the unsaved text of a member of the newsroom, if this browser has any.
///
/// A script of its own, so that these pages need not load the module of the editor.
pub fn kept_copies(frame: &Frame) -> Option<impl IntoView + use<>> {
    let viewer = frame.viewer.as_ref().filter(|viewer| viewer.may_open_desk)?;
    let script = frame.site.kept_copies.clone().map(|Asset { href, integrity }| {
        view! { <script r#type="module" src=href integrity=integrity></script> }
    });
    let (person, zone) = (viewer.person.clone(), &frame.site.time_zone);
    let zone = zone.iana_name().unwrap_or("UTC").to_owned();
    Some(view! {
        <div class="kept-copies" data-kept=person data-zone=zone></div>
        {script}
    })
}
