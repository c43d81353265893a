//! The grammars in which a program writes the cells of a table.
//!
//! A dump is a walk over the cells of a page. Row by row or column by column, it goes from a label to its own
//! number or from the number of one row to that of the next; from below, it does the same backwards; where a
//! page was drawn in pieces, it jumps. A grammar says how likely each step is: to the next number or label,
//! counted in rows, given the last thing written and the last thing of its own kind (a mixture of the two).
//! One document has one grammar.
//!
//! The figures were estimated by expectation maximisation over 245 dumps, with six tools, of generated sheets
//! whose truth is known, and are rounded.

/// Rows a step may go over and be told apart; longer ones share what is left.
const NEAR: i32 = 3;
const STEPS: usize = 2 * NEAR as usize + 3;

/// Probabilities of steps: more than three rows back, three back, ... none, ... three on, more than three on.
type Steps = [f64; STEPS];

/// How numbers are written, or labels.
#[derive(Debug)]
struct Writer {
    /// Share of steps taken from the last thing written, from the last of its own kind, and at random.
    mix: [f64; 3],
    after_label: Steps,
    after_number: Steps,
    /// Behind a number whose row has another one to come.
    after_open: Steps,
    own: Steps,
    own_open: Steps,
}

/// How a table is written.
#[derive(Debug)]
pub(super) struct Grammar {
    /// Share of the documents.
    pub share: f64,
    number: Writer,
    label: Writer,
}

/// Where the walk stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Walk {
    last: Option<Last>,
    /// Row of the last number, and whether that row has another one to come.
    number: Option<(i32, bool)>,
    label: Option<i32>,
}

#[derive(Clone, Copy, Debug)]
enum Last {
    /// The row, and that of the first label of the run.
    Label(i32, i32),
    Number(i32, bool),
}

impl Grammar {
    /// Probability that the next number is one of this row, of so many.
    pub(super) fn number(&self, walk: &Walk, row: i32, rows: f64) -> f64 {
        let own = walk.number.map(|(from, open)| {
            chance(if open { &self.number.own_open } else { &self.number.own }, row - from, rows)
        });
        self.number.mixed(walk.last.map(|last| self.number.behind(last, row, rows)), own, rows)
    }

    /// Probability that the next label is that of this row, of so many.
    pub(super) fn label(&self, walk: &Walk, row: i32, rows: f64) -> f64 {
        let own = walk.label.map(|from| chance(&self.label.own, row - from, rows));
        self.label.mixed(walk.last.map(|last| self.label.behind(last, row, rows)), own, rows)
    }
}

impl Walk {
    pub(super) fn to_number(self, row: i32, open: bool) -> Self {
        Self { last: Some(Last::Number(row, open)), number: Some((row, open)), ..self }
    }

    pub(super) fn to_label(self, row: i32) -> Self {
        let first = match self.last {
            Some(Last::Label(_, first)) => first,
            _ => row,
        };
        Self { last: Some(Last::Label(row, first)), label: Some(row), ..self }
    }
}

impl Writer {
    fn behind(&self, last: Last, row: i32, rows: f64) -> f64 {
        match last {
            Last::Label(from, first) if first != from => {
                let top = if row == first { TOP } else { (1.0 - TOP) / (rows - 1.0).max(1.0) };
                0.5 * (top + chance(&self.after_label, row - from, rows))
            }
            Last::Label(from, _) => chance(&self.after_label, row - from, rows),
            Last::Number(from, true) => chance(&self.after_open, row - from, rows),
            Last::Number(from, false) => chance(&self.after_number, row - from, rows),
        }
    }

    fn mixed(&self, last: Option<f64>, own: Option<f64>, rows: f64) -> f64 {
        let mut sum = self.mix[2] / rows;
        let mut whole = self.mix[2];
        for (share, chance) in self.mix.iter().zip([last, own]) {
            if let Some(chance) = chance {
                sum += share * chance;
                whole += share;
            }
        }
        sum / whole
    }
}

fn chance(steps: &Steps, step: i32, rows: f64) -> f64 {
    let far = step.abs() > NEAR;
    let at = (step.clamp(-NEAR - 1, NEAR + 1) + NEAR + 1) as usize;
    steps[at] / if far { ((rows - f64::from(NEAR) - 1.0) / 2.0).max(1.0) } else { 1.0 }
}

/// Behind a run of labels the first number is that of the last label or that of the first; with this probability
/// in the second case.
const TOP: f64 = 0.9;

/// Share of the documents that are written in no order at all: numbers come at random, labels at random or in
/// order.
pub(super) const SHUFFLED: f64 = 0.29;

pub(super) const GRAMMARS: [Grammar; 3] = [
    // Row by row or column by column.
    Grammar {
        share: 0.55,
        number: Writer {
            mix: [0.458, 0.541, 0.001],
            after_label: [0.023, 0.001, 0.006, 0.001, 0.965, 0.003, 0.001, 0.001, 0.001],
            after_open: [0.003, 0.003, 0.003, 0.003, 0.979, 0.003, 0.003, 0.003, 0.003],
            after_number: [0.004, 0.002, 0.002, 0.007, 0.062, 0.909, 0.003, 0.006, 0.005],
            own_open: [0.002, 0.002, 0.002, 0.002, 0.982, 0.002, 0.002, 0.002, 0.002],
            own: [0.012, 0.001, 0.001, 0.001, 0.004, 0.969, 0.006, 0.002, 0.003],
        },
        label: Writer {
            mix: [0.167, 0.830, 0.003],
            after_label: [0.191, 0.006, 0.003, 0.004, 0.003, 0.646, 0.021, 0.047, 0.078],
            after_open: [0.003, 0.004, 0.003, 0.003, 0.017, 0.860, 0.003, 0.002, 0.105],
            after_number: [0.003, 0.004, 0.003, 0.003, 0.017, 0.860, 0.003, 0.002, 0.105],
            own_open: [0.008, 0.001, 0.001, 0.001, 0.001, 0.983, 0.001, 0.001, 0.003],
            own: [0.008, 0.001, 0.001, 0.001, 0.001, 0.983, 0.001, 0.001, 0.003],
        },
    },
    // Column by column, the columns in blocks.
    Grammar {
        share: 0.13,
        number: Writer {
            mix: [0.443, 0.551, 0.007],
            after_label: [0.408, 0.162, 0.011, 0.039, 0.349, 0.008, 0.008, 0.008, 0.008],
            after_open: [0.028, 0.012, 0.012, 0.012, 0.669, 0.192, 0.025, 0.038, 0.012],
            after_number: [0.100, 0.003, 0.003, 0.006, 0.003, 0.829, 0.021, 0.026, 0.010],
            own_open: [0.044, 0.009, 0.015, 0.015, 0.295, 0.567, 0.018, 0.027, 0.010],
            own: [0.038, 0.002, 0.002, 0.004, 0.002, 0.832, 0.046, 0.037, 0.037],
        },
        label: Writer {
            mix: [0.485, 0.464, 0.051],
            after_label: [0.015, 0.011, 0.006, 0.007, 0.002, 0.844, 0.073, 0.002, 0.040],
            after_open: [0.117, 0.057, 0.009, 0.009, 0.023, 0.239, 0.058, 0.023, 0.466],
            after_number: [0.117, 0.057, 0.009, 0.009, 0.023, 0.239, 0.058, 0.023, 0.466],
            own_open: [0.018, 0.007, 0.006, 0.010, 0.004, 0.926, 0.014, 0.002, 0.013],
            own: [0.018, 0.007, 0.006, 0.010, 0.004, 0.926, 0.014, 0.002, 0.013],
        },
    },
    // From below.
    Grammar {
        share: 0.03,
        number: Writer {
            mix: [0.022, 0.968, 0.010],
            after_label: [0.047, 0.047, 0.047, 0.506, 0.169, 0.046, 0.046, 0.046, 0.046],
            after_open: [0.110, 0.110, 0.110, 0.110, 0.120, 0.110, 0.110, 0.110, 0.110],
            after_number: [0.111, 0.111, 0.111, 0.112, 0.111, 0.111, 0.111, 0.111, 0.111],
            own_open: [0.022, 0.022, 0.022, 0.022, 0.824, 0.022, 0.022, 0.022, 0.022],
            own: [0.005, 0.020, 0.005, 0.926, 0.024, 0.005, 0.005, 0.005, 0.005],
        },
        label: Writer {
            mix: [0.128, 0.860, 0.011],
            after_label: [0.062, 0.062, 0.062, 0.083, 0.062, 0.062, 0.062, 0.062, 0.480],
            after_open: [0.033, 0.033, 0.033, 0.046, 0.722, 0.033, 0.033, 0.033, 0.033],
            after_number: [0.033, 0.033, 0.033, 0.046, 0.722, 0.033, 0.033, 0.033, 0.033],
            own_open: [0.005, 0.005, 0.005, 0.958, 0.005, 0.005, 0.005, 0.005, 0.007],
            own: [0.005, 0.005, 0.005, 0.958, 0.005, 0.005, 0.005, 0.005, 0.007],
        },
    },
];

/// Probability that labels come in this order where numbers come at random: half of such documents have their
/// labels in order.
pub(super) fn apart(labels: &[i32], rows: f64) -> f64 {
    let ordered: f64 = labels
        .windows(2)
        .map(|w| if w[1] == w[0] + 1 { 0.95 } else { 0.05 / (rows - 1.0).max(1.0) })
        .map(f64::ln)
        .sum();
    let random = -(labels.len().saturating_sub(1) as f64) * rows.ln();
    let most = ordered.max(random);
    most + (0.5 * (ordered - most).exp() + 0.5 * (random - most).exp()).ln()
}
