//! What a request sends: a value in memory, or a stream read while it is sent.
use std::io::{self, Read};
use std::pin::Pin;
use std::task::{Context, Poll};

use http_body_util::{Either, Full};
use hyper::body::{Body, Bytes, Frame, SizeHint};

/// The body of a request.
pub(crate) type Outgoing = Either<Full<Bytes>, Stream>;

/// Bytes that are read at once.
const CHUNK: usize = 64 << 10;

/// A reader sent as a body of a length known beforehand: exactly so many bytes, or an error and no whole body.
pub(crate) struct Stream {
    reader: Box<dyn Read + Send>,
    left: u64,
}

impl Stream {
    /// Reading blocks the one thread of the runtime, which does nothing else meanwhile.
    pub(crate) fn new(reader: Box<dyn Read + Send>, length: u64) -> Self {
        Stream { reader, left: length }
    }

    fn chunk(&mut self) -> io::Result<Bytes> {
        let wanted = usize::try_from(self.left).unwrap_or(CHUNK).min(CHUNK);
        let mut chunk = Vec::with_capacity(wanted);
        (&mut self.reader).take(wanted as u64).read_to_end(&mut chunk)?;
        if chunk.len() < wanted {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it is shorter than it was"));
        }
        self.left -= wanted as u64;
        // The end is looked for before the last chunk is sent, so that a longer file never arrives as a whole one.
        if self.left == 0 && (&mut self.reader).take(1).read_to_end(&mut Vec::new())? > 0 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "it is longer than it was"));
        }
        Ok(chunk.into())
    }
}

impl Body for Stream {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        Poll::Ready(Some(self.chunk().map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;
    use proptest::prelude::*;

    /// The bytes that a body of this announced length gives, or why not.
    fn sent(content: &[u8], announced: u64) -> Result<Vec<u8>, String> {
        let mut body = Stream::new(Box::new(io::Cursor::new(content.to_vec())), announced);
        let mut sent = Vec::new();
        let mut context = Context::from_waker(std::task::Waker::noop());
        loop {
            assert_eq!(body.size_hint().exact(), Some(announced - sent.len() as u64));
            match std::pin::pin!(body.frame()).poll(&mut context) {
                Poll::Ready(None) => return Ok(sent),
                Poll::Ready(Some(frame)) => {
                    sent.extend(frame.map_err(|e| e.to_string())?.into_data().expect("data only"));
                }
                Poll::Pending => panic!("a reader is always ready"),
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_body_is_whole_or_fails(length in 0usize..3 * CHUNK, more in 0u64..3, fewer in 0u64..3) {
            let content: Vec<u8> = (0..length).map(|at| at as u8).collect();
            let announced = (length as u64 + more).saturating_sub(fewer);
            let expected = match announced.cmp(&(length as u64)) {
                std::cmp::Ordering::Equal => Ok(content.clone()),
                std::cmp::Ordering::Greater => Err("it is shorter than it was".to_owned()),
                // Nothing was announced and nothing is read: an empty body is whole.
                std::cmp::Ordering::Less if announced == 0 => Ok(Vec::new()),
                std::cmp::Ordering::Less => Err("it is longer than it was".to_owned()),
            };
            prop_assert_eq!(sent(&content, announced), expected);
        }
    }
}
