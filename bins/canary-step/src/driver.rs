//! Lock, loop, and the signals of the runner.
