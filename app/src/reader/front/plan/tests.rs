use std::collections::HashSet;

use gazette_domain::Slug;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;

/// A story of a section, with or without a picture.
type Sample = (u8, bool);

fn teaser(number: usize, (section, pictured): Sample) -> Teaser {
    let start: Timestamp = "2026-11-26T12:00:00Z".parse().expect("a time");
    let hours = i64::try_from(number).expect("a small number");
    let at = start - SignedDuration::from_hours(hours);
    let image = pictured
        .then(|| serde_json::json!({ "url": "/p.svg", "alt": "", "width": 1200, "height": 720 }));
    let section = label(&format!("Section {section}"));
    let author = label("Maren Ashlock");
    serde_json::from_value(serde_json::json!({
        "id": format!("01a218f9-a7c1-73f1-b6ff-{number:012x}"),
        "slug": Slug::from_label(&format!("story {number}")).expect("a slug"),
        "headline": "Headline", "summary": "Summary.", "section": section, "tags": [],
        "authors": [author], "published_at": at, "updated_at": at, "reading_minutes": 1,
        "image": image,
    }))
    .expect("a teaser")
}

fn label(name: &str) -> Label {
    Label::new(name).expect("a label")
}

fn front(pinned: usize, samples: &[Sample]) -> FrontStories {
    let stories: Vec<Teaser> =
        samples.iter().enumerate().map(|(number, sample)| teaser(number, *sample)).collect();
    let (pinned, newest) = stories.split_at(pinned.min(stories.len()));
    FrontStories { pinned: pinned.to_vec(), newest: newest.to_vec() }
}

/// Returns the stories of a plan, in the order in which the page shows them.
fn shown<'a>(plan: &Plan<'a>) -> Vec<&'a Teaser> {
    let top = plan.top.iter().flat_map(|top| {
        [&vec![top.lead], &top.subs, &top.side, &top.latest].map(Clone::clone).concat()
    });
    let bands = plan.bands.iter().flat_map(|band| match band {
        Band::Mix { big, rows, .. } => [vec![*big], rows.clone()].concat(),
        Band::Four { stories, .. } | Band::Headlines { stories, .. } => stories.clone(),
        Band::Pair(lists) => lists.iter().flat_map(|list| list.stories.clone()).collect(),
    });
    top.chain(bands).collect()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "it is given to `all`, over references")]
fn has_picture(story: &&Teaser) -> bool {
    story.image.is_some()
}

fn check_top(top: &Top<'_>) {
    assert!(top.side.is_empty() || top.side.len() == 2);
    assert!(top.side.iter().all(has_picture));
    assert!(top.latest.is_empty() || (3..=MAX_LATEST + 1).contains(&top.latest.len()));
    assert!(top.latest.is_sorted_by_key(|story| Reverse(story.published_at)));
    assert!(top.subs.len() <= 4);
    let is_alone = top.side.is_empty() && top.latest.is_empty();
    assert!(is_alone || top.subs.len() != 1, "one headline does not fill the row below the lead");
}

fn check_band(band: &Band<'_>) {
    let is_of = |section: &Label, story: &Teaser| story.section.slug == section.slug;
    match band {
        Band::Mix { section, big, rows } => {
            assert!(big.image.is_some());
            assert!((3..=4).contains(&rows.len()));
            assert!(rows.iter().all(|story| is_of(section, story)));
        }
        Band::Four { section, stories } => {
            assert_eq!(stories.len(), 4);
            assert!(stories.iter().all(has_picture), "a text card in a row of pictures");
            assert!(section.is_none_or(|it| stories.iter().all(|story| is_of(it, story))));
        }
        Band::Pair([first, second]) => {
            assert_eq!(first.stories.len(), second.stories.len());
            assert_eq!(first.has_picture, second.has_picture);
            assert_ne!(first.section, second.section);
            for ShortList { section, stories, has_picture } in [first, second] {
                assert!((2..=3).contains(&stories.len()));
                assert!(stories.iter().all(|story| is_of(section, story)));
                assert!(!has_picture || stories.first().is_some_and(|it| it.image.is_some()));
            }
        }
        Band::Headlines { section, stories } => {
            assert!(FULL_ROWS.contains(&stories.len()));
            assert!(section.is_none_or(|it| stories.iter().all(|story| is_of(it, story))));
        }
    }
}

proptest! {
    #[test]
    fn no_story_twice_and_no_band_with_a_hole(
        pinned in 0_usize..=3,
        samples in proptest::collection::vec((0_u8..9, any::<bool>()), 0..64),
        sections in 1_u8..9,
        pictures in 0_u8..3,
    ) {
        let samples: Vec<Sample> = samples
            .into_iter()
            .map(|(section, pictured)| (section % sections, [false, pictured, true][usize::from(pictures)]))
            .collect();
        let stories = front(pinned, &samples);
        let plan = plan(&stories);
        let shown = shown(&plan);
        let ids: HashSet<_> = shown.iter().map(|story| story.id).collect();
        prop_assert_eq!(ids.len(), shown.len(), "a story is shown twice");
        prop_assert_eq!(plan.top.is_some(), !samples.is_empty());
        prop_assert!(shown.len() >= samples.len().min(12), "few stories are all shown");
        for story in &stories.pinned {
            prop_assert!(ids.contains(&story.id), "a pinned story is missing");
        }
        plan.top.iter().for_each(check_top);
        plan.bands.iter().for_each(check_band);
        let is_four = |band: &Band<'_>| matches!(band, Band::Four { .. });
        let is_mix = |band: &Band<'_>| matches!(band, Band::Mix { .. });
        let follow = |pair: &[Band<'_>]| pair.iter().all(is_four) || pair.iter().all(is_mix);
        prop_assert!(!plan.bands.windows(2).any(follow), "two bands of the same form");
    }
}

#[test]
fn below_a_lead_without_a_picture_are_more_headlines() {
    let counts = |is_pictured| {
        let samples: Vec<Sample> =
            std::iter::once((0, is_pictured)).chain([(1, true); 16]).collect();
        plan(&front(1, &samples)).top.map(|top| (top.subs.len(), top.side.len()))
    };
    assert_eq!(counts(true), Some((2, 2)));
    assert_eq!(counts(false), Some((4, 2)));
}

#[test]
fn the_lead_is_the_newest_with_a_picture_or_the_last_pinned() {
    let lead = |pinned, samples: &[Sample]| {
        let stories = front(pinned, samples);
        plan(&stories).top.map(|top| top.lead.slug.to_string())
    };
    assert_eq!(lead(0, &[]), None);
    assert_eq!(lead(0, &[(0, false), (0, true), (0, true)]).as_deref(), Some("story-1"));
    assert_eq!(lead(0, &[(0, false), (0, false)]).as_deref(), Some("story-0"));
    assert_eq!(lead(1, &[(0, false), (0, true)]).as_deref(), Some("story-0"));
}
