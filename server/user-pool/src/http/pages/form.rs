//! Forms of the hosted UI.

use axum::http::StatusCode;
use maud::{Markup, html};

use super::page::Page;

/// A page with one form.
pub(in crate::http) struct Form<'a> {
    pub(in crate::http) title: &'static str,
    /// Paragraphs between title and form.
    pub(in crate::http) lead: Markup,
    pub(in crate::http) action: &'a str,
    pub(in crate::http) csrf: &'a str,
    pub(in crate::http) error: Option<&'a str>,
    /// Names and values of hidden fields.
    pub(in crate::http) hidden: Vec<(&'static str, &'a str)>,
    pub(in crate::http) fields: Vec<Field<'a>>,
    pub(in crate::http) submit: &'static str,
    /// Content after the form.
    pub(in crate::http) after: Markup,
    /// CSP source of the callback URL.
    pub(in crate::http) target: String,
}

/// A visible field of a form.
pub(in crate::http) struct Field<'a> {
    pub(in crate::http) kind: FieldKind,
    pub(in crate::http) name: &'static str,
    pub(in crate::http) label: &'static str,
    pub(in crate::http) value: &'a str,
}

/// Kind of a field: what may be typed, and what browsers may fill in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum FieldKind {
    Username,
    Email,
    Code,
    NewPassword,
}

impl Form<'_> {
    pub(in crate::http) fn page(self, status: StatusCode) -> Page {
        let first_empty = self.fields.iter().position(|field| field.value.is_empty());
        let password = self.fields.iter().position(|it| it.kind == FieldKind::NewPassword);
        // The button that shows the password stands in the row of the field.
        let row = match password {
            Some(0) => "row-1",
            Some(1) => "row-2",
            Some(_) => "row-3",
            None => "",
        };
        let body = html! {
            (self.lead)
            @if let Some(error) = self.error {
                p class="error" id="error" role="alert" { (error) }
            }
            form method="post" action=(self.action) {
                input type="hidden" name="_csrf" value=(self.csrf);
                @for (name, value) in &self.hidden {
                    input type="hidden" name=(name) value=(value);
                }
                @for (index, field) in self.fields.iter().enumerate() {
                    div class=(if password == Some(index) { format!("field {row}") } else { "field".to_owned() }) {
                        (field.markup(first_empty == Some(index), self.error.is_some()))
                    }
                }
                button type="submit" { (self.submit) }
                @if password.is_some() {
                    button type="button" class=(format!("show {row}")) hidden { "Show password" }
                }
            }
            (self.after)
        };
        let page = Page::new(status, self.title, body);
        if password.is_some() {
            page.with_password_form(self.target)
        } else {
            page.with_form(self.target)
        }
    }
}

impl Field<'_> {
    fn markup(&self, has_focus: bool, has_error: bool) -> Markup {
        let rule = self.kind.hint();
        let hint_id = format!("{}-hint", self.kind.id());
        let described_by = match (has_error, rule.is_some()) {
            (true, true) => Some(format!("error {hint_id}")),
            (true, false) => Some("error".to_owned()),
            (false, true) => Some(hint_id.clone()),
            (false, false) => None,
        };
        let is_code = self.kind == FieldKind::Code;
        html! {
            label for=(self.kind.id()) { (self.label) }
            input id=(self.kind.id()) name=(self.name) type=(self.kind.input_type())
                value=(self.value) required maxlength=(self.kind.max_length())
                minlength=[(self.kind == FieldKind::NewPassword).then_some("8")]
                autocomplete=(self.kind.autocomplete())
                inputmode=[is_code.then_some("numeric")]
                autocapitalize=[(self.kind == FieldKind::Username).then_some("none")]
                spellcheck=[(self.kind == FieldKind::Username).then_some("false")]
                autofocus[has_focus] aria-describedby=[described_by];
            @if let Some(rule) = rule {
                p id=(hint_id) class="hint" { (rule) }
            }
        }
    }
}

impl FieldKind {
    fn id(self) -> &'static str {
        match self {
            Self::Username => "username",
            Self::Email => "email",
            Self::Code => "code",
            Self::NewPassword => "new-password",
        }
    }

    fn input_type(self) -> &'static str {
        match self {
            Self::Username | Self::Code => "text",
            Self::Email => "email",
            Self::NewPassword => "password",
        }
    }

    fn autocomplete(self) -> &'static str {
        match self {
            Self::Username => "username",
            Self::Email => "email",
            Self::Code => "one-time-code",
            Self::NewPassword => "new-password",
        }
    }

    fn max_length(self) -> &'static str {
        match self {
            Self::Username => "128",
            Self::Email => "254",
            Self::Code => "16",
            Self::NewPassword => "256",
        }
    }

    fn hint(self) -> Option<&'static str> {
        (self == Self::NewPassword).then_some("At least 8 characters.")
    }
}
