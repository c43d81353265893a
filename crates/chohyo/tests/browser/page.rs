//! One sheet: its pages and its record, side by side.

use crate::{Desk, fixture};

/// Whether the chosen box lies in view, in the pane of the sheet.
const BOX_IN_VIEW: &str = "(() => { const box = document.querySelector('.mark.is-chosen'); if (!box) return false; \
    const b = box.getBoundingClientRect(), p = document.getElementById('paper').getBoundingClientRect(); \
    return b.width > 0 && b.top >= p.top && b.bottom <= p.bottom && b.left >= p.left && b.right <= p.right; })()";

#[test]
fn a_click_on_a_value_shows_its_box_and_a_click_on_a_box_its_value() {
    let Some(desk) = Desk::new("ja") else { return };
    desk.inspect(&fixture("sendai.pdf"));
    let browser = &desk.browser;
    assert_eq!(browser.eval("document.documentElement.lang"), "ja");
    browser.click("#item-2");
    browser.wait(BOX_IN_VIEW);
    assert_eq!(browser.eval("document.querySelector('#detail .big').innerText"), "1,087,723 人");
    // The box lies on the printed digits: they are what the text under it says.
    let under = "(() => { const b = document.querySelector('.mark.is-chosen rect').getBoundingClientRect(); \
        return [...document.querySelectorAll('#page-2 .text text')].filter((t) => { const r = t.getBoundingClientRect(); \
        return r.left < b.right && r.right > b.left && r.top + r.height / 2 > b.top && r.top + r.height / 2 < b.bottom; }) \
        .map((t) => t.textContent); })()";
    assert_eq!(browser.eval(under), serde_json::json!(["1,087,723"]));
    // The other way: the first box of another value.
    browser.eval(
        "[...document.querySelectorAll('.mark.k-measure')].find((m) => m.getAttribute('aria-label').endsWith(' 452')) \
        .dispatchEvent(new MouseEvent('click', { bubbles: true }))",
    );
    let row = "document.querySelector('#list [aria-current]')?.innerText.includes('452')";
    browser.wait(row);
    // The sum that proves it is drawn out, and the share.
    let rules =
        browser.eval("[...document.querySelectorAll('.rule')].map((r) => r.innerText.replace(/\\s+/g, ' '))");
    let rules: Vec<String> = serde_json::from_value(rules).unwrap();
    let sum = &rules[0];
    for part in ["452", "+", "490", "1,208", "=", "2,150", "✓"] {
        assert!(sum.contains(part), "{part} in {sum}");
    }
    assert!(rules[1].contains('÷') && rules[1].contains("21.0") && rules[1].contains('✓'), "{}", rules[1]);
    // A term of the sum is a way to its value.
    browser.click(".rule .term:not(.own)");
    browser.wait("document.querySelector('#detail .big').innerText.startsWith('490')");
    browser.wait(BOX_IN_VIEW);
    desk.assert_quiet();
}

#[test]
fn the_keyboard_goes_through_values_and_doubts() {
    let Some(desk) = Desk::new("en-GB") else { return };
    desk.inspect(&fixture("sendai.txt"));
    let browser = &desk.browser;
    assert_eq!(browser.eval("document.documentElement.lang"), "en");
    let doubts = browser.eval("doubts().length").as_u64().unwrap();
    assert!(doubts >= 4, "{doubts}");
    let mut seen = Vec::new();
    for _ in 0..doubts {
        browser.keys("n");
        browser.wait(BOX_IN_VIEW);
        assert_eq!(browser.eval("chosen.doubt"), true);
        seen.push(browser.eval("chosen.path").to_string());
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len() as u64, doubts, "each doubt once: {seen:?}");
    // What is chosen has the focus, and so is what a screen reader says; what can be done about it comes first.
    assert_eq!(browser.eval("document.activeElement.id === `item-${chosen.id}`"), true);
    let candidates = "(() => { const c = document.querySelector('.candidate').getBoundingClientRect(); return c.height > 0 && c.bottom <= innerHeight; })()";
    browser.eval("choose(BY_KEY.get('inpatients_under_3_months'), 'keys')");
    assert_eq!(browser.eval(candidates), true);
    let last = browser.eval("chosen.path");
    browser.keys("n");
    assert_ne!(browser.eval("chosen.path"), last);
    browser.keys("N");
    assert_eq!(browser.eval("chosen.path"), last);
    // Escape, then value by value.
    browser.keys("\u{e00c}");
    assert_eq!(browser.eval("chosen"), serde_json::Value::Null);
    browser.keys("jj");
    let second = browser.eval("VALUES[1].path");
    assert_eq!(browser.eval("chosen.path"), second);
    browser.keys("k");
    assert_eq!(browser.eval("chosen === VALUES[0]"), true);
    // Help, language, and the focus where it can be seen.
    browser.keys("?");
    browser.wait("document.getElementById('help').open");
    browser.keys("\u{e00c}");
    browser.wait("!document.getElementById('help').open");
    browser.keys("l");
    assert_eq!(browser.eval("document.documentElement.lang"), "ja");
    browser.keys("\u{e004}");
    browser.wait("getComputedStyle(document.activeElement).outlineStyle !== 'none'");
    desk.assert_quiet();
}

/// The least contrast of visible text with the ground it stands on, and the text that has it.
const CONTRAST: &str = "(() => { const color = (c) => c.match(/[\\d.]+/g).map(Number); \
    const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4) \
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0); \
    const ground = (e) => { for (let n = e; n; n = n.parentElement) { const c = color(getComputedStyle(n).backgroundColor); if (c.length < 4 || c[3] > 0.9) return c; } return [255, 255, 255]; }; \
    let worst = [99, '']; \
    for (const e of document.querySelectorAll('#bar *, #list *, #detail *')) { \
        const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()); \
        if (!own || !e.checkVisibility()) continue; \
        const [a, b] = [light(color(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x); \
        const ratio = (a + 0.05) / (b + 0.05); if (ratio < worst[0]) worst = [ratio, e.outerHTML.slice(0, 200)]; } \
    return worst; })()";

#[test]
fn it_is_legible_by_day_and_by_night_and_fits_a_phone() {
    let Some(desk) = Desk::new("ja") else { return };
    desk.inspect(&fixture("sendai.txt"));
    let browser = &desk.browser;
    for (width, height) in [(1400, 900), (390, 800)] {
        for scheme in ["light", "dark"] {
            browser.emulate(width, height, scheme);
            browser.keys("n");
            let worst = browser.eval(CONTRAST);
            // WCAG 2.1, success criterion 1.4.3.
            assert!(worst[0].as_f64().unwrap() >= 4.5, "{scheme} {width}: {worst}");
            assert_eq!(
                browser.eval("document.documentElement.scrollWidth <= innerWidth"),
                true,
                "{width} points are enough"
            );
            browser.wait(BOX_IN_VIEW);
        }
    }
    // A page that fits a phone is made larger for the value that is looked at.
    desk.inspect(&fixture("sendai.pdf"));
    browser.eval("choose(BY_KEY.get('population'), 'keys')");
    browser.wait(BOX_IN_VIEW);
    let height = browser.eval("document.querySelector('.mark.is-chosen').getBoundingClientRect().height");
    assert!(height.as_f64().unwrap() > 11.0, "{height}");
    desk.assert_quiet();
}

#[test]
fn everything_that_can_be_clicked_has_a_name() {
    let Some(desk) = Desk::new("en") else { return };
    desk.inspect(&fixture("sapporo.pdf"));
    let browser = &desk.browser;
    browser.keys("n");
    let nameless = "[...document.querySelectorAll('button, input, select, [role=button], a, dialog[open], section, figure')] \
        .filter((e) => !e.hidden && !(e.getAttribute('aria-label') || e.labels?.length || e.textContent.trim())) \
        .map((e) => e.outerHTML.slice(0, 120))";
    assert_eq!(browser.eval(nameless), serde_json::json!([]));
    // Status is told by a sign too, and not by colour alone.
    let unsigned = "[...document.querySelectorAll('.badge, .chip')].filter((b) => !b.querySelector('.sign').textContent.trim()).length";
    assert_eq!(browser.eval(unsigned), 0);
    // The text of the page can be selected.
    let selected = "(() => { const t = document.querySelector('#page-1 .text text'); getSelection().selectAllChildren(t); \
        return String(getSelection()) === t.textContent && t.textContent.length > 1; })()";
    assert_eq!(browser.eval(selected), true);
    desk.assert_quiet();
}
