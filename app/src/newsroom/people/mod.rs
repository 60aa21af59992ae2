//! People: the list, one person, and what changes of access report.

mod confirm;
mod grounds;
mod invite_form;
mod invited;
mod known_person;
mod list;
mod notice;
mod person;
mod role_select;

pub use confirm::{AccessLoss, confirm_access_loss, confirm_disable};
pub use invite_form::InviteForm;
pub use invited::{Invited, invited};
pub use known_person::{Person, TokenGroups};
pub use list::{People, PersonRow, people};
pub use notice::{PeopleNotice, PoolProblem};
pub use person::person;
