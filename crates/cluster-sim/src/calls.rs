//! The log of all calls, and the faults that strike at chosen ones.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

/// A call that a driver made.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Its number, counted from 1 over all drivers.
    pub number: u64,
    /// Which client made it, as [`crate::Cluster::client`] counted them.
    pub client: u64,
    /// `GET`, `WATCH`, `POST`, `PUT`, `PATCH` or `DELETE`.
    pub method: &'static str,
    /// The path, without the query.
    pub path: String,
    /// The query as it was sent.
    pub query: String,
    /// The body as JSON; null when there is none.
    pub body: Value,
    /// The HTTP status, 0 as long as there is no answer.
    pub status: u16,
    /// Server time of its arrival, in milliseconds since 1970.
    pub at: i64,
}

/// Whether a fault strikes before the call has its effect or after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// The call has no effect.
    Before,
    /// The call has its effect, and the client does not learn of it.
    After,
}

/// What strikes.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// The client dies: this call and all later ones of it get no answer, and [`crate::Cluster::killed`] fires.
    Kill,
    /// The answer is this HTTP status (403, 409, 422, 429, 500 or 503) with a Status body as the server writes it.
    Status(u16),
    /// There is never an answer; the client lives on.
    Timeout,
    /// All open watches end, the one that this call may be included; the call itself goes on.
    CloseWatch,
    /// The call takes effect this much later, and is answered then.
    DelayWrite(Duration),
    /// The client dies, and its call takes effect this much later all the same.
    LateWrite(Duration),
    /// Somebody else sends this just before (or after) the call; the call itself goes on.
    Meanwhile {
        /// `POST`, `PUT`, `DELETE`, or `PATCH` for a merge patch.
        method: &'static str,
        /// The path.
        path: String,
        /// The body; null for none.
        body: Value,
    },
}

/// All calls and all faults to come.
#[derive(Clone, Debug, Default)]
pub(crate) struct Calls {
    pub(crate) log: Vec<Call>,
    pub(crate) faults: BTreeMap<(u64, When), Vec<Fault>>,
    pub(crate) dead: Vec<u64>,
}

impl Calls {
    /// Notes a call and gives its number.
    pub(crate) fn note(&mut self, mut call: Call) -> u64 {
        call.number = self.log.len() as u64 + 1;
        self.log.push(call);
        self.log.len() as u64
    }

    /// Notes how a call was answered.
    pub(crate) fn answered(&mut self, number: u64, status: u16) {
        let index = usize::try_from(number).unwrap_or(0).wrapping_sub(1);
        if let Some(call) = self.log.get_mut(index) {
            call.status = status;
        }
    }

    /// The faults for a call at a moment; each strikes once.
    pub(crate) fn strike(&mut self, number: u64, when: When) -> Vec<Fault> {
        self.faults.remove(&(number, when)).unwrap_or_default()
    }
}
