//! The cells of the fixtures' tables: each text of the truth that is one cell of the sheet stands in one.

use chohyo_tests::Fixture;
use chohyo_tests::cells::{Found, compare};

/// The texts that stand in no cell of their own: field, and how they stand.
fn others(name: &str) -> (Vec<(&'static str, Found)>, usize) {
    let fixture = Fixture::named(name);
    let outcomes = compare(&fixture.document(), &fixture.truth());
    let all = outcomes.len();
    let others = outcomes.into_iter().filter(|o| !matches!(o.found, Found::Cell | Found::OverPages));
    (others.map(|o| (o.expected.field, o.found)).collect(), all)
}

#[test]
fn sendai_has_every_text_in_its_cell() {
    let (others, all) = others("sendai.pdf");
    // One cell of the schedule says 通年 for three of its entries.
    assert_eq!(others, [("schedule.label", Found::Joined); 3]);
    assert!(all > 90, "{all}");
}

#[test]
fn sapporo_has_every_text_of_its_tables_in_a_cell() {
    let (others, all) = others("sapporo.pdf");
    // Its history is prose; the rows of the schedule have no ruling between them.
    let prose = |found: Found| matches!(found, Found::Split | Found::Block);
    let history = others.iter().filter(|(field, found)| field.starts_with("history") && prose(*found));
    let schedule =
        others.iter().filter(|(field, found)| field.starts_with("schedule") && *found == Found::Joined);
    assert_eq!((history.count(), schedule.count()), (10, 6));
    assert_eq!(others.len(), 16, "{others:?}");
    assert!(all > 40, "{all}");
}
