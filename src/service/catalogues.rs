//! The catalogues that decisions were made with.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::{ServiceError, check::unreadable};
use crate::{catalogue::Catalogue, store::Store};

/// Catalogues by digest: this program's own, and those that the record keeps for decisions of other versions.
#[derive(Debug, Default)]
pub struct Catalogues {
    loaded: Mutex<HashMap<String, Arc<Catalogue>>>,
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
            return Ok(Some(Lent::Recorded(Arc::clone(catalogue))));
        }
        let bytes = store.catalogue(digest).await.map_err(|error| unreadable(&error))?;
        let Some(bytes) = bytes else { return Ok(None) };
        let catalogue = match Catalogue::from_bytes(&bytes) {
            Ok(catalogue) if catalogue.digest() == digest => Arc::new(catalogue),
            Ok(_) => {
                tracing::error!(digest, "the recorded catalogue is not the one its digest names");
                return Ok(None);
            }
            Err(error) => {
                tracing::error!(digest, %error, "the recorded catalogue cannot be read");
                return Ok(None);
            }
        };
        self.loaded().insert(digest.to_owned(), Arc::clone(&catalogue));
        Ok(Some(Lent::Recorded(catalogue)))
    }

    fn loaded(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<Catalogue>>> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
