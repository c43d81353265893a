//! Characters of embedded Adobe-Japan1 fonts without a `ToUnicode` map.
//!
//! Such a font says which character a CID is by its character collection (ISO 32000-1, 9.10.2). The
//! engine looks there for fonts that are not embedded only.

use hayro_interpret::hayro_cmap::{BfString, CMap, CMapName, CidFamily, WritingMode};
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::dict::keys::{
    BASE_FONT, CIDSYSTEMINFO, DESCENDANT_FONTS, ENCODING, ORDERING, REGISTRY, SUBTYPE,
};
use hayro_interpret::hayro_syntax::object::{self, Array, Dict, Name, Object, Stream};

use super::cmap;

/// The composite fonts of a file whose CIDs are those of a known collection.
pub(super) struct Collections {
    fonts: Vec<CidFont>,
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
        let fonts = pdf.objects().into_iter().filter_map(|object| match object {
            Object::Dict(dict) => CidFont::of(&dict),
            _ => None,
        });
        Self { fonts: fonts.collect() }
    }

    /// The character of a code in the font called `name`.
    pub(super) fn unicode(&self, name: &str, mode: WritingMode, code: u32) -> Option<BfString> {
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
        let name = dict.get::<Name<'_>>(BASE_FONT)?;
        let name = match name.as_str().split_once('+') {
            Some((prefix, rest)) if prefix.len() == 6 => rest.to_owned(),
            _ => name.as_str().to_owned(),
        };
        Some(Self { name, encoding, unicode })
    }

    fn mode(&self) -> WritingMode {
        self.encoding.metadata().writing_mode.unwrap_or_default()
    }

    fn cid(&self, code: u32) -> Option<u32> {
        (1..=4).find_map(|length| self.encoding.lookup_cid_code(code, length))
    }
}

fn parse(stream: &Stream<'_>) -> Option<CMap> {
    CMap::parse(&stream.decoded_data().ok()?, cmap::resolve)
}
