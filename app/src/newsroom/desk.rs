//! The newsroom's list of stories.

use gazette_domain::{Endpoint, StoryPage, Teaser, Unpublished};
use leptos::prelude::*;

use crate::components::{TextLanguage, long_form, pager, time, with_query};
use crate::frame::Frame;
use crate::islands::SelectionBar;
use crate::newsroom::notice::{Notice, notice_line};
use crate::newsroom::story_table::{select_cell, table_head};
use crate::page::Page;

/// Stories that the list shows.
#[derive(Clone, Debug)]
pub struct Stories {
    /// One page of published stories.
    pub news: StoryPage,
    /// Number of all published stories.
    pub published: usize,
    /// Drafts and scheduled stories; empty after the first page.
    pub unpublished: Unpublished,
    /// The page begins with the newest story.
    pub first: bool,
}

/// Shows the stories, with the buttons to delete them if the viewer may.
pub fn desk(frame: &Frame, stories: &Stories, notice: Option<Notice>) -> Page {
    let Stories { news, published, unpublished, first } = stories;
    let may_delete = frame.viewer.as_ref().is_some_and(|viewer| viewer.may_delete);
    let next = news.next.as_ref().map(ToString::to_string);
    let content = view! {
        <div class="desk">
            <h1>"Stories"</h1>
            <p class="meta">{published_count(*published)}</p>
            {notice.map(notice_line)}
            {unpublished_table(frame, "Drafts", "Date", &unpublished.drafts)}
            {unpublished_table(frame, "Scheduled", "Goes live", &unpublished.scheduled)}
            {(*unpublished != Unpublished::default()).then(|| view! { <h2>"Published"</h2> })}
            {published_table(frame, &news.items, may_delete)}
            {pager(frame, Endpoint::Desk.path(), &[], next, *first)}
        </div>
    };
    Page::newsroom("Stories", Endpoint::Desk, content.into_any())
}

fn published_count(published: usize) -> String {
    match published {
        1 => "1 published story".to_owned(),
        count => format!("{count} published stories"),
    }
}

fn unpublished_table(
    frame: &Frame,
    heading: &'static str,
    date_column: &'static str,
    stories: &[Teaser],
) -> impl IntoView + use<> {
    let rows = stories
        .iter()
        .map(|story| row(story, false, long_form(frame, story.published_at).into_any()))
        .collect_view();
    (!stories.is_empty()).then(|| {
        view! {
            <section class="stories unpublished">
                <h2>{heading}</h2>
                <table>
                    {table_head(false, ["Headline", "Section", "Author", date_column])}
                    <tbody>{rows}</tbody>
                </table>
            </section>
        }
    })
}

fn published_table(frame: &Frame, stories: &[Teaser], may_delete: bool) -> AnyView {
    if stories.is_empty() {
        return view! { <p class="empty">"No published stories."</p> }.into_any();
    }
    let rows = stories
        .iter()
        .map(|story| row(story, may_delete, time(frame, story.published_at).into_any()))
        .collect_view();
    view! {
        <form class="stories" method="get" action=Endpoint::ConfirmDelete.path()>
            {may_delete.then(delete_toolbar)}
            <table>
                {table_head(may_delete, ["Headline", "Section", "Author", "Published"])}
                <tbody>{rows}</tbody>
            </table>
        </form>
    }
    .into_any()
}

fn delete_toolbar() -> impl IntoView {
    let delete_all = with_query(Endpoint::ConfirmDelete.path(), &[("all", "yes".to_owned())]);
    view! {
        <div class="toolbar">
            <SelectionBar />
            <button class="btn danger">"Move to trash\u{2026}"</button>
            <a class="btn quiet" href=delete_all>"Delete all stories\u{2026}"</a>
        </div>
    }
}

fn row(story: &Teaser, selectable: bool, date: AnyView) -> impl IntoView + use<> {
    let TextLanguage { lang, dir } = TextLanguage::of_story(story);
    view! {
        <tr>
            {selectable.then(|| select_cell(story))}
            <td class="headline"><a lang=lang dir=dir href=story.path()>{story.headline.clone()}</a></td>
            <td><bdi>{story.section.name.clone()}</bdi></td>
            <td><bdi>{author_names(story)}</bdi></td>
            <td>{date}</td>
        </tr>
    }
}

fn author_names(story: &Teaser) -> String {
    let names: Vec<_> = story.authors.iter().map(|author| author.name.as_str()).collect();
    names.join(", ")
}
