//! The audit log for the operator.

use crate::audit_filter::{AuditFilter, AuditPosition};
use crate::desk::operator_desk::OperatorDesk;
use crate::desk::search_audit::{AuditPage, search_audit};
use crate::error::DeskError;

impl OperatorDesk {
    /// Returns records like [`NewsDesk::search_audit`](crate::NewsDesk::search_audit).
    pub async fn search_audit(
        &self,
        filter: &AuditFilter,
        position: Option<&AuditPosition>,
        batches: usize,
    ) -> Result<AuditPage, DeskError> {
        search_audit(self.newsroom().table.as_ref(), filter, position, batches).await
    }
}
