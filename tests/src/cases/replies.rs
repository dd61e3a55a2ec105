//! What commands and a server answer in a case, and the log of who asked.
//!
//! ```text
//! $ kubectl get pods            # the exact command line, arguments joined by one space
//! NAME   READY
//! ? 1                           # its exit code, when that is not 0
//! > GET /repos/o/r/pulls/1      # method and target of a request
//! < 404                         # the status, when that is not 200
//! < link: <...>; rel="next"     # a header of the answer
//! {"message": "Not Found"}
//! ```
//! Answers to the same question are given in order, the last one again and again only if it is followed by `...`. A line
//! of an answer that begins like one of ours gets a backslash in front.
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// One recorded answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reply {
    /// `$ kubectl get pods` or `> GET /path`.
    pub(crate) question: String,
    pub(crate) body: String,
    /// Exit code of a command; status of a response, 0 for the usual one.
    pub(crate) code: i32,
    pub(crate) headers: Vec<(String, String)>,
    /// Whether it answers every further call.
    pub(crate) again: bool,
}

/// Reads the file of replies.
pub(crate) fn read(text: &str) -> Result<Vec<Reply>, String> {
    let mut replies: Vec<Reply> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let problem = |what: &str| format!("replies:{}: {what}: {line:?}", at + 1);
        if line.starts_with("$ ") || line.starts_with("> ") {
            replies.push(Reply { question: line.trim_end().to_owned(), ..Reply::default() });
            continue;
        }
        let reply = replies.last_mut().ok_or_else(|| problem("an answer without a question"))?;
        let code = |digits: &str| digits.parse().map_err(|_| problem("not a number"));
        match (line.split_once(' '), line) {
            (Some(("?", digits)), _) => reply.code = code(digits)?,
            (Some(("<", rest)), _) => match rest.split_once(": ") {
                Some((name, value)) => reply.headers.push((name.to_owned(), value.to_owned())),
                None => reply.code = code(rest)?,
            },
            (_, "...") => reply.again = true,
            _ => {
                let escaped = line.strip_prefix('\\').filter(|rest| rest.starts_with(['$', '>', '<', '?', '.', '\\']));
                reply.body.push_str(escaped.unwrap_or(line));
                reply.body.push('\n');
            }
        }
    }
    Ok(replies)
}

/// The commands that a case has answers for.
pub(crate) fn commands(replies: &[Reply]) -> Vec<&str> {
    let mut names: Vec<&str> = replies.iter().filter_map(|reply| reply.question.strip_prefix("$ ")).collect();
    names.iter_mut().for_each(|line| *line = line.split(' ').next().unwrap_or(line));
    names.sort_unstable();
    names.dedup();
    names
}

/// Where calls are logged; shared by the server and the processes that answer for commands.
#[derive(Debug, Clone)]
pub(crate) struct Book {
    folder: PathBuf,
}

impl Book {
    /// Opens a book in a folder; the replies are the same for whoever opens it.
    pub(crate) fn open(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf() }
    }

    /// Puts down what will be answered.
    pub(crate) fn prepare(&self, replies: &str) -> Result<(), String> {
        std::fs::write(self.folder.join("replies"), replies).map_err(|e| format!("could not write the replies: {e}"))
    }

    /// Logs a call, with `more` below it, and gives the answer if there is one.
    pub(crate) fn ask(&self, question: &str, more: &str) -> Result<Option<Reply>, String> {
        let text = std::fs::read_to_string(self.folder.join("replies")).unwrap_or_default();
        let replies = read(&text)?;
        self.log(question, more, &replies).map_err(|e| format!("could not log a call: {e}"))
    }

    fn log(&self, question: &str, more: &str, replies: &[Reply]) -> std::io::Result<Option<Reply>> {
        let mut file: File = OpenOptions::new().create(true).read(true).append(true).open(self.folder.join("calls"))?;
        file.lock()?;
        let mut calls = String::new();
        file.seek(SeekFrom::Start(0))?;
        file.read_to_string(&mut calls)?;
        let earlier = calls.lines().filter(|line| *line == question).count();
        let mut fitting = replies.iter().filter(|reply| reply.question == question);
        let last = fitting.clone().next_back().filter(|reply| reply.again);
        let reply = fitting.nth(earlier).or(last).cloned();
        let mark = if reply.is_some() { "" } else { UNANSWERED };
        let more: String = more.lines().map(|line| format!("    {line}\n")).collect();
        write!(file, "{mark}{question}\n{more}")?;
        Ok(reply)
    }

    /// Everything that was asked.
    pub(crate) fn calls(&self) -> String {
        std::fs::read_to_string(self.folder.join("calls")).unwrap_or_default()
    }

    /// What is wrong with the calls: one without an answer, or an answer that nobody asked for.
    pub(crate) fn problem(&self, replies: &[Reply]) -> Option<String> {
        let calls = self.calls();
        if let Some(call) = calls.lines().find_map(|line| line.strip_prefix(UNANSWERED)) {
            return Some(format!("the case has no answer for this call: {call}"));
        }
        let asked = |question: &str| calls.lines().filter(|line| *line == question).count();
        let unused = replies.iter().enumerate().find(|(at, reply)| {
            let before = replies[..*at].iter().filter(|earlier| earlier.question == reply.question).count();
            asked(&reply.question) <= before
        });
        unused.map(|(_, reply)| format!("nobody asked for this answer: {}", reply.question))
    }
}

const UNANSWERED: &str = "(no answer) ";

/// Answers for a command, if that is what this process was started for; gives the exit code.
///
/// It was if its name is another than the program's: a command is a link to it in the one folder of the `PATH`. A script
/// would be shorter to read, but what another thread starts while it is written holds it open, and it cannot be started.
pub(crate) fn answer_for_command() -> Option<i32> {
    let mut line: Vec<String> = std::env::args().collect();
    let command = Path::new(line.first()?).file_name()?.to_str()?.to_owned();
    if std::env::current_exe().ok()?.file_name()? == command.as_str() {
        return None;
    }
    let book = Book::open(&Path::new(&std::env::var_os("PATH")?).with_file_name("runner"));
    line[0] = command;
    let question = format!("$ {}", line.join(" ").replace('\n', "\\n"));
    Some(match book.ask(&question, "") {
        Ok(Some(reply)) => {
            let mut out = std::io::stdout();
            // A reader that has gone away is its own affair.
            let _ = out.write_all(reply.body.as_bytes()).and_then(|()| out.flush());
            reply.code
        }
        Ok(None) | Err(_) => 127,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(replies: &str, questions: &[(&str, Option<&str>)], problem: Option<&str>) {
        let folder = tempfile::tempdir().unwrap();
        let book = Book::open(folder.path());
        book.prepare(replies).unwrap();
        for (question, body) in questions {
            assert_eq!(book.ask(question, "").unwrap().map(|reply| reply.body).as_deref(), *body, "{question}");
        }
        assert_eq!(book.problem(&read(replies).unwrap()).as_deref(), problem);
    }

    #[test]
    fn answers_in_order() {
        let replies = "$ a x\n1\n$ a x\n2\n$ b\n...\n3\n";
        check(
            replies,
            &[("$ a x", Some("1\n")), ("$ b", Some("3\n")), ("$ a x", Some("2\n")), ("$ b", Some("3\n"))],
            None,
        );
        check(replies, &[("$ a x", Some("1\n"))], Some("nobody asked for this answer: $ a x"));
        check("$ a\n", &[("$ a", Some("")), ("$ a", None)], Some("the case has no answer for this call: $ a"));
    }

    #[test]
    fn reads_codes_headers_and_escapes() {
        let replies = read("$ a\n? 3\n\\$ text\n> GET /x\n< 404\n< retry-after: 1\n{}\n").unwrap();
        assert_eq!((replies[0].code, replies[0].body.as_str()), (3, "$ text\n"));
        assert_eq!((replies[1].code, replies[1].body.as_str()), (404, "{}\n"));
        assert_eq!(replies[1].headers, [("retry-after".to_owned(), "1".to_owned())]);
        assert_eq!(commands(&replies), ["a"]);
        assert!(read("text\n").is_err());
        assert!(read("$ a\n? x\n").is_err());
    }
}
