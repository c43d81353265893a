//! Japan's prefectures, cities, special wards, towns and villages.
//!
//! Source: 全国地方公共団体コード (総務省, 令和6年1月1日): the first five digits; the sixth is a check digit
//! (JIS X 0401 / X 0402). Designated cities by 地方自治法第二百五十二条の十九第一項の指定都市の指定に関する政令.

mod list;

use std::sync::LazyLock;

use crate::sheet::{Municipality, MunicipalityKind};
use list::MUNICIPALITIES;

/// Code (five digits) and name of each prefecture; the first two digits of a city's code are its prefecture's.
const PREFECTURES: [(u32, &str); 47] = [
    (1000, "北海道"),
    (2000, "青森県"),
    (3000, "岩手県"),
    (4000, "宮城県"),
    (5000, "秋田県"),
    (6000, "山形県"),
    (7000, "福島県"),
    (8000, "茨城県"),
    (9000, "栃木県"),
    (10000, "群馬県"),
    (11000, "埼玉県"),
    (12000, "千葉県"),
    (13000, "東京都"),
    (14000, "神奈川県"),
    (15000, "新潟県"),
    (16000, "富山県"),
    (17000, "石川県"),
    (18000, "福井県"),
    (19000, "山梨県"),
    (20000, "長野県"),
    (21000, "岐阜県"),
    (22000, "静岡県"),
    (23000, "愛知県"),
    (24000, "三重県"),
    (25000, "滋賀県"),
    (26000, "京都府"),
    (27000, "大阪府"),
    (28000, "兵庫県"),
    (29000, "奈良県"),
    (30000, "和歌山県"),
    (31000, "鳥取県"),
    (32000, "島根県"),
    (33000, "岡山県"),
    (34000, "広島県"),
    (35000, "山口県"),
    (36000, "徳島県"),
    (37000, "香川県"),
    (38000, "愛媛県"),
    (39000, "高知県"),
    (40000, "福岡県"),
    (41000, "佐賀県"),
    (42000, "長崎県"),
    (43000, "熊本県"),
    (44000, "大分県"),
    (45000, "宮崎県"),
    (46000, "鹿児島県"),
    (47000, "沖縄県"),
];

const DESIGNATED_CITIES: [(u32, &str); 20] = [
    (1100, "札幌市"),
    (4100, "仙台市"),
    (11100, "さいたま市"),
    (12100, "千葉市"),
    (14100, "横浜市"),
    (14130, "川崎市"),
    (14150, "相模原市"),
    (15100, "新潟市"),
    (22100, "静岡市"),
    (22130, "浜松市"),
    (23100, "名古屋市"),
    (26100, "京都市"),
    (27100, "大阪市"),
    (27140, "堺市"),
    (28100, "神戸市"),
    (33100, "岡山市"),
    (34100, "広島市"),
    (40100, "北九州市"),
    (40130, "福岡市"),
    (43100, "熊本市"),
];

/// A local government of the national list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Code without its check digit.
    code: u32,
    pub name: &'static str,
    pub kind: MunicipalityKind,
}

impl Entry {
    /// The name of the prefecture it is or lies in.
    pub(crate) fn prefecture(self) -> &'static str {
        PREFECTURES.iter().find(|(code, _)| code / 1000 == self.code / 1000).map_or("", |(_, name)| name)
    }

    pub(crate) fn municipality(self) -> Municipality {
        Municipality {
            name: self.name.to_owned(),
            kind: self.kind,
            prefecture: self.prefecture().to_owned(),
            code: format!("{:05}{}", self.code, check_digit(self.code)),
        }
    }
}

/// All of the list, in its order.
static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let entry = |kind| move |&(code, name): &(u32, &'static str)| Entry { code, name, kind };
    let others = MUNICIPALITIES.iter().map(|&(code, name)| {
        let kind = match name.chars().next_back() {
            Some('区') => MunicipalityKind::SpecialWard,
            Some('町') => MunicipalityKind::Town,
            Some('村') => MunicipalityKind::Village,
            _ => MunicipalityKind::City,
        };
        Entry { code, name, kind }
    });
    PREFECTURES
        .iter()
        .map(entry(MunicipalityKind::Prefecture))
        .chain(DESIGNATED_CITIES.iter().map(entry(MunicipalityKind::DesignatedCity)))
        .chain(others)
        .collect()
});

/// All names of these kinds; of all kinds where none is given.
pub(crate) fn names(kinds: &[MunicipalityKind]) -> impl Iterator<Item = &'static str> {
    ENTRIES.iter().filter(move |e| kinds.is_empty() || kinds.contains(&e.kind)).map(|e| e.name)
}

/// What names are compared by: one ケ, for 龍ケ崎市 is printed with ヶ, too, and 六ヶ所村 has か in the spelling of
/// labels.
fn key(name: &str) -> impl Iterator<Item = char> + '_ {
    name.chars().map(|c| if matches!(c, 'ヶ' | 'か') { 'ケ' } else { c })
}

/// All that have this name, in the spelling of labels: 府中市 is two cities.
pub(crate) fn of_name(canonical_name: &str) -> &'static [Entry] {
    static BY_NAME: LazyLock<(Vec<String>, Vec<Entry>)> = LazyLock::new(|| {
        let mut by_name: Vec<(String, Entry)> = ENTRIES.iter().map(|e| (key(e.name).collect(), *e)).collect();
        by_name.sort_by(|a, b| a.0.cmp(&b.0));
        by_name.into_iter().unzip()
    });
    let (names, entries) = &*BY_NAME;
    let name: String = key(canonical_name).collect();
    let first = names.partition_point(|n| *n < name);
    let count = names[first..].iter().take_while(|n| **n == name).count();
    &entries[first..first + count]
}

/// The one that this text, in the spelling of labels, names: alone, behind its prefecture (東京都府中市), or behind
/// its county (余市郡余市町). `in_prefecture` says which prefectures the sheet speaks of; it parts those of one name.
pub(crate) fn told(text: &str, in_prefecture: impl Fn(&str) -> bool) -> Option<Municipality> {
    let one = |found: Vec<Entry>| match found.as_slice() {
        [entry] => Some(entry.municipality()),
        _ => None,
    };
    let all = of_name(text);
    if !all.is_empty() {
        let near = || one(all.iter().copied().filter(|e| in_prefecture(e.prefecture())).collect());
        return one(all.to_vec()).or_else(near);
    }
    let (prefecture, rest) = match PREFECTURES.iter().find(|(_, name)| text.starts_with(name)) {
        Some((_, name)) => (Some(*name), &text[name.len()..]),
        None => (None, text),
    };
    let fits = |e: &Entry| prefecture.is_none_or(|p| e.prefecture() == p);
    let named = |name: &str| -> Vec<Entry> { of_name(name).iter().copied().filter(fits).collect() };
    if prefecture.is_some()
        && let Some(found) = one(named(rest))
    {
        return Some(found);
    }
    let (_, town) = rest.split_once('郡')?;
    one(named(town)
        .into_iter()
        .filter(|e| matches!(e.kind, MunicipalityKind::Town | MunicipalityKind::Village))
        .collect())
}

/// 11 less the sum of the digits times 6, 5, 4, 3, 2, modulo 11; its last digit.
fn check_digit(code: u32) -> u32 {
    let sum: u32 = (0..5).map(|i| code / 10_u32.pow(4 - i) % 10 * (6 - i)).sum();
    (11 - sum % 11) % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_in_the_spelling_of_labels() {
        for entry in ENTRIES.iter().copied() {
            let canonical: String = crate::spelling::canonical(entry.name).into_iter().collect();
            assert!(of_name(&canonical).contains(&entry), "{canonical}");
            assert!(of_name(&canonical).iter().all(|e| e.name == entry.name), "{canonical}");
            assert!(of_name(&canonical.replace('ケ', "ヶ")).contains(&entry), "{canonical}");
        }
    }

    #[test]
    fn codes_are_those_of_the_national_list() {
        for (name, code, prefecture) in [
            ("仙台市", "041009", "宮城県"),
            ("札幌市", "011002", "北海道"),
            ("北海道", "010006", "北海道"),
            ("東京都", "130001", "東京都"),
            ("沖縄県", "470007", "沖縄県"),
            ("名古屋市", "231002", "愛知県"),
            ("長野県", "200000", "長野県"),
            ("堺市", "271403", "大阪府"),
            ("函館市", "012025", "北海道"),
            ("千代田区", "131016", "東京都"),
            ("龍ヶ崎市", "082082", "茨城県"),
            ("広島県府中市", "342084", "広島県"),
            ("余市郡余市町", "014087", "北海道"),
            ("与那国町", "473821", "沖縄県"),
        ] {
            let municipality = told(name, |_| false).unwrap();
            assert_eq!((municipality.code.as_str(), municipality.prefecture.as_str()), (code, prefecture));
        }
        assert!(told("仙台", |_| true).is_none());
    }

    #[test]
    fn names_that_exist_twice_need_their_prefecture() {
        assert_eq!(of_name("府中市").len(), 2);
        assert!(told("府中市", |_| false).is_none());
        assert!(told("府中市", |_| true).is_none());
        assert_eq!(told("府中市", |p| p == "東京都").unwrap().code, "132063");
    }

    #[test]
    fn the_list_is_whole() {
        // 47 prefectures; 792 cities with the designated ones, 743 towns, 183 villages, 23 special wards.
        let count = |kind| ENTRIES.iter().copied().filter(|e| e.kind == kind).count();
        assert_eq!(count(MunicipalityKind::Prefecture), 47);
        assert_eq!(count(MunicipalityKind::DesignatedCity) + count(MunicipalityKind::City), 792);
        assert_eq!(count(MunicipalityKind::Town), 743);
        assert_eq!(count(MunicipalityKind::Village), 183);
        assert_eq!(count(MunicipalityKind::SpecialWard), 23);
        let mut codes: Vec<u32> = ENTRIES.iter().copied().map(|e| e.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), 47 + 1741);
        assert!(ENTRIES.iter().copied().all(|e| !e.prefecture().is_empty()));
        // JIS X 0402: cities and special wards have 100 to 299 in their prefecture, towns and villages 300 to 799.
        for entry in ENTRIES.iter().copied() {
            let number = entry.code % 1000;
            let right = match entry.kind {
                MunicipalityKind::Prefecture => number == 0,
                MunicipalityKind::Town | MunicipalityKind::Village => (300..800).contains(&number),
                _ => (100..300).contains(&number),
            };
            assert!(right, "{} {}", entry.code, entry.name);
        }
        assert!(MUNICIPALITIES.is_sorted_by_key(|(code, _)| code));
    }

    #[test]
    fn check_digits() {
        // Codes as the list prints them, with each check digit there is.
        let printed = [
            "012025", "131016", "342084", "473821", "011002", "041009", "271403", "200000", "082082",
            "132063",
        ];
        for code in printed {
            let number: u32 = code[..5].parse().unwrap();
            assert_eq!(check_digit(number).to_string(), code[5..], "{code}");
        }
    }
}
