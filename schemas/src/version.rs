//! Which layouts of the file this version writes and reads.

/// The layout that is written, and the only one that is read.
///
/// It changes with the layout of the envelope, of the manifest or of any table: a test compares a fully populated
/// artifact with the bytes kept for this number. Readers refuse other numbers, they never guess.
pub const FORMAT_VERSION: u32 = 4;
