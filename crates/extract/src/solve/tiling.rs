//! Labels and numbers written in turns: which number stands beside which label.
//!
//! Where a table is dumped row by row, each label's numbers stand directly behind it, or directly in front
//! of it (a label of two lines sinks below the numbers of its row). In `a 1 b 2 3 c` with `c` taking two
//! numbers, only one tiling leaves nothing over. All tilings are weighed by what they leave over; what comes
//! out is, for each number, how likely it is each neighbouring label's.

/// What follows what in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// A label that takes this many numbers.
    Label(usize),
    /// A number.
    Number,
}

/// Which neighbouring label a number belongs to: index of the label among the labels, and the probability.
pub(super) type Owners = Vec<(usize, f64)>;

/// Weight (natural logarithm) of each number that a tiling leaves over, or that a label lacks.
const LEFT_OVER: f64 = -2.0;
/// Tilings are evidence only where the best of them leaves over no more than this share of the numbers.
const MOST_LEFT_OVER: f64 = 0.25;

/// Where a label takes its numbers.
const SIDES: [Side; 2] = [Side::Behind, Side::InFront];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Behind,
    InFront,
}

/// The owners of each number; `None` where the text is not written in turns.
pub(super) fn owners(items: &[Item]) -> Option<Vec<Owners>> {
    let mut takes: Vec<usize> = Vec::new();
    // Numbers before the first label, between the labels, and behind the last one.
    let mut gaps: Vec<usize> = vec![0];
    for item in items {
        match item {
            Item::Label(count) => {
                takes.push(*count);
                gaps.push(0);
            }
            Item::Number => *gaps.last_mut()? += 1,
        }
    }
    let numbers: usize = gaps.iter().sum();
    let labels = takes.len();
    if labels == 0 || numbers == 0 {
        return None;
    }
    // What the label in front of a gap and the one behind it leave of it, or lack.
    let cost = |gap: usize, before: Option<Side>, after: Option<Side>| -> f64 {
        let behind = if before == Some(Side::Behind) { takes[gap - 1] } else { 0 };
        let in_front = if after == Some(Side::InFront) { takes[gap] } else { 0 };
        gaps[gap].abs_diff(behind + in_front) as f64
    };
    let sum = |logs: [f64; 2]| {
        let most = logs[0].max(logs[1]);
        most + logs.iter().map(|l| (l - most).exp()).sum::<f64>().ln()
    };
    // Forwards: the weight of all choices of the labels up to this one; backwards: of those behind it.
    let mut forwards = vec![[0.0; 2]; labels];
    let mut cheapest = [f64::INFINITY; 2];
    for (i, &side) in SIDES.iter().enumerate() {
        forwards[0][i] = LEFT_OVER * cost(0, None, Some(side));
        cheapest[i] = cost(0, None, Some(side));
    }
    for l in 1..labels {
        let mut next = [f64::INFINITY; 2];
        for (i, &side) in SIDES.iter().enumerate() {
            let step = |j: usize| cost(l, Some(SIDES[j]), Some(side));
            forwards[l][i] = sum([0, 1].map(|j| forwards[l - 1][j] + LEFT_OVER * step(j)));
            next[i] = (cheapest[0] + step(0)).min(cheapest[1] + step(1));
        }
        cheapest = next;
    }
    let mut backwards = vec![[0.0; 2]; labels];
    for (i, &side) in SIDES.iter().enumerate() {
        let last = cost(labels, Some(side), None);
        backwards[labels - 1][i] = LEFT_OVER * last;
        cheapest[i] += last;
    }
    if cheapest[0].min(cheapest[1]) > MOST_LEFT_OVER * numbers as f64 {
        return None;
    }
    for l in (0..labels - 1).rev() {
        for (i, &side) in SIDES.iter().enumerate() {
            let step = |j: usize| cost(l + 1, Some(side), Some(SIDES[j]));
            backwards[l][i] = sum([0, 1].map(|j| backwards[l + 1][j] + LEFT_OVER * step(j)));
        }
    }
    let behind: Vec<f64> = (0..labels)
        .map(|l| {
            let logs = [0, 1].map(|i| forwards[l][i] + backwards[l][i]);
            (logs[0] - sum(logs)).exp()
        })
        .collect();
    let mut out = Vec::with_capacity(numbers);
    for (gap, &count) in gaps.iter().enumerate() {
        for n in 0..count {
            let mut owners = Owners::new();
            if gap > 0 && n < takes[gap - 1] {
                owners.push((gap - 1, behind[gap - 1]));
            }
            if gap < labels && count - n <= takes[gap] {
                owners.push((gap, 1.0 - behind[gap]));
            }
            out.push(owners);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Vec<Owners>> {
        let items: Vec<Item> = text
            .split_whitespace()
            .map(|w| w.strip_prefix('L').map_or(Item::Number, |n| Item::Label(n.parse().unwrap())))
            .collect();
        owners(&items)
    }

    fn likeliest(owners: &Owners) -> usize {
        owners.iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap().0
    }

    #[test]
    fn numbers_behind_labels() {
        let found = read("L1 n L1 n L2 n n L1 n").unwrap();
        assert_eq!(found.iter().map(likeliest).collect::<Vec<_>>(), [0, 1, 2, 2, 3]);
        assert!(found.iter().all(|o| o.iter().any(|(_, p)| *p > 0.95)), "{found:?}");
    }

    #[test]
    fn labels_that_sink_below_their_numbers() {
        // The first takes the number behind it, the two with shares those in front of them, the last again
        // the one behind it.
        let found = read("L1 n n n L2 n n L2 L1 n").unwrap();
        assert_eq!(found.iter().map(likeliest).collect::<Vec<_>>(), [0, 1, 1, 2, 2, 3]);
    }

    #[test]
    fn labels_in_a_run_are_no_turns() {
        assert!(read("n n n L1 L1 L2 L1 L1 n n n n L1").is_none());
        assert!(read("n n").is_none());
    }
}
