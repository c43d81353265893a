//! Predefined `CMaps` that the engine does not carry.
//!
//! ISO 32000-1, table 118 names the `CMaps` every reader must know; the engine has those. Files in the
//! wild also use later ones for Adobe-Japan1 (Adobe Technical Notes 5078 and 5094): Unicode as UTF-8
//! and UTF-32, the JIS X 0213:2004 forms, and older JIS variants.

use std::fmt::Write;
use std::ops::RangeInclusive;
use std::sync::OnceLock;

use hayro_interpret::hayro_cmap::{CMap, CMapName, load_embedded};

/// The bytes of a `CMap` by name: the engine's own, else one of ours.
pub(super) fn resolve(name: CMapName<'_>) -> Option<&'static [u8]> {
    load_embedded(name).or_else(|| {
        let known = KNOWN.iter().find(|k| k.name.as_bytes() == name.to_bytes())?;
        Some(known.built.get_or_init(|| build(known.name, &known.plan)).as_slice())
    })
}

/// A `CMap` that takes two bytes for a code and gives every code as its CID; it stands in for a `CMap` that
/// nobody knows, so that its text is counted and flagged instead of being dropped.
pub(super) const UNKNOWN: &[u8] = b"begincmap\n1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n\
    1 begincidrange\n<0000> <ffff> 0\nendcidrange\nendcmap\n";

struct Known {
    name: &'static str,
    plan: Plan,
    built: OnceLock<Vec<u8>>,
}

/// How a `CMap` is made from one of the engine's.
enum Plan {
    /// The same codes; differences in glyph shape do not matter for text.
    Same(&'static str),
    /// Codes are code points in another encoding form of Unicode.
    Utf32(&'static str),
    Utf8(&'static str),
    /// The rows of a Shift JIS `CMap` by their JIS codes.
    Rows(&'static str),
    /// Kanji of JIS C 6226-1978 in the place of later forms, in this code.
    Jis78(&'static str, Code),
}

/// How a row and a cell of JIS are coded.
#[derive(Clone, Copy)]
enum Code {
    /// Seven bits each, 0x21 to 0x7e.
    Jis,
    /// The same with the eighth bit set.
    Euc,
    ShiftJis,
}

impl Code {
    fn of(self, jis: u16) -> u16 {
        let [row, cell] = jis.to_be_bytes();
        match self {
            Self::Jis => jis,
            Self::Euc => jis | 0x8080,
            Self::ShiftJis => {
                let first = (row - 0x21) / 2 + if row < 0x5f { 0x81 } else { 0xc1 };
                let second = match (row % 2, cell) {
                    (0, _) => cell + 0x7e,
                    (_, 0x60..) => cell + 0x20,
                    _ => cell + 0x1f,
                };
                u16::from_be_bytes([first, second])
            }
        }
    }
}

/// Where `78-H` differs from `Ext-RKSJ-H`, which has the forms of 1978 for all other kanji (Adobe's `CMap` resources for
/// Adobe-Japan1): JIS code and CID.
const JIS78: [(u16, u32); 13] = [
    (0x2169, 705),
    (0x3029, 8266),
    (0x3032, 7961),
    (0x313c, 1246),
    (0x3c38, 2276),
    (0x4454, 8267),
    (0x4b78, 7980),
    (0x5350, 4419),
    (0x5672, 4735),
    (0x5f73, 5582),
    (0x693c, 6467),
    (0x6f65, 7072),
    (0x7033, 7116),
];

const fn known(name: &'static str, plan: Plan) -> Known {
    Known { name, plan, built: OnceLock::new() }
}

static KNOWN: [Known; 32] = [
    known("UniJIS2004-UTF16-H", Plan::Same("UniJIS-UTF16-H")),
    known("UniJIS2004-UTF16-V", Plan::Same("UniJIS-UTF16-V")),
    known("UniJISPro-UCS2-V", Plan::Same("UniJIS-UCS2-V")),
    known("UniJISPro-UCS2-HW-V", Plan::Same("UniJIS-UCS2-HW-V")),
    known("UniJIS-UTF32-H", Plan::Utf32("UniJIS-UTF16-H")),
    known("UniJIS-UTF32-V", Plan::Utf32("UniJIS-UTF16-V")),
    known("UniJIS2004-UTF32-H", Plan::Utf32("UniJIS-UTF16-H")),
    known("UniJIS2004-UTF32-V", Plan::Utf32("UniJIS-UTF16-V")),
    known("UniJISX0213-UTF32-H", Plan::Utf32("UniJIS-UTF16-H")),
    known("UniJISX0213-UTF32-V", Plan::Utf32("UniJIS-UTF16-V")),
    known("UniJISX02132004-UTF32-H", Plan::Utf32("UniJIS-UTF16-H")),
    known("UniJISX02132004-UTF32-V", Plan::Utf32("UniJIS-UTF16-V")),
    known("UniJIS-UTF8-H", Plan::Utf8("UniJIS-UTF16-H")),
    known("UniJIS-UTF8-V", Plan::Utf8("UniJIS-UTF16-V")),
    known("UniJIS2004-UTF8-H", Plan::Utf8("UniJIS-UTF16-H")),
    known("UniJIS2004-UTF8-V", Plan::Utf8("UniJIS-UTF16-V")),
    known("UniJISPro-UTF8-V", Plan::Utf8("UniJIS-UTF16-V")),
    known("78-H", Plan::Jis78("H", Code::Jis)),
    known("78-V", Plan::Jis78("V", Code::Jis)),
    known("78-EUC-H", Plan::Jis78("EUC-H", Code::Euc)),
    known("78-EUC-V", Plan::Jis78("EUC-V", Code::Euc)),
    known("78-RKSJ-H", Plan::Jis78("90ms-RKSJ-H", Code::ShiftJis)),
    known("78-RKSJ-V", Plan::Jis78("90ms-RKSJ-H", Code::ShiftJis)),
    known("78ms-RKSJ-H", Plan::Jis78("90ms-RKSJ-H", Code::ShiftJis)),
    known("78ms-RKSJ-V", Plan::Jis78("90ms-RKSJ-H", Code::ShiftJis)),
    known("90pv-RKSJ-V", Plan::Same("90pv-RKSJ-H")),
    known("Add-H", Plan::Rows("Add-RKSJ-H")),
    known("Add-V", Plan::Rows("Add-RKSJ-V")),
    known("Ext-H", Plan::Rows("Ext-RKSJ-H")),
    known("Ext-V", Plan::Rows("Ext-RKSJ-V")),
    known("RKSJ-H", Plan::Same("90ms-RKSJ-H")),
    known("RKSJ-V", Plan::Same("90ms-RKSJ-H")),
];

/// How a code point is spelled in hexadecimal.
type Spelling = fn(char) -> String;

fn build(name: &str, plan: &Plan) -> Vec<u8> {
    let mode = u8::from(name.ends_with('V'));
    let head = format!(
        "/CIDSystemInfo 3 dict dup begin\n/Registry (Adobe) def\n/Ordering (Japan1) def\n\
         /Supplement 6 def\nend def\n/WMode {mode} def\n"
    );
    let mut out = head.clone();
    match *plan {
        Plan::Same(base) => out = format!("/{base} usecmap\n{head}"),
        Plan::Utf32(base) => write_codes(&mut out, base, |c| format!("{:08x}", c as u32)),
        Plan::Utf8(base) => write_codes(&mut out, base, |c| {
            let mut bytes = [0; 4];
            c.encode_utf8(&mut bytes).bytes().fold(String::new(), |hex, b| hex + &format!("{b:02x}"))
        }),
        Plan::Rows(base) => write_rows(&mut out, base, 0x21..=0x7e, Code::Jis, &[]),
        Plan::Jis78(base, code) => {
            out = format!("/{base} usecmap\n{head}");
            // Kanji begin in row 16.
            write_rows(&mut out, "Ext-RKSJ-H", 0x30..=0x74, code, &JIS78);
        }
    }
    out.push_str("endcmap\n");
    out.into_bytes()
}

/// Rows of a Shift JIS `CMap` in another code; `instead` has CIDs that hold instead of its own.
fn write_rows(out: &mut String, base: &str, rows: RangeInclusive<u8>, code: Code, instead: &[(u16, u32)]) {
    let name = CMapName::from_bytes(base.as_bytes());
    let Some(cmap) = load_embedded(name).and_then(|data| CMap::parse(data, load_embedded)) else {
        return;
    };
    for row in rows {
        let cids = (0x21..=0x7e_u8).filter_map(|cell| {
            let jis = u16::from_be_bytes([row, cell]);
            let own = || cmap.lookup_cid_code(u32::from(Code::ShiftJis.of(jis)), 2);
            let cid = instead.iter().find(|i| i.0 == jis).map(|i| i.1).or_else(own)?;
            Some((code.of(jis), cid))
        });
        let cids: Vec<(u16, u32)> = cids.filter(|(_, cid)| *cid != 0).collect();
        if !cids.is_empty() {
            let _ = writeln!(out, "{} begincidchar", cids.len());
            for (code, cid) in cids {
                let _ = writeln!(out, "<{code:04x}> {cid}");
            }
            out.push_str("endcidchar\n");
        }
    }
    for &(jis, cid) in instead.iter().filter(|i| i.0 < 0x3000) {
        let _ = writeln!(out, "1 begincidchar\n<{:04x}> {cid}\nendcidchar", code.of(jis));
    }
}

/// Every code point of a UTF-16 `CMap`, spelled in another form.
fn write_codes(out: &mut String, base: &str, form: Spelling) {
    let name = CMapName::from_bytes(base.as_bytes());
    let Some(cmap) = load_embedded(name).and_then(|data| CMap::parse(data, load_embedded)) else {
        return;
    };
    let cid = |c: char| {
        let mut units = [0; 2];
        match *c.encode_utf16(&mut units) {
            [unit] => cmap.lookup_cid_code(u32::from(unit), 2),
            [high, low] => cmap.lookup_cid_code(u32::from(high) << 16 | u32::from(low), 4),
            _ => None,
        }
    };
    // Adobe-Japan1 has characters of the first three planes only.
    let chars: Vec<(char, u32)> =
        ('\u{20}'..='\u{2ffff}').filter_map(|c| cid(c).filter(|&cid| cid != 0).map(|cid| (c, cid))).collect();
    let run = |a: &(char, u32), b: &(char, u32)| {
        b.0 as u32 == a.0 as u32 + 1 && b.1 == a.1 + 1 && (b.0 as u32) & 0x3f != 0
    };
    for chunk in chars.chunk_by(run).collect::<Vec<_>>().chunks(100) {
        let _ = writeln!(out, "{} begincidrange", chunk.len());
        for run in chunk {
            let (first, last) = (run[0], run[run.len() - 1]);
            let _ = writeln!(out, "<{}> <{}> {}", form(first.0), form(last.0), first.1);
        }
        out.push_str("endcidrange\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(name: &str, code: u32, length: u8) -> Option<u32> {
        let data = resolve(CMapName::from_bytes(name.as_bytes()))?;
        CMap::parse(data, resolve)?.lookup_cid_code(code, length)
    }

    #[test]
    fn the_forms_of_unicode_give_the_same_cid() {
        // 亜 is CID 1125 of Adobe-Japan1, 一 CID 1200 (Technical Note 5078).
        assert_eq!(lookup("UniJIS-UTF16-H", 0x4e9c, 2), Some(1125));
        assert_eq!(lookup("UniJIS2004-UTF16-H", 0x4e9c, 2), Some(1125));
        assert_eq!(lookup("UniJIS-UTF32-H", 0x4e9c, 4), Some(1125));
        assert_eq!(lookup("UniJISX0213-UTF32-V", 0x4e00, 4), Some(1200));
        assert_eq!(lookup("UniJIS-UTF8-H", 0x00e4_ba9c, 3), Some(1125));
        assert_eq!(lookup("78-RKSJ-H", 0x889f, 2), Some(1125));
        // Half-width katakana, which only the base has.
        assert_eq!(lookup("78-RKSJ-H", 0xb1, 1), lookup("90ms-RKSJ-H", 0xb1, 1));
        assert_eq!(lookup("NoSuch-H", 0x889f, 2), None);
    }

    #[test]
    fn kanji_of_1978_have_their_own_forms() {
        // 鶯 (CID 7369) and 鴬 (CID 1321), 頸 (CID 7181) and 頚 (CID 1841), 壺 and 壷: the second is the form of 1983.
        for (jis, old, new) in [(0x3229, 7369, 1321), (0x375b, 7181, 1841)] {
            assert_eq!(lookup("78-H", jis, 2), Some(old));
            assert_eq!(lookup("78-EUC-V", jis | 0x8080, 2), Some(old));
            assert_eq!(lookup("78ms-RKSJ-H", u32::from(Code::ShiftJis.of(jis as u16)), 2), Some(old));
            assert_eq!(lookup("H", jis, 2), Some(new));
        }
        // 閏, which Ext has in another form.
        assert_eq!(lookup("78-RKSJ-V", 0x895b, 2), Some(1246));
        assert_ne!(lookup("Ext-H", 0x313c, 2), Some(1246));
        // ①, which JIS does not have and NEC added.
        assert_eq!(lookup("Ext-H", 0x2d21, 2), lookup("Ext-RKSJ-H", 0x8740, 2));
        assert_eq!(lookup("90pv-RKSJ-V", 0x8540, 2), lookup("90pv-RKSJ-H", 0x8540, 2));
    }

    #[test]
    fn jis_codes_are_those_of_shift_jis() {
        // 亜, 弌, the ideographic space, 熙, and the last cell.
        for (jis, shifted) in
            [(0x3021, 0x889f), (0x5021, 0x989f), (0x2121, 0x8140), (0x7426, 0xeaa4), (0x7e7e, 0xeffc)]
        {
            assert_eq!(Code::ShiftJis.of(jis), shifted, "{jis:x}");
        }
    }

    #[test]
    fn the_writing_mode_is_that_of_the_name() {
        use hayro_interpret::hayro_cmap::WritingMode;
        for known in &KNOWN {
            let data = resolve(CMapName::from_bytes(known.name.as_bytes())).unwrap();
            let mode = CMap::parse(data, resolve).unwrap().metadata().writing_mode;
            assert_eq!(mode == Some(WritingMode::Vertical), known.name.ends_with('V'), "{}", known.name);
        }
    }
}
