//! Languages and scripts that are written from right to left, by the likely subtags of CLDR 48.

/// Checks whether text is written from right to left. All parts are in their usual case.
pub(super) fn is_right_to_left(language: &str, script: Option<&str>, region: Option<&str>) -> bool {
    if let Some(script) = script {
        return SCRIPTS.contains(&script);
    }
    let in_region = region.map(|region| (language, region));
    if LANGUAGES.binary_search(&language).is_ok() {
        !in_region.is_some_and(|pair| LEFT_TO_RIGHT_IN.contains(&pair))
    } else {
        in_region.is_some_and(|pair| RIGHT_TO_LEFT_IN.contains(&pair))
    }
}

const SCRIPTS: &[&str] = &[
    "Adlm", "Arab", "Aran", "Armi", "Avst", "Chrs", "Cprt", "Elym", "Gara", "Hatr", "Hebr", "Hung",
    "Khar", "Lydi", "Mand", "Mani", "Mend", "Merc", "Mero", "Narb", "Nbat", "Nkoo", "Orkh", "Palm",
    "Phli", "Phlp", "Phnx", "Prti", "Rohg", "Samr", "Sarb", "Sogd", "Sogo", "Syrc", "Syre", "Syrj",
    "Syrn", "Thaa", "Todr", "Yezi",
];

/// Languages that usually have one of these scripts, sorted.
const LANGUAGES: &[&str] = &[
    "aao", "abh", "abv", "acm", "acq", "acw", "acx", "adf", "ae", "aeb", "aec", "aee", "aeq",
    "afb", "aib", "aii", "aij", "aiq", "ajp", "ajt", "aju", "amw", "apc", "apd", "ar", "ara",
    "arb", "arc", "arq", "ars", "ary", "arz", "ask", "atn", "auj", "auz", "avd", "ave", "avl",
    "ayh", "ayl", "ayn", "ayp", "azb", "bal", "bcc", "bdz", "bej", "bft", "bgn", "bgp", "bhe",
    "bhm", "bhn", "bjf", "bjm", "bqi", "brh", "brk", "bsh", "bsk", "chg", "cja", "ckb", "cld",
    "clh", "czk", "dcc", "def", "deh", "dgl", "div", "dmk", "dml", "drw", "dv", "ecy", "esh", "fa",
    "fas", "fay", "faz", "fia", "fub", "gbz", "ggg", "gha", "ghr", "gig", "gjk", "gju", "glh",
    "glk", "grr", "gwc", "gwf", "gwt", "gzi", "hac", "haz", "hbo", "he", "heb", "hkh", "hnd",
    "hno", "hoh", "hrt", "hrz", "hss", "huy", "isk", "itk", "iw", "jad", "jat", "jbe", "jbn",
    "jdg", "ji", "jnd", "jog", "jpa", "jpr", "jrb", "jye", "kas", "kbu", "kby", "kcy", "kfm",
    "khw", "klj", "kmz", "kqd", "ks", "ktl", "kvx", "kxp", "kzh", "lad", "lah", "lhs", "lki",
    "lrc", "lrk", "lrl", "lsa", "lsd", "lss", "luv", "luz", "mby", "mde", "mey", "mfa", "mfi",
    "mhj", "mid", "mki", "mnj", "mve", "mvy", "myz", "mzb", "mzn", "nli", "nlm", "nqo", "ntz",
    "nyq", "oar", "obm", "odk", "oru", "ota", "otk", "pal", "pbt", "pbu", "per", "pes", "pgd",
    "phl", "phn", "phr", "phv", "plk", "pmu", "pnb", "prc", "prd", "prs", "prx", "ps", "psh",
    "psi", "pst", "pus", "qxq", "rdb", "rhg", "rmt", "sam", "sbn", "scl", "sd", "sdb", "sdf",
    "sdg", "sdh", "sds", "sgl", "sgr", "sgy", "shd", "shm", "shu", "shv", "siy", "siz", "skr",
    "smp", "smy", "snd", "sog", "sqo", "sqt", "srh", "srz", "ssh", "sts", "swb", "syc", "syn",
    "syr", "tjo", "tks", "tmr", "tnf", "tov", "tra", "trg", "trm", "trw", "ug", "uig", "ur", "urd",
    "ush", "uzs", "vaf", "vgr", "vmh", "wbk", "wlo", "wne", "wni", "wsv", "xco", "xhe", "xka",
    "xkc", "xkj", "xkp", "xld", "xly", "xmn", "xmr", "xna", "xpr", "xsa", "xvi", "ydd", "ydg",
    "yhd", "yi", "yid", "yih", "yud", "zba", "zdj", "zrp", "zum",
];

/// Regions in which other languages have one of these scripts.
const RIGHT_TO_LEFT_IN: &[(&str, &str)] = &[
    ("az", "IQ"),
    ("az", "IR"),
    ("aze", "IQ"),
    ("aze", "IR"),
    ("azj", "IQ"),
    ("azj", "IR"),
    ("ha", "CM"),
    ("ha", "SD"),
    ("hau", "CM"),
    ("hau", "SD"),
    ("kaz", "AF"),
    ("kaz", "CN"),
    ("kaz", "IR"),
    ("kaz", "MN"),
    ("kir", "CN"),
    ("kk", "AF"),
    ("kk", "CN"),
    ("kk", "IR"),
    ("kk", "MN"),
    ("kmr", "IQ"),
    ("kmr", "IR"),
    ("kmr", "LB"),
    ("ku", "IQ"),
    ("ku", "IR"),
    ("ku", "LB"),
    ("kur", "IQ"),
    ("kur", "IR"),
    ("kur", "LB"),
    ("ky", "CN"),
    ("may", "CC"),
    ("ms", "CC"),
    ("msa", "CC"),
    ("pa", "PK"),
    ("pan", "PK"),
    ("tg", "PK"),
    ("tgk", "PK"),
    ("uz", "AF"),
    ("uzb", "AF"),
    ("uzn", "AF"),
    ("zsm", "CC"),
];

/// Regions in which these languages have another script.
const LEFT_TO_RIGHT_IN: &[(&str, &str)] = &[
    ("mey", "SN"),
    ("sd", "IN"),
    ("snd", "IN"),
    ("ug", "KZ"),
    ("ug", "MN"),
    ("uig", "KZ"),
    ("uig", "MN"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_sorted() {
        assert!(LANGUAGES.is_sorted());
    }
}
