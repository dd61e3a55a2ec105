//! Whether an object literal is a record of something real: who, what, when and how much, written out by the author.
use crate::analysis::written::{is_address, is_ago, is_date, is_identifier, is_person, text};
use crate::analysis::{Origin, Shape};
use crate::lexicon::Names;
use crate::model::Module;
use crate::names;
use crate::syntax::*;

/// What the keys and values of a record say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Facts {
    /// It has an identity: an id, a number, an address.
    pub(crate) identity: bool,
    /// It happened at some time.
    pub(crate) time: bool,
    /// The time is written out.
    pub(crate) dated: bool,
    /// It is about somebody.
    pub(crate) person: bool,
    /// It holds an amount that changes.
    pub(crate) amount: bool,
    /// It holds a state.
    pub(crate) status: bool,
    /// Numbers that nobody chooses.
    pub(crate) odd: usize,
    /// Its identity is one of many: `PX-884120`.
    pub(crate) serial: bool,
    /// It stands somewhere on the earth.
    pub(crate) place: bool,
    /// Values that are written out.
    pub(crate) literals: usize,
    pub(crate) keys: usize,
}

static IDENTITY: Names = Names::new(&[
    "id",
    "ids",
    "uuid",
    "guid",
    "sku",
    "isbn",
    "iban",
    "mrn",
    "number",
    "no",
    "ref",
    "reference",
    "email",
    "username",
    "handle",
    "vin",
    "ticket",
    "barcode",
    "plate",
]);
static TIME: Names = Names::new(&[
    "at",
    "date",
    "time",
    "timestamp",
    "since",
    "joined",
    "created",
    "updated",
    "seen",
    "due",
    "expires",
    "issued",
    "placed",
    "started",
    "starts",
    "ended",
    "ends",
    "start",
    "end",
    "born",
    "birthday",
    "dob",
    "when",
    "day",
    "departure",
    "arrival",
    "deadline",
    "hired",
    "delivered",
    "shipped",
    "received",
    "sent",
]);
static SOMEBODY: Names = Names::new(&[
    "customer",
    "client",
    "guest",
    "assignee",
    "patient",
    "doctor",
    "physician",
    "pupil",
    "student",
    "teacher",
    "player",
    "employee",
    "tenant",
    "driver",
    "sender",
    "recipient",
    "requester",
    "reporter",
    "contact",
    "agent",
    "author",
    "reviewer",
    "user",
    "username",
    "owner",
    "member",
    "passenger",
    "buyer",
    "seller",
    "borrower",
    "candidate",
    "attendee",
    "speaker",
    "surname",
    "firstname",
    "lastname",
    "first",
    "family",
    "given",
    "payee",
    "beneficiary",
    "applicant",
    "courier",
]);
static AMOUNT: Names = Names::new(&[
    "amount",
    "total",
    "balance",
    "price",
    "cost",
    "stock",
    "quantity",
    "qty",
    "salary",
    "revenue",
    "score",
    "rating",
    "points",
    "paid",
    "fee",
    "seats",
    "available",
    "views",
    "likes",
    "sales",
    "spend",
    "usage",
    "stars",
    "mileage",
    "odometer",
]);
static STATUS: Names = Names::new(&[
    "status", "state", "stage", "priority", "severity", "read", "paid", "verified", "archived", "resolved",
]);
static ABOUT_PERSON: Names = Names::new(&[
    "email",
    "phone",
    "department",
    "team",
    "role",
    "joined",
    "age",
    "company",
    "plan",
    "avatar",
    "position",
    "city",
    "title",
    "lastseen",
    "salary",
    "dob",
    "gender",
]);

impl Facts {
    /// Whether it can only be a record: somebody or some time, with an identity.
    pub(crate) fn are_strong(self) -> bool {
        self.identity && (self.time || self.person) && self.are_written()
    }

    /// Whether it may be a record: an identity, and an amount together with a state or a person.
    pub(crate) fn are_weak(self) -> bool {
        self.are_strong() || self.identity && (self.amount && self.status || self.place) && self.are_written()
    }

    /// Whether it is one thing of many rather than a kind of thing: an identity with a serial number, or with an amount and a state.
    pub(crate) fn are_record(self) -> bool {
        let kept = self.serial && self.keys >= 3
            || self.amount && self.status
            || self.odd >= 2
            || self.odd == 1 && self.amount;
        self.are_written() && (self.identity && kept || (self.dated || self.place) && self.keys >= 3)
    }

    /// Whether at least half of it, and at least two values, are written out.
    pub(crate) fn are_written(self) -> bool {
        self.literals >= 2 && self.literals * 2 >= self.keys
    }
}

impl<'a> Module<'a> {
    /// What an object says.
    pub(crate) fn facts(&self, object: &'a ObjectExpression<'a>) -> Facts {
        let mut facts = Facts::default();
        let mut named = false;
        let mut about_person = 0;
        let mut coordinates = 0;
        for property in &object.properties {
            let ObjectPropertyKind::ObjectProperty(property) = property else { continue };
            let key = names::key(&property.key);
            facts.keys += 1;
            let words = names::words(key);
            let (Some(first), Some(last)) = (words.first(), words.last()) else { continue };
            let value = property.value.get_inner_expression();
            let written = Shape::of(value).is_some();
            facts.literals += usize::from(written);
            let has = |list: &Names| list.has(last.as_str()) || list.has(first.as_str());
            let identity = IDENTITY.has(last.as_str());
            facts.identity |= identity;
            facts.serial |= identity && is_serial(value);
            facts.odd += usize::from(
                matches!(value, Expression::NumericLiteral(it) if it.value > 20.0 && it.value % 10.0 != 0.0),
            );
            facts.time |= has(&TIME) && self.is_moment(value) || text(value).is_some_and(is_date);
            let text = text(value);
            facts.dated |= text.is_some_and(is_date);
            facts.person |= has(&SOMEBODY)
                && text.is_some_and(|text| text.len() > 2 && !text.contains('/') && !is_identifier(text))
                || text.is_some_and(is_address);
            named |= matches!(last.as_str(), "name" | "fullname" | "person") && text.is_some_and(is_person);
            about_person += usize::from(ABOUT_PERSON.has(key.to_ascii_lowercase().as_str()));
            coordinates += usize::from(matches!(key, "lat" | "latitude" | "lon" | "lng" | "longitude") && written);
            facts.amount |= has(&AMOUNT) && matches!(value, Expression::NumericLiteral(_));
            facts.amount |=
                words.iter().any(|word| AMOUNT.has(word.as_str())) && matches!(value, Expression::NumericLiteral(_));
            let flag = matches!(value, Expression::BooleanLiteral(_))
                && (matches!(first.as_str(), "is" | "in" | "has" | "was") || first.ends_with("ed"));
            facts.status |= has(&STATUS) && written || flag;
        }
        facts.person |= named && about_person > 0;
        facts.place = coordinates == 2;
        facts
    }

    /// Whether a value is a point in time: a date written out, or counted from the clock.
    fn is_moment(&self, value: &'a Expression<'a>) -> bool {
        match value {
            Expression::StringLiteral(it) => is_date(&it.value) || is_ago(&it.value),
            Expression::NumericLiteral(it) => it.value > 1e9,
            Expression::NewExpression(new) => new.callee.is_specific_id("Date"),
            Expression::CallExpression(_) | Expression::BinaryExpression(_) | Expression::Identifier(_) => {
                self.is_from_clock(value)
            }
            _ => false,
        }
    }

    fn is_from_clock(&self, value: &'a Expression<'a>) -> bool {
        let origin = self.origin(value);
        origin.has(Origin::TIME) && !origin.has(Origin::INPUT | Origin::FIELD | Origin::OUTER)
    }
}

/// `PX-884120`, `10482`: nobody names a kind of thing so.
fn is_serial(value: &Expression<'_>) -> bool {
    match value {
        Expression::StringLiteral(it) => {
            let digits = it.value.chars().filter(char::is_ascii_digit).count();
            digits >= 3 && it.value.len() < 40 && !it.value.contains(' ') && !it.value.contains('.')
        }
        Expression::NumericLiteral(it) => it.value >= 1000.0,
        _ => false,
    }
}
