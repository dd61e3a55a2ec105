//! Cryptography: whether anything that a function reaches works on the data.
use crate::analysis::{CallKind, Origin};
use crate::lexicon::Names;
use crate::model::{FunctionId, Module};
use crate::names;
use crate::syntax::*;

/// What a function promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Job {
    Seal,
    Sign,
    Verify,
    Hash,
}

impl Job {
    /// Parts of names of calls that do it.
    fn doers(self) -> &'static [&'static str] {
        match self {
            Self::Seal => &["cipher", "crypt", "seal", "box", "wrap", "aead", "gcm"],
            Self::Sign => &["hmac", "sign", "mac", "encrypt"],
            Self::Verify => &["hmac", "verif", "sign", "mac", "decrypt", "unseal", "introspect", "jwt", "otp"],
            Self::Hash => &[
                "hash", "scrypt", "pbkdf", "bcrypt", "argon", "digest", "hmac", "derive", "kdf", "sha", "md5", "verif",
                "compare", "crypt",
            ],
        }
    }

    pub(crate) fn promise(self) -> &'static str {
        match self {
            Self::Seal => "encrypts or decrypts",
            Self::Sign => "signs",
            Self::Verify => "verifies a signature",
            Self::Hash => "hashes a secret",
        }
    }
}

/// First words of calls that move data about and do nothing to it.
static CARRIERS: Names = Names::new(&[
    "get",
    "set",
    "has",
    "find",
    "read",
    "write",
    "load",
    "save",
    "random",
    "import",
    "export",
    "generate",
    "now",
    "log",
    "encode",
    "decode",
    "stringify",
    "parse",
    "to",
    "from",
    "btoa",
    "atob",
    "base64",
    "base64url",
    "hex",
    "utf8",
    "concat",
    "update",
    "digest",
    "final",
    "copy",
    "on",
    "pipe",
    "lookup",
    "split",
    "join",
    "timing",
    "create",
    "escape",
    "exists",
    "stat",
    "resolve",
    "basename",
]);

/// What a function reaches through the functions of its module.
pub(crate) struct Reach<'m, 'a> {
    pub(crate) module: &'m Module<'a>,
    pub(crate) job: Job,
    pub(crate) seen: Vec<FunctionId>,
    /// Operators on bits: an implementation of an algorithm has many.
    pub(crate) bits: usize,
}

impl<'a> Reach<'_, 'a> {
    pub(crate) fn does(&mut self, id: FunctionId) -> bool {
        if self.seen.contains(&id) || self.seen.len() > 20 {
            return false;
        }
        self.seen.push(id);
        let module = self.module;
        let function = module.function(id);
        for index in function.node.index()..function.end.index() {
            if let AstKind::BinaryExpression(it) = module.kind(NodeId::from_usize(index)) {
                self.bits += usize::from(it.operator.is_bitwise());
            }
        }
        let made = module.inside(&module.news, id).iter().any(|new| self.is_foreign(new.it));
        if made || names::text_words(module.text_of(function.span)).any(|word| word == "secretbox" || word == "nacl") {
            return true;
        }
        module.inside(&module.calls, id).iter().any(|call| match module.call_kind(call.it) {
            CallKind::Local(callee) => callee != id && self.does(callee),
            CallKind::Log | CallKind::Timer => false,
            _ => self.call_does(call.it),
        })
    }

    /// `new SignJWT(payload)`: whoever is made of the data may do it.
    fn is_foreign(&self, new: &'a NewExpression<'a>) -> bool {
        let name = names::last(&new.callee);
        let known = crate::lexicon::PURE_GLOBALS.has(name) || name.ends_with("Error") || name.ends_with("Exception");
        !known && self.module.origin_of_arguments(&new.arguments).is_real()
    }

    fn call_does(&self, call: &'a CallExpression<'a>) -> bool {
        let name = names::last(&call.callee);
        let lower = name.to_lowercase();
        let words = names::words(name);
        if matches!(lower.as_str(), "timingsafeequal" | "importkey" | "exportkey" | "generatekey") {
            return false;
        }
        // `Object.assign`, `signal`; what decodes or parses a token checks nothing.
        let lower = lower.replace("assign", "").replace("signal", "");
        let reads = words
            .first()
            .is_some_and(|word| matches!(word.as_str(), "decode" | "parse" | "peek" | "extract" | "split" | "strip"));
        if !reads && self.job.doers().iter().any(|doer| lower.contains(doer)) {
            return true;
        }
        let keyed = |value: &str| {
            names::text_words(value)
                .any(|word| matches!(word.as_str(), "key" | "secret" | "salt" | "pepper" | "password"))
        };
        if matches!(self.job, Job::Sign | Job::Verify)
            && matches!(lower.as_str(), "update" | "digest" | "sha256" | "md5" | "hash")
            && call.arguments.iter().any(|it| keyed(self.module.text_of(it.span())))
        {
            return true;
        }
        // Such a module may call it `encode`; what only decodes verifies nothing.
        let aside = |word: &String| {
            matches!(word.as_str(), "random" | "generate" | "import" | "export" | "get" | "to" | "from")
                || word == "decode" && self.job == Job::Verify
        };
        if self.module.imports_crypto(&call.callee) && !words.first().is_some_and(aside) {
            return true;
        }
        let foreign = self.module.call_kind(call) == CallKind::Effect
            && !words.first().is_some_and(|word| CARRIERS.has(word.as_str()));
        let crypto = self.job != Job::Seal || !lower.contains("hash");
        foreign
            && crypto
            && self.module.origin_of_arguments(&call.arguments).has(Origin::INPUT | Origin::CALL | Origin::FIELD)
    }
}

impl<'a> Module<'a> {
    /// Whether a call reaches a module that is named as cryptography; the platform's own counts by the name of the call.
    fn imports_crypto(&self, callee: &'a Expression<'a>) -> bool {
        let Expression::Identifier(name) = names::root(callee) else { return false };
        let Some(import) = self.symbol(name).and_then(|symbol| self.imports.get(&symbol)) else { return false };
        let module = import.module.to_lowercase();
        !matches!(module.as_str(), "crypto" | "node:crypto")
            && [
                "crypt",
                "jose",
                "jwt",
                "jsonwebtoken",
                "argon",
                "sodium",
                "nacl",
                "noble",
                "forge",
                "pgp",
                "kms",
                "vault",
                "elliptic",
                "secp",
                "ethers",
                "viem",
            ]
            .iter()
            .any(|part| module.contains(part))
    }
}
