//! The tabs of the states, and the form that searches, filters and sorts.

use gazette_domain::{
    Endpoint, Label, MAX_SEARCH_LENGTH, Slug, StoryFilter, StoryListQuery, StorySort,
};
use leptos::prelude::*;

use crate::frame::Frame;
use crate::newsroom::desk::{Stories, list_href};

/// Shows the states with the numbers of their stories.
pub(super) fn filter_tabs(frame: &Frame, shown: &Stories) -> impl IntoView + use<> {
    let Stories { list, query } = shown;
    let links = StoryFilter::ALL
        .map(|filter| {
            let target =
                StoryListQuery { filter, sort: query.sort, ..StoryListQuery::default() };
            let current = (filter == query.filter).then_some("page");
            let (name, count) = (name(filter), list.counts.of(filter));
            view! {
                <li><a href=list_href(&target) aria-current=current>{name} " " <span>{count}</span></a></li>
            }
        })
        .into_iter()
        .collect_view();
    let may_delete = frame.viewer.as_ref().is_some_and(|viewer| viewer.may_delete);
    let trash = may_delete.then(|| {
        view! {
            <li><a href=Endpoint::Trash.path()>"Trash " <span>{list.counts.trash}</span></a></li>
        }
    });
    view! { <nav class="tabs" aria-label="Status"><ul>{links} {trash}</ul></nav> }
}

fn name(filter: StoryFilter) -> &'static str {
    match filter {
        StoryFilter::All => "All",
        StoryFilter::Published => "Published",
        StoryFilter::Scheduled => "Scheduled",
        StoryFilter::Review => "In review",
        StoryFilter::Draft => "Drafts",
        StoryFilter::Mine => "Mine",
    }
}

/// Shows the form that searches, filters and sorts.
pub(super) fn filter_form(shown: &Stories) -> impl IntoView + use<> {
    let Stories { list, query } = shown;
    let status = (query.filter != StoryFilter::default()).then(|| {
        view! { <input r#type="hidden" name="status" value=query.filter.as_str() /> }
    });
    let sorts = StorySort::ALL
        .map(|sort| {
            let selected = sort == query.sort;
            view! { <option value=sort.as_str() selected=selected>{sort_name(sort)}</option> }
        })
        .into_iter()
        .collect_view();
    view! {
        <form class="filters" method="get" role="search" action=Endpoint::Desk.path()>
            {status}
            <input
                r#type="search"
                name="q"
                value=query.text.clone()
                maxlength=MAX_SEARCH_LENGTH.to_string()
                aria-label="Search headlines, sections, authors and tags"
                placeholder="Search"
            />
            {label_select("section", "Section", "All sections", &list.sections, query.section.as_ref())}
            {label_select("author", "Author", "All authors", &list.authors, query.author.as_ref())}
            <select name="sort" aria-label="Sort by">{sorts}</select>
            <button class="btn quiet">"Search"</button>
        </form>
    }
}

fn sort_name(sort: StorySort) -> &'static str {
    match sort {
        StorySort::Updated => "Last updated",
        StorySort::Newest => "Newest first",
        StorySort::Oldest => "Oldest first",
        StorySort::Headline => "Headline A\u{2013}Z",
    }
}

fn label_select(
    name: &'static str,
    label: &'static str,
    all: &'static str,
    labels: &[Label],
    current: Option<&Slug>,
) -> impl IntoView + use<> {
    // The current one may be none of those that are offered.
    let is_offered = current.is_none_or(|slug| labels.iter().any(|label| label.slug == *slug));
    let other = current.filter(|_| !is_offered).map(|slug| {
        view! { <option value=slug.to_string() selected=true>{slug.to_string()}</option> }
    });
    let options = labels
        .iter()
        .map(|label| {
            let selected = current == Some(&label.slug);
            let value = label.slug.to_string();
            view! { <option value=value selected=selected dir="auto">{label.name.clone()}</option> }
        })
        .collect_view();
    view! {
        <select name=name aria-label=label>
            <option value="">{all}</option>
            {other}
            {options}
        </select>
    }
}
