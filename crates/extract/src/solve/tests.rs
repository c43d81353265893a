use super::*;

fn variable(position: i32, places: u32, min: i64, max: i64) -> Variable {
    let unit = if places > 0 { "%" } else { "人" };
    let bound = |v: i64| Some(v * SCALE);
    let labelled = true;
    Variable {
        position,
        unit: unit.into(),
        places,
        min: bound(min),
        max: bound(max),
        labelled,
        ..Variable::default()
    }
}

fn token(text: &str) -> Token {
    let value: Decimal = text.parse().unwrap();
    Token { value: scaled(value), places: value.scale(), stray: -8.0, ..Token::default() }
}

/// All labels, then all numbers.
fn in_columns(labels: &[i32], numbers: usize) -> Vec<Item> {
    labels.iter().map(|&l| Item::Label(l)).chain((0..numbers).map(Item::Number)).collect()
}

/// Each label with so many numbers behind it.
fn in_rows(numbers: &[usize]) -> Vec<Item> {
    let mut items = Vec::new();
    let mut next = 0;
    for (row, &count) in numbers.iter().enumerate() {
        items.push(Item::Label(row as i32));
        items.extend((next..next + count).map(Item::Number));
        next += count;
    }
    items
}

/// total, a, b, c and the shares of a, b, c; three rates that grow.
fn inpatients(numbers: &[&str], labels: &[i32]) -> Problem {
    let count = |p| variable(p, 0, 0, 1_000_000);
    let share = |p| variable(p, 1, 0, 100);
    Problem {
        variables: vec![
            count(0),
            count(1),
            share(1),
            count(2),
            share(2),
            count(3),
            share(3),
            share(4),
            share(5),
            share(6),
        ],
        tokens: numbers.iter().map(|n| token(n)).collect(),
        rules: vec![
            Rule::Sum { total: 0, parts: vec![1, 3, 5] },
            Rule::Share { share: 2, part: 1, total: 0 },
            Rule::Share { share: 4, part: 3, total: 0 },
            Rule::Share { share: 6, part: 5, total: 0 },
            Rule::AtMost { less: 7, more: 8 },
            Rule::AtMost { less: 8, more: 9 },
        ],
        sequence: in_columns(labels, numbers.len()),
        budget: BUDGET,
    }
}

fn value(problem: &Problem, answer: &Answer) -> i64 {
    problem.tokens[answer.choices[0].0.unwrap()].value.unwrap()
}

const LABELS: [i32; 7] = [0, 1, 2, 3, 4, 5, 6];

#[test]
fn what_the_sums_prove_is_proved_and_what_they_leave_open_is_not() {
    let numbers = ["90.4", "452", "21.0", "57.2", "2150", "1208", "83.0", "490", "22.8", "56.2"];
    let problem = inpatients(&numbers, &[3, 0, 6, 2, 5, 1, 4]);
    let outcome = problem.solve();
    let proved: Vec<usize> = (0..10).filter(|&v| outcome.answers[v].proved).collect();
    assert_eq!(proved, [0, 7, 8, 9]);
    assert_eq!(value(&problem, &outcome.answers[0]), 2150 * SCALE);
    assert_eq!(value(&problem, &outcome.answers[7]), 572_000);
    assert_eq!(outcome.answers[9].evidence, [Evidence::Unit, Evidence::Order, Evidence::Bound]);
    // In a text without order, the three parts are alike.
    for v in [1, 3, 5] {
        assert!(outcome.answers[v].choices[0].1 < SOLVED, "{outcome:?}");
    }
}

#[test]
fn the_reading_order_tells_the_parts_apart() {
    let problem =
        inpatients(&["2150", "452", "21.0", "490", "22.8", "1208", "56.2", "57.2", "83.0", "90.4"], &LABELS);
    let outcome = problem.solve();
    assert_eq!(value(&problem, &outcome.answers[1]), 452 * SCALE);
    assert_eq!(value(&problem, &outcome.answers[6]), 562_000);
    let weights: Vec<f64> = outcome.answers.iter().map(|a| a.choices[0].1).collect();
    assert!(weights.iter().all(|w| *w > SOLVED), "{weights:?}");
    assert!(!outcome.answers[1].proved);
}

#[test]
fn a_table_that_is_read_from_below() {
    let mut problem =
        inpatients(&["90.4", "83.0", "57.2", "1208", "56.2", "490", "22.8", "452", "21.0", "2150"], &LABELS);
    let rows: [(i32, &[usize]); 7] =
        [(6, &[0]), (5, &[1]), (4, &[2]), (3, &[3, 4]), (2, &[5, 6]), (1, &[7, 8]), (0, &[9])];
    problem.sequence = rows
        .iter()
        .flat_map(|(row, numbers)| {
            std::iter::once(Item::Label(*row)).chain(numbers.iter().map(|&t| Item::Number(t)))
        })
        .collect();
    let outcome = problem.solve();
    assert_eq!(value(&problem, &outcome.answers[1]), 452 * SCALE);
    let weights: Vec<f64> = outcome.answers.iter().map(|a| a.choices[0].1).collect();
    assert!(weights.iter().all(|w| *w > SOLVED), "{weights:?}");
}

#[test]
fn a_clear_order_outweighs_a_sum_that_is_wrong() {
    // 452 + 490 + 1208 is 2150, and the table says 2155.
    let mut problem =
        inpatients(&["2155", "452", "21.0", "490", "22.8", "1208", "56.2", "57.2", "83.0", "90.4"], &LABELS);
    // The more there is of a table, the clearer its order.
    for row in 7..14 {
        problem.variables.push(variable(row, 0, 0, 99));
        problem.tokens.push(token(&(row * 5 % 7 + 20).to_string()));
    }
    problem.sequence = in_rows(&[1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
    let outcome = problem.solve();
    assert!(outcome.contradiction);
    assert_eq!(value(&problem, &outcome.answers[0]), 2155 * SCALE);
    assert_eq!(value(&problem, &outcome.answers[3]), 490 * SCALE);
    let weights: Vec<f64> = outcome.answers.iter().map(|a| a.choices[0].1).collect();
    assert!(weights.iter().all(|w| *w > 0.8), "{weights:?}");
}

#[test]
fn rates_that_fall_are_read_as_they_are_printed() {
    let problem =
        inpatients(&["2150", "452", "21.0", "490", "22.8", "1208", "56.2", "57.2", "90.4", "83.0"], &LABELS);
    let outcome = problem.solve();
    assert_eq!(value(&problem, &outcome.answers[8]), 904_000);
    assert_eq!(value(&problem, &outcome.answers[9]), 830_000);
}

#[test]
fn the_unit_of_a_blank_keeps_its_place() {
    // The rows 1 and 2 are alike but for their order, and the first is blank: `人` stands in its place.
    let place = Token { unit: Some("人".into()), place: true, stray: -3.0, ..Token::default() };
    let mut tokens: Vec<Token> = (0..15).map(|n| token(&(n * 7 % 15 + 5).to_string())).collect();
    tokens.insert(1, place);
    let problem = Problem {
        variables: (0..16).map(|p| variable(p, 0, 0, 99)).collect(),
        sequence: in_rows(&[1; 16]),
        tokens,
        rules: Vec::new(),
        budget: BUDGET,
    };
    let outcome = problem.solve();
    assert_eq!(value(&problem, &outcome.answers[2]), 12 * SCALE);
    assert!(problem.blank(outcome.answers[1].choices[0].0));
    let weights: Vec<f64> = outcome.answers.iter().map(|a| a.choices[0].1).collect();
    assert!(weights.iter().all(|w| *w > 0.9), "{weights:?}");
}

#[test]
fn every_assignment_counts_once() {
    // Two free counts: each of the two numbers may be either, and nothing tells them apart.
    let problem = Problem {
        variables: vec![variable(0, 0, 0, 9), variable(5, 0, 0, 9)],
        tokens: vec![token("3"), token("4")],
        ..Problem { budget: BUDGET, ..Problem::default() }
    };
    let outcome = problem.solve();
    let weights = |v: usize| outcome.answers[v].choices.iter().map(|(_, w)| *w).sum::<f64>();
    assert!((0..2).all(|v| weights(v) < 1.0 + 1e-9), "{outcome:?}");
}

#[test]
fn a_search_without_end_says_so() {
    let variables = (0..40).map(|p| variable(p, 0, 0, 1_000)).collect();
    let tokens = (0..40).map(|n| token(&(n * 7 % 40).to_string())).collect();
    let outcome = Problem { variables, tokens, budget: 10_000, ..Problem::default() }.solve();
    assert!(outcome.exhausted);
    assert!(outcome.answers.iter().all(|a| !a.proved));
}

#[test]
fn of_what_is_not_known_there_is_no_share() {
    let null = Token { value: None, ..Token::default() };
    let problem =
        Problem { tokens: vec![token("20.7"), null, token("2069"), token("428")], ..Problem::default() };
    let rule = Rule::Share { share: 0, part: 1, total: 2 };
    assert!(!rule.holds(&problem, Some));
    assert!(rule.holds(&problem, |v| Some(if v == 1 { 3 } else { v })));
    // The share may be left out.
    assert!(rule.holds(&problem, |v| Some([1, 3, 2][v])));
}
