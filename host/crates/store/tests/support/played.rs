//! Servers that are played by a socket: they greet as MySQL or PostgreSQL do and say what a test wants to hear.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What such a MySQL server can: version 4.1 of the protocol with one way to log in, and no TLS.
const CAPABILITIES: u32 =
    1 | 2 | 4 | 8 | 512 | 8_192 | 1 << 15 | 1 << 16 | 1 << 17 | 1 << 18 | 1 << 19 | 1 << 21 | 1 << 24;

/// A port that is listened at; each connection is answered by `answer`.
pub(crate) async fn server<F: Future<Output = ()> + Send>(answer: impl Fn(TcpStream) -> F + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            answer(stream).await;
        }
    });
    port
}

/// A MySQL server that lets nobody in, and says why.
pub(crate) async fn mysql_that_says(number: u16, state: &'static str, message: &'static str) -> u16 {
    server(move |mut stream| async move {
        stream.write_all(&packet(0, &greeting("8.0.36"))).await.ok();
        read_packet(&mut stream).await;
        stream.write_all(&packet(2, &refusal(number, state, message))).await.ok();
        stream.shutdown().await.ok();
    })
    .await
}

/// A MySQL server that refuses before it greets.
pub(crate) async fn mysql_that_is_full() -> u16 {
    server(|mut stream| async move {
        stream.write_all(&packet(0, &refusal(1040, "", "Too many connections"))).await.ok();
        stream.shutdown().await.ok();
    })
    .await
}

/// A MySQL server that lets everybody in and answers its version to the first question.
pub(crate) async fn mysql_of_version(version: &'static str) -> u16 {
    server(move |mut stream| async move {
        stream.write_all(&packet(0, &greeting(version))).await.ok();
        read_packet(&mut stream).await;
        stream.write_all(&packet(2, &[0, 0, 0, 2, 0, 0, 0])).await.ok();
        read_packet(&mut stream).await;
        let mut column = Vec::new();
        for text in ["def", "", "", "", "VERSION()", ""] {
            column.push(u8::try_from(text.len()).expect("short"));
            column.extend_from_slice(text.as_bytes());
        }
        // Character set, length, type, flags, decimals.
        column.extend_from_slice(&[0x0c, 45, 0, 60, 0, 0, 0, 0xfd, 0, 0, 0, 0, 0]);
        let row = [&[u8::try_from(version.len()).expect("short")], version.as_bytes()].concat();
        let end = [0xfe, 0, 0, 2, 0, 0, 0, 0, 0];
        for (sequence, payload) in (1..).zip([&[1][..], &column, &row, &end]) {
            stream.write_all(&packet(sequence, payload)).await.ok();
        }
        read_packet(&mut stream).await;
    })
    .await
}

/// A PostgreSQL server that lets everybody in and tells its version.
pub(crate) async fn postgres_of_version(version: &'static str) -> u16 {
    server(move |mut stream| async move {
        // The question for TLS has 8 bytes; what comes next is the greeting.
        if hear(&mut stream).await == 8 {
            stream.write_all(b"N").await.ok();
            hear(&mut stream).await;
        }
        let parameter = ["server_version", version].map(|text| format!("{text}\0")).concat();
        for (kind, payload) in [(b'R', &[0; 4][..]), (b'S', parameter.as_bytes()), (b'K', &[0; 8]), (b'Z', b"I")] {
            let length = u32::try_from(payload.len() + 4).expect("short").to_be_bytes();
            stream.write_all(&[&[kind], &length[..], payload].concat()).await.ok();
        }
        hear(&mut stream).await;
    })
    .await
}

fn greeting(version: &str) -> Vec<u8> {
    let [low, high] = [CAPABILITIES as u16, (CAPABILITIES >> 16) as u16].map(u16::to_le_bytes);
    [
        &[10][..],
        version.as_bytes(),
        b"\0",
        &7_u32.to_le_bytes(),
        b"12345678\0",
        &low,
        &[45, 2, 0],
        &high,
        &[21],
        &[0; 10],
        b"123456789012\0mysql_native_password\0",
    ]
    .concat()
}

/// Before the greeting an error has no state.
fn refusal(number: u16, state: &str, message: &str) -> Vec<u8> {
    let state = if state.is_empty() { String::new() } else { format!("#{state}") };
    [&[0xff], &number.to_le_bytes()[..], state.as_bytes(), message.as_bytes()].concat()
}

fn packet(sequence: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("short").to_le_bytes();
    [&length[..3], &[sequence], payload].concat()
}

/// Bytes of what was said, at once.
async fn hear(stream: &mut TcpStream) -> usize {
    stream.read(&mut [0; 1_024]).await.unwrap_or(0)
}

async fn read_packet(stream: &mut TcpStream) {
    let mut head = [0; 4];
    if stream.read_exact(&mut head).await.is_ok() {
        let mut payload = vec![0; usize::from(head[0]) | usize::from(head[1]) << 8];
        stream.read_exact(&mut payload).await.ok();
    }
}
