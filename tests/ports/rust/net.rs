// std::net of Rust on wasm32-wasip2, linked with libposix-sockets.a: objects that know nothing of our headers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket, Shutdown};
use std::time::Duration;
fn main() -> std::io::Result<()> {
    let l = TcpListener::bind("127.0.0.1:0")?;
    let a = l.local_addr()?;
    let mut c = TcpStream::connect(a)?;
    let (mut s, peer) = l.accept()?;
    assert_eq!(peer, c.local_addr()?);
    c.set_nodelay(true)?; assert!(c.nodelay()?);
    c.write_all(b"hello")?;
    let mut b = [0u8; 16];
    assert_eq!(s.peek(&mut b)?, 5);
    let n = s.read(&mut b)?; assert_eq!(&b[..n], b"hello");
    s.set_read_timeout(Some(Duration::from_millis(30)))?;
    assert_eq!(s.read(&mut b).unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
    c.shutdown(Shutdown::Write)?;
    assert_eq!(s.read(&mut b)?, 0);
    s.set_nonblocking(true)?;
    let u = UdpSocket::bind("127.0.0.1:0")?; let v = UdpSocket::bind("127.0.0.1:0")?;
    u.send_to(b"dgram", v.local_addr()?)?;
    let (n, from) = v.recv_from(&mut b)?; assert_eq!(n, 5); assert_eq!(from, u.local_addr()?);
    use std::net::ToSocketAddrs; println!("{:?}", ("localhost", 80).to_socket_addrs()?.collect::<Vec<_>>());
    println!("ok {}", s.take_error()?.is_none());
    Ok(())
}
