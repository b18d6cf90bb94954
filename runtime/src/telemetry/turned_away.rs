//! Who was turned away where only trusted proxies connect: counted by reason, and told about in time.

use std::fmt;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use gw_artifact::model::ListenerId;

use crate::listener::Refused;

/// See the module. For the whole process: it is no part of anybody's usual way.
#[derive(Debug, Default)]
pub(crate) struct TurnedAway {
    counts: [AtomicU64; Refused::ALL.len()],
    untold: Mutex<Option<News>>,
}

/// What has happened since it was last told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct News {
    connections: u64,
    /// Where the last one came to.
    pub(crate) listener: ListenerId,
    from: Option<SocketAddr>,
    why: Refused,
}

impl TurnedAway {
    /// A connection was closed.
    pub(crate) fn note(&self, why: Refused, listener: ListenerId, from: Option<SocketAddr>) {
        self.counts[why as usize].fetch_add(1, Ordering::Relaxed);
        // A number and an address are whole whatever became of who held the lock.
        let mut untold = self.untold.lock().unwrap_or_else(PoisonError::into_inner);
        let connections = untold.map_or(0, |news| news.connections) + 1;
        *untold = Some(News { connections, listener, from, why });
    }

    /// How many were closed for each reason.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (Refused, u64)> {
        Refused::ALL.into_iter().zip(self.counts.iter().map(|count| count.load(Ordering::Relaxed)))
    }

    /// What has happened since this was last asked, if anything has.
    pub(crate) fn news(&self) -> Option<News> {
        self.untold.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl fmt::Display for News {
    /// `closed a connection: 203.0.113.9 is none of …`, and how many others since the last time.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { connections, from, why, .. } = self;
        match from {
            Some(from) => write!(f, "closed a connection: {} {}", from.ip().to_canonical(), why.described())?,
            None => write!(f, "closed a connection: somebody at its Unix socket {}", why.described())?,
        }
        match connections - 1 {
            0 => Ok(()),
            1 => f.write_str("; and another one"),
            others => write!(f, "; and {others} others"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_is_counted_for_ever_and_told_once() {
        let turned_away = TurnedAway::default();
        assert_eq!(turned_away.news(), None);
        for (why, last) in [(Refused::Late, 7), (Refused::Stranger, 8), (Refused::Stranger, 9)] {
            turned_away.note(why, ListenerId(0), Some(([203, 0, 113, last], 1).into()));
        }
        let news = turned_away.news().unwrap().to_string();
        let told = "closed a connection: 203.0.113.9 is none of the proxies that `proxy-protocol` names; and 2 others";
        assert_eq!((news.as_str(), turned_away.news()), (told, None));
        let counts: Vec<u64> = turned_away.counts().map(|(_, count)| count).collect();
        assert_eq!(counts, [2, 0, 0, 1]);
    }

    #[test]
    fn every_reason_has_its_counter() {
        assert!(Refused::ALL.iter().enumerate().all(|(at, reason)| *reason as usize == at));
    }
}
