"""A real OpenID Connect provider on loopback: ``oidc-provider-mock`` in a process of its own, with PKCE held to, and
with ways to make it lie. Run as a program it prints its port.

``PUT /lies`` sets how the next ID tokens lie: ``claims`` to overwrite (null: leave out), ``sign`` how they are signed.
``POST /logout-token`` signs a logout token, as Keycloak would send one to a client's back channel.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import time
import uuid
import warnings
from urllib.parse import parse_qs

warnings.simplefilter("ignore")  # the mock uses parts of Authlib that are on their way out

import flask  # noqa: E402
from joserfc import jwt  # noqa: E402
from joserfc.jwk import OctKey, RSAKey, import_key  # noqa: E402
from oidc_provider_mock import app as make_app  # noqa: E402
from oidc_provider_mock._storage import storage  # noqa: E402
from werkzeug.serving import make_server  # noqa: E402

EVENT = "http://schemas.openid.net/event/backchannel-logout"
lies: dict[str, object] = {}
challenges: dict[str, str] = {}
new_key = RSAKey.generate_key(2048, {"kid": "new"}, auto_kid=False)

app = make_app(require_nonce=True)


def text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@app.put("/lies")
def set_lies() -> tuple[str, int]:
    lies.clear()
    lies.update(flask.request.get_json())
    return "", 204


@app.post("/logout-token")
def logout_token() -> str:
    about = flask.request.get_json()
    now = int(time.time())
    claims = {
        "iss": flask.request.host_url.rstrip("/"), "aud": "lagesbild", "iat": now, "exp": now + 120,
        "jti": str(uuid.uuid4()), "events": {EVENT: {}}, **about,
    }  # fmt: skip
    return sign({name: value for name, value in claims.items() if value is not None})


@app.before_request
def hold_to_pkce() -> flask.Response | None:
    asked = flask.request
    if asked.path == "/oauth2/authorize" and asked.args.get("code_challenge_method") != "S256":
        return flask.Response("no PKCE", 400)
    if asked.path == "/oauth2/token":
        challenge = challenges.pop(asked.form["code"], None)
        digest = hashlib.sha256(asked.form.get("code_verifier", "").encode()).digest()
        if challenge is None or challenge != text(digest):
            return flask.Response(json.dumps({"error": "invalid_grant"}), 400, mimetype="application/json")
    return None


@app.after_request
def note_and_lie(answer: flask.Response) -> flask.Response:
    asked = flask.request
    if asked.path == "/oauth2/authorize" and "Location" in answer.headers:
        code = parse_qs(answer.headers["Location"].partition("?")[2]).get("code")
        if code:
            challenges[code[0]] = asked.args["code_challenge"]
    if asked.path == "/oauth2/token" and answer.status_code == 200 and lies:
        told = answer.get_json()
        payload = told["id_token"].split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
        claims |= lies.get("claims", {})
        claims = {name: value for name, value in claims.items() if value is not None}
        told["id_token"] = sign(claims, str(lies.get("sign", "RS256")))
        answer.set_data(json.dumps(told))
    if asked.path == "/jwks" and lies.get("sign") == "new":
        answer.set_data(json.dumps({"keys": [*answer.get_json()["keys"], new_key.as_dict(private=False)]}))
    return answer


def sign(claims: dict[str, object], how: str = "RS256") -> str:
    own = storage.jwk.as_dict(is_private=True)
    if how == "none":
        return f"{text(json.dumps({'alg': 'none'}).encode())}.{text(json.dumps(claims).encode())}."
    if how == "secret":  # as if the client's secret were a key
        return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key("geheim" * 8))
    if how == "public":  # as if the public key were a shared secret
        pem = import_key({**own}).as_pem(private=False)
        return hmac_with(pem, claims)
    if how == "stranger":
        return jwt.encode({"alg": "RS256", "kid": own["kid"]}, claims, RSAKey.generate_key(2048))
    if how == "new":
        return jwt.encode({"alg": "RS256", "kid": "new"}, claims, new_key)
    return jwt.encode({"alg": "RS256", "kid": own["kid"]}, claims, import_key(own))


def hmac_with(secret: bytes, claims: dict[str, object]) -> str:
    import hmac

    said = f"{text(json.dumps({'alg': 'HS256'}).encode())}.{text(json.dumps(claims).encode())}"
    return f"{said}.{text(hmac.digest(secret, said.encode(), 'sha256'))}"


if __name__ == "__main__":
    server = make_server("127.0.0.1", 0, app, threaded=True)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
