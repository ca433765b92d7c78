//! A way to the simulator on which all its answers bear another date.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

const HEADER: &[u8] = b"\r\ndate: ";

/// Answers until the test's process ends.
#[derive(Debug)]
pub(crate) struct Front {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<u8>>>,
    date: Arc<Mutex<&'static str>>,
}

impl Front {
    /// `date` as in `Sun, 06 Nov 1994 08:49:37 GMT`.
    pub(crate) fn new(behind: SocketAddr, date: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let date = Arc::new(Mutex::new(date));
        let front = Self { address, heard: Arc::clone(&heard), date: Arc::clone(&date) };
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let server = TcpStream::connect(behind).unwrap();
                let (from, to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                let (heard, date) = (Arc::clone(&heard), Arc::clone(&date));
                std::thread::spawn(move || pass(from, to, |piece| heard.lock().unwrap().extend_from_slice(piece)));
                std::thread::spawn(move || {
                    pass(server, client, |piece| redate(piece, date.lock().unwrap().as_bytes()));
                });
            }
        });
        front
    }

    pub(crate) fn base_url(&self) -> String {
        format!("http://{}/api/1.0", self.address)
    }

    pub(crate) fn set_date(&self, date: &'static str) {
        *self.date.lock().unwrap() = date;
    }

    /// All that clients sent.
    pub(crate) fn heard(&self) -> String {
        String::from_utf8_lossy(&self.heard.lock().unwrap()).into_owned()
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, mut touch: impl FnMut(&mut [u8])) {
    let mut buffer = vec![0; 64 << 10];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        touch(&mut buffer[..read]);
        if to.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    drop(to.shutdown(Shutdown::Both));
}

/// Dates have the same length always. A head comes in one piece, because the server writes it so.
fn redate(piece: &mut [u8], date: &[u8]) {
    let Some(at) = piece.windows(HEADER.len()).position(|window| window == HEADER) else { return };
    let value = at + HEADER.len();
    if let Some(old) = piece.get_mut(value..value + date.len()) {
        old.copy_from_slice(date);
    }
}
