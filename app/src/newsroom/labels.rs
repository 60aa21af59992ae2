//! Sections, tags and authors, with a form to rename each.

use gazette_domain::{Endpoint, Label, LabelKind, LabelPage, Slug};
use leptos::prelude::*;

use crate::components::{PageLink, page_links, with_query};
use crate::frame::Frame;
use crate::markup::IntoMarkup as _;
use crate::newsroom::notice::{Notice, notice_line};
use crate::page::Page;

/// A new name that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedName {
    /// Label.
    pub slug: Slug,
    /// Name as typed.
    pub name: String,
    /// Reason.
    pub error: String,
}

/// Shows the labels of a kind. `first` is `true` on the first page.
pub fn labels(
    frame: &Frame,
    kind: LabelKind,
    page: &LabelPage,
    first: bool,
    notice: Option<Notice>,
    refused: Option<RefusedName>,
) -> Page {
    let rows = page.labels.iter().map(|label| row(kind, label, refused.as_ref())).collect_view();
    // The label may be on another page of the list.
    let is_listed = |it: &RefusedName| page.labels.iter().any(|label| label.slug == it.slug);
    let error = refused.as_ref().filter(|it| !is_listed(it)).map(|it| it.error.clone());
    let empty = page.labels.is_empty().then(|| {
        view! { <p class="empty">{format!("No {} yet.", plural(kind).to_lowercase())}</p> }
    });
    let start = (!first).then(|| PageLink { label: "First page", href: href(kind, None) });
    let next = page
        .next
        .as_ref()
        .map(|slug| PageLink { label: "Next", href: href(kind, Some(slug.to_string())) });
    let content = view! {
        <div class="desk">
            <h1>"Labels"</h1>
            <p class="meta">
                "A new name is shown in all stories. With the name of another label, the two become one. Old addresses lead to the new ones."
            </p>
            {notice.map(notice_line)}
            {error.map(|error| view! { <p class="notice" role="alert">{error}</p> })}
            {kinds(kind)}
            <ul class="labels">{rows}</ul>
            {empty}
            {page_links(frame, start, next)}
        </div>
    };
    Page::newsroom("Labels", Endpoint::Labels, content.into_markup())
}

fn kinds(current: LabelKind) -> impl IntoView {
    let links = LabelKind::ALL
        .map(|kind| {
            let current = (kind == current).then_some("page");
            view! { <li><a href=href(kind, None) aria-current=current>{plural(kind)}</a></li> }
        })
        .into_iter()
        .collect_view();
    view! { <nav class="tabs" aria-label="Kind of label"><ul>{links}</ul></nav> }
}

fn row(kind: LabelKind, label: &Label, refused: Option<&RefusedName>) -> impl IntoView + use<> {
    let id = format!("name-{}", label.slug);
    let refused = refused.filter(|it| it.slug == label.slug);
    let name = refused.map_or(&label.name, |it| &it.name).clone();
    let (invalid, described) = refused.map(|_| ("true", format!("{id}-error"))).unzip();
    let error = refused.map(|it| {
        let (id, error) = (format!("{id}-error"), it.error.clone());
        view! { <p class="field-error" id=id role="alert">{error}</p> }
    });
    view! {
        <li>
            <form method="post" action=Endpoint::RenameLabel.path()>
                <input type="hidden" name="kind" value=kind.as_str() />
                <input type="hidden" name="slug" value=label.slug.to_string() />
                <input type="hidden" name="confirm" value=ASK_TO_MERGE />
                <label for=id.clone()>
                    <a href=kind.endpoint().path_with(&label.slug)>{label.slug.to_string()}</a>
                </label>
                <input
                    id=id
                    name="name"
                    value=name
                    dir="auto"
                    required
                    aria-invalid=invalid
                    aria-describedby=described
                />
                <button class="btn quiet">"Rename"</button>
                {error}
            </form>
        </li>
    }
}

/// Value of the field `confirm` that asks before two labels become one.
pub const ASK_TO_MERGE: &str = "merge";

/// Asks before a label becomes another one.
pub fn confirm_merge(kind: LabelKind, label: &Label, into: &Label) -> Page {
    let (from, to) = (label.name.clone(), into.name.clone());
    let title = format!("Merge \u{201c}{from}\u{201d} into \u{201c}{to}\u{201d}?");
    let content = view! {
        <div class="panel">
            <h1 dir="auto">{title.clone()}</h1>
            <p>
                "All stories of " <bdi>{from}</bdi> " get the label " <bdi>{to.clone()}</bdi>
                ". You cannot undo this: the stories of the two cannot be told apart after it."
            </p>
            <form method="post" action=Endpoint::RenameLabel.path()>
                <input type="hidden" name="kind" value=kind.as_str() />
                <input type="hidden" name="slug" value=label.slug.to_string() />
                <input type="hidden" name="name" value=to />
                <p class="actions">
                    <button class="btn danger">"Merge"</button>
                    <a class="btn quiet" href=href(kind, None)>"Cancel"</a>
                </p>
            </form>
        </div>
    };
    Page::newsroom(title, Endpoint::Labels, content.into_markup())
}

fn href(kind: LabelKind, after: Option<String>) -> String {
    let mut parameters = vec![("kind", kind.as_str().to_owned())];
    parameters.extend(after.map(|slug| ("cursor", slug)));
    with_query(Endpoint::Labels.path(), &parameters)
}

fn plural(kind: LabelKind) -> &'static str {
    match kind {
        LabelKind::Section => "Sections",
        LabelKind::Tag => "Tags",
        LabelKind::Author => "Authors",
    }
}
