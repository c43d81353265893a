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
        typical: None,
        labelled,
    }
}

fn token(text: &str) -> Token {
    let value: Decimal = text.parse().unwrap();
    Token { value: scaled(value), places: value.scale(), ..Token::default() }
}

/// total, a, b, c and the shares of a, b, c; three rates that grow.
fn inpatients(numbers: &[&str], order: f64) -> Problem {
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
        order,
        budget: BUDGET,
    }
}

fn value(problem: &Problem, answer: &Answer) -> i64 {
    problem.tokens[answer.choices[0].0.unwrap()].value.unwrap()
}

#[test]
fn what_the_sums_prove_is_proved_and_what_they_leave_open_is_not() {
    let problem =
        inpatients(&["90.4", "83.0", "21.0", "2150", "452", "490", "22.8", "57.2", "56.2", "1208"], 0.0);
    let outcome = problem.solve();
    let proved: Vec<usize> = (0..10).filter(|&v| outcome.answers[v].proved).collect();
    assert_eq!(proved, [0, 7, 8, 9]);
    assert_eq!(value(&problem, &outcome.answers[0]), 2150 * SCALE);
    assert_eq!(value(&problem, &outcome.answers[7]), 572_000);
    assert_eq!(outcome.answers[9].evidence, [Evidence::Unit, Evidence::Order, Evidence::Bound]);
    // Without any trust in the order, the three parts are alike.
    for v in [1, 3, 5] {
        assert_eq!(outcome.answers[v].choices.len(), 3);
        assert!((outcome.answers[v].choices[0].1 - 1.0 / 3.0).abs() < 1e-9);
    }
}

#[test]
fn the_reading_order_tells_the_parts_apart() {
    for numbers in [
        ["2150", "452", "21.0", "490", "22.8", "1208", "56.2", "57.2", "83.0", "90.4"],
        ["90.4", "83.0", "57.2", "56.2", "1208", "22.8", "490", "21.0", "452", "2150"],
    ] {
        let problem = inpatients(&numbers, 0.9);
        let outcome = problem.solve();
        assert_eq!(value(&problem, &outcome.answers[1]), 452 * SCALE);
        assert_eq!(value(&problem, &outcome.answers[6]), 562_000);
        assert!(outcome.answers.iter().all(|a| a.choices[0].1 > SOLVED), "{outcome:?}");
        assert!(!outcome.answers[1].proved);
    }
}

#[test]
fn numbers_that_hold_no_rule_are_a_contradiction() {
    let problem =
        inpatients(&["2150", "452", "21.0", "490", "22.8", "1209", "56.2", "57.2", "83.0", "90.4"], 0.6);
    assert!(problem.solve().contradiction);
}

#[test]
fn every_assignment_counts_once() {
    // Two free counts: each of the two numbers may be either, and nothing tells them apart.
    let problem = Problem {
        variables: vec![variable(0, 0, 0, 9), variable(5, 0, 0, 9)],
        tokens: vec![token("3"), token("4")],
        rules: Vec::new(),
        order: 0.0,
        budget: BUDGET,
    };
    let outcome = problem.solve();
    assert_eq!(outcome.answers[0].choices, [(Some(0), 0.5), (Some(1), 0.5)]);
}

#[test]
fn a_search_without_end_says_so() {
    let variables = (0..40).map(|p| variable(p, 0, 0, 1_000)).collect();
    let tokens = (0..40).map(|n| token(&n.to_string())).collect();
    let outcome = Problem { variables, tokens, rules: Vec::new(), order: 0.0, budget: 10_000 }.solve();
    assert!(outcome.exhausted);
    assert!(outcome.answers.iter().all(|a| !a.proved));
}
