//! A TCP proxy between a host and a server, so that a test can cut connections without touching the server.
//!
//! Invariant: it hands on every byte, in order, until it is told to stop.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// A proxy that ends with the value.
pub struct Proxy {
    port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    is_closed: AtomicBool,
    is_over: AtomicBool,
    connections: Mutex<Vec<TcpStream>>,
}

impl Proxy {
    /// A proxy to a server.
    pub fn to(host: &str, port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let own = listener.local_addr().expect("it is bound").port();
        let shared = Arc::new(Shared {
            is_closed: AtomicBool::new(false),
            is_over: AtomicBool::new(false),
            connections: Mutex::default(),
        });
        let (accepting, server) = (Arc::clone(&shared), (host.to_owned(), port));
        std::thread::spawn(move || {
            for client in listener.incoming() {
                if accepting.is_over.load(Ordering::Relaxed) {
                    return;
                }
                if let (Ok(client), false) = (client, accepting.is_closed.load(Ordering::Relaxed)) {
                    accepting.connect(client, &server);
                }
            }
        });
        Self { port: own, shared }
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Cuts every connection; new ones are taken.
    pub fn cut(&self) {
        for connection in self.shared.connections.lock().expect("no panic while it is held").drain(..) {
            let _ = connection.shutdown(Shutdown::Both);
        }
    }

    /// Cuts every connection and every new one.
    pub fn close(&self) {
        self.shared.is_closed.store(true, Ordering::Relaxed);
        self.cut();
    }

    /// Takes connections again.
    pub fn open(&self) {
        self.shared.is_closed.store(false, Ordering::Relaxed);
    }
}

impl Shared {
    fn connect(&self, client: TcpStream, server: &(String, u16)) {
        let Ok(server) = TcpStream::connect((server.0.as_str(), server.1)) else { return };
        let copies = [client.try_clone(), server.try_clone(), client.try_clone(), server.try_clone()];
        let [Ok(client_in), Ok(server_in), Ok(client_kept), Ok(server_kept)] = copies else { return };
        self.connections.lock().expect("no panic while it is held").extend([client_kept, server_kept]);
        std::thread::spawn(move || pump(client_in, server));
        std::thread::spawn(move || pump(server_in, client));
    }
}

fn pump(mut from: TcpStream, mut to: TcpStream) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        if to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::Relaxed);
        self.cut();
        // Wakes who accepts.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}
