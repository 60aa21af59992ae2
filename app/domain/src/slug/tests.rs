use proptest::prelude::*;

use super::*;

fn slug(text: &str) -> Option<String> {
    Slug::from_text(text).map(String::from)
}

fn label(name: &str) -> Option<String> {
    Slug::from_label(name).map(String::from)
}

#[test]
fn headlines_become_readable_slugs() {
    for (headline, expected) in [
        ("Announcing Rust 1.43.1", "announcing-rust-1-43-1"),
        ("  The mayor’s \u{2014} “plan”!", "the-mayors-plan"),
        ("Überfluß à Genève", "uberfluss-a-geneve"),
        ("Řím Těšín Kůň", "rim-tesin-kun"),
        ("Kőbánya fűtés", "kobanya-futes"),
        ("İstanbul ığdır", "istanbul-igdir"),
        ("Tiếng Việt", "tieng-viet"),
        ("Re\u{301}sume\u{301} du cafe\u{301}", "resume-du-cafe"),
        ("Łódź, Ærø, Þórður, Đà Nẵng, Œuvre, ẞ", "lodz-aero-thordur-da-nang-oeuvre-ss"),
        ("市長が橋を開通させた", "市長が橋を開通させた"),
        ("افتتاح الجسر", "افتتاح-الجسر"),
        ("می\u{200c}خواهم", "می-خواهم"),
        ("Міст відкрито", "міст-відкрито"),
        ("Об'єкт, обʼєкт", "обєкт-обєкт"),
        ("Η ΓΕΦΥΡΑ ΆΝΟΙΞΕ ΟΔΟΣ", "η-γεφυρα-άνοιξε-οδος"),
        ("पुल खुला", "पुल-खुला"),
        ("สะพานเปิดแล้ว", "สะพานเปิดแล้ว"),
        ("다리가 열렸다", "다리가-열렸다"),
        ("צה״ל ג׳ירפה", "צהל-גירפה"),
        ("1\u{fe0f}\u{20e3} first ❤\u{fe0f} x", "1-first-x"),
    ] {
        assert_eq!(slug(headline).as_deref(), Some(expected), "{headline}");
    }
    assert_eq!(slug("!? 🌍"), None);
}

#[test]
fn labels_that_differ_by_a_sign_are_different() {
    for (name, expected) in [
        ("C", "c"),
        ("C++", "c-plus-plus"),
        ("C#", "c-sharp"),
        ("F♯", "f-sharp"),
        ("#local", "local"),
        ("LGBTQ+", "lgbtq-plus"),
        ("国際", "国際"),
        ("🌍", "u1f30d"),
        ("++", "plus-plus"),
        ("?", "u3f"),
    ] {
        assert_eq!(label(name).as_deref(), Some(expected), "{name}");
    }
    assert_eq!(label(" \t"), None);
}

#[test]
fn a_slug_in_another_spelling_is_found() {
    let spelling = |text| Slug::from_other_spelling(text).map(String::from);
    assert_eq!(spelling("The-Bridge").as_deref(), Some("the-bridge"));
    assert_eq!(spelling("か\u{3099}").as_deref(), Some("が"));
    assert_eq!(spelling("caf\u{e9}"), None);
    assert_eq!(spelling("a--b"), None);
}

#[test]
fn labels_keep_the_slugs_they_had() {
    let legacy = |name| Slug::legacy(name).map(String::from);
    assert_eq!(legacy("Müller").as_deref(), Some("mueller"));
    assert_eq!(legacy("C++"), None);
    assert_eq!(legacy("World news"), None);
    assert_eq!(legacy("国際"), None);
}

#[test]
fn a_long_text_is_cut_between_characters() {
    let long = slug(&"橋".repeat(150)).expect("a slug");
    assert_eq!(long, "橋".repeat(100));
    let numbered = Slug(long).numbered(12);
    assert_eq!(numbered.as_str(), "橋".repeat(97) + "-12");
}

proptest! {
    #[test]
    fn a_slug_is_what_its_text_becomes(text in "[a-z0-9-]{0,104}|[a-zA-Z0-9é' -]{0,9}") {
        let becomes_itself = slug(&text).as_ref() == Some(&text);
        prop_assert_eq!(text.parse::<Slug>().is_ok(), becomes_itself);
        prop_assert_eq!(Slug::try_from(text).is_ok(), becomes_itself);
    }

    #[test]
    fn generated_slugs_are_valid(text in ".*", number in 2..10_000_usize) {
        for slug in [Slug::from_text(&text), Slug::from_label(&text)].into_iter().flatten() {
            prop_assert_eq!(slug.as_str().parse::<Slug>(), Ok(slug.clone()));
            let numbered = slug.numbered(number);
            prop_assert_eq!(numbered.as_str().parse::<Slug>(), Ok(numbered.clone()));
        }
    }

    #[test]
    fn latin_letters_become_ascii(text in "[\u{c0}-\u{ff}\u{100}-\u{107}\u{1ea0}-\u{1ef9} ]{1,60}") {
        if let Some(slug) = Slug::from_text(&text) {
            prop_assert!(slug.as_str().is_ascii(), "{}", slug);
        }
    }

    #[test]
    fn composed_and_decomposed_text_have_one_slug(text in "\\PC{0,60}") {
        let decomposed: String = text.nfd().collect();
        let composed: String = text.nfc().collect();
        prop_assert_eq!(Slug::from_text(&decomposed), Slug::from_text(&composed));
    }

    #[test]
    fn ids_are_valid_slugs(id: u128) {
        let slug = Slug::from_id(Uuid::from_u128(id));
        prop_assert_eq!(slug.as_str().parse::<Slug>(), Ok(slug.clone()));
    }

    #[test]
    fn valid_slugs_are_parsed_unchanged(text in "[a-z0-9-]{0,110}") {
        if let Ok(slug) = text.parse::<Slug>() {
            prop_assert_eq!(slug.as_str(), text.as_str());
            prop_assert_eq!(Slug::from_text(&text), Some(slug));
        }
    }
}
