//! Lists of redirects.

use std::collections::HashMap;

use gazette_table::{Item, Order, Range};

use crate::action::Action;
use crate::caller::Caller;
use crate::desk::news_desk::NewsDesk;
use crate::desk::newsroom::Newsroom;
use crate::desk::redirect_lookup::RedirectView;
use crate::error::DeskError;
use crate::old_address::OldAddress;
use crate::redirect::{Redirect, RedirectTarget};
use crate::redirect_items;
use crate::routes::Endpoint;
use crate::story::{Story, StoryId};

/// The size of a page of the newsroom's list.
const REDIRECTS_PER_PAGE: usize = 50;
/// The size of a page of an export.
const REDIRECTS_PER_READ: usize = 500;

/// A redirect in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRedirect {
    /// The redirect.
    pub redirect: Redirect,
    /// Its target as people write it: a path or a URL. `None` for a page that is gone and for a story
    /// that was erased.
    pub to: Option<String>,
}

/// A page of redirects, in the order of their old addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RedirectPage {
    /// The redirects.
    pub items: Vec<ListedRedirect>,
    /// Position after which the next page begins, if there is one.
    pub next: Option<String>,
}

impl NewsDesk {
    /// Lists the redirects whose old address begins with a text, 50 on a page. `after` is the
    /// position that the page before returned.
    pub async fn redirects(
        &self,
        caller: &Caller,
        prefix: &str,
        after: Option<&str>,
    ) -> Result<RedirectPage, DeskError> {
        self.policy.authorize(caller, Action::ManageRedirects)?;
        let range = range(&OldAddress::beginning(prefix), after);
        self.newsroom.redirect_page(&range, REDIRECTS_PER_PAGE).await
    }
}

impl Newsroom {
    /// Reads a page of redirects for an export, each with the target at the end of its chain.
    pub(super) async fn exported_redirects(
        &self,
        after: Option<&str>,
    ) -> Result<RedirectPage, DeskError> {
        let mut page = self.redirect_page(&range("", after), REDIRECTS_PER_READ).await?;
        let mut view = RedirectView::new(self);
        for item in &mut page.items {
            if let RedirectTarget::Path(_) = item.redirect.target
                && let Ok(end) = view.end_of(&item.redirect).await
                && end != item.redirect.target
            {
                item.to = self.shown(&end).await?;
                item.redirect.target = end;
            }
        }
        Ok(page)
    }

    async fn redirect_page(&self, range: &Range, limit: usize) -> Result<RedirectPage, DeskError> {
        let page =
            self.table.query(redirect_items::REDIRECTS, range, Order::Ascending, limit).await?;
        let redirects: Vec<Redirect> =
            page.items.iter().map(Item::parse).collect::<Result<_, _>>()?;
        let mut ids: Vec<StoryId> = redirects
            .iter()
            .filter_map(|redirect| match redirect.target {
                RedirectTarget::Story(id) => Some(id),
                RedirectTarget::Path(_) | RedirectTarget::Url(_) | RedirectTarget::Gone => None,
            })
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let stories = self.stories(&ids).await?.into_iter();
        let stories: HashMap<StoryId, Story> =
            stories.map(|story| (story.teaser.id, story)).collect();
        let items = redirects.into_iter().map(|redirect| {
            let to = match &redirect.target {
                RedirectTarget::Story(id) => stories.get(id).map(address),
                other => other.written().map(str::to_owned),
            };
            ListedRedirect { redirect, to }
        });
        let next = page.items.last().filter(|_| page.more).map(|last| last.key.sort.clone());
        Ok(RedirectPage { items: items.collect(), next })
    }

    /// Returns a target as people write it.
    pub(super) async fn shown(&self, target: &RedirectTarget) -> Result<Option<String>, DeskError> {
        Ok(match target {
            RedirectTarget::Story(id) => self.story(*id).await?.as_ref().map(address),
            other => other.written().map(str::to_owned),
        })
    }
}

fn address(story: &Story) -> String {
    Endpoint::ReadStory.path_with(&story.teaser.slug)
}

/// Returns the range of the sort keys with a prefix, after a position.
fn range(prefix: &str, after: Option<&str>) -> Range {
    let mut begin = prefix.to_owned();
    // The end is exclusive, but the prefix itself is an address: begin right before it.
    let last = begin.pop();
    let before_last = last.and_then(|last| char::from_u32(u32::from(last).checked_sub(1)?));
    begin.extend(before_last.map_or_else(Vec::new, |before| vec![before, char::MAX]));
    let begin = Some(begin).filter(|begin| !begin.is_empty());
    let after = after.map(str::to_owned).max(begin);
    let before = (!prefix.is_empty()).then(|| format!("{prefix}{}", char::MAX));
    Range { after, before }
}
