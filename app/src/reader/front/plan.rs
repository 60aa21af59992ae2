//! Layout of the front page: a pure function from stories to bands.
//!
//! Each band is full, whatever the number of stories: a row has either pictures or none, and what
//! does not fill a band of its own is shown with others.

use std::cmp::Reverse;

use gazette_domain::{FrontStories, Label, Teaser};

/// Number of the newest stories that can be the lead.
const LEAD_CANDIDATES: usize = 6;
/// Number of stories after the lead that can be beside it, with a picture.
const SIDE_CANDIDATES: usize = 12;
/// Stories with which the page has only the lead and headlines beside it.
const MAX_FEW: usize = 4;
/// Lines of the latest stories.
const MAX_LATEST: usize = 8;
/// Lines of the latest stories that have room for summaries.
pub(super) const MAX_LATEST_WITH_SUMMARY: usize = 4;
/// Stories after those of the first band from which on the bands below have stories to choose from.
const MANY: usize = 10;
/// Stories with pictures that the lines of the first band leave to the bands below.
const MAX_SPARED: usize = 4;
/// Stories of a short list.
const MAX_SHORT: usize = 3;
/// Numbers of headlines that fill their rows.
const FULL_ROWS: [usize; 7] = [12, 9, 8, 6, 4, 3, 2];
/// Headlines of a site with many sections, and of one with at most two.
const MAX_HEADLINES: usize = 8;
const MAX_HEADLINES_IF_FEW_SECTIONS: usize = 12;

/// The content of the front page; each story at most once.
#[derive(Debug, Default)]
pub(super) struct Plan<'a> {
    /// First band; `None` without stories.
    pub(super) top: Option<Top<'a>>,
    /// The others.
    pub(super) bands: Vec<Band<'a>>,
}

/// First band.
#[derive(Debug)]
pub(super) struct Top<'a> {
    /// Main story.
    pub(super) lead: &'a Teaser,
    /// Headlines below or, without other columns, beside the lead.
    pub(super) subs: Vec<&'a Teaser>,
    /// Two stories with pictures, or none.
    pub(super) side: Vec<&'a Teaser>,
    /// Column of the latest stories, which takes up the height that is left; none or at least three.
    pub(super) latest: Vec<&'a Teaser>,
}

/// A band below the first.
#[derive(Debug)]
pub(super) enum Band<'a> {
    /// A section: a story with a picture beside three or four without.
    Mix {
        /// Section.
        section: &'a Label,
        /// Story with a picture.
        big: &'a Teaser,
        /// The others.
        rows: Vec<&'a Teaser>,
    },
    /// Four stories with pictures, of a section or of several.
    Four {
        /// Section; `None` for several.
        section: Option<&'a Label>,
        /// Stories.
        stories: Vec<&'a Teaser>,
    },
    /// Short lists of two sections, equally long.
    Pair([ShortList<'a>; 2]),
    /// Headlines without pictures in full rows, of a section or of several.
    Headlines {
        /// Section; `None` for several.
        section: Option<&'a Label>,
        /// Stories.
        stories: Vec<&'a Teaser>,
    },
}

/// Two or three stories of a section.
#[derive(Debug)]
pub(super) struct ShortList<'a> {
    /// Section.
    pub(super) section: &'a Label,
    /// Stories.
    pub(super) stories: Vec<&'a Teaser>,
    /// The first story is shown with its picture, as that of the list beside it.
    pub(super) has_picture: bool,
}

/// Distributes the stories. Of many, the older ones are left out.
pub(super) fn plan(stories: &FrontStories) -> Plan<'_> {
    let shown: Vec<&Teaser> = stories.pinned.iter().chain(&stories.newest).collect();
    let lead_index = lead_index(stories);
    let Some(lead) = shown.get(lead_index).copied() else { return Plan::default() };
    let mut rest = shown;
    rest.remove(lead_index);
    let mut top = top(lead, stories.pinned.len(), &mut rest);
    let (bands, left) = bands(&rest);
    // One story alone is no band: the column of the latest has room for it.
    if !top.latest.is_empty() {
        top.latest.extend(left);
        top.latest.sort_by_key(|story| Reverse(story.published_at));
    }
    Plan { top: Some(top), bands }
}

/// Returns the index of the lead: the first pinned story, or else the newest candidate with a
/// picture.
fn lead_index(stories: &FrontStories) -> usize {
    if !stories.pinned.is_empty() {
        return 0;
    }
    let mut candidates = stories.newest.iter().take(LEAD_CANDIDATES);
    candidates.position(|story| story.image.is_some()).unwrap_or(0)
}

/// Takes the stories of the first band from the rest.
fn top<'a>(lead: &'a Teaser, pinned: usize, rest: &mut Vec<&'a Teaser>) -> Top<'a> {
    let mut top = Top { lead, subs: Vec::new(), side: Vec::new(), latest: Vec::new() };
    if rest.len() < MAX_FEW {
        top.subs.append(rest);
        return top;
    }
    top.side = take_pictured(rest, SIDE_CANDIDATES, 2);
    let subs = match rest.len() {
        0..=2 => rest.len(),
        3 | 4 => 0,
        5..=8 => 2,
        // A lead without a picture leaves room.
        _ if lead.image.is_none() => 4,
        _ => 2,
    };
    let latest = MAX_LATEST.min(rest.len() - subs);
    // Pinned stories come first.
    let pinned = pinned.saturating_sub(1 + top.side.len()).min(subs);
    top.subs.extend(rest.drain(..pinned));
    top.latest = take_lines(rest, latest);
    top.latest.sort_by_key(|story| Reverse(story.published_at));
    top.subs.extend(take_lines(rest, subs - pinned));
    top
}

/// Takes the first stories for lines without pictures. While there are many, it leaves some with
/// pictures to the bands, which show them.
fn take_lines<'a>(stories: &mut Vec<&'a Teaser>, count: usize) -> Vec<&'a Teaser> {
    let mut spare = if stories.len() >= count + MANY { MAX_SPARED } else { 0 };
    let mut taken = Vec::new();
    stories.retain(|story| {
        let is_spared = story.image.is_some() && spare > 0;
        if taken.len() == count || is_spared {
            spare -= usize::from(is_spared && taken.len() < count);
            return true;
        }
        taken.push(*story);
        false
    });
    taken
}

/// Takes the first `count` stories with pictures among the first `candidates`; none if there are
/// fewer.
fn take_pictured<'a>(
    stories: &mut Vec<&'a Teaser>,
    candidates: usize,
    count: usize,
) -> Vec<&'a Teaser> {
    let pictured = |story: &&Teaser| story.image.is_some();
    if stories.iter().take(candidates).filter(|story| pictured(story)).count() < count {
        return Vec::new();
    }
    let mut taken = Vec::new();
    stories.retain(|story| {
        let is_taken = taken.len() < count && pictured(story);
        if is_taken {
            taken.push(*story);
        }
        !is_taken
    });
    taken
}

/// Makes the bands below the first. Returns a story that is left alone, if there is one.
fn bands<'a>(stories: &[&'a Teaser]) -> (Vec<Band<'a>>, Option<&'a Teaser>) {
    let sections = group_by_section(stories);
    let has_few_sections = sections.len() <= 2;
    let mut bands = Vec::new();
    let mut waiting: Option<Vec<&Teaser>> = None;
    let mut left = Vec::new();
    for mut group in sections {
        let band = match &waiting {
            None => section_band(&mut group, bands.last()),
            // The list that waits needs one beside it.
            Some(_) => None,
        };
        if let Some(band) = band {
            bands.push(band);
            if has_few_sections {
                left.append(&mut group);
            }
        } else if group.len() < 2 {
            left.append(&mut group);
        } else if let Some(first) = waiting.take() {
            bands.extend(pair(first, group, &mut left));
        } else {
            waiting = Some(group);
        }
    }
    left.extend(waiting.into_iter().flatten());
    left.sort_by_key(|story| Reverse(story.published_at));
    let most = if has_few_sections { MAX_HEADLINES_IF_FEW_SECTIONS } else { MAX_HEADLINES };
    let left = headline_bands(left, most, &mut bands);
    (bands, left)
}

/// Makes a band of a section that has at least four stories, in another form than the band before.
fn section_band<'a>(group: &mut Vec<&'a Teaser>, before: Option<&Band<'_>>) -> Option<Band<'a>> {
    const ROWS: usize = 4;
    let section = group.first().filter(|_| group.len() >= ROWS).map(|story| &story.section)?;
    if matches!(before, Some(Band::Mix { .. })) {
        let stories = take_pictured(group, usize::MAX, ROWS);
        return (!stories.is_empty()).then_some(Band::Four { section: Some(section), stories });
    }
    if let Some(big) = take_pictured(group, usize::MAX, 1).first().copied() {
        let rows = group.drain(..ROWS.min(group.len())).collect();
        return Some(Band::Mix { section, big, rows });
    }
    let stories = group.drain(..ROWS).collect();
    Some(Band::Headlines { section: Some(section), stories })
}

/// Makes a band of two short lists. The stories that they leave go to `left`.
fn pair<'a>(
    mut first: Vec<&'a Teaser>,
    mut second: Vec<&'a Teaser>,
    left: &mut Vec<&'a Teaser>,
) -> Option<Band<'a>> {
    let length = first.len().min(second.len()).min(MAX_SHORT);
    let has_picture = [&first, &second].iter().all(|list| list.iter().any(|it| it.image.is_some()));
    let mut list = |stories: &mut Vec<&'a Teaser>| {
        if has_picture {
            stories.sort_by_key(|story| story.image.is_none());
        }
        left.extend(stories.drain(length..));
        let section = stories.first().map(|story| &story.section)?;
        Some(ShortList { section, stories: std::mem::take(stories), has_picture })
    };
    Some(Band::Pair([list(&mut first)?, list(&mut second)?]))
}

/// Makes bands of the stories that are left of several sections, in full rows. Returns the story
/// that is left alone.
fn headline_bands<'a>(
    mut left: Vec<&'a Teaser>,
    most: usize,
    bands: &mut Vec<Band<'a>>,
) -> Option<&'a Teaser> {
    if !matches!(bands.last(), Some(Band::Four { .. })) {
        let stories = take_pictured(&mut left, usize::MAX, 4);
        if !stories.is_empty() {
            bands.push(Band::Four { section: None, stories });
        }
    }
    let fitting = |count: &&usize| **count <= left.len().min(most);
    let Some(count) = FULL_ROWS.iter().find(fitting) else { return left.pop() };
    let stories: Vec<_> = left.drain(..*count).collect();
    bands.push(Band::Headlines { section: None, stories });
    left.first().copied().filter(|_| left.len() == 1)
}

/// Groups stories by section, the section with the newest story first.
fn group_by_section<'a>(stories: &[&'a Teaser]) -> Vec<Vec<&'a Teaser>> {
    let mut groups: Vec<Vec<&Teaser>> = Vec::new();
    for story in stories {
        let is_same = |group: &&mut Vec<&Teaser>| {
            group.first().is_some_and(|first| first.section.slug == story.section.slug)
        };
        match groups.iter_mut().find(is_same) {
            Some(group) => group.push(story),
            None => groups.push(vec![story]),
        }
    }
    groups
}

#[cfg(test)]
mod tests;
