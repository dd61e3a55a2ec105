//! Tables: on a narrow screen each row becomes a small card of labelled values.
use maud::{Markup, html};

use crate::escape::{Shown, visible};
use crate::{Bar, Text, thousands};

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    label: String,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Words,
    Number,
    Bar,
}

impl Column {
    /// A column of words, from the left.
    pub fn words(label: impl Into<String>) -> Self {
        Self { label: label.into(), kind: Kind::Words }
    }

    /// A column of numbers, to the right.
    pub fn numbers(label: impl Into<String>) -> Self {
        Self { label: label.into(), kind: Kind::Number }
    }

    /// A column of bars with their labels.
    pub fn bars(label: impl Into<String>) -> Self {
        Self { label: label.into(), kind: Kind::Bar }
    }

    fn class(&self) -> &'static str {
        match self.kind {
            Kind::Words => "w",
            Kind::Number => "n",
            Kind::Bar => "b",
        }
    }
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Text; none leaves the cell empty.
    Text(Text),
    /// A bar and its label.
    Bar(Bar),
}

impl Cell {
    /// A count, with its thousands set apart.
    pub fn count(count: u64) -> Self {
        Self::Text(thousands(count).into())
    }

    /// No value.
    pub fn none() -> Self {
        Self::Text(Text::new())
    }

    fn is_none(&self) -> bool {
        matches!(self, Self::Text(text) if text.is_empty())
    }

    fn markup(&self) -> Markup {
        match self {
            Self::Text(text) => text.markup(),
            Self::Bar(bar) => html! {
                span class="meter" { (bar.markup()) span class="meter-label" { (Shown::new(bar.label())) } }
            },
        }
    }
}

impl<T: Into<Text>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::Text(text.into())
    }
}

impl From<Bar> for Cell {
    fn from(bar: Bar) -> Self {
        Self::Bar(bar)
    }
}

/// A row.
pub type Row = Vec<Cell>;

/// A table. Its first column names the row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What it lists, for whoever cannot see it.
    pub caption: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows; one with fewer cells than columns is filled up, further cells are not shown.
    pub rows: Vec<Row>,
    /// How many rows are left out at its end.
    pub left_out: usize,
}

impl Table {
    pub(crate) fn markup(&self) -> Markup {
        html! {
            table class="rows" role="table" {
                caption class="vh" { (Shown::new(&self.caption)) }
                thead role="rowgroup" { tr role="row" {
                    @for column in &self.columns {
                        th class=(column.class()) role="columnheader" scope="col" { (Shown::new(&column.label)) }
                    }
                } }
                tbody role="rowgroup" { @for row in &self.rows { tr role="row" { (self.cells(row)) } } }
            }
            (left_out(self.left_out, "row"))
        }
    }

    fn cells(&self, row: &[Cell]) -> Markup {
        let empty = Cell::none();
        let cells = self.columns.iter().enumerate().map(|(at, column)| (at, column, row.get(at).unwrap_or(&empty)));
        html! {
            @for (at, column, cell) in cells {
                @if at == 0 {
                    th class=(column.class()) role="rowheader" scope="row" { (cell.markup()) }
                } @else {
                    td class={ (column.class()) @if cell.is_none() { " none" } } role="cell"
                        data-label=(visible(&column.label)) { (cell.markup()) }
                }
            }
        }
    }
}

/// `… and 12 more rows are left out`; nothing where none is.
pub(crate) fn left_out(count: usize, noun: &str) -> Markup {
    let verb = if count == 1 { "is" } else { "are" };
    html! {
        @if count > 0 { p class="left-out" { "… and " (more(count, noun)) " " (verb) " left out" } }
    }
}

/// `1 more row`, `12 more rows`.
fn more(count: usize, noun: &str) -> String {
    crate::counted(count as u64, &format!("more {noun}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: Vec<Row>, left_out: usize) -> String {
        let columns = vec![Column::words("file"), Column::numbers("lines")];
        Table { caption: "files".into(), columns, rows, left_out }.markup().into_string()
    }

    #[test]
    fn rows_are_filled_up_and_cut() {
        let shown = table(vec![vec!["a".into()], vec!["b".into(), Cell::count(1234), "c".into()]], 0);
        assert_eq!(shown.matches("<td").count(), 2, "{shown}");
        assert!(shown.contains("class=\"n none\"") && shown.contains(">1,234</td>"), "{shown}");
        assert!(!shown.contains("left out"), "{shown}");
    }

    #[test]
    fn the_rest_is_counted() {
        assert!(table(vec![], 1).ends_with("<p class=\"left-out\">… and 1 more row is left out</p>"));
        assert!(table(vec![], 1200).ends_with("… and 1,200 more rows are left out</p>"));
    }
}
