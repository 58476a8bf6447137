//! Looks for request keys that come together are one: it takes little longer for many keys than for one, and occupies one reader.

use std::{
    collections::BTreeSet,
    mem,
    sync::{Mutex, PoisonError},
};

use tokio::sync::oneshot::{self, error::TryRecvError};

use super::earlier::Keyed;
use crate::history::Term;

pub(super) type Keys = BTreeSet<[Term; 2]>;

/// The looks of a store. Whose turn it is looks for all who wait.
#[derive(Debug, Default)]
pub(super) struct Looks {
    waiting: Mutex<Vec<(Keys, oneshot::Sender<Keyed>)>>,
    turn: tokio::sync::Mutex<()>,
}

impl Looks {
    /// What is found under some keys by `read`, which begins after this did, for these keys and those of others.
    pub(super) async fn look<E>(
        &self,
        keys: Keys,
        read: impl AsyncFnOnce(Keys) -> Result<Keyed, E>,
    ) -> Result<Keyed, E> {
        let (answer, mut answered) = oneshot::channel();
        self.waiting().push((keys.clone(), answer));
        let turn = tokio::select! {
            biased;
            Ok(found) = &mut answered => return Ok(found),
            turn = self.turn.lock() => turn,
        };
        match answered.try_recv() {
            Ok(found) => return Ok(found),
            // Who looked for it failed, or was given up.
            Err(TryRecvError::Closed) => return read(keys).await,
            Err(TryRecvError::Empty) => {}
        }
        let all = mem::take(&mut *self.waiting());
        let found = read(all.iter().flat_map(|(keys, _)| keys).copied().collect()).await?;
        let of = |keys: Keys| -> Keyed {
            let here = keys.into_iter().filter_map(|key| Some((key, found.get(&key)?.clone())));
            here.collect()
        };
        for (keys, answer) in all {
            // Whoever asked may be gone.
            let _ = answer.send(of(keys));
        }
        // Only now: who has the turn next and no answer yet is among those who still wait.
        drop(turn);
        Ok(of(keys))
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<(Keys, oneshot::Sender<Keyed>)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, future::poll_fn, pin::pin, sync::Arc, task::Poll};

    use tokio::task::{JoinSet, yield_now};

    use super::*;
    use crate::store::Stored;

    fn key(job: u64) -> [Term; 2] {
        [Term::request(&format!("job-{job}")), Term::caller("local")]
    }

    fn found(keys: &Keys) -> Keyed {
        let stored = |key: &[Term; 2]| Stored {
            log_index: 0,
            record: format!("{key:?}"),
        };
        keys.iter().map(|key| (*key, Ok([stored(key)].into()))).collect()
    }

    /// Polls once.
    async fn begin<F: Future>(future: std::pin::Pin<&mut F>) -> Option<F::Output> {
        let mut future = Some(future);
        poll_fn(|context| {
            Poll::Ready(match future.take().map(|future| future.poll(context)) {
                Some(Poll::Ready(output)) => Some(output),
                _ => None,
            })
        })
        .await
    }

    #[tokio::test]
    async fn those_who_come_during_a_look_are_looked_for_together_behind_it() {
        let looks = Looks::default();
        let (asked, gate) = (RefCell::new(Vec::new()), tokio::sync::Semaphore::new(0));
        let read = async |keys: Keys| {
            asked.borrow_mut().push(keys.len());
            gate.acquire().await.unwrap().forget();
            Ok::<Keyed, ()>(found(&keys))
        };
        let of = |jobs: &[u64]| -> Keys { jobs.iter().copied().map(key).collect() };
        let mut first = pin!(looks.look(of(&[1]), &read));
        let mut second = pin!(looks.look(of(&[2, 3]), &read));
        let mut third = pin!(looks.look(of(&[3, 4]), &read));
        assert_eq!(begin(first.as_mut()).await, None);
        assert_eq!(begin(second.as_mut()).await, None);
        assert_eq!(begin(third.as_mut()).await, None);
        gate.add_permits(2);
        assert_eq!(first.await, Ok(found(&of(&[1]))));
        assert_eq!(second.await, Ok(found(&of(&[2, 3]))));
        assert_eq!(third.await, Ok(found(&of(&[3, 4]))));
        assert_eq!(*asked.borrow(), [1, 3]);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn whoever_looks_gets_what_was_asked_for_however_they_meet() {
        // So large that answering one takes long enough for the next to come by.
        let large = |keys: &Keys| -> Keyed {
            let stored = |key: &[Term; 2]| Stored {
                log_index: 0,
                record: format!("{key:?}").repeat(5000),
            };
            keys.iter().map(|key| (*key, Ok([stored(key)].into()))).collect()
        };
        let looks = Arc::<Looks>::default();
        let mut looking = JoinSet::new();
        for job in 0..4000 {
            let looks = Arc::clone(&looks);
            looking.spawn(async move {
                let keys: Keys = [key(job % 100)].into();
                let read = async |keys: Keys| {
                    // So that others come meanwhile.
                    yield_now().await;
                    Ok::<Keyed, ()>(large(&keys))
                };
                let found = looks.look(keys.clone(), read).await.unwrap();
                assert_eq!(found.into_keys().collect::<Keys>(), keys);
            });
        }
        looking.join_all().await;
    }

    #[tokio::test]
    async fn where_a_look_fails_or_is_given_up_others_look_for_themselves() {
        let looks = Looks::default();
        let of = |job: u64| -> Keys { [key(job)].into() };
        let never = async |_: Keys| std::future::pending::<Result<Keyed, u8>>().await;
        let fails = async |_: Keys| Err::<Keyed, u8>(1);
        let reads = async |keys: Keys| Ok::<Keyed, u8>(found(&keys));
        {
            let mut given_up = pin!(looks.look(of(1), never));
            assert_eq!(begin(given_up.as_mut()).await, None);
        }
        let mut first = Box::pin(looks.look(of(1), never));
        assert_eq!(begin(first.as_mut()).await, None);
        let mut failing = pin!(looks.look(of(2), fails));
        let mut other = pin!(looks.look(of(3), reads));
        assert_eq!(begin(failing.as_mut()).await, None);
        assert_eq!(begin(other.as_mut()).await, None);
        drop(first);
        assert_eq!(failing.await, Err(1));
        assert_eq!(other.await, Ok(found(&of(3))));
    }
}
