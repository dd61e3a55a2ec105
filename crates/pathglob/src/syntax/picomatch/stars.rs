//! `*` and `**`.

use super::pieces::{GLOBSTAR, Kind, NO_DOT_SLASH, NO_DOTS, ONE, Piece, SLASH, STAR};
use super::scanner::Scanner;

impl Scanner {
    /// A `*`, which was read.
    pub(super) fn star(&mut self) {
        if self.last_kind() == Kind::Globstar || self.last().run {
            let last = self.last();
            last.kind = Kind::Star;
            last.run = true;
            last.value.push('*');
            last.output = Some(STAR.to_owned());
            self.rebuild = true;
        } else if self.ahead(1) == Some('(') && self.ahead(2).is_some_and(|c| c != '?') {
            self.open_extglob('*');
        } else if self.last_kind() == Kind::Star {
            self.second_star();
        } else {
            self.first_star();
        }
    }

    fn first_star(&mut self) {
        let kind = self.last_kind();
        if self.at == self.start + 1 || matches!(kind, Kind::Slash | Kind::Dot) {
            self.guard(if kind == Kind::Dot { NO_DOT_SLASH } else { NO_DOTS });
            if self.ahead(1) != Some('*') {
                self.guard(ONE);
            }
        }
        self.push(Piece::with(Kind::Star, "*", STAR));
    }

    /// Adds a look-ahead to the piece before the star.
    fn guard(&mut self, look_ahead: &str) {
        self.write(look_ahead);
        self.last().extend_output(look_ahead);
    }

    fn second_star(&mut self) {
        let star = self.last;
        let Some(prior) = self.pieces[star].before else { return };
        let kind = self.pieces[prior].kind;
        let in_brace = self.braces > 0 && matches!(kind, Kind::Comma | Kind::Brace);
        if !in_brace && !matches!(kind, Kind::Slash | Kind::Begin | Kind::Paren) {
            self.push(Piece::with(Kind::Star, "*", ""));
            return;
        }
        self.skip_repeats();
        let before = self.pieces[prior].before.map(|before| self.pieces[before].kind);
        let after_slash = kind == Kind::Slash && before != Some(Kind::Begin);
        let after_star = matches!(before, Some(Kind::Star | Kind::Globstar));
        let next = self.ahead(1);
        if kind == Kind::Begin && next.is_none() {
            self.become_globstar(star, GLOBSTAR.to_owned());
            self.output = GLOBSTAR.chars().collect();
        } else if after_slash && !after_star && next.is_none() {
            self.open_slash(star, prior, format!("{GLOBSTAR}|$)"));
        } else if after_slash && next == Some('/') {
            let end = if self.ahead(2).is_some() { "|$" } else { "" };
            self.open_slash(star, prior, format!("{GLOBSTAR}{SLASH}|{SLASH}{end})"));
            self.take_slash();
        } else if kind == Kind::Begin && next == Some('/') {
            let folders = format!("(?:^|{SLASH}|{GLOBSTAR}{SLASH})");
            self.output = folders.chars().collect();
            self.become_globstar(star, folders);
            self.take_slash();
        } else {
            self.cut(self.pieces[star].text().chars().count());
            self.write(GLOBSTAR);
            self.become_globstar(star, GLOBSTAR.to_owned());
        }
    }

    /// Steps over further `/**` that say the same.
    fn skip_repeats(&mut self) {
        while self.rest().starts_with(&['/', '*', '*']) && matches!(self.ahead(4), None | Some('/')) {
            self.at += 3;
        }
    }

    fn become_globstar(&mut self, star: usize, output: String) {
        let star = &mut self.pieces[star];
        star.kind = Kind::Globstar;
        star.value.push('*');
        star.output = Some(output);
    }

    /// Puts the slash before the globstar into a group with it, as both may be missing together.
    fn open_slash(&mut self, star: usize, slash: usize, output: String) {
        let written = self.pieces[slash].text().chars().count() + self.pieces[star].text().chars().count();
        self.cut(written);
        let grouped = format!("(?:{}", self.pieces[slash].text());
        self.write(&grouped);
        self.write(&output);
        self.pieces[slash].output = Some(grouped);
        self.become_globstar(star, output);
    }

    /// Reads the slash that the globstar has already written.
    fn take_slash(&mut self) {
        self.at += 1;
        self.push(Piece::with(Kind::Slash, "/", ""));
    }
}
