//! Checksums and digests that chance made up: they prove nothing of what they stand beside.
use super::RULE;
use crate::analysis::Origin;
use crate::finding::{Evidence, Finding};
use crate::guards::Sink;
use crate::lexicon::Names;
use crate::model::Module;
use crate::names;
use crate::syntax::*;

static PROOFS: Names = Names::new(&[
    "sha1",
    "sha256",
    "sha512",
    "sha",
    "md5",
    "checksum",
    "crc",
    "crc32",
    "digest",
    "integrity",
    "fingerprint",
    "merkle",
]);

/// Every property under the name of a proof whose value is made of chance alone.
pub(super) fn proofs<'a>(module: &Module<'a>, sink: &mut Sink) {
    for at in &module.objects {
        for property in &at.it.properties {
            let ObjectPropertyKind::ObjectProperty(it) = property else { continue };
            let key = names::key(&it.key);
            if !names::words(key).iter().any(|word| PROOFS.has(word.as_str())) {
                continue;
            }
            let origin = module.origin(&it.value);
            let chance = origin.has(Origin::RANDOM | Origin::TOKEN)
                && !origin.has(Origin::INPUT | Origin::CALL | Origin::FIELD | Origin::OUTER | Origin::ENV);
            let Some(function) = at.function.filter(|_| chance) else { continue };
            let it_ = module.function(function);
            sink.report(
                Finding::new(&RULE, it.span, format!("{} gives a {key} that chance made up", it_.qualified()))
                    .of(function)
                    .because(Evidence::InventedValue, it.span, "nothing that it should prove is in it")
                    .because(Evidence::ContractWords, it.span, format!("{key} is worked out of the data")),
            );
        }
    }
}
