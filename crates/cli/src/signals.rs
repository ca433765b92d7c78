//! Signals become a cancellation: the first asks the run to stop, the second leaves at once.

use tokio_util::sync::CancellationToken;

use crate::exit::Exit;
use crate::output;

/// Cancels the token on the first SIGINT or SIGTERM; ends the process on the second.
pub(crate) fn cancel_on_signal() -> CancellationToken {
    let cancel = CancellationToken::new();
    let token = cancel.clone();
    let mut signals = Signals::new();
    tokio::spawn(async move {
        signals.next().await;
        token.cancel();
        signals.next().await;
        output::tell("\nstopped at once; what was received is kept, and the same command goes on\n");
        #[expect(clippy::exit, reason = "the second signal means now; the archive can take it")]
        std::process::exit(Exit::Interrupted as i32);
    });
    cancel
}

/// What a terminal or a supervisor sends. Listened to from the beginning, so that none is missed between two waits.
#[cfg(unix)]
struct Signals(Vec<tokio::signal::unix::Signal>);

#[cfg(unix)]
impl Signals {
    fn new() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        // Without signals there is nothing to wait for.
        Self(
            [SignalKind::interrupt(), SignalKind::terminate()]
                .into_iter()
                .filter_map(|kind| signal(kind).ok())
                .collect(),
        )
    }

    async fn next(&mut self) {
        std::future::poll_fn(|context| {
            let came = |signal: &mut _| {
                matches!(tokio::signal::unix::Signal::poll_recv(signal, context), std::task::Poll::Ready(Some(())))
            };
            if self.0.iter_mut().any(came) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
        })
        .await;
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> Self {
        Self
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            // Without signals there is nothing to wait for.
            std::future::pending::<()>().await;
        }
    }
}
