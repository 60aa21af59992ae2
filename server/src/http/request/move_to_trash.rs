//! Moving stories to the trash, so that it can be undone.

use gazette_domain::{DeskError, RemovalReason, Selection, StoryId};

use crate::http::reply::AppError;
use crate::http::request::context::RequestContext;
use crate::http::request::detached::run_detached;
use crate::http::state::AppState;

/// Moves stories to the trash and returns those that were not there before: undoing it must not
/// bring back others.
pub(in crate::http) async fn move_to_trash(
    app: &AppState,
    context: &RequestContext,
    ids: Vec<StoryId>,
    reason: Option<RemovalReason>,
) -> Result<Vec<StoryId>, AppError> {
    let (desk, caller) = (context.desk(app), context.caller.clone());
    let deletion = async move {
        let present = desk.teasers(&caller, &ids).await?;
        let present: Vec<StoryId> = present.into_iter().map(|teaser| teaser.id).collect();
        let selection = Selection::Ids(present.clone());
        let deleted = desk.delete_because(&caller, &selection, reason.as_ref()).await?;
        Ok::<_, DeskError>((deleted, present))
    };
    let (deleted, present) = run_detached(deletion).await?;
    tracing::info!(deleted, "stories moved to the trash");
    Ok(present)
}
