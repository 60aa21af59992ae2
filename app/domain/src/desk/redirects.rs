//! Changes of redirects.

use gazette_table::{Item, Order, Range, TableError, Write};

use crate::action::Action;
use crate::audit::{Actor, AuditAction, AuditEvent};
use crate::caller::Caller;
use crate::desk::news_desk::NewsDesk;
use crate::desk::newsroom::Newsroom;
use crate::desk::redirect_lookup::{RedirectView, addresses_of};
use crate::error::DeskError;
use crate::old_address::{OldAddress, shortened};
use crate::redirect::{Redirect, RedirectOrigin, RedirectTarget};
use crate::redirect_error::RedirectError;
use crate::redirect_items;

/// The number of redirects that one batch writes, beside the audit record and the chain's head.
const REDIRECTS_PER_BATCH: usize = 90;
/// Tries of a batch while others write the same redirects.
const MAX_ATTEMPTS: usize = 5;
/// The number of items that one call of the table reads for an undo.
const REDIRECTS_PER_READ: usize = 500;

/// The result of adding a redirect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddedRedirect {
    /// The redirect is new.
    Created,
    /// The same redirect was here already.
    Unchanged,
}

impl NewsDesk {
    /// Adds a redirect.
    ///
    /// # Errors
    /// [`DeskError::Redirect`] if it would close a loop, or if its old address has another redirect.
    pub async fn add_redirect(
        &self,
        caller: &Caller,
        redirect: Redirect,
    ) -> Result<AddedRedirect, DeskError> {
        let actor = self.authorize(caller, Action::ManageRedirects)?;
        let mut added = self.newsroom.add_redirects(&actor, &[redirect]).await?;
        Ok(added.pop().ok_or(DeskError::Missing)??)
    }

    /// Removes the redirect from an old address, as the list shows it. Returns `false` if there is
    /// none.
    pub async fn remove_redirect(&self, caller: &Caller, from: &str) -> Result<bool, DeskError> {
        let actor = self.authorize(caller, Action::ManageRedirects)?;
        let newsroom = &self.newsroom;
        let from = OldAddress::canonical(from);
        let known = !OldAddress::of_request(from.path(), from.query()).is_empty();
        if !known || newsroom.table.get(&redirect_items::redirect_key(&from)).await?.is_none() {
            return Ok(false);
        }
        newsroom.remove_redirects(&actor, std::slice::from_ref(&from)).await?;
        Ok(true)
    }
}

impl Newsroom {
    /// Adds redirects, up to 90 in one batch with its audit record. Returns the outcome of each.
    ///
    /// # Errors
    /// [`DeskError::Table`] when the table failed; the batches before are written.
    pub(super) async fn add_redirects(
        &self,
        actor: &Actor,
        redirects: &[Redirect],
    ) -> Result<Vec<Result<AddedRedirect, RedirectError>>, DeskError> {
        let mut outcomes = Vec::with_capacity(redirects.len());
        for batch in redirects.chunks(REDIRECTS_PER_BATCH) {
            let mut attempts = 1;
            outcomes.extend(loop {
                match self.add_batch(actor, batch).await {
                    Err(DeskError::Table(TableError::Conflict { .. }))
                        if attempts < MAX_ATTEMPTS =>
                    {
                        attempts += 1;
                    }
                    done => break done?,
                }
            });
        }
        Ok(outcomes)
    }

    async fn add_batch(
        &self,
        actor: &Actor,
        redirects: &[Redirect],
    ) -> Result<Vec<Result<AddedRedirect, RedirectError>>, DeskError> {
        let mut view = RedirectView::new(self);
        let addresses = redirects.iter().flat_map(|redirect| {
            let target = match &redirect.target {
                RedirectTarget::Path(path) => addresses_of(path),
                RedirectTarget::Story(_) | RedirectTarget::Url(_) | RedirectTarget::Gone => {
                    Vec::new()
                }
            };
            target.into_iter().chain([redirect.from.clone()])
        });
        view.load(&addresses.collect::<Vec<_>>()).await?;
        let mut outcomes = Vec::with_capacity(redirects.len());
        let mut new = Vec::new();
        for redirect in redirects {
            let added = match self.checked(&mut view, redirect).await {
                Ok(added) => added,
                Err(DeskError::Redirect(error)) => {
                    outcomes.push(Err(error));
                    continue;
                }
                Err(error) => return Err(error),
            };
            outcomes.push(Ok(match added {
                None => AddedRedirect::Unchanged,
                Some(redirect) => {
                    view.add(redirect.clone());
                    new.push(redirect);
                    AddedRedirect::Created
                }
            }));
        }
        if !new.is_empty() {
            self.write_redirects(actor, &new).await?;
        }
        Ok(outcomes)
    }

    /// Returns the redirect as it is stored: with the target at the end of the chain that it would
    /// begin. `None` if the same redirect is here already.
    async fn checked(
        &self,
        view: &mut RedirectView<'_>,
        redirect: &Redirect,
    ) -> Result<Option<Redirect>, DeskError> {
        redirect.check()?;
        if let Some(known) = view.get(&redirect.from).await? {
            if known.target == redirect.target {
                return Ok(None);
            }
            let to = self.shown(&known.target).await?;
            let is_same = to.is_some() && redirect.target.written() == to.as_deref();
            if is_same || view.end_of(redirect).await.is_ok_and(|end| end == known.target) {
                return Ok(None);
            }
            let to =
                to.map_or_else(|| "no page (410)".to_owned(), |to| format!("`{}`", shortened(&to)));
            let from = shortened(redirect.from.as_str());
            return Err(RedirectError::Taken { from, to }.into());
        }
        let target = view.end_of(redirect).await?;
        Ok(Some(Redirect { target, added_at: self.now(), ..redirect.clone() }))
    }

    async fn write_redirects(&self, actor: &Actor, new: &[Redirect]) -> Result<(), DeskError> {
        let item =
            |redirect: &Redirect| Item::new(redirect_items::redirect_key(&redirect.from), redirect);
        let writes: Result<Vec<Write>, TableError> =
            new.iter().map(|redirect| item(redirect).map(Write::create)).collect();
        let addresses = match new {
            [redirect] => {
                let to = self.shown(&redirect.target).await?;
                let to = to.map_or_else(|| "410".to_owned(), |to| shortened(&to));
                format!("{} \u{2192} {to}", shortened(redirect.from.as_str()))
            }
            many => summary(many.iter().map(|redirect| &redirect.from)),
        };
        let action = AuditAction::RedirectAdded;
        let event = AuditEvent::of_redirects(self.now(), actor, action, addresses);
        Ok(self.audit.commit(writes?, vec![event]).await?)
    }

    async fn remove_redirects(&self, actor: &Actor, from: &[OldAddress]) -> Result<(), DeskError> {
        for batch in from.chunks(REDIRECTS_PER_BATCH) {
            let writes = batch.iter().map(|from| Write::delete(redirect_items::redirect_key(from)));
            let action = AuditAction::RedirectRemoved;
            let event = AuditEvent::of_redirects(self.now(), actor, action, summary(batch.iter()));
            self.audit.commit(writes.collect(), vec![event]).await?;
        }
        Ok(())
    }

    /// Removes the redirects that an import added, except for those to stories that it wrote and that
    /// stay. Returns their number.
    pub(super) async fn remove_redirects_of(
        &self,
        actor: &Actor,
        import: u64,
    ) -> Result<usize, DeskError> {
        let mut removed = 0;
        let mut range = Range::all();
        loop {
            let (table, limit) = (&self.table, REDIRECTS_PER_READ);
            let page =
                table.query(redirect_items::REDIRECTS, &range, Order::Ascending, limit).await?;
            let mut addresses = Vec::new();
            for item in &page.items {
                let redirect: Redirect = item.parse()?;
                let is_its = redirect.origin == RedirectOrigin::Import(import);
                if is_its && !self.leads_to_kept(&redirect, import).await? {
                    addresses.push(redirect.from);
                }
            }
            self.remove_redirects(actor, &addresses).await?;
            removed += addresses.len();
            match page.items.last() {
                Some(last) if page.more => range.after = Some(last.key.sort.clone()),
                _ => return Ok(removed),
            }
        }
    }

    /// Checks for a redirect to a story that was changed here after the import wrote it, so that taking
    /// back the import leaves the story.
    async fn leads_to_kept(&self, redirect: &Redirect, import: u64) -> Result<bool, DeskError> {
        let RedirectTarget::Story(id) = redirect.target else { return Ok(false) };
        Ok(self.story(id).await?.is_some_and(|story| {
            let is_its = story.origin.as_ref().is_some_and(|origin| origin.import >= import);
            story.trashed.is_none() && is_its
        }))
    }
}

/// Describes the redirects of a batch for the audit log.
fn summary<'a>(mut addresses: impl ExactSizeIterator<Item = &'a OldAddress>) -> String {
    let count = addresses.len();
    let first = addresses.next().map(|from| shortened(from.as_str())).unwrap_or_default();
    match addresses.last() {
        None => first,
        Some(last) => format!("{count} redirects from {first} to {}", shortened(last.as_str())),
    }
}
