//! The access log: lines are gathered per thread and handed in batches to one writer thread.
//!
//! The way to the writer is bounded. When it is full, because a disk or a pipe is slower than the traffic, a batch is
//! dropped and its lines are counted; traffic never waits for its own log.

use std::cell::{Cell, RefCell};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use super::ThreadMetrics;
use crate::bindings::LogSink;
use crate::fault::ServeFault;

/// A batch is sent on when it has so many bytes, or with the next tidying.
const BATCH_BYTES: usize = 32 * 1024;
/// Batches that wait for the writer at most: 8 MiB in all.
const MOST_BATCHES: usize = 256;

/// One thread's lines on their way to the writer.
#[derive(Debug)]
pub(crate) struct LogBuffer {
    writer: Option<SyncSender<Message>>,
    lines: Cell<u64>,
    batch: RefCell<Vec<u8>>,
}

/// The writer's thread; joined when all buffers and reopeners are gone.
#[derive(Debug)]
pub(crate) struct LogWriter {
    sender: SyncSender<Message>,
    thread: JoinHandle<()>,
}

/// Has the log's file opened again.
#[derive(Clone, Debug)]
pub(crate) struct LogReopener(SyncSender<Message>);

#[derive(Debug)]
enum Message {
    Batch(Vec<u8>),
    Reopen,
}

#[derive(Debug)]
enum Sink {
    Stdout,
    File(PathBuf, File),
}

/// Starts a writer for a sink.
///
/// # Errors
/// When its file cannot be opened, or the thread cannot be started.
pub(crate) fn open(sink: &LogSink) -> Result<LogWriter, ServeFault> {
    let sink = match sink {
        LogSink::Stdout => Sink::Stdout,
        LogSink::File(path) => {
            let file = open_file(path).map_err(|source| ServeFault::Log { path: path.clone(), source })?;
            Sink::File(path.clone(), file)
        }
    };
    let (sender, receiver) = sync_channel(MOST_BATCHES);
    let thread = std::thread::Builder::new().name("gw-log".to_owned());
    let thread = thread.spawn(move || write_all(sink, &receiver)).map_err(ServeFault::Start)?;
    Ok(LogWriter { sender, thread })
}

fn open_file(path: &PathBuf) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}

fn write_all(mut sink: Sink, batches: &Receiver<Message>) {
    while let Ok(message) = batches.recv() {
        match (message, &mut sink) {
            // A full disk or a closed pipe must not end the traffic; there is nobody left to tell.
            (Message::Batch(lines), Sink::File(_, file)) => drop(file.write_all(&lines)),
            (Message::Batch(lines), Sink::Stdout) => drop(io::stdout().lock().write_all(&lines)),
            (Message::Reopen, Sink::File(path, file)) => {
                if let Ok(opened) = open_file(path) {
                    *file = opened;
                }
            }
            (Message::Reopen, Sink::Stdout) => {}
        }
    }
}

impl LogWriter {
    /// A buffer for one more thread.
    pub(crate) fn buffer(&self) -> LogBuffer {
        LogBuffer::new(Some(self.sender.clone()))
    }

    /// Who can have the file opened again.
    pub(crate) fn reopener(&self) -> LogReopener {
        LogReopener(self.sender.clone())
    }

    /// Waits until every line is written; every buffer and reopener must be gone.
    pub(crate) fn close(self) {
        drop(self.sender);
        drop(self.thread.join());
    }
}

impl LogReopener {
    /// Opens the file again, after it was moved away.
    pub(crate) fn reopen(&self) {
        // A writer that is gone has nothing to open.
        drop(self.0.send(Message::Reopen));
    }
}

impl LogBuffer {
    /// A buffer that forgets its lines.
    pub(crate) fn nowhere() -> Self {
        Self::new(None)
    }

    fn new(writer: Option<SyncSender<Message>>) -> Self {
        Self { writer, lines: Cell::new(0), batch: RefCell::default() }
    }

    /// Whether no line waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.lines.get() == 0
    }

    /// Adds one line, and sends the batch on when it is large enough.
    pub(crate) fn write(&self, metrics: &ThreadMetrics, line: impl FnOnce(&mut Vec<u8>)) {
        if self.writer.is_none() {
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
        if let Some(writer) = self.writer.as_ref().filter(|_| lines > 0) {
            let batch = self.batch.replace(Vec::with_capacity(BATCH_BYTES + BATCH_BYTES / 8));
            match writer.try_send(Message::Batch(batch)) {
                Ok(()) => {}
                Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => metrics.dropped(lines),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(count: usize) -> (LogBuffer, ThreadMetrics, Receiver<Message>) {
        let (sender, receiver) = sync_channel(1);
        let (buffer, metrics) = (LogBuffer::new(Some(sender)), ThreadMetrics::new(0, 0));
        for _ in 0..count {
            buffer.write(&metrics, |out| out.extend_from_slice(&[b'x'; BATCH_BYTES / 4]));
        }
        (buffer, metrics, receiver)
    }

    #[test]
    fn lines_travel_in_batches_and_the_rest_with_a_flush() {
        let (buffer, metrics, receiver) = lines(5);
        assert!(matches!(receiver.try_recv(), Ok(Message::Batch(batch)) if batch.len() == BATCH_BYTES));
        assert!(!buffer.is_empty());
        buffer.flush(&metrics);
        assert!(matches!(receiver.try_recv(), Ok(Message::Batch(batch)) if batch.len() == BATCH_BYTES / 4));
        assert_eq!(metrics.dropped_lines(), 0);
    }

    #[test]
    fn what_the_writer_cannot_take_is_dropped_and_counted() {
        let (_buffer, metrics, _receiver) = lines(12);
        assert_eq!(metrics.dropped_lines(), 8);
    }

    #[test]
    fn a_file_that_was_moved_away_is_opened_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("access.log");
        let writer = open(&LogSink::File(path.clone())).unwrap();
        let (buffer, metrics) = (writer.buffer(), ThreadMetrics::new(0, 0));
        let say = |text: &'static str| {
            buffer.write(&metrics, |out| out.extend_from_slice(text.as_bytes()));
            buffer.flush(&metrics);
        };
        say("before\n");
        std::fs::rename(&path, folder.path().join("access.log.1")).unwrap();
        say("moved\n");
        writer.reopener().reopen();
        say("after\n");
        drop(buffer);
        writer.close();
        assert_eq!(std::fs::read_to_string(folder.path().join("access.log.1")).unwrap(), "before\nmoved\n");
        assert_eq!(std::fs::read_to_string(path).unwrap(), "after\n");
    }
}
