//! Bytes that are no request of gRPC: the fault of whoever sent them, in the answer and in the numbers.

use bytes::Bytes;
use tokio::net::TcpStream;
use tonic::Code;

use crate::support::server::{Server, typical};

/// A message of so many bytes, framed as gRPC has it.
fn framed(message: &[u8]) -> Vec<u8> {
    let len = u32::try_from(message.len()).unwrap().to_be_bytes();
    [&[0], &len[..], message].concat()
}

/// How the server answers the bytes of a request: code and message, from wherever they are.
async fn answer(server: &Server, service: &str, method: &str, bytes: Vec<u8>) -> (Code, String) {
    let stream = TcpStream::connect(server.serving.address).await.unwrap();
    let (mut calls, connection) = h2::client::handshake(stream).await.unwrap();
    let connection = tokio::spawn(connection);
    let request = http::Request::post(format!("http://server/reimagerights.v1.{service}/{method}"))
        .header("content-type", "application/grpc")
        .header("te", "trailers");
    let (answer, mut body) = calls.send_request(request.body(()).unwrap(), false).unwrap();
    body.send_data(Bytes::from(bytes), true).unwrap();
    let (head, mut body) = answer.await.unwrap().into_parts();
    while body.data().await.is_some() {}
    let trailers = body.trailers().await.unwrap();
    connection.abort();
    let told = trailers.as_ref().unwrap_or(&head.headers);
    let text = |name| told[name].to_str().unwrap();
    (
        Code::from_bytes(text("grpc-status").as_bytes()),
        text("grpc-message").to_owned(),
    )
}

#[tokio::test]
async fn what_is_no_message_is_the_callers_fault_and_counted_as_such() {
    let server = Server::start().await;
    for (service, method) in [
        ("EligibilityService", "Check"),
        ("EligibilityService", "BatchCheck"),
        ("EligibilityService", "StreamCheck"),
        ("EligibilityService", "History"),
        ("TransparencyService", "Export"),
    ] {
        let wrong = [
            // A field that says it is longer than what comes.
            framed(&[0x0a, 0x7f, 0x41]),
            // A kind of field that there is not.
            framed(&[0x0f]),
            // A message that says it is longer than what comes.
            vec![0, 0, 0, 0, 9, 0x0a],
            // Compressed in a way that nobody agreed on.
            vec![1, 0, 0, 0, 1, 0x0a],
            vec![7, 0, 0, 0, 1, 0x0a],
        ];
        let count = wrong.len();
        for bytes in wrong {
            let (code, message) = answer(&server, service, method, bytes.clone()).await;
            assert_eq!(code, Code::InvalidArgument, "{method} {bytes:?} {message}");
            assert!(message.contains("the%20request%20cannot%20be%20read"), "{message}");
        }
        let series = format!("calls_total{{rpc=\"{method}\",code=\"INVALID_ARGUMENT\"}} {count}\n");
        let metrics = server.metrics().await;
        assert!(metrics.contains(&series), "{series}{metrics}");
        assert!(!metrics.contains("code=\"INTERNAL\""), "{metrics}");
    }
    server.check(typical("PC-1")).await.unwrap();
}
