use proptest::prelude::*;

use super::*;

const COMMANDS: [Command; 7] = [
    Command::Bold,
    Command::Italic,
    Command::Heading,
    Command::Quote,
    Command::Link,
    Command::List,
    Command::Code,
];

/// Applies a command to a text in which `|` marks the ends of the selection, or the caret.
fn applied(marked: &str, command: Command) -> String {
    let start = utf16_length(marked.split('|').next().expect("a part"));
    let end = marked.rfind('|').map_or(start, |at| utf16_length(&marked[..at]));
    let end = if marked.matches('|').count() == 2 { end - 1 } else { start };
    let text = marked.replace('|', "");
    let edit = apply(&text, Range { start, end }, command);
    show(&edited(&text, &edit), edit.selection)
}

fn edited(text: &str, edit: &Edit) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    let new: Vec<u16> = edit.text.encode_utf16().collect();
    let all = [&units[..edit.range.start], &new, &units[edit.range.end..]].concat();
    String::from_utf16(&all).expect("whole characters")
}

fn show(text: &str, Range { start, end }: Range) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    let piece = |from: usize, to: usize| String::from_utf16(&units[from..to]).expect("whole");
    if start == end {
        return [piece(0, start), piece(start, units.len())].join("|");
    }
    [piece(0, start), piece(start, end), piece(end, units.len())].join("|")
}

#[test]
fn each_command_is_applied_and_taken_back() {
    for (command, before, after) in [
        (Command::Bold, "a |tide| b", "a **|tide|** b"),
        (Command::Italic, "a |tide| b", "a *|tide|* b"),
        (Command::Italic, "a **|tide|** b", "a ***|tide|*** b"),
        (Command::Bold, "a *|tide|* b", "a ***|tide|*** b"),
        (Command::Code, "a |tide| b", "a `|tide|` b"),
        (Command::Bold, "wo|rd", "**wo|rd**"),
        (Command::Bold, "a | b", "a **|** b"),
        (Command::Heading, "ab|cd", "## ab|cd"),
        (Command::Quote, "|one\n\ntwo|", "|> one\n> \n> two|"),
        (Command::List, "|one\n\ntwo|", "|- one\n\n- two|"),
        (Command::Code, "|one\ntwo|", "|```\none\ntwo\n```|"),
        (Command::Bold, "|one\n\n- two|", "|**one**\n\n- **two**|"),
        (Command::Bold, "\u{1f30a} |\u{1f30a}\u{1f30a}| b", "\u{1f30a} **|\u{1f30a}\u{1f30a}|** b"),
    ] {
        assert_eq!(applied(before, command), after, "{command:?} applied to {before}");
        assert_eq!(applied(after, command), before, "{command:?} taken back from {after}");
    }
}

#[test]
fn a_link_asks_for_what_is_missing() {
    assert_eq!(applied("see |here| now", Command::Link), "see [here](|https://|) now");
    assert_eq!(applied("see | now", Command::Link), "see [|](https://) now");
    assert_eq!(applied("|https://a.example|", Command::Link), "[|](https://a.example)");
    assert_eq!(applied("see [he|re](https://a.example) now", Command::Link), "see |here| now");
    assert_eq!(applied("see [here](|https://|) now", Command::Link), "see |here| now");
    assert_eq!(applied("a [b] [he|re](/x)", Command::Link), "a [b] |here|");
}

#[test]
fn marks_do_not_touch_spaces_and_selected_marks_count() {
    assert_eq!(applied("a| tide |b", Command::Bold), "a **|tide|** b");
    assert_eq!(applied("a |**tide**| b", Command::Bold), "a |tide| b");
    assert_eq!(applied("a |**tide**| b", Command::Italic), "a *|**tide**|* b");
}

#[test]
fn a_heading_replaces_one_of_another_level() {
    assert_eq!(applied("#### ab|cd", Command::Heading), "## ab|cd");
    assert_eq!(applied("#tag| here", Command::Heading), "## #tag| here");
}

#[test]
fn enter_continues_a_list_and_ends_it_at_an_empty_item() {
    let entered = |marked: &str| {
        let caret = utf16_length(marked.split('|').next().expect("a part"));
        let text = marked.replace('|', "");
        new_line(&text, caret).map(|edit| show(&edited(&text, &edit), edit.selection))
    };
    for (before, after) in [
        ("- First|", "- First\n- |"),
        ("a\n- Fi|rst", "a\n- Fi\n- |rst"),
        ("  * \u{1f30a}|", "  * \u{1f30a}\n  * |"),
        ("> said|", "> said\n> |"),
        ("- First\n- |", "- First\n\n|"),
        ("1. a|", "1. a\n2. |"),
        ("9) x|", "9) x\n10) |"),
        ("  1. a\n  2. |", "  1. a\n\n|"),
        ("\u{1f30a}\n19. \u{1f30a}|", "\u{1f30a}\n19. \u{1f30a}\n20. |"),
    ] {
        assert_eq!(entered(before).as_deref(), Some(after), "{before}");
    }
    for plain in [
        "First|",
        "-|",
        "|- First",
        "-- dash|",
        "a.b c|",
        "|",
        "1.5 m|",
        ". a|",
        "999999999. a|",
        "4294967295. a|",
    ] {
        assert_eq!(entered(plain), None, "{plain}");
    }
}

#[test]
fn a_selection_up_to_the_next_line_leaves_that_line() {
    assert_eq!(applied("|one\n|two", Command::List), "|- one|\ntwo");
}

#[test]
fn a_picture_has_the_caret_in_its_alternative_text() {
    assert_eq!(picture("/images/a.jpg"), ("![](/images/a.jpg)".to_owned(), 2));
    assert_eq!(picture("/a (1).jpg").0, "![](</a (1).jpg>)");
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-c *`\\[\\]()#>\n!|-]{0,24}",
        "[\u{1f30a}\u{6a4b}\u{301}e\n* ]{0,16}",
        "(\\*\\*|> |## |- |```\n|\\[a\\]\\(b\\)|w |\n|\u{1f30a}){0,10}",
    ]
}

proptest! {
    #[test]
    fn any_text_and_selection_give_a_valid_edit(
        text in text(), start in 0..40_usize, end in 0..40_usize, command in 0..COMMANDS.len(),
    ) {
        let edit = apply(&text, Range { start, end }, COMMANDS[command]);
        prop_assert!(edit.range.start <= edit.range.end);
        prop_assert!(edit.selection.start <= edit.selection.end);
        let new = edited(&text, &edit);
        prop_assert!(edit.selection.end <= utf16_length(&new));
        // The selection is of whole characters.
        show(&new, edit.selection);
    }

    #[test]
    fn a_command_applied_twice_to_plain_text_changes_nothing(
        text in "[a-c\u{e9}\u{1f30a}\u{6a4b} ]{0,9}(\n[a-c\u{e9}\u{1f30a}\u{6a4b} ]{0,9}){0,2}",
        start in 0..30_usize, length in 0..30_usize, command in 0..COMMANDS.len(),
    ) {
        let command = COMMANDS[command];
        let first = apply(&text, Range { start, end: start + length }, command);
        let once = edited(&text, &first);
        let second = apply(&once, first.selection, command);
        prop_assert_eq!(edited(&once, &second), text, "{:?} by way of {:?}", command, once);
    }
}
