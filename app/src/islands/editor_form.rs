//! Names that the editor's form and its island agree on.
//!
//! The page works without the island; the island finds each part by its id or name and does
//! without the parts that a page leaves out.

/// Id of the form.
pub const FORM_ID: &str = "editor-form";
/// Attribute of the form: IANA zone in which the page shows times.
pub const ZONE_ATTRIBUTE: &str = "data-zone";
/// Attribute of the form: name of the person, under which this browser keeps copies of the text.
pub const PERSON_ATTRIBUTE: &str = "data-person";
/// Attribute of the form: it has text that is not saved.
pub const UNSAVED_ATTRIBUTE: &str = "data-unsaved";
/// Element that shows both texts of a conflict; while it is there, nothing is saved before the
/// user has pressed a button.
pub const CONFLICT_SELECTOR: &str = ".conflict";

/// Id of the element with `role="status"` that shows the state of saving.
pub const SAVE_STATE_ID: &str = "save-state";
/// Id of the element that shows that readers do not see the latest text.
pub const CHANGES_ID: &str = "changes";
/// Id of the way back to what readers see.
pub const DISCARD_ID: &str = "discard";
/// Notice that the form came back unsaved.
pub const FAILURE_SELECTOR: &str = ".failure";
/// Id of the list of others who opened the story.
pub const OPENED_ID: &str = "opened-by";
/// Id of the element that names the stage of the story.
pub const STAGE_ID: &str = "stage";
/// Id of the pane of the preview.
pub const PREVIEW_PANE_ID: &str = "preview";
/// Id of the element that holds nothing but the previewed story.
pub const PREVIEW_ID: &str = "preview-story";
/// Id of the element that shows the number of words.
pub const WORDS_ID: &str = "words";
/// Id of the element that shows the reading time.
pub const MINUTES_ID: &str = "minutes";
/// Element to which the island adds its notices.
pub const MESSAGES_SELECTOR: &str = ".editor-messages";
/// Id of the toolbar, whose buttons the island makes work.
pub const TOOLBAR_ID: &str = "toolbar";
/// Id of the control that chooses a picture's file.
pub const FILE_ID: &str = "file";
/// Class of the picture that the form shows.
pub const PICTURE_CLASS: &str = "current-picture";
/// Action that uploads a picture with the whole form, for browsers without scripts.
pub const UPLOAD: &str = "upload";

/// Names of the fields that are saved with a story, in the order of the form.
pub const FIELDS: [&str; 15] = [
    "headline",
    "slug",
    "summary",
    BODY,
    "section",
    "tags",
    "authors",
    "language",
    IMAGE,
    IMAGE_ALT,
    "image_caption",
    IMAGE_CREDIT,
    "publish_at",
    "unpublish_at",
    "pin_until",
];

/// Field with the text in Markdown.
pub const BODY: &str = "body";
/// Field with the address of the picture.
pub const IMAGE: &str = "image";
/// Field with the alternative text of the picture.
pub const IMAGE_ALT: &str = "image_alt";
/// Field with the credit of the picture.
pub const IMAGE_CREDIT: &str = "image_credit";
/// Hidden field: version that the form was made from.
pub const VERSION: &str = "version";
/// Hidden field: random id of the page in this browser tab.
pub const TAB: &str = "tab";
/// Hidden field: number of this save among those of the tab.
pub const SEQUENCE: &str = "sequence";
/// Hidden field of a new story: makes a second attempt safe.
pub const KEY: &str = "key";
/// Name of the buttons that say what the form does.
pub const ACTION: &str = "action";
/// Name of the buttons that choose an uploaded picture; their value is its path.
pub const CHOOSE: &str = "choose";
/// Action that saves without an entry in the log.
pub const AUTOSAVE: &str = "autosave";
/// Action that saves.
pub const SAVE: &str = "save";
/// Action that renders the text.
pub const PREVIEW: &str = "preview";
