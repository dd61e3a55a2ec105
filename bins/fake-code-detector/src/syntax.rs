//! The parser and its tree. Everything of oxc that this tool uses passes here, so that a new version of it is one file's work.
pub(crate) use oxc_allocator::Allocator;
pub(crate) use oxc_ast::AstKind;
pub(crate) use oxc_ast::ast::*;
pub(crate) use oxc_semantic::{NodeId, Reference, Semantic, SymbolId};
pub(crate) use oxc_span::{GetSpan, SourceType, Span};
pub(crate) use oxc_syntax::operator::{
    AssignmentOperator, BinaryOperator, LogicalOperator, UnaryOperator, UpdateOperator,
};

use oxc_parser::{ParseOptions, Parser};
use oxc_semantic::{SemanticBuilder, Stats};

/// Why a file could not be read as a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unparsable {
    /// What the parser says.
    pub(crate) message: String,
    /// Where, as a byte in the text.
    pub(crate) at: u32,
}

impl Unparsable {
    /// Nothing came of a text, which is a bug.
    pub(crate) fn lost() -> Self {
        Self { message: "a bug: nobody looked at it".to_owned(), at: 0 }
    }
}

/// Reads `text` as the language that the name of its file says, into `arena`.
///
/// # Errors
/// The first error of syntax, also where the parser could recover: half a tree would hide what stands behind.
pub(crate) fn parse<'a>(arena: &'a Allocator, text: &'a str, kind: SourceType) -> Result<&'a Program<'a>, Unparsable> {
    let options = ParseOptions { parse_regular_expression: false, ..ParseOptions::default() };
    let mut parsed = Parser::new(arena, text, kind).with_options(options).parse();
    if let Some(error) = parsed.diagnostics.drain(..).next() {
        let at = error.labels.first().map_or(0, |label| label.offset());
        return Err(Unparsable { message: error.message.to_string(), at });
    }
    Ok(arena.alloc(parsed.program))
}

/// Scopes, symbols, references and the parent of each node.
pub(crate) fn semantic<'a>(program: &'a Program<'a>) -> Semantic<'a> {
    // How much room is made at first; oxc would count with a walk of the whole tree. Denser texts only take longer.
    let bytes = u32::try_from(program.source_text.len()).unwrap_or(u32::MAX);
    let room = Stats::new(bytes / 7, bytes / 150, bytes / 70, bytes / 25);
    SemanticBuilder::new().with_build_nodes(true).with_stats(room).build(program).semantic
}
