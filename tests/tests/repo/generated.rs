//! Files that are made from others; `UPDATE=1` writes them. Each tool's action.yml and README tables are the case runner's.
use std::os::unix::fs::PermissionsExt;

use super::files::{File, root};
use super::layout::names;

/// Every launcher is the template with the tool's name in it.
pub(crate) fn launchers(files: &[File]) -> Vec<String> {
    let Some(template) = files.iter().find(|file| file.path == "dist/launcher.sh") else {
        return vec!["there is no dist/launcher.sh".to_owned()];
    };
    let mut launchers: Vec<String> = names(files).iter().map(|name| format!("dist/{name}/run")).collect();
    launchers.extend(
        files.iter().map(|file| file.path.clone()).filter(|path| path.starts_with("dist/") && path.ends_with("/run")),
    );
    launchers.sort();
    launchers.dedup();
    let made =
        |path: &String| template.text.replace("@name@", path.trim_start_matches("dist/").trim_end_matches("/run"));
    launchers.iter().filter_map(|path| compare(files, path, &made(path))).collect()
}

/// The umbrella action offers every tool.
pub(crate) fn umbrella(files: &[File]) -> Vec<String> {
    let names: Vec<&str> = names(files).into_iter().collect();
    compare(files, "action.yml", &umbrella_of(&names)).into_iter().collect()
}

fn umbrella_of(names: &[&str]) -> String {
    format!(
        "# Made from the names in bins/ by `UPDATE=1 cargo test --package tests --test repo`; the same test compares them.\n\
         name: dataflow\n\
         description: \"Puts release-engineering tools on PATH\"\n\
         author: dataflow\n\
         branding:\n  icon: package\n  color: blue\n\
         inputs:\n  tools:\n    description: \"Tools to put on PATH, one a line; all of them when empty ({})\"\n    required: false\n    default: \"\"\n\
         runs:\n  using: composite\n  steps:\n    - name: Put the tools on PATH\n      shell: sh\n      env:\n        \
         INPUT_TOOLS: ${{{{ inputs.tools }}}}\n        TOOLS: \"{}\"\n      run: exec sh \"$GITHUB_ACTION_PATH/dist/on-path\"\n",
        names.join(", "),
        names.join(" "),
    )
}

fn compare(files: &[File], path: &str, made: &str) -> Option<String> {
    if files.iter().any(|file| file.path == path && file.text == made) {
        return None;
    }
    // Only what a test made up has no folder here.
    let folder = root().join(path).parent().unwrap().to_path_buf();
    if std::env::var("UPDATE").as_deref() == Ok("1")
        && files.iter().any(|file| file.path == "Cargo.lock")
        && folder.is_dir()
    {
        std::fs::write(root().join(path), made).unwrap();
        if path.ends_with("/run") {
            std::fs::set_permissions(root().join(path), std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        return None;
    }
    Some(format!("{path} is not what is made for it; `UPDATE=1 cargo test --package tests --test repo` rewrites it"))
}
