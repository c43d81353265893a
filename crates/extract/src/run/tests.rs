//! Tables of dumps, from the text to the rows.

use crate::extract_sheet;
use crate::sheet::Status;

const OUTCOMES: &str = "４ 精神障害にも対応した地域包括ケアシステム構築に資する取組の成果・効果";
const STRENGTHS: &str = "５ 精神障害にも対応した地域包括ケアシステムの構築に向けた現時点における強みと課題";

/// The cells of a table's columns, `?` behind what is ambiguous.
fn rows<const N: usize>(heading: &str, body: &str, table: &str, columns: [&str; N]) -> Vec<[String; N]> {
    let sheet = extract_sheet(format!("仙台市\n{heading}\n{body}").as_bytes()).unwrap();
    let cell = |c: &crate::sheet::Cell| {
        let doubt = if c.status == Some(Status::Ambiguous) { "?" } else { "" };
        format!("{}{doubt}", c.text)
    };
    sheet.tables[table].iter().map(|row| columns.map(|c| cell(&row[c]))).collect()
}

#[test]
fn a_date_over_heads_is_no_part_of_the_name_before_it() {
    let body = concat!(
        "\n課題解決の達成度を測る指標\n\n1. ピアサポーターの登録者数\n\n",
        "2. 研修会の参加者数\n\n3. 病棟内交流会の実施回数\n\n令和３年度\n\n",
        "目標値\n\n実績値\n\n具体的な成果・効果\n\n160\n\n155\n\n42\n\n29\n\n70\n\n",
        "71\n\n養成講座の修了者が着実に増えた。\n\n",
        "参加者の職種が広がった。\n\n動画を用いた交流を試みた。\n"
    );
    let rows = rows(OUTCOMES, body, "outcomes", ["indicator"]);
    assert_eq!(
        rows,
        [["1. ピアサポーターの登録者数"], ["2. 研修会の参加者数"], ["3. 病棟内交流会の実施回数"]]
    );
}

#[test]
fn numbers_above_their_heads_are_not_told_apart() {
    let body = concat!(
        "指標\n①ピアサポーターの登録者数\n②研修会の参加者数\n",
        "③病棟内交流会の実施回数\n160\n42\n70\n目標値\n155\n29\n71\n実績値\n",
        "具体的な成果・効果\n養成講座の修了者が着実に増えた。\n",
        "参加者の職種が広がった。\n動画を用いた交流を試みた。\n"
    );
    let rows = rows(OUTCOMES, body, "outcomes", ["target", "actual"]);
    assert_eq!(rows, [["155?", "160?"], ["29?", "42?"], ["71?", "70?"]]);
}

#[test]
fn a_number_that_breaks_doubts_its_row_alone() {
    let body = concat!(
        "\n課題解決の達成度を測る指標\n\n目標値\n\n実績値\n\n",
        "具体的な成果・効果\n\n1. ピアサポーターの登録者数\n\n160 人\n\n",
        "155 人\n\n養成講座の修了者が着実に増えた。\n\n2. 長期入院者数\n\n",
        "1，036\n\n1 ， 07\n4\n\n前年度に比べて減少している。\n\n",
        "3. 研修会の参加者数\n\n89\n\n88\n\n参加者の職種が広がった。\n"
    );
    let rows = rows(OUTCOMES, body, "outcomes", ["target", "actual"]);
    assert_eq!(rows, [["160 人", "155 人"], ["1，036?", "1 ， 07 4?"], ["89", "88"]]);
}

#[test]
fn letters_count_names_behind_their_numbers() {
    let body = concat!(
        "\n指標\n\n目標値（当初）\n\n実績値（年度末）\n\n成果・効果\n\n22\n\n",
        "17 夜間の開催を試みた。\n\nア　家族教室の参加者数\n\n15\n\n",
        "16 互いの役割への理解が深まった。\n\nイ　事例検討会の開催回数\n",
        "\n94\n\n120 利用につながる件数が増えた。\n\n",
        "ウ　地域移行支援の利用者数\n"
    );
    let rows = rows(OUTCOMES, body, "outcomes", ["indicator"]);
    assert_eq!(
        rows,
        [
            ["ア\u{3000}家族教室の参加者数"],
            ["イ\u{3000}事例検討会の開催回数"],
            ["ウ\u{3000}地域移行支援の利用者数"]
        ]
    );
}

#[test]
fn columns_stand_in_the_order_of_their_heads() {
    let body = concat!(
        "\n課題解決の達成度を測る指標\n\n現状値\n\n目標値\n\n",
        "指標の設定理由\n\n研修の受講者数\n\n12\n\n16\n\n",
        "人材育成の進み具合を測るため\n\n居住支援に関する会議の開催数\n",
        "\n-\n\n49\n\n住まいの確保に向けた連携を確かめるため\n\n",
        "地域移行支援の新規申請数\n\n53\n\n66\n\n",
        "退院に向けた動きが最初に表れるため\n"
    );
    let rows = rows(STRENGTHS, body, "indicators", ["indicator", "current", "target"]);
    assert_eq!(
        rows,
        [
            ["研修の受講者数", "12", "16"],
            ["居住支援に関する会議の開催数", "-", "49"],
            ["地域移行支援の新規申請数", "53", "66"]
        ]
    );
}

#[test]
fn lines_that_count_the_pages_are_in_no_cell() {
    let body = concat!(
        "課題解決の達成度を測る指標\n目標値\n実績値\n",
        "具体的な成果・効果\n1. ピアサポーターの登録者数\n160\n155\n",
        "養成講座の修了者が着実に増えた。\n1/3\n2. 研修会の参加者数\n42\n",
        "29\n参加者の職種が広がった。\n2/3\n3. 病棟内交流会の実施回数\n70\n",
        "71\n動画を用いた交流を試みた。\n3/3\n"
    );
    let rows = rows(OUTCOMES, body, "outcomes", ["indicator", "target", "actual"]);
    assert_eq!(
        rows,
        [
            ["1. ピアサポーターの登録者数", "160", "155"],
            ["2. 研修会の参加者数", "42", "29"],
            ["3. 病棟内交流会の実施回数", "70", "71"]
        ]
    );
}

#[test]
fn two_names_on_a_line_are_two() {
    let body = concat!(
        "指標\n1. 退院支援委員会への出席回数\n",
        "2. 病棟内交流会の実施回数 3. ピアサポーターの登録者数\n",
        "4. 研修会の参加者数\n目標値\n19\n77\n54\n36\n実績値\n19\n81\n55\n35\n",
        "具体的な成果・効果\n在院日数の短縮がみられる。\n",
        "目標には届かなかった。\n養成講座の修了者が着実に増えた。\n",
        "参加者の職種も広がった。\n"
    );
    let rows = rows(OUTCOMES, body, "outcomes", ["indicator", "target", "actual"]);
    assert_eq!(
        rows,
        [
            ["1. 退院支援委員会への出席回数", "19", "19"],
            ["2. 病棟内交流会の実施回数", "77", "81"],
            ["3. ピアサポーターの登録者数", "54", "55"],
            ["4. 研修会の参加者数", "36", "35"]
        ]
    );
}

#[test]
fn numbers_under_heads_in_another_order_are_not_told_apart() {
    let heads = "課題解決の達成度を測る指標\n実績値\n目標値\n具体的な成果・効果\n";
    let body = concat!(
        "1. ピアサポーターの登録者数\n160人 155人\n養成講座の修了者が着実に増えた。\n",
        "2. 研修会の参加者数\n42人 29人\n参加者の職種が広がった。\n",
        "3. 病棟内交流会の実施回数\n70回 71回\n動画を用いた交流を試みた。\n"
    );
    let told = |heads: &str| {
        let body = format!("{heads}{body}");
        rows(OUTCOMES, &body, "outcomes", ["target", "actual"])
    };
    assert!(
        told(heads).iter().flatten().all(|cell| cell.is_empty() || cell.ends_with('?')),
        "{:?}",
        told(heads)
    );
    let in_order = heads.replace("実績値\n目標値", "目標値\n実績値");
    assert_eq!(told(&in_order)[0], ["160人", "155人"]);
}

#[test]
fn a_word_over_the_heads_of_numbers_is_no_name() {
    let body = concat!(
        "指標\n値\n指標の設定理由\n現状値\n目標値\n研修の受講者数\n12\n16\n人材育成の進み具合を測るため\n",
        "会議の開催数\n20\n49\n連携を確かめるため\n新規申請数\n53\n66\n退院に向けた動きが表れるため\n"
    );
    let rows = rows(STRENGTHS, body, "indicators", ["indicator", "current", "target", "reason"]);
    assert_eq!(rows[0], ["研修の受講者数", "12", "16", "人材育成の進み具合を測るため"]);
    assert_eq!(rows.len(), 3);
}
