//! The index of a run.

use std::fmt::Write;
use std::fs;

use crate::{Desk, chohyo, text};

/// Names of publishers, as sheets print them.
const NAMES: [&str; 10] =
    ["北海道", "宮城県", "埼玉県", "千葉県", "京都府", "兵庫県", "広島県", "福岡県", "熊本県", "静岡県"];

/// A small sheet; every one of its numbers is its own.
fn sheet(number: usize) -> String {
    let name = NAMES[number % NAMES.len()];
    let mut sheet = format!("{name}\n\n１ 県又は政令市の基礎情報\n\n");
    let year = 2 + number % 2;
    // One bed count in the run is ten times what it should be.
    let beds = if number == 123 { 67_310 } else { 6_000 + 13 * number };
    let rows = [
        ("市町村数", "市町村", 20 + number % 30),
        ("人口", "人", 2_000_000 + 1_003 * number),
        ("精神科病院の数", "病院", 30 + number % 40),
        ("精神科病床数", "床", beds),
    ];
    for (label, unit, value) in rows {
        let _ = writeln!(sheet, "{label}（R{year}年4月時点） {value} {unit}");
    }
    sheet
}

#[test]
fn five_hundred_sheets_are_sorted_filtered_and_looked_into() {
    let Some(desk) = Desk::new("en") else { return };
    let sheets = desk.path("sheets");
    fs::create_dir(&sheets).unwrap();
    for number in 0..500 {
        fs::write(sheets.join(format!("s{number:03}.txt")), sheet(number)).unwrap();
    }
    fs::write(sheets.join("broken.pdf"), "%PDF-1.7 and nothing else").unwrap();
    let (out, review) = (desk.path("out"), desk.path("review"));
    let output = chohyo(&[
        "batch",
        text(&sheets),
        "--out",
        text(&out),
        "--review",
        text(&review),
        "--quiet",
        "--in-process",
    ]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(fs::read_dir(review.join("sheets")).unwrap().count(), 500);

    let browser = &desk.browser;
    browser.open(&review.join("index.html"));
    assert_eq!(browser.eval("document.getElementById('shown').textContent"), "500 / 500");
    assert_eq!(browser.eval("document.querySelectorAll('#failures tbody tr').length"), 1);
    // Rows out of view are not in the page.
    let rows = "document.querySelectorAll('#rows tr:not(.spacer)').length";
    assert!(browser.eval(rows).as_u64().unwrap() < 100);
    assert!(browser.eval("document.querySelectorAll('*').length").as_u64().unwrap() < 6000);
    browser.eval("document.getElementById('window').scrollTop = 1e6");
    browser.wait("document.getElementById('rows').innerText.includes('s499.txt')");
    // Filter.
    browser.click("#filter");
    browser.keys("s12");
    browser.wait("document.getElementById('shown').textContent === '10 / 500'");
    // Sort, both ways.
    browser.click("[data-sort=file]");
    let first = "document.querySelector('#rows tr:not(.spacer) td:nth-child(3)').textContent.slice(-8)";
    browser.wait(&format!("{first} === 's120.txt'"));
    browser.click("[data-sort=file]");
    browser.wait(&format!("{first} === 's129.txt'"));
    // The misread is among the outliers of the beds, and leads to its place on its sheet.
    let outlier = ".plot[data-key=psychiatric_beds] .outlier";
    assert_eq!(browser.eval(&format!("document.querySelectorAll('{outlier}').length")), 1);
    browser.eval(&format!("document.querySelector('{outlier}').scrollIntoView()"));
    desk.assert_quiet();
    browser.click(outlier);
    browser.wait("document.querySelector('#detail .big')?.innerText === '67310 床'");
    browser.wait("document.querySelector('.mark.is-chosen') !== null");
    // And back.
    desk.assert_quiet();
    browser.click("#back");
    browser.wait("document.getElementById('shown')?.textContent === '500 / 500'");
    // A bar of a plot shows its sheets.
    browser.eval(
        "document.querySelector('.plot .bar').dispatchEvent(new MouseEvent('click', { bubbles: true }))",
    );
    browser
        .wait("!document.getElementById('clear').hidden && state.rows.length < 500 && state.rows.length > 0");
    browser.emulate(390, 800, "dark");
    assert_eq!(browser.eval("document.documentElement.scrollWidth <= innerWidth"), true);
    desk.assert_quiet();
}
