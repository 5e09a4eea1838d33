"use strict";

/* Passkeys. The browser makes or uses one; the server made the challenge and verifies the answer. */
const toBytes = (text) => {
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
};
const toText = (buffer) => {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
};
const keys = (ids) => ids.split(",").filter(Boolean).map((id) => ({ type: "public-key", id: toBytes(id) }));
/* Cancelled, timed out or not possible: the page says so and nothing is sent. */
const fail = () => { document.getElementById("passkey-failed").hidden = false; };
const answer = (form, values) => {
  for (const [name, value] of Object.entries(values)) form.elements[name].value = value;
  form.requestSubmit();
};

const adding = document.getElementById("passkey-add-form");
if (adding && window.PublicKeyCredential) {
  const given = adding.dataset;
  adding.hidden = false;
  document.getElementById("passkey-unsupported").hidden = true;
  const add = async () => {
    const made = await navigator.credentials.create({
      publicKey: {
        challenge: toBytes(given.challenge),
        rp: { id: given.rpId, name: given.rpName },
        user: { id: toBytes(given.userId), name: given.userName, displayName: given.userName },
        pubKeyCredParams: given.algorithms.split(",").map((alg) => ({ type: "public-key", alg: Number(alg) })),
        excludeCredentials: keys(given.exclude),
        authenticatorSelection: {
          residentKey: "required", requireResidentKey: true, userVerification: given.userVerification,
        },
        attestation: "none",
      },
    });
    answer(adding, {
      clientDataJSON: toText(made.response.clientDataJSON),
      attestationObject: toText(made.response.attestationObject),
      publicKeyCredentialId: toText(made.rawId),
      transports: made.response.getTransports?.().join(",") ?? "",
      authenticatorAttachment: made.authenticatorAttachment ?? "",
    });
  };
  document.getElementById("passkey-add").addEventListener("click", () => add().catch(fail));
  /* Enter in the field of the name is the button. */
  adding.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.type !== "text") return;
    event.preventDefault();
    add().catch(fail);
  });
}

const using = document.getElementById("passkey-form");
if (using && window.PublicKeyCredential) {
  const given = using.dataset;
  let waiting;
  using.hidden = false;
  const use = async (mediation) => {
    waiting?.abort();
    waiting = new AbortController();
    const used = await navigator.credentials.get({
      mediation,
      signal: waiting.signal,
      publicKey: {
        challenge: toBytes(given.challenge),
        rpId: given.rpId,
        userVerification: given.userVerification,
        allowCredentials: mediation === "conditional" ? [] : keys(given.allow),
      },
    });
    answer(using, {
      clientDataJSON: toText(used.response.clientDataJSON),
      authenticatorData: toText(used.response.authenticatorData),
      signature: toText(used.response.signature),
      credentialId: used.id,
      userHandle: used.response.userHandle ? toText(used.response.userHandle) : "",
    });
  };
  document.getElementById("passkey-use").addEventListener("click", () => use("optional").catch(fail));
  /* A passkey is offered among the addresses that the browser proposes; it asks for nothing until one is chosen. */
  const propose = async () => {
    if (await PublicKeyCredential.isConditionalMediationAvailable?.()) await use("conditional");
  };
  if (!given.allow) propose().catch(() => {});
}
