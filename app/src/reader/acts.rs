//! Actions on a story: readers save and share it, the newsroom corrects and deletes it.

use gazette_domain::{Endpoint, Status, Story, push_percent_encoded};
use leptos::prelude::*;

use crate::components::{TextLanguage, sign_in_and_save_href};
use crate::frame::Frame;
use crate::islands::{SaveInPlace, ShareWithApp};
use crate::markup::{IntoMarkup as _, Markup};

/// Shows the acts of a reader. `saved` is true if the story is on their list.
pub(super) fn acts(frame: &Frame, story: &Story, saved: bool) -> impl IntoView + use<> {
    let TextLanguage { lang, dir } = language(frame, story);
    story.is_public(frame.now).then(|| {
        view! {
            <div class="acts" lang=lang dir=dir>
                {save(frame, story, saved)} {share(frame, story)}
            </div>
        }
    })
}

fn save(frame: &Frame, story: &Story, saved: bool) -> Markup {
    let teaser = &story.teaser;
    if frame.viewer.is_none() {
        // The page is the same for everyone who has not signed in, so it has no form of a session.
        let href = sign_in_and_save_href(&teaser.path(), teaser.id);
        return view! {
            <a class="btn quiet small" href=href rel="nofollow">
                "Save" <span class="visually-hidden">" for later"</span>
            </a>
        }
        .into_markup();
    }
    let (endpoint, label, more) = if saved {
        (Endpoint::RemoveSavedStory, "Remove", " from saved")
    } else {
        (Endpoint::SaveStory, "Save", " for later")
    };
    view! {
        <form class="save-story" method="post" action=endpoint.path()>
            <input type="hidden" name="id" value=teaser.id.to_string() />
            <input type="hidden" name="story" value=teaser.slug.to_string() />
            <button class="btn quiet small">
                {label} <span class="visually-hidden">{more}</span>
            </button>
        </form>
        <output class="visually-hidden" data-saved="" lang="en"></output>
        <SaveInPlace />
    }
    .into_markup()
}

/// Shows the ways to share a story, behind a button that needs no script.
fn share(frame: &Frame, story: &Story) -> impl IntoView + use<> {
    let teaser = &story.teaser;
    let url = frame.absolute(&teaser.path());
    let mut mail = "mailto:?subject=".to_owned();
    push_percent_encoded(&mut mail, &teaser.headline);
    mail.push_str("&body=");
    push_percent_encoded(&mut mail, &url);
    // The page of those who have not signed in loads no scripts.
    let with_app = frame.viewer.is_some().then(|| {
        view! {
            <button type="button" class="btn quiet small" data-share hidden>
                "Share with an app"
            </button>
            <ShareWithApp />
        }
    });
    view! {
        <details class="share">
            <summary class="btn quiet small">"Share"</summary>
            <div class="share-ways">
                <p class="field">
                    <label r#for="share-link">"Link to this story"</label>
                    <input id="share-link" readonly value=url dir="ltr" />
                </p>
                <p><a href=mail>"Send by e-mail"</a></p>
                {with_app}
            </div>
        </details>
    }
}

/// Shows the acts of the newsroom, as the viewer's permissions allow.
pub(super) fn newsroom_acts(frame: &Frame, story: &Story) -> impl IntoView + use<> {
    let teaser = &story.teaser;
    let viewer = frame.viewer.as_ref()?;
    let correct = (viewer.may_publish && story.is_public(frame.now)).then(|| {
        let href = Endpoint::StoryCorrections.path_with(teaser.id);
        view! { <a class="btn quiet" href=href>"Add a correction"</a> }
    });
    // Of stories that are not public, others than editors see only their own.
    let may_edit =
        viewer.may_publish || (viewer.may_open_desk && story.status != Status::Published);
    let edit = may_edit.then(|| {
        let href = Endpoint::EditStory.path_with(teaser.id);
        view! { <a class="btn quiet" href=href>"Edit"</a> }
    });
    let delete = viewer.may_delete.then(|| {
        let href = format!("{}?id={}", Endpoint::ConfirmDelete.path(), teaser.id);
        view! { <a class="btn danger" href=href>"Delete this story"</a> }
    });
    let lang = language(frame, story).lang;
    (edit.is_some() || delete.is_some())
        .then(|| view! { <div class="tools" lang=lang>{edit}{correct}{delete}</div> })
}

/// Returns the attributes for English text inside the article.
fn language(frame: &Frame, story: &Story) -> TextLanguage {
    TextLanguage::interface_inside(frame.site.language_of(&story.teaser))
}
