//! Pages for editors and admins.

mod audit;
mod delete;
mod desk;
mod images;
mod imports;
mod labels;
mod notice;
mod people;
mod redirects;
mod story_table;
mod trash;

pub use audit::{audit, audit_is_empty};
pub use delete::{DeleteForm, delete};
pub use desk::{Stories, desk};
pub use images::images;
pub use imports::imports;
pub use labels::labels;
pub use notice::Notice;
pub use people::{
    AccessLoss, InviteForm, Invited, People, PeopleNotice, Person, PersonRow, PoolProblem,
    TokenGroups, confirm_access_loss, invited, people, person,
};
pub use redirects::{RedirectForm, Redirects, redirects};
pub use trash::trash;
