//! The coarse wheel: one timer per thread instead of one per request.
//!
//! Whoever waits holds one [`Alarm`] for the life of its connection and moves its deadline; moving it later, which is
//! what requests do, writes one number. Deadlines are kept to the next tick and are never early. The wheel ticks only
//! while an alarm exists. Cost: [`Alarm::set`] is O(1) and allocates nothing once the slots have grown; a tick visits
//! each alarm at most once in [`HORIZON_MILLIS`].

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::task::Waker;
use std::time::{Duration, Instant};

use tokio::sync::Notify;

/// The distance between two ticks, which is how late a deadline may be noticed.
pub(crate) const TICK_MILLIS: u64 = 32;
/// The number of slots; a deadline farther away is looked at again when the wheel has turned once.
const SLOTS: u64 = 32;
/// How far ahead an alarm is entered at most.
#[cfg(test)]
const HORIZON_MILLIS: u64 = TICK_MILLIS * (SLOTS - 1);
const NEVER: u64 = u64::MAX;

/// One thread's wheel. Its time is milliseconds since it was made.
#[derive(Debug)]
pub(crate) struct Wheel {
    born: Instant,
    now: Cell<u64>,
    live: Cell<usize>,
    first: Notify,
    turning: RefCell<Turning>,
}

#[derive(Debug, Default)]
struct Turning {
    tick: u64,
    alarms: Vec<Entry>,
    free: Vec<usize>,
    slots: Vec<Vec<usize>>,
    due: Vec<usize>,
}

/// INVARIANT: `visit` is the one tick at which the slot's mention of this alarm counts; other mentions are stale.
#[derive(Debug)]
struct Entry {
    deadline: u64,
    visit: u64,
    waker: Option<Waker>,
}

/// One deadline that can be moved. Dropping it takes it off the wheel.
#[derive(Debug)]
pub(crate) struct Alarm {
    wheel: Rc<Wheel>,
    key: usize,
}

impl Wheel {
    pub(crate) fn new() -> Rc<Self> {
        let slots = (0..SLOTS).map(|_| Vec::new()).collect();
        Rc::new(Self {
            born: Instant::now(),
            now: Cell::new(0),
            live: Cell::new(0),
            first: Notify::new(),
            turning: RefCell::new(Turning { slots, ..Turning::default() }),
        })
    }

    /// Milliseconds as of the last tick. While no alarm exists the wheel stands still.
    pub(crate) fn now(&self) -> u64 {
        self.now.get()
    }

    /// A new alarm without a deadline.
    pub(crate) fn alarm(self: &Rc<Self>) -> Alarm {
        if self.live.replace(self.live.get() + 1) == 0 {
            self.advance(self.elapsed());
            self.first.notify_one();
        }
        let entry = Entry { deadline: NEVER, visit: NEVER, waker: None };
        let mut turning = self.turning.borrow_mut();
        let key = turning.free.pop().unwrap_or(turning.alarms.len());
        match turning.alarms.get_mut(key) {
            Some(free) => *free = entry,
            None => turning.alarms.push(entry),
        }
        drop(turning);
        Alarm { wheel: Rc::clone(self), key }
    }

    /// Wakes everybody who holds an alarm, due or not.
    pub(crate) fn wake_all(&self) {
        for entry in &self.turning.borrow().alarms {
            if let Some(waker) = &entry.waker {
                waker.wake_by_ref();
            }
        }
    }

    /// Turns the wheel for as long as the thread lives.
    pub(crate) async fn turn(self: Rc<Self>) {
        loop {
            if self.live.get() == 0 {
                self.first.notified().await;
            }
            tokio::time::sleep(Duration::from_millis(TICK_MILLIS)).await;
            self.advance(self.elapsed());
        }
    }

    fn elapsed(&self) -> u64 {
        u64::try_from(self.born.elapsed().as_millis()).unwrap_or(NEVER - 1)
    }

    /// Moves the time on and wakes whoever is due.
    fn advance(&self, now: u64) {
        let now = now.max(self.now.get());
        self.now.set(now);
        self.turning.borrow_mut().advance(now);
    }
}

impl Turning {
    fn advance(&mut self, now: u64) {
        let target = now / TICK_MILLIS;
        // Everything is mentioned within one turn, so after a long sleep one whole turn visits all.
        let from = (self.tick + 1).max(target.saturating_sub(SLOTS - 1));
        for tick in from..=target {
            self.tick = tick;
            let slot = (tick % SLOTS) as usize;
            let mut due = std::mem::replace(&mut self.slots[slot], std::mem::take(&mut self.due));
            for key in due.drain(..) {
                self.visit(key, tick, now);
            }
            self.due = due;
        }
        self.tick = self.tick.max(target);
    }

    fn visit(&mut self, key: usize, tick: u64, now: u64) {
        let entry = &mut self.alarms[key];
        if entry.visit > tick {
            return;
        }
        entry.visit = NEVER;
        if entry.deadline <= now {
            if let Some(waker) = &entry.waker {
                waker.wake_by_ref();
            }
        } else {
            self.enter(key);
        }
    }

    fn enter(&mut self, key: usize) {
        let entry = &mut self.alarms[key];
        if entry.deadline == NEVER {
            return;
        }
        let visit = entry.deadline.div_ceil(TICK_MILLIS).clamp(self.tick + 1, self.tick + SLOTS - 1);
        if visit < entry.visit {
            entry.visit = visit;
            self.slots[(visit % SLOTS) as usize].push(key);
        }
    }
}

impl Alarm {
    /// Who is woken when the deadline has passed.
    pub(crate) fn wakes(&self, waker: &Waker) {
        let entry = &mut self.wheel.turning.borrow_mut().alarms[self.key];
        if entry.waker.as_ref().is_none_or(|known| !known.will_wake(waker)) {
            entry.waker = Some(waker.clone());
        }
    }

    /// Moves the deadline to so many milliseconds from now, rounded up to a tick.
    pub(crate) fn set(&self, millis: u64) {
        self.set_at(self.wheel.now().saturating_add(millis).saturating_add(TICK_MILLIS));
    }

    /// Moves the deadline to this time of the wheel.
    pub(crate) fn set_at(&self, deadline: u64) {
        let mut turning = self.wheel.turning.borrow_mut();
        turning.alarms[self.key].deadline = deadline;
        turning.enter(self.key);
    }

    /// Whether the deadline has passed.
    pub(crate) fn is_due(&self) -> bool {
        self.wheel.turning.borrow().alarms[self.key].deadline <= self.wheel.now()
    }

    /// The wheel's own time.
    pub(crate) fn now(&self) -> u64 {
        self.wheel.now()
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        let mut turning = self.wheel.turning.borrow_mut();
        turning.alarms[self.key] = Entry { deadline: NEVER, visit: NEVER, waker: None };
        turning.free.push(self.key);
        self.wheel.live.set(self.wheel.live.get() - 1);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Wake;

    use super::*;

    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    impl Count {
        fn get(&self) -> usize {
            self.0.load(Ordering::Relaxed)
        }
    }

    fn counted(wheel: &Rc<Wheel>) -> (Alarm, Arc<Count>) {
        let count = Arc::new(Count::default());
        let alarm = wheel.alarm();
        alarm.wakes(&Waker::from(Arc::clone(&count)));
        (alarm, count)
    }

    fn advance_to(wheel: &Wheel, millis: u64) {
        let mut now = wheel.now();
        while now < millis {
            now = (now + TICK_MILLIS).min(millis);
            wheel.advance(now);
        }
    }

    #[test]
    fn an_alarm_wakes_once_after_its_deadline_and_never_before() {
        let wheel = Wheel::new();
        for millis in [1, TICK_MILLIS, 100, HORIZON_MILLIS, HORIZON_MILLIS + 1, 60_000] {
            let start = wheel.now();
            let (alarm, count) = counted(&wheel);
            alarm.set(millis);
            advance_to(&wheel, start + millis - 1);
            assert_eq!((count.get(), alarm.is_due()), (0, false), "{millis}");
            advance_to(&wheel, start + millis + 3 * TICK_MILLIS);
            assert_eq!((count.get(), alarm.is_due()), (1, true), "{millis}");
        }
    }

    #[test]
    fn a_moved_deadline_counts_and_the_old_one_does_not() {
        let wheel = Wheel::new();
        let (alarm, count) = counted(&wheel);
        alarm.set(60_000);
        alarm.set(100);
        advance_to(&wheel, 100 + 3 * TICK_MILLIS);
        assert_eq!(count.get(), 1);
        alarm.set(50);
        alarm.set(5_000);
        advance_to(&wheel, 4_000);
        assert_eq!(count.get(), 1);
    }

    #[test]
    fn a_wheel_that_slept_visits_everything() {
        let wheel = Wheel::new();
        let alarms: Vec<_> = (1..200).map(|n| (counted(&wheel), n * 37)).collect();
        for ((alarm, _), millis) in &alarms {
            alarm.set(*millis);
        }
        wheel.advance(1_000_000);
        assert!(alarms.iter().all(|((_, count), _)| count.get() == 1));
    }

    #[test]
    fn a_dropped_alarm_leaves_its_place_to_the_next() {
        let wheel = Wheel::new();
        let (alarm, old) = counted(&wheel);
        alarm.set(100);
        drop(alarm);
        let (alarm, new) = counted(&wheel);
        alarm.set(500);
        advance_to(&wheel, 400);
        assert_eq!((old.get(), new.get()), (0, 0));
        advance_to(&wheel, 600);
        assert_eq!((old.get(), new.get()), (0, 1));
        assert_eq!(wheel.turning.borrow().alarms.len(), 1);
    }
}
