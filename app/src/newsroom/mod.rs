//! Pages for editors and admins.

mod audit;
mod delete;
mod desk;
mod imports;
mod notice;
mod story_table;
mod tabs;
mod trash;

pub use audit::{audit, audit_is_empty};
pub use delete::{DeleteForm, delete};
pub use desk::{Stories, desk};
pub use imports::imports;
pub use notice::Notice;
pub use trash::trash;
