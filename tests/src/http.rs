//! One HTTP request over a connection of its own, written out by hand.
//!
//! A client library would correct what these tests have to send wrong: host names, content types, half bodies. Invariant:
//! an answer is read to its end, and a server that does not answer fails the test.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

const PATIENCE: Duration = Duration::from_secs(60);

/// A request that is about to be sent.
#[derive(Debug, Clone)]
pub struct Request {
    address: String,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

/// What a server answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, their names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub text: String,
    /// The body as JSON; null where it is none.
    pub body: Value,
}

impl Request {
    /// A request to `127.0.0.1:7474` or the like.
    pub fn new(address: &str, method: &str, path: &str) -> Self {
        let headers = vec![("host".to_owned(), address.to_owned()), ("connection".to_owned(), "close".to_owned())];
        Self { address: address.to_owned(), method: method.to_owned(), path: path.to_owned(), headers, body: None }
    }

    /// Sets a header in place of the one of the same name.
    pub fn header(self, name: &str, value: &str) -> Self {
        let mut request = self.without(name);
        request.headers.push((name.to_owned(), value.to_owned()));
        request
    }

    /// Leaves a header out.
    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    /// Sets the body and its length.
    pub fn body(self, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let sized = self.header("content-length", &body.len().to_string());
        Self { body: Some(body), ..sized }
    }

    /// Sets a body of JSON.
    pub fn json(self, body: &str) -> Self {
        self.header("content-type", "application/json").body(body)
    }

    /// Sends it and reads the answer.
    #[track_caller]
    pub fn send(&self) -> Answer {
        let mut stream = TcpStream::connect(&self.address).expect("the host listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout above zero");
        // A server may answer before it has read everything; its answer counts, not the broken pipe.
        let _ = stream.write_all(&self.bytes());
        let mut answer = Vec::new();
        match stream.read_to_end(&mut answer) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::ConnectionReset && !answer.is_empty() => {}
            Err(error) => panic!("no answer to {} {}: {error}", self.method, self.path),
        }
        Answer::parse(&answer).unwrap_or_else(|| {
            panic!("no HTTP answer to {} {}: {}", self.method, self.path, String::from_utf8_lossy(&answer))
        })
    }
}

impl Request {
    /// As [`Request::send`]; none where the host is gone before it has answered.
    pub fn try_send(&self) -> Option<Answer> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        stream.write_all(&self.bytes()).ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        Answer::parse(&answer)
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = format!("{} {} HTTP/1.1\r\n", self.method, self.path).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend(format!("{name}: {value}\r\n").into_bytes());
        }
        bytes.extend(b"\r\n");
        bytes.extend(self.body.iter().flatten());
        bytes
    }
}

impl Answer {
    /// The value of a header, empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The code of the error, empty where there is none.
    pub fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }

    /// What stands in `data` of an answer that has to be good.
    #[track_caller]
    pub fn data(&self) -> &Value {
        assert_eq!(self.status, 200, "{}", self.text);
        &self.body["data"]
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let (head, body) = text.split_once("\r\n\r\n")?;
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let header =
            |line: &str| line.split_once(": ").map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()));
        Some(Self {
            status,
            headers: lines.filter_map(header).collect(),
            text: body.to_owned(),
            body: serde_json::from_str(body).unwrap_or_default(),
        })
    }
}
