//! Parallel work, results in order, memory bounded.

use std::collections::BTreeMap;
use std::sync::mpsc;

use rayon::ThreadPool;

/// Does `work` on `0..count` in parallel and hands each result to `take` in order, in this thread.
///
/// At most `window` results are worked on or wait for one before them, so that memory does not grow with
/// `count`; a result that takes long holds up the others only when the window is full. The first error of
/// `take` ends it: work that has begun is finished and dropped, and the error is returned.
pub(crate) fn in_order<T: Send, E>(
    pool: &ThreadPool,
    count: usize,
    window: usize,
    work: impl Fn(usize) -> T + Sync,
    mut take: impl FnMut(usize, T) -> Result<(), E>,
) -> Result<(), E> {
    let (sender, receiver) = mpsc::channel();
    let (work, sender) = (&work, &sender);
    pool.in_place_scope(|scope| {
        let mut waiting = BTreeMap::new();
        let (mut begun, mut taken) = (0, 0);
        while taken < count {
            while begun < count && begun < taken + window.max(1) {
                let (index, sender) = (begun, sender.clone());
                scope.spawn(move |_| {
                    // The receiver lives as long as the scope; if not, nobody waits for the result.
                    let _ = sender.send((index, work(index)));
                });
                begun += 1;
            }
            let Ok((index, result)) = receiver.recv() else { break };
            waiting.insert(index, result);
            while let Some(result) = waiting.remove(&taken) {
                take(taken, result)?;
                taken += 1;
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    fn pool(threads: usize) -> ThreadPool {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap()
    }

    #[test]
    fn results_come_in_order_and_the_window_is_never_passed() {
        let taken = AtomicUsize::new(0);
        let ahead = AtomicUsize::new(0);
        let mut order = Vec::new();
        in_order(
            &pool(4),
            200,
            8,
            |i| {
                ahead.fetch_max(i - taken.load(Ordering::SeqCst).min(i), Ordering::SeqCst);
                // The first of each ten is slow, so that the others overtake it.
                std::thread::sleep(Duration::from_micros(if i % 10 == 0 { 2000 } else { 10 }));
                i * 2
            },
            |i, result| {
                taken.store(i + 1, Ordering::SeqCst);
                order.push(result);
                Ok::<_, ()>(())
            },
        )
        .unwrap();
        assert_eq!(order, (0..200).map(|i| i * 2).collect::<Vec<_>>());
        let ahead = ahead.load(Ordering::SeqCst);
        assert!((1..=8).contains(&ahead), "{ahead} ahead of what was taken");
    }

    #[test]
    fn an_error_ends_it() {
        let begun = AtomicUsize::new(0);
        let work = |i| {
            begun.fetch_add(1, Ordering::SeqCst);
            i
        };
        let result = in_order(&pool(2), 1000, 8, work, |i, _| if i < 5 { Ok(()) } else { Err("full") });
        assert_eq!(result, Err("full"));
        assert!(begun.load(Ordering::SeqCst) <= 13);
    }
}
