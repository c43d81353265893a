//! What a page would cost the engine, found out before it is drawn.
//!
//! The engine bounds how deep objects and forms nest. It does not bound what a stream decodes to, how often a
//! form is drawn, how many functions a function is stitched of, or for how many characters a font gives widths.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use hayro_interpret::hayro_syntax::Filter;
use hayro_interpret::hayro_syntax::object::dict::keys::{
    ANNOTS, AP, BITS_PER_COMPONENT, BITS_PER_COORDINATE, COLORS, COLORSPACE, COLUMNS, CONTENTS, DECODE_PARMS,
    DIFFERENCES, FILTER, LENGTH, N, P, PARENT, RESOURCES, SHADING_TYPE, SUBTYPE, W, W2, WIDTHS, XOBJECT,
};
use hayro_interpret::hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, ObjectIdentifier, Stream};
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::hayro_syntax::xref::XRef;

use crate::decoded::{self, Coding};
use crate::{Error, ErrorKind, Limits};

/// References in a row, and objects in objects.
const DEEP: usize = 512;
/// Ways through one set of resources: functions stitched of functions that are stitched of functions.
const WAYS: u64 = 1 << 20;
/// Forms in forms; the engine stops there.
const FORMS_DEEP: usize = 50;
/// Data of a shading made of patches or triangles, for each bit of a coordinate: the engine makes some hundred
/// bytes of each patch.
const MESH: u64 = 4 << 20;
/// How many times the limit of one stream all content of a page may be.
const CONTENT: u64 = 4;

/// The costs of what has been looked at so far in a file.
pub(super) struct Costs<'a> {
    xref: &'a XRef,
    limit: u64,
    sizes: HashMap<ObjectIdentifier, u64>,
    parts: HashMap<ObjectIdentifier, Result<Rc<[ObjectIdentifier]>, Error>>,
    /// Objects that lead to nothing too large and to no other part, and the ways through them.
    small: HashMap<ObjectIdentifier, u64>,
    forms: HashMap<ObjectIdentifier, Option<Rc<Form>>>,
}

/// A form, and the forms it draws.
struct Form {
    length: u64,
    draws: Vec<(ObjectIdentifier, u64)>,
}

impl<'a> Costs<'a> {
    pub(super) fn new(xref: &'a XRef, limits: &Limits) -> Self {
        Self {
            xref,
            limit: limits.decoded_bytes as u64,
            sizes: HashMap::new(),
            parts: HashMap::new(),
            small: HashMap::new(),
            forms: HashMap::new(),
        }
    }

    /// Refuses a page that would cost too much.
    pub(super) fn check(&mut self, page: &Page<'a>) -> Result<(), Error> {
        self.check_contents(page)?;
        let resources = page.resources();
        let mut walk = Walk::default();
        for part in [
            &resources.ext_g_states,
            &resources.fonts,
            &resources.color_spaces,
            &resources.x_objects,
            &resources.patterns,
            &resources.shadings,
        ] {
            self.dict(part, &mut walk, 0)?;
        }
        let mut appearances = Vec::new();
        for note in page.raw().get::<Array<'_>>(ANNOTS).iter().flat_map(Array::iter::<Dict<'_>>) {
            if let Some(appearance) = note.get_raw::<Object<'_>>(AP) {
                self.item(appearance, &mut walk, 0)?;
            }
            appearances.extend(note.get::<Dict<'_>>(AP).and_then(|states| states.get_ref(N)));
        }
        let mut seen: HashSet<ObjectIdentifier> = HashSet::new();
        let mut open = walk.below;
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                open.extend_from_slice(&self.part(id)?);
            }
        }
        let has_forms = !resources.x_objects.is_empty() || !appearances.is_empty();
        if has_forms {
            let page = draws(page.page_stream().unwrap_or_default(), &resources.x_objects);
            let notes = appearances.into_iter().map(|reference| (reference.into(), 1));
            self.check_forms(&page.into_iter().chain(notes).collect::<Vec<_>>())?;
        }
        Ok(())
    }

    /// The streams of the page's content, each as often as it is named.
    fn check_contents(&mut self, page: &Page<'a>) -> Result<(), Error> {
        let raw = page.raw();
        let streams: Vec<Stream<'a>> = match raw.get::<Object<'_>>(CONTENTS) {
            Some(Object::Stream(stream)) => vec![stream],
            Some(Object::Array(array)) => array.iter::<Stream<'_>>().collect(),
            _ => return Ok(()),
        };
        let bound: u64 = streams.iter().map(|s| bound_of(s)).fold(0, u64::saturating_add);
        if bound > self.limit {
            let mut total: u64 = 0;
            for stream in &streams {
                total = total.saturating_add(self.size(stream)?);
                if total > self.limit {
                    return Err(too_large(format!("its content is more than {} bytes", self.limit)));
                }
            }
        }
        streams.iter().try_for_each(check_predictor)
    }

    /// What is reached from the object `id` without passing through another part: an object with resources of
    /// its own. Those are given back.
    fn part(&mut self, id: ObjectIdentifier) -> Result<Rc<[ObjectIdentifier]>, Error> {
        if let Some(known) = self.parts.get(&id) {
            return known.clone();
        }
        let mut walk = Walk::default();
        walk.seen.insert(id, 0);
        let result = match self.xref.get::<Object<'_>>(id) {
            Some(object) => self.object(&object, &mut walk, 0).map(|_| Rc::from(walk.below)),
            None => Ok(Rc::from([])),
        };
        self.parts.insert(id, result.clone());
        result
    }

    /// The ways through an object.
    fn object(&mut self, object: &Object<'a>, walk: &mut Walk, depth: usize) -> Result<u64, Error> {
        if depth > DEEP {
            return Err(too_large(format!("objects nest deeper than {DEEP}")));
        }
        match object {
            Object::Dict(dict) => self.dict(dict, walk, depth),
            Object::Array(array) => array
                .raw_iter()
                .try_fold(1, |ways: u64, item| Ok(ways.saturating_add(self.item(item, walk, depth + 1)?))),
            Object::Stream(stream) => self.stream(stream, walk, depth),
            _ => Ok(0),
        }
    }

    fn dict(&mut self, dict: &Dict<'a>, walk: &mut Walk, depth: usize) -> Result<u64, Error> {
        check_widths(dict)?;
        let mut ways: u64 = 1;
        for (key, value) in dict.entries() {
            if !matches!(
                key.as_ref(),
                PARENT | P | LENGTH | FILTER | DECODE_PARMS | W | W2 | WIDTHS | DIFFERENCES
            ) {
                ways = ways.saturating_add(self.item(value, walk, depth + 1)?);
            }
        }
        if ways > WAYS {
            return Err(too_large(format!("its resources lead more than {WAYS} ways")));
        }
        Ok(ways)
    }

    fn stream(&mut self, stream: &Stream<'a>, walk: &mut Walk, depth: usize) -> Result<u64, Error> {
        let dict = stream.dict();
        if dict.get::<Name<'_>>(SUBTYPE).is_some_and(|kind| kind.as_str() == "Image") {
            // Its size and place are all that is asked of an image; it is not decoded.
            return dict
                .get_raw::<Object<'_>>(COLORSPACE)
                .map_or(Ok(1), |colours| self.item(colours, walk, depth + 1));
        }
        check_predictor(stream)?;
        let most = if dict.contains_key(SHADING_TYPE) {
            let bits = dict.get::<u32>(BITS_PER_COORDINATE).unwrap_or(1).max(1);
            (MESH * u64::from(bits)).min(self.limit)
        } else {
            self.limit
        };
        if bound_of(stream) > most && self.size(stream)? > most {
            let number = stream.obj_id().obj_number;
            return Err(too_large(format!("the stream {number} decodes to more than {most} bytes")));
        }
        self.dict(dict, walk, depth)
    }

    fn item(&mut self, item: MaybeRef<Object<'a>>, walk: &mut Walk, depth: usize) -> Result<u64, Error> {
        let id: ObjectIdentifier = match item {
            MaybeRef::NotRef(object) => return self.object(&object, walk, depth),
            MaybeRef::Ref(reference) => reference.into(),
        };
        if let Some(&ways) = self.small.get(&id) {
            return Ok(ways);
        }
        if let Some(&ways) = walk.seen.get(&id) {
            // 0 while it is being looked at: it leads back to itself, and the engine does not follow.
            walk.rings += usize::from(ways == 0);
            return Ok(ways);
        }
        walk.seen.insert(id, 0);
        let Some(object) = self.xref.get::<Object<'_>>(id) else { return Ok(0) };
        let has_resources = match &object {
            Object::Dict(dict) => dict.contains_key(RESOURCES),
            Object::Stream(stream) => stream.dict().contains_key(RESOURCES),
            _ => false,
        };
        if has_resources {
            walk.below.push(id);
            walk.seen.insert(id, 1);
            return Ok(1);
        }
        let before = (walk.rings, walk.below.len());
        let ways = self.object(&object, walk, depth + 1)?.max(1);
        walk.seen.insert(id, ways);
        if before == (walk.rings, walk.below.len()) {
            self.small.insert(id, ways);
        }
        Ok(ways)
    }

    /// What a stream decodes to; one more than the limit for anything past it.
    fn size(&mut self, stream: &Stream<'a>) -> Result<u64, Error> {
        let id = stream.obj_id();
        if let Some(&size) = self.sizes.get(&id) {
            return Ok(size);
        }
        check_predictor(stream)?;
        let size = decoded::length(&stream.raw_data(), &codings(stream), self.limit);
        self.sizes.insert(id, size);
        Ok(size)
    }

    /// Refuses content that draws forms so often that nobody could wait for it.
    fn check_forms(&mut self, drawn: &[(ObjectIdentifier, u64)]) -> Result<(), Error> {
        let mut met: Vec<ObjectIdentifier> = Vec::new();
        let mut open: Vec<ObjectIdentifier> = drawn.iter().map(|d| d.0).collect();
        let mut costs: HashMap<ObjectIdentifier, u64> = HashMap::new();
        while let Some(id) = open.pop() {
            if let Some(form) = self.form(id)
                && costs.insert(id, form.length).is_none()
            {
                met.push(id);
                open.extend(form.draws.iter().map(|d| d.0));
            }
        }
        let sum = |draws: &[(ObjectIdentifier, u64)], costs: &HashMap<ObjectIdentifier, u64>| {
            draws.iter().fold(0_u64, |sum, (id, times)| {
                sum.saturating_add(times.saturating_mul(costs.get(id).copied().unwrap_or(0)))
            })
        };
        for _ in 0..FORMS_DEEP {
            let next: HashMap<ObjectIdentifier, u64> = met
                .iter()
                .filter_map(|&id| {
                    let form = self.form(id)?;
                    Some((id, form.length.saturating_add(sum(&form.draws, &costs))))
                })
                .collect();
            if next == costs {
                break;
            }
            costs = next;
        }
        let total = sum(drawn, &costs);
        let most = CONTENT.saturating_mul(self.limit);
        if total > most {
            return Err(too_large(format!("its forms come to more than {most} bytes of content")));
        }
        Ok(())
    }

    fn form(&mut self, id: ObjectIdentifier) -> Option<Rc<Form>> {
        if let Some(known) = self.forms.get(&id) {
            return known.clone();
        }
        let form = self.read_form(id).map(Rc::new);
        self.forms.insert(id, form.clone());
        form
    }

    fn read_form(&mut self, id: ObjectIdentifier) -> Option<Form> {
        let stream = self.xref.get::<Stream<'_>>(id)?;
        let dict = stream.dict();
        if dict.get::<Name<'_>>(SUBTYPE).is_some_and(|kind| kind.as_str() == "Image") {
            return None;
        }
        let content = stream.decoded_data().ok()?;
        // Beside its content a form costs its dictionary and the clip that it sets.
        let length = content.len() as u64 + 64;
        let forms = dict.get::<Dict<'_>>(RESOURCES).and_then(|r| r.get::<Dict<'_>>(XOBJECT));
        let draws = forms.map_or(Vec::new(), |forms| draws(&content, &forms));
        Some(Form { length, draws })
    }
}

/// How often `content` draws each of `objects`.
fn draws(content: &[u8], objects: &Dict<'_>) -> Vec<(ObjectIdentifier, u64)> {
    /// A name is no longer (ISO 32000-1, annex C).
    const NAME: usize = 128;
    if objects.is_empty() {
        return Vec::new();
    }
    let mut counts: HashMap<&[u8], u64> = HashMap::new();
    for at in memchr::memmem::find_iter(content, b"Do") {
        let before = content[at.saturating_sub(2 * NAME)..at].trim_ascii_end();
        if let Some(slash) = memchr::memrchr(b'/', before) {
            *counts.entry(&before[slash + 1..]).or_default() += 1;
        }
    }
    let mut draws: Vec<(ObjectIdentifier, u64)> =
        counts.into_iter().filter_map(|(name, count)| Some((objects.get_ref(name)?.into(), count))).collect();
    draws.sort_unstable();
    draws
}

/// What one walk has seen.
#[derive(Default)]
struct Walk {
    /// Objects and the ways through them; 0 for one that is being looked at.
    seen: HashMap<ObjectIdentifier, u64>,
    /// Parts that begin where this one ends.
    below: Vec<ObjectIdentifier>,
    /// How often an object led back to itself.
    rings: usize,
}

fn too_large(detail: String) -> Error {
    Error::new(ErrorKind::TooLarge, detail)
}

fn codings(stream: &Stream<'_>) -> Vec<Coding> {
    let coding = |filter: &Filter| match filter {
        Filter::AsciiHexDecode => Coding::Hexadecimal,
        Filter::Ascii85Decode => Coding::Base85,
        Filter::LzwDecode => Coding::Lzw,
        Filter::FlateDecode => Coding::Flate,
        Filter::RunLengthDecode => Coding::RunLength,
        // The engine decodes no stream with one of these.
        Filter::CcittFaxDecode
        | Filter::Jbig2Decode
        | Filter::DctDecode
        | Filter::JpxDecode
        | Filter::Crypt => Coding::Same,
    };
    stream.filters().iter().map(coding).collect()
}

fn bound_of(stream: &Stream<'_>) -> u64 {
    decoded::bound(stream.raw_data().len(), &codings(stream))
}

/// A predictor's row is held in memory, whatever the data is (ISO 32000-1, 7.4.4.4).
fn check_predictor(stream: &Stream<'_>) -> Result<(), Error> {
    const ROW: u64 = 16 << 20;
    let is_wide = |parameters: &Dict<'_>| {
        let number = |key: &[u8], usual| {
            parameters.get::<i64>(key).map_or(usual, |n| u64::try_from(n).unwrap_or(u64::MAX))
        };
        let row = number(COLUMNS, 1)
            .saturating_mul(number(COLORS, 1))
            .saturating_mul(number(BITS_PER_COMPONENT, 8));
        row / 8 > ROW
    };
    let wide = match stream.dict().get::<Object<'_>>(DECODE_PARMS) {
        Some(Object::Dict(parameters)) => is_wide(&parameters),
        Some(Object::Array(all)) => {
            all.iter::<Object<'_>>().filter_map(Object::into_dict).any(|p| is_wide(&p))
        }
        _ => false,
    };
    if wide { Err(too_large("the rows of a stream are too long".to_owned())) } else { Ok(()) }
}

/// The engine keeps a width for every character of a range (ISO 32000-1, 9.7.4.3); there are 65,536.
fn check_widths(dict: &Dict<'_>) -> Result<(), Error> {
    const MOST: i64 = 1 << 20;
    for (key, values) in [(W, 1), (W2, 3)] {
        let Some(array) = dict.get::<Array<'_>>(key) else { continue };
        let mut items = array.iter::<Object<'_>>();
        let mut total: i64 = 0;
        while let (Some(first), Some(second)) = (items.next(), items.next()) {
            let (Some(first), Some(last)) = (first.into_number(), second.into_number()) else { continue };
            total = total.saturating_add(last.as_i64().saturating_sub(first.as_i64()).max(0));
            if total > MOST {
                return Err(too_large("a font gives widths for too many characters".to_owned()));
            }
            items.by_ref().take(values).for_each(drop);
        }
    }
    Ok(())
}
