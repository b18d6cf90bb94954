//! The process's own ceilings.

/// Callers' connections at once, however many descriptors there are.
const MOST_CONNECTIONS: usize = 65_536;
/// Descriptors that are not connections: sockets that listen, logs, event queues.
const OTHER_DESCRIPTORS: usize = 64;
/// What POSIX promises at least, should the system not say.
const FEW_DESCRIPTORS: usize = 1024;

/// How many callers' connections may be open: each may need a second descriptor for its upstream.
pub(crate) fn max_connections() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let descriptors = open_files(&limits).unwrap_or(FEW_DESCRIPTORS);
    (descriptors.saturating_sub(OTHER_DESCRIPTORS) / 2).clamp(1, MOST_CONNECTIONS)
}

/// The soft limit of open files, as the kernel lists it.
fn open_files(limits: &str) -> Option<usize> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    match line.split_whitespace().next()? {
        "unlimited" => Some(usize::MAX),
        soft => soft.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_soft_limit_is_read_from_the_kernels_list() {
        let list = "Limit    Soft Limit  Hard Limit  Units\nMax open files            1024   4096   files\n";
        assert_eq!(open_files(list), Some(1024));
        assert_eq!(open_files("Max open files  unlimited unlimited files"), Some(usize::MAX));
        assert_eq!(open_files(""), None);
        assert!(max_connections() >= 1);
    }
}
