//! Paints that are not one colour.

use std::fmt::Write;

use hayro_interpret::kurbo::{Affine, BezPath, Shape};
use hayro_interpret::pattern::{Pattern, ShadingPattern, TilingPattern};
use hayro_interpret::{ClipPath, Device, FillRule, Paint};

use super::{Flat, Painter, matrix, path_data};
use crate::picture::number;

/// Pixels of the longer side of a shading.
const SHADING: f64 = 160.0;

impl<'a> Painter<'_> {
    /// The colour of a paint; of a pattern one that is about as dark.
    pub(super) fn flat(&self, paint: &Paint<'a>) -> Flat {
        match paint {
            Paint::Color(color) => Flat(color.to_rgba().to_rgba8()),
            Paint::Pattern(pattern) => match &**pattern {
                Pattern::Shading(shading) => {
                    let sample = shading.encode().sample(self.view.center());
                    Flat(sample.map(|v| (v.clamp(0.0, 1.0) * 255.0).round() as u8))
                }
                Pattern::Tiling(_) => Flat([128, 128, 128, 255]),
            },
        }
    }

    /// Fills a path with a pattern; `None` when that cannot be done.
    pub(super) fn pattern(
        &mut self,
        path: &BezPath,
        transform: Affine,
        rule: FillRule,
        pattern: &Pattern<'a>,
    ) -> Option<()> {
        let placed = transform * path.clone();
        match pattern {
            Pattern::Shading(shading) => self.shading(&placed, rule, shading),
            Pattern::Tiling(tiling) => self.tiling(&placed, rule, tiling),
        }
    }

    fn shading(&mut self, path: &BezPath, rule: FillRule, shading: &ShadingPattern) -> Option<()> {
        let bounds = path.bounding_box().intersect(self.view);
        if bounds.width() <= 0.0 || bounds.height() <= 0.0 {
            return Some(());
        }
        let scale = (SHADING / bounds.width().max(bounds.height())).min(1.0);
        let texture = shading.encode().render_texture(bounds, scale as f32);
        let id = self.png(texture.width, texture.height, png::ColorType::Rgba, &texture.data)?;
        self.push_clip_path(&ClipPath { path: path.clone(), fill: rule });
        if let Some(path) = &shading.shading.clip_path {
            self.push_clip_path(&ClipPath { path: path.clone(), fill: FillRule::NonZero });
        }
        self.clip();
        self.close_run();
        let _ = write!(self.body, r##"<use href="#p{id}""##);
        self.transform(texture.transform);
        self.body.push_str("/>");
        if shading.shading.clip_path.is_some() {
            self.pop_clip();
        }
        self.pop_clip();
        self.clip();
        Some(())
    }

    fn tiling(&mut self, path: &BezPath, rule: FillRule, tiling: &TilingPattern<'a>) -> Option<()> {
        let origin = Affine::translate((-tiling.bbox.x0, -tiling.bbox.y0));
        let mut drawn = None;
        let tile = self.aside(|painter| drawn = tiling.interpret(painter, origin, false));
        drawn?;
        let id = self.shared.ids.len() as u32;
        self.shared.ids.insert((super::Kind::Image, u128::from(id) | 1 << 127), id);
        let out = &mut self.shared.definitions;
        let _ = write!(out, r#"<pattern id="p{id}" patternUnits="userSpaceOnUse" width=""#);
        number(out, f64::from(tiling.x_step.abs()), 3);
        out.push_str(r#"" height=""#);
        number(out, f64::from(tiling.y_step.abs()), 3);
        out.push_str(r#"" patternTransform="matrix("#);
        matrix(out, tiling.matrix * origin.inverse());
        let _ = write!(out, r#")">{tile}</pattern>"#);
        self.close_run();
        self.body.push_str(r#"<path d=""#);
        path_data(&mut self.body, path, Affine::IDENTITY, 2);
        let _ = write!(self.body, r#"" fill="url(#p{id})""#);
        if rule == FillRule::EvenOdd {
            self.body.push_str(r#" fill-rule="evenodd""#);
        }
        if tiling.opacity < 1.0 {
            self.attribute("fill-opacity", f64::from(tiling.opacity), 3);
        }
        self.body.push_str("/>");
        Some(())
    }
}
