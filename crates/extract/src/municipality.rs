//! Japan's prefectures and designated cities.
//!
//! Source: 全国地方公共団体コード (総務省, 令和6年1月1日): the first five digits; the sixth is a check digit
//! (JIS X 0401 / X 0402). Designated cities by 地方自治法第二百五十二条の十九第一項の指定都市の指定に関する政令.

use crate::sheet::{Municipality, MunicipalityKind};

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

/// All names with their kind.
pub(crate) fn names() -> impl Iterator<Item = (&'static str, MunicipalityKind)> {
    let prefectures = PREFECTURES.iter().map(|&(_, name)| (name, MunicipalityKind::Prefecture));
    prefectures.chain(DESIGNATED_CITIES.iter().map(|&(_, name)| (name, MunicipalityKind::DesignatedCity)))
}

/// The prefecture or designated city of this name.
pub(crate) fn by_name(name: &str) -> Option<Municipality> {
    let find = |table: &[(u32, &'static str)]| table.iter().find(|(_, n)| *n == name).copied();
    let (code, kind) = find(&PREFECTURES)
        .map(|(code, _)| (code, MunicipalityKind::Prefecture))
        .or_else(|| find(&DESIGNATED_CITIES).map(|(code, _)| (code, MunicipalityKind::DesignatedCity)))?;
    let (_, prefecture) = PREFECTURES.iter().find(|(c, _)| c / 1000 == code / 1000)?;
    Some(Municipality {
        name: name.to_owned(),
        kind,
        prefecture: (*prefecture).to_owned(),
        code: format!("{code:05}{}", check_digit(code)),
    })
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
        ] {
            let municipality = by_name(name).unwrap();
            assert_eq!((municipality.code.as_str(), municipality.prefecture.as_str()), (code, prefecture));
        }
        assert!(by_name("仙台").is_none());
    }
}
