//! A service that answers with decisions made by hand, over a real connection.

use std::{
    io::{self, Write},
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use clap::Parser as _;
use tonic::{
    Code, Request, Response, Status,
    transport::{Server, server::TcpIncoming},
};
use tonic_types::{ErrorDetails, StatusExt as _};

use super::{indeterminate, not_permitted, permitted};
use crate::{
    cli::{
        Cli, Failure, Screen,
        run::{Surroundings, obey},
    },
    config::Folders,
    telemetry::Telemetry,
    wire::pb::{
        self,
        eligibility_service_server::{EligibilityService, EligibilityServiceServer},
    },
};

/// What a command did.
#[derive(Debug)]
pub struct Told {
    /// Its exit code.
    pub code: u8,
    /// What it wrote to standard output.
    pub out: String,
    /// What it wrote to standard error, or would have: the failure's words.
    pub err: String,
}

/// Runs a command line, without the program's name, against the service; `width` makes its output a terminal.
pub fn tell(arguments: &[&str], width: Option<usize>) -> Told {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let address = runtime.block_on(start());
    let (out, err) = (Written::default(), Written::default());
    let mut screen = Screen::new(out.clone(), err.clone(), width);
    let around = Surroundings {
        variables: vec![("REIMAGE_RIGHTS_SERVER".into(), format!("http://{address}").into())],
        folders: Folders {
            data: Some("unused".into()),
            config: Some("unused".into()),
            state: Some("unused".into()),
        },
        started: Telemetry::default(),
        start_log: |_, _| Ok(Telemetry::default()),
    };
    let cli = Cli::try_parse_from(["reimage-rights"].iter().chain(arguments)).unwrap();
    let ended = obey(cli, around, &mut screen);
    let failed = ended.as_ref().err().map(Failure::words).unwrap_or_default();
    Told {
        code: ended.as_ref().map_or_else(Failure::ending, |ending| *ending).code(),
        out: out.text(),
        err: err.text() + failed,
    }
}

async fn start() -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = Server::builder().add_service(EligibilityServiceServer::new(Canned));
    tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener)));
    address
}

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn text(&self) -> String {
        let bytes = self.0.lock().unwrap();
        anstream::adapter::strip_str(std::str::from_utf8(&bytes).unwrap()).to_string()
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Holds three decisions. The device's id chooses the verdict of a check.
struct Canned;

fn record() -> Vec<pb::Decision> {
    let mut record = vec![permitted(), not_permitted(), indeterminate()];
    for (index, decision) in (0..).zip(&mut record) {
        decision.log_index = index;
    }
    record
}

#[tonic::async_trait]
impl EligibilityService for Canned {
    async fn check(&self, request: Request<pb::CheckRequest>) -> Result<Response<pb::CheckResponse>, Status> {
        let device = request.into_inner().device.unwrap_or_default();
        let decision = match device.id.as_str() {
            "permitted" => permitted(),
            "not permitted" => not_permitted(),
            "indeterminate" => indeterminate(),
            "full" => return Err(Status::unavailable("the disk is full")),
            _ => {
                let details = ErrorDetails::with_bad_request_violation("image.products", "state at least one");
                let status = Status::with_error_details(Code::InvalidArgument, "the request is not valid", details);
                return Err(status);
            }
        };
        Ok(Response::new(pb::CheckResponse {
            decision: Some(decision),
        }))
    }

    async fn batch_check(&self, _: Request<pb::BatchCheckRequest>) -> Result<Response<pb::BatchCheckResponse>, Status> {
        Err(Status::unimplemented("no command asks in batches"))
    }

    type StreamCheckStream = tokio_stream::Empty<Result<pb::StreamCheckResponse, Status>>;

    async fn stream_check(
        &self,
        _: Request<tonic::Streaming<pb::StreamCheckRequest>>,
    ) -> Result<Response<Self::StreamCheckStream>, Status> {
        Err(Status::unimplemented("no command asks on a stream"))
    }

    async fn history(&self, request: Request<pb::HistoryRequest>) -> Result<Response<pb::HistoryResponse>, Status> {
        let request = request.into_inner();
        let mut decisions = record();
        if request.order() != pb::DecisionOrder::OldestFirst {
            decisions.reverse();
        }
        decisions.retain(|decision| {
            request.device_id.is_empty() || request.device_id == "PC-0042" && decision.log_index > 0
        });
        // Two decisions fill a page, so that there are always pages to turn.
        let start: usize = request.page_token.parse().unwrap_or_default();
        let len = usize::try_from(request.page_size).unwrap().clamp(1, 2);
        let more = decisions.len() > start + len;
        Ok(Response::new(pb::HistoryResponse {
            decisions: decisions.into_iter().skip(start).take(len).collect(),
            next_page_token: if more { (start + len).to_string() } else { String::new() },
        }))
    }

    async fn get_decision(
        &self,
        request: Request<pb::GetDecisionRequest>,
    ) -> Result<Response<pb::GetDecisionResponse>, Status> {
        let id = request.into_inner().decision_id;
        let decision = record().into_iter().find(|decision| decision.decision_id == id);
        let decision = decision.ok_or_else(|| Status::not_found(format!("there is no decision `{id}`")))?;
        Ok(Response::new(pb::GetDecisionResponse {
            decision: Some(decision),
        }))
    }

    async fn reproduce(
        &self,
        request: Request<pb::ReproduceRequest>,
    ) -> Result<Response<pb::ReproduceResponse>, Status> {
        let id = request.into_inner().decision_id;
        let decision = record().into_iter().find(|decision| decision.decision_id == id);
        let (result, reason) = match decision.map(|decision| decision.log_index) {
            Some(0) => (pb::ReproduceResult::Same, ""),
            Some(1) => (pb::ReproduceResult::Differs, "the rules differ"),
            Some(_) => (pb::ReproduceResult::Cannot, "the edition is not known"),
            None => return Err(Status::not_found(format!("there is no decision `{id}`"))),
        };
        let difference = pb::Difference {
            path: "verdict".into(),
            recorded: "VERDICT_PERMITTED".into(),
            now: "VERDICT_NOT_PERMITTED".into(),
        };
        Ok(Response::new(pb::ReproduceResponse {
            result: result.into(),
            differences: (result == pb::ReproduceResult::Differs)
                .then_some(difference)
                .into_iter()
                .collect(),
            reason: reason.into(),
        }))
    }
}
