//! The catalogues that decisions were made with.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{ServiceError, check::unreadable};
use crate::{catalogue::Catalogue, store::Store};

/// Catalogues by digest: this program's own, and those that the record keeps for decisions of other versions.
#[derive(Debug, Default)]
pub struct Catalogues {
    /// Those of the record that were asked for; `None` for one that is not what it must be, so that it is not read for each of its decisions.
    loaded: Mutex<HashMap<String, Option<Arc<Catalogue>>>>,
}

/// A catalogue for as long as one answer takes.
#[derive(Debug)]
pub enum Lent {
    /// This program's own.
    Embedded(&'static Catalogue),
    /// One from the record.
    Recorded(Arc<Catalogue>),
}

impl std::ops::Deref for Lent {
    type Target = Catalogue;

    fn deref(&self) -> &Catalogue {
        match self {
            Self::Embedded(catalogue) => catalogue,
            Self::Recorded(catalogue) => catalogue,
        }
    }
}

impl Catalogues {
    /// The catalogue with a digest; `None` when neither this program nor the record has it in a form that can be read.
    ///
    /// # Errors
    ///
    /// When the record cannot be read.
    pub async fn get(&self, digest: &str, store: &Store) -> Result<Option<Lent>, ServiceError> {
        let embedded = Catalogue::embedded();
        if embedded.digest() == digest {
            return Ok(Some(Lent::Embedded(embedded)));
        }
        if let Some(catalogue) = self.loaded().get(digest) {
            return Ok(catalogue.clone().map(Lent::Recorded));
        }
        let bytes = store.catalogue(digest).await.map_err(|error| unreadable(&error))?;
        let Some(bytes) = bytes else { return Ok(None) };
        let catalogue = match Catalogue::from_bytes(&bytes) {
            Ok(catalogue) if catalogue.digest() == digest => Some(Arc::new(catalogue)),
            Ok(_) => {
                tracing::error!(digest, "the recorded catalogue is not the one its digest names");
                None
            }
            Err(error) => {
                tracing::error!(digest, %error, "the recorded catalogue cannot be read");
                None
            }
        };
        self.loaded().insert(digest.to_owned(), catalogue.clone());
        Ok(catalogue.map(Lent::Recorded))
    }

    fn loaded(&self) -> MutexGuard<'_, HashMap<String, Option<Arc<Catalogue>>>> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_damaged_catalogue_is_read_once_and_one_that_is_not_there_is_looked_for_again() {
        let folder = tempfile::tempdir().unwrap();
        let (store, mut writer) = Store::open_owned(&folder.path().join("log.db"), None).await.unwrap();
        let mut append = writer.begin().await.unwrap();
        append.put_catalogue("damaged", b"no catalogue").unwrap();
        append.put_catalogue("other", Catalogue::embedded().bytes()).unwrap();
        append.commit().await.unwrap();
        let catalogues = Catalogues::default();
        for digest in ["damaged", "other", "missing"] {
            assert!(catalogues.get(digest, &store).await.unwrap().is_none(), "{digest}");
        }
        store.close().await;
        for digest in ["damaged", "other"] {
            assert!(catalogues.get(digest, &store).await.unwrap().is_none(), "{digest}");
        }
        assert!(catalogues.get("missing", &store).await.is_err());
    }
}
