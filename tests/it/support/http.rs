//! The simplest client of HTTP/1.1.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpStream,
};

/// What a server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn status(&self) -> u16 {
        self.head.split(' ').nth(1).unwrap().parse().unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines
            .filter(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
            .next()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Head and body of what is at a path.
pub async fn get(address: SocketAddr, path: &str) -> (String, Vec<u8>) {
    let answer = ask(address, &request("GET", path, &[("Connection", "close")], b"")).await;
    (answer.head, answer.body)
}

/// The bytes of a request; with a body, its length is among the headers.
pub fn request(verb: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut lines = vec![format!("{verb} {path} HTTP/1.1"), "Host: localhost".to_owned()];
    lines.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
    if !body.is_empty() {
        lines.push(format!("Content-Length: {}", body.len()));
    }
    let head = lines.join("\r\n") + "\r\n\r\n";
    [head.as_bytes(), body].concat()
}

/// What a request is answered on a connection of its own.
pub async fn ask(address: SocketAddr, request: &[u8]) -> Answer {
    ask_on(&mut TcpStream::connect(address).await.unwrap(), request).await
}

/// What a request is answered on a connection.
pub async fn ask_on(connection: &mut (impl AsyncRead + AsyncWrite + Unpin), request: &[u8]) -> Answer {
    connection.write_all(request).await.unwrap();
    answer(connection).await
}

/// The next answer on a connection: as long as it says.
pub async fn answer(connection: &mut (impl AsyncRead + Unpin)) -> Answer {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(connection.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap().trim_end().to_owned();
    let mut answer = Answer { head, body: Vec::new() };
    let len = answer.header("content-length").map(|len| len.parse().unwrap());
    answer.body.resize(len.unwrap_or_default(), 0);
    connection.read_exact(&mut answer.body).await.unwrap();
    answer
}
