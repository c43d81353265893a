//! The PDF engine: hayro-interpret.

mod annotation;
mod cmap;
mod cost;
mod damage;
mod japan1;
mod path;
#[cfg(feature = "picture")]
mod picture;

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use hayro_interpret::font::{Glyph as EngineGlyph, GlyphRun};
use hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro_interpret::hayro_syntax::object::dict::keys::ACTUAL_TEXT;
use hayro_interpret::hayro_syntax::object::{self, Dict};
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::kurbo::{Affine, BezPath, PathEl, Rect, Shape};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, Paint, SoftMask, TransformExt, interpret_page,
};

use crate::drawing::{self, Drawing, Flow, Outline, intersection};
use crate::engine::PageSource;
use crate::{BBox, Error, ErrorKind, Glyph, Ink, Limits};
use cost::Costs;
use japan1::Collections;
use path::{as_frame, is_lettering, push_point};

/// Height of a glyph's box over its baseline, in em. Japanese fonts stand on 0.88 and 0.12 of an em
/// (OpenType's ideographic em-box); one convention for all fonts keeps mixed lines even.
const ASCENT: f64 = 880.0;
/// Depth of a glyph's box under its baseline, in thousandths of an em.
const DESCENT: f64 = 120.0;

/// An open PDF.
pub(crate) struct HayroSource<'a> {
    pdf: &'a Pdf,
    cache: InterpreterCache<'a>,
    settings: InterpreterSettings,
    collections: OnceCell<Collections>,
    costs: Costs<'a>,
    /// Names of `CMaps` that nobody knows, as they are met.
    unknown_cmaps: Arc<Mutex<BTreeSet<String>>>,
}

/// Opens a PDF; an encrypted one with `password`, or with the empty password.
pub(crate) fn open(bytes: &[u8], password: Option<&str>) -> Result<Pdf, Error> {
    let load = |password: &str| {
        catch_unwind(AssertUnwindSafe(|| Pdf::new_with_password(bytes.to_vec(), password)))
            .map_err(|_| Error::new(ErrorKind::Damaged, "the PDF engine gave up on the file's structure"))
    };
    let mut result = load("")?;
    if let (Err(LoadPdfError::Decryption(_)), Some(password)) = (&result, password) {
        result = load(password)?;
    }
    result.map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => Error::new(ErrorKind::Encrypted, ""),
        LoadPdfError::Decryption(DecryptionError::UnsupportedAlgorithm) => {
            Error::new(ErrorKind::Encrypted, "by an algorithm that is not known")
        }
        LoadPdfError::Decryption(_) => {
            Error::new(ErrorKind::Damaged, "its encryption dictionary is not valid")
        }
        LoadPdfError::Invalid => Error::new(ErrorKind::Damaged, "no page tree can be found"),
    })
}

impl<'a> HayroSource<'a> {
    pub(crate) fn new(pdf: &'a Pdf, limits: &Limits) -> Self {
        let unknown_cmaps = Arc::new(Mutex::new(BTreeSet::new()));
        let unknown = Arc::clone(&unknown_cmaps);
        let settings = InterpreterSettings {
            cmap_resolver: Arc::new(move |name| {
                cmap::resolve(name).or_else(|| {
                    let name = String::from_utf8_lossy(name.to_bytes()).into_owned();
                    unknown.lock().unwrap_or_else(PoisonError::into_inner).insert(name);
                    Some(cmap::UNKNOWN)
                })
            }),
            ..InterpreterSettings::default()
        };
        Self {
            pdf,
            cache: InterpreterCache::new(),
            settings,
            collections: OnceCell::new(),
            costs: Costs::new(pdf.xref(), limits),
            unknown_cmaps,
        }
    }
}

impl PageSource for HayroSource<'_> {
    fn producer(&self) -> Option<String> {
        self.pdf.metadata().producer.as_deref().map(text_string)
    }

    fn page_count(&self) -> usize {
        self.pdf.pages().len()
    }

    fn page_size(&self, index: usize) -> (f32, f32) {
        self.pdf.pages().get(index).map_or((0.0, 0.0), Page::render_dimensions)
    }

    fn draw(&mut self, index: usize, limits: &Limits) -> Result<Drawing, Error> {
        let Some(page) = self.pdf.pages().get(index) else {
            return Err(Error::new(ErrorKind::Damaged, "no such page"));
        };
        let gave_up = || Error::new(ErrorKind::Damaged, "the PDF engine gave up on the page");
        catch_unwind(AssertUnwindSafe(|| self.costs.check(page))).map_err(|_| gave_up())??;
        let (width, height) = page.render_dimensions();
        let view = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let mut recorder = Recorder {
            drawing: Drawing { width, height, ..Drawing::default() },
            clips: vec![to_bbox(view)],
            outline: Outline::default(),
            after_space: false,
            hidden_digit: None,
            hidden_separator: None,
            replacements: Vec::new(),
            collections: &self.collections,
            pdf: self.pdf,
            limits,
            over: None,
        };
        let drawn = catch_unwind(AssertUnwindSafe(|| {
            let transform = page.initial_transform(true).to_kurbo();
            let mut context =
                Context::new(transform, view, &self.cache, self.pdf.xref(), self.settings.clone());
            interpret_page(page, &mut context, &mut recorder);
            annotation::record(page, transform, &mut recorder);
        }));
        if let Some(over) = recorder.over {
            return Err(over);
        }
        drawn.map_err(|_| gave_up())?;
        recorder.drawing.unknown_cmaps =
            std::mem::take(&mut *self.unknown_cmaps.lock().unwrap_or_else(PoisonError::into_inner))
                .into_iter()
                .collect();
        recorder.drawing.damaged = damage::is_damaged(page);
        Ok(recorder.drawing)
    }
}

/// A PDF text string (ISO 32000-1, 7.9.2.2): UTF-16 or UTF-8 with a byte order mark, else one byte a
/// character.
fn text_string(bytes: &[u8]) -> String {
    match bytes {
        [0xfe, 0xff, rest @ ..] => {
            let units = rest.chunks_exact(2).map(|b| u16::from_be_bytes([b[0], b[1]]));
            char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|&b| char::from(b)).collect(),
    }
}

fn to_bbox(rect: Rect) -> BBox {
    BBox::new(rect.x0 as f32, rect.y0 as f32, rect.x1 as f32, rect.y1 as f32)
}

/// `/ActualText` (ISO 32000-1, 14.9.4) of marked content, and where its glyphs begin.
struct Replacement {
    text: String,
    from: usize,
}

/// Takes down what the engine draws.
struct Recorder<'l> {
    drawing: Drawing,
    /// The clip in force is the last; the first is the page.
    clips: Vec<BBox>,
    /// Reused from path to path.
    outline: Outline,
    after_space: bool,
    /// The glyph before was a digit that is not seen.
    hidden_digit: Option<BBox>,
    /// The glyph before was a separator that is not seen, after a digit that is.
    hidden_separator: Option<BBox>,
    /// Open marked content, outermost first: the text that stands for it, if it has one.
    replacements: Vec<Option<Replacement>>,
    collections: &'l OnceCell<Collections>,
    pdf: &'l Pdf,
    limits: &'l Limits,
    /// The limit that was passed, when one was.
    over: Option<Error>,
}

impl Recorder<'_> {
    fn clip(&self) -> BBox {
        self.clips.last().copied().unwrap_or_default()
    }

    fn push_clip(&mut self, rect: Rect) {
        let clip = intersection(&self.clip(), &to_bbox(rect));
        // An empty clip hides everything; a box outside the page does the same.
        self.clips.push(clip.unwrap_or(BBox { x0: -1e6, top: -1e6, x1: -1e6, bottom: -1e6 }));
    }

    fn font(&mut self, run: &GlyphRun<'_, '_>) -> u16 {
        let name = run.glyphs().iter().find_map(|glyph| match &**glyph {
            EngineGlyph::Outline(outline) => outline.font_data()?.postscript_name,
            EngineGlyph::Type3(_) => None,
        });
        self.font_index(name.unwrap_or_default())
    }

    fn font_index(&mut self, name: String) -> u16 {
        let fonts = &mut self.drawing.fonts;
        let index = fonts.iter().position(|f| *f == name).unwrap_or_else(|| {
            fonts.push(name);
            fonts.len() - 1
        });
        u16::try_from(index).unwrap_or(u16::MAX)
    }

    fn glyph(&mut self, glyph: &EngineGlyph<'_>, transform: Affine, style: Style) {
        let start = self.drawing.text.len();
        let mode = if style.vertical { WritingMode::Vertical } else { WritingMode::Horizontal };
        let name = self.drawing.fonts.get(style.font as usize).map_or("", String::as_str);
        let collections = || self.collections.get_or_init(|| Collections::of(self.pdf));
        let code = glyph.char_code();
        let unicode = match glyph.as_unicode() {
            // The engine gives code 0 for what the CMap does not define, and that is a space to it.
            Some(BfString::Char(c))
                if code == 0 && is_blank(c) && collections().is_predefined(name, mode) =>
            {
                None
            }
            None => collections().unicode(name, mode, code),
            known => known,
        };
        match unicode {
            // Most are one character, and no white space.
            Some(BfString::Char(c)) if is_ink(c) => self.drawing.text.push(c),
            Some(BfString::Char(c)) => push_char(&mut self.drawing.text, c),
            Some(BfString::String(s)) => s.chars().for_each(|c| push_char(&mut self.drawing.text, c)),
            None => {}
        }
        let own = &self.drawing.text[start..];
        let mut is_unknown = false;
        if !own.chars().next().is_some_and(is_ink) {
            is_unknown = own.chars().all(|c| c == char::REPLACEMENT_CHARACTER);
            if is_unknown {
                self.drawing.text.truncate(start);
                self.drawing.text.push(char::REPLACEMENT_CHARACTER);
            } else if own.chars().all(is_blank) {
                self.drawing.text.truncate(start);
                self.after_space = true;
                return;
            }
        }

        let advance = match glyph {
            _ if style.vertical => 1000.0,
            EngineGlyph::Outline(outline) => outline.advance_width().map_or(500.0, f64::from),
            EngineGlyph::Type3(type3) => type3.advance_width().map_or(500.0, f64::from),
        };
        let [a, b, c, d, x, y] = transform.as_coeffs();
        let body = transform.transform_rect_bbox(Rect::new(0.0, -DESCENT, advance, ASCENT));
        let bbox = to_bbox(body);
        let values = [bbox.x0, bbox.top, bbox.x1, bbox.bottom, x as f32, y as f32];
        let own = &self.drawing.text[start..];
        let (is_digit, is_separator) = (own.ends_with(is_digit), own.ends_with(SEPARATORS));
        if !values.iter().all(|v| v.is_finite()) || !is_seen(&bbox, &self.clip()) {
            self.drawing.text.truncate(start);
            if is_digit || is_separator {
                self.hide(bbox, is_digit);
            }
            return;
        }
        if let Some(hidden) = self.hidden_digit.take()
            && (is_digit || is_separator)
            && goes_on(&hidden, &bbox)
        {
            self.drawing.cut_numbers.push(bbox);
        }
        self.drawing.unmapped += usize::from(is_unknown);
        let flow = if style.vertical { Flow::of(-c as f32, -d as f32) } else { Flow::of(a as f32, b as f32) };
        let glyph = Glyph {
            start: start as u32,
            end: self.drawing.text.len() as u32,
            bbox,
            origin: (x as f32, y as f32),
            size: (c.hypot(d) * 1000.0) as f32,
            font: style.font,
            vertical: style.vertical,
            ink: style.ink,
            color: style.color,
        };
        self.push(glyph, flow);
    }

    /// Notes that a digit, or what stands between two, is not seen.
    fn hide(&mut self, bbox: BBox, is_digit: bool) {
        let text = self.drawing.text.trim_end_matches(SEPARATORS);
        let seen = self.drawing.glyphs.last().map(|g| g.bbox).filter(|_| text.ends_with(self::is_digit));
        let before = self.hidden_separator.take().or(seen);
        if before.is_some_and(|before| goes_on(&before, &bbox)) {
            if is_digit {
                self.drawing.cut_numbers.extend(seen);
            } else {
                self.hidden_separator = Some(bbox);
            }
        }
        self.hidden_digit = is_digit.then_some(bbox);
    }

    fn push(&mut self, glyph: Glyph, flow: Flow) {
        self.drawing.glyphs.push(glyph);
        self.drawing.flows.push(flow);
        self.drawing.spaced.push(self.after_space);
        self.after_space = false;
        if self.drawing.glyphs.len() > self.limits.glyphs_per_page {
            let detail = format!("more than {} glyphs on a page", self.limits.glyphs_per_page);
            self.over = Some(Error::new(ErrorKind::TooLarge, detail));
            // There is no other way to stop the engine in the middle of a page.
            resume_unwind(Box::new("enough"));
        }
    }

    /// Puts the text that stands for marked content in place of what its glyphs say.
    fn replace(&mut self, replacement: &Replacement) {
        let chars: Vec<char> =
            replacement.text.chars().filter(|&c| !is_blank(c) && !c.is_control()).collect();
        let drawing = &mut self.drawing;
        let Some(first) = drawing.glyphs.get(replacement.from) else { return };
        let count = drawing.glyphs.len() - replacement.from;
        let start = first.start as usize;
        let few = count <= 4 && chars.len() <= 8;
        // Whatever their font says of them, they are known now.
        if drawing.unmapped > 0 && (chars.len() == count || chars.is_empty() || few) {
            let unknown = drawing.glyphs[replacement.from..].iter().filter(|g| {
                drawing.text[g.start as usize..g.end as usize].starts_with(char::REPLACEMENT_CHARACTER)
            });
            drawing.unmapped = drawing.unmapped.saturating_sub(unknown.count());
        }
        // One character for each glyph keeps every character in its place. Otherwise the text goes to
        // the first glyph, when the glyphs are few enough to be one ligature or symbol.
        if chars.len() == count {
            drawing.text.truncate(start);
            for (glyph, &c) in drawing.glyphs[replacement.from..].iter_mut().zip(&chars) {
                glyph.start = drawing.text.len() as u32;
                drawing.text.push(c);
                glyph.end = drawing.text.len() as u32;
            }
        } else if chars.is_empty() || few {
            let keep = usize::from(!chars.is_empty());
            let bbox = crate::hull(drawing.glyphs[replacement.from..].iter().map(|g| &g.bbox));
            drawing.text.truncate(start);
            drawing.text.extend(&chars);
            drawing.glyphs.truncate(replacement.from + keep);
            drawing.flows.truncate(replacement.from + keep);
            drawing.spaced.truncate(replacement.from + keep);
            if let (Some(glyph), Some(bbox)) = (drawing.glyphs.get_mut(replacement.from), bbox) {
                glyph.end = drawing.text.len() as u32;
                glyph.bbox = bbox;
            }
        }
    }

    fn path(&mut self, path: &BezPath, transform: Affine, mode: &PathMode) {
        if self.drawing.too_many_rulings {
            return;
        }
        if self.drawing.strokes.len() + self.drawing.fills.len() > self.limits.rulings_per_page {
            self.drawing.too_many_rulings = true;
            return;
        }
        if let PathMode::Fill { white: false } = mode
            && let Some((outer, inner)) = as_frame(path, transform)
        {
            let clip = self.clip();
            self.drawing.frame(&outer, &inner, &clip);
            return;
        }
        if is_lettering(path, transform) {
            return;
        }
        let mut outline = std::mem::take(&mut self.outline);
        outline.clear();
        for element in path.elements() {
            match *element {
                PathEl::MoveTo(p) => {
                    self.finish(&mut outline, mode);
                    push_point(&mut outline, transform * p, false);
                }
                PathEl::LineTo(p) => push_point(&mut outline, transform * p, false),
                PathEl::QuadTo(_, p) | PathEl::CurveTo(_, _, p) => {
                    push_point(&mut outline, transform * p, true);
                }
                PathEl::ClosePath => {
                    let first = outline.points.first().copied();
                    outline.closed = true;
                    self.finish(&mut outline, mode);
                    // What follows without a move starts where the closed part did.
                    if let Some(first) = first {
                        outline.points.push(first);
                        outline.curved.push(false);
                    }
                }
            }
        }
        self.finish(&mut outline, mode);
        self.outline = outline;
    }

    fn finish(&mut self, outline: &mut Outline, mode: &PathMode) {
        if outline.points.len() > 1 {
            let clip = self.clip();
            match *mode {
                PathMode::Stroke(thickness) => self.drawing.stroke(outline, thickness, &clip),
                PathMode::Fill { white } => self.drawing.fill(outline, white, &clip),
            }
        }
        outline.clear();
    }
}

#[derive(Clone, Copy)]
struct Style {
    font: u16,
    vertical: bool,
    ink: Ink,
    color: Option<[u8; 4]>,
}

enum PathMode {
    Stroke(f32),
    Fill { white: bool },
}

/// NUL and the like stand in some `ToUnicode` maps for "no character".
fn push_char(text: &mut String, c: char) {
    if !c.is_control() || c.is_whitespace() {
        text.push(c);
    }
}

/// True for the characters that most text consists of: kana and kanji, ASCII, and its wide forms.
fn is_ink(c: char) -> bool {
    matches!(c, '!'..='~' | '\u{3001}'..='\u{9fff}' | '\u{ff01}'..='\u{ffef}')
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}')
}

const SEPARATORS: [char; 4] = [',', '.', '，', '．'];

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

/// The next glyph of a line, with no space between.
fn goes_on(before: &BBox, next: &BBox) -> bool {
    let size = next.height();
    (before.top - next.top).abs() <= 0.1 * size && (-0.2 * size..=0.2 * size).contains(&(next.x0 - before.x1))
}

/// The inner half of the box shows under the clip, at least in part.
fn is_seen(bbox: &BBox, clip: &BBox) -> bool {
    let (dx, dy) = (bbox.width() / 4.0, bbox.height() / 4.0);
    let core = BBox { x0: bbox.x0 + dx, top: bbox.top + dy, x1: bbox.x1 - dx, bottom: bbox.bottom - dy };
    core.intersects(clip)
}

fn color_of(paint: &Paint<'_>) -> Option<[u8; 4]> {
    match paint {
        Paint::Color(color) => Some(color.to_rgba().to_rgba8()),
        Paint::Pattern(_) => None,
    }
}

/// White and fully transparent paint leave no mark on paper.
fn is_white(paint: &Paint<'_>) -> bool {
    color_of(paint).is_some_and(drawing::is_pale)
}

impl<'a> Device<'a> for Recorder<'_> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        let scale = props.transform.determinant().abs().sqrt() as f32;
        match mode {
            DrawMode::Fill(_) => {
                self.path(path, props.transform, &PathMode::Fill { white: is_white(&props.paint) });
            }
            DrawMode::Stroke(pen) | DrawMode::FillAndStroke(_, pen) => {
                if !is_white(&props.paint) {
                    self.path(path, props.transform, &PathMode::Stroke(pen.line_width * scale));
                }
            }
            DrawMode::Invisible => {}
        }
    }

    fn push_clip_path(&mut self, clip_path: &ClipPath) {
        self.push_clip(clip_path.path.bounding_box());
    }

    fn push_clip_rect(&mut self, rect: &Rect) {
        self.push_clip(*rect);
    }

    fn pop_clip(&mut self) {
        if self.clips.len() > 1 {
            self.clips.pop();
        }
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}

    fn pop_transparency_group(&mut self) {}

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let color = color_of(&props.paint);
        let style = Style {
            font: self.font(run),
            vertical: run.writing_mode() == WritingMode::Vertical,
            ink: match mode {
                _ if color.is_some_and(|[.., opacity]| opacity < 8) => Ink::Without,
                DrawMode::Fill(_) | DrawMode::FillAndStroke(..) => Ink::Filled,
                DrawMode::Stroke(_) => Ink::Outlined,
                DrawMode::Invisible => Ink::Without,
            },
            color,
        };
        for glyph in run.glyphs() {
            self.glyph(glyph, props.transform * glyph.transform(), style);
        }
    }

    fn begin_marked_content(&mut self, _: &[u8], properties: Option<&Dict<'_>>) {
        let text = properties.and_then(|p| p.get::<object::String<'_>>(ACTUAL_TEXT));
        let from = self.drawing.glyphs.len();
        self.replacements.push(text.map(|text| Replacement { text: text_string(text.as_bytes()), from }));
    }

    fn end_marked_content(&mut self) {
        if let Some(Some(replacement)) = self.replacements.pop() {
            self.replace(&replacement);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let size = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        let bbox = to_bbox(props.transform.transform_rect_bbox(size));
        let clip = self.clip();
        self.drawing.image(&bbox, &clip);
    }
}
