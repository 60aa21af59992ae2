//! The newsroom's list of stories.

use gazette_domain::{StoryPage, Teaser, Unpublished};
use leptos::prelude::*;

use crate::components::{long_form, pager, time};
use crate::frame::{Frame, Viewer};
use crate::islands::SelectionBar;
use crate::pages::Page;

/// What has just happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// So many stories were moved to the trash.
    Deleted(usize),
    /// So many stories came back from the trash.
    Restored(usize),
    /// So many stories left the trash for good.
    Erased(usize),
    /// A button was pressed with no story chosen.
    NothingChosen,
    /// The word that confirms was not typed.
    WrongWord,
}

/// The stories the newsroom has.
#[derive(Clone, Debug)]
pub struct Stories {
    /// A page of what is published.
    pub news: StoryPage,
    /// How many are published in all.
    pub published: usize,
    /// Drafts and what is scheduled; on the first page only.
    pub unpublished: Unpublished,
    /// Whether the page begins with the newest story.
    pub first: bool,
}

/// Shows the stories, with a way to delete for those who may.
pub fn desk(frame: &Frame, stories: &Stories, notice: Option<Notice>) -> Page {
    let Stories { news, published, unpublished, first } = stories;
    let may_delete = frame.viewer.as_ref().is_some_and(|viewer| viewer.may_delete);
    let rows =
        news.items.iter().map(|story| row(frame, story, may_delete, relative)).collect_view();
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
            <p class="meta">{count_line(*published)}</p>
            {views(frame, "/desk")}
            {notice.map(notice_line)}
            {unseen(frame, "Drafts", "Dated", &unpublished.drafts)}
            {unseen(frame, "Scheduled", "Published from", &unpublished.scheduled)}
            {(*unpublished != Unpublished::default()).then(|| view! { <h2>"Published"</h2> })}
            {list}
            {pager("/desk", &[], next, *first)}
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

/// Stories that readers do not see yet.
fn unseen(
    frame: &Frame,
    heading: &'static str,
    dated: &'static str,
    stories: &[Teaser],
) -> impl IntoView + use<> {
    let rows = stories.iter().map(|story| row(frame, story, false, long_form_of)).collect_view();
    (!stories.is_empty()).then(|| {
        view! {
            <section class="stories unseen">
                <h2>{heading}</h2>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Headline"</th>
                            <th scope="col">"Section"</th>
                            <th scope="col">"Author"</th>
                            <th scope="col">{dated}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </section>
        }
    })
}

/// The ways to look at the newsroom's stories that the viewer has.
pub(super) fn views(frame: &Frame, current: &str) -> impl IntoView + use<> {
    let may = |may: fn(&Viewer) -> bool| frame.viewer.as_ref().is_some_and(may);
    let links: Vec<_> = [
        ("Stories", "/desk", true),
        ("Trash", "/desk/trash", may(|viewer| viewer.may_delete)),
        ("Log", "/desk/audit", may(|viewer| viewer.may_audit)),
    ]
    .into_iter()
    .filter(|(_, _, shown)| *shown)
    .map(|(name, href, _)| {
        let here = (href == current).then_some("page");
        view! { <li><a href=href aria-current=here>{name}</a></li> }
    })
    .collect();
    // One way alone is no choice.
    (links.len() > 1).then(|| {
        view! { <nav class="nav views" aria-label="Newsroom"><ul>{links}</ul></nav> }
    })
}

/// Says what has just happened.
pub(super) fn notice_line(notice: Notice) -> impl IntoView {
    let text = match notice {
        Notice::Deleted(1) => "1 story was moved to the trash.".to_owned(),
        Notice::Deleted(count) => format!("{count} stories were moved to the trash."),
        Notice::Restored(1) => "1 story was restored.".to_owned(),
        Notice::Restored(count) => format!("{count} stories were restored."),
        Notice::Erased(1) => "1 story was erased for good.".to_owned(),
        Notice::Erased(count) => format!("{count} stories were erased for good."),
        Notice::WrongWord => "Nothing was erased: type the word \u{201c}erase\u{201d}.".to_owned(),
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

fn row(
    frame: &Frame,
    story: &Teaser,
    may_delete: bool,
    date: fn(&Frame, &Teaser) -> AnyView,
) -> impl IntoView + use<> {
    let choose = may_delete.then(|| choose(story));
    view! {
        <tr>
            {choose}
            <td class="headline"><a href=story.path()>{story.headline.clone()}</a></td>
            <td>{story.section.name.clone()}</td>
            <td>{story.author.name.clone()}</td>
            <td>{date(frame, story)}</td>
        </tr>
    }
}

fn relative(frame: &Frame, story: &Teaser) -> AnyView {
    time(story.published_at, frame.now).into_any()
}

/// What lies ahead is told by its date.
fn long_form_of(_: &Frame, story: &Teaser) -> AnyView {
    long_form(story.published_at).into_any()
}

/// The cell with the box that chooses a story.
pub(super) fn choose(story: &Teaser) -> impl IntoView + use<> {
    let label = format!("Choose \u{201c}{}\u{201d}", story.headline);
    view! {
        <td class="choose">
            <input r#type="checkbox" name="id" value=story.id.to_string() aria-label=label />
        </td>
    }
}
