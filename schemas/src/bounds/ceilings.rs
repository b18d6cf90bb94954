//! How much the runtime keeps of each thing: the sizes that it takes for its buffers, and what they can come to.
//!
//! A change here changes what artifacts promise, so it is a change of their format.

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;

/// What is read ahead of one side of an exchange at most, and the longest head.
pub const BUFFER: usize = 64 * 1024;

/// A buffer that grows by doubling when it is one byte short.
const GROWN_BUFFER: u64 = 2 * BUFFER as u64;

/// One caller's connection, idle or not: its task and socket, a head that has nearly become too long, and the room of
/// the longest head that was written to it.
pub const CONNECTION_BYTES: u64 = 2 * GROWN_BUFFER + 16 * KIB;

/// TLS of one connection: its keys and state, a record that is being read, what was read and not taken yet, and what
/// waits to be sent; with a chain of client certificates that is being verified.
pub const TLS_BYTES: u64 = 3 * 64 * KIB;

/// TLS of one connection to an endpoint that is kept: its keys and state, an empty buffer, and the certificates that the
/// endpoint showed.
pub const KEPT_TLS_BYTES: u64 = 2 * 64 * KIB;

/// Sessions that are kept to be resumed with one endpoint: eight tickets of TLS 1.3 and one of TLS 1.2, each with the
/// certificates that it began with.
pub const SESSIONS_BYTES: u64 = (SESSIONS as u64 + 1) * 2 * 64 * KIB;
/// Tickets of TLS 1.3 that are kept for one endpoint.
pub const SESSIONS: usize = 8;
/// The address of one connection, where those of each address are counted: an entry of a hash table that doubles when it
/// is full, with its old half while it moves, and as much again for entries that were left.
pub const ADDRESS_BYTES: u64 = 192;

/// One request in flight, beside its caller's connection: both heads as maps and texts, what is relayed each way, and the
/// connection to the endpoint.
pub const REQUEST_BYTES: u64 = HEADS + 2 * RELAY + KEPT_BYTES;

/// Two maps of a hundred lines, their names and values, and the pages that added values share with others.
const HEADS: u64 = 256 * KIB;

/// What is on its way in one direction: a buffer that is being read, and 16 pieces that wait to be written. Each piece
/// holds the buffer that it was read into; the sizes of those fall from [`BUFFER`] to 8 KiB when little comes at a time.
const RELAY: u64 = 7 * BUFFER as u64;

/// Connections that one thread keeps to one endpoint at most.
pub const KEPT: u64 = 256;
/// One connection to an endpoint.
pub const KEPT_BYTES: u64 = 2 * GROWN_BUFFER + 8 * KIB;

/// The program itself, its control thread and its log writer.
pub const PROGRAM_BYTES: u64 = 32 * MIB;
/// One thread of traffic: a stack of 2 MiB, and buffers that its exchanges share.
pub const THREAD_BYTES: u64 = 2 * MIB + 2 * MIB;
/// An endpoint's address with what the resolver said, and its state.
pub const ENDPOINT_BYTES: u64 = 2 * KIB;

/// One set of header patterns: the automaton that reads forwards, the one that reads backwards, and two that the library
/// may make of them.
pub const AUTOMATON_BYTES: u64 = 4 * crate::pattern_set::AUTOMATON_BYTES as u64;
/// What one thread keeps to run it.
pub const AUTOMATON_CACHE_BYTES: u64 = 4 * crate::pattern_set::CACHE_BYTES as u64;

/// Statuses of one operation that are counted apart, and one more for the others.
pub const STATUSES: u64 = 9;
/// One histogram with its status.
pub const HISTOGRAM_BYTES: u64 = 192;
/// The counters of one operation.
pub const OPERATION_COUNTERS_BYTES: u64 = STATUSES * (HISTOGRAM_BYTES + 16);

/// Bytes of log lines that wait for the writer at most.
pub const LOG_QUEUE: usize = 8 * 1024 * 1024;
/// The queue, what the writer has taken from it, and empty batches that are kept.
pub const LOG_BYTES: u64 = 2 * LOG_QUEUE as u64 + 4 * MIB;

/// Connections to the admin and health doors together.
pub const DOORS: u64 = 2 * DOOR as u64;
/// Connections to one door.
pub const DOOR: usize = 64;
/// The longest head that is read from a door.
pub const DOOR_BUFFER: usize = 16 * 1024;
/// One connection to a door, with its buffers and a short answer.
pub const DOOR_BYTES: u64 = 6 * DOOR_BUFFER as u64;

/// Scrapes of the counters that are answered at once.
pub const SCRAPES: u64 = 4;
/// Lines of one series: its buckets, their sum and their count.
pub const SERIES_LINES: u64 = 17;
/// One line of it, without the names that the artifact brings.
pub const SERIES_LINE_BYTES: u64 = 192;
/// All other lines.
pub const OTHER_SERIES_BYTES: u64 = 32 * KIB;
