//! Pages for editors and admins.

mod audit;
mod corrections;
mod delete;
mod desk;
mod images;
mod imports;
mod labels;
mod notice;
mod redirects;
mod story_table;
mod trash;

pub use audit::{audit, audit_is_empty};
pub use corrections::{CorrectionForm, story_corrections};
pub use delete::{DeleteForm, delete};
pub use desk::{Stories, desk};
pub use images::images;
pub use imports::imports;
pub use labels::labels;
pub use notice::Notice;
pub use redirects::{RedirectForm, Redirects, redirects};
pub use trash::trash;
