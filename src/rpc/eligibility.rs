//! The handlers of the eligibility service.

use std::{pin::Pin, sync::Arc};

use tokio_stream::{Stream, StreamExt as _};
use tonic::{Request, Response, Status, Streaming};

use super::result::answers;
use crate::{
    door::{caller, check_result, standing, status, trace_id},
    service::Service,
    wire::{
        pb,
        served::{BatchCheckResponse, CheckResponse, EligibilityService, HistoryResponse, StreamCheckResponse},
    },
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

#[tonic::async_trait]
impl EligibilityService for Eligibility {
    async fn check(&self, request: Request<pb::CheckRequest>) -> Result<Response<CheckResponse>, Status> {
        let caller = caller(request.extensions())?;
        let trace_id = trace_id(request.extensions());
        let answer = self
            .service
            .check(&caller, request.into_inner(), trace_id)
            .await
            .map_err(|error| status(&error))?;
        Ok(Response::new(CheckResponse { decision: Some(answer) }))
    }

    async fn batch_check(
        &self,
        request: Request<pb::BatchCheckRequest>,
    ) -> Result<Response<BatchCheckResponse>, Status> {
        let caller = caller(request.extensions())?;
        let trace_id = trace_id(request.extensions());
        let outcomes = self
            .service
            .check_batch(&caller, request.into_inner().requests, &trace_id)
            .await
            .map_err(|error| status(&error))?;
        Ok(Response::new(BatchCheckResponse {
            results: outcomes.into_iter().map(check_result).collect(),
        }))
    }

    type StreamCheckStream = Pin<Box<dyn Stream<Item = Result<StreamCheckResponse, Status>> + Send>>;

    async fn stream_check(
        &self,
        request: Request<Streaming<pb::StreamCheckRequest>>,
    ) -> Result<Response<Self::StreamCheckStream>, Status> {
        let caller = caller(request.extensions())?;
        let trace_id = trace_id(request.extensions());
        let standing = standing(request.extensions());
        let requests = request
            .into_inner()
            .map(|request| request.map(|request| request.request.unwrap_or_default()));
        let outcomes = Arc::clone(&self.service)
            .check_stream(caller, standing, requests, trace_id)
            .map_err(|error| status(&error))?;
        Ok(Response::new(Box::pin(answers(outcomes))))
    }

    async fn history(&self, request: Request<pb::HistoryRequest>) -> Result<Response<HistoryResponse>, Status> {
        let response = self
            .service
            .history(&caller(request.extensions())?, request.into_inner())
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
            .decision(&caller(request.extensions())?, &request.into_inner().decision_id)
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
