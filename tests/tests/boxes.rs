//! The box of each value lies on its printed digits.

use chohyo_tests::{boxes, fixture};

#[test]
fn boxes_lie_on_the_digits_of_the_truth() {
    let mut all = 0;
    for fixture in fixture::fixtures() {
        let (compared, wrong) = boxes::measures(&fixture, &fixture.record(), &fixture.truth());
        assert_eq!(wrong, Vec::<String>::new(), "{}", fixture.name);
        all += compared;
    }
    // 仙台市's sheet prints 19 numbers, and its dump tells most of them; 札幌市's are a picture.
    assert!(all >= 30, "{all}");
}
