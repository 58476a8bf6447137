//! The handlers of the eligibility service.

use std::{pin::Pin, sync::Arc};

use tokio_stream::{Stream, StreamExt as _};
use tonic::{Request, Response, Status, Streaming};

use super::{
    door::trace_id,
    result::check_result,
    status::{no_caller, status},
};
use crate::{
    service::{Caller, Service},
    wire::pb::{self, eligibility_service_server::EligibilityService},
};

/// The eligibility service over gRPC.
#[derive(Clone, Debug)]
pub struct Eligibility {
    service: Arc<Service>,
}

impl Eligibility {
    /// Serves the use cases of `service`.
    #[must_use]
    pub fn new(service: Arc<Service>) -> Self {
        Self { service }
    }
}

fn caller<T>(request: &Request<T>) -> Result<Caller, Status> {
    request.extensions().get().cloned().ok_or_else(no_caller)
}

#[tonic::async_trait]
impl EligibilityService for Eligibility {
    async fn check(&self, request: Request<pb::CheckRequest>) -> Result<Response<pb::CheckResponse>, Status> {
        let caller = caller(&request)?;
        let trace_id = trace_id(request.metadata());
        let decision = self
            .service
            .check(&caller, request.into_inner(), trace_id)
            .await
            .map_err(|error| status(&error))?;
        Ok(Response::new(pb::CheckResponse {
            decision: Some(decision),
        }))
    }

    async fn batch_check(
        &self,
        request: Request<pb::BatchCheckRequest>,
    ) -> Result<Response<pb::BatchCheckResponse>, Status> {
        let caller = caller(&request)?;
        let trace_id = trace_id(request.metadata());
        let mut results = Vec::new();
        for request in request.into_inner().requests {
            results.push(check_result(
                self.service.check(&caller, request, trace_id.clone()).await,
            ));
        }
        Ok(Response::new(pb::BatchCheckResponse { results }))
    }

    type StreamCheckStream = Pin<Box<dyn Stream<Item = Result<pb::StreamCheckResponse, Status>> + Send>>;

    async fn stream_check(
        &self,
        request: Request<Streaming<pb::StreamCheckRequest>>,
    ) -> Result<Response<Self::StreamCheckStream>, Status> {
        let caller = caller(&request)?;
        let trace_id = trace_id(request.metadata());
        let service = Arc::clone(&self.service);
        let mut position = 0;
        let answers = request.into_inner().then(move |request| {
            let (service, caller, trace_id) = (Arc::clone(&service), caller.clone(), trace_id.clone());
            let place = position;
            position += 1;
            async move {
                let request = request?.request.unwrap_or_default();
                let result = check_result(service.check(&caller, request, trace_id).await);
                Ok(pb::StreamCheckResponse {
                    position: place,
                    result: Some(result),
                })
            }
        });
        Ok(Response::new(Box::pin(answers)))
    }

    async fn history(&self, request: Request<pb::HistoryRequest>) -> Result<Response<pb::HistoryResponse>, Status> {
        let response = self
            .service
            .history(request.into_inner())
            .await
            .map_err(|error| status(&error))?;
        Ok(Response::new(response))
    }

    async fn get_decision(
        &self,
        request: Request<pb::GetDecisionRequest>,
    ) -> Result<Response<pb::GetDecisionResponse>, Status> {
        let decision = self
            .service
            .decision(&request.into_inner().decision_id)
            .await
            .map_err(|error| status(&error))?;
        Ok(Response::new(pb::GetDecisionResponse {
            decision: Some(decision),
        }))
    }

    async fn reproduce(
        &self,
        request: Request<pb::ReproduceRequest>,
    ) -> Result<Response<pb::ReproduceResponse>, Status> {
        let id = request.into_inner().decision_id;
        let response = self.service.reproduce(&id).await.map_err(|error| status(&error))?;
        Ok(Response::new(response))
    }
}
