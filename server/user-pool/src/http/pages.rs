//! The HTML pages: accessible, and usable without scripts.

mod assets;
mod code_form;
mod continue_form;
mod form;
mod home;
mod layout;
mod login_form;
mod message;
mod mismatch;
mod new_password_form;
mod page;
mod set_up_form;

pub(super) use assets::{font, icon, show_password, style};
pub(super) use code_form::CodeForm;
pub(super) use continue_form::ContinueForm;
pub(super) use form::{Field, FieldKind, Form};
pub(super) use home::{HOME, home};
pub(super) use layout::lay_out;
pub(super) use login_form::LoginForm;
pub(super) use message::{error, message, not_found, outbox_hint};
pub(super) use mismatch::Mismatch;
pub(super) use new_password_form::NewPasswordForm;
pub(super) use page::Page;
pub(super) use set_up_form::SetUpForm;
