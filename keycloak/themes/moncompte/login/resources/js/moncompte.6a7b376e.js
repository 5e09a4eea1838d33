/* Comfort only: every page works without this file. The words come from the page, which has them in its language. */
"use strict";

/* The eye of a password field: shows what is typed until pressed again or sent. */
for (const eye of document.querySelectorAll(".eye")) {
  const input = document.getElementById(eye.getAttribute("aria-controls"));
  const show = (shown) => {
    input.type = shown ? "text" : "password";
    eye.setAttribute("aria-pressed", String(shown));
  };
  eye.hidden = false;
  eye.addEventListener("click", () => show(input.type === "password"));
  input.form.addEventListener("submit", () => show(false));
}

/* A form is sent once, however often its button is pressed within a few seconds or until the page is come back to. */
for (const form of document.forms) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
    setTimeout(() => { sent = false; }, 5000);
  });
  addEventListener("pageshow", () => { sent = false; });
}

/* Criteria of a new password, ticked as it is typed. They count as the server's do: by UTF-16 unit, once in NFC. A rule
   that only the server can judge (history, common passwords…) is not here and stays unticked: the page says so. */
const count = (text, kind) => text.split("").filter((unit) => kind.test(unit)).length;
const same = (a, b) => a.toLowerCase() === b.toLowerCase();
const RULES = {
  length: (text, number) => text.length >= number,
  maxLength: (text, number) => text.length > 0 && text.length <= number,
  upperCase: (text, number) => count(text, /\p{Uppercase}/u) >= number,
  lowerCase: (text, number) => count(text, /\p{Lowercase}/u) >= number,
  digits: (text, number) => count(text, /\p{Nd}/u) >= number,
  specialChars: (text, number) => count(text, /[^\p{L}\p{Nd}]/u) >= number,
  notUsername: (text, number, account) => text.length > 0 && !same(text, account),
  notEmail: (text, number, account) => text.length > 0 && !same(text, account),
  notContainsUsername: (text, number, account) => text.length > 0 && !text.toLowerCase().includes(account.toLowerCase()),
};

const input = document.querySelector("input[data-criteria]");
if (input) {
  const list = document.getElementById(input.dataset.criteria);
  const progress = document.getElementById("criteria-progress");
  const items = [...list.children].filter((item) => item.dataset.rule in RULES);
  let announcement;
  input.addEventListener("input", () => {
    const text = input.value.normalize("NFC");
    for (const item of items) {
      const met = RULES[item.dataset.rule](text, Number(item.dataset.number), list.dataset.account);
      item.className = met ? "met" : "";
      item.lastElementChild.textContent = met ? `(${list.dataset.met})` : "";
    }
    /* Read out once the typing pauses, not at each key. */
    clearTimeout(announcement);
    announcement = setTimeout(() => {
      const met = items.filter((item) => item.className === "met").length;
      progress.textContent = `${progress.dataset.text} ${met}/${items.length}`;
    }, 700);
  });
}

/* The wait before a mail can be sent again, counted down below its button. */
const resend = document.querySelector("button[data-wait]");
if (resend) {
  const wait = document.getElementById("resend-wait");
  const words = wait.textContent;
  const end = Date.now() + Number(resend.dataset.wait) * 1000;
  const waiting = () => Date.now() < end;
  const tick = () => {
    resend.setAttribute("aria-disabled", String(waiting()));
    wait.textContent = waiting() ? words.replace(/\d+/, Math.ceil((end - Date.now()) / 1000)) : "";
    if (waiting()) setTimeout(tick, 1000);
  };
  resend.addEventListener("click", (event) => {
    if (waiting()) event.preventDefault();
  });
  tick();
}

/* What goes on by itself: after a sign-out in hidden frames, once they have loaded; a form that only carries an answer. */
const follow = document.querySelector("[data-follow]");
if (follow) addEventListener("load", () => follow.form ? follow.click() : location.replace(follow.href));

/* Passkeys. The browser makes or uses one; the server made the challenge and verifies the answer. */
{
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

  if (!window.PublicKeyCredential) {
    for (const name of ["place-kept", "without-script"]) document.querySelector(`.${name}`)?.classList.remove(name);
  }

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
}
