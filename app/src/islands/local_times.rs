//! Times as the reader's clock and zone have them.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;
use leptos::web_sys::Element;
use leptos::web_sys::js_sys::Object;

use super::age::age;
use super::dom::{
    after, attribute, call, document, find_all, new, now, set, set_attribute, set_text, text_of,
    when_hydrated,
};

const MINUTE: f64 = 60_000.0;

/// Keeps "2 hours ago" true while the page is open, and gives every time that has a title the
/// time in the reader's zone. Shows nothing itself.
#[island]
pub fn LocalTimes() -> impl IntoView {
    when_hydrated(|| {
        for time in find_all(&document(), "main time[title]") {
            localize(&time);
        }
        refresh();
    });
}

fn localize(time: &Element) -> Option<()> {
    let options = Object::new();
    for (part, form) in [
        ("day", "numeric"),
        ("month", "long"),
        ("year", "numeric"),
        ("hour", "2-digit"),
        ("minute", "2-digit"),
        ("timeZoneName", "short"),
    ] {
        set(&options, part, &form.into());
    }
    let local = call(&date_of(time)?, "toLocaleString", &["en-GB".into(), options.into()]);
    set_attribute(time, "title", &local.as_string()?);
    Some(())
}

fn refresh() {
    for time in find_all(&document(), "main time[title]") {
        update(&time);
    }
    after(MINUTE, Box::new(|_| refresh()));
}

fn update(time: &Element) -> Option<()> {
    let shown = text_of(time, "textContent");
    if !shown.ends_with(" ago") && shown != "Just now" {
        return None;
    }
    let at = call(&date_of(time)?, "getTime", &[]).as_f64()?;
    #[expect(clippy::cast_possible_truncation, reason = "seconds since 1970")]
    let text = age(((now() - at) / 1_000.0) as i64)?;
    if text != shown {
        set_text(time, &text);
    }
    Some(())
}

fn date_of(time: &Element) -> Option<JsValue> {
    Some(new("Date", &[attribute(time, "datetime")?.into()]))
}
