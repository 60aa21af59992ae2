//! The newsroom's list of stories.

use gazette_domain::{Card, NewsPage};
use leptos::prelude::*;

use crate::components::{pager, time};
use crate::frame::Frame;
use crate::islands::SelectionBar;
use crate::pages::Page;

/// What has just happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// So many stories were moved to the trash.
    Deleted(usize),
    /// So many stories came back from the trash.
    Restored(usize),
    /// A button was pressed with no story chosen.
    NothingChosen,
}

/// Shows the stories, with a way to delete for those who may.
pub fn desk(
    frame: &Frame,
    news: &NewsPage,
    published: usize,
    first: bool,
    notice: Option<Notice>,
) -> Page {
    let may_delete = frame.viewer.as_ref().is_some_and(|viewer| viewer.may_delete);
    let rows = news.items.iter().map(|story| row(frame, story, may_delete)).collect_view();
    let next = news.next.as_ref().map(ToString::to_string);
    let list = if news.items.is_empty() {
        view! { <p class="empty">"There are no published stories."</p> }.into_any()
    } else {
        view! {
            <form class="stories" method="get" action="/desk/delete">
                {may_delete.then(delete_bar)}
                <table>
                    <thead>
                        <tr>
                            {may_delete.then(|| view! { <th scope="col"><span class="vh">"Choose"</span></th> })}
                            <th scope="col">"Headline"</th>
                            <th scope="col">"Section"</th>
                            <th scope="col">"Author"</th>
                            <th scope="col">"Published"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </form>
        }
        .into_any()
    };
    let content = view! {
        <div class="desk">
            <h1>"Newsroom"</h1>
            <p class="meta">{count_line(published)}</p>
            {may_delete.then(|| views("/desk"))}
            {notice.map(notice_line)}
            {list}
            {pager("/desk", &[], next, first)}
        </div>
    };
    let has_islands = may_delete && !news.items.is_empty();
    Page { has_islands, ..Page::private("Newsroom", content.into_any()) }
}

fn count_line(published: usize) -> String {
    match published {
        1 => "1 published story".to_owned(),
        count => format!("{count} published stories"),
    }
}

/// The ways to look at the newsroom's stories.
pub(super) fn views(current: &str) -> impl IntoView + use<> {
    let links = [("Published", "/desk"), ("Trash", "/desk/trash")]
        .map(|(name, href)| {
            let here = (href == current).then_some("page");
            view! { <li><a href=href aria-current=here>{name}</a></li> }
        })
        .collect_view();
    view! { <nav class="nav views" aria-label="Newsroom"><ul>{links}</ul></nav> }
}

/// Says what has just happened.
pub(super) fn notice_line(notice: Notice) -> impl IntoView {
    let text = match notice {
        Notice::Deleted(1) => "1 story was moved to the trash.".to_owned(),
        Notice::Deleted(count) => format!("{count} stories were moved to the trash."),
        Notice::Restored(1) => "1 story was restored.".to_owned(),
        Notice::Restored(count) => format!("{count} stories were restored."),
        Notice::NothingChosen => "Choose the stories first.".to_owned(),
    };
    view! { <p class="notice" role="status">{text}</p> }
}

fn delete_bar() -> impl IntoView {
    view! {
        <div class="bar">
            <SelectionBar />
            <button class="btn danger">"Delete chosen\u{2026}"</button>
            <a class="btn quiet" href="/desk/delete?all=yes">"Delete everything\u{2026}"</a>
        </div>
    }
}

fn row(frame: &Frame, story: &Card, may_delete: bool) -> impl IntoView + use<> {
    let choose = may_delete.then(|| choose(story));
    view! {
        <tr>
            {choose}
            <td class="headline"><a href=story.path()>{story.headline.clone()}</a></td>
            <td>{story.section.name.clone()}</td>
            <td>{story.author.name.clone()}</td>
            <td>{time(story.published_at, frame.now)}</td>
        </tr>
    }
}

/// The cell with the box that chooses a story.
pub(super) fn choose(story: &Card) -> impl IntoView + use<> {
    let label = format!("Choose \u{201c}{}\u{201d}", story.headline);
    view! {
        <td class="choose">
            <input r#type="checkbox" name="id" value=story.id.to_string() aria-label=label />
        </td>
    }
}
