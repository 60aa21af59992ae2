//! Changes with their records in the audit log.

use gazette_domain::{AccessChange, Caller, NewsDesk};

use super::error::PeopleError;
use crate::pool_admin::PoolAdminError;

/// Records a change, then makes it. If it fails, that is recorded too.
///
/// In this order nothing can happen without a record, even if the process stops in between.
pub(super) async fn logged<T>(
    desk: &NewsDesk,
    caller: &Caller,
    change: &AccessChange,
    act: impl Future<Output = Result<T, PoolAdminError>>,
) -> Result<T, PeopleError> {
    desk.record_access_change(caller, change).await?;
    match act.await {
        Ok(done) => Ok(done),
        Err(error) => {
            record_failure(desk, caller, change).await;
            Err(error.into())
        }
    }
}

/// Records that a change failed. The caller gets the cause in any case.
pub(super) async fn record_failure(desk: &NewsDesk, caller: &Caller, change: &AccessChange) {
    if let Err(error) = desk.record_failed_access_change(caller, change).await {
        tracing::error!(%error, "a failed change of a person could not be recorded");
    }
}
