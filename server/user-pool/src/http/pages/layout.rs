//! The frame of every page.

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::Response;
use maud::{DOCTYPE, Markup, html};

use super::page::Page;
use crate::settings::Settings;

/// Lays out the page of a response; a response without a page is unchanged.
pub(in crate::http) fn lay_out(settings: &Settings, mut response: Response) -> Response {
    let Some(page) = response.extensions_mut().remove::<Page>() else { return response };
    let policy = policy(&page);
    let html = frame(&settings.site_name, &page).into_string();
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    *response.body_mut() = Body::from(html);
    response
}

fn policy(page: &Page) -> HeaderValue {
    let target = page.form_target.as_ref().map(|target| format!(" {target}")).unwrap_or_default();
    let script = if page.has_password { "script-src 'self'; " } else { "" };
    let policy = format!(
        "default-src 'none'; style-src 'self'; {script}img-src 'self'; font-src 'self'; \
         form-action 'self'{target}; frame-ancestors 'none'; base-uri 'none'"
    );
    // A target is an ASCII origin or scheme; the fallback is only stricter.
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static(
        "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ))
}

fn frame(site_name: &str, page: &Page) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (page.title) " – " (site_name) }
                link rel="stylesheet" href="/_pool/style.css";
                link rel="icon" type="image/svg+xml" href="/_pool/icon.svg";
                @if page.has_password {
                    script src="/_pool/show-password.js" defer {}
                }
            }
            body {
                header {
                    p class="banner" { "Local sign-in, for development" }
                    p class="brand" { bdi { (site_name) } }
                }
                main {
                    h1 { (page.title) }
                    (page.body)
                }
            }
        }
    }
}
