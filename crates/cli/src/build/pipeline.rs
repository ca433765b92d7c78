//! Work for several threads whose results are taken in order: what comes out does not depend on how many there are.

use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Things that are of use again after one thread is done with them, for the memory that they have.
#[derive(Debug, Default)]
pub(super) struct Pool<T>(Mutex<Vec<T>>);

impl<T: Default> Pool<T> {
    /// One as somebody left it, or a new one.
    pub(super) fn take(&self) -> T {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    pub(super) fn give(&self, thing: T) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(thing);
    }
}

/// Where pieces come from and in which order their results are wanted; `None` when there are no more.
type Source<P, O, E> = Mutex<Option<(P, SyncSender<Receiver<Result<O, E>>>)>>;

/// Pieces from `produce` go through workers on `threads` threads; the results go to `consume` on this thread, in the
/// order of the pieces.
///
/// `produce` runs on any of the threads, one call at a time. No more than four results for each thread are under way or wait.
///
/// # Errors
/// The first one of `produce` or `consume`, in the order of the pieces. All threads have ended then.
///
/// # Panics
/// When a worker does.
pub(crate) fn in_order<I, O, E, P, W>(
    threads: NonZeroUsize,
    produce: P,
    worker: impl Fn() -> W + Sync,
    mut consume: impl FnMut(O) -> Result<(), E>,
) -> Result<(), E>
where
    I: Send,
    O: Send,
    E: Send,
    P: FnMut() -> Result<Option<I>, E> + Send,
    W: FnMut(I) -> O,
{
    let (queue, results) = mpsc::sync_channel(threads.get() * 2);
    let source: Source<P, O, E> = Mutex::new(Some((produce, queue)));
    thread::scope(|scope| {
        // Dropped when this thread stops, which stops the others.
        let results = results;
        let work = || {
            let mut work = worker();
            while let Some((piece, to)) = next(&source) {
                // Nobody to take it means that this is over.
                if to.send(piece.map(&mut work)).is_err() {
                    break;
                }
            }
        };
        let workers: Vec<_> = (0..threads.get()).map(|_| scope.spawn(work)).collect();
        let taken = results.iter().map_while(|result| result.recv().ok()).try_for_each(|result| consume(result?));
        drop(results);
        for worker in workers {
            if let Err(panic) = worker.join() {
                resume_unwind(panic);
            }
        }
        taken
    })
}

/// The next piece and where its result goes. Waits while too many results wait.
#[expect(clippy::type_complexity, reason = "said once")]
fn next<I, O, E>(
    source: &Source<impl FnMut() -> Result<Option<I>, E>, O, E>,
) -> Option<(Result<I, E>, Sender<Result<O, E>>)> {
    let mut place = source.lock().unwrap_or_else(PoisonError::into_inner);
    // It is put back only if there may be more, so a panic ends it too.
    let (mut produce, queue) = place.take()?;
    let piece = produce().transpose()?;
    let (to, result) = mpsc::channel();
    queue.send(result).ok()?;
    if piece.is_ok() {
        *place = Some((produce, queue));
    }
    Some((piece, to))
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn threads(number: usize) -> NonZeroUsize {
        NonZeroUsize::new(number).unwrap()
    }

    /// Pieces 0 to `end`, which fail from there on.
    fn up_to(end: usize, fails: bool) -> impl FnMut() -> Result<Option<usize>, String> + Send {
        let mut next = 0;
        move || {
            next += 1;
            match next - 1 {
                piece if piece < end => Ok(Some(piece)),
                _ if fails => Err(format!("no piece {end}")),
                _ => Ok(None),
            }
        }
    }

    #[test]
    fn results_come_in_the_order_of_the_pieces() {
        for number in [1, 2, 7] {
            let mut taken = Vec::new();
            let worker = || {
                |piece: usize| {
                    if piece.is_multiple_of(3) {
                        thread::yield_now();
                    }
                    piece * 2
                }
            };
            let result = in_order(threads(number), up_to(1000, false), worker, |result| {
                taken.push(result);
                Ok(())
            });
            assert_eq!(result, Ok(()));
            assert_eq!(taken, (0..1000).map(|piece| piece * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_error_of_the_source_comes_after_what_was_before_it() {
        for number in [1, 2, 7] {
            let mut taken = 0;
            let result = in_order(
                threads(number),
                up_to(20, true),
                || |piece: usize| piece,
                |_| {
                    taken += 1;
                    Ok(())
                },
            );
            assert_eq!((result, taken), (Err("no piece 20".to_owned()), 20));
        }
    }

    #[test]
    fn an_error_of_who_takes_results_stops_the_others() {
        for number in [1, 2, 7] {
            let pieces = AtomicUsize::new(0);
            let worker = || {
                |piece: usize| {
                    pieces.fetch_add(1, Ordering::Relaxed);
                    piece
                }
            };
            let full = |piece| if piece == 5 { Err("the disk is full".to_owned()) } else { Ok(()) };
            let result = in_order(threads(number), up_to(usize::MAX, false), worker, full);
            assert_eq!(result, Err("the disk is full".to_owned()));
            assert!(pieces.into_inner() <= 6 + 4 * number);
        }
    }

    #[test]
    fn a_panic_is_a_panic_and_no_wait_without_end() {
        for number in [1, 2, 7] {
            let panics = |piece: usize| {
                assert!(piece != 9, "piece 9");
                piece
            };
            let told = |result: thread::Result<Result<(), String>>| *result.unwrap_err().downcast::<&str>().unwrap();
            let run = || in_order(threads(number), up_to(100, false), || panics, |_| Ok(()));
            assert_eq!(told(catch_unwind(AssertUnwindSafe(run))), "piece 9");
            let source = || -> Result<Option<usize>, String> { panic!("no source") };
            let run = || in_order(threads(number), source, || |piece: usize| piece, |_| Ok(()));
            assert_eq!(told(catch_unwind(AssertUnwindSafe(run))), "no source");
            let taker = |piece: usize| if piece == 3 { panic!("no taker") } else { Ok(()) };
            let run = || in_order(threads(number), up_to(usize::MAX, false), || |piece: usize| piece, taker);
            assert_eq!(told(catch_unwind(AssertUnwindSafe(run))), "no taker");
        }
    }
}
