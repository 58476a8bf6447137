//! Connections over HTTP: how many there may be, how long they may go unread, and how they end.

use std::time::Duration;

use reimage_rights::{app::Limits, wire::pb};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::{JSON, bytes};
use crate::support::{
    http::{self, answer, ask_on},
    process::poll_for,
    server::{Place, typical},
};

#[tokio::test]
async fn connections_over_http_and_grpc_share_their_places() {
    let server = Place::new()
        .hosted(|hosting| hosting.connection_count_max = 2)
        .serve()
        .await;
    let address = server.serving.http_address.unwrap();
    // The server's own client is the first.
    let mut second = TcpStream::connect(address).await.unwrap();
    let request = http::request("GET", "/v1/decisions", &[], b"");
    assert_eq!(ask_on(&mut second, &request).await.status(), 200);
    let mut third = TcpStream::connect(address).await.unwrap();
    assert_eq!(third.read_u8().await.ok(), None);
    drop(second);
    poll_for(async || {
        let metrics = server.metrics().await;
        metrics.contains("reimage_rights_connections 1\n").then_some(())
    })
    .await;
    assert_eq!(server.get("/v1/decisions").await.status(), 200);
}

#[tokio::test]
async fn a_client_that_does_not_read_a_large_answer_is_cut_off() {
    let place = Place::new().hosted(|hosting| hosting.stall_max = Duration::from_millis(200));
    let server = place.serve().await;
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut deaf = socket.connect(server.serving.http_address.unwrap()).await.unwrap();
    let requests = (0..1000).map(|number| typical(&format!("PC-{number}"))).collect();
    let batch = http::request(
        "POST",
        "/v1/check:batch",
        &[JSON],
        &bytes(&pb::BatchCheckRequest { requests }),
    );
    deaf.write_all(&batch).await.unwrap();
    let cancelled = "reimage_rights_calls_total{rpc=\"BatchCheck\",code=\"CANCELLED\"} 1\n";
    poll_for(async || server.metrics().await.contains(cancelled).then_some(())).await;
    assert_eq!(server.serving.counters.recorded(), 1000);
}

#[tokio::test]
async fn a_server_asked_to_stop_answers_what_is_under_way_and_takes_nothing_new() {
    let server = Place::new()
        .limited(Limits {
            batch_len_max: 1,
            ..Limits::default()
        })
        .serve()
        .await;
    let address = server.serving.http_address.unwrap();
    let mut idle = TcpStream::connect(address).await.unwrap();
    let request = http::request("GET", "/v1/decisions", &[], b"");
    assert_eq!(ask_on(&mut idle, &request).await.status(), 200);
    let mut other = server.place.sql().await;
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let request = http::request("POST", "/v1/check", &[JSON], &bytes(&typical("PC-1")));
    let mut busy = Vec::new();
    for _ in 0..2 {
        let mut connection = TcpStream::connect(address).await.unwrap();
        connection.write_all(&request).await.unwrap();
        busy.push(connection);
    }
    // One is in its transaction when the other waits.
    poll_for(async || {
        let metrics = server.metrics().await;
        metrics.contains("reimage_rights_queue_length 1\n").then_some(())
    })
    .await;
    let stopping = tokio::spawn(server.stop());
    // Idle connections end, and no new ones are taken.
    assert_eq!(idle.read_u8().await.ok(), None);
    poll_for(async || TcpStream::connect(address).await.err()).await;
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    for mut connection in busy {
        let last = answer(&mut connection).await;
        assert_eq!(
            (last.status(), last.header("connection")),
            (200, Some("close")),
            "{last:?}"
        );
    }
    let server = stopping.await.unwrap().serve().await;
    let found = server.get("/v1/decisions").await.json();
    assert_eq!(found["decisions"].as_array().unwrap().len(), 2);
}
