//! The redirects from old addresses, with the forms to add and remove them.

use gazette_domain::{
    Endpoint, ListedRedirect, RedirectError, RedirectOrigin, RedirectPage, RedirectTarget,
    readable_url,
};
use leptos::prelude::*;

use crate::components::{PageLink, page_links, time, with_query};
use crate::frame::Frame;
use crate::markup::{IntoMarkup as _, Markup};
use crate::newsroom::notice::{Notice, notice_line};
use crate::page::Page;

/// Redirects that the page shows.
#[derive(Clone, Debug)]
pub struct Redirects {
    /// One page of the list.
    pub page: RedirectPage,
    /// Beginning of the addresses that the list is limited to.
    pub prefix: String,
    /// The page is the first of the list.
    pub first: bool,
}

/// Fields of the form that adds a redirect, as they were typed.
#[derive(Clone, Debug, Default)]
pub struct RedirectForm {
    /// Old address.
    pub from: String,
    /// Path of this site or https URL.
    pub to: String,
    /// `301` or `410`.
    pub status: String,
    /// Broken rule.
    pub error: Option<RedirectError>,
}

/// Shows the redirects.
pub fn redirects(
    frame: &Frame,
    shown: &Redirects,
    form: &RedirectForm,
    notice: Option<Notice>,
) -> Page {
    let path = Endpoint::Redirects.path();
    let prefix = (!shown.prefix.is_empty()).then(|| ("prefix", shown.prefix.clone()));
    let filters: Vec<_> = prefix.into_iter().collect();
    let first_page =
        (!shown.first).then(|| PageLink { label: "First page", href: with_query(path, &filters) });
    let next_page = shown.page.next.clone().map(|next| {
        let parameters: Vec<_> = filters.iter().cloned().chain([("cursor", next)]).collect();
        PageLink { label: "Next", href: with_query(path, &parameters) }
    });
    let content = view! {
        <div class="desk redirects">
            <h1>"Redirects"</h1>
            <p class="meta">
                "Old addresses that lead readers to the page that replaced them. A redirect answers only where the site has no page."
            </p>
            {notice.map(notice_line)}
            {add_form(form)}
            {search_form(&shown.prefix)}
            {table(frame, shown)}
            {page_links(frame, first_page, next_page)}
        </div>
    };
    Page::newsroom("Redirects", Endpoint::Redirects, content.into_markup())
}

fn add_form(form: &RedirectForm) -> impl IntoView + use<> {
    let error = form.error.as_ref().map(RedirectError::field);
    let invalid = |name: &str| error.as_ref().is_some_and(|(field, _)| *field == name);
    let message = error.as_ref().map(|(field, message)| {
        let label = match *field {
            "to" => "New address",
            "status" => "Answer",
            _ => "Old address",
        };
        view! {
            <p class="field-error" id="redirect-error" role="alert">{format!("{label}: {message}.")}</p>
        }
    });
    let described = |name: &str| invalid(name).then_some("redirect-error");
    let flag = |name: &str| invalid(name).then_some("true");
    let gone = form.status.trim() == "410";
    view! {
        <form class="add-redirect" method="post" action=Endpoint::AddRedirect.path()>
            <h2>"Add a redirect"</h2>
            {message}
            <label class="field">
                <span>"Old address"</span>
                <input name="from" value=form.from.clone() required=true autocapitalize="none"
                    spellcheck="false" placeholder="/2019/old-story"
                    aria-invalid=flag("from") aria-describedby=described("from") />
            </label>
            <label class="field">
                <span>"New address"</span>
                <input name="to" value=form.to.clone() autocapitalize="none" spellcheck="false"
                    placeholder="/news/new-story"
                    aria-invalid=flag("to") aria-describedby=described("to") />
            </label>
            <label class="field">
                <span>"Answer"</span>
                <select name="status" aria-invalid=flag("status")
                    aria-describedby=described("status")>
                    <option value="301" selected=!gone>"Moved permanently (301)"</option>
                    <option value="410" selected=gone>"Gone, without a new address (410)"</option>
                </select>
            </label>
            <button class="btn">"Add redirect"</button>
        </form>
    }
}

fn search_form(prefix: &str) -> impl IntoView + use<> {
    view! {
        <form class="toolbar" method="get" role="search" action=Endpoint::Redirects.path()>
            <label for="prefix">"Old addresses that begin with"</label>
            <input id="prefix" name="prefix" value=prefix.to_owned() autocapitalize="none"
                spellcheck="false" />
            <button class="btn quiet">"Search"</button>
        </form>
    }
}

fn table(frame: &Frame, shown: &Redirects) -> Markup {
    if shown.page.items.is_empty() {
        let text = match (shown.prefix.is_empty(), shown.first) {
            (true, true) => "No redirects yet.",
            (true, false) => "No more redirects.",
            (false, _) => "No redirects with this beginning.",
        };
        return view! { <p class="empty">{text}</p> }.into_markup();
    }
    let rows = shown.page.items.iter().map(|item| row(frame, item)).collect_view();
    view! {
        <table class="data-table stacked">
            <thead>
                <tr>
                    <th scope="col">"Old address"</th>
                    <th scope="col">"Leads to"</th>
                    <th scope="col">"Added"</th>
                    <th scope="col"><span class="visually-hidden">"Remove"</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_markup()
}

fn row(frame: &Frame, item: &ListedRedirect) -> impl IntoView + use<> {
    let from = item.redirect.from.to_string();
    let origin = match item.redirect.origin {
        RedirectOrigin::ByHand => "by hand".to_owned(),
        RedirectOrigin::Import(number) => format!("import {number}"),
    };
    let label = format!("Remove the redirect from {from}");
    view! {
        <tr>
            <th scope="row"><bdi>{from.clone()}</bdi></th>
            <td data-head="Leads to">{target(item)}</td>
            <td data-head="Added">{time(frame, item.redirect.added_at)} ", " {origin}</td>
            <td>
                <form method="post" action=Endpoint::RemoveRedirect.path()>
                    <input r#type="hidden" name="from" value=from />
                    <button class="btn quiet" aria-label=label>"Remove"</button>
                </form>
            </td>
        </tr>
    }
}

fn target(item: &ListedRedirect) -> Markup {
    match (&item.redirect.target, &item.to) {
        (RedirectTarget::Gone, _) => view! { "Gone (410)" }.into_markup(),
        (RedirectTarget::Url(_), Some(to)) => {
            view! { <a href=to.clone() rel="noreferrer"><bdi>{readable_url(to)}</bdi></a> }
                .into_markup()
        }
        (_, Some(to)) => {
            view! { <a href=to.clone()><bdi>{readable_url(to)}</bdi></a> }.into_markup()
        }
        (_, None) => view! { "A story that was deleted" }.into_markup(),
    }
}
