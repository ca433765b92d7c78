//! Connections that can be broken on purpose: after a number of bytes a write fails and the socket closes or is reset.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// How a connection is to break.
#[derive(Clone, Debug)]
pub(crate) struct Cut(Arc<Break>);

#[derive(Debug)]
struct Break {
    /// Bytes that it still lets out.
    left: AtomicUsize,
    /// Whether it then ends with RST instead of FIN.
    resets: AtomicBool,
    /// Whether it breaks when it hears from the client again.
    on_next: AtomicBool,
}

impl Cut {
    fn new() -> Self {
        let (resets, on_next) = (AtomicBool::new(false), AtomicBool::new(false));
        Self(Arc::new(Break { left: AtomicUsize::new(usize::MAX), resets, on_next }))
    }

    /// Closes the connection once it has sent this many more bytes.
    pub(crate) fn close_after(&self, bytes: usize) {
        self.0.left.store(bytes, Ordering::SeqCst);
    }

    /// Resets the connection once it has sent this many more bytes.
    pub(crate) fn reset_after(&self, bytes: usize) {
        self.0.resets.store(true, Ordering::SeqCst);
        self.close_after(bytes);
    }

    /// Resets the connection as soon as another request arrives.
    pub(crate) fn reset_on_next(&self) {
        self.0.on_next.store(true, Ordering::SeqCst);
    }

    /// Whether the answer that is being sent will not arrive whole.
    pub(crate) fn is_set(&self) -> bool {
        self.0.left.load(Ordering::SeqCst) != usize::MAX
    }
}

impl Connected<IncomingStream<'_, Wires>> for Cut {
    fn connect_info(stream: IncomingStream<'_, Wires>) -> Self {
        stream.remote_addr().clone()
    }
}

/// What became of connections.
#[derive(Debug, Default)]
pub(crate) struct Wired {
    pub(crate) accepted: AtomicU64,
    pub(crate) resets: AtomicU64,
}

impl Wired {
    pub(crate) fn forget(&self) {
        self.accepted.store(0, Ordering::SeqCst);
        self.resets.store(0, Ordering::SeqCst);
    }
}

/// A listener whose connections can be cut.
#[derive(Debug)]
pub(crate) struct Wires {
    listener: TcpListener,
    wired: Arc<Wired>,
}

impl Wires {
    /// Counts the connections that it accepts and resets.
    pub(crate) fn new(listener: TcpListener, wired: Arc<Wired>) -> Self {
        Self { listener, wired }
    }
}

impl Listener for Wires {
    type Io = Wire;
    type Addr = Cut;

    async fn accept(&mut self) -> (Wire, Cut) {
        let (stream, _) = Listener::accept(&mut self.listener).await;
        // Without it small answers wait for the client's acknowledgement; a failure only costs speed.
        let _slow = stream.set_nodelay(true);
        self.wired.accepted.fetch_add(1, Ordering::SeqCst);
        let cut = Cut::new();
        (Wire { stream, cut: cut.clone(), is_reset: false, wired: Arc::clone(&self.wired) }, cut)
    }

    fn local_addr(&self) -> io::Result<Cut> {
        Ok(Cut::new())
    }
}

#[derive(Debug)]
pub(crate) struct Wire {
    stream: TcpStream,
    cut: Cut,
    is_reset: bool,
    wired: Arc<Wired>,
}

impl Wire {
    /// The error that makes the server give up the connection; closing a socket that may not linger resets it.
    fn reset(&mut self) -> io::Error {
        if let Err(error) = self.stream.set_zero_linger() {
            return error;
        }
        self.is_reset = true;
        self.wired.resets.fetch_add(1, Ordering::SeqCst);
        io::ErrorKind::ConnectionReset.into()
    }
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = ready!(Pin::new(&mut self.stream).poll_read(cx, buf));
        if buf.filled().len() > before && self.cut.0.on_next.swap(false, Ordering::SeqCst) {
            return Poll::Ready(Err(self.reset()));
        }
        Poll::Ready(read)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let left = self.cut.0.left.load(Ordering::SeqCst);
        if left == usize::MAX {
            return Pin::new(&mut self.stream).poll_write(cx, bytes);
        }
        let Some(bytes) = bytes.get(..left.min(bytes.len())).filter(|bytes| !bytes.is_empty()) else {
            let resets = self.cut.0.resets.swap(false, Ordering::SeqCst);
            return Poll::Ready(Err(if resets { self.reset() } else { io::ErrorKind::ConnectionReset.into() }));
        };
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        if let Poll::Ready(Ok(count)) = &written {
            self.cut.0.left.store(left.saturating_sub(*count), Ordering::SeqCst);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.is_reset {
            // A farewell would be read before the reset.
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
