# SPDX-License-Identifier: Apache-2.0
"""A service account's key file, and the check of what it signs: RS256 (RFC 7518 §3.3) by the standard library alone."""
import base64
import hashlib
import json
import re
import subprocess
import time

EMAIL = "reader@sluice-fake.iam.gserviceaccount.example.com"
DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")  # of SHA-256, RFC 8017 §9.2


def unpadded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Key:
    """Made by the openssl command, once for each process."""

    def __init__(self):
        self.private = subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
                                      check=True, capture_output=True, text=True).stdout
        modulus = subprocess.run(["openssl", "rsa", "-noout", "-modulus"], input=self.private, check=True,
                                 capture_output=True, text=True).stdout
        self.modulus = int(re.search(r"Modulus=([0-9A-F]+)", modulus).group(1), 16)
        self.key_id = hashlib.sha256(modulus.encode()).hexdigest()[:40]

    def file(self, token_uri, **changes):
        """The text of the key file."""
        return json.dumps({"type": "service_account", "project_id": "sluice-fake", "private_key_id": self.key_id,
                           "private_key": self.private, "client_email": EMAIL, "token_uri": token_uri, **changes})

    def signed(self, assertion):
        """The claims of a rightly signed assertion, or None."""
        parts = assertion.split(".")
        if len(parts) != 3:
            return None
        header, claims = (json.loads(unpadded(part)) for part in parts[:2])
        signature = int.from_bytes(unpadded(parts[2]), "big")
        digest = hashlib.sha256(f"{parts[0]}.{parts[1]}".encode()).digest()
        size = (self.modulus.bit_length() + 7) // 8
        wanted = b"\x00\x01" + b"\xff" * (size - len(DIGEST_INFO) - len(digest) - 3) + b"\x00" + DIGEST_INFO + digest
        right = pow(signature, 65537, self.modulus) == int.from_bytes(wanted, "big")
        return claims if right and header.get("alg") == "RS256" and header.get("kid") == self.key_id else None


def claims_fault(claims, audience, now=None):
    """Why Google would not take these claims, in its words; None when it would."""
    now = time.time() if now is None else now
    if claims.get("iss") != EMAIL:
        return "invalid_grant", "Invalid grant: account not found"
    if claims.get("aud") != audience:
        return "invalid_grant", "Invalid JWT: Failed audience check."
    if not claims.get("iat", 0) - 300 <= now < claims.get("exp", 0) or claims["exp"] - claims["iat"] > 3600:
        return "invalid_grant", ("Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable "
                                 "timeframe. Check your iat and exp values in the JWT claim.")
    if not claims.get("scope", "").startswith("https://www.googleapis.com/auth/"):
        return "invalid_scope", "Invalid OAuth scope or ID token audience provided."
    return None
