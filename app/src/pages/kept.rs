//! A form that was sent after the session had ended, offered again.

use leptos::prelude::*;

use crate::frame::Frame;
use crate::pages::Page;

/// Shows what was sent, to be sent again to where it was sent.
pub fn kept(_frame: &Frame, action: &str, fields: &[(String, String)]) -> Page {
    let hidden = fields
        .iter()
        .map(|(name, value)| {
            view! { <input r#type="hidden" name=name.clone() value=value.clone() /> }
        })
        .collect_view();
    let shown = fields
        .iter()
        .map(|(name, value)| {
            view! {
                <dt>{name.clone()}</dt>
                <dd><pre>{value.clone()}</pre></dd>
            }
        })
        .collect_view();
    let content = view! {
        <div class="panel">
            <h1>"What you sent was kept"</h1>
            <p>"Your session had ended, so nothing was done with it yet."</p>
            <dl class="facts">{shown}</dl>
            <div class="choices">
                <form method="post" action=action.to_owned()>
                    {hidden}
                    <button class="btn">"Send it now"</button>
                </form>
                <form method="post" action="/kept/discard">
                    <button class="btn quiet">"Throw it away"</button>
                </form>
            </div>
        </div>
    };
    Page::private("What you sent was kept", content.into_any())
}
