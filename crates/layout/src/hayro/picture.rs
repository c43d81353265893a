//! Draws a page as SVG.

mod image;
mod paint;

use std::collections::HashMap;
use std::fmt::Write;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_interpret::font::{Glyph, GlyphRun, Type3Glyph};
use hayro_interpret::kurbo::{Affine, BezPath, Cap, Join, PathEl, Point, Rect, Shape};
use hayro_interpret::{
    BlendMode, CacheKey, ClipPath, Context, Device, DrawMode, DrawProps, FillRule, Image, ImageDrawProps,
    MaskType, Paint, SoftMask, StrokeProps, TransformExt, interpret_page,
};

use super::HayroSource;
use crate::picture::{Picture, PictureLimits, Pictures, number};
use crate::{Error, ErrorKind};

/// Masks and patterns may hold masks and patterns; this deep they are drawn.
const NESTING: u32 = 6;

impl HayroSource<'_> {
    /// Draws all pages.
    pub(crate) fn pictures(&self, limits: &PictureLimits) -> Result<Pictures, Error> {
        let mut pictures = Pictures::default();
        let mut shared = Shared::default();
        for page in self.pdf.pages().iter() {
            let (width, height) = page.render_dimensions();
            let view = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
            let mut painter = Painter {
                shared: &mut shared,
                limits,
                view,
                body: String::new(),
                clips: Vec::new(),
                open: Open::default(),
                nesting: 0,
                cut: false,
            };
            let drawn = catch_unwind(AssertUnwindSafe(|| {
                let transform = page.initial_transform(true).to_kurbo();
                let mut context =
                    Context::new(transform, view, &self.cache, self.pdf.xref(), self.settings.clone());
                interpret_page(page, &mut context, &mut painter);
            }));
            if drawn.is_err() {
                let number = pictures.pages.len() as u32 + 1;
                return Err(
                    Error::new(ErrorKind::Damaged, "the PDF engine gave up on the page").at_page(number)
                );
            }
            painter.close();
            let (body, cut) = (painter.body, painter.cut);
            pictures.pages.push(Picture { width, height, body, cut });
        }
        pictures.definitions = shared.definitions;
        Ok(pictures)
    }
}

/// What the pages of a document have in common.
#[derive(Default)]
struct Shared {
    definitions: String,
    /// Ids of what is defined, by the engine's key for it.
    ids: HashMap<(Kind, u128), u32>,
    image_bytes: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Glyph,
    Clip,
    Mask,
    Image,
}

/// The groups that stand open in the body.
#[derive(Default)]
struct Open {
    clip: Option<u32>,
    /// Linear part and paint of the glyph run that stands open.
    run: Option<([u64; 4], String)>,
}

struct Painter<'s> {
    shared: &'s mut Shared,
    limits: &'s PictureLimits,
    view: Rect,
    body: String,
    /// Ids of the clips in force, each cut by those before it; `None` where it cuts nothing.
    clips: Vec<Option<u32>>,
    open: Open,
    nesting: u32,
    cut: bool,
}

impl<'a> Painter<'_> {
    fn is_full(&mut self) -> bool {
        let full = self.body.len().max(self.shared.definitions.len()) > self.limits.svg_bytes;
        self.cut |= full;
        full
    }

    /// The id of what has this key, and whether it is new.
    fn id(&mut self, kind: Kind, key: u128) -> (u32, bool) {
        let next = self.shared.ids.len() as u32;
        let id = *self.shared.ids.entry((kind, key)).or_insert(next);
        (id, id == next)
    }

    fn close_run(&mut self) {
        if self.open.run.take().is_some() {
            self.body.push_str("</g>");
        }
    }

    fn close(&mut self) {
        self.close_run();
        if self.open.clip.take().is_some() {
            self.body.push_str("</g>");
        }
    }

    /// Opens the group of the clip in force.
    fn clip(&mut self) {
        let clip = self.clips.last().copied().flatten();
        if self.open.clip != clip {
            self.close();
            if let Some(id) = clip {
                let _ = write!(self.body, r#"<g clip-path="url(#p{id})">"#);
            }
            self.open.clip = clip;
        }
    }

    fn begin(&mut self, mask: Option<&SoftMask<'a>>, blend: BlendMode) -> bool {
        self.clip();
        let grouped = mask.is_some() || blend != BlendMode::Normal;
        if grouped {
            self.close_run();
            self.group(1.0, mask, blend);
        }
        grouped
    }

    fn end(&mut self, grouped: bool) {
        if grouped {
            self.close_run();
            self.body.push_str("</g>");
        }
    }

    fn group(&mut self, opacity: f32, mask: Option<&SoftMask<'a>>, blend: BlendMode) {
        let mask = mask.map(|m| self.mask(m));
        self.body.push_str("<g");
        if opacity < 1.0 {
            self.attribute("opacity", f64::from(opacity), 3);
        }
        if let Some(id) = mask {
            let _ = write!(self.body, r#" mask="url(#p{id})""#);
        }
        if let Some(name) = blend_name(blend) {
            let _ = write!(self.body, r#" class="blend-{name}""#);
        }
        self.body.push('>');
    }

    fn attribute(&mut self, name: &str, value: f64, places: usize) {
        let _ = write!(self.body, r#" {name}=""#);
        number(&mut self.body, value, places);
        self.body.push('"');
    }

    fn mask(&mut self, mask: &SoftMask<'a>) -> u32 {
        let (id, new) = self.id(Kind::Mask, mask.cache_key());
        if new {
            let luminosity = mask.mask_type() == MaskType::Luminosity;
            let inner = self.aside(|painter| {
                if luminosity && mask.background_color().to_rgba().to_rgba8()[..3] != [0, 0, 0] {
                    let paint = Paint::Color(mask.background_color());
                    let path = painter.view.to_path(0.1);
                    painter.shape(&path, Affine::IDENTITY, &paint, &DrawMode::Fill(FillRule::NonZero));
                }
                mask.interpret(painter);
            });
            let Rect { x0, y0, x1, y1 } = self.view;
            let kind = if luminosity { "" } else { r#" mask-type="alpha""# };
            let _ = write!(
                self.shared.definitions,
                r#"<mask id="p{id}" maskUnits="userSpaceOnUse" x="{x0}" y="{y0}" width="{x1}" height="{y1}"{kind}>{inner}</mask>"#
            );
        }
        id
    }

    /// What `draw` draws, apart from the page.
    fn aside(&mut self, draw: impl FnOnce(&mut Self)) -> String {
        if self.nesting >= NESTING {
            self.cut = true;
            return String::new();
        }
        let body = std::mem::take(&mut self.body);
        let clips = std::mem::take(&mut self.clips);
        let open = std::mem::take(&mut self.open);
        self.nesting += 1;
        draw(self);
        self.close();
        self.nesting -= 1;
        self.clips = clips;
        self.open = open;
        std::mem::replace(&mut self.body, body)
    }

    fn shape(&mut self, path: &BezPath, transform: Affine, paint: &Paint<'a>, mode: &DrawMode) {
        if let (DrawMode::Fill(rule), Paint::Pattern(pattern)) = (mode, paint)
            && let Some(()) = self.pattern(path, transform, *rule, pattern)
        {
            return;
        }
        let paint = self.flat(paint);
        let pen = match mode {
            DrawMode::Fill(_) => None,
            DrawMode::Stroke(pen) | DrawMode::FillAndStroke(_, pen) => Some(pen),
            DrawMode::Invisible => return,
        };
        self.close_run();
        // A pen keeps its shape only under a transform that keeps angles; then the path can be moved itself.
        let moved = pen.is_none() || is_similarity(transform);
        let scale = if moved { transform.determinant().abs().sqrt() } else { 1.0 };
        self.body.push_str(r#"<path d=""#);
        path_data(&mut self.body, path, if moved { transform } else { Affine::IDENTITY }, 2);
        self.body.push('"');
        match (pen, mode) {
            (None, DrawMode::Fill(rule)) => {
                self.fill(paint, *rule);
            }
            (Some(pen), DrawMode::FillAndStroke(rule, _)) => {
                self.fill(paint, *rule);
                self.stroke(paint, pen, scale);
            }
            (Some(pen), _) => {
                self.body.push_str(r#" fill="none""#);
                self.stroke(paint, pen, scale);
            }
            (None, _) => {}
        }
        if !moved {
            self.transform(transform);
        }
        self.body.push_str("/>");
    }

    fn transform(&mut self, transform: Affine) {
        self.body.push_str(r#" transform="matrix("#);
        matrix(&mut self.body, transform);
        self.body.push_str(r#")""#);
    }

    fn fill(&mut self, paint: Flat, rule: FillRule) {
        if rule == FillRule::EvenOdd {
            self.body.push_str(r#" fill-rule="evenodd""#);
        }
        paint.write(&mut self.body, "fill");
    }

    fn stroke(&mut self, paint: Flat, pen: &StrokeProps, scale: f64) {
        paint.write(&mut self.body, "stroke");
        // The thinnest line there is (width 0) is drawn, and so is what would be thinner.
        self.attribute("stroke-width", (f64::from(pen.line_width) * scale).max(0.2), 2);
        match pen.line_cap {
            Cap::Butt => {}
            Cap::Square => self.body.push_str(r#" stroke-linecap="square""#),
            Cap::Round => self.body.push_str(r#" stroke-linecap="round""#),
        }
        match pen.line_join {
            Join::Bevel => self.body.push_str(r#" stroke-linejoin="bevel""#),
            Join::Miter => {}
            Join::Round => self.body.push_str(r#" stroke-linejoin="round""#),
        }
        if !pen.dash_array.is_empty() {
            self.body.push_str(r#" stroke-dasharray=""#);
            for (i, dash) in pen.dash_array.iter().take(16).enumerate() {
                if i > 0 {
                    self.body.push(' ');
                }
                number(&mut self.body, f64::from(*dash) * scale, 2);
            }
            self.body.push('"');
            self.attribute("stroke-dashoffset", f64::from(pen.dash_offset) * scale, 2);
        }
    }

    fn glyph(&mut self, glyph: &Glyph<'a>, transform: Affine, props: &DrawProps<'a>, mode: &DrawMode) {
        let outline = match glyph {
            Glyph::Outline(outline) => outline,
            Glyph::Type3(type3) => return self.drawn_glyph(type3, transform, props),
        };
        if !matches!(mode, DrawMode::Fill(_)) {
            self.shape(&(transform * outline.outline().clone()), props.transform, &props.paint, mode);
            return;
        }
        let transform = props.transform * transform;
        let [a, b, c, d, x, y] = transform.as_coeffs();
        let linear = Affine::new([a, b, c, d, 0.0, 0.0]);
        if !transform.determinant().is_normal() || !transform.is_finite() {
            return;
        }
        let (id, new) = self.id(Kind::Glyph, outline.identifier().cache_key());
        if new {
            let _ = write!(self.shared.definitions, r#"<path id="p{id}" d=""#);
            path_data(&mut self.shared.definitions, &outline.outline(), Affine::IDENTITY, 0);
            self.shared.definitions.push_str(r#""/>"#);
        }
        let run = ([a, b, c, d].map(f64::to_bits), self.flat(&props.paint).attributes("fill"));
        if self.open.run.as_ref() != Some(&run) {
            self.close_run();
            self.body.push_str("<g");
            self.body.push_str(&run.1);
            self.transform(linear);
            self.body.push('>');
            self.open.run = Some(run);
        }
        let at = linear.inverse() * Point::new(x, y);
        let _ = write!(self.body, r##"<use href="#p{id}""##);
        self.attribute("x", at.x, 0);
        self.attribute("y", at.y, 0);
        self.body.push_str("/>");
    }
}

impl<'a> Painter<'_> {
    /// A glyph that is drawn as a page is: once for each size and colour, and used again from there.
    fn drawn_glyph(&mut self, glyph: &Type3Glyph<'a>, transform: Affine, props: &DrawProps<'a>) {
        self.close_run();
        let whole = props.transform * transform;
        let (Paint::Color(_), true) = (&props.paint, whole.is_finite()) else {
            glyph.interpret(self, props.transform, transform, &props.paint);
            return self.clip();
        };
        let [a, b, c, d, x, y] = whole.as_coeffs();
        let mut hasher = DefaultHasher::new();
        ([a, b, c, d].map(f64::to_bits), self.flat(&props.paint).0).hash(&mut hasher);
        let key = glyph.cache_key() ^ u128::from(hasher.finish());
        let known = self.shared.ids.get(&(Kind::Glyph, key)).copied();
        let id = known.unwrap_or_else(|| {
            let linear = Affine::new([a, b, c, d, 0.0, 0.0]);
            let inner =
                self.aside(|painter| glyph.interpret(painter, linear, Affine::IDENTITY, &props.paint));
            let (id, _) = self.id(Kind::Glyph, key);
            let _ = write!(self.shared.definitions, r#"<g id="p{id}">{inner}</g>"#);
            id
        });
        let _ = write!(self.body, r##"<use href="#p{id}""##);
        self.attribute("x", x, 2);
        self.attribute("y", y, 2);
        self.body.push_str("/>");
    }
}

impl<'a> Device<'a> for Painter<'_> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        if self.is_full() {
            return;
        }
        let grouped = self.begin(props.soft_mask.as_ref(), props.blend_mode);
        self.shape(path, props.transform, &props.paint, mode);
        self.end(grouped);
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        let parent = self.clips.last().copied().flatten();
        let bounds = clip.path.bounding_box();
        let whole = clip.path.elements().len() <= 6
            && bounds.x0 <= self.view.x0
            && bounds.y0 <= self.view.y0
            && bounds.x1 >= self.view.x1
            && bounds.y1 >= self.view.y1;
        // Only a box is known to hold what its bounds hold.
        if whole && (clip.path.area().abs() - bounds.area()).abs() <= 1e-6 * bounds.area() {
            self.clips.push(parent);
            return;
        }
        let key = clip.cache_key() ^ parent.map_or(0, |p| u128::from(p + 1).rotate_left(64));
        let (id, new) = self.id(Kind::Clip, key);
        if new {
            let out = &mut self.shared.definitions;
            let _ = write!(out, r#"<clipPath id="p{id}""#);
            if let Some(parent) = parent {
                let _ = write!(out, r#" clip-path="url(#p{parent})""#);
            }
            out.push_str(r#"><path d=""#);
            path_data(out, &clip.path, Affine::IDENTITY, 2);
            out.push('"');
            if clip.fill == FillRule::EvenOdd {
                out.push_str(r#" clip-rule="evenodd""#);
            }
            out.push_str("/></clipPath>");
        }
        self.clips.push(Some(id));
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn push_transparency_group(&mut self, opacity: f32, mask: Option<SoftMask<'a>>, blend: BlendMode) {
        // The clip in force holds for the group and is not applied again within it.
        self.close();
        let clip = self.clips.last().copied().flatten();
        self.body.push_str("<g");
        if let Some(id) = clip {
            let _ = write!(self.body, r#" clip-path="url(#p{id})""#);
        }
        self.body.push('>');
        self.group(opacity, mask.as_ref(), blend);
    }

    fn pop_transparency_group(&mut self) {
        self.close();
        self.body.push_str("</g></g>");
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        if matches!(mode, DrawMode::Invisible) || self.is_full() {
            return;
        }
        let grouped = self.begin(props.soft_mask.as_ref(), props.blend_mode);
        for glyph in run.glyphs() {
            self.glyph(glyph, glyph.transform(), &props, mode);
        }
        self.end(grouped);
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        if self.is_full() {
            return;
        }
        let grouped = self.begin(props.soft_mask.as_ref(), props.blend_mode);
        self.close_run();
        self.image(image, props.transform);
        self.end(grouped);
    }
}

/// A paint that is one colour.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Flat([u8; 4]);

impl Flat {
    fn write(self, out: &mut String, name: &str) {
        let [r, g, b, alpha] = self.0;
        if (name, [r, g, b]) != ("fill", [0, 0, 0]) {
            let _ = write!(out, r##" {name}="#{r:02x}{g:02x}{b:02x}""##);
        }
        if alpha < 255 {
            let _ = write!(out, r#" {name}-opacity=""#);
            number(out, f64::from(alpha) / 255.0, 3);
            out.push('"');
        }
    }

    fn attributes(self, name: &str) -> String {
        let mut out = String::new();
        self.write(&mut out, name);
        out
    }
}

/// True when circles stay circles.
fn is_similarity(transform: Affine) -> bool {
    let [a, b, c, d, ..] = transform.as_coeffs();
    let size = a.hypot(b).max(c.hypot(d));
    (a.hypot(b) - c.hypot(d)).abs() <= 1e-3 * size && (a * c + b * d).abs() <= 1e-3 * size * size
}

fn blend_name(blend: BlendMode) -> Option<&'static str> {
    Some(match blend {
        BlendMode::Normal => return None,
        BlendMode::Multiply => "multiply",
        BlendMode::Screen => "screen",
        BlendMode::Overlay => "overlay",
        BlendMode::Darken => "darken",
        BlendMode::Lighten => "lighten",
        BlendMode::ColorDodge => "color-dodge",
        BlendMode::ColorBurn => "color-burn",
        BlendMode::HardLight => "hard-light",
        BlendMode::SoftLight => "soft-light",
        BlendMode::Difference => "difference",
        BlendMode::Exclusion => "exclusion",
        BlendMode::Hue => "hue",
        BlendMode::Saturation => "saturation",
        BlendMode::Color => "color",
        BlendMode::Luminosity => "luminosity",
    })
}

fn matrix(out: &mut String, transform: Affine) {
    for (i, value) in transform.as_coeffs().into_iter().enumerate() {
        if i > 0 {
            out.push(' ');
        }
        // The linear part scales whole glyphs; the shift is in points.
        number(out, value, if i < 4 { 6 } else { 3 });
    }
}

/// Path data with absolute moves and relative lines and curves, rounded to `places` so that errors do not
/// add up.
fn path_data(out: &mut String, path: &BezPath, transform: Affine, places: usize) {
    let unit = 10_f64.powi(places as i32);
    let round = |p: Point| {
        let p = transform * p;
        ((p.x * unit).round() / unit, (p.y * unit).round() / unit)
    };
    let mut pen = (0.0, 0.0);
    let mut first = pen;
    for element in path.elements() {
        let (letter, points): (char, &[Point]) = match element {
            PathEl::MoveTo(p) => ('M', std::slice::from_ref(p)),
            PathEl::LineTo(p) => ('l', std::slice::from_ref(p)),
            PathEl::QuadTo(p, q) => ('q', &[*p, *q]),
            PathEl::CurveTo(p, q, r) => ('c', &[*p, *q, *r]),
            PathEl::ClosePath => {
                out.push('z');
                pen = first;
                continue;
            }
        };
        let origin = if letter == 'M' { (0.0, 0.0) } else { pen };
        out.push(letter);
        for (i, &point) in points.iter().enumerate() {
            let (x, y) = round(point);
            for (j, value) in [x - origin.0, y - origin.1].into_iter().enumerate() {
                let at = out.len();
                number(out, value, places);
                if i + j > 0 && !out[at..].starts_with('-') {
                    out.insert(at, ' ');
                }
            }
            if i + 1 == points.len() {
                pen = (x, y);
            }
        }
        if letter == 'M' {
            first = pen;
        }
    }
}
