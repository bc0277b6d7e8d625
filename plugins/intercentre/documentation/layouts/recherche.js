// A search field for the pages of the contract. Without this file the pages are complete; it only hides what does not
// match. An entry bears data-entree; a part that has no matching entry left (data-groupe) is hidden with its title.
(function () {
  "use strict";
  const entries = [...document.querySelectorAll("[data-entree]")];
  const groups = [...document.querySelectorAll("[data-groupe]")];
  const aside = [...document.querySelectorAll("[data-hors-recherche]")];
  const place = document.getElementById("recherche");
  if (!place || !entries.length) return;

  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const texts = entries.map((entry) => plain(entry.dataset.entree + " " + entry.textContent));

  const form = document.createElement("form");
  form.setAttribute("role", "search");
  form.className = "champ";
  const label = document.createElement("label");
  label.htmlFor = "mots";
  label.textContent = place.dataset.libelle;
  const field = document.createElement("input");
  field.type = "search";
  field.id = "mots";
  field.autocomplete = "off";
  const count = document.createElement("p");
  count.className = "sourdine serre";
  count.setAttribute("role", "status");
  form.append(label, field, count);
  place.append(form);

  function search() {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    let found = 0;
    entries.forEach((entry, number) => {
      const matches = words.every((word) => texts[number].includes(word));
      entry.hidden = !matches;
      if (matches) found += 1;
    });
    groups.forEach((group) => { group.hidden = !group.querySelector("[data-entree]:not([hidden])"); });
    aside.forEach((part) => { part.hidden = words.length > 0; });
    count.textContent = words.length
      ? (found ? found.toLocaleString("fr-BE") + " sur " + entries.length.toLocaleString("fr-BE") : "Rien ne correspond.")
      : "";
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", search);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { field.value = ""; search(); }
  });
  window.addEventListener("hashchange", () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.closest("[hidden]")) { field.value = ""; search(); target.scrollIntoView(); }
  });
})();
