//! Servers that are played by a socket: each says what it has to say, in its turn, and nothing else.
//!
//! Only what a client hears before it sends a statement of its own, which is all that a refusal needs.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};

/// PostgreSQL's answer to a client that pg_hba.conf lets in with TLS only.
pub(crate) const POSTGRES_TLS_ONLY: &[u8] =
    b"E\0\0\0\x60SFATAL\0VFATAL\0C28000\0Mno pg_hba.conf entry for host \"127.0.0.1\", user \"app\", no encryption\0\0";

/// What a MySQL server of the tests can: version 4.1 of the protocol with one way to log in, and no TLS.
const MYSQL_CAPABILITIES: u32 =
    1 | 2 | 4 | 8 | 512 | 8_192 | 1 << 15 | 1 << 16 | 1 << 17 | 1 << 18 | 1 << 19 | 1 << 21 | 1 << 24;

/// A server that says the first part to whoever connects, and one part more behind each thing that it hears. It hangs up
/// after the last one; one that never says anything does not.
pub(crate) fn server(parts: Vec<Vec<u8>>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("a port");
    std::thread::spawn(move || {
        let mut silent = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            for (at, part) in parts.iter().enumerate() {
                if at > 0 {
                    let _ = stream.read(&mut [0; 4_096]);
                }
                let _ = stream.write_all(part);
            }
            if parts.is_empty() {
                silent.push(stream);
            }
        }
    });
    address
}

/// A server that hears a client out and then says something.
pub(crate) fn answering(answer: &[u8]) -> SocketAddr {
    server(vec![Vec::new(), answer.to_vec()])
}

/// A PostgreSQL server without TLS that lets everybody in and tells its version.
pub(crate) fn postgres_of_version(version: &str) -> SocketAddr {
    let message = |kind: u8, payload: &[u8]| {
        let length = u32::try_from(payload.len() + 4).expect("short").to_be_bytes();
        [&[kind], &length[..], payload].concat()
    };
    let parameter = format!("server_version\0{version}\0");
    let welcome =
        [message(b'R', &[0; 4]), message(b'S', parameter.as_bytes()), message(b'K', &[0; 8]), message(b'Z', b"I")];
    // What is heard last says goodbye.
    server(vec![Vec::new(), b"N".to_vec(), welcome.concat(), Vec::new()])
}

/// A MySQL server that refuses a login, or whoever comes before one.
pub(crate) fn mysql_that_refuses(number: u16, state: Option<&str>, message: &str) -> SocketAddr {
    // Before the greeting an error has no state.
    let marked = state.map_or(String::new(), |state| format!("#{state}"));
    let error = [&[0xff], &number.to_le_bytes()[..], marked.as_bytes(), message.as_bytes()].concat();
    match state {
        None => server(vec![packet(0, &error)]),
        Some(_) => server(vec![packet(0, &greeting("8.0.36")), packet(2, &error)]),
    }
}

/// A MySQL server that lets everybody in and answers its version to the first question.
pub(crate) fn mysql_of_version(version: &str) -> SocketAddr {
    let text = |text: &str| [&[u8::try_from(text.len()).expect("short")], text.as_bytes()].concat();
    let mut column = ["def", "", "", "", "VERSION()", ""].map(text).concat();
    // Character set, length, type, flags, decimals.
    column.extend_from_slice(&[0x0c, 45, 0, 60, 0, 0, 0, 0xfd, 0, 0, 0, 0, 0]);
    let end = [0xfe, 0, 0, 2, 0, 0, 0, 0, 0];
    let rows = [packet(1, &[1]), packet(2, &column), packet(3, &text(version)), packet(4, &end)];
    let welcome = packet(2, &[0, 0, 0, 2, 0, 0, 0]);
    server(vec![packet(0, &greeting(version)), welcome, rows.concat(), Vec::new()])
}

fn greeting(version: &str) -> Vec<u8> {
    let [low, high] = [MYSQL_CAPABILITIES as u16, (MYSQL_CAPABILITIES >> 16) as u16].map(u16::to_le_bytes);
    let login = b"123456789012\0mysql_native_password\0";
    let before = [&[10][..], version.as_bytes(), b"\0", &7_u32.to_le_bytes(), b"12345678\0"].concat();
    [&before, &low[..], &[45, 2, 0], &high, &[21], &[0; 10], login].concat()
}

fn packet(sequence: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("short").to_le_bytes();
    [&length[..3], &[sequence], payload].concat()
}
