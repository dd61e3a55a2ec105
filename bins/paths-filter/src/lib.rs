//! Which parts of the monorepo does this change touch?
