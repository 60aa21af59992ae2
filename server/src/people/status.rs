//! Blocking people, letting them in again, and signing them out.

use gazette_domain::{AccessChange, AuditAction, Caller, NewsDesk, Role};

use super::error::PeopleError;
use super::log::{logged, record_failure};
use super::person::check_sub;
use super::role::check_own;
use super::service::People;
use crate::auth::EndReason;
use crate::pool_admin::PoolAdminError;

/// A person who was signed out here.
pub(crate) struct SignedOut {
    pub(crate) name: String,
    /// Sessions of this site that were active.
    pub(crate) ended: usize,
    /// Reason why the pool did not end the sign-in there.
    pub(crate) problem: Option<PoolAdminError>,
}

impl People {
    /// Blocks a person from signing in and ends their sessions. Returns their name.
    pub(crate) async fn disable(
        &self,
        desk: &NewsDesk,
        caller: &Caller,
        sub: &str,
        is_confirmed: bool,
    ) -> Result<String, PeopleError> {
        check_sub(sub)?;
        let _guard = self.0.changes.lock().await;
        let (user, groups) = self.user_with_groups(sub).await?.ok_or(PeopleError::NotFound)?;
        let is_admin = desk.policy().named_roles(&groups).contains(&Role::Admin);
        if is_admin {
            self.check_other_admin(desk, &user).await?;
        }
        check_own(caller, sub, is_confirmed)?;
        let name = user.display_name().to_owned();
        let change = change(AuditAction::PersonDisabled, &name);
        logged(desk, caller, &change, self.0.pool.set_enabled(&user.username, false)).await?;
        self.0.sessions.end_all(sub, EndReason::ByAdmin).await?;
        if is_admin && !self.has_other_admin(desk, &user).await? {
            // Another process blocked the other admin at the same time.
            self.0.pool.set_enabled(&user.username, true).await?;
            record_failure(desk, caller, &change).await;
            return Err(PeopleError::LastAdmin);
        }
        Ok(name)
    }

    /// Lets a person sign in again. Returns their name.
    pub(crate) async fn enable(
        &self,
        desk: &NewsDesk,
        caller: &Caller,
        sub: &str,
    ) -> Result<String, PeopleError> {
        check_sub(sub)?;
        let user = self.0.pool.user(sub).await?.ok_or(PeopleError::NotFound)?;
        let name = user.display_name().to_owned();
        let change = change(AuditAction::PersonEnabled, &name);
        logged(desk, caller, &change, self.0.pool.set_enabled(&user.username, true)).await?;
        Ok(name)
    }

    /// Ends the sessions of a person, here and at the pool.
    pub(crate) async fn sign_out(
        &self,
        desk: &NewsDesk,
        caller: &Caller,
        sub: &str,
    ) -> Result<SignedOut, PeopleError> {
        let person = self.person(desk, caller, sub).await?;
        let change = change(AuditAction::PersonSignedOut, &person.name);
        desk.record_access_change(caller, &change).await?;
        // First here, which works even if the pool refuses.
        let ended = self.0.sessions.end_all(sub, EndReason::ByAdmin).await?;
        let problem = self.0.pool.sign_out(&person.username).await.err();
        Ok(SignedOut { name: person.name, ended, problem })
    }
}

fn change(action: AuditAction, name: &str) -> AccessChange {
    AccessChange { action, person: name.to_owned(), details: None }
}
