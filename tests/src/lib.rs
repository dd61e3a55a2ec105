//! What the tests share: the case runner, the parts that `cargo xtask parts` installed, a Sigstore, YAML.
pub mod cases;
pub mod parts;
pub mod sigstore;
pub mod yaml;
