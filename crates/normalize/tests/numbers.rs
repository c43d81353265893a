//! Cells that are one number, a mark for none, or template text.

use chohyo_normalize::{is_null_mark, is_placeholder, number};

#[test]
fn cells() {
    #[rustfmt::skip]
    let cases = [
        ("35", "35", 0, "", false),
        ("1,087,723", "1087723", 0, "", false),
        ("２，１５０ 人", "2150", 0, "人", false),
        ("90.4", "90.4", 1, "", false),
        ("２１．０％", "21.0", 1, "％", true),
        ("４ヶ所", "4", 0, "ヶ所", false),
        ("17 市町村", "17", 0, "市町村", false),
        ("延べ348回", "348", 0, "回", false),
        ("（1,233人）", "1233", 0, "人", false),
        ("1.5万人", "15000", 0, "人", false),
        ("△5", "-5", 0, "", false),
        ("－0.5％", "-0.5", 1, "％", true),
    ];
    for (text, value, decimals, unit, percent) in cases {
        let found = number(text).unwrap_or_else(|| panic!("{text} is no number"));
        assert_eq!((found.value.to_string().as_str(), found.decimals), (value, decimals), "{text}");
        assert_eq!(found.percent, percent, "{text}");
        let (printed, span) = found.unit.unwrap_or_default();
        assert_eq!(printed, unit, "{text}");
        assert_eq!(&text[span], unit, "{text}");
        assert!(text[found.span].chars().all(|c| !"人％市回所".contains(c)), "{text}");
    }
}

#[test]
fn what_is_no_number() {
    for text in ["", "人", "1 1", "R2年4月", "3か月", "第1回", "―", "1/2", "A4", "2020-04-01", "12人と3人"]
    {
        assert_eq!(number(text), None, "{text}");
    }
}

#[test]
fn null_marks() {
    for text in
        ["―", "－", "-", "‐", "—", "–", "ー", "…", "‥", "...", "該当なし", "なし", "（－）", "***", "空欄"]
    {
        assert!(is_null_mark(text), "{text}");
    }
    for text in ["", "0", "〇", "R2年", "－5", "ピアサポーター", "― 31"] {
        assert!(!is_null_mark(text), "{text}");
    }
}

#[test]
fn placeholders() {
    for text in [
        "R●年●月",
        "（R●年●月時点）",
        "□□□",
        "□□□□□□□□",
        "○○",
        "令和○年○月",
        "令和　　年　　月",
        "令和　年　月　日",
        "●●人",
    ] {
        assert!(is_placeholder(text), "{text}");
    }
    for text in ["", "○", "R2年4月", "〇", "二〇〇人", "□ 検討"] {
        assert!(!is_placeholder(text), "{text}");
    }
}
