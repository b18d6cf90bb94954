//! The files of certificates, keys and revocation lists, and how one tells that they changed.

use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer};

/// The largest file that is read, in bytes: a revocation list of a million certificates is half of it.
const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// What is wrong with a file, in words for whoever put it there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` {message}", path.display())]
pub(crate) struct FileDefect {
    pub(super) path: PathBuf,
    pub(super) message: String,
}

impl FileDefect {
    pub(crate) fn new(path: &Path, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), message: message.into() }
    }
}

/// The certificates of a PEM file, in its order; at least one.
pub(super) fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, FileDefect> {
    let found: Vec<_> = objects(path)?;
    if found.is_empty() {
        return Err(FileDefect::new(
            path,
            "holds no certificate; one begins with `-----BEGIN CERTIFICATE-----`",
        ));
    }
    Ok(found)
}

/// The one private key of a PEM file.
pub(super) fn key(path: &Path) -> Result<PrivateKeyDer<'static>, FileDefect> {
    let text = read(path)?;
    match PrivateKeyDer::from_pem_slice(&text) {
        Ok(key) => Ok(key),
        Err(_) if contains(&text, b"ENCRYPTED") => Err(FileDefect::new(
            path,
            "holds an encrypted key, and nobody is there to type its pass phrase; decrypt it with `openssl pkey -in … -out …` \
             and protect the file",
        )),
        Err(pem::Error::NoItemsFound) => {
            Err(FileDefect::new(path, "holds no private key; one begins with `-----BEGIN PRIVATE KEY-----`"))
        }
        Err(fault) => Err(FileDefect::new(path, format!("is no PEM that reads: {fault}"))),
    }
}

/// The revocation lists of a PEM file; at least one.
pub(super) fn revocation_lists(
    path: &Path,
) -> Result<Vec<CertificateRevocationListDer<'static>>, FileDefect> {
    let found: Vec<_> = objects(path)?;
    if found.is_empty() {
        return Err(FileDefect::new(
            path,
            "holds no revocation list; one begins with `-----BEGIN X509 CRL-----`",
        ));
    }
    Ok(found)
}

fn objects<T: PemObject>(path: &Path) -> Result<Vec<T>, FileDefect> {
    let text = read(path)?;
    let all: Result<Vec<T>, pem::Error> = T::pem_slice_iter(&text).collect();
    all.map_err(|fault| FileDefect::new(path, format!("is no PEM that reads: {fault}")))
}

/// The bytes of a file, if there are not too many.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, FileDefect> {
    let unreadable = |fault: std::io::Error| FileDefect::new(path, format!("cannot be read: {fault}"));
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(FileDefect::new(path, format!("is larger than {} MiB", MAX_FILE_BYTES >> 20)));
    }
    Ok(bytes)
}

fn contains(text: &[u8], words: &[u8]) -> bool {
    text.windows(words.len()).any(|window| window == words)
}

/// What changes when a file is written or replaced, also by a link that leads elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    inode: u64,
    length: u64,
    changed: (i64, i64),
}

/// The stamps of files, in their order; `None` for one that is not there.
pub(crate) fn stamps<'p>(paths: impl Iterator<Item = &'p Path>) -> Vec<Option<Stamp>> {
    let stamp = |path: &Path| {
        let found = std::fs::metadata(path).ok()?;
        Some(Stamp { inode: found.ino(), length: found.len(), changed: (found.ctime(), found.ctime_nsec()) })
    };
    paths.map(stamp).collect()
}
