//! The only door to files: the caller reads them, the compiler names them.

/// Gives the compiler the bytes of files by project-relative path. Implemented over a folder by the command
/// line, and over a map in tests.
pub trait Files {
    /// The bytes of one file. `path` is relative to the project's folder, with `/`, without `.` and `..`.
    ///
    /// An implementation must not follow a path out of the folder, not even through a link.
    fn read(&self, path: &str) -> Result<Vec<u8>, FileFault>;
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileFault {
    /// There is no such file.
    Missing,
    /// It is there and cannot be read; the words of the operating system.
    Unreadable(String),
    /// It is larger than [`MAX_FILE_BYTES`].
    TooLarge,
    /// It lies outside the project's folder.
    Outside,
}

/// The largest file that is read, in bytes.
pub const MAX_FILE_BYTES: u64 = 64 << 20;
