//! The history of a story: versions, differences, and restoring one.

use gazette_domain::{Endpoint, HistoryEntry, HistoryKind, StoryId};
use leptos::prelude::*;

use super::difference::{FieldChanges, field_changes};
use super::messages::{day_and_time, place};
use crate::components::full_time;
use crate::frame::Frame;
use crate::markup::IntoMarkup as _;
use crate::page::Page;

/// Everything that the history shows.
#[derive(Clone, Debug)]
pub struct History {
    /// Story.
    pub id: StoryId,
    /// Headline.
    pub headline: String,
    /// Versions, latest first.
    pub versions: Vec<HistoryEntry>,
    /// Version whose differences are shown.
    pub shown: u64,
    /// Version it is compared with; `None` for the first.
    pub compared: Option<u64>,
    /// The comparison is with the present text.
    pub is_with_present: bool,
    /// Differences.
    pub changes: Vec<FieldChanges>,
    /// The texts are too long to find all differences in time.
    pub is_rough: bool,
}

/// Shows the versions of a story.
pub fn history(frame: &Frame, history: &History) -> Page {
    let editor = Endpoint::EditStory.path_with(history.id);
    let lines = history.versions.iter().map(|line| version(frame, history, line)).collect_view();
    let content = view! {
        <div class="history">
            <header class="editor-bar">
                <div class="editor-where">
                    <a class="btn quiet small" href=Endpoint::Desk.path()>"Stories"</a>
                    <a class="btn quiet small" href=editor>"Back to the editor"</a>
                </div>
            </header>
            <main id="main" class="history-panes" tabindex="-1">
                <section class="pane" aria-labelledby="versions-heading">
                    <h1 dir="auto">{format!("History of {}", history.headline)}</h1>
                    <h2 id="versions-heading" class="visually-hidden">"Versions"</h2>
                    <ol class="versions">{lines}</ol>
                </section>
                {differences(frame, history)}
            </main>
        </div>
    };
    Page::editor(format!("History of {}", history.headline), content.into_markup())
}

fn version(frame: &Frame, history: &History, line: &HistoryEntry) -> impl IntoView + use<> {
    let path = Endpoint::StoryHistory.path_with(history.id);
    let href = format!("{path}?version={}", line.version);
    let current = (line.version == history.shown).then_some("true");
    let at = full_time(frame, line.at, &frame.site.language);
    let author = line.by.clone().map(|by| view! { " \u{b7} " <bdi>{by}</bdi> });
    view! {
        <li>
            <a href=href aria-current=current>
                {at}
                <span class="meta">{kind(line.kind)} {author}</span>
            </a>
        </li>
    }
}

fn kind(kind: HistoryKind) -> &'static str {
    match kind {
        HistoryKind::Autosaved => "Saved automatically",
        HistoryKind::Saved => "Saved",
        HistoryKind::Published => "Published",
        HistoryKind::Scheduled => "Scheduled",
        HistoryKind::Unpublished => "Unpublished",
        HistoryKind::HandedIn => "Handed in for review",
        HistoryKind::SentBack => "Sent back",
        HistoryKind::Restored => "Restored",
        HistoryKind::Changed => "Changed elsewhere",
    }
}

fn differences(frame: &Frame, history: &History) -> impl IntoView + use<> {
    let Some(shown) = history.versions.iter().find(|line| line.version == history.shown) else {
        return view! { <section class="pane"><p class="empty">"No earlier versions yet."</p></section> }
            .into_markup();
    };
    let is_first = history.compared.is_none();
    let mut changes: Vec<_> = history.changes.iter().collect();
    changes.sort_by_key(|field| place(field.field));
    let fields = changes.into_iter().map(|field| field_changes(field, is_first)).collect_view();
    let legend = (!is_first).then(|| {
        view! { <p class="meta">"Removed text is " <del>"struck through"</del> ", new text is " <ins>"underlined"</ins> "."</p> }
    });
    let nothing = history
        .changes
        .is_empty()
        .then(|| view! { <p class="empty">"The text is the same in both versions."</p> });
    let rough = history.is_rough.then(|| {
        view! { <p class="meta">"These texts are long, so some differences are shown in larger pieces."</p> }
    });
    view! {
        <section class="pane" aria-labelledby="differences-heading">
            <h2 id="differences-heading">
                {format!("Version of {}", day_and_time(frame, shown.at))}
            </h2>
            {comparison(history)}
            {legend}
            {rough}
            {restore_form(history)}
            {nothing}
            {fields}
        </section>
    }
    .into_markup()
}

/// Shows what the version is compared with, and a link to the other comparison.
fn comparison(history: &History) -> impl IntoView + use<> {
    let path = Endpoint::StoryHistory.path_with(history.id);
    let version = history.shown;
    let (text, href, link) = if history.is_with_present {
        let href = format!("{path}?version={version}");
        (
            "What changed from this version to the present text.",
            href,
            "Compare with the version before",
        )
    } else {
        let href = format!("{path}?version={version}&with=present");
        let text = match history.compared {
            Some(_) => "What changed since the version before.",
            None => "The first version.",
        };
        (text, href, "Compare with the present text")
    };
    let link = (!is_latest(history)).then(|| view! { " " <a href=href>{link}</a> });
    view! { <p>{text} {link}</p> }
}

fn is_latest(history: &History) -> bool {
    history.versions.first().is_some_and(|line| line.version == history.shown)
}

fn restore_form(history: &History) -> impl IntoView + use<> {
    let action = Endpoint::StoryHistory.path_with(history.id);
    let version = history.shown.to_string();
    (!is_latest(history)).then(|| {
        view! {
            <form method="post" action=action class="restore">
                <input type="hidden" name="version" value=version />
                <button class="btn small">"Restore this version"</button>
                <p class="hint">
                    "Puts this text into the editor as a new version. Readers see it only after you publish it."
                </p>
            </form>
        }
    })
}
