//! Tables of dumps, from the text to the rows.

use crate::extract_sheet;
use crate::page_maker::doubted;

const OUTCOMES: &str = "４ 精神障害にも対応した地域包括ケアシステム構築に資する取組の成果・効果";
const STRENGTHS: &str = "５ 精神障害にも対応した地域包括ケアシステムの構築に向けた現時点における強みと課題";

/// The cells of a table's columns, `?` behind what is ambiguous.
fn rows<const N: usize>(heading: &str, body: &str, table: &str, columns: [&str; N]) -> Vec<[String; N]> {
    let sheet = extract_sheet(format!("仙台市\n{heading}\n{body}").as_bytes()).unwrap();
    doubted(&sheet, table, columns)
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

const SCHEDULE: &str = "６ 精神障害にも対応した地域包括ケアシステムの構築に向けた今年度の取組スケジュール";

#[test]
fn numbers_under_all_heads_stand_in_their_order() {
    let body = concat!(
        "課題解決の達成度を測る指標\n研修の受講者数\n\n指標の設定理由\n人材育成の進み具合を測るため\n\n",
        "現状値\n\n目標値\n\n288\n\n324\n"
    );
    let rows = rows(STRENGTHS, body, "indicators", ["indicator", "reason", "current", "target"]);
    assert_eq!(rows, [["研修の受講者数", "人材育成の進み具合を測るため", "288", "324"]]);
}

#[test]
fn heads_of_several_heights_say_nothing_of_the_order_of_numbers() {
    let body = concat!(
        "\n実績値（R2\n年度末）\n\n課題解決の達成度を測る指標\n\n具体的な成果・効果\n\n目標値\n\n",
        "46\n\n37\n\n①病棟内交流会の実施回数\n\n目標には届かなかった。\n\n",
        "18\n\n15\n\n②協議の場を設置した圏域数\n\n課題の共有が進んだ。\n\n",
        "822人\n\n575人\n\n③研修会の参加者数\n\n参加者の職種が広がった。\n"
    );
    let rows = rows(OUTCOMES, body, "outcomes", ["indicator", "target", "actual"]);
    assert_eq!(
        rows,
        [
            ["①病棟内交流会の実施回数", "46", "37"],
            ["②協議の場を設置した圏域数", "18", "15"],
            ["③研修会の参加者数", "822人", "575人"]
        ]
    );
}

#[test]
fn a_number_next_to_the_lines_of_a_text_is_of_the_column_beside_it() {
    let body = concat!(
        "\n課題解決の達成度を測る指標\n1. 事例検討会の開催回数\n\n目標値\n\n実績値\n\n具体的な成果・効果\n\n",
        "40\n\n47 多職種での検討を通じて、互いの役割への理解が深まった。\n\n2. 病棟内交流会の実施回数（回）\n\n",
        "90\n\n感染症の影響により病院への訪問が難しい時期があり、目標\n75 には届かなかった。動画を用いた交流など代わりの方法を試\n",
        "みている。\n\n3. 研修会の参加者数\n\n―\n\n60\n\n",
        "オンラインを併用したことで遠方からの参加が可能となり、\n参加者の職種も広がった。\n"
    );
    let rows = rows(OUTCOMES, body, "outcomes", ["target", "actual"]);
    assert_eq!(rows, [["40", "47"], ["90", "75"], ["―", "60"]]);
}

#[test]
fn the_months_of_a_chart_are_no_dates_of_the_table() {
    let months: Vec<String> = (0..12).map(|m| format!("{}月\n\n", (m + 3) % 12 + 1)).collect();
    let months = months.concat();
    let body = format!(
        "\n時期（月）\n\n実施する項目\n\n実施する内容\n\n{months}通年\n\n住まいの確保に関する検討会\n\n\
         家主の理解を得る方策を話し合う\n\n11月\n\n地域移行関係職員研修\n\n合同で事例を学ぶ\n\n\
         2月\n\n普及啓発講演会\n\n当事者の体験発表を聴く\n"
    );
    let rows = rows(SCHEDULE, &body, "schedule", ["period", "item", "content"]);
    assert_eq!(
        rows,
        [
            ["通年", "住まいの確保に関する検討会", "家主の理解を得る方策を話し合う"],
            ["11月", "地域移行関係職員研修", "合同で事例を学ぶ"],
            ["2月", "普及啓発講演会", "当事者の体験発表を聴く"]
        ]
    );
}

#[test]
fn numbers_of_rows_are_in_no_cell() {
    let body = concat!(
        "時期（月） 実施する項目 実施する内容\n1 6月 アドバイザー派遣 病院を訪問し助言を受ける\n",
        "2 7月 事例検討 困難事例を持ち寄る\n3 通年 運用連絡会 通報対応を振り返る\n"
    );
    let rows = rows(SCHEDULE, body, "schedule", ["period", "item", "content"]);
    assert_eq!(rows[1], ["7月", "事例検討", "困難事例を持ち寄る"]);
    assert_eq!(rows.len(), 3);
}

#[test]
fn a_date_behind_what_is_done() {
    let body = concat!(
        "実施する項目 実施する内容 時期（月）\n長期入院者実態調査 調査票の配布、回収、集計 R5年5月～\n",
        "普及啓発講演会 当事者の体験発表を聴く R5年9月\n事業評価 今年度の方針を確認する 2月\n"
    );
    let rows = rows(SCHEDULE, body, "schedule", ["period", "item", "content"]);
    assert_eq!(
        rows,
        [
            ["R5年5月～", "長期入院者実態調査", "調査票の配布、回収、集計"],
            ["R5年9月", "普及啓発講演会", "当事者の体験発表を聴く"],
            ["2月", "事業評価", "今年度の方針を確認する"]
        ]
    );
}

#[test]
fn a_unit_below_its_number_is_the_numbers_own() {
    let body = concat!(
        "\n課題解決の達成度を測る指標\n\n目標値\n\n実績値\n\n具体的な成果・効果\n\n",
        "1. 病棟内交流会の実施回数\n\n738\n回\n\n701\n回\n\n目標には届かなかった。\n\n",
        "2. 退院後支援計画の作成件数\n\n662\n件\n\n537\n件\n\n手順が共有された。\n"
    );
    let rows = rows(OUTCOMES, body, "outcomes", ["target", "actual"]);
    assert_eq!(rows, [["738回", "701回"], ["662件", "537件"]]);
}

#[test]
fn a_number_beside_a_unit_alone_may_be_of_either_column() {
    let body = concat!(
        "課題解決の達成度を測る指標\n目標値\n実績値 具体的な成果・効果\n",
        "1. 長期入院者数 73人 72人\n前年度に比べて減少している。\n",
        "2. ピアサポーターの登録者数\n（人）\n12\n養成講座の修了者が増えた。\n",
        "3. 事例検討会の開催回数 － 26回\n互いの役割への理解が深まった。\n",
        "4. 病棟内交流会の実施回数 88回 54回\n目標には届かなかった。\n"
    );
    let rows = rows(OUTCOMES, body, "outcomes", ["target", "actual"]);
    assert_eq!(rows, [["73人", "72人"], ["（人）?", "12?"], ["－", "26回"], ["88回", "54回"]]);
}

#[test]
fn numbers_of_a_row_from_right_to_left_are_doubtful() {
    let body = concat!(
        "＜平成30年度までの成果・効果＞\n\n課題解決の達成度を測る指標\n1. 事例検討会の開催回数\n2. 病棟内交流会の実施回数\n\n",
        "目標値（平成３０年\n度当初）\n\n実績値（平成３０年\n度末）\n\n15回\n\n11回\n\n",
        "多職種での検討を通じて、互いの役割への理解が深まっ\nた。\n\n139回\n\n",
        "感染症の影響により病院への訪問が難しい時期があり、\n目標には届かなかった。動画を用いた交流など代わりの\n方法を試みている。\n\n",
        "114回\n\n具体的な成果・効果\n"
    );
    let rows = rows(OUTCOMES, body, "outcomes", ["target", "actual"]);
    assert_eq!(rows, [["15回", "11回"], ["114回?", "139回?"]]);
}

#[test]
fn a_number_of_another_row_is_none_of_this_one() {
    let body = concat!(
        "【特徴（強み）】\n課題解決の達成度を測る指標 指標の設定理由 現状値 目標値（R2）\n",
        "研修の受講者数 人材育成の進み具合を測るため 186 210\n",
        "ピアサポーターの派遣回数 当事者の参画の度合いを示すため 19\n",
        "退院後支援計画の同意率（％） 本人の意向に沿った支援の指標となるため － 82\n",
        "課題 課題解決に向けた取組方針\n課題・方針に対する視点別の認識（取組）\n行政側 医療側 事業者側 関係機関・住民等\n",
        "１．住まいの場の不\n足\n①居住支援法人との連携会議\nを開く\n②公営住宅の活用について住\n宅部局と協議する\n",
        "住宅部局との協議\n退院前の生活能力\nの評価\n入居後の見守り\n地域住民としての\n受入れ\n",
        "２．支援者の人材不\n足\n①相談支援専門員の養成研修\nを拡充する\n②経験者による同行支援を行\nう\n",
        "養成研修の実施 実習の受入れ\n研修への職員の派\n遣\n人材の確保への協\n力\n【資料３】自治体状況共有シート\n",
        "厚生労働省提出様式 8\n"
    );
    let rows = rows(STRENGTHS, body, "indicators", ["current", "target"]);
    assert!(rows.iter().any(|row| row[0].starts_with("19")), "{rows:?}");
    for [current, target] in rows.iter().filter(|row| row[0].starts_with("19")) {
        assert_eq!([current, target], ["19?", "82?"]);
    }
}

#[test]
fn a_text_of_two_blocks_may_be_of_two_cells() {
    let body = concat!(
        "\n課題解決の達成度を測る指標\n\n指標の設定理由\n\n実習の受入れ\n研修への職員の派遣\n\n現状値\n\n目標値（ R2 ）\n\n",
        "居住支援に関する会議の開催数\n\n住まいの確保に向けた連携を確かめるため\n\n－\n\n５\n\n",
        "協議の場の開催回数\n\n課題を継続して共有するため\n\n１\n\n２\n"
    );
    let rows = rows(STRENGTHS, body, "indicators", ["indicator", "target"]);
    assert!(
        rows.iter().all(|[name, target]| target != "５" || name == "居住支援に関する会議の開催数"),
        "{rows:?}"
    );
}

#[test]
fn a_reason_is_no_name() {
    let body = concat!(
        "【特徴（強み）】\n\n① 入居の相談に応じる店舗が 47 店まで増えた。\n\n課題・方針に対する役割\n\n課題\n\n課題解決に向けた取組方針\n\n",
        "行政\n\n医療\n\n福祉\n\nその他関係機関・住民\n等\n\nカードの作成と配布 受診の要否の助言 利用者への周知\n\n掲示の場所の提供\n\n",
        "夜間や休日に相談できる先が\n知られていない\n\n(1) 連絡先を 1 枚にまとめたカードを配る\n(2) コンビニや駅に掲示を依頼する\n\n",
        "指　標\n\n指標の設定理由\n\n現状値\n（今年度当初）\n\n目標値\n（ 2021 年度末）\n\n",
        "見守り協力店の数\n\n22\n\n23\n\n地域の理解の広がりを見るため\n\n地域定着支援の支給決定者数\n\n7\n\n28\n\n",
        "単身生活を支える量の目安となるため\n\n76\n\n81\n\n周知の度合いを数で確かめるため\n\n連絡先カードの配布枚数\n"
    );
    let rows = rows(STRENGTHS, body, "indicators", ["indicator", "current"]);
    let reasons: Vec<_> = rows.iter().filter(|row| row[0].ends_with("ため")).collect();
    assert!(!reasons.is_empty(), "{rows:?}");
    assert!(reasons.iter().all(|row| row[1].ends_with('?')), "{rows:?}");
}

const HISTORY: &str = "３ 精神障害にも対応した地域包括ケアシステムの構築に向けた取組の経緯";
#[test]
fn dates_in_a_run_with_more_lines_than_dates() {
    let body = |more: &str| {
        format!(
            "時期\n取組内容\n平成21年度\n平成22年度\n平成23年度\n平成24年度\n調査を実施\n協議の場を設置\n講演会を開催\n{more}手引きを改訂\n"
        )
    };
    let texts = ["調査を実施", "協議の場を設置", "講演会を開催", "手引きを改訂"];
    let told = rows(HISTORY, &body(""), "history", ["content"]);
    assert_eq!(told.concat(), texts);
    let open = rows(HISTORY, &body("研修を開始\n"), "history", ["content"]);
    assert!(open.concat().iter().all(|t| t.ends_with('?')), "{open:?}");
}

#[test]
fn a_date_alone_above_one_line_is_at_half_the_height_of_its_row() {
    let body = "時期 取組内容\n平成21年度 調査を実施\n平成22年度\n協議の場を設置\n平成23年度 講演会を開催\n研修を開始\n平成24年度 手引きを改訂\n";
    let open = rows(HISTORY, body, "history", ["content"]);
    assert!(open.concat().iter().all(|t| t.ends_with('?')), "{open:?}");
}

#[test]
fn two_texts_in_the_cells_of_one_column() {
    let body =
        "時期 取組\n7月\n連絡会\n対応を振り返る\n8月\n実態調査\n調査票を配布する\n9月\n研修会\n事例を学ぶ\n";
    let told = rows(SCHEDULE, body, "schedule", ["period", "item", "content"]);
    assert_eq!(
        told,
        [
            ["7月", "連絡会", "対応を振り返る"],
            ["8月", "実態調査", "調査票を配布する"],
            ["9月", "研修会", "事例を学ぶ"]
        ]
    );
}
