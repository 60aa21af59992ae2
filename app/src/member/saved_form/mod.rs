//! The page that offers a saved form again after the person has signed in.

mod editor;
mod fields;
mod page;
mod people;
mod subjects;
mod wording;
mod words;

pub use fields::SavedFields;
pub use page::{OfferedForm, refused_form, saved_form};
pub use subjects::{Names, Subjects, is_editor, subjects};
