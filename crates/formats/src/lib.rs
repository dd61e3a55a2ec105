//! File formats that several tools share: bytes in, values with positions out. Pure; time and memory linear in the bytes.
pub mod sums;
pub mod yaml;
