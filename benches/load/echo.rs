//! The ceiling: the same messages over the same server, with nothing decided and nothing recorded.

use std::{
    fs,
    io::{self, Read as _},
    path::Path,
    pin::Pin,
    time::Duration,
};

use anyhow::Context as _;
use prost::Message as _;
use reimage_rights::wire::pb::{
    self,
    eligibility_service_server::{EligibilityService, EligibilityServiceServer},
};
use tokio::{net::TcpListener, sync::oneshot};
use tokio_stream::{Stream, StreamExt as _};
use tonic::{
    Request, Response, Status, Streaming,
    transport::{Server, server::TcpIncoming},
};

// As the real server has them in `app/server.rs` and `app/serve.rs`.
const MESSAGE_LEN_MAX: usize = 4 * 1024 * 1024;
const STREAM_COUNT_MAX: u32 = 1024;
const KEEPALIVE: Duration = Duration::from_mins(1);

type AnswerStream = Pin<Box<dyn Stream<Item = Result<pb::StreamCheckResponse, Status>> + Send>>;

/// Answers every check with one decision.
#[derive(Debug)]
struct Echo {
    decision: pb::Decision,
}

/// Serves on a free port, which it prints, until its standard input ends.
pub fn serve(answer: &Path) -> anyhow::Result<()> {
    let answer = fs::read(answer).with_context(|| format!("cannot read `{}`", answer.display()))?;
    let decision = pb::Decision::decode(answer.as_slice()).context("the answer is no decision")?;
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(run(Echo { decision }))
}

async fn run(echo: Echo) -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    let (left, leave) = oneshot::channel();
    std::thread::spawn(move || {
        // However it ends, whoever wanted the echo is gone.
        let _ = io::stdin().read_to_end(&mut Vec::new());
        let _ = left.send(());
    });
    Server::builder()
        .max_concurrent_streams(STREAM_COUNT_MAX)
        .http2_keepalive_interval(Some(KEEPALIVE))
        .add_service(EligibilityServiceServer::new(echo).max_decoding_message_size(MESSAGE_LEN_MAX))
        .serve_with_incoming_shutdown(TcpIncoming::from(listener).with_nodelay(Some(true)), async {
            let _ = leave.await;
        })
        .await?;
    Ok(())
}

impl Echo {
    fn result(&self) -> pb::CheckResult {
        let decision = pb::check_result::Outcome::Decision(self.decision.clone());
        pb::CheckResult {
            outcome: Some(decision),
        }
    }
}

#[tonic::async_trait]
impl EligibilityService for Echo {
    async fn check(&self, _: Request<pb::CheckRequest>) -> Result<Response<pb::CheckResponse>, Status> {
        Ok(Response::new(pb::CheckResponse {
            decision: Some(self.decision.clone()),
        }))
    }

    async fn batch_check(
        &self,
        request: Request<pb::BatchCheckRequest>,
    ) -> Result<Response<pb::BatchCheckResponse>, Status> {
        let requests = request.into_inner().requests;
        let results = requests.iter().map(|_| self.result()).collect();
        Ok(Response::new(pb::BatchCheckResponse { results }))
    }

    type StreamCheckStream = AnswerStream;

    async fn stream_check(
        &self,
        request: Request<Streaming<pb::StreamCheckRequest>>,
    ) -> Result<Response<AnswerStream>, Status> {
        let result = self.result();
        let mut position = 0;
        let answers = request.into_inner().map(move |asked| {
            asked?;
            let answer = pb::StreamCheckResponse {
                position,
                result: Some(result.clone()),
            };
            position += 1;
            Ok(answer)
        });
        Ok(Response::new(Box::pin(answers)))
    }

    async fn history(&self, _: Request<pb::HistoryRequest>) -> Result<Response<pb::HistoryResponse>, Status> {
        Err(no_record())
    }

    async fn get_decision(
        &self,
        _: Request<pb::GetDecisionRequest>,
    ) -> Result<Response<pb::GetDecisionResponse>, Status> {
        Err(no_record())
    }

    async fn reproduce(&self, _: Request<pb::ReproduceRequest>) -> Result<Response<pb::ReproduceResponse>, Status> {
        Err(no_record())
    }
}

fn no_record() -> Status {
    Status::unimplemented("an echo keeps no record")
}
