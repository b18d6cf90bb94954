//! The access log: lines are gathered per thread and handed in batches to one writer thread.
//!
//! The way to the writer is bounded. When it is full, because a disk or a pipe is slower than the traffic, a batch is
//! dropped and its lines are counted; traffic never waits for its own log. While lines come, the writer looks for them
//! at intervals instead of being woken for each batch, which would cost a traffic thread a system call.

use std::cell::{Cell, RefCell};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use gw_artifact::bounds::ceilings::LOG_QUEUE;

use super::ThreadMetrics;
use crate::bindings::LogSink;
use crate::fault::ServeFault;
use crate::{THREADS, vital};

/// A batch is sent on when it has so many bytes, or with the next tidying.
const BATCH_BYTES: usize = 32 * 1024;
/// A batch ends with a whole line, so it may become longer.
const BATCH_ROOM: usize = BATCH_BYTES + BATCH_BYTES / 4;
/// Empty batches that are kept to be filled again.
const MOST_SPARE: usize = 64;
/// How long the writer lets batches gather: long beside a wake-up, short enough that few batches are on their way and
/// their memory stays in the processor's caches.
const GATHER: Duration = Duration::from_millis(10);

/// One thread's lines on their way to the writer.
#[derive(Debug)]
pub(crate) struct LogBuffer {
    way: Option<Way>,
    lines: Cell<u64>,
    batch: RefCell<Vec<u8>>,
}

/// The writer's thread; it ends when it is closed.
#[derive(Debug)]
pub(crate) struct LogWriter {
    way: Way,
    thread: JoinHandle<()>,
}

/// Has the log's file opened again.
#[derive(Clone, Debug)]
pub(crate) struct LogReopener(Way);

/// What the writer and everybody else share.
#[derive(Clone, Debug, Default)]
struct Way(Arc<(Mutex<Waiting>, Condvar)>);

#[derive(Debug, Default)]
struct Waiting {
    batches: Vec<Vec<u8>>,
    /// What the batches take: [`LOG_QUEUE`] at most.
    bytes: usize,
    spare: Vec<Vec<u8>>,
    reopen: bool,
    closed: bool,
    writer_sleeps: bool,
}

/// Where lines are written.
#[derive(Debug)]
pub(crate) enum Sink {
    Stdout,
    File(PathBuf, File),
}

/// Opens what the lines go to.
///
/// # Errors
/// When its file cannot be opened.
pub(crate) fn open(sink: &LogSink) -> Result<Sink, ServeFault> {
    match sink {
        LogSink::Stdout => Ok(Sink::Stdout),
        LogSink::File(path) => {
            let file = open_file(path).map_err(|source| ServeFault::Log { path: path.clone(), source })?;
            Ok(Sink::File(path.clone(), file))
        }
    }
}

fn open_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}

impl Sink {
    /// Starts a writer. Its panic is the gateway's end: nobody is served without a log.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub(crate) fn start(mut self, held: vital::Thread) -> Result<LogWriter, ServeFault> {
        let way = Way::default();
        let writers = way.clone();
        let thread = std::thread::Builder::new().name(format!("{THREADS}log"));
        let body = move || {
            let _held = held;
            while self.write(&writers) {}
        };
        Ok(LogWriter { way, thread: thread.spawn(body).map_err(ServeFault::Start)? })
    }

    /// Waits for batches and writes them; whether there may be more.
    fn write(&mut self, way: &Way) -> bool {
        let mut work = way.wait();
        for batch in &mut work.batches {
            // A full disk or a closed pipe must not end the traffic; there is nobody left to tell.
            drop(match self {
                Self::File(_, file) => file.write_all(batch),
                Self::Stdout => io::stdout().lock().write_all(batch),
            });
            batch.clear();
        }
        if let (true, Self::File(path, file)) = (work.reopen, &mut *self)
            && let Ok(opened) = open_file(path)
        {
            *file = opened;
        }
        way.give_back(work.batches);
        !work.closed
    }
}

/// What the writer found.
struct Work {
    batches: Vec<Vec<u8>>,
    reopen: bool,
    closed: bool,
}

impl Way {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The writer's wait: asleep while there is nothing, then a little longer, so that more comes together.
    fn wait(&self) -> Work {
        let mut waiting = self.lock();
        while waiting.batches.is_empty() && !waiting.reopen && !waiting.closed {
            waiting.writer_sleeps = true;
            waiting = self.0.1.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        waiting.writer_sleeps = false;
        if !waiting.reopen && !waiting.closed {
            let is_urgent = |waiting: &mut Waiting| !waiting.reopen && !waiting.closed;
            let gathered = self.0.1.wait_timeout_while(waiting, GATHER, is_urgent);
            waiting = gathered.unwrap_or_else(PoisonError::into_inner).0;
        }
        let (reopen, closed) = (std::mem::take(&mut waiting.reopen), waiting.closed);
        waiting.bytes = 0;
        Work { batches: std::mem::take(&mut waiting.batches), reopen, closed }
    }

    /// Keeps empty batches, but none that a few long lines made larger than usual.
    fn give_back(&self, mut batches: Vec<Vec<u8>>) {
        batches.retain(|batch| batch.capacity() <= BATCH_ROOM);
        let mut waiting = self.lock();
        let room = MOST_SPARE.saturating_sub(waiting.spare.len());
        batches.truncate(room);
        waiting.spare.append(&mut batches);
    }

    /// Hands a batch over and takes an empty one; gives it back when the writer is too far behind.
    fn hand_over(&self, batch: Vec<u8>) -> Result<Vec<u8>, Vec<u8>> {
        let mut waiting = self.lock();
        let bytes = waiting.bytes + batch.capacity();
        if bytes > LOG_QUEUE {
            return Err(batch);
        }
        waiting.bytes = bytes;
        waiting.batches.push(batch);
        let empty = waiting.spare.pop();
        let must_wake = std::mem::take(&mut waiting.writer_sleeps);
        drop(waiting);
        if must_wake {
            self.0.1.notify_all();
        }
        Ok(empty.unwrap_or_else(|| Vec::with_capacity(BATCH_ROOM)))
    }

    fn tell(&self, change: impl FnOnce(&mut Waiting)) {
        change(&mut self.lock());
        self.0.1.notify_all();
    }
}

impl LogWriter {
    /// A buffer for one more thread.
    pub(crate) fn buffer(&self) -> LogBuffer {
        LogBuffer::new(Some(self.way.clone()))
    }

    /// Who can have the file opened again.
    pub(crate) fn reopener(&self) -> LogReopener {
        LogReopener(self.way.clone())
    }

    /// Waits until every line that was handed over is written.
    pub(crate) fn close(self) {
        self.way.tell(|waiting| waiting.closed = true);
        // A writer that panicked has said so.
        drop(self.thread.join());
    }
}

impl LogReopener {
    /// Opens the file again, after it was moved away; what was handed over before is still written to the old one.
    pub(crate) fn reopen(&self) {
        self.0.tell(|waiting| waiting.reopen = true);
    }
}

impl LogBuffer {
    /// A buffer that forgets its lines.
    pub(crate) fn nowhere() -> Self {
        Self::new(None)
    }

    fn new(way: Option<Way>) -> Self {
        Self { way, lines: Cell::new(0), batch: RefCell::default() }
    }

    /// Whether no line waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.lines.get() == 0
    }

    /// Adds one line, and sends the batch on when it is large enough.
    pub(crate) fn write(&self, metrics: &ThreadMetrics, line: impl FnOnce(&mut Vec<u8>)) {
        if self.way.is_none() {
            return;
        }
        let mut batch = self.batch.borrow_mut();
        line(&mut batch);
        self.lines.set(self.lines.get() + 1);
        let is_large = batch.len() >= BATCH_BYTES;
        drop(batch);
        if is_large {
            self.flush(metrics);
        }
    }

    /// Sends the batch on, or drops and counts it when the writer is too far behind.
    pub(crate) fn flush(&self, metrics: &ThreadMetrics) {
        let lines = self.lines.replace(0);
        if let Some(way) = self.way.as_ref().filter(|_| lines > 0) {
            let empty = way.hand_over(self.batch.take()).unwrap_or_else(|mut refused| {
                metrics.dropped(lines);
                refused.clear();
                refused
            });
            self.batch.replace(empty);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: [u8; BATCH_BYTES / 4] = [b'x'; BATCH_BYTES / 4];

    fn lines(count: usize) -> (LogBuffer, Way, ThreadMetrics) {
        let way = Way::default();
        let (buffer, metrics) = (LogBuffer::new(Some(way.clone())), ThreadMetrics::new(0, 0));
        for _ in 0..count {
            buffer.write(&metrics, |out| out.extend_from_slice(&LINE));
        }
        (buffer, way, metrics)
    }

    #[test]
    fn lines_travel_in_batches_and_the_rest_with_a_flush() {
        let (buffer, way, metrics) = lines(5);
        let lengths = |way: &Way| way.lock().batches.iter().map(Vec::len).collect::<Vec<_>>();
        assert_eq!(lengths(&way), [BATCH_BYTES]);
        assert!(!buffer.is_empty());
        buffer.flush(&metrics);
        assert_eq!(lengths(&way), [BATCH_BYTES, BATCH_BYTES / 4]);
        assert!(buffer.is_empty());
        assert_eq!(metrics.dropped_lines(), 0);
    }

    #[test]
    fn what_the_writer_cannot_take_is_dropped_and_counted() {
        let (buffer, way, metrics) = lines(4 * (LOG_QUEUE / BATCH_BYTES));
        let capacities: Vec<usize> = way.lock().batches.iter().map(Vec::capacity).collect();
        let (waiting, held) = (capacities.len(), capacities.iter().sum());
        assert!((LOG_QUEUE - BATCH_ROOM..=LOG_QUEUE).contains(&held), "{held}");
        let dropped = 4 * (LOG_QUEUE / BATCH_BYTES - waiting) as u64;
        assert!(dropped > 0);
        assert_eq!(metrics.dropped_lines(), dropped);
        way.give_back(way.wait().batches);
        buffer.write(&metrics, |out| out.extend_from_slice(&LINE));
        buffer.flush(&metrics);
        assert_eq!(way.lock().batches.len(), 1);
        assert_eq!(metrics.dropped_lines(), dropped);
    }

    #[test]
    fn a_batch_that_a_long_line_made_large_is_not_kept() {
        let way = Way::default();
        way.give_back(vec![Vec::with_capacity(BATCH_ROOM), Vec::with_capacity(BATCH_ROOM + 1)]);
        assert_eq!(way.lock().spare.iter().map(Vec::capacity).collect::<Vec<_>>(), [BATCH_ROOM]);
    }

    #[test]
    fn a_file_that_was_moved_away_is_opened_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("access.log");
        let fate = vital::Fate::new(crate::shutdown::channel().0);
        let writer = open(&LogSink::File(path.clone())).unwrap().start(fate.thread()).unwrap();
        let (buffer, metrics) = (writer.buffer(), ThreadMetrics::new(0, 0));
        let say = |text: &'static str| {
            buffer.write(&metrics, |out| out.extend_from_slice(text.as_bytes()));
            buffer.flush(&metrics);
        };
        say("before\n");
        std::fs::rename(&path, folder.path().join("access.log.1")).unwrap();
        say("moved\n");
        writer.reopener().reopen();
        while !path.exists() {
            std::thread::yield_now();
        }
        say("after\n");
        writer.close();
        assert_eq!(std::fs::read_to_string(folder.path().join("access.log.1")).unwrap(), "before\nmoved\n");
        assert_eq!(std::fs::read_to_string(path).unwrap(), "after\n");
    }
}
