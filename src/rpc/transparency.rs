//! The handlers of the transparency service.

use std::{pin::Pin, sync::Arc};

use tokio_stream::{Stream, StreamExt as _};
use tonic::{Request, Response, Status};

use crate::{
    door::{caller, status},
    service::Service,
    wire::pb::{self, transparency_service_server::TransparencyService},
};

/// The transparency service over gRPC.
#[derive(Clone, Debug)]
pub struct Transparency {
    service: Arc<Service>,
}

impl Transparency {
    /// Serves the use cases of `service`.
    #[must_use]
    pub fn new(service: Arc<Service>) -> Self {
        Self { service }
    }
}

#[tonic::async_trait]
impl TransparencyService for Transparency {
    async fn get_checkpoint(
        &self,
        request: Request<pb::GetCheckpointRequest>,
    ) -> Result<Response<pb::GetCheckpointResponse>, Status> {
        let checkpoint = self.service.checkpoint(request.into_inner()).await;
        checkpoint.map(Response::new).map_err(|error| status(&error))
    }

    async fn prove_inclusion(
        &self,
        request: Request<pb::ProveInclusionRequest>,
    ) -> Result<Response<pb::ProveInclusionResponse>, Status> {
        let proven = self.service.prove_inclusion(request.into_inner()).await;
        proven.map(Response::new).map_err(|error| status(&error))
    }

    async fn prove_consistency(
        &self,
        request: Request<pb::ProveConsistencyRequest>,
    ) -> Result<Response<pb::ProveConsistencyResponse>, Status> {
        let proven = self.service.prove_consistency(request.into_inner()).await;
        proven.map(Response::new).map_err(|error| status(&error))
    }

    type ExportStream = Pin<Box<dyn Stream<Item = Result<pb::ExportResponse, Status>> + Send>>;

    async fn export(&self, request: Request<pb::ExportRequest>) -> Result<Response<Self::ExportStream>, Status> {
        let caller = caller(request.extensions())?;
        let chunks = Arc::clone(&self.service)
            .export(&caller, request.into_inner())
            .await
            .map_err(|error| status(&error))?;
        let responses = chunks.map(|chunk| match chunk {
            Ok(chunk) => Ok(pb::ExportResponse { chunk }),
            Err(error) => Err(status(&error)),
        });
        Ok(Response::new(Box::pin(responses)))
    }
}
