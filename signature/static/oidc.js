// Signing in from a page: authorization code with PKCE (RFC 7636), tokens bound to a key of this page (DPoP, RFC 9449).
// Tokens and key live in memory and go with the page; the key cannot be read, not even by a script in this page. What
// has to outlive the way to the realm and back (state, nonce, verifier) is in sessionStorage until then.

const PENDING = "signature.pending";

/** The session has ended at the realm, or nobody is signed in there. */
export class SignedOut extends Error {}

/** The realm does not answer. */
export class Unreachable extends Error {}

export class Realm {
  #issuer; #clientId; #redirectUri; #endpoints; #key; #tokens;
  #renewing = null;

  constructor(issuer, clientId, redirectUri) {
    this.#issuer = issuer;
    this.#clientId = clientId;
    this.#redirectUri = redirectUri;
  }

  /** Goes to the realm. With quietly, nothing is asked: it comes back at once, with a code or login_required. */
  async signIn({ quietly = false } = {}) {
    const pending = { state: random(), nonce: random(), verifier: random() };
    const endpoints = await this.#discover();
    sessionStorage.setItem(PENDING, JSON.stringify(pending));
    location.assign(withQuery(endpoints.authorization_endpoint, {
      client_id: this.#clientId,
      redirect_uri: this.#redirectUri,
      response_type: "code",
      scope: "openid profile email organization contracts",
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: base64url(await sha256(pending.verifier)),
      code_challenge_method: "S256",
      ...(quietly ? { prompt: "none" } : {}),
    }));
  }

  /** Takes the realm's answer from the address of this page; what the ID token says of the owner. */
  async answer(query) {
    const pending = JSON.parse(sessionStorage.getItem(PENDING) ?? "null");
    sessionStorage.removeItem(PENDING);
    // RFC 9207: the answer of another provider is not taken for ours.
    if (!pending || query.get("state") !== pending.state || query.get("iss") !== this.#issuer) {
      throw new SignedOut("an answer to another question");
    }
    if (!query.has("code")) throw new SignedOut(query.get("error") ?? "no code");
    await this.#askToken({
      grant_type: "authorization_code",
      code: query.get("code"),
      redirect_uri: this.#redirectUri,
      code_verifier: pending.verifier,
    });
    return this.#claims(pending.nonce);
  }

  /** Asks whether the session lives, which renews the tokens. One request at a time: a refresh token serves once. */
  stillIn() {
    this.#renewing ??= this.#askToken({ grant_type: "refresh_token", refresh_token: this.#tokens.refresh_token })
      .finally(() => { this.#renewing = null; });
    return this.#renewing;
  }

  /** What userinfo says: everything, however many contracts there are. */
  async userinfo() {
    const { userinfo_endpoint: url } = await this.#discover();
    const token = this.#tokens.access_token;
    const headers = { Authorization: `DPoP ${token}`, DPoP: await this.#proof("GET", url, token) };
    const answer = await reach(url, { headers });
    if (!answer.ok) throw new SignedOut(`userinfo: ${answer.status}`);
    return answer.json();
  }

  /** Ends the single sign-on session, in the other applications too, and comes back. */
  async signOut() {
    const { end_session_endpoint: url } = await this.#discover();
    location.assign(withQuery(url, {
      id_token_hint: this.#tokens.id_token,
      post_logout_redirect_uri: this.#redirectUri,
      state: "signed-out",
    }));
  }

  async #discover() {
    if (this.#endpoints) return this.#endpoints;
    const answer = await reach(`${this.#issuer}/.well-known/openid-configuration`);
    if (!answer.ok) throw new Unreachable(`discovery: ${answer.status}`);
    const found = await answer.json();
    if (found.issuer !== this.#issuer) throw new Unreachable("discovery names another issuer");
    this.#endpoints = found;
    return found;
  }

  async #askToken(fields) {
    const { token_endpoint: url } = await this.#discover();
    const answer = await reach(url, {
      method: "POST",
      headers: { DPoP: await this.#proof("POST", url) },
      body: new URLSearchParams({ client_id: this.#clientId, ...fields }),
    });
    if (answer.status >= 500) throw new Unreachable(`token: ${answer.status}`);
    const said = await answer.json();
    if (!answer.ok) throw new SignedOut(said.error);
    this.#tokens = { ...this.#tokens, ...said };
  }

  /** Of an ID token that came straight from the realm (OpenID Connect Core 3.1.3.7: TLS stands for its signature). */
  #claims(nonce) {
    const claims = JSON.parse(new TextDecoder().decode(fromBase64url(this.#tokens.id_token.split(".")[1])));
    const ours = claims.iss === this.#issuer && [claims.aud].flat().includes(this.#clientId);
    if (!ours || claims.nonce !== nonce || claims.exp * 1000 < Date.now()) throw new SignedOut("ID token");
    return claims;
  }

  async #proof(method, url, accessToken) {
    this.#key ??= await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
    const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", this.#key.publicKey);
    const header = { typ: "dpop+jwt", alg: "ES256", jwk: { kty, crv, x, y } };
    const claims = { jti: random(), htm: method, htu: url, iat: Math.floor(Date.now() / 1000) };
    if (accessToken) claims.ath = base64url(await sha256(accessToken));
    const signed = [header, claims].map((part) => base64url(bytes(JSON.stringify(part)))).join(".");
    const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, this.#key.privateKey, bytes(signed));
    return `${signed}.${base64url(signature)}`;
  }
}

async function reach(url, options) {
  try {
    return await fetch(url, { ...options, credentials: "omit" });
  } catch (error) {
    throw new Unreachable(String(error));
  }
}

const bytes = (text) => new TextEncoder().encode(text);
const sha256 = (text) => crypto.subtle.digest("SHA-256", bytes(text));
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));
const withQuery = (url, parameters) => `${url}?${new URLSearchParams(parameters)}`;

function base64url(buffer) {
  const text = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64url(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
}
