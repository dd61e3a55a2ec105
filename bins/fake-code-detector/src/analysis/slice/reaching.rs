//! Which of the values that a variable is given may be seen where it is read.
use super::definition::How;
use super::{Level, Slicer};
use crate::syntax::*;

impl<'a> Slicer<'_, 'a> {
    /// Everything that may have given a variable what is read of it here.
    pub(super) fn definitions_of(&mut self, symbol: SymbolId, read: NodeId, level: Level) {
        if !self.aliases.contains_key(&symbol) {
            // Most variables have one definition.
            match self.slice.defined.get(&symbol).map(Vec::as_slice) {
                None => return self.spend(1),
                Some(&[only]) => {
                    self.spend(3);
                    return self.define_at(only, level);
                }
                Some(_) => {}
            }
        }
        let mut found = self.reaching(symbol, read);
        let mut seen = vec![symbol];
        let mut next = 0;
        while let Some(&whole) = seen.get(next).filter(|_| next < 30) {
            for &part in self.aliases.get(&whole).into_iter().flatten() {
                if !seen.contains(&part) {
                    seen.push(part);
                    let changes = self.slice.defined.get(&part).into_iter().flatten().copied();
                    found.extend(changes.filter(|it| self.slice.definitions[*it].how == How::Change));
                }
            }
            next += 1;
        }
        self.spend(found.len() + seen.len());
        for index in found {
            self.define_at(index, level);
        }
    }

    /// The definitions that a read may see.
    fn reaching(&self, symbol: SymbolId, read: NodeId) -> Vec<usize> {
        let Some(all) = self.slice.defined.get(&symbol) else { return Vec::new() };
        self.spend(all.len());
        let place = self.module.kind(read).span();
        let home = self.module.function_around(read);
        let of = |index: &usize| &self.slice.definitions[*index];
        let local = |index: &usize| self.homes[*index] == home;
        let last = all.iter().rev().find(|index| {
            let it = of(index);
            it.how == How::Set
                && it.node < read
                && !it.span.contains_inclusive(place)
                && local(index)
                && self.always_before(it.node, place)
        });
        let Some(last) = last.map(|last| of(last).node) else { return all.clone() };
        let seen = |index: &&usize| {
            let it = of(index);
            !local(index)
                || it.node >= last && (it.node < read || it.how == How::Change || self.share_loop(it.node, read, last))
        };
        all.iter().filter(seen).copied().collect()
    }

    /// Whether a definition has always run when a place behind it is reached.
    fn always_before(&self, node: NodeId, place: Span) -> bool {
        let mut statement = self.module.parent(node);
        if matches!(self.module.kind(node), AstKind::VariableDeclarator(_)) {
            return true;
        }
        if !matches!(self.module.kind(statement), AstKind::ExpressionStatement(_)) {
            return false;
        }
        statement = self.module.parent(statement);
        let block = self.module.kind(statement);
        matches!(block, AstKind::BlockStatement(_) | AstKind::FunctionBody(_)) && block.span().contains_inclusive(place)
    }
}
