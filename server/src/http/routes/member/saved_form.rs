//! A form that was sent after the session had ended, offered again to the person who sent it.

mod names;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use gazette_app::pages::{self, Names, OfferedForm, SavedFields};
use gazette_domain::{Action, Endpoint, Method};

use crate::auth::SavedForm;
use crate::http::reply::{AppError, add_cookie, expired_cookie};
use crate::http::request::{RequestContext, saved_form, secret_cookie};
use crate::http::state::AppState;

/// `GET /saved-form`: offers the form as a page of its act.
pub(in crate::http) async fn page(
    State(app): State<AppState>,
    context: RequestContext,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let found = saved_form(&app, &context, &headers).await?;
    let SavedForm { path, fields, .. } = found.ok_or_else(AppError::not_found)?;
    let route = Endpoint::find(Method::Post, &path).and_then(Endpoint::route);
    let route = route.filter(|route| route.is_newsroom_form()).ok_or_else(AppError::not_found)?;
    let endpoint = route.endpoint;
    let fields = SavedFields(fields);
    let policy = app.desk.policy();
    let may = route.action.is_some_and(|it| policy.authorize(&context.caller, it).is_ok());
    if !may {
        // Names of stories that the person may not change any more are not looked up.
        let names = Names { known: Vec::new(), count: fields.all("id").count() };
        let form = OfferedForm { endpoint, path: &path, fields: &fields, names: &names };
        let refused = pages::refused_form(&form).ok_or_else(AppError::not_found)?;
        let mut response = context.page(&app, |_| refused).await;
        *response.status_mut() = StatusCode::FORBIDDEN;
        return Ok(response);
    }
    if pages::is_editor(endpoint) {
        // The editor shows it at its own address, which stays right after the form was saved.
        return Ok(Redirect::to(&format!("{path}?typed=saved")).into_response());
    }
    let subjects = pages::subjects(endpoint, route.variable(&path), &fields);
    let names = names::names(&app, &context.caller, &subjects).await?;
    let form = OfferedForm { endpoint, path: &path, fields: &fields, names: &names };
    let offered = pages::saved_form(&form).ok_or_else(AppError::not_found)?;
    Ok(context.page(&app, |_| offered).await)
}

/// `POST /saved-form/discard`: forgets the form.
pub(in crate::http) async fn discard(
    State(app): State<AppState>,
    context: RequestContext,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let name = &app.cookies.saved_form;
    if let Some(browser) = secret_cookie(&headers, name) {
        let sub = &context.identity()?.claims().sub;
        if let Some((_, sender)) = app.saved_forms.find(&browser, sub).await? {
            app.saved_forms.delete(&sender).await?;
        }
    }
    let may_open_desk = app.desk.policy().authorize(&context.caller, Action::OpenDesk).is_ok();
    let next = if may_open_desk { Endpoint::Desk } else { Endpoint::FrontPage };
    let mut response = Redirect::to(next.path()).into_response();
    add_cookie(&mut response, &expired_cookie(name, app.is_https()));
    Ok(response)
}
