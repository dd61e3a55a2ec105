//! JSON Web Tokens (RFC 7519) with ES256 (RFC 7518, 3.4): signing and checking.
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, UnparsedPublicKey,
};
use serde_json::{Value, json};

/// A key that signs.
pub(super) struct Key {
    pair: EcdsaKeyPair,
    /// Its name in the header and in the set of keys.
    pub(super) id: String,
    random: SystemRandom,
}

impl Key {
    pub(super) fn new() -> Option<Self> {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).ok()?;
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).ok()?;
        let key = Self { pair, id: String::new(), random };
        Some(Self { id: key.secret(), ..key })
    }

    /// Sixteen random bytes in hex, for what has to be kept secret or apart.
    pub(super) fn secret(&self) -> String {
        let mut bytes = [0; 16];
        self.random.fill(&mut bytes).expect("a machine has randomness");
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The set of keys as an issuer publishes it.
    pub(super) fn published(&self) -> Value {
        // 0x04, then both coordinates.
        let point = self.pair.public_key().as_ref();
        let (x, y) = point[1..].split_at(32);
        json!({"keys": [{"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.id, "x": encode(x), "y": encode(y)}]})
    }

    pub(super) fn sign(&self, claims: &Value) -> String {
        let header = json!({"typ": "JWT", "alg": "ES256", "kid": self.id});
        let signed = format!("{}.{}", encode(header.to_string().as_bytes()), encode(claims.to_string().as_bytes()));
        let signature = self.pair.sign(&self.random, signed.as_bytes()).expect("a key signs");
        format!("{signed}.{}", encode(signature.as_ref()))
    }

    /// The claims of a token that this key signed, that is of this issuer and for this audience, and that holds now.
    pub(super) fn verify(&self, token: &str, (issuer, audience): (&str, &str), now: u64) -> Result<Value, String> {
        let (signed, signature) = token.rsplit_once('.').ok_or("it is no JSON Web Token")?;
        let (header, claims) = signed.split_once('.').ok_or("it is no JSON Web Token")?;
        let header = decoded(header)?;
        if header["alg"] != "ES256" || header["kid"] != self.id.as_str() {
            return Err(format!("no key of the issuer is {} by {}", header["kid"], header["alg"]));
        }
        let signature = decode(signature)?;
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, self.pair.public_key().as_ref())
            .verify(signed.as_bytes(), &signature)
            .map_err(|_| "the signature does not hold")?;
        let claims = decoded(claims)?;
        for (claim, wanted) in [("iss", issuer), ("aud", audience)] {
            if claims[claim] != wanted {
                return Err(format!("{claim} is {} and not {wanted}", claims[claim]));
            }
        }
        let time = |claim: &str| claims[claim].as_u64().ok_or_else(|| format!("{claim} is missing"));
        if now >= time("exp")? || now < time("nbf")? {
            return Err("it does not hold at this time".to_owned());
        }
        Ok(claims)
    }
}

fn encode(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn decode(text: &str) -> Result<Vec<u8>, String> {
    BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|e| format!("it is no base64: {e}"))
}

fn decoded(text: &str) -> Result<Value, String> {
    serde_json::from_slice(&decode(text)?).map_err(|e| format!("it is no JSON: {e}"))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in super::super) fn text(bytes: &[u8]) -> String {
        encode(bytes)
    }

    pub(in super::super) fn bytes(text: &str) -> Vec<u8> {
        decode(text).unwrap()
    }

    /// A token whose header says that nobody signed it.
    pub(in super::super) fn unsigned() -> String {
        format!("{}.{}.", encode(br#"{"alg":"none"}"#), encode(b"{}"))
    }

    #[test]
    fn whoever_knows_the_published_key_can_check() {
        let key = Key::new().unwrap();
        let published = key.published();
        let coordinate = |name: &str| bytes(published["keys"][0][name].as_str().unwrap());
        let point = [vec![4], coordinate("x"), coordinate("y")].concat();
        let token = key.sign(&json!({"sub": "a"}));
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let known = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
        assert!(known.verify(signed.as_bytes(), &bytes(signature)).is_ok());
        assert!(known.verify(b"something else", &bytes(signature)).is_err());
    }
}
