//! Simulated time: real time since the start, passing faster by a constant factor.

use std::time::{Duration, Instant};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    start: Instant,
    scale: f64,
}

impl Clock {
    pub(crate) fn new(time_scale: f64) -> Self {
        let scale = if time_scale.is_finite() && time_scale > 0.0 { time_scale } else { 1.0 };
        Self { start: Instant::now(), scale }
    }

    /// Simulated milliseconds since the start.
    pub(crate) fn now_ms(&self) -> u64 {
        u64::try_from(self.start.elapsed().mul_f64(self.scale).as_millis()).unwrap_or(u64::MAX)
    }

    /// A simulated wait in whole real seconds, rounded up, at least one: `Retry-After` knows nothing finer, so with a
    /// large factor a client waits longer than the simulated minute needs, never shorter.
    pub(crate) fn real_seconds(&self, simulated_ms: u64) -> u64 {
        let real = Duration::from_millis(simulated_ms).div_f64(self.scale);
        (real.as_secs() + u64::from(real.subsec_nanos() > 0)).max(1)
    }
}
