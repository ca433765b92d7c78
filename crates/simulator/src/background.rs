//! A simulator inside the process that asks it.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::api::BASE;
use crate::api::truth::Truth;
use crate::changes::Action;
use crate::config::Config;
use crate::log::Asked;
use crate::server::{Simulation, run};
use crate::stats::Stats;

/// A simulator on a thread of its own, stopped when dropped.
#[derive(Debug)]
pub struct RunningSimulator {
    origin: String,
    simulation: Arc<Simulation>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Starts a simulator on a free loopback port, with its own thread and runtime.
pub fn start_in_background(config: Config) -> io::Result<RunningSimulator> {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    let files = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    files.set_nonblocking(true)?;
    let origin = format!("http://{}", listener.local_addr()?);
    let simulation = Arc::new(Simulation::new(config));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (stop, stopped) = oneshot::channel();
    let served = Arc::clone(&simulation);
    let thread = std::thread::Builder::new().name("asana-simulator".into()).spawn(move || {
        runtime.block_on(async move {
            let listeners = TcpListener::from_std(listener).and_then(|api| Ok((api, TcpListener::from_std(files)?)));
            let Ok(listeners) = listeners else { return };
            // Dropping the server ends it at once, in-flight requests too: a test that stops has seen enough. Either
            // way of ending is fine, and there is nobody to tell.
            tokio::select! {
                _ended = run(listeners, served, std::future::pending()) => {}
                _stopped = stopped => {}
            }
        });
    })?;
    Ok(RunningSimulator { origin, simulation, stop: Some(stop), thread: Some(thread) })
}

impl RunningSimulator {
    /// `http://127.0.0.1:PORT/api/1.0`, without a slash at the end.
    pub fn base_url(&self) -> String {
        format!("{}{BASE}", self.origin)
    }

    /// `http://127.0.0.1:PORT`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// What the server saw so far.
    pub fn stats(&self) -> Stats {
        self.simulation.stats()
    }

    /// What was asked since this was called last, in order, if [`Config::keeps_log`] is set.
    pub fn take_log(&self) -> Vec<Asked> {
        self.simulation.truth().take_log()
    }

    /// Begins counting anew, for a second run against the same server. Faults, quotas and revocations go on.
    pub fn reset_stats(&self) {
        self.simulation.forget_stats();
    }

    /// From now on nothing goes wrong any more: faults and revocations are over. Limits stay.
    pub fn heal(&self) {
        self.simulation.heal();
    }

    /// Changes the workspace now; false when what the action names does not exist.
    pub fn change(&self, action: &Action) -> bool {
        self.simulation.change(std::slice::from_ref(action)) > 0
    }

    /// What the workspace holds and who can see it.
    pub fn truth(&self) -> Truth {
        self.simulation.truth()
    }
}

impl Drop for RunningSimulator {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The server may have ended by itself.
            let _gone = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _panicked = thread.join();
        }
    }
}
