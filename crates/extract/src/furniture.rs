//! What stands on the pages for the reader's orientation and is no text of any section: page numbers, running
//! heads and feet.

use crate::ledger::Ledger;
use crate::sheet::Text;

/// Takes the furniture that the layout knows out of the way of everything that reads sections.
pub(crate) fn take(ledger: &mut Ledger<'_, '_>) -> Vec<Text> {
    let stream = ledger.stream;
    let furniture = stream.lines.iter().filter(|line| line.kind.is_furniture() && !line.atoms.is_empty());
    let lines: Vec<_> = furniture.map(|line| line.atoms.clone()).collect();
    lines
        .into_iter()
        .filter_map(|atoms| ledger.is_free(atoms.clone()).then(|| ledger.take(&[vec![atoms]])))
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::page_maker::{Page, sheet};

    #[test]
    fn a_value_in_the_margin_is_no_page_number() {
        let page = Page::default()
            .text(50.0, 60.0, "１ 県又は政令市の基礎情報")
            .text(50.0, 392.0, "保健所数")
            .text(295.0, 392.0, "1");
        let sheet = sheet(&[page]);
        let found = sheet.measures.iter().find(|m| m.key == "public_health_centers").unwrap();
        assert_eq!(found.raw, "1");
    }

    #[test]
    fn running_heads_and_page_numbers_are_no_text() {
        let page = |number: &str, heading: &str, text: &str| {
            Page::default()
                .text(450.0, 15.0, "取扱注意")
                .text(50.0, 60.0, heading)
                .text(50.0, 100.0, text)
                .text(295.0, 390.0, number)
        };
        let sheet = sheet(&[
            page("1", "１ 県又は政令市の基礎情報", "人口"),
            page(
                "2",
                "２ 精神障害にも対応した地域包括ケアシステムの構築に向けた取組概要（全体）",
                "会議を開く。",
            ),
            page(
                "3",
                "３ 精神障害にも対応した地域包括ケアシステムの構築に向けた取組の経緯",
                "平成30年度：開始",
            ),
        ]);
        let overview: Vec<&str> = sheet.texts["overview"].iter().map(|t| t.text.as_str()).collect();
        assert_eq!(overview, ["会議を開く。"]);
        assert_eq!(sheet.furniture.iter().filter(|t| t.text == "取扱注意").count(), 3);
    }
}
