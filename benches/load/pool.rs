//! Connections to one server.

use std::sync::Arc;

use anyhow::Context as _;
use reimage_rights::wire::pb::eligibility_service_client::EligibilityServiceClient;
use tonic::transport::{Channel, Endpoint};

/// The generated client.
pub type Client = EligibilityServiceClient<Channel>;

/// One connection or more.
#[derive(Clone, Debug)]
pub struct Pool {
    first: Client,
    others: Arc<[Client]>,
}

impl Pool {
    /// Connects so many times, at least once.
    pub async fn connect(address: &str, count: usize) -> anyhow::Result<Self> {
        let first = client(address).await?;
        let mut others = Vec::new();
        for _ in 1..count {
            others.push(client(address).await?);
        }
        Ok(Self {
            first,
            others: others.into(),
        })
    }

    /// The connection of a caller: callers take turns.
    pub fn of(&self, caller: usize) -> Client {
        let place = caller % (self.others.len() + 1);
        self.others.get(place).unwrap_or(&self.first).clone()
    }
}

/// One connection; answers may be of any length.
async fn client(address: &str) -> anyhow::Result<Client> {
    let endpoint = Endpoint::from_shared(address.to_owned())?;
    let channel = endpoint
        .connect()
        .await
        .with_context(|| format!("no server at `{address}`"))?;
    Ok(Client::new(channel).max_decoding_message_size(usize::MAX))
}
