// Looks every two seconds whether the list has changed, and then shows the new one in its place.
"use strict";

async function follow() {
  const list = document.getElementById("mails");
  const answer = await fetch("/api/v1/messages?limit=1");
  const { total, messages } = await answer.json();
  const newest = messages.length ? messages[0].ID : "";
  if (newest === list.dataset.newest && String(total) === list.dataset.total) {
    return;
  }
  const page = await (await fetch("/")).text();
  list.replaceWith(new DOMParser().parseFromString(page, "text/html").getElementById("mails"));
}

setInterval(() => follow().catch(() => undefined), 2000);
