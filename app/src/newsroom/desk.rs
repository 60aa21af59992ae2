//! The newsroom's list of stories.

mod filters;
mod notice;
mod pages;
mod rows;

use gazette_domain::{Endpoint, StoryFilter, StoryList, StoryListQuery};
use leptos::prelude::*;

use crate::components::{kept_copies, with_query};
use crate::frame::Frame;
use crate::markup::{IntoMarkup as _, Markup};
use crate::newsroom::desk::filters::{filter_form, filter_tabs};
use crate::newsroom::desk::notice::list_notice_line;
use crate::newsroom::desk::pages::page_numbers;
use crate::newsroom::desk::rows::bulk_form;
use crate::newsroom::notice::{Notice, notice_line};
use crate::page::Page;

pub use notice::{BulkAction, BulkOutcome, ListNotice, RefusedStory, UndoStory};

/// A page of the list, and the query that it answers.
#[derive(Clone, Debug)]
pub struct Stories {
    /// The page.
    pub list: StoryList,
    /// The query.
    pub query: StoryListQuery,
}

/// Outcomes of the form before.
#[derive(Clone, Debug, Default)]
pub struct Notices {
    /// Outcome of a form of the list.
    pub list: Option<ListNotice>,
    /// Outcome of another form.
    pub other: Option<Notice>,
}

/// Shows the stories, with the acts that the viewer may do on several of them.
pub fn desk(frame: &Frame, shown: &Stories, notices: Notices) -> Page {
    let content = view! {
        <div class="desk list">
            <div class="head">
                <h1>"Stories"</h1>
                <a class="btn" href=Endpoint::NewStory.path()>"New story"</a>
            </div>
            {notices.other.map(notice_line)}
            {notices.list.map(|notice| list_notice_line(frame, notice))}
            {kept_copies(frame)}
            {filter_tabs(frame, shown)}
            {filter_form(shown)}
            {result_line(shown)}
            {if shown.list.rows.is_empty() {
                empty(shown).into_markup()
            } else {
                bulk_form(frame, shown).into_markup()
            }}
            {page_numbers(shown)}
            {delete_all_link(frame, shown)}
        </div>
    };
    Page::newsroom("Stories", Endpoint::Desk, content.into_markup())
}

/// Returns the address of a page of the list.
pub fn list_href(query: &StoryListQuery) -> String {
    let mut parameters = Vec::new();
    if query.filter != StoryFilter::default() {
        parameters.push(("status", query.filter.as_str().to_owned()));
    }
    if !query.text.is_empty() {
        parameters.push(("q", query.text.clone()));
    }
    parameters.extend(query.section.as_ref().map(|slug| ("section", slug.to_string())));
    parameters.extend(query.author.as_ref().map(|slug| ("author", slug.to_string())));
    if query.sort != gazette_domain::StorySort::default() {
        parameters.push(("sort", query.sort.as_str().to_owned()));
    }
    if query.page > 0 {
        parameters.push(("page", (query.page + 1).to_string()));
    }
    with_query(Endpoint::Desk.path(), &parameters)
}

/// Returns the query without search, section and author.
fn without_search(query: &StoryListQuery) -> StoryListQuery {
    StoryListQuery { filter: query.filter, sort: query.sort, ..StoryListQuery::default() }
}

/// Says how many stories were found.
fn result_line(shown: &Stories) -> impl IntoView + use<> {
    let Stories { list, query } = shown;
    let found = query.is_search().then(|| {
        let text = match list.total {
            1 => "1 story found.".to_owned(),
            total => format!("{total} stories found."),
        };
        view! {
            <p class="meta" role="status">
                {text} " " <a href=list_href(&without_search(query))>"Clear search and filters"</a>
            </p>
        }
    });
    let partial = list.is_partial.then(|| {
        view! { <p class="meta">"There are more stories than this list can hold. The oldest are missing here."</p> }
    });
    view! { {found} {partial} }
}

fn empty(shown: &Stories) -> Markup {
    let Stories { list, query } = shown;
    if query.is_search() {
        return view! { <p class="empty">"No stories match."</p> }.into_markup();
    }
    if list.counts.all == 0 {
        return view! {
            <p class="empty">
                "No stories yet. " <a href=Endpoint::NewStory.path()>"Write the first one"</a>
            </p>
        }
        .into_markup();
    }
    let text = match query.filter {
        StoryFilter::All => "No stories yet.",
        StoryFilter::Published => "No published stories.",
        StoryFilter::Scheduled => "No scheduled stories.",
        StoryFilter::Review => "No stories in review.",
        StoryFilter::Draft => "No drafts.",
        StoryFilter::Mine => "You haven't written a story yet.",
    };
    view! { <p class="empty">{text}</p> }.into_markup()
}

/// Shows the link to the deletion of all stories, apart from the acts on selected ones.
fn delete_all_link(frame: &Frame, shown: &Stories) -> impl IntoView + use<> {
    let may_delete = frame.viewer.as_ref().is_some_and(|viewer| viewer.may_delete);
    let href = with_query(Endpoint::ConfirmDelete.path(), &[("all", "yes".to_owned())]);
    (may_delete && shown.list.counts.published > 0).then(|| {
        view! { <p class="apart"><a href=href>"Delete all stories\u{2026}"</a></p> }
    })
}
