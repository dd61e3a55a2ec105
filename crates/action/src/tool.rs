//! What a tool says about itself: the part of its action.yml, help and README that is not an input.

/// One tool: one binary, one action.
#[derive(Debug, Clone, Copy)]
pub struct Tool {
    /// Folder, crate, binary and action name.
    pub name: &'static str,
    /// One sentence: the description of the action and the first line of `--help`.
    pub about: &'static str,
    /// Usually `env!("CARGO_PKG_VERSION")`.
    pub version: &'static str,
    /// Where the tool lives; bugs are reported at `<homepage>/issues`.
    pub homepage: &'static str,
    /// Icon of the action on the marketplace: a Feather icon name.
    pub icon: &'static str,
    /// Colour of that icon: white, black, yellow, blue, green, orange, red, purple or gray-dark.
    pub color: &'static str,
    /// Everything that the tool may give on; a composite action passes on nothing else.
    pub outputs: &'static [Output],
}

/// One declared output.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// Name in kebab-case.
    pub name: &'static str,
    /// One sentence for action.yml and README.
    pub description: &'static str,
    /// Whether a value too big for an output goes to a file instead, whose path is in the output `<name>-file`.
    pub file: bool,
}

impl Output {
    /// An output whose value always fits.
    pub const fn new(name: &'static str, description: &'static str) -> Self {
        Self { name, description, file: false }
    }

    /// An output that can be big: past the limit its value goes to a file, and `<name>-file` has the path.
    /// That second output is declared by this too.
    pub const fn or_file(name: &'static str, description: &'static str) -> Self {
        Self { name, description, file: true }
    }
}
