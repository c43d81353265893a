//! Predefined `CMaps` that the engine does not carry.
//!
//! ISO 32000-1, table 118 names the `CMaps` every reader must know; the engine has those. Files in the
//! wild also use later ones for Adobe-Japan1 (Adobe Technical Notes 5078 and 5094): Unicode as UTF-8
//! and UTF-32, the JIS X 0213:2004 forms, and older JIS variants.

use std::fmt::Write;
use std::sync::OnceLock;

use hayro_interpret::hayro_cmap::{CMap, CMapName, load_embedded};

/// The bytes of a `CMap` by name: the engine's own, else one of ours.
pub(super) fn resolve(name: CMapName<'_>) -> Option<&'static [u8]> {
    load_embedded(name).or_else(|| {
        let known = KNOWN.iter().find(|k| k.name.as_bytes() == name.to_bytes())?;
        Some(known.built.get_or_init(|| build(&known.plan)).as_slice())
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
}

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
    known("78-H", Plan::Same("H")),
    known("78-V", Plan::Same("V")),
    known("78-EUC-H", Plan::Same("EUC-H")),
    known("78-EUC-V", Plan::Same("EUC-V")),
    known("78-RKSJ-H", Plan::Same("90ms-RKSJ-H")),
    known("78-RKSJ-V", Plan::Same("90ms-RKSJ-V")),
    known("78ms-RKSJ-H", Plan::Same("90ms-RKSJ-H")),
    known("78ms-RKSJ-V", Plan::Same("90ms-RKSJ-V")),
    known("90pv-RKSJ-V", Plan::Same("90ms-RKSJ-V")),
    known("Add-H", Plan::Same("H")),
    known("Add-V", Plan::Same("V")),
    known("Ext-H", Plan::Same("H")),
    known("Ext-V", Plan::Same("V")),
    known("RKSJ-H", Plan::Same("90ms-RKSJ-H")),
    known("RKSJ-V", Plan::Same("90ms-RKSJ-V")),
];

/// How a code point is spelled in hexadecimal.
type Spelling = fn(char) -> String;

fn build(plan: &Plan) -> Vec<u8> {
    let (base, form): (_, Option<Spelling>) = match plan {
        Plan::Same(base) => (*base, None),
        Plan::Utf32(base) => (*base, Some(|c| format!("{:08x}", c as u32))),
        Plan::Utf8(base) => (
            *base,
            Some(|c| {
                let mut bytes = [0; 4];
                c.encode_utf8(&mut bytes).bytes().fold(String::new(), |hex, b| hex + &format!("{b:02x}"))
            }),
        ),
    };
    let mode = u8::from(base.ends_with('V'));
    let mut out = format!(
        "/CIDSystemInfo 3 dict dup begin\n/Registry (Adobe) def\n/Ordering (Japan1) def\n\
         /Supplement 6 def\nend def\n/WMode {mode} def\n"
    );
    match form {
        None => out.insert_str(0, &format!("/{base} usecmap\n")),
        Some(form) => write_codes(&mut out, base, form),
    }
    out.push_str("endcmap\n");
    out.into_bytes()
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
        assert_eq!(lookup("NoSuch-H", 0x889f, 2), None);
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
