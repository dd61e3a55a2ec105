//! The API server: reads, watches, and the one function that changes anything.
