//! What the tests share: the case runner, the parts that `cargo xtask parts` installed, YAML.
pub mod cases;
pub mod parts;
pub mod yaml;
