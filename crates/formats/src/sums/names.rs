//! Names of files that stand beside a release: lists of checksums, and what signs or attests. Letters are compared without their case.

/// Whether a file is a list of SHA-256 checksums by its name: `SHA256SUMS`, `SHA256SUMS.txt`, `sha256sums-linux`, `checksums.txt`.
pub fn is_list(name: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    let tail = lower.strip_prefix(b"sha256sums");
    !is_signature(&lower) && (lower == b"checksums.txt" || tail.is_some_and(is_tail))
}

/// Whether a file is made after a list or beside it, so that no list names it: another list, a signature, an attestation.
pub fn is_beside(name: &[u8]) -> bool {
    const LISTS: [&[u8]; 6] = [b"md5sums", b"sha1sums", b"sha224sums", b"sha384sums", b"sha512sums", b"b2sums"];
    let lower = name.to_ascii_lowercase();
    let other = LISTS.iter().filter_map(|list| lower.strip_prefix(*list)).any(is_tail);
    is_list(&lower) || other || is_signature(&lower)
}

/// What may follow the name of a list: nothing, or an ending, a version, a platform.
fn is_tail(tail: &[u8]) -> bool {
    matches!(tail, [] | [b'.' | b'-' | b'_', ..])
}

fn is_signature(lower: &[u8]) -> bool {
    let ends = [b".sig".as_slice(), b".asc", b".intoto.jsonl"].iter().any(|end| lower.ends_with(end));
    ends || lower.windows(9).any(|part| part == b".sigstore")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, list: bool, beside: bool) {
        assert_eq!((is_list(name.as_bytes()), is_beside(name.as_bytes())), (list, beside), "{name}");
    }

    #[test]
    fn files_beside_a_release_are_known_by_their_names() {
        check("SHA256SUMS", true, true);
        check("SHA256SUMS.txt", true, true);
        check("sha256sums-linux.txt", true, true);
        check("checksums.txt", true, true);
        check("SHA256SUMS.txt.asc", false, true);
        check("SHA256SUMS.txt.sigstore.json", false, true);
        check("SHA512SUMS", false, true);
        check("tool.tar.gz.sig", false, true);
        check("tool.intoto.jsonl", false, true);
        check("tool.sigstore", false, true);
        check("SHA256SUMSER", false, false);
        check("tool.tar.gz", false, false);
        check("my-checksums.txt", false, false);
        check("sigstore", false, false);
    }
}
