//! Signals become a cancellation: the first asks the run to stop, the second leaves at once.

use tokio_util::sync::CancellationToken;

use crate::exit::Exit;
use crate::output;

/// Cancels the token on the first SIGINT or SIGTERM; ends the process on the second.
pub(crate) fn cancel_on_signal() -> CancellationToken {
    let cancel = CancellationToken::new();
    let token = cancel.clone();
    tokio::spawn(async move {
        wait().await;
        token.cancel();
        wait().await;
        output::tell("\nstopped at once; the same command goes on\n");
        #[expect(clippy::exit, reason = "the second signal means now; the archive can take it")]
        std::process::exit(Exit::Interrupted as i32);
    });
    cancel
}

#[cfg(unix)]
async fn wait() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return interrupt().await;
    };
    tokio::select! {
        () = interrupt() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn wait() {
    interrupt().await;
}

async fn interrupt() {
    if tokio::signal::ctrl_c().await.is_err() {
        // Without signals there is nothing to wait for.
        std::future::pending::<()>().await;
    }
}
