//! Stopping: told once, heard by every thread.

use tokio::sync::watch;

/// How urgent it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Working,
    Stopping,
    AtOnce,
}

/// Tells everybody to stop.
#[derive(Clone, Debug)]
pub(crate) struct Stop(watch::Sender<Stage>);

/// Hears it.
#[derive(Clone, Debug)]
pub(crate) struct Stopping(watch::Receiver<Stage>);

/// A pair: who tells, and who hears (to be cloned).
pub(crate) fn channel() -> (Stop, Stopping) {
    let (tell, hear) = watch::channel(Stage::Working);
    (Stop(tell), Stopping(hear))
}

impl Stop {
    /// Tells it. Told a second time, nobody waits for what still runs.
    pub(crate) fn tell(&self) {
        self.0.send_modify(|stage| {
            *stage = if *stage == Stage::Working { Stage::Stopping } else { Stage::AtOnce };
        });
    }
}

impl Stop {
    /// Tells it, unless it was told.
    pub(crate) fn begin(&self) {
        self.0.send_modify(|stage| *stage = (*stage).max(Stage::Stopping));
    }
}

impl Stopping {
    /// Whether it was told.
    #[cfg(test)]
    pub(crate) fn is_told(&self) -> bool {
        *self.0.borrow() >= Stage::Stopping
    }

    /// Waits until it is told. Whoever could tell being gone is being told.
    pub(crate) async fn wait(&mut self) {
        drop(self.0.wait_for(|stage| *stage >= Stage::Stopping).await);
    }

    /// Waits until it is told a second time.
    pub(crate) async fn wait_at_once(&mut self) {
        drop(self.0.wait_for(|stage| *stage == Stage::AtOnce).await);
    }
}
