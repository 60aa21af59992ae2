//! The public API on `/news`: server functions, mounted at these very paths.
#![expect(missing_docs, reason = "the macro makes a public field of each documented argument")]

use leptos::prelude::*;
use leptos::server_fn::codec::{DeleteUrl, GetUrl};

use crate::wire::{Deleted, StoryList, WireError};

/// Lists published news, newest first.
///
/// `limit` is a whole number from 1 to 100 (20 when absent), `cursor` comes from the
/// page before, `section` and `tag` are names or slugs, `month` is a month, such as 2026-11.
#[server(prefix = "", endpoint = "news", input = GetUrl)]
pub async fn list_news(
    limit: Option<String>,
    cursor: Option<String>,
    section: Option<String>,
    tag: Option<String>,
    month: Option<String>,
) -> Result<StoryList, WireError> {
    crate::backend::run(|context| async move {
        let query = crate::backend::list_query(limit, cursor, section, tag, month)?;
        context.list(&query).await
    })
    .await
}

/// Moves news to the trash: all of it, or the stories whose ids `ids` lists, separated by commas.
/// Their pages show the `reason`.
#[server(prefix = "", endpoint = "news", input = DeleteUrl)]
pub async fn delete_news(
    ids: Option<String>,
    reason: Option<String>,
) -> Result<Deleted, WireError> {
    crate::backend::run(|context| async move { context.delete(ids, reason).await }).await
}
