//! Parts of a request for handlers: the caller, parameters, cookies, bodies and conditions.

mod accept;
mod add_image;
mod api_key;
mod body;
mod canonical_url;
mod client_address;
mod context;
mod cookies;
mod detached;
mod flash;
mod form_fields;
mod hosted_ui_reply;
mod idempotency;
mod if_match;
mod list_parameters;
mod local_path;
mod locate_image;
pub(in crate::http) mod login_cookies;
mod loopback;
mod move_to_trash;
mod not_embedded;
mod origin;
mod path;
mod query;
mod request_id;
mod saved_form;
mod selection;
mod server_function;
mod shared_page;
mod story_form;
mod story_list;
mod unique_json;
mod upload;

pub(in crate::http) use accept::Preference;
pub(in crate::http) use add_image::{RefusedImage, add_image, add_image_of_form, add_story_image};
pub(in crate::http) use api_key::count_api_key;
pub(in crate::http) use body::{
    BODY_TOO_LARGE, FORM_TOO_LARGE, Form, JsonObject, MAX_BODY_BYTES, is_form, read_body,
};
pub(in crate::http) use canonical_url::KnownParameters;
pub(in crate::http) use client_address::ClientAddress;
pub(in crate::http) use context::RequestContext;
pub(in crate::http) use cookies::{
    chosen_theme, cookie_name, cookie_pairs, cookie_value, has_session_cookie, secret_cookie,
};
pub(in crate::http) use detached::run_detached;
pub(in crate::http) use flash::{set_flash, take_flash};
pub(in crate::http) use form_fields::FormFields;
pub(in crate::http) use hosted_ui_reply::{Reply, UnreadableReply};
pub(in crate::http) use idempotency::idempotency_key;
pub(in crate::http) use if_match::{IfMatch, current_tags};
pub(in crate::http) use list_parameters::{FeedParameters, ListParameters};
pub(in crate::http) use local_path::local_path;
pub(in crate::http) use locate_image::locate_image;
pub(in crate::http) use loopback::at_public_origin;
pub(in crate::http) use move_to_trash::move_to_trash;
pub(in crate::http) use not_embedded::{NotEmbedded, is_embedded};
pub(in crate::http) use origin::{Origin, origin_of};
pub(in crate::http) use path::Segment;
pub(in crate::http) use query::{FormQuery, PageQuery, Query, field_names, read_query, shortened};
pub(in crate::http) use request_id::{REQUEST_ID, RequestId};
pub(in crate::http) use saved_form::saved_form;
pub(in crate::http) use selection::{is_word, job_id, story_id, story_ids};
pub(in crate::http) use server_function::call_server_function;
pub(in crate::http) use shared_page::SharedPage;
pub(in crate::http) use story_form::StoryFields;
pub(in crate::http) use story_list::{StoryListParameters, returned_list};
pub(in crate::http) use upload::{max_body_bytes, max_held_bytes};
