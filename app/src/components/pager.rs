//! The way to older news.

use leptos::prelude::*;

/// A link to the next page, and one back to the newest when this is not the first.
pub fn pager(path: &str, next: Option<String>, first: bool) -> impl IntoView + use<> {
    let older = next.map(|cursor| {
        let href = format!("{path}?cursor={cursor}");
        view! { <li><a class="btn" rel="next" href=href>"Older stories"</a></li> }
    });
    let newest = (!first).then(|| {
        view! { <li><a class="btn quiet" href=path.to_owned()>"Back to the newest"</a></li> }
    });
    (older.is_some() || newest.is_some()).then(|| {
        view! { <nav class="pager" aria-label="Pages"><ul>{newest}{older}</ul></nav> }
    })
}
