//! Where a report is printed: the process's streams, or memory.
use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// Standard output and standard error, and what they can show.
pub struct Streams {
    pub(crate) out: Box<dyn Write + Send>,
    pub(crate) err: Box<dyn Write + Send>,
    pub(crate) out_colour: bool,
    pub(crate) err_colour: bool,
    /// Whether a person reads standard output as it comes.
    pub(crate) interactive: bool,
    /// Whether a person reads standard error as it comes.
    pub(crate) err_interactive: bool,
    /// Whether standard output goes to a file or another program while standard error still goes to the log.
    pub(crate) redirected: bool,
    /// Columns of the terminal; 100 where there is none.
    pub(crate) width: usize,
}

const NO_TERMINAL_WIDTH: usize = 100;

impl Streams {
    /// The streams of this process. Colour is on for a terminal, unless `NO_COLOR` and its kin say otherwise.
    pub fn of_process() -> Self {
        let (out, err) = (io::stdout(), io::stderr());
        let colour = |choice| choice != anstream::ColorChoice::Never;
        let (out_colour, err_colour) =
            (colour(anstream::AutoStream::choice(&out)), colour(anstream::AutoStream::choice(&err)));
        let (interactive, err_interactive) = (out.is_terminal(), err.is_terminal());
        let redirected = !interactive && redirected();
        Self {
            out: Box::new(out),
            err: Box::new(err),
            out_colour,
            err_colour,
            interactive,
            err_interactive,
            redirected,
            width: width(),
        }
    }

    /// Streams into memory, without colour, 100 columns wide, and the handle to read them by.
    pub fn captured() -> (Self, Captured) {
        let captured = Captured::default();
        let streams = Self {
            out: Box::new(captured.out.clone()),
            err: Box::new(captured.err.clone()),
            out_colour: false,
            err_colour: false,
            interactive: false,
            err_interactive: false,
            redirected: false,
            width: NO_TERMINAL_WIDTH,
        };
        (streams, captured)
    }

    /// Takes standard error for a terminal's, as wide as it is.
    #[must_use]
    pub fn watched(mut self) -> Self {
        self.err_interactive = true;
        self
    }
}

/// In a step, `tool --json | jq` and `x=$(tool)` want exact bytes, and commands printed there would never arrive. They
/// look like the log itself, a pipe; but the shell that started the tool still has the log as its standard output.
/// When in doubt this is the log: then too much is escaped, never too little.
#[cfg(target_os = "linux")]
fn redirected() -> bool {
    let is_file = std::fs::metadata("/proc/self/fd/1").is_ok_and(|out| out.is_file());
    let parent = std::os::unix::process::parent_id();
    let ours = |stream: u8| std::fs::read_link(format!("/proc/self/fd/{stream}")).ok();
    let theirs = |stream: u8| std::fs::read_link(format!("/proc/{parent}/fd/{stream}")).ok();
    let is_shell = ours(2).is_some() && ours(2) == theirs(2);
    is_file || (is_shell && theirs(1).is_some() && ours(1) != theirs(1))
}

#[cfg(not(target_os = "linux"))]
fn redirected() -> bool {
    false
}

fn width() -> usize {
    let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|&columns| columns > 0);
    asked.or_else(|| Some(terminal_size::terminal_size()?.0.0.into())).unwrap_or(NO_TERMINAL_WIDTH)
}

/// What was printed into memory.
#[derive(Clone, Default)]
pub struct Captured {
    out: Memory,
    err: Memory,
}

impl Captured {
    /// Everything on standard output so far.
    pub fn out(&self) -> Vec<u8> {
        self.out.bytes()
    }

    /// Everything on standard error so far.
    pub fn err(&self) -> Vec<u8> {
        self.err.bytes()
    }
}

#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Vec<u8>>>);

impl Memory {
    fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
