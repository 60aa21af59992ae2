//! The way to older news.

use leptos::prelude::*;

use crate::components::address;

/// A link to the next page, and one back to the newest when this is not the first; both keep
/// what the list is filtered by.
pub fn pager(
    path: &str,
    filters: &[(&str, String)],
    next: Option<String>,
    first: bool,
) -> impl IntoView + use<> {
    let newest_href = address(path, filters);
    let older = next.map(|cursor| {
        let mut parameters = filters.to_vec();
        parameters.push(("cursor", cursor));
        let href = address(path, &parameters);
        view! { <li><a class="btn" rel="next" href=href>"Older stories"</a></li> }
    });
    let newest = (!first).then(|| {
        view! { <li><a class="btn quiet" href=newest_href>"Back to the newest"</a></li> }
    });
    (older.is_some() || newest.is_some()).then(|| {
        view! { <nav class="pager" aria-label="Pages"><ul>{newest}{older}</ul></nav> }
    })
}
