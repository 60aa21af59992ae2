//! Links to the other pages of the list.

use gazette_domain::StoryListQuery;
use leptos::prelude::*;

use crate::markup::IntoMarkup as _;
use crate::newsroom::desk::{Stories, list_href};

/// Shows the numbers of the first and last page and of those beside this one. Renders nothing if
/// there is one page.
pub(super) fn page_numbers(shown: &Stories) -> impl IntoView + use<> {
    let (pages, current) = (shown.list.pages(), shown.list.page);
    let href = |page| list_href(&StoryListQuery { page, ..shown.query.clone() });
    let step = |name: &'static str, rel: &'static str, page: Option<usize>| {
        page.map(
            |page| view! { <li><a class="btn quiet small" rel=rel href=href(page)>{name}</a></li> },
        )
    };
    let previous = step("Previous", "prev", current.checked_sub(1));
    let next = step("Next", "next", Some(current + 1).filter(|page| *page < pages));
    let numbers = shown_numbers(pages, current)
        .into_iter()
        .map(|page| match page {
            None => view! { <li aria-hidden="true">"\u{2026}"</li> }.into_markup(),
            Some(page) => {
                let aria_current = (page == current).then_some("page");
                let label = format!("Page {}", page + 1);
                view! {
                    <li class="number">
                        <a href=href(page) aria-current=aria_current aria-label=label>{page + 1}</a>
                    </li>
                }
                .into_markup()
            }
        })
        .collect_view();
    (pages > 1).then(|| {
        view! {
            <nav class="pager numbered" aria-label="Pages"><ul>{previous} {numbers} {next}</ul></nav>
        }
    })
}

/// Returns the pages to link to, in order, with `None` for those left out.
fn shown_numbers(pages: usize, current: usize) -> Vec<Option<usize>> {
    let mut numbers = Vec::new();
    let mut last = None;
    let near = current.saturating_sub(1)..=current + 1;
    for page in std::iter::once(0).chain(near).chain(pages.checked_sub(1)) {
        if page >= pages || last.is_some_and(|last| page <= last) {
            continue;
        }
        if last.is_some_and(|last| page > last + 1) {
            numbers.push(None);
        }
        numbers.push(Some(page));
        last = Some(page);
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_the_last_and_the_near_pages_are_shown() {
        let shown = |pages, current| {
            let numbers = shown_numbers(pages, current).into_iter();
            let texts = numbers.map(|page| page.map_or("-".to_owned(), |page| page.to_string()));
            texts.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(shown(1, 0), "0");
        assert_eq!(shown(3, 1), "0 1 2");
        assert_eq!(shown(400, 0), "0 1 - 399");
        assert_eq!(shown(400, 7), "0 - 6 7 8 - 399");
        assert_eq!(shown(400, 399), "0 - 398 399");
    }
}
