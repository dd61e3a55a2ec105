//! JSON patches, as the server reads them.

use json_patch::{AddOperation, Patch, PatchOperation, ReplaceOperation};
use serde_json::Value;

use crate::failure::Failure;

/// Applies a JSON patch: all of it, or the request fails.
pub(crate) fn json(object: &mut Value, patch: Value) -> Result<(), Failure> {
    let patch: Patch =
        serde_json::from_value(patch).map_err(|error| Failure::bad_request(format!("invalid JSON patch: {error}")))?;
    let mut after = object.clone();
    for operation in patch.0 {
        let operation = [as_the_server_reads_it(operation, &after)];
        json_patch::patch(&mut after, &operation).map_err(|error| Failure::patch(&error.to_string()))?;
    }
    *object = after;
    Ok(())
}

/// Against RFC 6902, the server's library lets `replace` make a member that is not there.
fn as_the_server_reads_it(operation: PatchOperation, object: &Value) -> PatchOperation {
    let PatchOperation::Replace(ReplaceOperation { path, value }) = operation else { return operation };
    let holder = path.parent().and_then(|holder| holder.resolve(object).ok());
    if holder.is_some_and(Value::is_object) && path.resolve(object).is_err() {
        return PatchOperation::Add(AddOperation { path, value });
    }
    PatchOperation::Replace(ReplaceOperation { path, value })
}
