// The page: shows one of its sections, and asks the realm whether the session lives before anything is signed.

import { Realm, SignedOut, Unreachable } from "./oidc.js";

const { issuer, clientId } = document.documentElement.dataset;
const realm = new Realm(issuer, clientId, `${location.origin}/`);
const part = (id) => document.getElementById(id);
let isIn = false;

function show(section) {
  for (const id of ["loading", "out", "in"]) part(id).hidden = id !== section;
  isIn = section === "in";
  part("leave").hidden = !isIn;
}

function showOut(why) {
  part("why").textContent = why;
  part("documents").replaceChildren();
  show("out");
}

/** What is wrong, in words for the owner. */
function told(error) {
  if (error instanceof SignedOut) return "Votre session est terminée. Connectez-vous à nouveau.";
  if (error instanceof Unreachable) return "Le service de connexion ne répond pas. Réessayez dans quelques minutes.";
  console.error(error);
  return "Une erreur est survenue de notre côté. Réessayez dans quelques minutes.";
}

function documentOf(contract, agencies, owner) {
  const entry = document.createElement("li");
  const title = document.createElement("p");
  const [client, societe] = contract.agency.split("/");
  const agency = agencies[`${client}-${societe}`.toLowerCase()]?.name ?? contract.agency;
  title.textContent = `Procès-verbal d’assemblée – ${contract.reference || contract.role} (${agency})`;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Signer";
  button.setAttribute("aria-label", `Signer ${contract.reference || contract.role}`);
  button.addEventListener("click", () => attempt(async () => {
    await realm.stillIn();
    const signed = document.createElement("p");
    signed.textContent = `Signé par ${owner}.`;
    button.replaceWith(signed);
  }));
  entry.append(title, button);
  return entry;
}

async function attempt(work) {
  try {
    await work();
  } catch (error) {
    showOut(told(error));
  }
}

async function start() {
  const query = new URLSearchParams(location.search);
  history.replaceState(null, "", location.pathname);
  if (query.get("state") === "signed-out") {
    showOut("Vous êtes déconnecté.");
    return;
  }
  show("loading");
  if (!query.has("state")) {
    await realm.signIn({ quietly: true });
    return;
  }
  if (query.has("error")) {
    // To a quiet question: nobody is signed in, or something is to be asked. To any other: not finished.
    const quiet = ["login_required", "interaction_required"].includes(query.get("error"));
    showOut(quiet ? "" : "La connexion n’est pas allée jusqu’à son terme.");
    return;
  }
  const claims = await realm.answer(query);
  const owner = await realm.userinfo();
  const documents = owner.contracts.map((contract) => documentOf(contract, owner.organization, claims.name));
  part("hello").textContent = `Bonjour ${claims.name}`;
  part("documents").replaceChildren(...documents);
  part("none").hidden = documents.length > 0;
  show("in");
}

part("enter").addEventListener("click", () => attempt(() => realm.signIn()));
part("leave").addEventListener("click", () => attempt(() => realm.signOut()));
// Who comes back to this tab may have signed out in another.
document.addEventListener("visibilitychange", () => {
  if (isIn && !document.hidden) attempt(() => realm.stillIn());
});
attempt(start);
