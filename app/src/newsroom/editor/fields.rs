//! A field of the form with its label, hint and broken rules.

use gazette_domain::FieldError;
use leptos::prelude::*;

use super::messages::{field_id, field_label, own_sentence};
use crate::components::SafeTextarea;
use crate::markup::{IntoMarkup as _, Markup};

/// Kind of a field that has one line.
#[derive(Clone, Copy)]
pub(super) enum Line {
    Text,
    /// Local date and time.
    Time,
    /// Text with the suggestions of a `datalist`.
    Suggested(&'static str),
}

/// Name, text and hint of a field.
pub(super) struct Field<'a> {
    pub(super) name: &'static str,
    pub(super) value: &'a str,
    pub(super) hint: Option<String>,
    pub(super) errors: &'a [FieldError],
    /// Label; that of the field by default.
    label: Option<&'static str>,
    has_focus: bool,
}

impl<'a> Field<'a> {
    pub(super) fn new(name: &'static str, value: &'a str, errors: &'a [FieldError]) -> Self {
        Self { name, value, hint: None, errors, label: None, has_focus: false }
    }

    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// Gives the field another label.
    pub(super) fn label(self, label: &'static str) -> Self {
        Self { label: Some(label), ..self }
    }

    /// Lets the page open with the focus in the field.
    pub(super) fn focus(self, has_focus: bool) -> Self {
        Self { has_focus, ..self }
    }

    fn own_errors(&self) -> Vec<String> {
        let own = self.errors.iter().filter(|error| field_id(error.field) == self.name);
        own.map(own_sentence).collect()
    }

    /// Returns the ids of the elements that describe the field.
    pub(super) fn described_by(&self) -> Option<String> {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.name));
        let error = self.is_invalid().then(|| format!("{}-error", self.name));
        let ids: Vec<String> = [error, hint].into_iter().flatten().collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    pub(super) fn is_invalid(&self) -> bool {
        self.errors.iter().any(|error| field_id(error.field) == self.name)
    }

    /// Shows a field of several lines.
    pub(super) fn area(self, rows: u32, class: &'static str) -> Markup {
        self.area_with(rows, class, None)
    }

    /// Shows a field of several lines with tools between its label and its text.
    pub(super) fn area_with(self, rows: u32, class: &'static str, tools: Option<Markup>) -> Markup {
        let (described_by, invalid) = (self.described_by(), self.is_invalid());
        let (id, text) = (self.name.to_owned(), self.value.to_owned());
        let control = view! {
            {tools}
            <SafeTextarea
                id=id
                name=self.name
                text=text
                rows=rows
                class=class
                autofocus=self.has_focus
                described_by=described_by
                invalid=invalid
            />
        };
        self.around(control.into_markup())
    }

    /// Shows a field of one line.
    pub(super) fn line(self, line: Line) -> Markup {
        let (described_by, invalid) = (self.described_by(), self.is_invalid());
        let value = self.value.to_owned();
        let kind = if matches!(line, Line::Time) { "datetime-local" } else { "text" };
        let list = if let Line::Suggested(list) = line { Some(list) } else { None };
        let dir = (!matches!(line, Line::Time)).then_some("auto");
        let control = view! {
            <input
                r#type=kind
                id=self.name
                name=self.name
                value=value
                list=list
                dir=dir
                autocomplete="off"
                aria-describedby=described_by
                aria-invalid=invalid.then_some("true")
            />
        };
        self.around(control.into_markup())
    }

    /// Shows the label, hint and broken rules around a control.
    pub(super) fn around(self, control: Markup) -> Markup {
        let errors = self.own_errors();
        let error = (!errors.is_empty()).then(|| {
            let id = format!("{}-error", self.name);
            view! { <p class="field-error" id=id>{errors.join(" ")}</p> }
        });
        let hint = self.hint.map(|hint| {
            let id = format!("{}-hint", self.name);
            view! { <p class="hint" id=id>{hint}</p> }
        });
        view! {
            <div class="editor-field">
                <label for=self.name>{self.label.unwrap_or_else(|| field_label(self.name))}</label>
                {control}
                {error}
                {hint}
            </div>
        }
        .into_markup()
    }
}
