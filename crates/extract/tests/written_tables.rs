//! Two tables of one section, as dumps write their cells: which cell stands where is told by all of them together.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use chohyo_extract::{Sheet, Status, extract_sheet};

/// A dump of the section with the two tables: each of these is a block.
fn section(blocks: &[&str]) -> Sheet {
    let heading = "５ 精神障害にも対応した地域包括ケアシステムの構築に向けた強みと課題";
    extract_sheet(format!("仙台市\n\n{heading}\n\n{}\n", blocks.join("\n\n"))).unwrap()
}

fn roles(sheet: &Sheet) -> Vec<[String; 4]> {
    let cell = |r: &chohyo_extract::Row, c: &str| r[c].text.replace('\n', "");
    sheet.tables["issues"]
        .iter()
        .map(|r| ["issue", "policy", "actor", "content"].map(|c| cell(r, c)))
        .collect()
}

fn strings<const N: usize>(rows: [[&str; 4]; N]) -> Vec<[String; 4]> {
    rows.map(|row| row.map(str::to_owned)).to_vec()
}

/// The cells of two issues and their actors.
const PEOPLE: [&str; 4] = ["行政\n\n養成研修の実施", "医療\n\n実習の受入れ", "福祉\n\n職員の派遣", ""];
const HOMES: [&str; 4] = ["行政\n\n住宅部局との協議", "医療\n\n生活能力の評価", "福祉\n\n入居後の見守り", ""];

fn expected(issues: [[&str; 2]; 2]) -> Vec<[String; 4]> {
    let [[people, training], [homes, meeting]] = issues;
    strings([
        [people, training, "行政", "養成研修の実施"],
        [people, training, "医療", "実習の受入れ"],
        [people, training, "福祉", "職員の派遣"],
        [homes, meeting, "行政", "住宅部局との協議"],
        [homes, meeting, "医療", "生活能力の評価"],
        [homes, meeting, "福祉", "入居後の見守り"],
    ])
}

#[test]
fn a_head_says_whose_cells_stand_behind_it() {
    // Both tables were written column by column, one into the other.
    let mut blocks = vec![
        "課題解決の達成度を測る指標\n地域移行支援の利用者数",
        "課題",
        "人材の不足",
        "住まいの場の不足",
        "指標の設定理由",
        "現状値",
        "目標値",
        "37",
        "40",
        "取組の広がりを数で確認するため",
        "課題解決に向けた取組方針",
        "養成研修を拡充する",
        "居住支援法人との連携会議を開く",
        "課題・方針に対する役割（取組）",
    ];
    blocks.extend(PEOPLE);
    blocks.extend(HOMES);
    let sheet = section(&blocks);
    let issues =
        [["人材の不足", "養成研修を拡充する"], ["住まいの場の不足", "居住支援法人との連携会議を開く"]];
    assert_eq!(roles(&sheet), expected(issues));
    let [row] = sheet.tables["indicators"].as_slice() else { panic!("{:?}", sheet.tables["indicators"]) };
    assert_eq!(row["indicator"].text, "地域移行支援の利用者数");
    assert_eq!(row["reason"].text, "取組の広がりを数で確認するため");
    let number = |c: &str| row[c].value.map(|v| v.to_string());
    assert_eq!((number("current"), number("target")), (Some("37".to_owned()), Some("40".to_owned())));
}

#[test]
fn cells_beside_a_group_of_rows_are_written_pair_by_pair() {
    let mut blocks = vec![
        "課題",
        "課題解決に向けた取組方針",
        "課題・方針に対する役割（取組）",
        "(1)人材の不足",
        "①養成研修を拡充する\n②経験者が同行する",
        "(2)住まいの場が足り\nない",
        "①連携会議を開く",
    ];
    blocks.extend(PEOPLE);
    blocks.extend(HOMES);
    let sheet = section(&blocks);
    let issues = [
        ["(1)人材の不足", "①養成研修を拡充する②経験者が同行する"],
        ["(2)住まいの場が足りない", "①連携会議を開く"],
    ];
    assert_eq!(roles(&sheet), expected(issues));
}

#[test]
fn what_an_actor_does_is_not_guessed() {
    // Six actors, five roles, and nothing that says which actor has none.
    let blocks = [
        "課題",
        "課題解決に向けた取組方針",
        "課題・方針に対する役割（取組）",
        "人材の不足",
        "養成研修を拡充する",
        "住まいの場の不足",
        "居住支援法人との連携会議を開く",
        "行政",
        "医療",
        "福祉",
        "行政",
        "医療",
        "福祉",
        "養成研修の実施",
        "実習の受入れ",
        "職員の派遣",
        "住宅部局との協議",
        "入居後の見守り",
    ];
    let sheet = section(&blocks);
    let doubtful = sheet.tables["issues"].iter().filter(|r| r["content"].status == Some(Status::Ambiguous));
    assert!(doubtful.count() > 0, "{:?}", roles(&sheet));
}

#[test]
fn numbers_beside_each_other_are_cells_though_white_space_stands_around_numbers() {
    let sheet = section(&[
        "課題解決の達成度を測る指標 現状値（令和 2 年度当初） 目標値（令和 2 年度末） 見込んでいる成果・効果\n\
         地域移行支援の利用者数 51 63 本人の意向に沿うため\n\
         ピアサポーターの派遣回数 25 33 参画の度合いを示すため\n\
         協議の場の開催回数 6 7 課題を共有するため",
    ]);
    let rows: Vec<(String, Option<String>, Option<String>)> = sheet.tables["indicators"]
        .iter()
        .map(|r| {
            let number = |c: &str| r[c].value.map(|v| v.to_string());
            (r["indicator"].text.clone(), number("current"), number("target"))
        })
        .collect();
    let row = |name: &str, a: &str, b: &str| (name.to_owned(), Some(a.to_owned()), Some(b.to_owned()));
    assert_eq!(
        rows,
        [
            row("地域移行支援の利用者数", "51", "63"),
            row("ピアサポーターの派遣回数", "25", "33"),
            row("協議の場の開催回数", "6", "7"),
        ]
    );
}
