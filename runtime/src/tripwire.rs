//! Where tests make code of ours fail: a request for `?panic=PLACE` does at that place. Only builds for tests look.

#[cfg(test)]
pub(crate) fn trip(place: &str, target: &str) {
    let wanted = target.split_once("?panic=").map_or("", |(_, wanted)| wanted);
    assert!(wanted.split('+').all(|wanted| wanted != place), "tripped: {place}");
}

#[cfg(not(test))]
#[inline(always)]
pub(crate) const fn trip(_: &str, _: &str) {}
