//! Lookup of redirects, and where chains of them end.

use std::collections::HashMap;

use gazette_table::{Key, MAX_KEYS};

use crate::action::Action;
use crate::caller::Caller;
use crate::desk::news_desk::NewsDesk;
use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::old_address::OldAddress;
use crate::percent_encoding::encoded;
use crate::redirect::{Redirect, RedirectAnswer, RedirectTarget, with_query};
use crate::redirect_error::RedirectError;
use crate::redirect_items;
use crate::routes::Endpoint;
use crate::story::StoryId;

/// The number of redirects that may lead from one to the next.
const MAX_CHAIN: usize = 5;

impl NewsDesk {
    /// Finds the redirect from the path and query of a request, both as they were sent.
    ///
    /// To be asked only when nothing else answers. The answer is the same for every caller: `None`
    /// also while readers cannot see the story that the redirect leads to. Costs one read if there
    /// is no redirect.
    pub async fn find_redirect(
        &self,
        caller: &Caller,
        path: &str,
        query: Option<&str>,
    ) -> Result<Option<RedirectAnswer>, DeskError> {
        self.policy.authorize(caller, Action::ReadNews)?;
        self.newsroom.find_redirect(path, query).await
    }
}

impl Newsroom {
    pub(super) async fn find_redirect(
        &self,
        path: &str,
        query: Option<&str>,
    ) -> Result<Option<RedirectAnswer>, DeskError> {
        let addresses = OldAddress::of_request(path, query);
        let mut view = RedirectView::new(self);
        let Some(redirect) = view.first_of(&addresses).await? else { return Ok(None) };
        let target = match &redirect.target {
            RedirectTarget::Gone => return Ok(Some(RedirectAnswer::Gone)),
            RedirectTarget::Url(url) => url.clone(),
            RedirectTarget::Path(path) => {
                // Two processes may have closed a loop at the same time, or an import.
                match view.end_of(&redirect).await {
                    Err(DeskError::Redirect(_)) => return Ok(None),
                    end => end?,
                };
                path.clone()
            }
            RedirectTarget::Story(id) => match self.redirected_story(*id).await? {
                Some(RedirectAnswer::Moved(path)) => path,
                answer => return Ok(answer),
            },
        };
        let query = query.filter(|_| redirect.from.query().is_none());
        Ok(Some(RedirectAnswer::Moved(encoded(&with_query(&target, query)))))
    }

    /// Returns the address of a story for readers.
    async fn redirected_story(&self, id: StoryId) -> Result<Option<RedirectAnswer>, DeskError> {
        let now = self.now();
        Ok(match self.story(id).await? {
            Some(story) if story.is_public(now) => {
                let path = Endpoint::ReadStory.path_with(&story.teaser.slug);
                Some(RedirectAnswer::Moved(path))
            }
            // As the page of the story itself.
            Some(story) if story.trashed.is_some() && story.was_public_until(now) => {
                Some(RedirectAnswer::Gone)
            }
            Some(_) | None => None,
        })
    }
}

/// The redirects of the table, each read once, and those of a batch that is not written yet.
pub(super) struct RedirectView<'a> {
    newsroom: &'a Newsroom,
    known: HashMap<OldAddress, Option<Redirect>>,
}

impl<'a> RedirectView<'a> {
    pub(super) fn new(newsroom: &'a Newsroom) -> Self {
        Self { newsroom, known: HashMap::new() }
    }

    /// Reads the redirects of addresses that are not known yet.
    pub(super) async fn load(&mut self, addresses: &[OldAddress]) -> Result<(), DeskError> {
        let mut missing: Vec<&OldAddress> =
            addresses.iter().filter(|address| !self.known.contains_key(*address)).collect();
        missing.sort_unstable();
        missing.dedup();
        for addresses in missing.chunks(MAX_KEYS) {
            let keys: Vec<Key> =
                addresses.iter().map(|address| redirect_items::redirect_key(address)).collect();
            let items = match keys.as_slice() {
                [key] => vec![self.newsroom.table.get(key).await?],
                keys => self.newsroom.table.get_many(keys).await?,
            };
            for (address, item) in addresses.iter().zip(items) {
                let redirect = item.map(|item| item.parse()).transpose()?;
                self.known.insert((*address).clone(), redirect);
            }
        }
        Ok(())
    }

    /// Adds a redirect that will be written.
    pub(super) fn add(&mut self, redirect: Redirect) {
        self.known.insert(redirect.from.clone(), Some(redirect));
    }

    pub(super) async fn get(&mut self, from: &OldAddress) -> Result<Option<Redirect>, DeskError> {
        self.first_of(std::slice::from_ref(from)).await
    }

    async fn first_of(&mut self, addresses: &[OldAddress]) -> Result<Option<Redirect>, DeskError> {
        self.load(addresses).await?;
        let known = |address| self.known.get(address).and_then(Option::as_ref);
        Ok(addresses.iter().find_map(known).cloned())
    }

    /// Returns the target at the end of the chain that begins with a redirect.
    ///
    /// # Errors
    /// [`DeskError::Redirect`] if the chain returns to one of its addresses, or is too long.
    pub(super) async fn end_of(
        &mut self,
        redirect: &Redirect,
    ) -> Result<RedirectTarget, DeskError> {
        let mut chain = vec![redirect.from.clone()];
        let mut target = redirect.target.clone();
        loop {
            let RedirectTarget::Path(path) = &target else { return Ok(target) };
            let addresses = addresses_of(path);
            self.load(&addresses).await?;
            let mut next = None;
            for address in addresses {
                if chain.contains(&address) {
                    return Err(loop_error(&chain, &address).into());
                }
                if let Some(redirect) = self.known.get(&address).and_then(Option::as_ref) {
                    next = Some(redirect.clone());
                    break;
                }
            }
            let Some(next) = next else { return Ok(target) };
            chain.push(next.from.clone());
            if chain.len() > MAX_CHAIN {
                return Err(too_long_error(&chain).into());
            }
            target = continued(path, next);
        }
    }
}

/// Returns the addresses under which the target of a redirect is looked up.
pub(super) fn addresses_of(path: &str) -> Vec<OldAddress> {
    let path = path.split('#').next().unwrap_or_default();
    match path.split_once('?') {
        Some((path, query)) => OldAddress::of_request(path, Some(query)),
        None => OldAddress::of_request(path, None),
    }
}

/// Returns the target of the next redirect for a request of `path`, with its query.
fn continued(path: &str, next: Redirect) -> RedirectTarget {
    let path = path.split('#').next().unwrap_or_default();
    let query = path.split_once('?').map(|(_, query)| query);
    let query = query.filter(|_| next.from.query().is_none());
    match next.target {
        RedirectTarget::Path(path) => RedirectTarget::Path(with_query(&path, query)),
        other => other,
    }
}

fn loop_error(chain: &[OldAddress], end: &OldAddress) -> RedirectError {
    if chain.len() == 1 {
        return RedirectError::to_rule(format!("`{end}` is the old address itself"));
    }
    RedirectError::to_rule(format!("closes a loop: {}", shown(chain, end)))
}

fn too_long_error(chain: &[OldAddress]) -> RedirectError {
    let message =
        format!("more than {MAX_CHAIN} redirects in a row; write where the last one leads");
    RedirectError::to_rule(
        message + &chain.first().map(|from| format!(" ({from})")).unwrap_or_default(),
    )
}

fn shown(chain: &[OldAddress], end: &OldAddress) -> String {
    let addresses: Vec<&str> = chain.iter().chain([end]).map(OldAddress::as_str).collect();
    addresses.join(" \u{2192} ")
}
