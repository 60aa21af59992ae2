//! Records of changes of people's access, which the user pool makes.

use crate::action::Action;
use crate::audit::{AuditAction, AuditEvent};
use crate::caller::Caller;
use crate::desk::news_desk::NewsDesk;
use crate::error::DeskError;

/// Maximum length of the text of a record.
const MAX_TEXT_CHARS: usize = 300;

/// A change of a person's access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessChange {
    /// Kind of the change.
    pub action: AuditAction,
    /// Name of the person.
    pub person: String,
    /// The change in words, such as `Reader → Editor`, unless the kind says all.
    pub details: Option<String>,
}

impl NewsDesk {
    /// Records a change before the user pool is asked for it.
    ///
    /// The pool is another system, so change and record cannot be one batch. A record without its
    /// change can be explained; a change without a record must not happen.
    pub async fn record_access_change(
        &self,
        caller: &Caller,
        change: &AccessChange,
    ) -> Result<(), DeskError> {
        self.record(caller, change.action, change.text()).await
    }

    /// Records that the change recorded before was not completed.
    pub async fn record_failed_access_change(
        &self,
        caller: &Caller,
        change: &AccessChange,
    ) -> Result<(), DeskError> {
        self.record(caller, AuditAction::PersonChangeFailed, change.text()).await
    }

    async fn record(
        &self,
        caller: &Caller,
        action: AuditAction,
        text: String,
    ) -> Result<(), DeskError> {
        let actor = self.authorize(caller, Action::ManageAccess)?;
        let event = AuditEvent::of_redirects(self.newsroom.now(), &actor, action, text);
        Ok(self.newsroom.audit.commit(Vec::new(), vec![event]).await?)
    }
}

impl AccessChange {
    fn text(&self) -> String {
        let details = self.details.as_ref().map(|details| format!(": {details}"));
        let text = format!("{}{}", self.person, details.unwrap_or_default());
        text.chars().filter(|c| !c.is_control()).take(MAX_TEXT_CHARS).collect()
    }
}
