//! One running `git cat-file --batch`, which hands out objects of any repository that git itself can read.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout};

use gix::objs::Kind;

use crate::command::Git;
use crate::packs::LARGEST_TREE;
use crate::{Error, Id};

/// The process and both ends of the conversation with it.
pub(crate) struct Batch {
    child: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Batch {
    pub(crate) fn start(git: Git) -> Result<Self, Error> {
        let (child, questions, answers) = git.args(["cat-file", "--batch"]).converse()?;
        Ok(Self { child, questions: Some(questions), answers: BufReader::new(answers) })
    }

    /// Reads one object; in a partial clone git fetches it when it is missing. After a failure it is of no more use.
    pub(crate) fn read(&mut self, id: &Id, buffer: &mut Vec<u8>) -> Result<Option<Kind>, std::io::Error> {
        let unclear = || std::io::Error::other("its answer makes no sense");
        if let Some(questions) = &mut self.questions {
            writeln!(questions, "{id}")?;
            questions.flush()?;
        }
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            return Err(std::io::Error::other("it ended early"));
        }
        let mut words = line.split_whitespace().skip(1);
        let kind = match words.next() {
            Some("missing") => return Ok(None),
            Some(kind) => Kind::from_bytes(kind.as_bytes()).map_err(|_| unclear())?,
            None => return Err(unclear()),
        };
        let size = words.next().and_then(|size| size.parse::<usize>().ok()).filter(|&size| size <= LARGEST_TREE);
        let size = size.ok_or_else(unclear)?;
        buffer.clear();
        // The answer is followed by a line feed.
        (&mut self.answers).take(size as u64 + 1).read_to_end(buffer)?;
        if buffer.len() != size + 1 {
            return Err(unclear());
        }
        buffer.truncate(size);
        Ok(Some(kind))
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        // The end of its input ends it.
        self.questions = None;
        let _ = self.child.wait();
    }
}
