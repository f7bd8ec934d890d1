//! The client of both servers: one kept connection, requests as ready bytes, answers up to their content length.
//!
//! As little as can be, because what a client costs makes two servers look alike. Understands no chunks and no redirects.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::ops::Range;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

/// Longest that a server may take to answer.
const ANSWER_MAX: Duration = Duration::from_secs(10);

/// A connection.
#[derive(Debug)]
pub(crate) struct Client {
    stream: TcpStream,
    received: Vec<u8>,
}

impl Client {
    pub(crate) fn connect(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(ANSWER_MAX))?;
        Ok(Self { stream, received: Vec::with_capacity(4_096) })
    }

    /// Sends a request; the body of its answer, which must be a 200.
    pub(crate) fn send(&mut self, request: &[u8]) -> Result<&[u8]> {
        let body = self.answer(request)?;
        ensure!(self.received.starts_with(b"HTTP/1.1 200 "), "the server answered {}", self.head(&body)?);
        Ok(&self.received[body])
    }

    /// Sends a request; the body of its answer, whatever it is.
    pub(crate) fn exchange(&mut self, request: &[u8]) -> Result<&[u8]> {
        let body = self.answer(request)?;
        Ok(&self.received[body])
    }

    fn head(&self, body: &Range<usize>) -> Result<&str> {
        Ok(std::str::from_utf8(&self.received[..body.start])?)
    }

    /// Where the body of the answer is in what was received.
    fn answer(&mut self, request: &[u8]) -> Result<Range<usize>> {
        self.stream.write_all(request)?;
        self.received.clear();
        let body = loop {
            self.receive()?;
            if let Some(end) = self.received.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let head = std::str::from_utf8(&self.received[..body])?;
        let length = content_length(head)?;
        while self.received.len() < body + length {
            self.receive()?;
        }
        Ok(body..body + length)
    }

    fn receive(&mut self) -> Result<()> {
        let mut buffer = [0; 4_096];
        match self.stream.read(&mut buffer)? {
            0 => bail!("the server closed the connection"),
            count => self.received.extend_from_slice(&buffer[..count]),
        }
        Ok(())
    }
}

fn content_length(head: &str) -> Result<usize> {
    let headers = head.lines().filter_map(|line| line.split_once(':'));
    let mut lengths = headers.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let (_, length) = lengths.next().context("an answer without a content length")?;
    Ok(length.trim().parse()?)
}
