//! Characters of embedded Adobe-Japan1 fonts without a `ToUnicode` map.
//!
//! Such a font says which character a CID is by its character collection (ISO 32000-1, 9.10.2). The
//! engine looks there for fonts that are not embedded only.

use hayro_interpret::hayro_cmap::{BfString, CMap, CMapName, CidFamily, WritingMode};
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::dict::keys::{
    BASE_FONT, CIDSYSTEMINFO, DESCENDANT_FONTS, ENCODING, ORDERING, REGISTRY, SUBTYPE, TO_UNICODE,
};
use hayro_interpret::hayro_syntax::object::{self, Array, Dict, Name, Object, Stream};

use super::cmap;

/// The composite fonts of a file whose CIDs are those of a known collection.
pub(super) struct Collections {
    fonts: Vec<CidFont>,
    /// Names of fonts that are read through a predefined `CMap` alone, and their writing mode.
    predefined: Vec<(String, WritingMode)>,
    /// Names of fonts whose codes are said to be Unicode: their `ToUnicode` is the name of an identity.
    unicode: Vec<String>,
}

struct CidFont {
    /// `/BaseFont` without the prefix of a subset.
    name: String,
    encoding: CMap,
    /// CID to Unicode.
    unicode: CMap,
}

impl Collections {
    /// Looks through the whole file; done once, and only for a file with characters that are not known.
    pub(super) fn of(pdf: &Pdf) -> Self {
        let (mut fonts, mut predefined, mut unicode) = (Vec::new(), Vec::new(), Vec::new());
        for object in pdf.objects() {
            if let Object::Dict(dict) = object {
                predefined.extend(predefined_font(&dict));
                unicode.extend(unicode_font(&dict));
                fonts.extend(CidFont::of(&dict));
            }
        }
        Self { fonts, predefined, unicode }
    }

    /// True when the font called `name` is read through a predefined `CMap` alone: a code that the `CMap` does not
    /// define, a character of the user's own (外字) mostly, is unknown then.
    pub(super) fn is_predefined(&self, name: &str, mode: WritingMode) -> bool {
        self.predefined.iter().any(|(n, m)| n == name && *m == mode)
    }

    /// The character of a code in the font called `name`.
    pub(super) fn unicode(&self, name: &str, mode: WritingMode, code: u32) -> Option<BfString> {
        if self.unicode.iter().any(|n| n == name) {
            return char::from_u32(code).map(BfString::Char);
        }
        let mut fonts = self.fonts.iter().filter(|f| f.name == name && f.mode() == mode);
        fonts.find_map(|f| f.unicode.lookup_bf_string(f.cid(code)?))
    }
}

impl CidFont {
    fn of(dict: &Dict<'_>) -> Option<Self> {
        if dict.get::<Name<'_>>(SUBTYPE)?.as_str() != "Type0" {
            return None;
        }
        let encoding = match dict.get::<Object<'_>>(ENCODING)? {
            Object::Name(name) => match CMapName::from_bytes(&name) {
                CMapName::IdentityH => CMap::identity_h(),
                CMapName::IdentityV => CMap::identity_v(),
                name => CMap::parse(cmap::resolve(name)?, cmap::resolve)?,
            },
            Object::Stream(stream) => parse(&stream)?,
            _ => return None,
        };
        let descendant = dict.get::<Array<'_>>(DESCENDANT_FONTS)?.iter::<Dict<'_>>().next()?;
        let info = descendant.get::<Dict<'_>>(CIDSYSTEMINFO)?;
        let registry = info.get::<object::String<'_>>(REGISTRY)?;
        let ordering = info.get::<object::String<'_>>(ORDERING)?;
        let family = CidFamily::from_registry_ordering(registry.as_bytes(), ordering.as_bytes());
        let unicode = CMap::parse(cmap::resolve(family.ucs2_cmap()?)?, cmap::resolve)?;
        Some(Self { name: font_name(dict)?, encoding, unicode })
    }

    fn mode(&self) -> WritingMode {
        self.encoding.metadata().writing_mode.unwrap_or_default()
    }

    fn cid(&self, code: u32) -> Option<u32> {
        (1..=4).find_map(|length| self.encoding.lookup_cid_code(code, length))
    }
}

/// `/BaseFont` without the prefix of a subset.
fn font_name(dict: &Dict<'_>) -> Option<String> {
    let name = dict.get::<Name<'_>>(BASE_FONT)?;
    Some(match name.as_str().split_once('+') {
        Some((prefix, rest)) if prefix.len() == 6 => rest.to_owned(),
        _ => name.as_str().to_owned(),
    })
}

fn predefined_font(dict: &Dict<'_>) -> Option<(String, WritingMode)> {
    if dict.get::<Name<'_>>(SUBTYPE)?.as_str() != "Type0" || dict.contains_key(TO_UNICODE) {
        return None;
    }
    let encoding = dict.get::<Name<'_>>(ENCODING)?;
    let vertical = encoding.as_str().ends_with('V');
    let mode = if vertical { WritingMode::Vertical } else { WritingMode::Horizontal };
    (!encoding.as_str().starts_with("Identity")).then_some((font_name(dict)?, mode))
}

/// Not in ISO 32000, which wants a stream there; viewers take `/Identity-H` for what it says.
fn unicode_font(dict: &Dict<'_>) -> Option<String> {
    let map = dict.get::<Name<'_>>(TO_UNICODE)?;
    map.as_str().starts_with("Identity").then(|| font_name(dict)).flatten()
}

fn parse(stream: &Stream<'_>) -> Option<CMap> {
    CMap::parse(&stream.decoded_data().ok()?, cmap::resolve)
}
