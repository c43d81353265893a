//! The cases of `tests/data`: how many of the expected expressions are found, and how much is found that is none.
//!
//! The score counts as `score.py` of the case collection does: a find is a hit if it covers the expected span (but for
//! words such as 約 and 以上 at its ends), with the same kind and the same date or value. `docs/expectations.md` lists the
//! expectations that are not met on purpose.

use std::collections::BTreeMap;

use chohyo_normalize::{Context, Found, Kind, fold, scan};
use serde_json::Value;

const EXPRESSIONS: &str = include_str!("data/expressions.jsonl");
const CHARACTERS: &str = include_str!("data/characters.jsonl");

fn lines(text: &str) -> impl Iterator<Item = Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("a case is JSON"))
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

/// The halves of the collection: the code was tuned on the first.
fn half(id: &str) -> usize {
    let mut hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    ((hash ^ hash >> 33) & 1) as usize
}

/// A find or an expectation; the span in characters.
struct Item {
    start: usize,
    end: usize,
    kind: String,
    iso: Option<String>,
    value: Option<String>,
    optional: bool,
}

fn expected(value: &Value) -> Item {
    let flags = value["flags"].as_array().cloned().unwrap_or_default();
    let kind = text(value, "kind").to_owned();
    Item {
        start: value["start"].as_u64().unwrap_or_default() as usize,
        end: value["end"].as_u64().unwrap_or_default() as usize,
        iso: value["iso"].as_str().map(str::to_owned),
        value: value["value"].as_str().map(str::to_owned),
        optional: flags.iter().any(|flag| flag == "optional") || kind == "enumerator" || kind == "identifier",
        kind,
    }
}

fn found(text: &str, found: &Found) -> Item {
    Item {
        start: text[..found.span.start].chars().count(),
        end: text[..found.span.end].chars().count(),
        kind: found.kind.name().to_owned(),
        iso: found.iso(),
        value: found.value_text(),
        optional: false,
    }
}

/// The span without the words that may belong to it or not.
fn core(text: &[char], item: &Item) -> (usize, usize) {
    const BEFORE: [&str; 4] = ["約", "延べ", "概ね", "およそ"];
    const BEHIND: [&str; 19] = [
        "まで",
        "から",
        "以降",
        "以前",
        "以上",
        "未満",
        "以内",
        "程度",
        "現在",
        "時点",
        "付け",
        "間",
        "頃",
        "ごろ",
        "超",
        "に",
        "の",
        "当たり",
        "末現在",
    ];
    let (mut start, mut end) = (item.start, item.end);
    let string = |start: usize, end: usize| text[start..end].iter().collect::<String>();
    if let Some(word) = BEFORE.iter().find(|word| string(start, end).starts_with(**word)) {
        start += word.chars().count();
    }
    while let Some(word) = BEHIND.iter().find(|word| string(start, end).ends_with(**word)) {
        end -= word.chars().count();
    }
    (start, end)
}

fn overlap(a: (usize, usize), b: (usize, usize)) -> f64 {
    let shared = a.1.min(b.1).saturating_sub(a.0.max(b.0));
    shared as f64 / (a.1 - a.0).max(b.1 - b.0).max(1) as f64
}

#[derive(Default, Debug, Clone)]
struct Score {
    expected: usize,
    hits: usize,
    false_finds: usize,
}

type Scores = [BTreeMap<String, Score>; 2];

/// Scores the collection; `say` hears of every miss and false find.
fn score(mut say: impl FnMut(&str, &str)) -> Scores {
    let mut scores = Scores::default();
    for case in lines(EXPRESSIONS) {
        let (id, source) = (text(&case, "id"), text(&case, "text"));
        let scores = &mut scores[half(id)];
        let characters: Vec<char> = source.chars().collect();
        let finds: Vec<Item> =
            scan(source, &Context::default()).iter().map(|find| found(source, find)).collect();
        let wanted: Vec<Item> =
            case["expect"].as_array().expect("expectations").iter().map(expected).collect();
        let mut used = vec![false; finds.len()];
        for want in &wanted {
            let span = core(&characters, want);
            let best = (0..finds.len())
                .filter(|&index| !used[index])
                .map(|index| (index, core(&characters, &finds[index])))
                .filter(|&(_, other)| other == span || overlap(span, other) >= 0.5)
                .max_by(|a, b| {
                    let rank = |(index, other): (usize, (usize, usize))| {
                        (finds[index].kind == want.kind, other == span, overlap(span, other))
                    };
                    rank(*a).partial_cmp(&rank(*b)).expect("no NaN")
                });
            let hit = best.is_some_and(|(index, _)| {
                used[index] = true;
                let find = &finds[index];
                let same = match &want.iso {
                    Some(iso) => find.iso.as_ref() == Some(iso),
                    None => want.value.is_none() || find.value == want.value,
                };
                find.kind == want.kind && same
            });
            if !want.optional {
                let score = scores.entry(want.kind.clone()).or_default();
                score.expected += 1;
                score.hits += usize::from(hit);
                if !hit {
                    say(id, &format!("missed {} in {source}", want.kind));
                }
            }
        }
        let forbidden = case["forbid"].as_array().cloned().unwrap_or_default();
        let partial = case["partial"].as_bool() == Some(true);
        for (find, _) in finds.iter().zip(&used).filter(|(_, used)| !**used) {
            let free = wanted
                .iter()
                .any(|want| want.optional && overlap((want.start, want.end), (find.start, find.end)) > 0.0);
            if free || partial && !forbidden.iter().any(|kind| *kind == *find.kind) {
                continue;
            }
            scores.entry(find.kind.clone()).or_default().false_finds += 1;
            say(id, &format!("false {} in {source}", find.kind));
        }
    }
    scores
}

fn total(scores: &BTreeMap<String, Score>, wanted: impl Fn(&str) -> bool) -> Score {
    scores.iter().filter(|(kind, _)| wanted(kind)).fold(Score::default(), |sum, (_, score)| Score {
        expected: sum.expected + score.expected,
        hits: sum.hits + score.hits,
        false_finds: sum.false_finds + score.false_finds,
    })
}

/// `CASES=1 cargo test --test cases -- --nocapture` lists the misses of the half that the code was tuned on.
#[test]
fn expressions_are_found() {
    let verbose = std::env::var_os("CASES").is_some();
    let scores = score(|id, what| {
        if verbose && half(id) == 0 {
            println!("{id}: {what}");
        }
    });
    let counted = |kind: &str| matches!(kind, "number" | "duration");
    for (index, scores) in scores.iter().enumerate() {
        let dates = total(scores, |kind| !counted(kind) && kind != "ordinal");
        let numbers = total(scores, counted);
        let all = total(scores, |_| true);
        println!("half {index}: dates {dates:?}, numbers {numbers:?}, all {all:?}");
        let recall = |score: &Score| score.hits as f64 / score.expected as f64;
        assert!(recall(&dates) >= 0.97, "{dates:?}");
        assert!(recall(&numbers) >= 0.95, "{numbers:?}");
        assert!((all.false_finds as f64) < 0.03 * all.expected as f64, "{all:?}");
    }
}

#[test]
fn characters_are_folded() {
    let mut cases = 0;
    for case in lines(CHARACTERS) {
        let folded = fold(text(&case, "text"));
        assert_eq!(folded.text(), text(&case, "expected"), "{}", text(&case, "id"));
        cases += 1;
    }
    assert_eq!(cases, 67);
}

/// Every date of a sheet, in order, as read from it by eye: what is printed, and in ISO 8601.
fn dates(sheet: &str) -> Vec<(&str, String)> {
    let dated = |kind: Kind| {
        !matches!(
            kind,
            Kind::Number
                | Kind::Percent
                | Kind::Duration
                | Kind::Ordinal
                | Kind::Enumerator
                | Kind::Identifier
                | Kind::NullMark
                | Kind::Placeholder
        )
    };
    scan(sheet, &Context::default().with_fiscal_year(2020))
        .into_iter()
        .filter(|found| dated(found.kind))
        .map(|found| {
            let iso = found.iso().or_else(|| found.value_text()).unwrap_or_default();
            (&sheet[found.span], iso)
        })
        .collect()
}

#[test]
fn dates_of_the_sendai_sheet() {
    let year = |year: i32| format!("{year}-04-01/{}-03-31", year + 1);
    #[rustfmt::skip]
    let expected = [
        ("平成18年度", year(2006)), ("平成25年度", year(2013)), ("平成28年度", year(2016)), ("平成30年度", year(2018)),
        ("１～２テーマ", "1..2".into()), ("令和6年度", year(2024)),
        ("R2年4月", "2020-04".into()), ("R2年4月", "2020-04".into()), ("R元年6月", "2019-06".into()),
        ("R2年4月", "2020-04".into()), ("R2年4月", "2020-04".into()), ("R2年4月", "2020-04".into()),
        ("R2年4月", "2020-04".into()), ("R2年4月", "2020-04".into()), ("R2年3月", "2020-03".into()),
        ("平成１６年", "2004".into()),
        ("平成18年度", year(2006)), ("平成19年度", year(2007)), ("平成20年度", year(2008)), ("平成24年度", year(2012)),
        ("平成25年度", year(2013)), ("平成26年度", year(2014)), ("平成27年度", year(2015)), ("平成28年度", year(2016)),
        ("平成29年度", year(2017)), ("平成30年度", year(2018)), ("令和元年度", year(2019)), ("令和1年度", year(2019)),
        ("R1年度当初", "2019-04-01".into()), ("R1年度末", "2020-03-31".into()), ("今年度", year(2020)),
        ("平成18年度", year(2006)), ("R2", "2020".into()), ("今年度", year(2020)), ("R2年9月～", "2020-09/..".into()),
        ("通年", year(2020)),
    ];
    assert_eq!(dates(include_str!("data/sendai.txt")), expected);
}

#[test]
fn dates_of_the_sapporo_sheet() {
    let year = |year: i32| format!("{year}-04-01/{}-03-31", year + 1);
    #[rustfmt::skip]
    let expected = [
        ("令和3年3月", "2021-03".into()), ("Ｈ20～", "2008/..".into()), ("Ｈ25～26", "2013/2014".into()),
        ("Ｈ27～", "2015/..".into()), ("Ｈ27～H30", "2015/2018".into()), ("H31～", "2019/..".into()),
        ("Ｈ20～24年度", "2008-04-01/2013-03-31".into()), ("Ｈ25～26年度", "2013-04-01/2015-03-31".into()),
        ("Ｈ27年度～", "2015-04-01/..".into()), ("Ｈ27年度", year(2015)), ("H30年2月", "2018-02".into()),
        ("Ｈ30年３月", "2018-03".into()), ("平成30年３月27日", "2018-03-27".into()), ("H31年2月1日", "2019-02-01".into()),
        ("H29年1月", "2017-01".into()), ("令和元年度", year(2019)), ("R1年度当初", "2019-04-01".into()),
        ("R2年度末", "2021-03-31".into()), ("R2年6月末", "2020-06-30".into()), ("R1年6月末", "2019-06-30".into()),
        ("R1年度", year(2019)), ("R1年度", year(2019)), ("4～\n5％", "4..5".into()), ("今年度当初", "2020-04-01".into()),
        ("令和元年度\n\n末", "2020-03-31".into()), ("今年度", year(2020)),
        ("R3年8～9月", "2021-08/2021-09".into()), ("R4年2～3月", "2022-02/2022-03".into()),
    ];
    assert_eq!(dates(include_str!("data/sapporo.txt")), expected);
}
