//! What the tests share: the case runner, the parts that `cargo xtask parts` installed, a Sigstore, a cloud that knows runs, YAML.
pub mod cases;
pub mod egress;
pub mod identity;
pub mod monorepo;
pub mod parts;
pub mod sigstore;
pub mod yaml;

/// The names of the files in a folder, sorted; none where there is no folder.
#[must_use]
pub fn files(folder: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter(|entry| entry.path().is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}
